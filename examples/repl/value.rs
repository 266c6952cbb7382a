//! What a name can stand for.

use crate::{
    array::Array,
    class::Class,
    dict::{Dict, View},
    exception::{Exception, Kind, Raised},
    function::Function,
    interpreter::Closure,
    iterate::Iter,
    library::{Estimator, Table},
    random::Generator,
    scalar::{Number, Scalar},
};
use num_bigint::BigInt;
use nums::{DType, DistArray};
use std::{cell::RefCell, rc::Rc};

/// A Python object. Clones of what can change share it, as names in Python do.
#[derive(Clone)]
pub(crate) enum Value {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    /// A whole number that 64 bits do not hold; a smaller one is always an [`Value::Int`].
    BigInt(Rc<BigInt>),
    Float(f64),
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
    Module(&'static Module),
    Class(Class),
    Function(&'static Function),
    /// A function with its first argument.
    Method(Rc<Value>, &'static Function),
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
    Estimator(Rc<Estimator>),
    /// What `nums.read_csv` gives.
    Table(Rc<Table>),
}

/// A module that can be imported.
pub(crate) struct Module {
    pub(crate) name: &'static str,
    /// The value of a name in the module.
    pub(crate) member: fn(&str) -> Option<Value>,
    /// All names in the module.
    pub(crate) names: fn() -> Vec<&'static str>,
}

/// `range(start, stop, step)`; the step is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) start: i64,
    pub(crate) stop: i64,
    pub(crate) step: i64,
}

impl Range {
    /// How many numbers there are.
    pub(crate) fn len(self) -> usize {
        let (start, stop, step) =
            (i128::from(self.start), i128::from(self.stop), i128::from(self.step));
        let distance = if step > 0 { stop - start } else { start - stop };
        if distance <= 0 { 0 } else { ((distance - 1) / step.abs() + 1) as usize }
    }

    /// The number at a position below the length.
    pub(crate) fn at(self, position: usize) -> i64 {
        self.start.wrapping_add(self.step.wrapping_mul(position as i64))
    }

    /// Whether the range holds a number.
    pub(crate) fn contains(self, value: i64) -> bool {
        let offset = i128::from(value) - i128::from(self.start);
        let step = i128::from(self.step);
        offset % step == 0 && offset / step >= 0 && offset / step < self.len() as i128
    }
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

    /// A whole number of any size.
    pub(crate) fn int(value: BigInt) -> Value {
        match i64::try_from(&value) {
            Ok(value) => Value::Int(value),
            Err(_) => Value::BigInt(Rc::new(value)),
        }
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

    /// A NumPy scalar that is at hand.
    pub(crate) fn number(number: Number) -> Value {
        Value::Scalar(Scalar::Known(number))
    }

    /// The class, as Python's messages name it.
    pub(crate) fn type_name(&self) -> &'static str {
        Class::of(self).name()
    }

    /// A whole number, as lengths, axes and positions are given; waits for one of NumPy.
    pub(crate) fn as_int(&self) -> Result<i64, Exception> {
        if let Some(value) = self.as_index()? {
            return Ok(value);
        }
        if let Value::BigInt(_) = self {
            let message = "Python int too large to convert to C long";
            return Err(Exception::new(Kind::Overflow, message));
        }
        let message = format!("'{}' object cannot be interpreted as an integer", self.type_name());
        Err(Exception::new(Kind::Type, message))
    }

    /// A whole number of Python or NumPy; nothing for anything else. Waits for one of NumPy.
    pub(crate) fn as_index(&self) -> Result<Option<i64>, Exception> {
        match self {
            Value::Scalar(scalar) if scalar.dtype() != DType::Bool => {
                Ok(if scalar.is_integer() { scalar.value()?.as_i64() } else { None })
            }
            Value::Array(array) if array.ndim() == 0 => {
                let scalar = Scalar::lazy(array.read()?);
                Ok(if scalar.is_integer() { scalar.value()?.as_i64() } else { None })
            }
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

    /// Whether two names stand for the same object: Python's `is`.
    pub(crate) fn is(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
            (Value::Bool(left), Value::Bool(right)) => left == right,
            (Value::Int(left), Value::Int(right)) => left == right,
            (Value::Float(left), Value::Float(right)) => left.to_bits() == right.to_bits(),
            (Value::Str(left), Value::Str(right)) => left == right,
            (Value::Tuple(left), Value::Tuple(right)) => Rc::ptr_eq(left, right),
            (Value::List(left), Value::List(right)) => Rc::ptr_eq(left, right),
            (Value::Dict(left), Value::Dict(right)) => Rc::ptr_eq(left, right),
            (Value::Set(left), Value::Set(right)) => Rc::ptr_eq(left, right),
            (Value::View(left), Value::View(right)) => Rc::ptr_eq(left, right),
            (Value::Module(left), Value::Module(right)) => std::ptr::eq(*left, *right),
            (Value::Class(left), Value::Class(right)) => left == right,
            (Value::Function(left), Value::Function(right)) => std::ptr::eq(*left, *right),
            (Value::Closure(left), Value::Closure(right)) => Rc::ptr_eq(left, right),
            (Value::Iterator(left), Value::Iterator(right)) => Rc::ptr_eq(left, right),
            (Value::Exception(left), Value::Exception(right)) => Rc::ptr_eq(left, right),
            (Value::Array(left), Value::Array(right)) => left.is(right),
            (Value::Scalar(left), Value::Scalar(right)) => left.is(right),
            (Value::DType(left), Value::DType(right)) => left == right,
            (Value::Estimator(left), Value::Estimator(right)) => Rc::ptr_eq(left, right),
            (Value::Table(left), Value::Table(right)) => Rc::ptr_eq(left, right),
            _ => false,
        }
    }
}
