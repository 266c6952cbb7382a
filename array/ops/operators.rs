//! The operators, for arrays and references on both sides and scalars on either side.
//!
//! On the right, every number type is accepted. On the left, there is one type of each kind, because scalars are weak
//! anyway: with a second type, `(1.0 + &x).sum()` would be ambiguous.

use super::unary::expect;
use crate::{Complex, DistArray, Error, Operand, Scalar};
use nums_lshs::BinaryOp;
use std::iter::{Product, Sum};
use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Rem, Shl, Shr, Sub};
use std::ops::{
    AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign, ShlAssign,
    ShrAssign, SubAssign,
};

macro_rules! operator {
    ($trait:ident, $method:ident, $assign:ident, $assign_method:ident, $try_method:ident, $op:ident, [$($number:ty),*]) => {
        /// The binding refers to a new array afterwards: arrays are immutable, so clones of the old one keep its elements.
        impl<T: Into<Operand>> $assign<T> for DistArray {
            #[track_caller]
            fn $assign_method(&mut self, right: T) {
                *self = expect(self.$try_method(right));
            }
        }

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

operator!(Add, add, AddAssign, add_assign, try_add, Add, [f64, i64, bool, Complex<f64>]);
operator!(Sub, sub, SubAssign, sub_assign, try_sub, Subtract, [f64, i64, bool, Complex<f64>]);
operator!(Mul, mul, MulAssign, mul_assign, try_mul, Multiply, [f64, i64, bool, Complex<f64>]);
operator!(Div, div, DivAssign, div_assign, try_div, Divide, [f64, i64, bool, Complex<f64>]);
operator!(Rem, rem, RemAssign, rem_assign, try_rem, Remainder, [f64, i64, bool]);
operator!(BitAnd, bitand, BitAndAssign, bitand_assign, try_bitand, BitwiseAnd, [i64, bool]);
operator!(BitOr, bitor, BitOrAssign, bitor_assign, try_bitor, BitwiseOr, [i64, bool]);
operator!(BitXor, bitxor, BitXorAssign, bitxor_assign, try_bitxor, BitwiseXor, [i64, bool]);
operator!(Shl, shl, ShlAssign, shl_assign, try_shl, LeftShift, [i64]);
operator!(Shr, shr, ShrAssign, shr_assign, try_shr, RightShift, [i64]);

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

/// Adds or multiplies arrays of one session.
macro_rules! fold {
    ($trait:ident, $method:ident, $operator:ident, $what:literal) => {
        impl $trait for DistArray {
            #[doc = concat!("The ", $what, " of arrays, in order.")]
            ///
            /// # Panics
            /// Without an array, because there is no session that could make one.
            #[track_caller]
            fn $method<I: Iterator<Item = DistArray>>(arrays: I) -> DistArray {
                let result = arrays.reduce(|left, right| left.$operator(right));
                expect(result.ok_or(Error::NoArrays { op: $what }))
            }
        }

        impl<'a> $trait<&'a DistArray> for DistArray {
            #[track_caller]
            fn $method<I: Iterator<Item = &'a DistArray>>(arrays: I) -> DistArray {
                arrays.cloned().$method()
            }
        }
    };
}

fold!(Sum, sum, add, "sum");
fold!(Product, product, mul, "product");
