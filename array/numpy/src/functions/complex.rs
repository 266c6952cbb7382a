//! The parts of complex numbers.

use super::arguments::{array_argument, to_array};
use crate::{
    array::Array,
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    number::Number,
    scalar::Scalar,
    value::Value,
};
use nums::{DType, DistArray};

const VALUE: &[Parameter] = &[Parameter::required("val")];
const ONE: &[Parameter] = &[Parameter::positional("x")];
const METHOD: &[Parameter] = &[Parameter::positional("a")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function { name: "conj", parameters: ONE, body: |c, arguments| conjugate(c, &arguments, "x") },
    Function {
        name: "conjugate",
        parameters: ONE,
        body: |c, arguments| conjugate(c, &arguments, "x"),
    },
    Function {
        name: "imag",
        parameters: VALUE,
        body: |context, arguments| match arguments.get("val") {
            Value::Complex(value) => Ok(Value::Float(value.im)),
            Value::Bool(_) | Value::Int(_) | Value::BigInt(_) => Ok(Value::Int(0)),
            Value::Float(_) => Ok(Value::Float(0.0)),
            value => imaginary(&owned(context, value)?),
        },
    },
    Function {
        name: "real",
        parameters: VALUE,
        body: |context, arguments| match arguments.get("val") {
            Value::Complex(value) => Ok(Value::Float(value.re)),
            Value::Bool(value) => Ok(Value::Int(i64::from(*value))),
            value @ (Value::Int(_) | Value::BigInt(_) | Value::Float(_)) => Ok(value.clone()),
            value => real(&owned(context, value)?),
        },
    },
];

pub(super) static METHODS: &[Function] = &[
    Function {
        name: "conj",
        parameters: METHOD,
        body: |c, arguments| conjugate(c, &arguments, "a"),
    },
    Function {
        name: "conjugate",
        parameters: METHOD,
        body: |c, arguments| conjugate(c, &arguments, "a"),
    },
];

/// `np.conj(x)`.
fn conjugate(context: &Context, arguments: &Arguments, name: &str) -> Result<Value, Error> {
    Ok(context.computed(array_argument(context, arguments, name)?.conj()))
}

/// An array or scalar as it is, and of anything else an array.
fn owned(context: &Context, value: &Value) -> Result<Value, Error> {
    match value {
        Value::Array(_) | Value::Scalar(_) => Ok(value.clone()),
        other => Ok(context.computed(to_array(context, other)?)),
    }
}

/// `x.real` of an array or scalar: of real numbers the array itself, as in NumPy, and of complex ones an array that cannot
/// be written to, where NumPy gives a view.
pub(crate) fn real(owner: &Value) -> Result<Value, Error> {
    match owner {
        Value::Array(array) if array.dtype().is_complex() => part(array, array.read()?.real()),
        Value::Scalar(Scalar::Known(Number::Complex(value, dtype))) => {
            Ok(Value::number(Number::float(value.re, half(*dtype))))
        }
        Value::Scalar(Scalar::Lazy(lazy)) => Ok(lazy.context().computed(lazy.array().real())),
        other => Ok(other.clone()),
    }
}

/// `x.imag` of an array or scalar: an array that cannot be written to.
pub(crate) fn imaginary(owner: &Value) -> Result<Value, Error> {
    match owner {
        Value::Array(array) => part(array, array.read()?.imag()?),
        Value::Scalar(Scalar::Known(number)) => Ok(Value::number(match number {
            Number::Complex(value, dtype) => Number::float(value.im, half(*dtype)),
            real => Number::Bool(false).cast(real.dtype()),
        })),
        Value::Scalar(Scalar::Lazy(lazy)) => Ok(lazy.context().computed(lazy.array().imag()?)),
        other => Ok(other.clone()),
    }
}

/// The dtype of the parts of a complex one.
fn half(dtype: DType) -> DType {
    if dtype == DType::Complex64 { DType::Float32 } else { DType::Float64 }
}

fn part(whole: &Array, part: DistArray) -> Result<Value, Error> {
    let part = whole.context().array(part);
    let shape = part.shape().to_vec();
    Ok(Value::Array(part.broadcast_to(&shape)?))
}
