//! Transcendental functions of float64 without branches, so that loops over them become vector code.
//!
//! They use no table and no instruction whose result depends on the processor: a fused multiply-add is exact wherever
//! it is computed. The method is argument reduction and a polynomial: J.-M. Muller, "Elementary Functions", 2016,
//! chapters 3 and 11. The golden values of the tests hold them to less than two units in the last place.

use std::f64::consts::{LN_2, LOG2_E};

/// What the float64 nearest to ln 2 leaves out.
const LN_2_REST: f64 = 2.319_046_813_846_299_6e-17;
/// ln 2 in two parts, the first so short that its product with an exponent is exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Adding it rounds to an integer n, and leaves n + 2046 in the lowest bits: two biases of an exponent.
const ROUND: f64 = 6_755_399_441_055_744.0 + 2046.0; // 1.5 times 2^52, and the biases

/// x as n ln 2 + r with |r| at most ln 2 / 2: n as [`ROUND`] leaves it, and exp(r) - 1.
#[inline(always)]
fn reduced_exp(x: f64) -> (u64, f64) {
    let rounded = x.mul_add(LOG2_E, ROUND);
    let n = rounded - ROUND;
    let r = (-n).mul_add(LN_2_REST, (-n).mul_add(LN_2, x));
    // (exp(r) - 1 - r) / r² by a polynomial whose greatest error, relative to exp(r), is the least: below 2^-57, found
    // by the exchange of Remez. Even and odd powers are summed side by side, because a vector waits for each sum.
    let square = r * r;
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
    (rounded.to_bits(), square.mul_add(r.mul_add(odd, even), r))
}

/// The natural exponential.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    // Beyond these bounds the result is 0 or infinite; NaN stays NaN.
    let (exponent, less_one) = reduced_exp(x.clamp(-746.0, 710.0));
    // In two steps, each with a bias, so that the largest results do not overflow and subnormal ones are rounded once.
    let half = exponent >> 1;
    let [first, second] = [half, exponent - half].map(|half| f64::from_bits(half << 52));
    less_one.mul_add(first, first) * second
}

/// The natural logarithm.
#[inline(always)]
pub(crate) fn log(x: f64) -> f64 {
    const SCALE: f64 = 18_014_398_509_481_984.0; // 2^54
    const LEAST: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    const MANTISSA: u64 = (1 << 52) - 1;
    /// The exponent field of 2^52, under which an integer counts as such.
    const INTEGER: u64 = 0x4330_0000_0000_0000;
    let subnormal = x < f64::MIN_POSITIVE;
    let normal = if subnormal { x * SCALE } else { x };
    // x = 2^k m with m between the roots of 1/2 and 2; k is kept positive by 1024 while it is an integer.
    let shifted = normal.to_bits().wrapping_sub(LEAST);
    let biased = shifted.wrapping_add(1024 << 52) >> 52;
    let exponent = f64::from_bits(biased | INTEGER) - (4_503_599_627_370_496.0 + 1024.0);
    let k = if subnormal { exponent - 54.0 } else { exponent };
    let m = f64::from_bits((shifted & MANTISSA).wrapping_add(LEAST));
    // log m = 2 atanh s, as a series in s².
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let mut series = 2.0 / 23.0;
    series = z.mul_add(series, 2.0 / 21.0);
    series = z.mul_add(series, 2.0 / 19.0);
    series = z.mul_add(series, 2.0 / 17.0);
    series = z.mul_add(series, 2.0 / 15.0);
    series = z.mul_add(series, 2.0 / 13.0);
    series = z.mul_add(series, 2.0 / 11.0);
    series = z.mul_add(series, 2.0 / 9.0);
    series = z.mul_add(series, 2.0 / 7.0);
    series = z.mul_add(series, 2.0 / 5.0);
    series = z.mul_add(series, 2.0 / 3.0);
    // 2 s = f - f²/2 + s f²/2, of which f is exact.
    let half_square = 0.5 * f * f;
    let small = s.mul_add(z.mul_add(series, half_square), k * LN_2_LOW);
    let result = k.mul_add(LN_2_HIGH, f - (half_square - small));
    // Selections one by one stay vector code.
    let result = if x == f64::INFINITY { x } else { result };
    let result = if x == 0.0 { f64::NEG_INFINITY } else { result };
    if x >= 0.0 { result } else { f64::NAN }
}

/// The hyperbolic tangent.
#[inline(always)]
pub(crate) fn tanh(x: f64) -> f64 {
    // Beyond 22 the result is 1; NaN stays NaN.
    let (exponent, less_one) = reduced_exp((2.0 * x.abs()).clamp(0.0, 44.0));
    // exp(2|x|) - 1, without cancellation where it is small.
    let power = f64::from_bits((exponent - 1023) << 52);
    let less_one = power.mul_add(less_one, power - 1.0);
    (less_one / (less_one + 2.0)).copysign(x)
}

/// 1 / (1 + exp(-x)), from the exponential that does not overflow.
#[inline(always)]
pub(crate) fn sigmoid(x: f64) -> f64 {
    let small = exp(-x.abs());
    (if x < 0.0 { small } else { 1.0 }) / (1.0 + small)
}

/// log(exp(x) + exp(y)), from the exponential that does not overflow.
#[inline(always)]
pub(crate) fn log_add_exp(x: f64, y: f64) -> f64 {
    if x == y {
        // Also two infinities of one sign.
        return x + LN_2;
    }
    let difference = (x - y).abs();
    let greater = if x > y { x } else { y };
    if difference.is_nan() { difference } else { greater + libm::log1p(exp(-difference)) }
}
