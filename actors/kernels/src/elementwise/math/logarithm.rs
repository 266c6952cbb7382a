//! The natural logarithm.

use super::double::Double;

/// ln 2 in two parts, the first so short that its product with an exponent is exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// The exponent k, as a float, and the m between the roots of 1/2 and 2 of a normal number 2^k m.
#[inline(always)]
fn parts(normal: f64) -> (f64, f64) {
    const LEAST: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    const MANTISSA: u64 = (1 << 52) - 1;
    /// The exponent field of 2^52, under which an integer counts as such.
    const INTEGER: u64 = 0x4330_0000_0000_0000;
    // k is kept positive by 1024 while it is an integer.
    let shifted = normal.to_bits().wrapping_sub(LEAST);
    let biased = shifted.wrapping_add(1024 << 52) >> 52;
    let exponent = f64::from_bits(biased | INTEGER) - (4_503_599_627_370_496.0 + 1024.0);
    (exponent, f64::from_bits((shifted & MANTISSA).wrapping_add(LEAST)))
}

/// (2 atanh s - 2 s) / s³, as a series in z = s².
#[inline(always)]
fn tail(z: f64) -> f64 {
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
    z.mul_add(series, 2.0 / 3.0)
}

/// The natural logarithm.
#[inline(always)]
pub(crate) fn log(x: f64) -> f64 {
    const SCALE: f64 = 18_014_398_509_481_984.0; // 2^54
    let subnormal = x < f64::MIN_POSITIVE;
    let normal = if subnormal { x * SCALE } else { x };
    let (exponent, m) = parts(normal);
    let k = if subnormal { exponent - 54.0 } else { exponent };
    // log m = 2 atanh s
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    // 2 s = f - f²/2 + s f²/2, of which f is exact.
    let half_square = 0.5 * f * f;
    let small = s.mul_add(z.mul_add(tail(z), half_square), k * LN_2_LOW);
    let result = k.mul_add(LN_2_HIGH, f - (half_square - small));
    // Selections one by one stay vector code.
    let result = if x == f64::INFINITY { x } else { result };
    let result = if x == 0.0 { f64::NEG_INFINITY } else { result };
    if x >= 0.0 { result } else { f64::NAN }
}

/// The natural logarithm of 2^`power` times a number between 2^-1022 and 2^1022, with an error of about 2^-56 of the
/// result; of 1 + d as [`Double::sum`] gives it the error is relative to d.
#[inline(always)]
pub(super) fn log_of(x: Double, power: f64) -> Double {
    let (exponent, m) = parts(x.high);
    let k = exponent + power;
    // What a float64 leaves out is scaled as the rest: 2^-exponent from the bits of the two.
    let scale =
        f64::from_bits(m.to_bits().wrapping_sub(x.high.to_bits()).wrapping_add(1.0_f64.to_bits()));
    let f = Double::ordered_sum(m - 1.0, x.low * scale);
    let s = f.high / (2.0 + f.high);
    let z = s * s;
    let square = Double::product(0.5 * f.high, f.high);
    // log(f + d) = log(f) + d / (1 + f) to first order, and 1 / (1 + f) to a few places.
    let rest = f.low * f.high.mul_add(f.high - 1.0, 1.0) - square.low;
    let small = s.mul_add(z.mul_add(tail(z), square.high), k.mul_add(LN_2_LOW, rest));
    let sum = Double::sum(k * LN_2_HIGH, f.high);
    let less = Double::ordered_sum(sum.high, -square.high);
    Double::sum(less.high, less.low + sum.low + small)
}
