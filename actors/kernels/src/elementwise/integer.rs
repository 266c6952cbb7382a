//! The functions of integers, which wrap around, and of bools.

use super::kernel::{Kernel, binary, unary};
use super::lane::Bool;
use super::table::{Functions, Refused, has_negative};
use nums_lshs::{BinaryOp, UnaryOp};

/// What signed and unsigned integers do in ways of their own.
trait Integer: Copy {
    /// The width and more leave nothing but the sign.
    const BITS: Self;
    fn absolute(self) -> Self;
    fn sign(self) -> Self;
    /// The bits of the absolute value that are set.
    fn bits_set(self) -> u8;
    /// The remainder of the sign of the dividend, of a divisor that is not 0.
    fn rest(self, by: Self) -> Self;
    /// The quotient, rounded down, and what is left, of a divisor that is not 0.
    fn divided(self, by: Self) -> (Self, Self);
}

macro_rules! signed {
    ($($integer:ident),*) => {$(
        impl Integer for $integer {
            const BITS: $integer = $integer::BITS as $integer;
            #[inline(always)]
            fn absolute(self) -> $integer {
                self.wrapping_abs()
            }
            #[inline(always)]
            fn sign(self) -> $integer {
                self.signum()
            }
            #[inline(always)]
            fn bits_set(self) -> u8 {
                self.unsigned_abs().count_ones() as u8
            }
            #[inline(always)]
            fn rest(self, by: $integer) -> $integer {
                self.wrapping_rem(by)
            }
            #[inline(always)]
            fn divided(self, by: $integer) -> ($integer, $integer) {
                let (quotient, rest) = (self.wrapping_div(by), self.wrapping_rem(by));
                let down = rest != 0 && (rest < 0) != (by < 0);
                (quotient - $integer::from(down), if down { rest + by } else { rest })
            }
        }
    )*};
}

macro_rules! unsigned {
    ($($integer:ident),*) => {$(
        impl Integer for $integer {
            const BITS: $integer = $integer::BITS as $integer;
            #[inline(always)]
            fn absolute(self) -> $integer {
                self
            }
            #[inline(always)]
            fn sign(self) -> $integer {
                $integer::from(self != 0)
            }
            #[inline(always)]
            fn bits_set(self) -> u8 {
                self.count_ones() as u8
            }
            #[inline(always)]
            fn rest(self, by: $integer) -> $integer {
                self % by
            }
            #[inline(always)]
            fn divided(self, by: $integer) -> ($integer, $integer) {
                (self / by, self % by)
            }
        }
    )*};
}

signed!(i8, i16, i32, i64);
unsigned!(u8, u16, u32, u64);

/// The greatest common divisor, by Euclid's algorithm.
#[inline(always)]
fn divisor<T: Integer + PartialEq + Default>(mut x: T, mut y: T) -> T {
    while y != T::default() {
        (x, y) = (y, x.rest(y));
    }
    x.absolute()
}

/// The kernels of a type of integers.
macro_rules! integer_kernels {
    ($integer:ident, $negative:expr) => {
        impl Functions for $integer {
        const NEGATIVE: Option<Refused> = $negative;

        fn unary(op: UnaryOp) -> Option<Kernel> {
            Some(match op {
                UnaryOp::Negative => unary!($integer => $integer, x, x.wrapping_neg()),
                UnaryOp::Absolute => unary!($integer => $integer, x, x.absolute()),
                UnaryOp::Sign => unary!($integer => $integer, x, x.sign()),
                UnaryOp::BitwiseCount => unary!(long $integer => u8, x, x.bits_set()),
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

        fn binary(op: BinaryOp) -> Option<Kernel> {
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
                    if y == 0 { 0 } else { x.divided(y).0 }
                }),
                BinaryOp::Remainder => binary!($integer => $integer, x, y, {
                    if y == 0 { 0 } else { x.divided(y).1 }
                }),
                BinaryOp::Fmod => binary!($integer => $integer, x, y, {
                    if y == 0 { 0 } else { x.rest(y) }
                }),
                BinaryOp::Gcd => binary!(long $integer => $integer, x, y, {
                    divisor(x.absolute(), y.absolute())
                }),
                BinaryOp::Lcm => binary!(long $integer => $integer, x, y, {
                    let (x, y) = (x.absolute(), y.absolute());
                    let common = divisor(x, y);
                    if common == 0 { 0 } else { (x / common).wrapping_mul(y) }
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
                    if (0..<$integer as Integer>::BITS).contains(&y) { x << y } else { 0 }
                }),
                BinaryOp::RightShift => binary!($integer => $integer, x, y, {
                    let bits = <$integer as Integer>::BITS;
                    // What is left of an unsigned number is 0.
                    let within = (0..bits).contains(&y);
                    let shifted = x >> (if within { y } else { bits - 1 });
                    if within || $integer::MIN != 0 { shifted } else { 0 }
                }),
                BinaryOp::Divide
                | BinaryOp::Atan2
                | BinaryOp::Hypot
                | BinaryOp::Copysign
                | BinaryOp::LogAddExp
                | BinaryOp::Nextafter
                | BinaryOp::Complex => return None,
            })
        }
        }
    };
}

integer_kernels!(i8, Some(has_negative::<i8>));
integer_kernels!(i16, Some(has_negative::<i16>));
integer_kernels!(i32, Some(has_negative::<i32>));
integer_kernels!(i64, Some(has_negative::<i64>));
integer_kernels!(u8, None);
integer_kernels!(u16, None);
integer_kernels!(u32, None);
integer_kernels!(u64, None);

impl Functions for bool {
    fn unary(op: UnaryOp) -> Option<Kernel> {
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

    fn binary(op: BinaryOp) -> Option<Kernel> {
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
}
