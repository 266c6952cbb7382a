//! The operators, for arrays and references on both sides and scalars on either side.
//!
//! On the right, every number type is accepted. On the left, there is one type of each kind, because scalars are weak
//! anyway: with a second type, `(1.0 + &x).sum()` would be ambiguous.

use super::unary::expect;
use crate::{Complex, DistArray, Operand, Scalar};
use nums_lshs::BinaryOp;
use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Rem, Shl, Shr, Sub};

macro_rules! operator {
    ($trait:ident, $method:ident, $try_method:ident, $op:ident, [$($number:ty),*]) => {
        impl<T: Into<Operand>> $trait<T> for &DistArray {
            type Output = DistArray;

            /// # Panics
            /// At the caller's line if the shapes or dtypes do not match.
            #[track_caller]
            fn $method(self, right: T) -> DistArray {
                expect(self.$try_method(right))
            }
        }

        impl<T: Into<Operand>> $trait<T> for DistArray {
            type Output = DistArray;
            #[track_caller]
            fn $method(self, right: T) -> DistArray {
                expect(self.$try_method(right))
            }
        }

        $(
            impl $trait<&DistArray> for $number {
                type Output = DistArray;
                #[track_caller]
                fn $method(self, right: &DistArray) -> DistArray {
                    expect(right.binary_of(Scalar::from(self), BinaryOp::$op))
                }
            }

            impl $trait<DistArray> for $number {
                type Output = DistArray;
                #[track_caller]
                fn $method(self, right: DistArray) -> DistArray {
                    self.$method(&right)
                }
            }
        )*
    };
}

operator!(Add, add, try_add, Add, [f64, i64, bool, Complex<f64>]);
operator!(Sub, sub, try_sub, Subtract, [f64, i64, bool, Complex<f64>]);
operator!(Mul, mul, try_mul, Multiply, [f64, i64, bool, Complex<f64>]);
operator!(Div, div, try_div, Divide, [f64, i64, bool, Complex<f64>]);
operator!(Rem, rem, try_rem, Remainder, [f64, i64, bool]);
operator!(BitAnd, bitand, try_bitand, BitwiseAnd, [i64, bool]);
operator!(BitOr, bitor, try_bitor, BitwiseOr, [i64, bool]);
operator!(BitXor, bitxor, try_bitxor, BitwiseXor, [i64, bool]);
operator!(Shl, shl, try_shl, LeftShift, [i64]);
operator!(Shr, shr, try_shr, RightShift, [i64]);

macro_rules! unary_operator {
    ($trait:ident, $method:ident, $try_method:ident) => {
        impl $trait for &DistArray {
            type Output = DistArray;

            /// # Panics
            /// When it is not defined on the dtype, at the caller's line.
            #[track_caller]
            fn $method(self) -> DistArray {
                expect(self.$try_method())
            }
        }

        impl $trait for DistArray {
            type Output = DistArray;
            #[track_caller]
            fn $method(self) -> DistArray {
                (&self).$method()
            }
        }
    };
}

unary_operator!(Neg, neg, try_neg);
unary_operator!(Not, not, try_not);
