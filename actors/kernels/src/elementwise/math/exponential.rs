//! The exponential and what is an expression of it alone.

use super::LN_2_REST;
use super::double::Double;
use std::f64::consts::{LN_2, LOG2_E};

/// Adding it rounds to an integer n, and leaves n + 2046 in the lowest bits: two biases of an exponent.
const ROUND: f64 = 6_755_399_441_055_744.0 + 2046.0; // 1.5 times 2^52, and the biases
/// What [`ROUND`] adds to an exponent.
const BIASES: u64 = 2046;

/// (exp(r) - 1 - r) / r² for |r| at most ln 2 / 2, by a polynomial whose greatest error, relative to exp(r), is the least:
/// below 2^-57, found by the exchange of Remez.
#[inline(always)]
fn tail(r: f64, square: f64) -> f64 {
    // Even and odd powers are summed side by side, because a vector waits for each sum.
    let mut odd = 2.497_838_517_926_333_7e-8;
    odd = square.mul_add(odd, 2.755_764_086_404_958_3e-6);
    odd = square.mul_add(odd, 1.984_126_946_620_729_2e-4);
    odd = square.mul_add(odd, 8.333_333_333_500_047e-3);
    odd = square.mul_add(odd, 0.166_666_666_666_664_33);
    let mut even = 2.762_518_987_696_852_4e-7;
    even = square.mul_add(even, 2.480_150_867_569_402_6e-5);
    even = square.mul_add(even, 1.388_888_892_680_108_5e-3);
    even = square.mul_add(even, 0.041_666_666_666_603_944);
    even = square.mul_add(even, 0.5);
    r.mul_add(odd, even)
}

/// x as n ln 2 + r with |r| at most ln 2 / 2: n as [`ROUND`] leaves it, and exp(r) - 1.
#[inline(always)]
fn reduced_exp(x: f64) -> (u64, f64) {
    let rounded = x.mul_add(LOG2_E, ROUND);
    let n = rounded - ROUND;
    let r = (-n).mul_add(LN_2_REST, (-n).mul_add(LN_2, x));
    let square = r * r;
    (rounded.to_bits(), square.mul_add(tail(r, square), r))
}

/// As [`reduced_exp`], with what a float64 leaves out of the result: an error of 2^-57.
#[inline(always)]
fn reduced(x: Double) -> (u64, Double) {
    let rounded = x.high.mul_add(LOG2_E, ROUND);
    let n = rounded - ROUND;
    // The first product is exact, and so is the difference: both are whole multiples of one power of two.
    let r = Double::ordered_sum((-n).mul_add(LN_2, x.high), (-n).mul_add(LN_2_REST, x.low));
    let square = r.high * r.high;
    let rest = square.mul_add(tail(r.high, square), r.low.mul_add(r.high, r.low));
    (rounded.to_bits(), Double::ordered_sum(r.high, rest))
}

/// The power of two of an exponent that [`ROUND`] leaves, in two factors that are not subnormal themselves.
#[inline(always)]
fn halves(exponent: u64) -> [f64; 2] {
    let half = exponent >> 1;
    [half, exponent - half].map(|half| f64::from_bits(half << 52))
}

/// The power of two, which must be a normal number.
#[inline(always)]
fn power_of_two(exponent: u64) -> f64 {
    f64::from_bits(exponent.wrapping_sub(BIASES / 2) << 52)
}

/// The natural exponential.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    // Beyond these bounds the result is 0 or infinite; NaN stays NaN.
    let (exponent, less_one) = reduced_exp(x.clamp(-746.0, 710.0));
    // In two steps, so that the largest results do not overflow and subnormal ones are rounded once.
    let [first, second] = halves(exponent);
    less_one.mul_add(first, first) * second
}

/// The exponential of a number that is neither far from 0 nor NaN, as a number between 0.7 and 1.5 and the two factors of
/// its scale.
#[inline(always)]
pub(super) fn scaled_exp(x: Double) -> (Double, [f64; 2]) {
    let (exponent, less_one) = reduced(x);
    (Double::ordered_sum(1.0, less_one.high).and(less_one.low), halves(exponent))
}

/// exp(x) / 2 of a positive x, rounded once, also where exp(x) overflows; NaN of NaN.
#[inline(always)]
pub(super) fn half_exp(x: f64) -> f64 {
    let (exponent, less_one) = reduced(Double { high: x.clamp(0.0, 711.0), low: 0.0 });
    let one = Double::ordered_sum(1.0, less_one.high).and(less_one.low);
    let [first, second] = halves(exponent - 1);
    one.rounded() * first * second
}

/// exp(x) - 1 of an x that is not negative and at most 700.
#[inline(always)]
pub(super) fn exp_less_one(x: f64) -> Double {
    let (exponent, less_one) = reduced(Double { high: x, low: 0.0 });
    let power = power_of_two(exponent);
    let scaled = less_one.scaled(power);
    // Without cancellation where the power is 1.
    Double::ordered_sum(power - 1.0, scaled.high).and(scaled.low)
}

/// 1 / (1 + exp(-x)), from the exponential that does not overflow.
#[inline(always)]
pub(crate) fn sigmoid(x: f64) -> f64 {
    let (small, [first, second]) =
        scaled_exp(Double { high: (-x.abs()).clamp(-746.0, 0.0), low: 0.0 });
    let divisor = small.scaled(first).scaled(second);
    let divisor = Double::ordered_sum(1.0, divisor.high).and(divisor.low);
    // Of a negative x the quotient is scaled in the end, so that a subnormal one keeps its digits until then.
    let negative = x < 0.0;
    let one = Double { high: 1.0, low: 0.0 };
    let dividend = Double {
        high: if negative { small.high } else { one.high },
        low: if negative { small.low } else { one.low },
    };
    let quotient = dividend.over(divisor).rounded();
    let first = if negative { first } else { 1.0 };
    let second = if negative { second } else { 1.0 };
    quotient * first * second
}
