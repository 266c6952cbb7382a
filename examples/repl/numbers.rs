//! Numbers out of other values: what `int`, `float` and `round` do.

use crate::{
    exception::{Exception, Kind},
    value::Value,
};
use num_bigint::BigInt;
use nums::Complex;
use nums_numpy::{parse_complex, round_to_tens, str_repr, truncated};

/// A number of Python or NumPy as a float; nothing for anything else. Waits for one in the cluster.
pub(crate) fn to_float(value: &Value) -> Result<Option<f64>, Exception> {
    Ok(nums_numpy::to_float(&value.to_numpy()?)?)
}

/// `float(value)`.
pub(crate) fn float(value: &Value) -> Result<Value, Exception> {
    Ok(Value::Float(nums_numpy::float(&value.to_numpy()?)?))
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
            let shown = str_repr(text);
            let message = format!("invalid literal for int() with base {base}: {shown}");
            Exception::new(Kind::Value, message)
        });
    }
    let whole_number = match value {
        Value::Scalar(scalar) => scalar.value()?.as_integer(),
        Value::Array(array) if array.ndim() == 0 => array.item()?.as_integer(),
        _ => None,
    };
    match (whole_number, to_float(value)?) {
        (Some(number), _) => Ok(Value::int(number.into())),
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

/// `complex(real, imag)`.
pub(crate) fn complex(real: &Value, imaginary: &Value) -> Result<Value, Exception> {
    let part = |value: &Value| -> Result<Complex<f64>, Exception> {
        Ok(match value {
            Value::None => Complex::default(),
            Value::Complex(value) => *value,
            Value::Scalar(scalar) => scalar.value()?.as_complex(),
            Value::Str(text) if matches!(imaginary, Value::None) => {
                let message = "complex() arg is a malformed string";
                parse_complex(text).ok_or_else(|| Exception::new(Kind::Value, message))?
            }
            other => match to_float(other)? {
                Some(real) => Complex::new(real, 0.0),
                None => {
                    let message = format!(
                        "complex() first argument must be a string or a number, not '{}'",
                        other.type_name()
                    );
                    return Err(Exception::new(Kind::Type, message));
                }
            },
        })
    };
    let (given, unit) = (part(real)?, part(imaginary)?);
    // As in Python, a part that is not there is not added, so that a zero keeps its sign.
    let re = if unit.im == 0.0 { given.re } else { given.re - unit.im };
    let im = if given.im == 0.0 { unit.re } else { given.im + unit.re };
    Ok(Value::Complex(Complex::new(re, im)))
}

/// A float without its fraction as an int.
pub(crate) fn whole(value: f64) -> Result<Value, Exception> {
    Ok(Value::int(truncated(value)?))
}

/// `round(value, digits)` of a number; nothing for anything else. Waits for one in the cluster.
pub(crate) fn round(value: &Value, digits: Option<i64>) -> Result<Option<Value>, Exception> {
    Ok(Some(match (value, digits) {
        (Value::Scalar(scalar), _) => nums_numpy::round(scalar, digits)?.into(),
        (Value::Float(float), None) => whole(float.round_ties_even())?,
        (Value::Float(float), Some(digits)) => Value::Float(decimal_round(*float, digits)),
        (Value::BigInt(_), _) => value.clone(),
        (other, _) => match (other.as_python_int(), digits) {
            (Some(whole), Some(digits)) if digits < 0 => Value::Int(round_to_tens(whole, digits)),
            (Some(whole), _) => Value::Int(whole),
            (None, _) => return Ok(None),
        },
    }))
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
