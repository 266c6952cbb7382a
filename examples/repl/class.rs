//! Python's classes: what `type(x)` gives and `isinstance` asks for.

use crate::{exception::Kind, iterate::Iter, random::Generator, value::Value};
use nums::DType;

/// A class, builtin or of NumPy. Scripts cannot define their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Object,
    NoneType,
    Ellipsis,
    Bool,
    Int,
    Float,
    Str,
    Tuple,
    List,
    Dict,
    Set,
    Range,
    Slice,
    Type,
    Module,
    Function,
    Builtin,
    /// `zip`, `enumerate`, `map`, `dict_items`, ...: the name of the kind of iterator or view.
    Iterator(&'static str),
    /// `zip`, `enumerate`, ... have names that can be called.
    Exception(Kind),
    Array,
    /// A NumPy scalar of an element type.
    Scalar(DType),
    /// NumPy's classes above its scalars.
    Generic,
    Number,
    Integer,
    SignedInteger,
    Inexact,
    Floating,
    DType,
    Generator,
    Philox,
    /// A model of the module `nums`, by its name.
    Model(&'static str),
    Table,
}

impl Class {
    /// The class of a value.
    pub(crate) fn of(value: &Value) -> Class {
        match value {
            Value::None => Class::NoneType,
            Value::Ellipsis => Class::Ellipsis,
            Value::Bool(_) => Class::Bool,
            Value::Int(_) | Value::BigInt(_) => Class::Int,
            Value::Float(_) => Class::Float,
            Value::Str(_) => Class::Str,
            Value::Tuple(_) => Class::Tuple,
            Value::List(_) => Class::List,
            Value::Dict(_) => Class::Dict,
            Value::Set(_) => Class::Set,
            Value::View(view) => Class::Iterator(view.name()),
            Value::Range(_) => Class::Range,
            Value::Slice(_) => Class::Slice,
            Value::Module(_) => Class::Module,
            Value::Class(_) => Class::Type,
            Value::Function(_) | Value::Method(..) => Class::Builtin,
            Value::Closure(_) => Class::Function,
            Value::Iterator(iter) => {
                Class::Iterator(iter.try_borrow().map_or("generator", |iter| Iter::name(&iter)))
            }
            Value::Exception(raised) => Class::Exception(raised.kind),
            Value::Array(_) => Class::Array,
            Value::Scalar(scalar) => Class::Scalar(scalar.dtype()),
            Value::DType(_) => Class::DType,
            Value::Random(Generator::Philox(_)) => Class::Philox,
            Value::Random(Generator::Generator(_)) => Class::Generator,
            Value::Estimator(estimator) => Class::Model(estimator.name()),
            Value::Table(_) => Class::Table,
        }
    }

    /// The name with its module, as messages and `repr` write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Class::Object => "object",
            Class::NoneType => "NoneType",
            Class::Ellipsis => "ellipsis",
            Class::Bool => "bool",
            Class::Int => "int",
            Class::Float => "float",
            Class::Str => "str",
            Class::Tuple => "tuple",
            Class::List => "list",
            Class::Dict => "dict",
            Class::Set => "set",
            Class::Range => "range",
            Class::Slice => "slice",
            Class::Type => "type",
            Class::Module => "module",
            Class::Function => "function",
            Class::Builtin => "builtin_function_or_method",
            Class::Iterator(name) | Class::Model(name) => name,
            Class::Table => "Table",
            Class::Exception(kind) => kind.name(),
            Class::Array => "numpy.ndarray",
            Class::Scalar(dtype) => match dtype {
                DType::Bool => "numpy.bool",
                DType::Int8 => "numpy.int8",
                DType::Int16 => "numpy.int16",
                DType::Int32 => "numpy.int32",
                DType::Int64 => "numpy.int64",
                DType::UInt8 => "numpy.uint8",
                DType::UInt16 => "numpy.uint16",
                DType::UInt32 => "numpy.uint32",
                DType::UInt64 => "numpy.uint64",
                DType::Float32 => "numpy.float32",
                DType::Float64 => "numpy.float64",
                DType::Complex64 => "numpy.complex64",
                DType::Complex128 => "numpy.complex128",
            },
            Class::Generic => "numpy.generic",
            Class::Number => "numpy.number",
            Class::Integer => "numpy.integer",
            Class::SignedInteger => "numpy.signedinteger",
            Class::Inexact => "numpy.inexact",
            Class::Floating => "numpy.floating",
            Class::DType => "numpy.dtype",
            Class::Generator => "numpy.random._generator.Generator",
            Class::Philox => "numpy.random._philox.Philox",
        }
    }

    /// The name without its module: `__name__`.
    pub(crate) fn short_name(self) -> &'static str {
        let name = self.name();
        name.rsplit_once('.').map_or(name, |(_, last)| last)
    }

    /// The classes directly above.
    fn bases(self) -> &'static [Class] {
        match self {
            Class::Object => &[],
            Class::Bool => &[Class::Int],
            Class::Exception(kind) => kind.bases(),
            Class::Scalar(DType::Bool) | Class::Number => &[Class::Generic],
            Class::Scalar(DType::Float64) => &[Class::Floating, Class::Float],
            Class::Scalar(DType::Float32) => &[Class::Floating],
            Class::Scalar(DType::Int8 | DType::Int16 | DType::Int32 | DType::Int64) => {
                &[Class::SignedInteger]
            }
            Class::Scalar(DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64) => {
                &[Class::Integer]
            }
            Class::Scalar(DType::Complex64 | DType::Complex128) | Class::Floating => {
                &[Class::Inexact]
            }
            Class::SignedInteger => &[Class::Integer],
            Class::Integer | Class::Inexact => &[Class::Number],
            _ => &[Class::Object],
        }
    }

    /// Whether this class is `other` or below it.
    pub(crate) fn is_below(self, other: Class) -> bool {
        self == other
            || other == Class::Object
            || self.bases().iter().any(|base| base.is_below(other))
    }

    /// The element type that a class stands for where NumPy asks for one.
    pub(crate) fn dtype(self) -> Option<DType> {
        match self {
            Class::Bool => Some(DType::Bool),
            Class::Int => Some(DType::Int64),
            Class::Float => Some(DType::Float64),
            Class::Scalar(dtype) => Some(dtype),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Class;
    use crate::exception::Kind;
    use nums::DType;

    #[test]
    fn classes_are_below_those_that_python_says() {
        for (class, above, is_below) in [
            (Class::Bool, Class::Int, true),
            (Class::Int, Class::Bool, false),
            (Class::Scalar(DType::Float64), Class::Float, true),
            (Class::Scalar(DType::Float32), Class::Float, false),
            (Class::Scalar(DType::Int64), Class::Integer, true),
            (Class::Scalar(DType::Int64), Class::Int, false),
            (Class::Exception(Kind::Axis), Class::Exception(Kind::Value), true),
            (Class::Exception(Kind::Axis), Class::Exception(Kind::Index), true),
            (Class::Exception(Kind::Key), Class::Exception(Kind::Lookup), true),
            (Class::Exception(Kind::KeyboardInterrupt), Class::Exception(Kind::Exception), false),
        ] {
            assert_eq!(class.is_below(above), is_below, "{} {}", class.name(), above.name());
        }
    }
}
