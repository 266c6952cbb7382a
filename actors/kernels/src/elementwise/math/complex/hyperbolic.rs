//! Hyperbolic functions of complex numbers, and the circular ones, which are the same of the mirrored number.

use super::exponential::Scaled;
use super::mirrored;
use crate::elementwise::math;
use num_complex::Complex;

/// From here on exp(-|x|) is nothing beside exp(|x|).
const FAR: f64 = 22.0;

/// sinh(x) cos(y) + i cosh(x) sin(y)
pub(crate) fn sinh(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    if y == 0.0 {
        return Complex::new(math::sinh(x), y);
    }
    if !y.is_finite() {
        // No angle is known: a zero stays, and what is infinite has a positive sign.
        return match x {
            0.0 => Complex::new(x, f64::NAN),
            x => Complex::new(if x.is_infinite() { x.abs() } else { f64::NAN }, f64::NAN),
        };
    }
    let (sin, cos) = libm::sincos(y);
    if x.is_finite() && x.abs() >= FAR {
        let half = Scaled::exp(x.abs()).halved();
        return Complex::new(half.times(cos.copysign(cos * x)), half.times(sin));
    }
    Complex::new(math::sinh(x) * cos, math::cosh(x) * sin)
}

/// cosh(x) cos(y) + i sinh(x) sin(y)
pub(crate) fn cosh(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    if y == 0.0 {
        // NaN takes no part in the sign.
        let zero = if x < 0.0 || (x == 0.0 && x.is_sign_negative()) { -y } else { y };
        return Complex::new(math::cosh(x), zero);
    }
    if !y.is_finite() {
        return match x {
            0.0 => Complex::new(f64::NAN, 0.0),
            x => Complex::new(if x.is_infinite() { x.abs() } else { f64::NAN }, f64::NAN),
        };
    }
    let (sin, cos) = libm::sincos(y);
    if x.is_finite() && x.abs() >= FAR {
        let half = Scaled::exp(x.abs()).halved();
        return Complex::new(half.times(cos), half.times(sin.copysign(sin * x)));
    }
    Complex::new(math::cosh(x) * cos, math::sinh(x) * sin)
}

/// (sinh(x) cosh(x) + i sin(y) cos(y)) / (sinh²(x) + cos²(y))
pub(crate) fn tanh(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    if y == 0.0 {
        return Complex::new(math::tanh(x), y);
    }
    if x.is_infinite() {
        // The zero has the sign of sin(2 y).
        let side = if y.is_finite() {
            let (sin, cos) = libm::sincos(y);
            sin * cos
        } else {
            y
        };
        let negative = side < 0.0;
        return Complex::new(1.0_f64.copysign(x), if negative { -0.0 } else { 0.0 });
    }
    if !y.is_finite() {
        return Complex::new(if x == 0.0 { x } else { f64::NAN }, f64::NAN);
    }
    if x == 0.0 {
        return Complex::new(x, libm::tan(y));
    }
    let (sin, cos) = libm::sincos(y);
    if x.abs() >= FAR {
        // 1 / (sinh²(x) + cos²(y)) is 4 exp(-2 |x|).
        let decay = Scaled::exp(-2.0 * x.abs());
        return Complex::new(1.0_f64.copysign(x), 4.0 * decay.times(sin * cos));
    }
    let (sinh, cosh) = (math::sinh(x), math::cosh(x));
    let divisor = sinh.mul_add(sinh, cos * cos);
    Complex::new(sinh * cosh / divisor, sin * cos / divisor)
}

pub(crate) fn sin(z: Complex<f64>) -> Complex<f64> {
    mirrored(sinh(mirrored(z)))
}

/// cosh(i z)
pub(crate) fn cos(z: Complex<f64>) -> Complex<f64> {
    cosh(Complex::new(-z.im, z.re))
}

pub(crate) fn tan(z: Complex<f64>) -> Complex<f64> {
    mirrored(tanh(mirrored(z)))
}
