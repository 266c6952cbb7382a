//! Element-wise functions of two arrays, or of an array and a scalar, with NumPy's names.

use super::unary::expect;
use crate::{DistArray, Error, Operand, Scalar};
use nums_lshs::{BinaryOp, DType, UnaryOp};

/// Each function in two forms: one that panics at the caller's line, like the operators, and one that returns the error.
/// The example takes two numbers.
macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident $try_name:ident $op:ident ($x:literal, $y:literal) => $type:ident $z:literal;)*) => {
        impl DistArray {
            $(
                $(#[$doc])*
                ///
                /// # Panics
                /// At the caller's line if the shapes or dtypes do not match.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.full(&[], ", stringify!($x), ")?;")]
                #[doc = concat!("assert_eq!(x.", stringify!($name), "(", stringify!($y), ").fetch::<", stringify!($type), ">().wait()?[[]], ", stringify!($z), ");")]
                /// # Ok(())
                /// # }
                /// ```
                #[track_caller]
                pub fn $name(&self, right: impl Into<Operand>) -> DistArray {
                    expect(self.$try_name(right))
                }

                #[doc = concat!("Like [`", stringify!($name), "`](Self::", stringify!($name), "), but returns the error.")]
                ///
                /// # Errors
                /// When the shapes cannot be broadcast together (with both), the function is not defined on the dtypes,
                /// an integer does not fit the dtype, or the arrays belong to different sessions.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                /// let (x, row) = (session.ones_dtype(&[2, 3], nums::DType::Int64)?, session.arange(1, 4, 1)?);
                #[doc = concat!("assert_eq!(x.", stringify!($try_name), "(&row)?.shape(), [2, 3]);")]
                #[doc = concat!("let refused = x.", stringify!($try_name), "(x.t()).unwrap_err().to_string();")]
                /// assert!(refused.ends_with("with shapes (2, 3) (3, 2)"), "{refused}");
                /// # Ok(())
                /// # }
                /// ```
                pub fn $try_name(&self, right: impl Into<Operand>) -> Result<DistArray, Error> {
                    self.binary(BinaryOp::$op, right.into())
                }
            )*
        }
    };
}

functions! {
    /// The floor of the quotient. For integers a division by 0 gives 0.
    floor_divide try_floor_divide FloorDivide (-7.0, 2.0) => f64 -4.0;
    /// The larger of two elements; NaN where one is NaN.
    maximum try_maximum Maximum (1.0, 2.0) => f64 2.0;
    /// The smaller of two elements; NaN where one is NaN.
    minimum try_minimum Minimum (1.0, 2.0) => f64 1.0;
    /// The larger of two elements; where one is NaN, the other.
    fmax try_fmax Fmax (1.0, 2.0) => f64 2.0;
    /// The smaller of two elements; where one is NaN, the other.
    fmin try_fmin Fmin (1.0, 2.0) => f64 1.0;
    /// The angle in radians of the point with this array as y and the other as x.
    atan2 try_atan2 Atan2 (0.0, 1.0) => f64 0.0;
    /// The square root of the sum of the squares, without overflow on the way.
    hypot try_hypot Hypot (3.0, 4.0) => f64 5.0;
    /// The elements of this array with the signs of the other.
    copysign try_copysign Copysign (3.0, -0.0) => f64 -3.0;
    /// `log(exp(x) + exp(y))`, without overflow on the way.
    logaddexp try_logaddexp LogAddExp (1000.0, 0.0) => f64 1000.0;
    /// The remainder with the sign of this array, as C's `fmod`.
    fmod try_fmod Fmod (-7.0, 2.0) => f64 -1.0;
    /// The next float after the elements of this array towards the other.
    nextafter try_nextafter Nextafter (0.0, 1.0) => f64 5e-324;
    /// Whether two elements are equal, a bool array.
    equal try_equal Equal (2, 2.0) => bool true;
    /// Whether two elements differ.
    not_equal try_not_equal NotEqual (2, 2.0) => bool false;
    /// Whether the element is below the other.
    less try_less Less (1, 2) => bool true;
    /// Whether the element is below or equal to the other.
    less_equal try_less_equal LessEqual (2, 2) => bool true;
    /// Whether the element is above the other.
    greater try_greater Greater (1, 2) => bool false;
    /// Whether the element is above or equal to the other.
    greater_equal try_greater_equal GreaterEqual (1, 2) => bool false;
    /// Whether both elements are not 0.
    logical_and try_logical_and LogicalAnd (1, 0) => bool false;
    /// Whether at least one of two elements is not 0.
    logical_or try_logical_or LogicalOr (1, 0) => bool true;
    /// The greatest common divisor of two integers.
    gcd try_gcd Gcd (12, 18) => i64 6;
    /// The least common multiple of the absolute values of two integers.
    lcm try_lcm Lcm (4, 6) => i64 12;
    /// Whether exactly one of two elements is not 0.
    logical_xor try_logical_xor LogicalXor (1, 2) => bool false;
}

/// The forms of the operators that return the error as a value.
macro_rules! operators {
    ($($(#[$doc:meta])* $try_name:ident $op:ident;)*) => {
        impl DistArray {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// When the shapes cannot be broadcast together (with both), the function is not defined on the dtypes,
                /// an integer does not fit the dtype, or the arrays belong to different sessions.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                /// let (x, row) = (session.ones_dtype(&[2, 3], nums::DType::Int64)?, session.arange(1, 4, 1)?);
                #[doc = concat!("assert_eq!(x.", stringify!($try_name), "(&row)?.shape(), [2, 3]);")]
                #[doc = concat!("let refused = x.", stringify!($try_name), "(x.t()).unwrap_err().to_string();")]
                /// assert!(refused.ends_with("with shapes (2, 3) (3, 2)"), "{refused}");
                /// # Ok(())
                /// # }
                /// ```
                pub fn $try_name(&self, right: impl Into<Operand>) -> Result<DistArray, Error> {
                    self.binary(BinaryOp::$op, right.into())
                }
            )*
        }
    };
}

operators! {
    /// The sum of two arrays, which are broadcast together, as the operator `+`. For bools it is the logical or. If the
    /// arrays have the same grid and layout, no block moves.
    try_add Add;
    /// The difference, as the operator `-`.
    try_sub Subtract;
    /// The element-wise product, as the operator `*`. For bools it is the logical and.
    try_mul Multiply;
    /// The quotient, as the operator `/`; integers are divided in float64.
    try_div Divide;
    /// The remainder, as the operator `%`. It has the sign of the divisor, as in Python and unlike Rust's own; for
    /// integers a division by 0 gives 0.
    try_rem Remainder;
    /// The bitwise and, as the operator `&`, for bools and integers.
    try_bitand BitwiseAnd;
    /// The bitwise or, as the operator `|`, for bools and integers.
    try_bitor BitwiseOr;
    /// The bitwise exclusive or, as the operator `^`, for bools and integers.
    try_bitxor BitwiseXor;
    /// The bits shifted left, as the operator `<<`, for integers.
    try_shl LeftShift;
    /// The bits shifted right, as the operator `>>`, for integers.
    try_shr RightShift;
}

impl DistArray {
    /// Each element to the power of the other. An integer to a negative integer power is an error: for a scalar exponent
    /// the call fails, and for an array the task fails. Powers 2, -1 and 0.5 are computed as squares, reciprocals and roots.
    ///
    /// # Panics
    /// At the caller's line if the shapes or dtypes do not match.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.full(&[], 2)?.power(10).fetch::<i64>().wait()?[[]], 1024);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn power(&self, exponent: impl Into<Operand>) -> DistArray {
        expect(self.try_power(exponent))
    }

    /// Like [`power`](Self::power), but returns the error.
    ///
    /// # Errors
    /// Those of [`try_add`](Self::try_add), and [`Error::NegativePower`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let refused = session.arange(1, 4, 1)?.try_power(-2).unwrap_err();
    /// assert_eq!(refused, nums::Error::NegativePower { exponent: -2 });
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_power(&self, exponent: impl Into<Operand>) -> Result<DistArray, Error> {
        let exponent = exponent.into();
        if let Operand::Scalar(scalar) = exponent {
            let is_float = matches!(self.dtype(), DType::Float32 | DType::Float64);
            let integers = !is_float
                && !self.dtype().is_complex()
                && matches!(scalar, Scalar::Bool(_) | Scalar::Int(_));
            let complex = matches!(scalar, Scalar::Complex(_));
            let power = scalar.to_f64();
            match power {
                _ if complex => {}
                _ if integers && power < 0.0 => {
                    return Err(Error::NegativePower { exponent: power as i64 });
                }
                2.0 if is_float => return self.unary(UnaryOp::Square),
                -1.0 if is_float => return self.unary(UnaryOp::Reciprocal),
                0.5 if is_float => return self.unary(UnaryOp::Sqrt),
                _ => {}
            }
        }
        self.binary(BinaryOp::Power, exponent)
    }
}
