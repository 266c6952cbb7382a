//! What a name can stand for.

use crate::{
    array::Array,
    exception::{Exception, Kind},
    function::Function,
    scalar::Scalar,
};
use nums::{DType, DistArray};
use std::rc::Rc;

/// A Python object.
#[derive(Clone)]
pub(crate) enum Value {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Rc<str>),
    Tuple(Rc<[Value]>),
    List(Rc<[Value]>),
    /// Start, stop and step, as written between brackets.
    Slice(Rc<[Value; 3]>),
    Module(&'static Module),
    Function(&'static Function),
    /// A function with its first argument.
    Method(Rc<Value>, &'static Function),
    /// `np.ndarray`.
    Array(Array),
    /// `np.float64`.
    Scalar(Scalar),
    /// `np.bool`, what a comparison of NumPy scalars gives.
    NumpyBool(bool),
    DType(DType),
}

/// A module that can be imported.
pub(crate) struct Module {
    pub(crate) name: &'static str,
    /// The value of a name in the module.
    pub(crate) member: fn(&str) -> Option<Value>,
}

impl Value {
    /// A string.
    pub(crate) fn str(text: &str) -> Value {
        Value::Str(text.into())
    }

    /// A tuple of lengths: `a.shape`.
    pub(crate) fn shape(shape: &[usize]) -> Value {
        Value::Tuple(shape.iter().map(|len| Value::length(*len)).collect())
    }

    /// A length or count; one beyond Python's 64 bits cannot be allocated.
    pub(crate) fn length(len: usize) -> Value {
        Value::Int(i64::try_from(len).unwrap_or(i64::MAX))
    }

    /// What arithmetic gives: a new array, or a scalar when no axis is left.
    pub(crate) fn computed(array: DistArray) -> Value {
        if array.ndim() == 0 {
            Value::Scalar(Scalar::lazy(array))
        } else {
            Value::Array(Array::new(array))
        }
    }

    /// The class, as Python's messages name it.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Value::None => "NoneType",
            Value::Ellipsis => "ellipsis",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "str",
            Value::Tuple(_) => "tuple",
            Value::List(_) => "list",
            Value::Slice(_) => "slice",
            Value::Module(_) => "module",
            Value::Function(function) if function.is_class => "type",
            Value::Function(_) | Value::Method(..) => "builtin_function_or_method",
            Value::Array(_) => "numpy.ndarray",
            Value::Scalar(_) => "numpy.float64",
            Value::NumpyBool(_) => "numpy.bool",
            Value::DType(_) => "numpy.dtypes.Float64DType",
        }
    }

    /// A whole number, as lengths, axes and positions are given.
    pub(crate) fn as_int(&self) -> Result<i64, Exception> {
        self.as_python_int().ok_or_else(|| {
            let message =
                format!("'{}' object cannot be interpreted as an integer", self.type_name());
            Exception::new(Kind::Type, message)
        })
    }

    /// A whole number of Python, a truth value counting as 0 or 1; nothing for anything else.
    pub(crate) fn as_python_int(&self) -> Option<i64> {
        match self {
            Value::Bool(value) => Some(i64::from(*value)),
            Value::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// A Python number as a float; nothing for anything else.
    pub(crate) fn as_python_float(&self) -> Option<f64> {
        match self {
            Value::Float(value) => Some(*value),
            other => other.as_python_int().map(|value| value as f64),
        }
    }
}
