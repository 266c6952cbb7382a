//! log(exp(x) + exp(y)).

use super::LN_2_REST;
use super::double::Double;
use super::exponential::{exp, scaled_exp};
use super::fixed::{Fixed, mantissa_and_exponent};
use super::logarithm::log_of;
use std::f64::consts::{LN_2, LOG2_E};

/// log(exp(x) + exp(y)), from the exponential that does not overflow.
#[inline(always)]
pub(crate) fn log_add_exp(x: f64, y: f64) -> f64 {
    if x == y {
        // Also two infinities of one sign.
        return (x + LN_2) + LN_2_REST;
    }
    let (greater, lesser) = if x > y { (x, y) } else { (y, x) };
    let difference = Double::sum(lesser, -greater);
    if difference.high < -746.0 {
        // The lesser one counts nothing, or is -inf: it adds log(1), which makes a zero positive.
        return greater + 0.0;
    }
    if difference.high.is_nan() {
        return f64::NAN;
    }
    // What the lesser one adds. Where that is little beside the sum, it need not be known to all places: it is off by some
    // of its units in the last place, and by half a unit of the difference.
    let more = libm::log1p(exp(difference.high));
    let sum = greater + more;
    if sum.abs() >= more * (4.0 - difference.high) {
        return sum;
    }
    let (exp, [first, second]) = scaled_exp(difference);
    let exp = exp.scaled(first).scaled(second);
    let more = log_of(Double::ordered_sum(1.0, exp.high).and(exp.low), 0.0);
    let result = Double::sum(greater, more.high);
    let rounded = result.high + (result.low + more.low);
    if rounded.abs() < 0.125 * more.high { near_zero(greater, lesser) } else { rounded }
}

/// The same where the two parts cancel, by their sum to so many places that they can cancel: log(1 + d) with
/// d = exp(y) - (1 - exp(x)).
#[cold]
#[inline(never)]
fn near_zero(greater: f64, lesser: f64) -> f64 {
    // The last terms are below the last place.
    const TERMS: u64 = 46;
    // exp(y) = 2^-k exp(r), with r = k ln 2 + y from 0 to about ln 2
    let k = (-lesser * LOG2_E).floor() as u64 + 1;
    let r = Fixed::LN_2.times_whole(k).minus(Fixed::new(-lesser));
    let power = (1..=TERMS)
        .rev()
        .fold(Fixed::ONE, |series, term| Fixed::ONE.plus(series.times(r).over_whole(term)));
    // 1 - exp(-a) = a (1 - a/2 (1 - a/3 (1 - ...))), of an a that may be too small for the places
    let (mantissa, exponent) = mantissa_and_exponent(-greater);
    let a = Fixed::new(-greater);
    let series = (2..=TERMS)
        .rev()
        .fold(Fixed::ONE, |series, term| Fixed::ONE.minus(series.times(a).over_whole(term)));
    let less = series.times_whole(mantissa).shifted(exponent + k as i32);
    let (size, sign) = match power.is_less(less) {
        true => (less.minus(power), -1.0),
        false => (power.minus(less), 1.0),
    };
    // In two steps, because one factor may be too small to be a number.
    let half = 0.5_f64.powi(k as i32 / 2);
    let d = size.to_double().scaled(sign * half).scaled(0.5_f64.powi(k as i32 - k as i32 / 2));
    log_of(Double::sum(1.0, d.high).and(d.low), 0.0).rounded()
}
