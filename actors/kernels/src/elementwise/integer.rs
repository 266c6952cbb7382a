//! The functions of integers, which wrap around, and of bools.

use super::kernel::{Kernel, binary, unary};
use super::lane::{Bool, view};
use nums_lshs::{BinaryOp, UnaryOp};

/// The kernels of a type of integers.
macro_rules! integer_kernels {
    ($unary:ident, $binary:ident, $negative:ident, $integer:ident) => {
        pub(super) fn $unary(op: UnaryOp) -> Option<Kernel> {
            Some(match op {
                UnaryOp::Negative => unary!($integer => $integer, x, x.wrapping_neg()),
                UnaryOp::Absolute => unary!($integer => $integer, x, x.wrapping_abs()),
                UnaryOp::Sign => unary!($integer => $integer, x, x.signum()),
                UnaryOp::Square => unary!($integer => $integer, x, x.wrapping_mul(x)),
                UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Trunc => {
                    unary!($integer => $integer, x, x)
                }
                UnaryOp::IsNan | UnaryOp::IsInf => {
                    unary!($integer => Bool, _x, Bool::new(false))
                }
                UnaryOp::IsFinite => unary!($integer => Bool, _x, Bool::new(true)),
                UnaryOp::LogicalNot => unary!($integer => Bool, x, Bool::new(x == 0)),
                UnaryOp::Invert => unary!($integer => $integer, x, !x),
                _ => return None,
            })
        }

        pub(super) fn $binary(op: BinaryOp) -> Option<Kernel> {
            macro_rules! compare {
                ($x:ident, $y:ident, $holds:expr) => {
                    binary!($integer => Bool, $x, $y, Bool::new($holds))
                };
            }
            Some(match op {
                BinaryOp::Add => binary!($integer => $integer, x, y, x.wrapping_add(y)),
                BinaryOp::Subtract => binary!($integer => $integer, x, y, x.wrapping_sub(y)),
                BinaryOp::Multiply => binary!($integer => $integer, x, y, x.wrapping_mul(y)),
                // A division by zero gives 0, and what overflows wraps around.
                BinaryOp::FloorDivide => binary!($integer => $integer, x, y, {
                    if y == 0 {
                        0
                    } else {
                        let (quotient, remainder) = (x.wrapping_div(y), x.wrapping_rem(y));
                        let down = remainder != 0 && (remainder < 0) != (y < 0);
                        quotient - $integer::from(down)
                    }
                }),
                BinaryOp::Remainder => binary!($integer => $integer, x, y, {
                    if y == 0 {
                        0
                    } else {
                        let remainder = x.wrapping_rem(y);
                        let other_side = remainder != 0 && (remainder < 0) != (y < 0);
                        if other_side { remainder + y } else { remainder }
                    }
                }),
                BinaryOp::Power => binary!($integer => $integer, x, y, {
                    // Squares and products; a negative exponent is refused before the tile is computed.
                    let (mut power, mut square, mut exponent) = (1 as $integer, x, y);
                    while exponent > 0 {
                        if exponent & 1 == 1 {
                            power = power.wrapping_mul(square);
                        }
                        square = square.wrapping_mul(square);
                        exponent >>= 1;
                    }
                    power
                }),
                BinaryOp::Maximum | BinaryOp::Fmax => {
                    binary!($integer => $integer, x, y, x.max(y))
                }
                BinaryOp::Minimum | BinaryOp::Fmin => {
                    binary!($integer => $integer, x, y, x.min(y))
                }
                BinaryOp::Equal => compare!(x, y, x == y),
                BinaryOp::NotEqual => compare!(x, y, x != y),
                BinaryOp::Less => compare!(x, y, x < y),
                BinaryOp::LessEqual => compare!(x, y, x <= y),
                BinaryOp::Greater => compare!(x, y, x > y),
                BinaryOp::GreaterEqual => compare!(x, y, x >= y),
                BinaryOp::LogicalAnd => compare!(x, y, (x != 0) & (y != 0)),
                BinaryOp::LogicalOr => compare!(x, y, (x != 0) | (y != 0)),
                BinaryOp::LogicalXor => compare!(x, y, (x != 0) ^ (y != 0)),
                BinaryOp::BitwiseAnd => binary!($integer => $integer, x, y, x & y),
                BinaryOp::BitwiseOr => binary!($integer => $integer, x, y, x | y),
                BinaryOp::BitwiseXor => binary!($integer => $integer, x, y, x ^ y),
                // Shifts by the width or more leave nothing but the sign, and so do negative ones, as in NumPy.
                BinaryOp::LeftShift => binary!($integer => $integer, x, y, {
                    if (0..$integer::BITS as $integer).contains(&y) { x << y } else { 0 }
                }),
                BinaryOp::RightShift => binary!($integer => $integer, x, y, {
                    let within = (0..$integer::BITS as $integer).contains(&y);
                    x >> (if within { y } else { $integer::BITS as $integer - 1 })
                }),
                BinaryOp::Divide
                | BinaryOp::Atan2
                | BinaryOp::Hypot
                | BinaryOp::Copysign
                | BinaryOp::LogAddExp => return None,
            })
        }

        /// Whether a tile has a negative number.
        pub(super) fn $negative(tile: &[u8]) -> bool {
            view::<$integer>(tile).iter().any(|&x| x < 0)
        }
    };
}

integer_kernels!(unary_i64, binary_i64, has_negative_i64, i64);
integer_kernels!(unary_i32, binary_i32, has_negative_i32, i32);

pub(super) fn unary_bool(op: UnaryOp) -> Option<Kernel> {
    Some(match op {
        UnaryOp::Absolute | UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Trunc => {
            unary!(Bool => Bool, x, Bool::new(x.get()))
        }
        UnaryOp::LogicalNot | UnaryOp::Invert => unary!(Bool => Bool, x, Bool::new(!x.get())),
        UnaryOp::IsNan | UnaryOp::IsInf => unary!(Bool => Bool, _x, Bool::new(false)),
        UnaryOp::IsFinite => unary!(Bool => Bool, _x, Bool::new(true)),
        _ => return None,
    })
}

pub(super) fn binary_bool(op: BinaryOp) -> Option<Kernel> {
    macro_rules! truth {
        ($x:ident, $y:ident, $holds:expr) => {
            binary!(Bool => Bool, x, y, {
                let ($x, $y) = (x.get(), y.get());
                Bool::new($holds)
            })
        };
    }
    Some(match op {
        BinaryOp::Add
        | BinaryOp::Maximum
        | BinaryOp::Fmax
        | BinaryOp::LogicalOr
        | BinaryOp::BitwiseOr => truth!(x, y, x | y),
        BinaryOp::Multiply
        | BinaryOp::Minimum
        | BinaryOp::Fmin
        | BinaryOp::LogicalAnd
        | BinaryOp::BitwiseAnd => truth!(x, y, x & y),
        BinaryOp::NotEqual | BinaryOp::LogicalXor | BinaryOp::BitwiseXor => truth!(x, y, x ^ y),
        BinaryOp::Equal => truth!(x, y, x == y),
        BinaryOp::Less => truth!(x, y, !x & y),
        BinaryOp::LessEqual => truth!(x, y, !x | y),
        BinaryOp::Greater => truth!(x, y, x & !y),
        BinaryOp::GreaterEqual => truth!(x, y, x | !y),
        _ => return None,
    })
}
