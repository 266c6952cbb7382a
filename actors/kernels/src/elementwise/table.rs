//! Which kernel computes which function of which dtype: another dtype is a line in each table.

use super::kernel::Kernel;
use super::lane::Bool;
use super::{float, integer};
use nums_lshs::{BinaryOp, DType, UnaryOp};

pub(super) fn unary(op: UnaryOp, dtype: DType) -> Option<Kernel> {
    match dtype {
        DType::Float64 => float::unary_f64(op),
        DType::Float32 => float::unary_f32(op),
        DType::Int64 => integer::unary_i64(op),
        DType::Int32 => integer::unary_i32(op),
        DType::Bool => integer::unary_bool(op),
        _ => None,
    }
}

pub(super) fn binary(op: BinaryOp, dtype: DType) -> Option<Kernel> {
    match dtype {
        DType::Float64 => float::binary_f64(op),
        DType::Float32 => float::binary_f32(op),
        DType::Int64 => integer::binary_i64(op),
        DType::Int32 => integer::binary_i32(op),
        DType::Bool => integer::binary_bool(op),
        _ => None,
    }
}

pub(super) fn selection(dtype: DType) -> Option<Kernel> {
    match dtype {
        DType::Float64 => Some(Kernel::selection::<f64>()),
        DType::Float32 => Some(Kernel::selection::<f32>()),
        DType::Int64 => Some(Kernel::selection::<i64>()),
        DType::Int32 => Some(Kernel::selection::<i32>()),
        DType::Bool => Some(Kernel::selection::<Bool>()),
        _ => None,
    }
}

/// Whether a piece of exponents has one that the power of integers is not defined for.
pub(super) type Refused = fn(&[u8]) -> bool;

/// What a function refuses in its right operand.
pub(super) fn refused(op: BinaryOp, dtype: DType) -> Option<Refused> {
    match (op, dtype) {
        (BinaryOp::Power, DType::Int64) => Some(integer::has_negative_i64),
        (BinaryOp::Power, DType::Int32) => Some(integer::has_negative_i32),
        _ => None,
    }
}
