//! The functions of floats.
//!
//! What is not a basic operation comes from pure Rust, so that its bits are the same on every platform: float32 is
//! computed in float64 and rounded once.

use super::kernel::{Kernel, binary, unary};
use super::lane::Bool;
use super::math;
use super::table::Functions;
use num_complex::Complex;
use nums_lshs::{BinaryOp, UnaryOp};

/// The kernels of a float type.
macro_rules! float_kernels {
    ($divmod:ident, $float:ident) => {
        impl Functions for $float {
        fn unary(op: UnaryOp) -> Option<Kernel> {
            /// A function that is computed in float64.
            macro_rules! through {
                ($function:path) => {
                    unary!(long $float => $float, x, $function(x as f64) as $float)
                };
            }
            Some(match op {
                UnaryOp::Negative => unary!($float => $float, x, -x),
                UnaryOp::Absolute => unary!($float => $float, x, x.abs()),
                UnaryOp::Sign => unary!(long $float => $float, x, {
                    // NaN is the sign of NaN, and 0 that of -0.
                    let sign = (x > 0.0) as i32 as $float - (x < 0.0) as i32 as $float;
                    if x.is_nan() { x } else { sign }
                }),
                UnaryOp::Sqrt => unary!($float => $float, x, x.sqrt()),
                UnaryOp::Cbrt => through!(libm::cbrt),
                UnaryOp::Spacing => unary!(long $float => $float, x, {
                    // The largest number has no next one: what is below it is as far away.
                    let magnitude = x.abs();
                    let next = magnitude.next_up();
                    let distance = if next.is_finite() {
                        next - magnitude
                    } else {
                        magnitude - magnitude.next_down()
                    };
                    if x.is_finite() { distance.copysign(x) } else { <$float>::NAN }
                }),
                UnaryOp::Square => unary!($float => $float, x, x * x),
                UnaryOp::Reciprocal => unary!($float => $float, x, 1.0 / x),
                UnaryOp::Exp => through!(math::exp),
                UnaryOp::Exp2 => through!(libm::exp2),
                UnaryOp::Expm1 => through!(libm::expm1),
                UnaryOp::Log => through!(math::log),
                UnaryOp::Log2 => through!(libm::log2),
                UnaryOp::Log10 => through!(libm::log10),
                UnaryOp::Log1p => through!(libm::log1p),
                UnaryOp::Sin => through!(libm::sin),
                UnaryOp::Cos => through!(libm::cos),
                UnaryOp::Tan => through!(libm::tan),
                UnaryOp::Asin => through!(libm::asin),
                UnaryOp::Acos => through!(libm::acos),
                UnaryOp::Atan => through!(libm::atan),
                UnaryOp::Sinh => through!(math::sinh),
                UnaryOp::Cosh => through!(math::cosh),
                UnaryOp::Tanh => through!(math::tanh),
                UnaryOp::Asinh => through!(math::asinh),
                UnaryOp::Acosh => through!(math::acosh),
                UnaryOp::Atanh => through!(math::atanh),
                UnaryOp::Sigmoid => through!(math::sigmoid),
                UnaryOp::Floor => unary!($float => $float, x, x.floor()),
                UnaryOp::Ceil => unary!($float => $float, x, x.ceil()),
                UnaryOp::Trunc => unary!($float => $float, x, x.trunc()),
                UnaryOp::Rint => unary!($float => $float, x, x.round_ties_even()),
                UnaryOp::IsNan => unary!($float => Bool, x, Bool::new(x.is_nan())),
                UnaryOp::IsInf => unary!($float => Bool, x, Bool::new(x.is_infinite())),
                UnaryOp::IsFinite => unary!($float => Bool, x, Bool::new(x.is_finite())),
                UnaryOp::SignBit => unary!($float => Bool, x, Bool::new(x.is_sign_negative())),
                UnaryOp::LogicalNot => unary!($float => Bool, x, Bool::new(x == 0.0)),
                UnaryOp::Invert
                | UnaryOp::Real
                | UnaryOp::Imag
                | UnaryOp::Conjugate
                | UnaryOp::BitwiseCount => return None,
            })
        }

        fn binary(op: BinaryOp) -> Option<Kernel> {
            /// A function that is computed in float64.
            macro_rules! through {
                ($function:path) => {
                    binary!(long $float => $float, x, y, $function(x as f64, y as f64) as $float)
                };
            }
            macro_rules! compare {
                ($x:ident, $y:ident, $holds:expr) => {
                    binary!($float => Bool, $x, $y, Bool::new($holds))
                };
            }
            Some(match op {
                BinaryOp::Add => binary!($float => $float, x, y, x + y),
                BinaryOp::Subtract => binary!($float => $float, x, y, x - y),
                BinaryOp::Multiply => binary!($float => $float, x, y, x * y),
                BinaryOp::Divide => binary!($float => $float, x, y, x / y),
                BinaryOp::FloorDivide => binary!(long $float => $float, x, y, $divmod(x, y).0),
                BinaryOp::Remainder => binary!(long $float => $float, x, y, $divmod(x, y).1),
                BinaryOp::Power => through!(math::power),
                // The second of equal numbers, which tells of two zeros, and the first NaN.
                BinaryOp::Maximum => {
                    binary!(long $float => $float, x, y, if x > y || x.is_nan() { x } else { y })
                }
                BinaryOp::Minimum => {
                    binary!(long $float => $float, x, y, if x < y || x.is_nan() { x } else { y })
                }
                // The first of equal numbers.
                BinaryOp::Fmax => {
                    binary!(long $float => $float, x, y, if x >= y || y.is_nan() { x } else { y })
                }
                BinaryOp::Fmin => {
                    binary!(long $float => $float, x, y, if x <= y || y.is_nan() { x } else { y })
                }
                BinaryOp::Atan2 => through!(libm::atan2),
                BinaryOp::Hypot => through!(libm::hypot),
                BinaryOp::Copysign => binary!($float => $float, x, y, x.copysign(y)),
                BinaryOp::LogAddExp => through!(math::log_add_exp),
                // Exact, and of the sign of the first.
                BinaryOp::Fmod => binary!(long $float => $float, x, y, x % y),
                BinaryOp::Nextafter => binary!(long $float => $float, x, y, {
                    if x.is_nan() || y.is_nan() {
                        x + y
                    } else if x == y {
                        y
                    } else if y > x {
                        x.next_up()
                    } else {
                        x.next_down()
                    }
                }),
                BinaryOp::Complex => {
                    binary!($float => Complex<$float>, x, y, Complex::new(x, y))
                }
                BinaryOp::Equal => compare!(x, y, x == y),
                BinaryOp::NotEqual => compare!(x, y, x != y),
                BinaryOp::Less => compare!(x, y, x < y),
                BinaryOp::LessEqual => compare!(x, y, x <= y),
                BinaryOp::Greater => compare!(x, y, x > y),
                BinaryOp::GreaterEqual => compare!(x, y, x >= y),
                BinaryOp::LogicalAnd => {
                    binary!(long $float => Bool, x, y, Bool::new((x != 0.0) & (y != 0.0)))
                }
                BinaryOp::LogicalOr => {
                    binary!(long $float => Bool, x, y, Bool::new((x != 0.0) | (y != 0.0)))
                }
                BinaryOp::LogicalXor => {
                    binary!(long $float => Bool, x, y, Bool::new((x != 0.0) ^ (y != 0.0)))
                }
                BinaryOp::BitwiseAnd
                | BinaryOp::BitwiseOr
                | BinaryOp::BitwiseXor
                | BinaryOp::LeftShift
                | BinaryOp::RightShift
                | BinaryOp::Gcd
                | BinaryOp::Lcm => return None,
            })
        }
        }

        /// Python's quotient, rounded down, and remainder, which has the sign of the divisor; by NumPy's steps, because
        /// the quotient may be rounded before it is rounded down.
        #[inline(always)]
        fn $divmod(x: $float, y: $float) -> ($float, $float) {
            // Exact, whatever the library.
            let mut remainder = x % y;
            if y == 0.0 {
                return (x / y, remainder);
            }
            let mut quotient = (x - remainder) / y;
            if remainder == 0.0 {
                remainder = (0.0 as $float).copysign(y);
            } else if (y < 0.0) != (remainder < 0.0) {
                remainder += y;
                quotient -= 1.0;
            }
            if quotient == 0.0 {
                return ((0.0 as $float).copysign(x / y), remainder);
            }
            let floor = quotient.floor();
            (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, remainder)
        }
    };
}

float_kernels!(divmod_f64, f64);
float_kernels!(divmod_f32, f32);
