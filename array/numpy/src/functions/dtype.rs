//! Element types: their names, and the classes of scalars.

use crate::{
    class::Class,
    context::Context,
    error::Error,
    kind::Kind,
    operators::cast_argument,
    show::{Style, text},
    value::Value,
};
use nums::DType;

/// The class of a name in the module.
pub(crate) fn dtype_class(name: &str) -> Option<Class> {
    Some(match name {
        "ndarray" => Class::Array,
        "bool" | "bool_" => Class::Scalar(DType::Bool),
        "int32" | "intc" => Class::Scalar(DType::Int32),
        "int64" | "int_" | "intp" => Class::Scalar(DType::Int64),
        "float32" | "single" => Class::Scalar(DType::Float32),
        "float64" | "double" => Class::Scalar(DType::Float64),
        "generic" => Class::Generic,
        "number" => Class::Number,
        "integer" => Class::Integer,
        "signedinteger" => Class::SignedInteger,
        "inexact" => Class::Inexact,
        "floating" => Class::Floating,
        "dtype" => Class::DType,
        _ => return None,
    })
}

/// What calling a class of NumPy makes.
///
/// # Errors
/// [`Kind::Type`] for a class that cannot be called; otherwise what NumPy raises.
pub fn construct(
    context: &Context,
    class: Class,
    positional: Vec<Value>,
    keywords: Vec<(String, Value)>,
) -> Result<Value, Error> {
    match (class, positional.as_slice()) {
        (Class::Generator | Class::Philox, _) => {
            super::random::construct(class, positional, keywords)
        }
        (Class::Scalar(dtype), [value]) => match cast_argument(value, dtype)? {
            Some(number) => Ok(Value::number(number)),
            None => match value {
                Value::Str(_) => {
                    let float = Value::Float(crate::numbers::float(value)?);
                    let number = cast_argument(&float, dtype)?;
                    Ok(number.map_or(Value::None, Value::number))
                }
                _ => {
                    let array = super::array_from(context, value, Some(dtype))?;
                    Ok(Value::Array(array))
                }
            },
        },
        (Class::DType, [value]) => Ok(Value::DType(dtype_of(value)?.unwrap_or(DType::Float64))),
        _ => {
            let message = format!("cannot create '{}' instances", class.name());
            Err(Error::new(Kind::Type, message))
        }
    }
}

/// The element type that a value stands for; nothing for `None`.
///
/// # Errors
/// [`Kind::Type`] for what stands for none, [`Kind::NotImplemented`] for a dtype that there is not.
pub fn dtype_of(value: &Value) -> Result<Option<DType>, Error> {
    let found = match value {
        Value::None => return Ok(None),
        Value::DType(dtype) => Some(*dtype),
        Value::Class(class) => class.dtype(),
        Value::Str(name) => match name.as_ref() {
            "bool" | "?" | "b1" => Some(DType::Bool),
            "int32" | "i4" | "i" => Some(DType::Int32),
            "int64" | "int" | "i8" | "l" => Some(DType::Int64),
            "float32" | "single" | "f4" | "f" => Some(DType::Float32),
            "float64" | "float" | "double" | "f8" | "d" => Some(DType::Float64),
            other => {
                let message = format!("data type '{other}' not understood");
                return Err(Error::new(Kind::Type, message));
            }
        },
        _ => None,
    };
    match found {
        Some(DType::Bool | DType::Int32 | DType::Int64 | DType::Float32 | DType::Float64) => {
            Ok(found)
        }
        Some(other) => {
            let what = format!("the element type {other} (use int64 or float64) is");
            Err(Error::unsupported(what))
        }
        None => {
            let shown = text(value, Style::Repr)?;
            Err(Error::new(Kind::Type, format!("Cannot interpret '{shown}' as a data type")))
        }
    }
}

/// NumPy's letter for a kind of type.
pub(crate) fn dtype_kind(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "b",
        DType::Int8 | DType::Int16 | DType::Int32 | DType::Int64 => "i",
        DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64 => "u",
        DType::Float32 | DType::Float64 => "f",
        DType::Complex64 | DType::Complex128 => "c",
    }
}
