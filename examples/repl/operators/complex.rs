//! Python's complex numbers.

use super::Operation;
use crate::{
    exception::{Exception, Kind},
    value::Value,
};
use nums::Complex;

/// The most that a whole exponent may be for the power to be made of products.
const EXPONENT_MAX: f64 = 100.0;

/// Arithmetic of complex numbers; nothing for an operator that they do not have.
pub(super) fn arithmetic(
    operation: Operation,
    left: Complex<f64>,
    right: Complex<f64>,
) -> Result<Option<Value>, Exception> {
    let value = match operation {
        Operation::Add => left + right,
        Operation::Sub => left - right,
        Operation::Mul => left * right,
        Operation::Div => quotient(left, right)?,
        Operation::Pow => power(left, right)?,
        _ => return Ok(None),
    };
    Ok(Some(Value::Complex(value)))
}

/// The quotient by Smith's algorithm, as CPython has it.
fn quotient(left: Complex<f64>, right: Complex<f64>) -> Result<Complex<f64>, Exception> {
    if right.re == 0.0 && right.im == 0.0 {
        return Err(Exception::new(Kind::ZeroDivision, "complex division by zero"));
    }
    Ok(if right.re.abs() >= right.im.abs() {
        let ratio = right.im / right.re;
        let divisor = right.re + right.im * ratio;
        Complex::new((left.re + left.im * ratio) / divisor, (left.im - left.re * ratio) / divisor)
    } else {
        let ratio = right.re / right.im;
        let divisor = right.re * ratio + right.im;
        Complex::new((left.re * ratio + left.im) / divisor, (left.im * ratio - left.re) / divisor)
    })
}

/// A power as CPython computes it: by products for a small whole exponent, and otherwise by angle and length.
pub(super) fn power(base: Complex<f64>, exponent: Complex<f64>) -> Result<Complex<f64>, Exception> {
    let is_whole = exponent.im == 0.0 && exponent.re == exponent.re.floor();
    if is_whole && exponent.re.abs() <= EXPONENT_MAX {
        let product = by_squaring(base, exponent.re.abs() as u32);
        return if exponent.re < 0.0 {
            quotient(Complex::new(1.0, 0.0), product)
        } else {
            Ok(product)
        };
    }
    if base.re == 0.0 && base.im == 0.0 {
        if exponent.im != 0.0 || exponent.re < 0.0 {
            let message = "0.0 to a negative or complex power";
            return Err(Exception::new(Kind::ZeroDivision, message));
        }
        return Ok(Complex::new(0.0, 0.0));
    }
    let (length, angle) = (base.re.hypot(base.im), base.im.atan2(base.re));
    let (mut size, mut phase) = (length.powf(exponent.re), angle * exponent.re);
    if exponent.im != 0.0 {
        size *= (-angle * exponent.im).exp();
        phase += exponent.im * length.ln();
    }
    Ok(Complex::new(size * phase.cos(), size * phase.sin()))
}

fn by_squaring(mut base: Complex<f64>, mut exponent: u32) -> Complex<f64> {
    let mut power = Complex::new(1.0, 0.0);
    while exponent > 0 {
        if exponent % 2 == 1 {
            power *= base;
        }
        base *= base;
        exponent /= 2;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::power;
    use nums::Complex;

    #[test]
    fn powers_are_those_of_python() {
        let unit = Complex::new(0.0, 1.0);
        assert_eq!(power(unit, Complex::new(2.0, 0.0)).ok(), Some(Complex::new(-1.0, 0.0)));
        assert_eq!(power(unit, Complex::new(-1.0, 0.0)).ok(), Some(Complex::new(0.0, -1.0)));
        assert!(power(Complex::new(0.0, 0.0), unit).is_err());
    }
}
