//! The distance of a float from an exact value in units of its last place.

use crate::points::Float;
use crate::reference::{Big, Exact};

/// The distance in units of the last place that the exact value has as a float; infinity counts as the next power of two.
/// A wrong kind of value is infinitely far away.
pub(crate) fn ulps(float: Float, found: f64, exact: &Exact) -> f64 {
    let wrong = |holds: bool| if holds { 0.0 } else { f64::INFINITY };
    match exact {
        Exact::Undefined => wrong(found.is_nan()),
        Exact::Infinite { negative } => {
            wrong(found.is_infinite() && found.is_sign_negative() == *negative)
        }
        Exact::Number(_) if found.is_nan() => f64::INFINITY,
        Exact::Number(exact) => distance(float, found, exact),
    }
}

fn distance(float: Float, found: f64, exact: &Big) -> f64 {
    let (least, greatest) = (*float.exponents().start(), *float.exponents().end());
    let beyond = Big::from_parts(1.into(), greatest as isize + 1);
    let sign = if found < 0.0 { -1.0 } else { 1.0 };
    let wanted = exact.repr();
    if wanted.significand().is_zero() {
        return if found == 0.0 { 0.0 } else { f64::INFINITY };
    }
    // Of what is no float at all the last infinity is right.
    let exponent = wanted.exponent() + wanted.digits() as isize - 1;
    let last = exponent.clamp(least as isize + float.places() as isize - 1, greatest as isize)
        - (float.places() as isize - 1);
    let found = if found.is_infinite() {
        if exponent > greatest as isize {
            return if exact.to_f64().value().signum() == sign { 0.0 } else { f64::INFINITY };
        }
        beyond * Big::try_from(sign).expect("a finite number")
    } else if exponent > greatest as isize {
        // The exact value may round down to the greatest number.
        let clipped = if exact.to_f64().value() < 0.0 { -beyond } else { beyond };
        return scaled(&(Big::try_from(found).expect("finite") - clipped), last);
    } else {
        Big::try_from(found).expect("a finite number")
    };
    let found = found.with_precision(400).value();
    scaled(&(found - exact), last)
}

fn scaled(difference: &Big, last: isize) -> f64 {
    (difference.clone() >> last).to_f64().value().abs()
}
