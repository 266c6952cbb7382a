//! Which kernel computes which function of which dtype: another dtype is a line in each table.

use super::kernel::{BinaryKernel, SelectKernel, UnaryKernel, select};
use super::lane::Bool;
use super::{float, integer};
use nums_lshs::{BinaryOp, DType, UnaryOp};

pub(super) fn unary(op: UnaryOp, dtype: DType) -> Option<UnaryKernel> {
    match dtype {
        DType::Float64 => float::unary_f64(op),
        DType::Float32 => float::unary_f32(op),
        DType::Int64 => integer::unary_i64(op),
        DType::Int32 => integer::unary_i32(op),
        DType::Bool => integer::unary_bool(op),
        _ => None,
    }
}

pub(super) fn binary(op: BinaryOp, dtype: DType) -> Option<BinaryKernel> {
    match dtype {
        DType::Float64 => float::binary_f64(op),
        DType::Float32 => float::binary_f32(op),
        DType::Int64 => integer::binary_i64(op),
        DType::Int32 => integer::binary_i32(op),
        DType::Bool => integer::binary_bool(op),
        _ => None,
    }
}

pub(super) fn selection(dtype: DType) -> Option<SelectKernel> {
    match dtype {
        DType::Float64 => Some(select::<f64>),
        DType::Float32 => Some(select::<f32>),
        DType::Int64 => Some(select::<i64>),
        DType::Int32 => Some(select::<i32>),
        DType::Bool => Some(select::<Bool>),
        _ => None,
    }
}

/// Whether a tile of exponents has one that the power of integers is not defined for.
pub(super) type Refused = fn(&[u8]) -> bool;

/// What a function refuses in its right operand.
pub(super) fn refused(op: BinaryOp, dtype: DType) -> Option<Refused> {
    match (op, dtype) {
        (BinaryOp::Power, DType::Int64) => Some(integer::has_negative_i64),
        (BinaryOp::Power, DType::Int32) => Some(integer::has_negative_i32),
        _ => None,
    }
}
