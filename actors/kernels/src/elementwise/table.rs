//! Which kernel computes which function of which dtype: another dtype is a line in each table.

use super::kernel::Kernel;
use super::{float, integer};
use nums_lshs::{BinaryOp, DType, UnaryOp};

pub(super) fn unary(op: UnaryOp, dtype: DType) -> Option<Kernel> {
    match dtype {
        DType::Float64 => float::unary_f64(op),
        DType::Float32 => float::unary_f32(op),
        DType::Int64 => integer::unary_i64(op),
        DType::Int32 => integer::unary_i32(op),
        DType::Int16 => integer::unary_i16(op),
        DType::Int8 => integer::unary_i8(op),
        DType::UInt64 => integer::unary_u64(op),
        DType::UInt32 => integer::unary_u32(op),
        DType::UInt16 => integer::unary_u16(op),
        DType::UInt8 => integer::unary_u8(op),
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
        DType::Int16 => integer::binary_i16(op),
        DType::Int8 => integer::binary_i8(op),
        DType::UInt64 => integer::binary_u64(op),
        DType::UInt32 => integer::binary_u32(op),
        DType::UInt16 => integer::binary_u16(op),
        DType::UInt8 => integer::binary_u8(op),
        DType::Bool => integer::binary_bool(op),
        _ => None,
    }
}

pub(super) fn selection(dtype: DType) -> Option<Kernel> {
    // What is only moved need not be known but by its size.
    Some(match dtype.item_bytes() {
        1 => Kernel::selection::<u8>(),
        2 => Kernel::selection::<u16>(),
        4 => Kernel::selection::<u32>(),
        8 => Kernel::selection::<u64>(),
        _ => return None,
    })
}

/// Whether a piece of exponents has one that the power of integers is not defined for.
pub(super) type Refused = fn(&[u8]) -> bool;

/// What a function refuses in its right operand.
pub(super) fn refused(op: BinaryOp, dtype: DType) -> Option<Refused> {
    match (op, dtype) {
        (BinaryOp::Power, DType::Int64) => Some(integer::has_negative_i64),
        (BinaryOp::Power, DType::Int32) => Some(integer::has_negative_i32),
        (BinaryOp::Power, DType::Int16) => Some(integer::has_negative_i16),
        (BinaryOp::Power, DType::Int8) => Some(integer::has_negative_i8),
        _ => None,
    }
}
