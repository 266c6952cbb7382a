//! Floats out of other values, and what `round` does to scalars.

use crate::{error::Error, kind::Kind, number::Number, scalar::Scalar, value::Value};
use num_bigint::BigInt;
use nums::Complex;

/// A real number of Python or NumPy as a float, and of a complex one of NumPy the real part; nothing for anything else.
/// Waits for one in the cluster.
///
/// # Errors
/// [`Kind::Type`] for an array of several elements, [`Kind::Overflow`] beyond all floats.
pub fn to_float(value: &Value) -> Result<Option<f64>, Error> {
    match value {
        Value::Scalar(scalar) => Ok(Some(scalar.value()?.as_f64())),
        Value::Array(array) if array.ndim() == 0 => Ok(Some(array.item()?.as_f64())),
        Value::Array(_) => {
            let message = "only 0-dimensional arrays can be converted to Python scalars";
            Err(Error::new(Kind::Type, message))
        }
        Value::BigInt(_) => match value.as_python_float() {
            Some(float) if float.is_finite() => Ok(Some(float)),
            _ => Err(Error::new(Kind::Overflow, "int too large to convert to float")),
        },
        other => Ok(other.as_python_float()),
    }
}

/// `float(value)`: of a number, or of a text that is one.
///
/// # Errors
/// [`Kind::Value`] for another text, [`Kind::Type`] for anything else.
pub fn float(value: &Value) -> Result<f64, Error> {
    if let Some(float) = to_float(value)? {
        return Ok(float);
    }
    match value {
        Value::Str(text) => parse_float(text).ok_or_else(|| {
            let shown = crate::show::str_repr(text);
            Error::new(Kind::Value, format!("could not convert string to float: {shown}"))
        }),
        other => {
            let message = format!(
                "float() argument must be a string or a real number, not '{}'",
                other.type_name()
            );
            Err(Error::new(Kind::Type, message))
        }
    }
}

/// `round(scalar, digits)`, or of no digits the nearest whole number, of Python. Waits for the scalar.
///
/// # Errors
/// [`Kind::Value`] and [`Kind::Overflow`] where a float that is no number becomes whole.
pub fn round(scalar: &Scalar, digits: Option<i64>) -> Result<Value, Error> {
    let number = scalar.value()?;
    Ok(match (number, digits) {
        (Number::Complex(_, dtype), _) => {
            let message = format!("type numpy.{dtype} doesn't define __round__ method");
            return Err(Error::new(Kind::Type, message));
        }
        (Number::Float(value, _), None) => whole_of(value.round_ties_even())?,
        (Number::Float(value, dtype), Some(digits)) => {
            Value::number(Number::float(scaled_round(value, digits), dtype))
        }
        (number, None) => Value::python(number),
        (number, Some(0..)) => Value::number(number),
        (number, Some(digits)) => {
            let whole = number.as_integer().and_then(|whole| i64::try_from(whole).ok());
            let whole = whole
                .ok_or_else(|| Error::unsupported("rounding an integer beyond int64 to tens is"))?;
            Value::Int(round_to_tens(whole, digits))
        }
    })
}

/// A whole number rounded to tens, hundreds, ... for digits below 0; ties to even.
pub fn round_to_tens(whole: i64, digits: i64) -> i64 {
    let unit = 10i128.checked_pow(u32::try_from(-digits).unwrap_or(u32::MAX)).unwrap_or(i128::MAX);
    let (low, rest) = (i128::from(whole).div_euclid(unit), i128::from(whole).rem_euclid(unit));
    let up = rest > unit - rest || rest == unit - rest && low % 2 != 0;
    let rounded = (low + i128::from(up)).saturating_mul(unit);
    i64::try_from(rounded).unwrap_or(0)
}

/// A float without its fraction as a whole number of Python.
fn whole_of(value: f64) -> Result<Value, Error> {
    crate::element::truncated(value).map(Value::int)
}

/// NumPy rounds the scaled value.
fn scaled_round(value: f64, digits: i64) -> f64 {
    let unit = 10f64.powi(digits.unsigned_abs().min(400) as i32);
    if digits >= 0 {
        (value * unit).round_ties_even() / unit
    } else {
        (value / unit).round_ties_even() * unit
    }
}

/// A whole number as Python reads it from a string.
pub(crate) fn whole(text: &str) -> Option<BigInt> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_whole { text.parse().ok() } else { None }
}

/// A number as Python reads it from a string: spaces around it, and single underscores between
/// digits. Rust's own reading takes the rest of the same forms.
fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim();
    let characters: Vec<char> = text.chars().collect();
    let misplaced = characters.iter().enumerate().any(|(position, character)| {
        let digit = |at: Option<usize>| {
            at.and_then(|at| characters.get(at)).is_some_and(char::is_ascii_digit)
        };
        *character == '_' && !(digit(position.checked_sub(1)) && digit(Some(position + 1)))
    });
    if misplaced { None } else { text.replace('_', "").parse().ok() }
}

/// A complex number as Python reads it from a string: `1+2j`, `2j`, `(1+2j)`.
pub fn parse_complex(text: &str) -> Option<Complex<f64>> {
    let text = text.trim();
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let text = inner.unwrap_or(text).trim();
    let Some(imaginary) = text.strip_suffix(['j', 'J']) else {
        return Some(Complex::new(text.parse().ok()?, 0.0));
    };
    // The sign between the parts is the last that is not that of an exponent.
    let signs = imaginary
        .char_indices()
        .skip(1)
        .filter(|(at, sign)| matches!(sign, '+' | '-') && !imaginary[..*at].ends_with(['e', 'E']));
    let (real, unit) = match signs.last() {
        Some((at, _)) => imaginary.split_at(at),
        None => ("0", imaginary),
    };
    let unit = match unit {
        "" | "+" => 1.0,
        "-" => -1.0,
        digits => digits.parse().ok()?,
    };
    Some(Complex::new(real.parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::parse_complex;
    use nums::Complex;

    #[test]
    fn strings_are_read_as_python_reads_them() {
        for (text, number) in [
            ("1+2j", Some((1.0, 2.0))),
            (" (1e-3-2.5e+2j) ", Some((1e-3, -2.5e2))),
            ("-j", Some((0.0, -1.0))),
            ("3", Some((3.0, 0.0))),
            ("1 + 2j", None),
            ("", None),
        ] {
            assert_eq!(parse_complex(text), number.map(|(re, im)| Complex::new(re, im)), "{text}");
        }
    }
}
