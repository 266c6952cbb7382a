//! Numbers out of other values: what `int`, `float` and `round` do.

use crate::{
    element::truncated,
    exception::{Exception, Kind},
    operators::as_number,
    scalar::Number,
    value::Value,
};
use num_bigint::BigInt;

/// A number of Python or NumPy as a float; nothing for anything else. Waits for one in the cluster.
pub(crate) fn to_float(value: &Value) -> Result<Option<f64>, Exception> {
    match value {
        Value::Scalar(scalar) => Ok(Some(scalar.value()?.as_f64())),
        Value::Array(array) if array.ndim() == 0 => Ok(Some(array.item()?.as_f64())),
        Value::Array(_) => {
            let message = "only 0-dimensional arrays can be converted to Python scalars";
            Err(Exception::new(Kind::Type, message))
        }
        Value::BigInt(_) => match value.as_python_float() {
            Some(float) if float.is_finite() => Ok(Some(float)),
            _ => Err(Exception::new(Kind::Overflow, "int too large to convert to float")),
        },
        other => Ok(other.as_python_float()),
    }
}

/// `float(value)`.
pub(crate) fn float(value: &Value) -> Result<Value, Exception> {
    if let Some(float) = to_float(value)? {
        return Ok(Value::Float(float));
    }
    match value {
        Value::Str(text) => parse_float(text).map(Value::Float).ok_or_else(|| {
            let shown = crate::show::str_repr(text);
            Exception::new(Kind::Value, format!("could not convert string to float: {shown}"))
        }),
        other => {
            let message = format!(
                "float() argument must be a string or a real number, not '{}'",
                other.type_name()
            );
            Err(Exception::new(Kind::Type, message))
        }
    }
}

/// `int(value)`.
pub(crate) fn int(value: &Value, base: Option<i64>) -> Result<Value, Exception> {
    if let Some(whole) = value.as_big_int() {
        return Ok(Value::int(whole));
    }
    if let Value::Str(text) = value {
        let base = base.unwrap_or(10);
        let radix = u32::try_from(base).ok().filter(|radix| (2..=36).contains(radix));
        let radix = radix.ok_or_else(|| {
            Exception::new(Kind::Value, "int() base must be >= 2 and <= 36, or 0")
        })?;
        let digits = text.trim().replace('_', "");
        let parsed = BigInt::parse_bytes(digits.as_bytes(), radix);
        return parsed.map(Value::int).ok_or_else(|| {
            let shown = crate::show::str_repr(text);
            let message = format!("invalid literal for int() with base {base}: {shown}");
            Exception::new(Kind::Value, message)
        });
    }
    let whole_number = match value {
        Value::Scalar(scalar) => scalar.value()?.as_i64(),
        Value::Array(array) if array.ndim() == 0 => array.item()?.as_i64(),
        _ => None,
    };
    match (whole_number, to_float(value)?) {
        (Some(number), _) => Ok(Value::Int(number)),
        (None, Some(float)) => whole(float.trunc()),
        (None, None) => {
            let message = format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                value.type_name()
            );
            Err(Exception::new(Kind::Type, message))
        }
    }
}

/// A float without its fraction as an int.
pub(crate) fn whole(value: f64) -> Result<Value, Exception> {
    truncated(value).map(Value::int)
}

/// `round(value, digits)` of a number; nothing for anything else. Waits for one in the cluster.
pub(crate) fn round(value: &Value, digits: Option<i64>) -> Result<Option<Value>, Exception> {
    let number = match value {
        Value::Scalar(scalar) => Some(scalar.value()?),
        other => as_number(other),
    };
    let of_numpy = matches!(value, Value::Scalar(_));
    Ok(Some(match (number, digits) {
        (Some(Number::Float64(float)), None) => whole(float.round_ties_even())?,
        (Some(Number::Float32(float)), None) => whole(f64::from(float.round_ties_even()))?,
        (Some(Number::Float64(float)), Some(digits)) if of_numpy => {
            Value::number(Number::Float64(scaled_round(float, digits)))
        }
        (Some(Number::Float32(float)), Some(digits)) => {
            Value::number(Number::Float32(scaled_round(f64::from(float), digits) as f32))
        }
        (Some(Number::Float64(float)), Some(digits)) => Value::Float(decimal_round(float, digits)),
        (Some(number), digits) if digits.is_none_or(|digits| digits >= 0) => {
            match number.as_i64() {
                Some(whole) if of_numpy && digits.is_some() => value_like(number, whole),
                Some(whole) => Value::Int(whole),
                None => return Ok(None),
            }
        }
        (Some(number), Some(digits)) => {
            // Whole numbers are rounded to tens, hundreds, ...; ties to even.
            let Some(whole) = number.as_i64() else { return Ok(None) };
            let unit =
                10i128.checked_pow(u32::try_from(-digits).unwrap_or(u32::MAX)).unwrap_or(i128::MAX);
            let (low, rest) =
                (i128::from(whole).div_euclid(unit), i128::from(whole).rem_euclid(unit));
            let up = rest > unit - rest || rest == unit - rest && low % 2 != 0;
            let rounded = (low + i128::from(up)).saturating_mul(unit);
            Value::Int(i64::try_from(rounded).unwrap_or(0))
        }
        (None, _) => match value {
            Value::BigInt(_) => value.clone(),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

fn value_like(number: Number, whole: i64) -> Value {
    number.cast(number.dtype()).map_or(Value::Int(whole), Value::number)
}

/// Python rounds the exact decimal value, ties to even.
fn decimal_round(value: f64, digits: i64) -> f64 {
    if !value.is_finite() || digits > 323 {
        return value;
    }
    if digits >= 0 {
        return format!("{value:.*}", digits as usize).parse().unwrap_or(value);
    }
    if digits < -308 {
        return 0f64.copysign(value);
    }
    let unit = 10f64.powi(-digits as i32);
    (value / unit).round_ties_even() * unit
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
