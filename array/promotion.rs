//! Type promotion by the rules of NumPy 2.
//!
//! Arrays promote to the smallest dtype that can represent the elements of both. Rust numbers are weak, as Python numbers
//! are in NumPy 2 (NEP 50): next to an array only their kind counts, so a float32 array plus `1.0` stays float32.

use crate::{Error, Scalar};
use nums_lshs::{Constant, DType};

/// What a dtype's elements are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Unsigned,
    Signed,
    Float,
    Complex,
}

fn kind(dtype: DType) -> Kind {
    match dtype {
        DType::Bool => Kind::Bool,
        DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64 => Kind::Unsigned,
        DType::Int8 | DType::Int16 | DType::Int32 | DType::Int64 => Kind::Signed,
        DType::Float32 | DType::Float64 => Kind::Float,
        DType::Complex64 | DType::Complex128 => Kind::Complex,
    }
}

/// The dtype of an operation on arrays of two dtypes, as NumPy 2's `result_type`. float16 is not supported and is never a
/// result.
///
/// ```
/// use nums::{DType, result_type};
/// assert_eq!(result_type(DType::Int32, DType::Float32), DType::Float64);
/// assert_eq!(result_type(DType::Bool, DType::Int32), DType::Int32);
/// ```
pub fn result_type(left: DType, right: DType) -> DType {
    let (low, high) =
        if kind(left) as u8 <= kind(right) as u8 { (left, right) } else { (right, left) };
    match (kind(low), kind(high)) {
        (Kind::Bool, _) => high,
        (low_kind, high_kind) if low_kind == high_kind => wider(low, high),
        (Kind::Unsigned, Kind::Signed) => match low.item_bytes() {
            bytes if bytes < high.item_bytes() => high,
            1 => DType::Int16,
            2 => DType::Int32,
            4 => DType::Int64,
            // No integer holds both.
            _ => DType::Float64,
        },
        (Kind::Unsigned | Kind::Signed, Kind::Float) => wider(float_for(low), high),
        (_, _) => complex_for(
            match kind(low) {
                Kind::Float => low,
                _ => float_for(low),
            },
            high,
        ),
    }
}

/// The dtype of an operation on arrays of several dtypes, as NumPy 2's `result_type`; nothing for none. The order does not
/// matter: `result_type` of pairs would take int8, uint16 and float32 to float64, where float32 holds all of them.
///
/// ```
/// use nums::{DType, common_type};
/// let dtypes = [DType::Int8, DType::UInt16, DType::Float32];
/// assert_eq!(common_type(dtypes), Some(DType::Float32));
/// ```
pub fn common_type(dtypes: impl IntoIterator<Item = DType>) -> Option<DType> {
    let mut dtypes: Vec<DType> = dtypes.into_iter().collect();
    dtypes.sort_by_key(|dtype| std::cmp::Reverse(kind(*dtype) as u8));
    dtypes.into_iter().reduce(result_type)
}

/// The larger of two dtypes of one kind.
fn wider(left: DType, right: DType) -> DType {
    if right.item_bytes() > left.item_bytes() { right } else { left }
}

/// The smallest float that holds every integer of a dtype (int64 and uint64 are rounded, as in NumPy).
fn float_for(integer: DType) -> DType {
    if integer.item_bytes() <= 2 { DType::Float32 } else { DType::Float64 }
}

/// The complex dtype that holds a float and a complex dtype.
fn complex_for(float: DType, complex: DType) -> DType {
    if float == DType::Float64 { DType::Complex128 } else { complex }
}

/// The dtype that an array of a dtype and a weak number are computed in.
pub(crate) fn result_type_with(dtype: DType, scalar: Scalar) -> DType {
    match (scalar, kind(dtype)) {
        (Scalar::Int(_), Kind::Bool) => DType::Int64,
        (Scalar::Float(_), Kind::Bool | Kind::Unsigned | Kind::Signed) => DType::Float64,
        (Scalar::Complex(_), Kind::Bool | Kind::Unsigned | Kind::Signed) => DType::Complex128,
        (Scalar::Complex(_), Kind::Float) => complex_for(dtype, DType::Complex64),
        _ => dtype,
    }
}

/// A weak number as an element of a dtype that [`result_type_with`] gave.
///
/// # Errors
/// [`Error::ScalarOutOfBounds`] for an integer that the dtype does not hold.
pub(crate) fn constant(scalar: Scalar, dtype: DType) -> Result<Constant, Error> {
    let constant = match scalar {
        Scalar::Bool(value) => Constant::from_integer(dtype, value),
        Scalar::Int(value) => Constant::from_integer(dtype, value),
        Scalar::Float(value) => Constant::from_f64(dtype, value),
        Scalar::Complex(value) => Constant::from_complex(dtype, value.re, value.im),
    };
    constant.ok_or_else(|| Error::ScalarOutOfBounds { value: scalar.to_string(), dtype })
}
