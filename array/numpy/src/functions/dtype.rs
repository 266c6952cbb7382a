//! Element types: their names, and the classes of scalars.

use crate::{
    class::Class,
    context::Context,
    error::Error,
    kind::Kind,
    numbers,
    operators::cast_argument,
    show::{Style, text},
    value::Value,
};
use nums::DType;

/// The names of scalar classes in the module, with their dtypes; those of C are as on Linux.
const SCALARS: &[(&str, DType)] = &[
    ("bool", DType::Bool),
    ("bool_", DType::Bool),
    ("byte", DType::Int8),
    ("cdouble", DType::Complex128),
    ("complex128", DType::Complex128),
    ("complex64", DType::Complex64),
    ("csingle", DType::Complex64),
    ("double", DType::Float64),
    ("float32", DType::Float32),
    ("float64", DType::Float64),
    ("int16", DType::Int16),
    ("int32", DType::Int32),
    ("int64", DType::Int64),
    ("int8", DType::Int8),
    ("int_", DType::Int64),
    ("intc", DType::Int32),
    ("intp", DType::Int64),
    ("long", DType::Int64),
    ("longlong", DType::Int64),
    ("short", DType::Int16),
    ("single", DType::Float32),
    ("ubyte", DType::UInt8),
    ("uint", DType::UInt64),
    ("uint16", DType::UInt16),
    ("uint32", DType::UInt32),
    ("uint64", DType::UInt64),
    ("uint8", DType::UInt8),
    ("uintc", DType::UInt32),
    ("uintp", DType::UInt64),
    ("ulong", DType::UInt64),
    ("ulonglong", DType::UInt64),
    ("ushort", DType::UInt16),
];

/// What a dtype is called besides: names of Python, and NumPy's letters, with or without a number of bytes.
const LETTERS: &[(&str, DType)] = &[
    ("?", DType::Bool),
    ("b1", DType::Bool),
    ("int", DType::Int64),
    ("float", DType::Float64),
    ("complex", DType::Complex128),
    ("b", DType::Int8),
    ("i1", DType::Int8),
    ("h", DType::Int16),
    ("i2", DType::Int16),
    ("i", DType::Int32),
    ("i4", DType::Int32),
    ("l", DType::Int64),
    ("p", DType::Int64),
    ("q", DType::Int64),
    ("i8", DType::Int64),
    ("B", DType::UInt8),
    ("u1", DType::UInt8),
    ("H", DType::UInt16),
    ("u2", DType::UInt16),
    ("I", DType::UInt32),
    ("u4", DType::UInt32),
    ("L", DType::UInt64),
    ("P", DType::UInt64),
    ("Q", DType::UInt64),
    ("u8", DType::UInt64),
    ("f", DType::Float32),
    ("f4", DType::Float32),
    ("d", DType::Float64),
    ("f8", DType::Float64),
    ("F", DType::Complex64),
    ("c8", DType::Complex64),
    ("D", DType::Complex128),
    ("c16", DType::Complex128),
];

/// The dtypes of NumPy that no array here has, by the beginnings of their names, and what to use.
const UNSUPPORTED: &[(&[&str], &str)] = &[
    (&["float16", "half", "f2", "e"], "float32"),
    (&["longdouble", "float128", "g", "f16"], "float64"),
    (&["clongdouble", "complex256", "G", "c32"], "complex128"),
    (&["datetime64", "M8", "M"], "int64, counted in a unit of time from an epoch"),
    (&["timedelta64", "m8", "m"], "int64, counted in a unit of time"),
    (&["str", "U", "S", "bytes", "a"], "integers that stand for the strings"),
    (&["object", "O"], "a list of arrays"),
    (&["void", "V"], "an array for each field"),
];

/// The names of scalar classes, for completion.
pub(crate) fn scalar_names() -> impl Iterator<Item = &'static str> {
    SCALARS.iter().map(|scalar| scalar.0)
}

/// The class of a name in the module.
pub(crate) fn dtype_class(name: &str) -> Option<Class> {
    Some(match name {
        "ndarray" => Class::Array,
        "generic" => Class::Generic,
        "number" => Class::Number,
        "integer" => Class::Integer,
        "signedinteger" => Class::SignedInteger,
        "unsignedinteger" => Class::UnsignedInteger,
        "inexact" => Class::Inexact,
        "floating" => Class::Floating,
        "complexfloating" => Class::ComplexFloating,
        "dtype" => Class::DType,
        _ => Class::Scalar(SCALARS.iter().find(|scalar| scalar.0 == name)?.1),
    })
}

/// The error for a dtype of NumPy that no array here has; nothing for another name.
pub(crate) fn unsupported_dtype(name: &str) -> Option<Error> {
    let is = |known: &&str| match name.strip_prefix(*known) {
        // A letter may have a length, and a time a unit.
        Some(rest) => {
            rest.is_empty() || rest.starts_with(|next: char| next.is_ascii_digit() || next == '[')
        }
        None => false,
    };
    let (_, instead) = UNSUPPORTED.iter().find(|(names, _)| names.iter().any(is))?;
    Some(Error::unsupported(format!("the data type {name} (use {instead}) is")))
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
                Value::Str(text) => {
                    let number = match (numbers::whole(text), dtype.is_complex()) {
                        (Some(whole), _) => Value::int(whole),
                        (None, true) => {
                            let parsed = numbers::parse_complex(text).ok_or_else(|| {
                                Error::new(Kind::Value, "complex() arg is a malformed string")
                            })?;
                            Value::Complex(parsed)
                        }
                        (None, false) => Value::Float(numbers::float(value)?),
                    };
                    let number = cast_argument(&number, dtype)?;
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
        Value::Str(name) => Some(named(name)?),
        _ => None,
    };
    match found {
        Some(found) => Ok(Some(found)),
        None => {
            let shown = text(value, Style::Repr)?;
            // Python's own classes of what no array holds.
            let own = shown.strip_prefix("<class '").and_then(|rest| rest.strip_suffix("'>"));
            if let Some(unsupported) = own.and_then(unsupported_dtype) {
                return Err(unsupported);
            }
            Err(Error::new(Kind::Type, format!("Cannot interpret '{shown}' as a data type")))
        }
    }
}

/// The dtype of a name or of NumPy's letters, before which the order of the bytes may stand.
fn named(name: &str) -> Result<DType, Error> {
    let native = name.trim_start_matches(['<', '=', '|']);
    let found = SCALARS.iter().chain(LETTERS).find(|known| known.0 == native);
    match found {
        Some((_, dtype)) if name.len() - native.len() <= 1 => Ok(*dtype),
        _ if name.starts_with('>') => {
            Err(Error::unsupported(format!("the big-endian data type {name} (leave `>` out) is")))
        }
        _ => Err(unsupported_dtype(name).unwrap_or_else(|| {
            Error::new(Kind::Type, format!("data type '{name}' not understood"))
        })),
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
