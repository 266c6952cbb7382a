//! The inverses of the circular and hyperbolic functions.
//!
//! Source: Kahan's formulas, by the roots of 1 - z and 1 + z.

use super::logarithm::log_of_size;
use super::mirrored;
use super::root::sqrt;
use crate::elementwise::math;
use num_complex::Complex;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, LN_2, PI};

/// What the float64 nearest to π/2 leaves out.
const FRAC_PI_2_REST: f64 = 6.123_233_995_736_766e-17;
/// 2^-28: the third power of what is less is nothing beside it.
const SMALL: f64 = 1.0 / 268_435_456.0;
/// 2^60: beside what is greater 1 is nothing.
const LARGE: f64 = 1_152_921_504_606_846_976.0;

/// The arc sine and the arc cosine of x + i y for a y that is not negative, by their real parts and the size of the
/// imaginary part, which both have.
struct Arcs {
    sine: f64,
    cosine: f64,
    height: f64,
}

impl Arcs {
    fn of(x: f64, y: f64) -> Arcs {
        let greater = x.abs().max(y);
        if greater < SMALL {
            return Arcs { sine: x, cosine: FRAC_PI_2 - (x - FRAC_PI_2_REST), height: y };
        }
        if greater > LARGE {
            // The logarithm of 2 |z|, which itself could overflow.
            let size = log_of_size(0.5 * x, 0.5 * y);
            let height = 2.0 * LN_2 + size.rounded();
            return Arcs { sine: libm::atan2(x, y), cosine: libm::atan2(y, x), height };
        }
        if y == 0.0 && x.abs() <= 1.0 {
            return Arcs { sine: libm::asin(x), cosine: libm::acos(x), height: y };
        }
        // All terms of the products are positive.
        let [less, more] = [1.0 - x, 1.0 + x].map(|real| sqrt(Complex::new(real, y)));
        Arcs {
            sine: libm::atan2(x, less.re * more.re + less.im * more.im),
            cosine: 2.0 * libm::atan2(less.re, more.re),
            height: math::asinh(less.re * more.im + less.im * more.re),
        }
    }
}

/// The inverse hyperbolic sine, with cuts on the imaginary axis beyond i and -i.
pub(crate) fn asinh(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    if x.is_finite() && y.is_finite() {
        let arcs = Arcs::of(y, x.abs());
        return Complex::new(arcs.height.copysign(x), arcs.sine.copysign(y));
    }
    let infinite = f64::INFINITY;
    match (x.is_infinite(), y.is_infinite()) {
        (true, true) => Complex::new(x, FRAC_PI_4.copysign(y)),
        (true, false) => Complex::new(x, if y.is_nan() { y } else { 0.0_f64.copysign(y) }),
        (false, true) if x.is_nan() => Complex::new(infinite, x),
        (false, true) => Complex::new(infinite.copysign(x), FRAC_PI_2.copysign(y)),
        (false, false) => Complex::new(f64::NAN, if y == 0.0 { y } else { f64::NAN }),
    }
}

/// The inverse sine, with cuts on the real axis beyond 1 and -1.
pub(crate) fn asin(z: Complex<f64>) -> Complex<f64> {
    mirrored(asinh(mirrored(z)))
}

/// The inverse cosine, with cuts on the real axis beyond 1 and -1.
pub(crate) fn acos(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    // The imaginary part has the other sign.
    let opposite = |size: f64| size.copysign(-y);
    if x.is_finite() && y.is_finite() {
        let arcs = Arcs::of(x, y.abs());
        return Complex::new(arcs.cosine, opposite(arcs.height));
    }
    let infinite = f64::INFINITY;
    match (x.is_infinite(), y.is_infinite()) {
        (true, true) => {
            Complex::new(if x > 0.0 { FRAC_PI_4 } else { 3.0 * FRAC_PI_4 }, opposite(infinite))
        }
        (true, false) if y.is_nan() => Complex::new(y, -infinite),
        (true, false) => Complex::new(if x > 0.0 { 0.0 } else { PI }, opposite(infinite)),
        (false, true) => Complex::new(if x.is_nan() { x } else { FRAC_PI_2 }, opposite(infinite)),
        (false, false) => Complex::new(if x == 0.0 { FRAC_PI_2 } else { f64::NAN }, f64::NAN),
    }
}

/// The inverse hyperbolic cosine, with a cut on the real axis below 1: the arc cosine turned to the right half plane.
pub(crate) fn acosh(z: Complex<f64>) -> Complex<f64> {
    let arc = acos(z);
    match arc.re.is_nan() {
        true => Complex::new(arc.im.abs(), arc.re),
        false => Complex::new(arc.im.abs(), arc.re.copysign(z.im)),
    }
}

/// The inverse hyperbolic tangent, with cuts on the real axis beyond 1 and -1.
pub(crate) fn atanh(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re.abs(), z.im.abs());
    let (real, imaginary) = if x.is_finite() && y.is_finite() {
        quarter_logs(x, y)
    } else if y.is_infinite() {
        (0.0, FRAC_PI_2)
    } else if x.is_infinite() {
        (0.0, if y.is_nan() { y } else { FRAC_PI_2 })
    } else {
        (if x == 0.0 { x } else { f64::NAN }, f64::NAN)
    };
    // Without a number there is no sign.
    let sign = if z.re.is_nan() { 1.0 } else { z.re };
    Complex::new(real.copysign(sign), imaginary.copysign(z.im))
}

/// The parts of (log(1 + z) - log(1 - z)) / 2 for parts of z that are not negative.
fn quarter_logs(x: f64, y: f64) -> (f64, f64) {
    if x.max(y) > LARGE {
        // 1 / z and a right angle; halves keep the absolute value in the range.
        let size = libm::hypot(0.5 * x, 0.5 * y);
        return (0.5 * (0.5 * x / size / size), FRAC_PI_2);
    }
    let less = 1.0 - x;
    let angle = 0.5 * libm::atan2(2.0 * y, less * (1.0 + x) - y * y);
    // Near 1 the square of y may vanish.
    let real = match less == 0.0 && y < SMALL {
        true => 0.5 * (LN_2 - math::log(y)),
        false => 0.25 * libm::log1p(4.0 * x / (less * less + y * y)),
    };
    (real, angle)
}

/// The inverse tangent, with cuts on the imaginary axis beyond i and -i.
pub(crate) fn atan(z: Complex<f64>) -> Complex<f64> {
    mirrored(atanh(mirrored(z)))
}
