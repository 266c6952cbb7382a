//! Logarithms: that of the absolute value, and the angle.

use super::super::double::Double;
use super::super::logarithm::log_of;
use num_complex::Complex;
use std::f64::consts::{LOG2_E, LOG10_E};

/// What the float64 nearest to log2(e) leaves out.
const LOG2_E_REST: f64 = 2.035_527_374_093_103_3e-17;
/// What the float64 nearest to log10(e) leaves out.
const LOG10_E_REST: f64 = 1.098_319_650_216_765e-17;

/// The natural logarithm.
pub(crate) fn log(z: Complex<f64>) -> Complex<f64> {
    Complex::new(log_of_size(z.re, z.im).rounded(), libm::atan2(z.im, z.re))
}

/// The logarithm to base 2.
pub(crate) fn log2(z: Complex<f64>) -> Complex<f64> {
    to_base(z, Double { high: LOG2_E, low: LOG2_E_REST })
}

/// The logarithm to base 10.
pub(crate) fn log10(z: Complex<f64>) -> Complex<f64> {
    to_base(z, Double { high: LOG10_E, low: LOG10_E_REST })
}

/// The logarithm to a base, of which the logarithm of e is given.
fn to_base(z: Complex<f64>, factor: Double) -> Complex<f64> {
    let size = log_of_size(z.re, z.im);
    let real = match size.high.is_finite() {
        true => {
            let product = Double::product(size.high, factor.high);
            product.and(size.high * factor.low + size.low * factor.high).rounded()
        }
        false => size.high,
    };
    Complex::new(real, libm::atan2(z.im, z.re) * factor.high)
}

/// log(1 + z), exact near 0.
pub(crate) fn log1p(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    let one_more = 1.0 + x;
    // The sum is exact near -1, and far away what it leaves out is nothing beside the logarithm.
    let near = x > -0.5 && x.abs() < 8.0 && y.abs() < 8.0;
    let size = match near {
        // |1 + z|² - 1 = 2 x + x² + y²
        true => half_log(size_more(2.0 * x, x, y), 0.0),
        false => log_of_size(one_more, y),
    };
    Complex::new(size.rounded(), libm::atan2(y, one_more))
}

/// log |x + i y| as a sum of two numbers, of which the second is 0 where the first is not finite.
pub(super) fn log_of_size(x: f64, y: f64) -> Double {
    /// Between a number and its inverse squares neither overflow nor lose digits that count.
    const LARGE: f64 = f64::from_bits((1023 + 450) << 52);
    const SMALL: f64 = 1.0 / LARGE;
    /// As much as takes the least and the greatest number between the two.
    const SCALE: f64 = f64::from_bits((1023 + 700) << 52);
    let exactly = |high| Double { high, low: 0.0 };
    if x.is_infinite() || y.is_infinite() {
        return exactly(f64::INFINITY);
    }
    if x.is_nan() || y.is_nan() {
        return exactly(f64::NAN);
    }
    let (greater, lesser) = (x.abs().max(y.abs()), x.abs().min(y.abs()));
    let (scale, power) = match greater {
        0.0 => return exactly(f64::NEG_INFINITY),
        large if large > LARGE => (1.0 / SCALE, 1400.0),
        small if small < SMALL => (SCALE, -1400.0),
        _ => (1.0, 0.0),
    };
    let [greater, lesser] = [greater * scale, lesser * scale];
    match (0.5..2.0).contains(&greater) {
        // Near 1 what is left of the squares is what counts.
        true => half_log(size_more(-1.0, greater, lesser), power),
        false => {
            let [square, other] = [greater, lesser].map(|part| Double::product(part, part));
            let sum = Double::ordered_sum(square.high, other.high);
            halved(log_of(sum.and(square.low + other.low), power))
        }
    }
}

/// `first` + x² + y², summed so that hardly a digit is lost where it is nearly 0.
fn size_more(first: f64, x: f64, y: f64) -> Double {
    let [square, other] = [x, y].map(|part| Double::product(part, part));
    let one = Double::sum(first, square.high);
    let two = Double::sum(one.high, other.high);
    let small = Double::sum(square.low, other.low);
    let all = Double::sum(two.high, small.high);
    Double::sum(all.high, all.low + (one.low + two.low + small.low))
}

/// log(2^power (1 + d)) / 2
fn half_log(more: Double, power: f64) -> Double {
    halved(log_of(Double::sum(1.0, more.high).and(more.low), power))
}

fn halved(x: Double) -> Double {
    x.scaled(0.5)
}
