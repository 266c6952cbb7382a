//! The functions of complex numbers, as NumPy defines them.
//!
//! Quotients are R. L. Smith's, "Algorithm 116: Complex division", 1962: no square of an operand can leave the range.
//! Complex64 is divided and multiplied in float32, as in NumPy; absolute values, powers and transcendental functions are
//! computed in float64 and rounded once.

use super::kernel::{Kernel, binary, unary};
use super::lane::Bool;
use super::math;
use super::table::Functions;
use num_complex::Complex;
use nums_lshs::{BinaryOp, UnaryOp};

/// What functions and folds of complex numbers are made of.
pub(crate) trait ComplexNumber: Copy {
    type Real;
    fn absolute(self) -> Self::Real;
    fn quotient(self, by: Self) -> Self;
    fn inverse(self) -> Self;
    fn power(self, exponent: Self) -> Self;
    /// NumPy's order, in which real parts count first; false where a NaN leaves it open.
    fn is_greater(self, other: Self, or_equal: bool) -> bool;
}

/// The kernels of a type of complex numbers.
macro_rules! complex_kernels {
    ($float:ident) => {
        impl ComplexNumber for Complex<$float> {
            type Real = $float;

            #[inline(always)]
            fn absolute(self) -> $float {
                libm::hypot(self.re as f64, self.im as f64) as $float
            }

            #[inline(always)]
            fn quotient(self, by: Complex<$float>) -> Complex<$float> {
                let Complex { re, im } = self;
                if by.re.abs() >= by.im.abs() {
                    if by.re == 0.0 && by.im == 0.0 {
                        return Complex::new(re / by.re.abs(), im / by.re.abs());
                    }
                    let ratio = by.im / by.re;
                    let scale = 1.0 / (by.re + by.im * ratio);
                    Complex::new((re + im * ratio) * scale, (im - re * ratio) * scale)
                } else {
                    let ratio = by.re / by.im;
                    let scale = 1.0 / (by.im + by.re * ratio);
                    Complex::new((re * ratio + im) * scale, (im * ratio - re) * scale)
                }
            }

            /// As NumPy's `reciprocal`, whose zeros have other signs than those of a quotient.
            #[inline(always)]
            fn inverse(self) -> Complex<$float> {
                let Complex { re, im } = self;
                if im.abs() <= re.abs() {
                    let ratio = im / re;
                    let divisor = re + im * ratio;
                    Complex::new(1.0 / divisor, -ratio / divisor)
                } else {
                    let ratio = re / im;
                    let divisor = re * ratio + im;
                    Complex::new(ratio / divisor, -1.0 / divisor)
                }
            }

            fn power(self, exponent: Complex<$float>) -> Complex<$float> {
                power(self, exponent, Complex::quotient, |base, exponent| {
                    let [base, exponent] = [base, exponent]
                        .map(|number| Complex::new(number.re as f64, number.im as f64));
                    let power = by_logarithm(base, exponent);
                    Complex::new(power.re as $float, power.im as $float)
                })
            }

            #[inline(always)]
            fn is_greater(self, other: Complex<$float>, or_equal: bool) -> bool {
                let by_real = self.re > other.re && !self.im.is_nan() && !other.im.is_nan();
                let by_imaginary = self.im > other.im || (or_equal && self.im == other.im);
                by_real || (self.re == other.re && by_imaginary)
            }
        }

        impl Functions for Complex<$float> {
            fn unary(op: UnaryOp) -> Option<Kernel> {
                type Number = Complex<$float>;
                macro_rules! test {
                    ($x:ident, $holds:expr) => {
                        unary!(Number => Bool, $x, Bool::new($holds))
                    };
                }
                /// A function that is computed in float64.
                macro_rules! through {
                    ($function:path) => {
                        unary!(long Number => Number, x, {
                            let value = $function(Complex::new(x.re as f64, x.im as f64));
                            Complex::new(value.re as $float, value.im as $float)
                        })
                    };
                }
                Some(match op {
                    UnaryOp::Negative => unary!(Number => Number, x, -x),
                    UnaryOp::Absolute => unary!(long Number => $float, x, x.absolute()),
                    UnaryOp::Sign => unary!(long Number => Number, x, {
                        let length = x.absolute();
                        let infinite = length.is_infinite();
                        if x == Number::ZERO {
                            Number::ZERO
                        } else if infinite && x.re.is_infinite() != x.im.is_infinite() {
                            // The finite part does not count beside the infinite one.
                            let part = |part: $float| if part.is_infinite() { part.signum() } else { 0.0 };
                            Complex::new(part(x.re), part(x.im))
                        } else {
                            Complex::new(x.re / length, x.im / length)
                        }
                    }),
                    UnaryOp::Sqrt => through!(math::complex::sqrt),
                    UnaryOp::Square => unary!(Number => Number, x, {
                        Complex::new(x.re * x.re - x.im * x.im, x.re * x.im + x.im * x.re)
                    }),
                    UnaryOp::Reciprocal => {
                        unary!(long Number => Number, x, x.inverse())
                    }
                    UnaryOp::Exp => through!(math::complex::exp),
                    UnaryOp::Exp2 => through!(math::complex::exp2),
                    UnaryOp::Expm1 => through!(math::complex::expm1),
                    UnaryOp::Log => through!(math::complex::log),
                    UnaryOp::Log2 => through!(math::complex::log2),
                    UnaryOp::Log10 => through!(math::complex::log10),
                    UnaryOp::Log1p => through!(math::complex::log1p),
                    UnaryOp::Sin => through!(math::complex::sin),
                    UnaryOp::Cos => through!(math::complex::cos),
                    UnaryOp::Tan => through!(math::complex::tan),
                    UnaryOp::Asin => through!(math::complex::asin),
                    UnaryOp::Acos => through!(math::complex::acos),
                    UnaryOp::Atan => through!(math::complex::atan),
                    UnaryOp::Sinh => through!(math::complex::sinh),
                    UnaryOp::Cosh => through!(math::complex::cosh),
                    UnaryOp::Tanh => through!(math::complex::tanh),
                    UnaryOp::Asinh => through!(math::complex::asinh),
                    UnaryOp::Acosh => through!(math::complex::acosh),
                    UnaryOp::Atanh => through!(math::complex::atanh),
                    UnaryOp::Rint => unary!(Number => Number, x, {
                        Complex::new(x.re.round_ties_even(), x.im.round_ties_even())
                    }),
                    UnaryOp::Real => unary!(Number => $float, x, x.re),
                    UnaryOp::Imag => unary!(Number => $float, x, x.im),
                    UnaryOp::Conjugate => unary!(Number => Number, x, x.conj()),
                    UnaryOp::IsNan => test!(x, x.is_nan()),
                    UnaryOp::IsInf => test!(x, x.re.is_infinite() | x.im.is_infinite()),
                    UnaryOp::IsFinite => test!(x, x.re.is_finite() & x.im.is_finite()),
                    UnaryOp::LogicalNot => test!(x, (x.re == 0.0) & (x.im == 0.0)),
                    UnaryOp::Floor
                    | UnaryOp::Ceil
                    | UnaryOp::Trunc
                    | UnaryOp::SignBit
                    | UnaryOp::Invert
                    | UnaryOp::Sigmoid
                    | UnaryOp::Cbrt
                    | UnaryOp::Spacing
                    | UnaryOp::BitwiseCount => return None,
                })
            }

            fn binary(op: BinaryOp) -> Option<Kernel> {
                type Number = Complex<$float>;
                macro_rules! compare {
                    ($x:ident, $y:ident, $holds:expr) => {
                        binary!(long Number => Bool, $x, $y, Bool::new($holds))
                    };
                }
                macro_rules! truth {
                    ($x:ident, $y:ident, $holds:expr) => {
                        binary!(long Number => Bool, x, y, {
                            let ($x, $y) = (x != Number::ZERO, y != Number::ZERO);
                            Bool::new($holds)
                        })
                    };
                }
                macro_rules! choose {
                    ($x:ident, $y:ident, $first:expr) => {
                        binary!(long Number => Number, $x, $y, if $first { $x } else { $y })
                    };
                }
                Some(match op {
                    BinaryOp::Add => binary!(Number => Number, x, y, x + y),
                    BinaryOp::Subtract => binary!(Number => Number, x, y, x - y),
                    BinaryOp::Multiply => binary!(Number => Number, x, y, x * y),
                    BinaryOp::Divide => binary!(long Number => Number, x, y, x.quotient(y)),
                    BinaryOp::Power => binary!(long Number => Number, x, y, x.power(y)),
                    BinaryOp::Maximum => choose!(x, y, x.is_nan() || x.is_greater(y, true)),
                    BinaryOp::Minimum => choose!(x, y, x.is_nan() || y.is_greater(x, true)),
                    BinaryOp::Fmax => choose!(x, y, y.is_nan() || x.is_greater(y, true)),
                    BinaryOp::Fmin => choose!(x, y, y.is_nan() || y.is_greater(x, true)),
                    BinaryOp::Equal => compare!(x, y, x == y),
                    BinaryOp::NotEqual => compare!(x, y, x != y),
                    BinaryOp::Less => compare!(x, y, y.is_greater(x, false)),
                    BinaryOp::LessEqual => compare!(x, y, y.is_greater(x, true)),
                    BinaryOp::Greater => compare!(x, y, x.is_greater(y, false)),
                    BinaryOp::GreaterEqual => compare!(x, y, x.is_greater(y, true)),
                    BinaryOp::LogicalAnd => truth!(x, y, x & y),
                    BinaryOp::LogicalOr => truth!(x, y, x | y),
                    BinaryOp::LogicalXor => truth!(x, y, x ^ y),
                    _ => return None,
                })
            }
        }
    };
}

complex_kernels!(f32);
complex_kernels!(f64);

/// NumPy's power: of small whole exponents by products, which are exact where squares are, otherwise by logarithms.
fn power<F: num_traits::Float>(
    base: Complex<F>,
    exponent: Complex<F>,
    quotient: impl Fn(Complex<F>, Complex<F>) -> Complex<F>,
    general: impl Fn(Complex<F>, Complex<F>) -> Complex<F>,
) -> Complex<F> {
    const PRODUCTS_MAX: i32 = 100;
    let [zero, one] = [F::zero(), F::one()];
    let unit = Complex::new(one, zero);
    if exponent.re == zero && exponent.im == zero {
        return unit;
    }
    if base.re == zero && base.im == zero {
        let nan = F::nan();
        let vanishes = exponent.re > zero;
        return if vanishes { Complex::new(zero, zero) } else { Complex::new(nan, nan) };
    }
    let whole = exponent.re.to_i32().filter(|&whole| {
        exponent.im == zero && F::from(whole) == Some(exponent.re) && whole.abs() < PRODUCTS_MAX
    });
    let Some(whole) = whole else { return general(base, exponent) };
    let (mut power, mut square, mut rest) = (unit, base, whole.unsigned_abs());
    let mut first = true;
    while rest > 0 {
        if rest & 1 == 1 {
            power = if first { square } else { power * square };
            first = false;
        }
        square = square * square;
        rest >>= 1;
    }
    if whole < 0 { quotient(unit, power) } else { power }
}

/// exp(exponent log(base)), in polar form.
fn by_logarithm(base: Complex<f64>, exponent: Complex<f64>) -> Complex<f64> {
    let length = math::log(libm::hypot(base.re, base.im));
    let angle = libm::atan2(base.im, base.re);
    let scale = math::exp(exponent.re * length - exponent.im * angle);
    let turn = exponent.re * angle + exponent.im * length;
    Complex::new(scale * libm::cos(turn), scale * libm::sin(turn))
}
