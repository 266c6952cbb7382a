//! Numbers as elements of a type, by NumPy 2's rules: a number of Python or a scalar that becomes an
//! element of a type must fit it, and one that does not is an error, never another number.
//!
//! Elements of arrays are cast instead: whole numbers wrap around, and floats are cut.

use crate::{
    error::Error,
    kind::Kind,
    number::{Number, integer_range},
    operators::as_number,
    scalar::Scalar,
    value::Value,
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
        Value::Complex(_)
            if !matches!(dtype, DType::Complex64 | DType::Complex128 | DType::Bool) =>
        {
            return Err(not_real(dtype));
        }
        Value::BigInt(whole) => return whole_element(whole, dtype).map(Some),
        Value::Scalar(scalar) => return scalar_element(scalar.value()?, dtype).map(Some),
        other => match as_number(other) {
            Some(number) => number,
            None => return Ok(None),
        },
    };
    number_element(number, dtype).map(Some)
}

/// A scalar of NumPy as an element of a type: as in NumPy, one that becomes an unsigned integer is cast, and one that
/// becomes a signed integer must fit.
///
/// # Errors
/// When it does not fit.
pub(crate) fn scalar_element(number: Number, dtype: DType) -> Result<Number, Error> {
    let is_unsigned = integer_range(dtype).is_some_and(|(lowest, _)| lowest == 0);
    if is_unsigned { Ok(number.cast(dtype)) } else { number_element(number, dtype) }
}

/// A number as an element of a type.
///
/// # Errors
/// When it does not fit.
pub(crate) fn number_element(number: Number, dtype: DType) -> Result<Number, Error> {
    match (number, dtype.is_integer()) {
        (Number::Float(value, _), true) => whole_element(&truncated(value)?, dtype),
        (Number::Int(value, _), true) => whole_element(&BigInt::from(value), dtype),
        (number, _) => Ok(number.cast(dtype)),
    }
}

/// Python's words for a complex number where a real one is needed.
fn not_real(dtype: DType) -> Error {
    let message = if dtype.is_integer() {
        "int() argument must be a string, a bytes-like object or a real number, not 'complex'"
    } else {
        "float() argument must be a string or a real number, not 'complex'"
    };
    Error::new(Kind::Type, message)
}

/// Whether every number of a type fits another one, so that there is nothing to check.
pub(crate) fn always_fits(from: DType, to: DType) -> bool {
    from == to || !to.is_integer() || nums::result_type(from, to) == to
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
    if !dtype.is_integer() {
        return Ok(match dtype {
            DType::Bool => Number::Bool(*whole != BigInt::ZERO),
            dtype => Number::float64(whole_float(whole)?).cast(dtype),
        });
    }
    let value = whole.to_i128();
    let held = value.map(|value| Number::int(value, dtype));
    match held.filter(|held| held.as_integer() == value) {
        Some(held) => Ok(held),
        // NumPy reads an integer of Python as one of 64 bits first.
        None if whole.to_i64().is_some() => Err(out_of_bounds(whole, dtype)),
        None => Err(too_large()),
    }
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

/// The type of a scalar, when its number may not fit a type and is not here yet.
pub(crate) fn must_be_seen(scalar: &Scalar, dtype: DType) -> bool {
    !always_fits(scalar.dtype(), dtype)
}
