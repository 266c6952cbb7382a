//! Numbers as elements of a type, by NumPy 2's rules: a number of Python or a scalar that becomes an
//! element of a type must fit it, and one that does not is an error, never another number.
//!
//! Elements of arrays are cast instead: whole numbers wrap around, and floats are cut.

use crate::{
    error::Error, kind::Kind, number::Number, operators::as_number, scalar::Scalar, value::Value,
};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};
use nums::DType;

/// A number of Python or NumPy as an element of a type; nothing for anything else. Waits for a scalar that is still
/// to come.
///
/// # Errors
/// When it does not fit.
pub(crate) fn element(value: &Value, dtype: DType) -> Result<Option<Number>, Error> {
    let number = match value {
        Value::BigInt(whole) => return whole_element(whole, dtype).map(Some),
        Value::Scalar(scalar) => scalar.value()?,
        other => match as_number(other) {
            Some(number) => number,
            None => return Ok(None),
        },
    };
    number_element(number, dtype).map(Some)
}

/// A number as an element of a type.
///
/// # Errors
/// When it does not fit.
pub(crate) fn number_element(number: Number, dtype: DType) -> Result<Number, Error> {
    let is_whole = matches!(dtype, DType::Int32 | DType::Int64);
    if is_whole && number.as_i64().is_none() {
        return whole_element(&truncated(number.as_f64())?, dtype);
    }
    if dtype == DType::Int32
        && let Some(whole) = number.as_i64()
    {
        return whole_element(&BigInt::from(whole), dtype);
    }
    number.cast(dtype).ok_or_else(|| no_elements(dtype))
}

/// Whether every number of a type fits another one, so that there is nothing to check.
pub(crate) fn always_fits(from: DType, to: DType) -> bool {
    let is_float = |dtype: DType| matches!(dtype, DType::Float32 | DType::Float64);
    from == to || to == DType::Bool || is_float(to) || nums::result_type(from, to) == to
}

/// A float without its fraction.
///
/// # Errors
/// [`Kind::Value`] for NaN and [`Kind::Overflow`] for infinities, which have no whole number.
pub fn truncated(value: f64) -> Result<BigInt, Error> {
    if value.is_nan() {
        return Err(Error::new(Kind::Value, "cannot convert float NaN to integer"));
    }
    BigInt::from_f64(value.trunc())
        .ok_or_else(|| Error::new(Kind::Overflow, "cannot convert float infinity to integer"))
}

/// A whole number of any size as an element of a type.
fn whole_element(whole: &BigInt, dtype: DType) -> Result<Number, Error> {
    let long = whole.to_i64();
    Ok(match dtype {
        DType::Bool => Number::Bool(*whole != BigInt::ZERO),
        DType::Int32 => match (long.and_then(|long| i32::try_from(long).ok()), long) {
            (Some(short), _) => Number::Int32(short),
            (None, Some(_)) => return Err(out_of_bounds(whole, dtype)),
            (None, None) => return Err(too_large()),
        },
        DType::Int64 => Number::Int64(long.ok_or_else(too_large)?),
        DType::Float64 => Number::Float64(whole_float(whole)?),
        DType::Float32 => Number::Float32(whole_float(whole)? as f32),
        other => return Err(no_elements(other)),
    })
}

/// A whole number of any size as a float.
///
/// # Errors
/// When it is beyond all floats.
pub(crate) fn whole_float(whole: &BigInt) -> Result<f64, Error> {
    let message = "int too large to convert to float";
    let float = whole.to_f64().filter(|float| float.is_finite());
    float.ok_or_else(|| Error::new(Kind::Overflow, message))
}

/// NumPy's words for a whole number that an integer type does not hold.
pub(crate) fn out_of_bounds(whole: &BigInt, dtype: DType) -> Error {
    let message = format!("Python integer {whole} out of bounds for {dtype}");
    Error::new(Kind::Overflow, message)
}

fn too_large() -> Error {
    Error::new(Kind::Overflow, "Python int too large to convert to C long")
}

fn no_elements(dtype: DType) -> Error {
    Error::unsupported(format!("an array of {dtype} is"))
}

/// The type of a scalar, when its number may not fit a type and is not here yet.
pub(crate) fn must_be_seen(scalar: &Scalar, dtype: DType) -> bool {
    !always_fits(scalar.dtype(), dtype)
}
