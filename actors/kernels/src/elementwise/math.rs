//! Transcendental functions of float64 without branches, so that loops over them become vector code.
//!
//! They use no table and no instruction whose result depends on the processor: a fused multiply-add is exact wherever
//! it is computed. The method is argument reduction and a polynomial: J.-M. Muller, "Elementary Functions", 2016,
//! chapters 3 and 11. The golden values of the tests hold them to less than two units in the last place.

use std::f64::consts::{LN_2, LOG2_E};

/// Adding it rounds to an integer, which then stands in the lowest bits: 1.5 times 2^52.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// What the float64 nearest to ln 2 leaves out.
const LN_2_REST: f64 = 2.319_046_813_846_299_6e-17;
/// ln 2 in two parts, the first so short that its product with an exponent is exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// x as n ln 2 + r with |r| at most ln 2 / 2, and exp(r) - 1.
#[inline(always)]
fn reduced_exp(x: f64) -> (f64, f64) {
    let n = x.mul_add(LOG2_E, ROUND) - ROUND;
    let r = (-n).mul_add(LN_2_REST, (-n).mul_add(LN_2, x));
    // The series to the 13th power: the next term is below 2^-57.
    let mut series = 1.0 / 6_227_020_800.0;
    series = r.mul_add(series, 1.0 / 479_001_600.0);
    series = r.mul_add(series, 1.0 / 39_916_800.0);
    series = r.mul_add(series, 1.0 / 3_628_800.0);
    series = r.mul_add(series, 1.0 / 362_880.0);
    series = r.mul_add(series, 1.0 / 40_320.0);
    series = r.mul_add(series, 1.0 / 5_040.0);
    series = r.mul_add(series, 1.0 / 720.0);
    series = r.mul_add(series, 1.0 / 120.0);
    series = r.mul_add(series, 1.0 / 24.0);
    series = r.mul_add(series, 1.0 / 6.0);
    series = r.mul_add(series, 0.5);
    (n, (r * r).mul_add(series, r))
}

/// 2 to the power of an integer between -1022 and 1023.
#[inline(always)]
fn power_of_two(n: f64) -> f64 {
    f64::from_bits((n + ROUND).to_bits().wrapping_add(1023) << 52)
}

/// The natural exponential.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    // Beyond these bounds the result is 0 or infinite; NaN stays NaN.
    let (n, less_one) = reduced_exp(x.clamp(-746.0, 710.0));
    // In two steps, so that the largest results do not overflow and subnormal ones are rounded once.
    let half = (n.mul_add(0.5, ROUND)) - ROUND;
    (1.0 + less_one) * power_of_two(half) * power_of_two(n - half)
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
    let (n, less_one) = reduced_exp((2.0 * x.abs()).clamp(0.0, 44.0));
    // exp(2|x|) - 1, without cancellation where it is small.
    let power = power_of_two(n);
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
