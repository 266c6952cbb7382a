//! The element-wise functions: their names, and the dtypes on which they are defined.
//!
//! A function takes operands of one dtype: promotion is an explicit cast before it.

use crate::DType;
use serde::{Deserialize, Serialize};

/// A closed set of functions under the names of NumPy.
macro_rules! functions {
    ($(#[$meta:meta])* $set:ident { $($function:ident $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "the variants are NumPy's own names")]
        pub enum $set {
            $($function,)*
        }

        impl $set {
            /// All of them.
            pub const ALL: &[$set] = &[$($set::$function,)*];

            /// NumPy's name.
            pub fn name(self) -> &'static str {
                match self {
                    $($set::$function => $name,)*
                }
            }
        }
    };
}

functions! {
    /// A function of one element.
    UnaryOp {
        Negative "negative",
        Absolute "absolute",
        Sign "sign",
        Sqrt "sqrt",
        Cbrt "cbrt",
        Square "square",
        Reciprocal "reciprocal",
        Exp "exp",
        Exp2 "exp2",
        Expm1 "expm1",
        Log "log",
        Log2 "log2",
        Log10 "log10",
        Log1p "log1p",
        Sin "sin",
        Cos "cos",
        Tan "tan",
        Asin "arcsin",
        Acos "arccos",
        Atan "arctan",
        Sinh "sinh",
        Cosh "cosh",
        Tanh "tanh",
        Asinh "arcsinh",
        Acosh "arccosh",
        Atanh "arctanh",
        Floor "floor",
        Ceil "ceil",
        Trunc "trunc",
        Rint "rint",
        IsNan "isnan",
        IsInf "isinf",
        IsFinite "isfinite",
        SignBit "signbit",
        LogicalNot "logical_not",
        Invert "invert",
        Sigmoid "sigmoid",
        Real "real",
        Imag "imag",
        Conjugate "conjugate",
        Spacing "spacing",
        BitwiseCount "bitwise_count",
    }
}

functions! {
    /// A function of two elements.
    BinaryOp {
        Add "add",
        Subtract "subtract",
        Multiply "multiply",
        Divide "divide",
        FloorDivide "floor_divide",
        Remainder "remainder",
        Power "power",
        Maximum "maximum",
        Minimum "minimum",
        Fmax "fmax",
        Fmin "fmin",
        Atan2 "arctan2",
        Hypot "hypot",
        Copysign "copysign",
        LogAddExp "logaddexp",
        Fmod "fmod",
        Nextafter "nextafter",
        Gcd "gcd",
        Lcm "lcm",
        Equal "equal",
        NotEqual "not_equal",
        Less "less",
        LessEqual "less_equal",
        Greater "greater",
        GreaterEqual "greater_equal",
        LogicalAnd "logical_and",
        LogicalOr "logical_or",
        LogicalXor "logical_xor",
        BitwiseAnd "bitwise_and",
        BitwiseOr "bitwise_or",
        BitwiseXor "bitwise_xor",
        LeftShift "left_shift",
        RightShift "right_shift",
        Complex "complex",
    }
}

/// What a dtype's elements are to a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Integer,
    Float,
    Complex,
}

fn kind(dtype: DType) -> Kind {
    match dtype {
        DType::Bool => Kind::Bool,
        DType::Float32 | DType::Float64 => Kind::Float,
        DType::Complex64 | DType::Complex128 => Kind::Complex,
        _ => Kind::Integer,
    }
}

/// Flops of a transcendental function, as costs count them.
const TRANSCENDENTAL: u64 = 10;

impl UnaryOp {
    /// The dtype of the result for an element of a dtype; `None` where the function is not defined on it.
    ///
    /// ```
    /// use nums_lshs::{DType, UnaryOp};
    /// assert_eq!(UnaryOp::Exp.output(DType::Float32), Some(DType::Float32));
    /// assert_eq!(UnaryOp::Exp.output(DType::Complex64), Some(DType::Complex64));
    /// assert_eq!(UnaryOp::Exp.output(DType::Int64), None);
    /// assert_eq!(UnaryOp::IsNan.output(DType::Float64), Some(DType::Bool));
    /// ```
    pub fn output(self, dtype: DType) -> Option<DType> {
        use UnaryOp::*;
        let kind = kind(dtype);
        match self {
            Absolute => Some(dtype.real()),
            Floor | Ceil | Trunc => (kind != Kind::Complex).then_some(dtype),
            Negative | Sign | Square => (kind != Kind::Bool).then_some(dtype),
            Invert => matches!(kind, Kind::Bool | Kind::Integer).then_some(dtype),
            Reciprocal => matches!(kind, Kind::Float | Kind::Complex).then_some(dtype),
            Real | Imag => (kind == Kind::Complex).then_some(dtype.real()),
            Conjugate => (kind == Kind::Complex).then_some(dtype),
            IsNan | IsInf | IsFinite | LogicalNot => Some(DType::Bool),
            SignBit => (kind == Kind::Float).then_some(DType::Bool),
            Sqrt | Exp | Exp2 | Expm1 | Log | Log2 | Log10 | Log1p | Sin | Cos | Tan | Asin
            | Acos | Atan | Sinh | Cosh | Tanh | Asinh | Acosh | Atanh | Rint => {
                matches!(kind, Kind::Float | Kind::Complex).then_some(dtype)
            }
            Sigmoid | Cbrt | Spacing => (kind == Kind::Float).then_some(dtype),
            BitwiseCount => (kind == Kind::Integer).then_some(DType::UInt8),
        }
    }

    /// Floating-point operations, as costs count them: ten for a root and a transcendental function.
    pub(super) fn flops(self) -> u64 {
        use UnaryOp::*;
        match self {
            Negative | Absolute | Sign | Square | Reciprocal | Floor | Ceil | Trunc | Rint
            | IsNan | IsInf | IsFinite | SignBit | LogicalNot | Invert | Real | Imag
            | Conjugate | Spacing | BitwiseCount => 1,
            Sqrt | Cbrt | Exp | Exp2 | Expm1 | Log | Log2 | Log10 | Log1p | Sin | Cos | Tan
            | Asin | Acos | Atan | Sinh | Cosh | Tanh | Asinh | Acosh | Atanh | Sigmoid => {
                TRANSCENDENTAL
            }
        }
    }
}

impl BinaryOp {
    /// The dtype of the result for two elements of a dtype; `None` where the function is not defined on it.
    ///
    /// ```
    /// use nums_lshs::{BinaryOp, DType};
    /// assert_eq!(BinaryOp::Less.output(DType::Int32), Some(DType::Bool));
    /// assert_eq!(BinaryOp::Subtract.output(DType::Bool), None);
    /// // Of a real and an imaginary part.
    /// assert_eq!(BinaryOp::Complex.output(DType::Float32), Some(DType::Complex64));
    /// ```
    pub fn output(self, dtype: DType) -> Option<DType> {
        use BinaryOp::*;
        let kind = kind(dtype);
        match self {
            Add | Multiply | Maximum | Minimum | Fmax | Fmin => Some(dtype),
            Subtract | Power => (kind != Kind::Bool).then_some(dtype),
            FloorDivide | Remainder | Fmod => {
                matches!(kind, Kind::Integer | Kind::Float).then_some(dtype)
            }
            Divide => matches!(kind, Kind::Float | Kind::Complex).then_some(dtype),
            Atan2 | Hypot | Copysign | LogAddExp | Nextafter => {
                (kind == Kind::Float).then_some(dtype)
            }
            Gcd | Lcm => (kind == Kind::Integer).then_some(dtype),
            BitwiseAnd | BitwiseOr | BitwiseXor => {
                matches!(kind, Kind::Bool | Kind::Integer).then_some(dtype)
            }
            LeftShift | RightShift => (kind == Kind::Integer).then_some(dtype),
            Complex => match dtype {
                DType::Float32 => Some(DType::Complex64),
                DType::Float64 => Some(DType::Complex128),
                _ => None,
            },
            Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual | LogicalAnd
            | LogicalOr | LogicalXor => Some(DType::Bool),
        }
    }

    /// Floating-point operations, as costs count them.
    pub(super) fn flops(self) -> u64 {
        use BinaryOp::*;
        match self {
            Power | Atan2 | Hypot | LogAddExp | Gcd | Lcm => TRANSCENDENTAL,
            _ => 1,
        }
    }
}
