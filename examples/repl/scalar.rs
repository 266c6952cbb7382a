//! NumPy's scalars: one number that may still be on its way.

pub(crate) use crate::number::Number;
use crate::{
    exception::{Exception, Kind},
    waiting::wait,
};
use ndarray::ArrayD;
use nums::{DType, DistArray, Pending, Session};
use std::{cell::OnceCell, rc::Rc};

/// An immutable NumPy scalar.
#[derive(Clone)]
pub(crate) enum Scalar {
    /// A number at hand.
    Known(Number),
    /// The element of an array without axes, fetched when it is needed, once.
    Lazy(Rc<Lazy>),
}

/// A number in the cluster.
pub(crate) struct Lazy {
    array: DistArray,
    value: OnceCell<Number>,
}

impl Lazy {
    /// The array without axes whose element this is.
    pub(crate) fn array(&self) -> &DistArray {
        &self.array
    }
}

impl Scalar {
    /// The one element of an array without axes.
    pub(crate) fn lazy(array: DistArray) -> Scalar {
        Scalar::Lazy(Rc::new(Lazy { array, value: OnceCell::new() }))
    }

    /// The type of the number, known before the number is.
    pub(crate) fn dtype(&self) -> DType {
        match self {
            Scalar::Known(number) => number.dtype(),
            Scalar::Lazy(lazy) => lazy.array.dtype(),
        }
    }

    /// Whether it is a whole number.
    pub(crate) fn is_integer(&self) -> bool {
        matches!(self.dtype(), DType::Int32 | DType::Int64)
    }

    /// The number, when it is here already.
    pub(crate) fn peek(&self) -> Option<Number> {
        match self {
            Scalar::Known(number) => Some(*number),
            Scalar::Lazy(lazy) => lazy.value.get().copied(),
        }
    }

    /// The array that is still to be computed for it, if there is one.
    pub(crate) fn in_the_cluster(&self) -> Option<&DistArray> {
        match self {
            Scalar::Lazy(lazy) if lazy.value.get().is_none() => Some(&lazy.array),
            _ => None,
        }
    }

    /// The number as an operand of array operations; runs nothing.
    pub(crate) fn as_array(&self, session: &Session) -> Result<DistArray, Exception> {
        match self {
            Scalar::Known(number) => constant(session, *number),
            Scalar::Lazy(lazy) => Ok(lazy.array.clone()),
        }
    }

    /// Asks for the number without waiting for it.
    pub(crate) fn request(&self) -> Result<ScalarRequest, Exception> {
        Ok(match self {
            Scalar::Known(number) => ScalarRequest::Known(*number),
            Scalar::Lazy(lazy) => match lazy.value.get() {
                Some(number) => ScalarRequest::Known(*number),
                None => ScalarRequest::Sent(lazy.clone(), Elements::request(&lazy.array)?),
            },
        })
    }

    /// Waits for the number.
    pub(crate) fn value(&self) -> Result<Number, Exception> {
        self.request()?.wait()
    }

    /// Whether two scalars are one object.
    pub(crate) fn is(&self, other: &Scalar) -> bool {
        match (self, other) {
            (Scalar::Lazy(left), Scalar::Lazy(right)) => Rc::ptr_eq(left, right),
            _ => false,
        }
    }
}

/// A number that was asked for.
pub(crate) enum ScalarRequest {
    Known(Number),
    Sent(Rc<Lazy>, Elements),
}

impl ScalarRequest {
    /// Waits until the number is here.
    pub(crate) fn wait(self) -> Result<Number, Exception> {
        match self {
            ScalarRequest::Known(number) => Ok(number),
            ScalarRequest::Sent(lazy, pending) => {
                let fetched = pending.wait()?;
                let number = fetched.first().copied().ok_or_else(|| {
                    Exception::new(Kind::Runtime, "an array without axes came without its element")
                })?;
                Ok(*lazy.value.get_or_init(|| number))
            }
        }
    }
}

/// The elements of an array, on their way.
pub(crate) enum Elements {
    Bool(Pending<ArrayD<bool>>),
    Int32(Pending<ArrayD<i32>>),
    Int64(Pending<ArrayD<i64>>),
    Float32(Pending<ArrayD<f32>>),
    Float64(Pending<ArrayD<f64>>),
}

impl Elements {
    /// Asks for all elements of an array; does not wait.
    pub(crate) fn request(array: &DistArray) -> Result<Elements, Exception> {
        Ok(match array.dtype() {
            DType::Bool => Elements::Bool(array.fetch()),
            DType::Int32 => Elements::Int32(array.fetch()),
            DType::Int64 => Elements::Int64(array.fetch()),
            DType::Float32 => Elements::Float32(array.fetch()),
            DType::Float64 => Elements::Float64(array.fetch()),
            other => {
                return Err(Exception::unsupported(format!("reading elements of type {other} is")));
            }
        })
    }

    /// Waits for them.
    pub(crate) fn wait(self) -> Result<ArrayD<Number>, Exception> {
        Ok(match self {
            Elements::Bool(pending) => wait(pending)?.mapv(Number::Bool),
            Elements::Int32(pending) => wait(pending)?.mapv(Number::Int32),
            Elements::Int64(pending) => wait(pending)?.mapv(Number::Int64),
            Elements::Float32(pending) => wait(pending)?.mapv(Number::Float32),
            Elements::Float64(pending) => wait(pending)?.mapv(Number::Float64),
        })
    }
}

/// An array without axes that holds a number.
pub(crate) fn constant(session: &Session, number: Number) -> Result<DistArray, Exception> {
    Ok(session.full_dtype(&[], weak(number), number.dtype())?)
}

/// A number as the library takes it beside a type.
pub(crate) fn weak(number: Number) -> nums::Scalar {
    match (number, number.as_i64()) {
        (Number::Bool(value), _) => nums::Scalar::Bool(value),
        (_, Some(whole)) => nums::Scalar::Int(whole),
        _ => nums::Scalar::Float(number.as_f64()),
    }
}
