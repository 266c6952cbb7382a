//! `np.float64`: one number that may still be on its way.

use crate::exception::{Exception, Kind};
use ndarray::ArrayD;
use nums::{DistArray, Pending, Session};
use std::{cell::OnceCell, rc::Rc};

/// An immutable NumPy scalar.
#[derive(Clone)]
pub(crate) enum Scalar {
    /// A number at hand.
    Known(f64),
    /// The element of an array without axes, fetched when it is needed, once.
    Lazy(Rc<Lazy>),
}

/// A number in the cluster.
pub(crate) struct Lazy {
    array: DistArray,
    value: OnceCell<f64>,
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

    /// The number, when it is here already.
    pub(crate) fn peek(&self) -> Option<f64> {
        match self {
            Scalar::Known(value) => Some(*value),
            Scalar::Lazy(lazy) => lazy.value.get().copied(),
        }
    }

    /// The number as an operand of array operations; runs nothing.
    pub(crate) fn as_array(&self, session: &Session) -> Result<DistArray, Exception> {
        match self {
            Scalar::Known(value) => Ok(session.full(&[], *value)?),
            Scalar::Lazy(lazy) => Ok(lazy.array.clone()),
        }
    }

    /// Asks for the number without waiting for it.
    pub(crate) fn request(&self) -> ScalarRequest {
        match self {
            Scalar::Known(value) => ScalarRequest::Known(*value),
            Scalar::Lazy(lazy) => match lazy.value.get() {
                Some(value) => ScalarRequest::Known(*value),
                None => ScalarRequest::Sent(lazy.clone(), lazy.array.fetch::<f64>()),
            },
        }
    }

    /// Waits for the number.
    pub(crate) fn value(&self) -> Result<f64, Exception> {
        self.request().wait()
    }
}

/// A number that was asked for.
pub(crate) enum ScalarRequest {
    Known(f64),
    Sent(Rc<Lazy>, Pending<ArrayD<f64>>),
}

impl ScalarRequest {
    /// Waits until the number is here.
    pub(crate) fn wait(self) -> Result<f64, Exception> {
        match self {
            ScalarRequest::Known(value) => Ok(value),
            ScalarRequest::Sent(lazy, pending) => {
                let fetched = pending.wait()?;
                let value = fetched.first().copied().ok_or_else(|| {
                    Exception::new(Kind::Runtime, "an array without axes came without its element")
                })?;
                Ok(*lazy.value.get_or_init(|| value))
            }
        }
    }
}
