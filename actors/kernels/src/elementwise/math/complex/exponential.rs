//! Exponentials: the size is that of a real power, and the imaginary part turns it.

use super::super::LN_2_REST;
use super::super::double::Double;
use super::super::exponential::{exp as real_exp, scaled_exp};
use num_complex::Complex;
use std::f64::consts::{LN_2, LOG2_E};

/// Beyond it a power of e or of 2 leaves the range whatever it is multiplied by.
const FAR: f64 = 2200.0;

/// A positive number as m 2^n, which may be beyond all floats.
#[derive(Clone, Copy)]
pub(super) struct Scaled {
    significand: f64,
    exponent: i32,
}

impl Scaled {
    /// e to the power of a finite x.
    pub(super) fn exp(x: f64) -> Scaled {
        let x = x.clamp(-FAR, FAR);
        let n = (x * LOG2_E).round_ties_even();
        // Both terms of the first difference are whole multiples of one power of two, so that it is exact.
        let rest = Double::ordered_sum((-n).mul_add(LN_2, x), -n * LN_2_REST);
        let (power, [first, second]) = scaled_exp(rest);
        Scaled { significand: power.rounded() * first * second, exponent: n as i32 }
    }

    /// 2 to the power of a finite x.
    fn exp2(x: f64) -> Scaled {
        let x = x.clamp(-FAR, FAR);
        let n = x.round_ties_even();
        Scaled { significand: libm::exp2(x - n), exponent: n as i32 }
    }

    pub(super) fn halved(self) -> Scaled {
        Scaled { exponent: self.exponent - 1, ..self }
    }

    /// The product with a number of at most 1, rounded to a float in the end.
    pub(super) fn times(self, x: f64) -> f64 {
        // 2^-800 and 2^300: a subnormal number keeps its digits.
        const SMALL: f64 = f64::from_bits((1023 - 800) << 52);
        const UP: f64 = f64::from_bits((1023 + 300) << 52);
        let (x, exponent) = match x.abs() < SMALL {
            true => (x * UP, self.exponent - 300),
            false => (x, self.exponent),
        };
        libm::scalbn(self.significand * x, exponent)
    }
}

/// e to the power of a number.
pub(crate) fn exp(z: Complex<f64>) -> Complex<f64> {
    if let Some(special) = special(z) {
        return special;
    }
    if z.im == 0.0 {
        return Complex::new(real_exp(z.re), z.im);
    }
    let (sin, cos) = libm::sincos(z.im);
    let size = Scaled::exp(z.re);
    Complex::new(size.times(cos), size.times(sin))
}

/// 2 to the power of a number: exact to 2^53 in the imaginary part, beyond which y ln 2 has too few digits for an angle.
pub(crate) fn exp2(z: Complex<f64>) -> Complex<f64> {
    let angle = Double::product(z.im, LN_2).and(z.im * LN_2_REST);
    if let Some(special) = special(Complex::new(z.re, angle.high)) {
        return special;
    }
    if z.im == 0.0 {
        return Complex::new(libm::exp2(z.re), z.im);
    }
    let [(sin, cos), (sin_rest, cos_rest)] = [angle.high, angle.low].map(libm::sincos);
    let size = Scaled::exp2(z.re);
    Complex::new(
        size.times(cos * cos_rest - sin * sin_rest),
        size.times(sin * cos_rest + cos * sin_rest),
    )
}

/// What a power of e is of a number that is not finite; that of 2 is so too, by the angle.
fn special(z: Complex<f64>) -> Option<Complex<f64>> {
    let (x, y) = (z.re, z.im);
    Some(match (x.is_finite(), y.is_finite()) {
        (true, true) => return None,
        (true, false) => Complex::new(f64::NAN, f64::NAN),
        _ if y == 0.0 => Complex::new(real_exp(x), y),
        (false, true) => {
            let ((sin, cos), size) = (libm::sincos(y), real_exp(x));
            Complex::new(size * cos, size * sin)
        }
        _ if x == f64::INFINITY => Complex::new(x, f64::NAN),
        // No angle is known, and NaN stays positive.
        _ if x == f64::NEG_INFINITY => Complex::new(0.0, if y < 0.0 { -0.0 } else { 0.0 }),
        _ => Complex::new(f64::NAN, f64::NAN),
    })
}

/// exp(z) - 1, exact near 0. Of numbers that are not finite it is what the formula gives, as in NumPy, and not the limit.
pub(crate) fn expm1(z: Complex<f64>) -> Complex<f64> {
    /// From here on a power is beside 1 what it is without it, unless its cosine is tiny.
    const LARGE: f64 = 40.0;
    if z.re > LARGE && z.re.is_finite() && z.im.is_finite() {
        let power = exp(z);
        return Complex::new(power.re - 1.0, power.im);
    }
    let (sin, cos) = libm::sincos(z.im);
    let half = libm::sin(0.5 * z.im);
    // cos(y) - 1 = -2 sin²(y / 2)
    Complex::new(libm::expm1(z.re) * cos - 2.0 * half * half, real_exp(z.re) * sin)
}
