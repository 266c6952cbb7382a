//! What a name can stand for.

use crate::{
    class::Class,
    dict::{Dict, View},
    exception::{Exception, Kind, Raised},
    function::Callable,
    interpreter::Closure,
    iterate::Iter,
    modules::Module,
};
use num_bigint::BigInt;
use nums::{Complex, DType};
pub(crate) use nums_numpy::Range;
use nums_numpy::{Array, Estimator, Generator, Indexer, Record, Scalar, Table};
use std::{cell::RefCell, rc::Rc, sync::Arc};

/// A Python object. Clones of what can change share it, as names in Python do.
#[derive(Clone, Default)]
pub(crate) enum Value {
    #[default]
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    /// A whole number that 64 bits do not hold; a smaller one is always an [`Value::Int`].
    BigInt(Rc<BigInt>),
    Float(f64),
    Complex(Complex<f64>),
    Str(Rc<str>),
    Tuple(Rc<[Value]>),
    List(Rc<RefCell<Vec<Value>>>),
    Dict(Rc<RefCell<Dict>>),
    /// What a dict holds, as `d.items()` shows it.
    View(Rc<View>),
    /// A set: the keys of a dict.
    Set(Rc<RefCell<Dict>>),
    Range(Range),
    /// Start, stop and step, as written between brackets.
    Slice(Rc<[Value; 3]>),
    Module(Module),
    Class(Class),
    Function(Callable),
    /// A function with its first argument.
    Method(Rc<Value>, Callable),
    /// What `def` and `lambda` make.
    Closure(Rc<Closure>),
    Iterator(Rc<RefCell<Iter>>),
    Exception(Rc<Raised>),
    /// `np.ndarray`.
    Array(Array),
    /// `np.float64` and its kin.
    Scalar(Scalar),
    DType(DType),
    /// `np.random.Generator`, and the bit generator below it.
    Random(Generator),
    /// A model of the module `nums`.
    Estimator(Arc<Estimator>),
    /// What `nums.read_csv` gives.
    Table(Arc<Table>),
    /// `np.r_` and its kin.
    Indexer(Indexer),
    /// A result of NumPy's with named fields.
    Record(Rc<Record>),
}

impl Value {
    /// A string.
    pub(crate) fn str(text: &str) -> Value {
        Value::Str(text.into())
    }

    /// A new list.
    pub(crate) fn list(items: Vec<Value>) -> Value {
        Value::List(Rc::new(RefCell::new(items)))
    }

    /// A new tuple.
    pub(crate) fn tuple(items: impl Into<Rc<[Value]>>) -> Value {
        Value::Tuple(items.into())
    }

    /// A new dict.
    pub(crate) fn dict(dict: Dict) -> Value {
        Value::Dict(Rc::new(RefCell::new(dict)))
    }

    /// A dict of names.
    pub(crate) fn named(entries: impl Iterator<Item = (&'static str, Value)>) -> Value {
        let mut dict = Dict::new();
        for (name, value) in entries {
            dict.insert_named(name, value);
        }
        Value::dict(dict)
    }

    /// A whole number of any size.
    pub(crate) fn int(value: BigInt) -> Value {
        match i64::try_from(&value) {
            Ok(value) => Value::Int(value),
            Err(_) => Value::BigInt(Rc::new(value)),
        }
    }

    /// A length or count; one beyond Python's 64 bits cannot be allocated.
    pub(crate) fn length(len: usize) -> Value {
        Value::Int(i64::try_from(len).unwrap_or(i64::MAX))
    }

    /// The class, as Python's messages name it.
    pub(crate) fn type_name(&self) -> &'static str {
        Class::of(self).name()
    }

    /// A whole number, as lengths and positions are given; waits for one of NumPy.
    pub(crate) fn as_int(&self) -> Result<i64, Exception> {
        match self {
            Value::List(_) | Value::Tuple(_) => {
                let name = self.type_name();
                let message = format!("'{name}' object cannot be interpreted as an integer");
                Err(Exception::new(Kind::Type, message))
            }
            other => Ok(other.to_numpy()?.as_int()?),
        }
    }

    /// A whole number of Python or NumPy; nothing for anything else. Waits for one of NumPy.
    pub(crate) fn as_index(&self) -> Result<Option<i64>, Exception> {
        match self {
            Value::Array(_) | Value::Scalar(_) => Ok(self.to_numpy()?.as_index()?),
            other => Ok(other.as_python_int()),
        }
    }

    /// A whole number of Python, a truth value counting as 0 or 1; nothing for anything else.
    pub(crate) fn as_python_int(&self) -> Option<i64> {
        match self {
            Value::Bool(value) => Some(i64::from(*value)),
            Value::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// A whole number of Python of any size.
    pub(crate) fn as_big_int(&self) -> Option<BigInt> {
        match self {
            Value::BigInt(value) => Some(value.as_ref().clone()),
            other => other.as_python_int().map(BigInt::from),
        }
    }

    /// A Python number as a float; nothing for anything else.
    pub(crate) fn as_python_float(&self) -> Option<f64> {
        match self {
            Value::Float(value) => Some(*value),
            Value::BigInt(value) => num_traits::ToPrimitive::to_f64(value.as_ref()),
            other => other.as_python_int().map(|value| value as f64),
        }
    }

    /// Whether a value counts as true; waits for one in the cluster.
    pub(crate) fn truth(&self) -> Result<bool, Exception> {
        Ok(match self {
            Value::List(items) => !items.borrow().is_empty(),
            Value::Tuple(items) => !items.is_empty(),
            Value::Dict(dict) | Value::Set(dict) => dict.borrow().len() > 0,
            Value::View(view) => view.len() > 0,
            Value::Module(_)
            | Value::Class(_)
            | Value::Function(_)
            | Value::Method(..)
            | Value::Closure(_)
            | Value::Iterator(_)
            | Value::Exception(_)
            | Value::Slice(_) => true,
            plain => plain.to_numpy()?.truth()?,
        })
    }

    /// Whether two names stand for the same object: Python's `is`.
    pub(crate) fn is(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
            (Value::Bool(left), Value::Bool(right)) => left == right,
            (Value::Int(left), Value::Int(right)) => left == right,
            (Value::Float(left), Value::Float(right)) => left.to_bits() == right.to_bits(),
            (Value::Complex(left), Value::Complex(right)) => {
                let bits = |value: &Complex<f64>| (value.re.to_bits(), value.im.to_bits());
                bits(left) == bits(right)
            }
            (Value::Str(left), Value::Str(right)) => left == right,
            (Value::Tuple(left), Value::Tuple(right)) => Rc::ptr_eq(left, right),
            (Value::List(left), Value::List(right)) => Rc::ptr_eq(left, right),
            (Value::Dict(left), Value::Dict(right)) => Rc::ptr_eq(left, right),
            (Value::Set(left), Value::Set(right)) => Rc::ptr_eq(left, right),
            (Value::View(left), Value::View(right)) => Rc::ptr_eq(left, right),
            (Value::Module(left), Value::Module(right)) => left.name() == right.name(),
            (Value::Class(left), Value::Class(right)) => left == right,
            (Value::Function(left), Value::Function(right)) => left.is(*right),
            (Value::Closure(left), Value::Closure(right)) => Rc::ptr_eq(left, right),
            (Value::Iterator(left), Value::Iterator(right)) => Rc::ptr_eq(left, right),
            (Value::Exception(left), Value::Exception(right)) => Rc::ptr_eq(left, right),
            (Value::Array(left), Value::Array(right)) => left.is(right),
            (Value::Scalar(left), Value::Scalar(right)) => left.is(right),
            (Value::DType(left), Value::DType(right)) => left == right,
            (Value::Estimator(left), Value::Estimator(right)) => Arc::ptr_eq(left, right),
            (Value::Table(left), Value::Table(right)) => Arc::ptr_eq(left, right),
            _ => false,
        }
    }
}
