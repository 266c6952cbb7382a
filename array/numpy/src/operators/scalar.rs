//! NumPy's scalars that are at hand: the same arithmetic as that of arrays, done here.

use super::{Binary, Comparison, division};
use crate::{
    element::{element, whole_float},
    error::Error,
    kind::Kind,
    number::Number,
    value::Value,
    wording::NEGATIVE_POWER,
};
use num_bigint::BigInt;
use nums::DType;

/// A number of Python or a scalar of NumPy that is at hand; nothing for anything else, and for an integer that no type
/// holds.
pub fn as_number(value: &Value) -> Option<Number> {
    match value {
        Value::Bool(value) => Some(Number::Bool(*value)),
        Value::Int(value) => Some(Number::Int((*value).into(), DType::Int64)),
        Value::BigInt(value) => {
            let value = u64::try_from(value.as_ref()).ok()?;
            Some(Number::Int(value.into(), DType::UInt64))
        }
        Value::Float(value) => Some(Number::float64(*value)),
        Value::Complex(value) => Some(Number::Complex(*value, DType::Complex128)),
        Value::Scalar(scalar) => scalar.peek(),
        _ => None,
    }
}

/// Both numbers in the type that NumPy computes in: Python's own count only as a kind, whole or
/// not. Nothing when one is no number, or is not here.
///
/// # Errors
/// When a number of Python does not fit the type of the other.
fn promoted(left: &Value, right: &Value) -> Result<Option<(Number, Number)>, Error> {
    let (Some(left_type), Some(right_type)) = (type_of(left), type_of(right)) else {
        return Ok(None);
    };
    let is_weak = |value: &Value| !matches!(value, Value::Scalar(_));
    let dtype = match (is_weak(left), is_weak(right)) {
        (true, false) => with_weak(right_type, left_type),
        (false, true) => with_weak(left_type, right_type),
        _ => nums::result_type(left_type, right_type),
    };
    let number = |value: &Value| match value {
        Value::Scalar(scalar) => Ok(scalar.peek().map(|number| number.cast(dtype))),
        other => element(other, dtype),
    };
    Ok(number(left)?.zip(number(right)?))
}

/// The type of a number that is at hand; a whole number of Python counts as int64, however long it is.
fn type_of(value: &Value) -> Option<DType> {
    match value {
        Value::BigInt(_) => Some(DType::Int64),
        other => as_number(other).map(Number::dtype),
    }
}

/// A whole number of Python or NumPy at hand.
fn whole(value: &Value) -> Option<BigInt> {
    match value {
        Value::BigInt(whole) => Some(whole.as_ref().clone()),
        other => as_number(other)?.as_integer().map(BigInt::from),
    }
}

/// The type of a scalar beside a number of Python of another type.
pub(crate) fn with_weak(dtype: DType, weak: DType) -> DType {
    let is_float = matches!(dtype, DType::Float32 | DType::Float64);
    match weak {
        DType::Bool => dtype,
        _ if dtype.is_complex() => dtype,
        DType::Complex128 if dtype == DType::Float32 => DType::Complex64,
        DType::Float64 if is_float => dtype,
        weak if weak.is_integer() && dtype != DType::Bool => dtype,
        weak => weak,
    }
}

/// `left op right`; nothing when one is not at hand, or for an operator that they do not have.
pub(super) fn arithmetic(
    operation: Binary,
    left: &Value,
    right: &Value,
) -> Result<Option<Value>, Error> {
    let (left, right) = match promoted(left, right) {
        Ok(Some(both)) => both,
        Ok(None) => return Ok(None),
        // A quotient of whole numbers is a float.
        Err(misfit) => match (operation, whole(left), whole(right)) {
            (Binary::Div, Some(left), Some(right)) => {
                (Number::float64(whole_float(&left)?), Number::float64(whole_float(&right)?))
            }
            _ => return Err(misfit),
        },
    };
    let number = match (left, right) {
        (Number::Bool(left), Number::Bool(right)) => match operation {
            Binary::And | Binary::Mul => Some(Number::Bool(left & right)),
            Binary::Or | Binary::Add => Some(Number::Bool(left | right)),
            Binary::Xor => Some(Number::Bool(left ^ right)),
            Binary::Sub => {
                let message = "numpy boolean subtract, the `-` operator, is not supported, use the \
                               bitwise_xor, the `^` operator, or the logical_xor function instead.";
                return Err(Error::new(Kind::Type, message));
            }
            // Whole numbers of 8 bits, but for a quotient.
            _ => integer(operation, (left.into(), right.into()), DType::Int8)?,
        },
        (Number::Int(left, dtype), Number::Int(right, _)) => {
            integer(operation, (left, right), dtype)?
        }
        // Complex numbers are computed where arrays of them are.
        (Number::Complex(..), _) | (_, Number::Complex(..)) => None,
        (left, right) => {
            let dtype = left.dtype();
            float(operation, left.as_f64(), right.as_f64()).map(|value| Number::float(value, dtype))
        }
    };
    Ok(number.map(Value::number))
}

/// NumPy's whole numbers wrap around, and a division by zero gives 0.
fn integer(
    operation: Binary,
    (left, right): (i128, i128),
    dtype: DType,
) -> Result<Option<Number>, Error> {
    let bits = 8 * dtype.item_bytes() as i128;
    // A shift by what is no position of a bit shifts all bits out.
    let by = u32::try_from(right).ok().filter(|by| i128::from(*by) < bits);
    Ok(Some(Number::int(
        match operation {
            Binary::Add => left + right,
            Binary::Sub => left - right,
            Binary::Mul => left.wrapping_mul(right),
            Binary::FloorDiv => division::floor_divide(left, right),
            Binary::Mod => division::remainder(left, right),
            Binary::Pow => match u64::try_from(right) {
                Ok(exponent) => wrapping_pow(left, exponent),
                Err(_) => {
                    return Err(Error::new(Kind::Value, NEGATIVE_POWER));
                }
            },
            Binary::And => left & right,
            Binary::Or => left | right,
            Binary::Xor => left ^ right,
            Binary::LeftShift => by.map_or(0, |by| left << by),
            Binary::RightShift => by.map_or(if left < 0 { -1 } else { 0 }, |by| left >> by),
            Binary::Div => return Ok(Some(Number::float64(left as f64 / right as f64))),
            Binary::MatMul => return Ok(None),
        },
        dtype,
    )))
}

/// A power in which every product wraps around.
fn wrapping_pow(mut base: i128, mut exponent: u64) -> i128 {
    let mut power = 1_i128;
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = power.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        exponent /= 2;
    }
    power
}

/// What IEEE 754 says: no exceptions, but infinities and NaN.
fn float(operation: Binary, left: f64, right: f64) -> Option<f64> {
    Some(match operation {
        Binary::Add => left + right,
        Binary::Sub => left - right,
        Binary::Mul => left * right,
        Binary::Div => left / right,
        Binary::FloorDiv if right == 0.0 => left / right,
        Binary::FloorDiv => division::float_divmod(left, right).0,
        Binary::Mod if right == 0.0 => f64::NAN,
        Binary::Mod => division::float_divmod(left, right).1,
        Binary::Pow => left.powf(right),
        _ => return None,
    })
}

/// `left op right` as NumPy's bool; nothing when one is not at hand.
///
/// # Errors
/// When a whole number of Python is beyond all floats, and the other is a float.
pub(super) fn compare(
    operator: Comparison,
    left: &Value,
    right: &Value,
) -> Result<Option<Value>, Error> {
    let ordering = match (whole(left), whole(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => match promoted(left, right)? {
            None | Some((Number::Complex(..), _)) => return Ok(None),
            Some((left, right)) => left.as_f64().partial_cmp(&right.as_f64()),
        },
    };
    Ok(Some(Value::number(Number::Bool(operator.holds(ordering)))))
}

/// `-number`.
pub(super) fn negate(number: Number) -> Result<Value, Error> {
    Ok(Value::number(match number {
        Number::Bool(_) => {
            let message = "The numpy boolean negative, the `-` operator, is not supported, use the \
                           `~` operator or the logical_not function instead.";
            return Err(Error::new(Kind::Type, message));
        }
        Number::Int(value, dtype) => Number::int(-value, dtype),
        Number::Float(value, dtype) => Number::Float(-value, dtype),
        Number::Complex(value, dtype) => Number::Complex(-value, dtype),
    }))
}

/// `~number`.
pub(super) fn invert(number: Number) -> Result<Value, Error> {
    Ok(Value::number(match number {
        Number::Bool(value) => Number::Bool(!value),
        Number::Int(value, dtype) => Number::int(!value, dtype),
        Number::Float(..) | Number::Complex(..) => {
            let message = "ufunc 'invert' not supported for the input types, and the inputs could \
                           not be safely coerced to any supported types according to the casting \
                           rule ''safe''";
            return Err(Error::new(Kind::Type, message));
        }
    }))
}

/// `abs(number)`; nothing for a complex number, which is computed where arrays are.
pub(crate) fn absolute(number: Number) -> Option<Number> {
    match number {
        Number::Bool(_) => Some(number),
        Number::Int(value, dtype) => Some(Number::int(value.abs(), dtype)),
        Number::Float(value, dtype) => Some(Number::Float(value.abs(), dtype)),
        Number::Complex(..) => None,
    }
}

/// A number as an element of a type, for `np.float32(x)` and its kin: one of Python must fit, one of NumPy is cast.
/// Waits for one in the cluster.
pub(crate) fn cast_argument(value: &Value, dtype: DType) -> Result<Option<Number>, Error> {
    let number = match value {
        Value::Scalar(scalar) => scalar.value()?,
        Value::Array(array) if array.ndim() == 0 => array.item()?,
        other => return element(other, dtype),
    };
    Ok(Some(number.cast(dtype)))
}
