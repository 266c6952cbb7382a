//! Element-wise functions of one array, with NumPy's names.

use crate::{DistArray, Error};
use nums_lshs::{BinaryOp, Constant, DType, Program, UnaryOp};

/// Functions that are defined for every real dtype, and most of them for complex ones, each with an example that maps `[x, y]` to `[fx, fy]`.
macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident $op:ident [$($x:expr),*] => $type:ident [$($fx:expr),*];)*) => {
        impl DistArray {
            $(
                $(#[$doc])*
                ///
                /// # Panics
                /// At the caller's line where the function is not defined: of complex numbers `sigmoid`, `floor`, `ceil`,
                /// `trunc` and `signbit` are not.
                ///
                /// ```
                /// # use std::f64::consts::*;
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.from_ndarray(&ndarray::arr1(&[", stringify!($($x),*), "]))?;")]
                #[doc = concat!("let y = x.", stringify!($name), "().fetch::<", stringify!($type), ">().wait()?;")]
                #[doc = concat!("assert_eq!(y, ndarray::arr1(&[", stringify!($($fx),*), "]).into_dyn());")]
                /// # Ok(())
                /// # }
                /// ```
                #[track_caller]
                pub fn $name(&self) -> DistArray {
                    self.total(UnaryOp::$op)
                }
            )*
        }
    };
}

functions! {
    /// The absolute value of each element.
    abs Absolute [-1.5, 2.0] => f64 [1.5, 2.0];
    /// The square root of each element; NaN below 0. Integers are computed in float64.
    sqrt Sqrt [4.0, 2.25] => f64 [2.0, 1.5];
    /// The cube root of each element.
    cbrt Cbrt [27.0, -8.0] => f64 [3.0, -2.0];
    /// The distance of each element to the next larger one in magnitude, with its sign.
    spacing Spacing [1.0, -1.0] => f64 [f64::EPSILON, -f64::EPSILON];
    /// One over each element. Integers are computed in float64.
    reciprocal Reciprocal [4.0, 0.5] => f64 [0.25, 2.0];
    /// e to the power of each element. Integers are computed in float64, as in all transcendental functions.
    exp Exp [0.0, -1e9] => f64 [1.0, 0.0];
    /// 2 to the power of each element.
    exp2 Exp2 [3.0, -1.0] => f64 [8.0, 0.5];
    /// `exp(x) - 1` of each element, exact near 0.
    expm1 Expm1 [0.0, 1e-20] => f64 [0.0, 1e-20];
    /// The natural logarithm of each element.
    log Log [1.0, 0.0] => f64 [0.0, f64::NEG_INFINITY];
    /// The logarithm to base 2 of each element.
    log2 Log2 [8.0, 0.5] => f64 [3.0, -1.0];
    /// The logarithm to base 10 of each element.
    log10 Log10 [1000.0, 1.0] => f64 [3.0, 0.0];
    /// `log(1 + x)` of each element, exact near 0.
    log1p Log1p [0.0, 1e-20] => f64 [0.0, 1e-20];
    /// The sine of each element, an angle in radians.
    sin Sin [0.0] => f64 [0.0];
    /// The cosine of each element, an angle in radians.
    cos Cos [0.0] => f64 [1.0];
    /// The tangent of each element, an angle in radians.
    tan Tan [0.0] => f64 [0.0];
    /// The inverse sine of each element, in radians.
    asin Asin [0.0, 1.0] => f64 [0.0, FRAC_PI_2];
    /// The inverse cosine of each element, in radians.
    acos Acos [1.0, -1.0] => f64 [0.0, PI];
    /// The inverse tangent of each element, in radians.
    atan Atan [0.0, 1.0] => f64 [0.0, FRAC_PI_4];
    /// The hyperbolic sine of each element.
    sinh Sinh [0.0] => f64 [0.0];
    /// The hyperbolic cosine of each element.
    cosh Cosh [0.0] => f64 [1.0];
    /// The hyperbolic tangent of each element.
    tanh Tanh [0.0, 1e9] => f64 [0.0, 1.0];
    /// The inverse hyperbolic sine of each element.
    asinh Asinh [0.0] => f64 [0.0];
    /// The inverse hyperbolic cosine of each element.
    acosh Acosh [1.0] => f64 [0.0];
    /// The inverse hyperbolic tangent of each element.
    atanh Atanh [0.0] => f64 [0.0];
    /// The logistic function `1 / (1 + exp(-x))` of each element.
    sigmoid Sigmoid [0.0, 1e9] => f64 [0.5, 1.0];
    /// Each element rounded down to an integer, in the same dtype.
    floor Floor [1.5, -1.5] => f64 [1.0, -2.0];
    /// Each element rounded up to an integer, in the same dtype.
    ceil Ceil [1.5, -1.5] => f64 [2.0, -1.0];
    /// Each element truncated to an integer, in the same dtype.
    trunc Trunc [1.5, -1.5] => f64 [1.0, -1.0];
    /// Each element rounded to the nearest integer, with ties to even. Integers are computed in float64.
    rint Rint [0.5, 1.5] => f64 [0.0, 2.0];
    /// Whether each element is not a number.
    isnan IsNan [1.0, 0.0] => bool [false, false];
    /// Whether each element is infinite.
    isinf IsInf [1.0, f64::INFINITY] => bool [false, true];
    /// Whether each element is a finite number.
    isfinite IsFinite [1.0, f64::INFINITY] => bool [true, false];
    /// Whether the sign bit of each element is set, which includes -0.0.
    signbit SignBit [1.0, -0.0] => bool [false, true];
    /// Whether each element is 0.
    logical_not LogicalNot [1.0, 0.0] => bool [false, true];
}

impl DistArray {
    /// The number of bits that are set in the absolute value of each integer, as uint8.
    ///
    /// # Errors
    /// [`Error::UndefinedFor`] for a dtype that is not of integers.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.array([7, -8])?.bitwise_count()?.to_vec::<u8>().wait()?, [3, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bitwise_count(&self) -> Result<DistArray, Error> {
        self.unary(UnaryOp::BitwiseCount)
    }

    /// The square of each element. Bools give int8, as in NumPy.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.full(&[], 3)?.square().fetch::<i64>().wait()?[[]], 9);
    /// # Ok(())
    /// # }
    /// ```
    pub fn square(&self) -> DistArray {
        self.total(UnaryOp::Square)
    }

    /// The sign of each element: -1, 0 or 1. NaN stays NaN. For a complex number, it is the number of length 1 in its
    /// direction.
    ///
    /// # Errors
    /// [`Error::UndefinedFor`] for bools.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.full(&[], -2.5)?.sign()?.fetch::<f64>().wait()?[[]], -1.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sign(&self) -> Result<DistArray, Error> {
        self.unary(UnaryOp::Sign)
    }

    /// The negative of each element, as the operator `-`.
    ///
    /// # Errors
    /// [`Error::UndefinedFor`] for bools; use [`try_not`](Self::try_not) instead.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.full(&[], 2)?.try_neg()?.fetch::<i64>().wait()?[[]], -2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_neg(&self) -> Result<DistArray, Error> {
        self.unary(UnaryOp::Negative)
    }

    /// The inverted bits of each integer, or the negation of each bool, as the operator `!`.
    ///
    /// # Errors
    /// [`Error::UndefinedFor`] for floats.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.full(&[], 5)?.try_not()?.fetch::<i64>().wait()?[[]], -6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_not(&self) -> Result<DistArray, Error> {
        self.unary(UnaryOp::Invert)
    }

    /// Each element rounded to `decimals` decimal places, with ties to even, as in NumPy: scaled by a power of ten, rounded,
    /// and scaled back; of complex numbers both parts. Integers do not change for `decimals >= 0`.
    ///
    /// # Errors
    /// [`Error::UndefinedFor`] for integers and negative decimals.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.full(&[], 2.675)?.round(1)?.fetch::<f64>().wait()?[[]], 2.7);
    /// # Ok(())
    /// # }
    /// ```
    pub fn round(&self, decimals: i32) -> Result<DistArray, Error> {
        let (dtype, real) = (self.dtype(), self.dtype().real());
        if !matches!(real, DType::Float32 | DType::Float64) {
            return match decimals >= 0 {
                true => Ok(self.clone()),
                false => Err(Error::UndefinedFor { op: "round to tens", dtype }),
            };
        }
        let scale = Constant::from_f64(real, 10f64.powi(decimals.saturating_abs()));
        let Some(scale) = scale.filter(|_| decimals != 0) else {
            return Ok(self.total(UnaryOp::Rint));
        };
        let (up, down) = match decimals > 0 {
            true => (BinaryOp::Multiply, BinaryOp::Divide),
            false => (BinaryOp::Divide, BinaryOp::Multiply),
        };
        let scaled = Program::with_constant(up, scale);
        let rounded = Program::unary(UnaryOp::Rint, real).after(0, &scaled);
        let part = Program::with_constant(down, scale).after(0, &rounded);
        if !dtype.is_complex() {
            return Ok(self.mapped(part));
        }
        // A product of complex numbers would mix an infinite part with the other one.
        let [first, second] = [UnaryOp::Real, UnaryOp::Imag]
            .map(|which| part.after(0, &Program::unary(which, dtype)));
        let both = Program::binary(BinaryOp::Complex, real).after(1, &second).after(0, &first);
        Ok(self.mapped(both.with_inputs(1, &[0, 0])))
    }
}

/// The result, or a panic at the caller's line with the error's message.
#[track_caller]
pub(crate) fn expect(result: Result<DistArray, Error>) -> DistArray {
    match result {
        Ok(array) => array,
        Err(error) => panic!("{error}"),
    }
}
