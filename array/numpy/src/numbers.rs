//! Floats out of other values, and what `round` does to scalars.

use crate::{error::Error, kind::Kind, number::Number, scalar::Scalar, value::Value};

/// A number of Python or NumPy as a float; nothing for anything else. Waits for one in the cluster.
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
    let Some(whole) = number.as_i64() else {
        return Ok(match (number, digits) {
            (Number::Float32(float), None) => whole_of(f64::from(float.round_ties_even()))?,
            (Number::Float32(float), Some(digits)) => {
                Value::number(Number::Float32(scaled_round(f64::from(float), digits) as f32))
            }
            (number, None) => whole_of(number.as_f64().round_ties_even())?,
            (number, Some(digits)) => {
                Value::number(Number::Float64(scaled_round(number.as_f64(), digits)))
            }
        });
    };
    Ok(match digits {
        None => Value::Int(whole),
        Some(0..) => Value::number(number),
        Some(digits) => Value::Int(round_to_tens(whole, digits)),
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
