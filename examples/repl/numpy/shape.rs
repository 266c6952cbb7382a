//! The same elements under another shape: `reshape` and `transpose`, which give views.

use super::{int_arguments, not_an_array};
use crate::{
    array::Array,
    exception::{Exception, Kind},
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    operators::operand,
    value::Value,
};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "reshape",
        parameters: &[Parameter::required("a"), Parameter::required("shape")],
        is_class: false,
        body: |interpreter, arguments| {
            reshape(interpreter, arguments.get("a"), arguments.get("shape"))
        },
    },
    Function {
        name: "transpose",
        parameters: &[Parameter::required("a"), Parameter::optional("axes")],
        is_class: false,
        body: |interpreter, arguments| {
            transpose(interpreter, arguments.get("a"), arguments.get("axes"))
        },
    },
];

/// The methods take the lengths and axes also one by one.
pub(super) static METHODS: &[Function] = &[
    Function {
        name: "reshape",
        parameters: &[Parameter::positional("a"), Parameter::rest("shape")],
        is_class: false,
        body: |interpreter, arguments| match one_or_many(&arguments) {
            Value::None => {
                let message = "reshape() takes exactly 1 argument (0 given)";
                Err(Exception::new(Kind::Type, message))
            }
            shape => reshape(interpreter, arguments.get("a"), &shape),
        },
    },
    Function {
        name: "transpose",
        parameters: &[Parameter::positional("a"), Parameter::rest("axes")],
        is_class: false,
        body: |interpreter, arguments| {
            transpose(interpreter, arguments.get("a"), &one_or_many(&arguments))
        },
    },
];

/// `owner.T`.
pub(super) fn transposed(owner: &Value) -> Result<Value, Exception> {
    match owner {
        Value::Array(array) => reversed(array),
        other => Ok(other.clone()),
    }
}

/// `(2, 3)` and `2, 3` say the same.
fn one_or_many(arguments: &Arguments) -> Value {
    match arguments.rest.as_slice() {
        [] => Value::None,
        [one] => one.clone(),
        many => Value::Tuple(many.into()),
    }
}

fn reshape(interpreter: &Interpreter, value: &Value, shape: &Value) -> Result<Value, Exception> {
    let shape = int_arguments(shape)?;
    if shape.iter().filter(|len| **len < 0).count() > 1 {
        return Err(Exception::new(Kind::Value, "can only specify one unknown dimension"));
    }
    // NumPy takes any negative length for the one that follows from the others.
    let shape: Vec<isize> = shape.into_iter().map(|len| len.max(-1)).collect();
    Ok(Value::Array(array_of(interpreter, value)?.reshape(&shape)?))
}

fn transpose(interpreter: &Interpreter, value: &Value, axes: &Value) -> Result<Value, Exception> {
    let array = array_of(interpreter, value)?;
    if let Value::None = axes {
        return reversed(&array);
    }
    let axes = int_arguments(axes)?;
    let ndim = array.ndim();
    if axes.len() != ndim {
        return Err(Exception::new(Kind::Value, "axes don't match array"));
    }
    let mut order = Vec::with_capacity(ndim);
    for axis in axes {
        let from_start = if axis < 0 { axis + ndim as isize } else { axis };
        let position = usize::try_from(from_start).ok().filter(|position| *position < ndim);
        let position = position.ok_or(nums::Error::AxisOutOfRange { axis, ndim })?;
        if order.contains(&position) {
            return Err(Exception::new(Kind::Value, "repeated axis in transpose"));
        }
        order.push(position);
    }
    Ok(Value::Array(array.transpose(&order)?))
}

fn reversed(array: &Array) -> Result<Value, Exception> {
    let axes: Vec<usize> = (0..array.ndim()).rev().collect();
    Ok(Value::Array(array.transpose(&axes)?))
}

/// The array itself, so that the result is a view of it; a scalar becomes a new array.
fn array_of(interpreter: &Interpreter, value: &Value) -> Result<Array, Exception> {
    match value {
        Value::Array(array) => Ok(array.clone()),
        other => match operand(&interpreter.session, other)? {
            Some(array) => Ok(Array::new(array)),
            None => Err(not_an_array(other)),
        },
    }
}
