//! Powers: the library's, and where it is far off our own.

use super::double::Double;
use super::exponential::scaled_exp;

/// Beyond it the library computes the logarithm of the base to too few places (up to 432 units in the last place of the
/// power are lost); only bases so near to 1 then have a power that is neither 0 nor infinite.
const LARGE: f64 = 2_147_483_648.0; // 2^31
const NEAR_ONE: f64 = 4.8e-7;

/// x to the power of y.
#[inline(always)]
pub(crate) fn power(x: f64, y: f64) -> f64 {
    let less_one = x.abs() - 1.0;
    if y.abs() > LARGE && y.abs() < f64::INFINITY && less_one.abs() < NEAR_ONE && less_one != 0.0 {
        let size = near_one(less_one, y);
        // Of a large y every other number is odd, at most; a fraction of a negative number has no power.
        return match x > 0.0 {
            true => size,
            false if y.fract() != 0.0 => f64::NAN,
            false if y % 2.0 == 0.0 => size,
            false => -size,
        };
    }
    libm::pow(x, y)
}

/// (1 + f) to the power of y, for an f whose fifth power is nothing beside it.
fn near_one(f: f64, y: f64) -> f64 {
    // log(1 + f) = f - f²/2 + f³ (1/3 - f/4)
    let square = Double::product(-0.5 * f, f);
    let log = Double::ordered_sum(f, square.high);
    let log = log.and((f * f * f).mul_add(f.mul_add(-0.25, 1.0 / 3.0), square.low));
    let product = Double::product(log.high, y);
    let exponent = Double { low: log.low.mul_add(y, product.low), ..product };
    // Beyond these bounds the result is 0 or infinite.
    match exponent.high {
        below if below < -746.0 => 0.0,
        above if above > 710.0 => f64::INFINITY,
        _ => {
            let (power, [first, second]) = scaled_exp(exponent);
            power.rounded() * first * second
        }
    }
}
