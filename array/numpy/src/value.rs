//! What a function of NumPy takes and gives.

use crate::{
    array::Array,
    class::Class,
    error::Error,
    functions::Generator,
    kind::Kind,
    library::{Estimator, Table},
    number::Number,
    record::Record,
    scalar::Scalar,
    show::Style,
};
use num_bigint::BigInt;
use nums::{Complex, DType};
use std::{any::Any, rc::Rc, sync::Arc};

/// What a function of NumPy takes and gives, as plain data: a list is what it holds at the time of the call.
#[derive(Clone, Default)]
pub enum Value {
    /// `None`.
    #[default]
    None,
    /// `...`.
    Ellipsis,
    /// A truth value of Python.
    Bool(bool),
    /// A whole number of Python.
    Int(i64),
    /// A whole number that 64 bits do not hold; a smaller one is always an [`Value::Int`].
    BigInt(Rc<BigInt>),
    /// A float of Python.
    Float(f64),
    /// A complex number of Python.
    Complex(Complex<f64>),
    /// A text.
    Str(Rc<str>),
    /// A tuple.
    Tuple(Rc<[Value]>),
    /// A list.
    List(Rc<[Value]>),
    /// A dict of names.
    Dict(Rc<[(&'static str, Value)]>),
    /// Whole numbers at equal distances.
    Range(Range),
    /// Start, stop and step, as written between brackets.
    Slice(Rc<[Value; 3]>),
    /// A class that NumPy knows: one of its own, or one that stands for a dtype.
    Class(Class),
    /// `np.ndarray`.
    Array(Array),
    /// `np.float64` and its kin.
    Scalar(Scalar),
    /// `np.dtype`.
    DType(DType),
    /// `np.random.Generator`, and the bit generator below it.
    Random(Generator),
    /// A model of the module `nums`.
    Estimator(Arc<Estimator>),
    /// What `nums.read_csv` gives.
    Table(Arc<Table>),
    /// A result with named fields.
    Record(Rc<Record>),
    /// What NumPy does not know: an object of the language around.
    Other(Rc<dyn Object>),
}

/// An object that NumPy does not know. Functions refuse it by the name of its class.
pub trait Object {
    /// The name of its class.
    fn class(&self) -> &str;

    /// How the language shows it.
    ///
    /// # Errors
    /// What goes wrong in the language.
    fn text(&self, style: Style) -> Result<String, Error>;

    /// Whether it counts as true.
    ///
    /// # Errors
    /// What goes wrong in the language.
    fn truth(&self) -> Result<bool, Error>;

    /// The object itself.
    fn as_any(&self) -> &dyn Any;
}

/// `range(start, stop, step)`; the step is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first number.
    pub start: i64,
    /// The end, which does not belong to it.
    pub stop: i64,
    /// The distance from one number to the next.
    pub step: i64,
}

impl Range {
    /// How many numbers there are.
    #[allow(clippy::len_without_is_empty, reason = "Python asks for the length alone")]
    pub fn len(self) -> usize {
        let (start, stop, step) =
            (i128::from(self.start), i128::from(self.stop), i128::from(self.step));
        let distance = if step > 0 { stop - start } else { start - stop };
        if distance <= 0 { 0 } else { ((distance - 1) / step.abs() + 1) as usize }
    }

    /// The number at a position below the length.
    pub fn at(self, position: usize) -> i64 {
        self.start.wrapping_add(self.step.wrapping_mul(position as i64))
    }

    /// Whether the range holds a number.
    pub fn contains(self, value: i64) -> bool {
        let offset = i128::from(value) - i128::from(self.start);
        let step = i128::from(self.step);
        offset % step == 0 && offset / step >= 0 && offset / step < self.len() as i128
    }
}

impl Value {
    /// A result with named fields.
    pub(crate) fn record(record: Record) -> Value {
        Value::Record(Rc::new(record))
    }

    /// A text.
    pub fn str(text: &str) -> Value {
        Value::Str(text.into())
    }

    /// A list.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(items.into())
    }

    /// A tuple.
    pub fn tuple(items: impl Into<Rc<[Value]>>) -> Value {
        Value::Tuple(items.into())
    }

    /// A whole number of any size.
    pub fn int(value: BigInt) -> Value {
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

    /// A scalar of NumPy that is at hand.
    pub fn number(number: Number) -> Value {
        Value::Scalar(Scalar::Known(number))
    }

    /// An element as a number of Python: `x.item()`.
    pub fn python(number: Number) -> Value {
        match number {
            Number::Bool(value) => Value::Bool(value),
            Number::Int(value, _) => Value::int(value.into()),
            Number::Float(value, _) => Value::Float(value),
            Number::Complex(value, _) => Value::Complex(value),
        }
    }

    /// The name of the class, as Python's messages have it.
    pub fn type_name(&self) -> &str {
        match self {
            Value::None => "NoneType",
            Value::Ellipsis => "ellipsis",
            Value::Bool(_) => "bool",
            Value::Int(_) | Value::BigInt(_) => "int",
            Value::Float(_) => "float",
            Value::Complex(_) => "complex",
            Value::Str(_) => "str",
            Value::Tuple(_) => "tuple",
            Value::List(_) => "list",
            Value::Dict(_) => "dict",
            Value::Range(_) => "range",
            Value::Slice(_) => "slice",
            Value::Class(_) => "type",
            Value::Other(object) => object.class(),
            own => own.class().map_or("object", Class::name),
        }
    }

    /// The class of a value of NumPy's; nothing for one of Python's.
    pub fn class(&self) -> Option<Class> {
        match self {
            Value::Array(_) => Some(Class::Array),
            Value::Scalar(scalar) => Some(Class::Scalar(scalar.dtype())),
            Value::DType(_) => Some(Class::DType),
            Value::Random(Generator::Philox(_)) => Some(Class::Philox),
            Value::Random(Generator::Generator(_)) => Some(Class::Generator),
            Value::Estimator(estimator) => Some(Class::Model(estimator.name())),
            Value::Table(_) => Some(Class::Table),
            Value::Record(record) => Some(Class::Record(record.class)),
            _ => None,
        }
    }

    /// A whole number, as lengths, axes and positions are given; waits for one of NumPy.
    ///
    /// # Errors
    /// [`Kind::Type`] for anything else, [`Kind::Overflow`] beyond 64 bits.
    pub fn as_int(&self) -> Result<i64, Error> {
        if let Some(value) = self.as_index()? {
            return Ok(value);
        }
        if let Value::BigInt(_) = self {
            let message = "Python int too large to convert to C long";
            return Err(Error::new(Kind::Overflow, message));
        }
        let message = format!("'{}' object cannot be interpreted as an integer", self.type_name());
        Err(Error::new(Kind::Type, message))
    }

    /// A whole number of Python or NumPy; nothing for anything else. Waits for one of NumPy.
    ///
    /// # Errors
    /// What goes wrong while waiting.
    pub fn as_index(&self) -> Result<Option<i64>, Error> {
        match self {
            Value::Scalar(scalar) if scalar.dtype() != DType::Bool => index_of(scalar),
            Value::Array(array) if array.ndim() == 0 => {
                index_of(&array.context().lazy(array.read()?))
            }
            other => Ok(other.as_python_int()),
        }
    }

    /// A whole number of Python, a truth value counting as 0 or 1; nothing for anything else.
    fn as_python_int(&self) -> Option<i64> {
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

    /// A number of Python as a float; nothing for anything else.
    pub(crate) fn as_python_float(&self) -> Option<f64> {
        match self {
            Value::Float(value) => Some(*value),
            Value::BigInt(value) => num_traits::ToPrimitive::to_f64(value.as_ref()),
            other => other.as_python_int().map(|value| value as f64),
        }
    }

    /// Whether it counts as true; waits for what is in the cluster.
    ///
    /// # Errors
    /// [`Kind::Value`] for an array of none or several elements.
    pub fn truth(&self) -> Result<bool, Error> {
        Ok(match self {
            Value::None => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Complex(value) => value.re != 0.0 || value.im != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::Tuple(items) | Value::List(items) => !items.is_empty(),
            Value::Dict(entries) => !entries.is_empty(),
            Value::Range(range) => range.len() > 0,
            Value::Scalar(scalar) => scalar.value()?.truth(),
            Value::Array(array) => match array.size() {
                1 => array.item()?.truth(),
                0 => {
                    let message = "The truth value of an empty array is ambiguous. Use \
                                   `array.size > 0` to check that an array is not empty.";
                    return Err(Error::new(Kind::Value, message));
                }
                _ => return Err(ambiguous()),
            },
            Value::Other(object) => object.truth()?,
            _ => true,
        })
    }

    /// The items of a list, a tuple, a range or the rows of an array.
    pub(crate) fn items(&self) -> Result<Vec<Value>, Error> {
        match self {
            Value::Tuple(items) | Value::List(items) => Ok(items.to_vec()),
            Value::Range(range) => {
                Ok((0..range.len()).map(|at| Value::Int(range.at(at))).collect())
            }
            Value::Record(record) if !record.is_limits() => {
                Ok(record.fields.iter().map(|field| field.1.clone()).collect())
            }
            Value::Array(array) => {
                let row = |row| crate::subscript::item(array, &Value::length(row));
                (0..array.rows()?).map(row).collect()
            }
            other => {
                let message = format!("'{}' object is not iterable", other.type_name());
                Err(Error::new(Kind::Type, message))
            }
        }
    }
}

/// The integer that a scalar is, unless int64 does not hold it; nothing for another type. Waits for it.
fn index_of(scalar: &Scalar) -> Result<Option<i64>, Error> {
    if !scalar.is_integer() {
        return Ok(None);
    }
    Ok(scalar.value()?.as_integer().and_then(|value| i64::try_from(value).ok()))
}

/// NumPy's words for the truth of several elements.
pub fn ambiguous() -> Error {
    let message = "The truth value of an array with more than one element is ambiguous. Use a.any() \
                   or a.all()";
    Error::new(Kind::Value, message)
}
