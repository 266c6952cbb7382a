//! Which kernel computes which function of which dtype.

use super::kernel::Kernel;
use super::lane::{Lane, view};
use crate::Element;
use crate::block::with_element;
use nums_lshs::{BinaryOp, DType, UnaryOp};

/// Whether a piece of exponents has one that the power of integers is not defined for.
pub(super) type Refused = fn(&[u8]) -> bool;

/// An element with kernels of the functions that are defined on it.
pub(super) trait Functions: Element {
    /// Of signed integers: whether there is a negative exponent, which no power of integers has.
    const NEGATIVE: Option<Refused> = None;

    fn unary(op: UnaryOp) -> Option<Kernel>;
    fn binary(op: BinaryOp) -> Option<Kernel>;
}

/// Whether a piece has a negative number.
pub(super) fn has_negative<T: Lane + Default + PartialOrd>(piece: &[u8]) -> bool {
    view::<T>(piece).iter().any(|&x| x < T::default())
}

pub(super) fn unary(op: UnaryOp, dtype: DType) -> Option<Kernel> {
    with_element!(dtype, T => T::unary(op))
}

pub(super) fn binary(op: BinaryOp, dtype: DType) -> Option<Kernel> {
    with_element!(dtype, T => T::binary(op))
}

pub(super) fn selection(dtype: DType) -> Kernel {
    // What is only moved need not be known but by its size.
    match dtype.item_bytes() {
        1 => Kernel::selection::<u8>(),
        2 => Kernel::selection::<u16>(),
        4 => Kernel::selection::<u32>(),
        8 => Kernel::selection::<u64>(),
        _ => Kernel::selection::<u128>(),
    }
}

/// What a function refuses in its right operand.
pub(super) fn refused(op: BinaryOp, dtype: DType) -> Option<Refused> {
    match op {
        BinaryOp::Power => with_element!(dtype, T => T::NEGATIVE),
        _ => None,
    }
}
