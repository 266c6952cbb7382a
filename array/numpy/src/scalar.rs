//! NumPy's scalars: one number that may still be on its way.

use crate::{context::Context, error::Error, kind::Kind, number::Number};
use ndarray::ArrayD;
use nums::{Complex, DType, DistArray, Element};
use std::sync::{Arc, OnceLock};

/// An immutable NumPy scalar.
#[derive(Clone)]
pub enum Scalar {
    /// A number at hand.
    Known(Number),
    /// The element of an array without axes, fetched when it is needed, once.
    Lazy(Arc<Lazy>),
}

/// A number in the cluster.
pub struct Lazy {
    context: Context,
    array: DistArray,
    value: OnceLock<Number>,
}

impl Lazy {
    /// The context that it was made in.
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// The array without axes whose element this is.
    pub(crate) fn array(&self) -> &DistArray {
        &self.array
    }
}

impl Scalar {
    /// The one element of an array without axes.
    pub(crate) fn lazy(context: &Context, array: DistArray) -> Scalar {
        Scalar::Lazy(Arc::new(Lazy { context: context.clone(), array, value: OnceLock::new() }))
    }

    /// The type of the number, known before the number is.
    pub fn dtype(&self) -> DType {
        match self {
            Scalar::Known(number) => number.dtype(),
            Scalar::Lazy(lazy) => lazy.array.dtype(),
        }
    }

    /// Whether it is a whole number.
    pub(crate) fn is_integer(&self) -> bool {
        self.dtype().is_integer()
    }

    /// The number, when it is here already.
    pub fn peek(&self) -> Option<Number> {
        match self {
            Scalar::Known(number) => Some(*number),
            Scalar::Lazy(lazy) => lazy.value.get().copied(),
        }
    }

    /// The array that is still to be computed for it, if there is one.
    pub fn in_the_cluster(&self) -> Option<&DistArray> {
        match self {
            Scalar::Lazy(lazy) if lazy.value.get().is_none() => Some(&lazy.array),
            _ => None,
        }
    }

    /// The number as an operand of array operations; runs nothing.
    ///
    /// # Errors
    /// What the library refuses.
    pub fn as_array(&self, context: &Context) -> Result<DistArray, Error> {
        match self {
            Scalar::Known(number) => constant(context, *number),
            Scalar::Lazy(lazy) => Ok(lazy.array.clone()),
        }
    }

    /// Asks for the number without waiting for it.
    pub(crate) fn request(&self) -> Result<ScalarRequest, Error> {
        Ok(match self {
            Scalar::Known(number) => ScalarRequest::Known(*number),
            Scalar::Lazy(lazy) => match lazy.value.get() {
                Some(number) => ScalarRequest::Known(*number),
                None => ScalarRequest::Sent(
                    lazy.clone(),
                    Elements::request(&lazy.context, &lazy.array)?,
                ),
            },
        })
    }

    /// Waits for the number.
    ///
    /// # Errors
    /// What went wrong in the cluster, and what ends the wait.
    pub fn value(&self) -> Result<Number, Error> {
        self.request()?.wait()
    }

    /// Whether two scalars are one object.
    pub fn is(&self, other: &Scalar) -> bool {
        match (self, other) {
            (Scalar::Lazy(left), Scalar::Lazy(right)) => Arc::ptr_eq(left, right),
            _ => false,
        }
    }
}

/// A number that was asked for.
pub(crate) enum ScalarRequest {
    Known(Number),
    Sent(Arc<Lazy>, Elements),
}

impl ScalarRequest {
    /// Waits until the number is here.
    pub(crate) fn wait(self) -> Result<Number, Error> {
        match self {
            ScalarRequest::Known(number) => Ok(number),
            ScalarRequest::Sent(lazy, pending) => {
                let fetched = pending.wait()?;
                let number = fetched.first().copied().ok_or_else(|| {
                    Error::new(Kind::Runtime, "an array without axes came without its element")
                })?;
                Ok(*lazy.value.get_or_init(|| number))
            }
        }
    }
}

/// Waits for the elements of an array.
type Read = Box<dyn FnOnce(&Context) -> Result<ArrayD<Number>, Error>>;

/// The elements of an array, on their way.
pub(crate) struct Elements {
    context: Context,
    read: Read,
}

impl Elements {
    /// Asks for all elements of an array; does not wait.
    pub(crate) fn request(context: &Context, array: &DistArray) -> Result<Elements, Error> {
        fn of<T: Element>(array: &DistArray, number: impl Fn(T) -> Number + 'static) -> Read {
            let pending = array.fetch::<T>();
            Box::new(move |context| Ok(context.wait(pending)?.map(|element| number(*element))))
        }
        macro_rules! integers {
            ($type:ty) => {{
                let dtype = array.dtype();
                of::<$type>(array, move |value| Number::Int(value.into(), dtype))
            }};
        }
        let read = match array.dtype() {
            DType::Bool => of(array, Number::Bool),
            DType::Int8 => integers!(i8),
            DType::Int16 => integers!(i16),
            DType::Int32 => integers!(i32),
            DType::Int64 => integers!(i64),
            DType::UInt8 => integers!(u8),
            DType::UInt16 => integers!(u16),
            DType::UInt32 => integers!(u32),
            DType::UInt64 => integers!(u64),
            dtype @ DType::Float32 => {
                of(array, move |value: f32| Number::Float(value.into(), dtype))
            }
            DType::Float64 => of(array, Number::float64),
            dtype @ DType::Complex64 => of(array, move |value: Complex<f32>| {
                let wide = Complex::new(value.re.into(), value.im.into());
                Number::Complex(wide, dtype)
            }),
            dtype @ DType::Complex128 => of(array, move |value| Number::Complex(value, dtype)),
        };
        Ok(Elements { context: context.clone(), read })
    }

    /// Waits for them.
    pub(crate) fn wait(self) -> Result<ArrayD<Number>, Error> {
        (self.read)(&self.context)
    }
}

/// An array without axes that holds a number.
pub(crate) fn constant(context: &Context, number: Number) -> Result<DistArray, Error> {
    Ok(context.session().full_dtype(&[], weak(number), number.dtype())?)
}

/// A number as the library takes it beside a type.
pub(crate) fn weak(number: Number) -> nums::Scalar {
    match number {
        Number::Bool(value) => nums::Scalar::Bool(value),
        Number::Int(value, _) => nums::Scalar::Int(value),
        Number::Float(value, _) => nums::Scalar::Float(value),
        Number::Complex(value, _) => nums::Scalar::Complex(value),
    }
}
