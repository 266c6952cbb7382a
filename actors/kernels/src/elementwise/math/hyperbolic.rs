//! Hyperbolic functions and their inverses: by exp(x) - 1 and the logarithm of 1 + d, with what a float64 leaves out.

use super::double::Double;
use super::exponential::{exp_less_one, half_exp, scaled_exp};
use super::logarithm::log_of;

/// From here on exp(-x) is nothing beside exp(x), and less than half a unit of it beside 1.
const FAR: f64 = 22.0;
/// 2^28, from which on x² + 1 and x² - 1 are x² beside the digits of x.
const HUGE: f64 = 268_435_456.0;
const ONE: Double = Double { high: 1.0, low: 0.0 };

/// The hyperbolic sine: half of exp(x) - 1 and of (exp(x) - 1) / exp(x).
#[inline(always)]
pub(crate) fn sinh(x: f64) -> f64 {
    let size = x.abs();
    let growth = exp_less_one(size.clamp(0.0, FAR));
    let decay = growth.over(Double::sum(1.0, growth.high).and(growth.low));
    let sum = Double::sum(growth.high, decay.high).and(growth.low + decay.low);
    let near = 0.5 * sum.rounded();
    (if size < FAR { near } else { half_exp(size) }).copysign(x)
}

/// The hyperbolic cosine.
#[inline(always)]
pub(crate) fn cosh(x: f64) -> f64 {
    let size = x.abs();
    let (growth, [first, second]) = scaled_exp(Double { high: size.clamp(0.0, FAR), low: 0.0 });
    let growth = growth.scaled(first).scaled(second);
    let decay = ONE.over(growth);
    let sum = Double::sum(growth.high, decay.high).and(growth.low + decay.low);
    let near = 0.5 * sum.rounded();
    if size < FAR { near } else { half_exp(size) }
}

/// The hyperbolic tangent: (exp(2 x) - 1) / (exp(2 x) + 1).
#[inline(always)]
pub(crate) fn tanh(x: f64) -> f64 {
    // Beyond 22 the result is 1; NaN stays NaN.
    let growth = exp_less_one((2.0 * x.abs()).clamp(0.0, 2.0 * FAR));
    growth.over(Double::sum(2.0, growth.high).and(growth.low)).rounded().copysign(x)
}

/// The inverse of the hyperbolic sine: log(x + √(x² + 1)), from the sum less 1.
#[inline(always)]
pub(crate) fn asinh(x: f64) -> f64 {
    let size = x.abs();
    let square = Double::product(size, size);
    let root = Double::sum(1.0, square.high).and(square.low).sqrt();
    let less_one = Double::sum(size, root.high - 1.0).and(root.low);
    // Infinity and NaN stay what they are.
    (if size < f64::INFINITY { log_of_growth(size, less_one) } else { size }).copysign(x)
}

/// The inverse of the hyperbolic cosine: log(x + √(x² - 1)), from the sum less 1; NaN below 1.
#[inline(always)]
pub(crate) fn acosh(x: f64) -> f64 {
    let less = Double::sum(x, -1.0);
    // x² - 1 = (x - 1)² + 2 (x - 1)
    let square = Double::product(less.high, less.high);
    let both = Double::sum(2.0 * less.high, square.high)
        .and(square.low + 2.0 * less.low * (1.0 + less.high));
    let root = both.sqrt();
    let less_one = Double::sum(less.high, root.high).and(less.low + root.low);
    let result = log_of_growth(x, less_one);
    let result = if x == 1.0 { 0.0 } else { result };
    let result = if x == f64::INFINITY { x } else { result };
    if x >= 1.0 { result } else { f64::NAN }
}

/// log(1 + d), or log(2 x) where x is huge.
#[inline(always)]
fn log_of_growth(x: f64, less_one: Double) -> f64 {
    let huge = x > HUGE;
    let sum = Double::sum(1.0, less_one.high).and(less_one.low);
    // A quarter, whose power of two has an inverse.
    let high = if huge { 0.25 * x } else { sum.high };
    let low = if huge { 0.0 } else { sum.low };
    log_of(Double { high, low }, if huge { 3.0 } else { 0.0 }).rounded()
}

/// The inverse of the hyperbolic tangent: log(1 + 2 x / (1 - x)) / 2; NaN beyond 1.
#[inline(always)]
pub(crate) fn atanh(x: f64) -> f64 {
    let size = x.abs();
    let growth = Double { high: 2.0 * size, low: 0.0 }.over(Double::ordered_sum(1.0, -size));
    let result = 0.5 * log_of(Double::sum(1.0, growth.high).and(growth.low), 0.0).rounded();
    let result = if size == 1.0 { f64::INFINITY } else { result };
    (if size <= 1.0 { result } else { f64::NAN }).copysign(x)
}
