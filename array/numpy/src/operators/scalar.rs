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

/// A number of Python or a scalar of NumPy that is at hand; nothing for anything else.
pub fn as_number(value: &Value) -> Option<Number> {
    match value {
        Value::Bool(value) => Some(Number::Bool(*value)),
        Value::Int(value) => Some(Number::Int64(*value)),
        Value::Float(value) => Some(Number::Float64(*value)),
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
        _ => common(left_type, right_type),
    };
    let number = |value: &Value| match value {
        Value::Scalar(scalar) => Ok(scalar.peek().and_then(|number| number.cast(dtype))),
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
        other => as_number(other)?.as_i64().map(BigInt::from),
    }
}

/// The type that holds both.
fn common(left: DType, right: DType) -> DType {
    let rank = |dtype: DType| match dtype {
        DType::Bool => 0,
        DType::Int32 => 1,
        DType::Int64 => 2,
        DType::Float32 => 3,
        _ => 4,
    };
    match (left, right) {
        (DType::Float32, DType::Int32 | DType::Int64)
        | (DType::Int32 | DType::Int64, DType::Float32) => DType::Float64,
        _ if rank(left) >= rank(right) => left,
        _ => right,
    }
}

/// The type of a scalar beside a number of Python of another type.
pub(crate) fn with_weak(dtype: DType, weak: DType) -> DType {
    let is_float = |dtype: DType| matches!(dtype, DType::Float32 | DType::Float64);
    match weak {
        DType::Float64 if is_float(dtype) => dtype,
        DType::Int64 if dtype != DType::Bool => dtype,
        DType::Bool => dtype,
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
                (Number::Float64(whole_float(&left)?), Number::Float64(whole_float(&right)?))
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
            Binary::Div => {
                Some(Number::Float64(f64::from(u8::from(left)) / f64::from(u8::from(right))))
            }
            _ => integer(operation, i64::from(left), i64::from(right))?,
        },
        (Number::Int32(left), Number::Int32(right)) => {
            let wide = integer(operation, i64::from(left), i64::from(right))?;
            wide.map(|wide| match wide {
                Number::Int64(value) => Number::Int32(value as i32),
                other => other,
            })
        }
        (Number::Int64(left), Number::Int64(right)) => integer(operation, left, right)?,
        (Number::Float32(left), Number::Float32(right)) => {
            float(operation, f64::from(left), f64::from(right))
                .map(|value| Number::Float32(value as f32))
        }
        (left, right) => float(operation, left.as_f64(), right.as_f64()).map(Number::Float64),
    };
    Ok(number.map(Value::number))
}

/// NumPy's whole numbers wrap around, and a division by zero gives 0.
fn integer(operation: Binary, left: i64, right: i64) -> Result<Option<Number>, Error> {
    Ok(Some(Number::Int64(match operation {
        Binary::Add => left.wrapping_add(right),
        Binary::Sub => left.wrapping_sub(right),
        Binary::Mul => left.wrapping_mul(right),
        Binary::FloorDiv if right == 0 => 0,
        Binary::FloorDiv => division::floor_divide(left, right).unwrap_or(i64::MIN),
        Binary::Mod => division::remainder(left, right).unwrap_or(0),
        Binary::Pow => match u64::try_from(right) {
            Ok(exponent) => wrapping_pow(left, exponent),
            Err(_) => {
                return Err(Error::new(Kind::Value, NEGATIVE_POWER));
            }
        },
        Binary::And => left & right,
        Binary::Or => left | right,
        Binary::Xor => left ^ right,
        Binary::LeftShift => {
            u32::try_from(right).ok().and_then(|by| left.checked_shl(by)).unwrap_or(0)
        }
        Binary::RightShift => {
            let by = u32::try_from(right).map_or(63, |by| by.min(63));
            left >> by
        }
        Binary::Div => return Ok(Some(Number::Float64(left as f64 / right as f64))),
        Binary::MatMul => return Ok(None),
    })))
}

/// A power in which every product wraps around.
fn wrapping_pow(mut base: i64, mut exponent: u64) -> i64 {
    let mut power = 1_i64;
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
    let ordering = match promoted(left, right) {
        Ok(Some((left, right))) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64().partial_cmp(&right.as_f64()),
        },
        Ok(None) => return Ok(None),
        Err(misfit) => match (whole(left), whole(right)) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => return Err(misfit),
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
        Number::Int32(value) => Number::Int32(value.wrapping_neg()),
        Number::Int64(value) => Number::Int64(value.wrapping_neg()),
        Number::Float32(value) => Number::Float32(-value),
        Number::Float64(value) => Number::Float64(-value),
    }))
}

/// `~number`.
pub(super) fn invert(number: Number) -> Result<Value, Error> {
    Ok(Value::number(match number {
        Number::Bool(value) => Number::Bool(!value),
        Number::Int32(value) => Number::Int32(!value),
        Number::Int64(value) => Number::Int64(!value),
        Number::Float32(_) | Number::Float64(_) => {
            let message = "ufunc 'invert' not supported for the input types, and the inputs could \
                           not be safely coerced to any supported types according to the casting \
                           rule ''safe''";
            return Err(Error::new(Kind::Type, message));
        }
    }))
}

/// `abs(number)`.
pub(crate) fn absolute(number: Number) -> Number {
    match number {
        Number::Bool(_) => number,
        Number::Int32(value) => Number::Int32(value.wrapping_abs()),
        Number::Int64(value) => Number::Int64(value.wrapping_abs()),
        Number::Float32(value) => Number::Float32(value.abs()),
        Number::Float64(value) => Number::Float64(value.abs()),
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
    Ok(number.cast(dtype))
}
