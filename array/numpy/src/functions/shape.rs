//! The same elements under another shape: `reshape` and `transpose`, which give views.

use super::arguments::{array_of, axis_of, int_arguments, one_or_many};
use crate::{
    array::Array,
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    value::Value,
};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "reshape",
        parameters: &[Parameter::required("a"), Parameter::required("shape")],
        body: |context, arguments| reshape(context, arguments.get("a"), arguments.get("shape")),
    },
    Function {
        name: "transpose",
        parameters: &[Parameter::required("a"), Parameter::optional("axes")],
        body: |context, arguments| transpose(context, arguments.get("a"), arguments.get("axes")),
    },
    Function {
        name: "permute_dims",
        parameters: &[Parameter::required("a"), Parameter::optional("axes")],
        body: |context, arguments| transpose(context, arguments.get("a"), arguments.get("axes")),
    },
    Function { name: "ravel", parameters: ONE, body: ravel },
    Function { name: "squeeze", parameters: AXIS, body: squeeze },
    Function {
        name: "expand_dims",
        parameters: &[Parameter::required("a"), Parameter::required("axis")],
        body: expand_dims,
    },
    Function {
        name: "swapaxes",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("axis1"),
            Parameter::required("axis2"),
        ],
        body: swapaxes,
    },
    Function {
        name: "moveaxis",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("source"),
            Parameter::required("destination"),
        ],
        body: moveaxis,
    },
    Function {
        name: "shape",
        parameters: ONE,
        body: |context, arguments| Ok(Value::shape(array_of(context, arguments.get("a"))?.shape())),
    },
    Function {
        name: "ndim",
        parameters: ONE,
        body: |context, arguments| Ok(Value::length(array_of(context, arguments.get("a"))?.ndim())),
    },
    Function {
        name: "size",
        parameters: ONE,
        body: |context, arguments| Ok(Value::length(array_of(context, arguments.get("a"))?.size())),
    },
    Function {
        name: "atleast_1d",
        parameters: ONE,
        body: |context, arguments| {
            let array = array_of(context, arguments.get("a"))?;
            Ok(Value::Array(if array.ndim() == 0 { array.reshape(&[1])? } else { array }))
        },
    },
];

const ONE: &[Parameter] = &[Parameter::required("a")];
const AXIS: &[Parameter] = &[Parameter::required("a"), Parameter::optional("axis")];

/// The methods take the lengths and axes also one by one.
pub(super) static METHODS: &[Function] = &[
    Function {
        name: "reshape",
        parameters: &[Parameter::positional("a"), Parameter::rest("shape")],
        body: |context, arguments| match one_or_many(&arguments) {
            Value::None => {
                let message = "reshape() takes exactly 1 argument (0 given)";
                Err(Error::new(Kind::Type, message))
            }
            shape => reshape(context, arguments.get("a"), &shape),
        },
    },
    Function {
        name: "transpose",
        parameters: &[Parameter::positional("a"), Parameter::rest("axes")],
        body: |context, arguments| transpose(context, arguments.get("a"), &one_or_many(&arguments)),
    },
    Function {
        name: "flatten",
        parameters: ONE,
        body: |context, arguments| {
            let flat = array_of(context, arguments.get("a"))?.reshape(&[-1])?;
            Ok(Value::Array(context.array(flat.read()?)))
        },
    },
    Function { name: "ravel", parameters: ONE, body: ravel },
    Function { name: "squeeze", parameters: AXIS, body: squeeze },
    Function {
        name: "swapaxes",
        parameters: &[
            Parameter::positional("a"),
            Parameter::positional("axis1"),
            Parameter::positional("axis2"),
        ],
        body: swapaxes,
    },
];

/// `owner.T`.
pub(crate) fn transposed(owner: &Value) -> Result<Value, Error> {
    match owner {
        Value::Array(array) => reversed(array),
        other => Ok(other.clone()),
    }
}

/// `array.mT`: the last two axes in the place of each other.
///
/// # Errors
/// When there are less than two.
pub(crate) fn matrix_transposed(array: &Array) -> Result<Value, Error> {
    let ndim = array.ndim();
    if ndim < 2 {
        return Err(Error::new(Kind::Value, "matrix transpose with ndim < 2 is undefined"));
    }
    let mut order: Vec<usize> = (0..ndim).collect();
    order.swap(ndim - 2, ndim - 1);
    Ok(Value::Array(array.transpose(&order)?))
}

fn reshape(context: &Context, value: &Value, shape: &Value) -> Result<Value, Error> {
    let shape = int_arguments(shape)?;
    if shape.iter().filter(|len| **len < 0).count() > 1 {
        return Err(Error::new(Kind::Value, "can only specify one unknown dimension"));
    }
    // NumPy takes any negative length for the one that follows from the others.
    let shape: Vec<isize> = shape.into_iter().map(|len| len.max(-1)).collect();
    Ok(Value::Array(array_of(context, value)?.reshape(&shape)?))
}

fn transpose(context: &Context, value: &Value, axes: &Value) -> Result<Value, Error> {
    let array = array_of(context, value)?;
    if let Value::None = axes {
        return reversed(&array);
    }
    let axes = int_arguments(axes)?;
    let ndim = array.ndim();
    if axes.len() != ndim {
        return Err(Error::new(Kind::Value, "axes don't match array"));
    }
    let mut order = Vec::with_capacity(ndim);
    for axis in axes {
        let position = axis_of(axis, ndim)?;
        if order.contains(&position) {
            return Err(Error::new(Kind::Value, "repeated axis in transpose"));
        }
        order.push(position);
    }
    Ok(Value::Array(array.transpose(&order)?))
}

fn reversed(array: &Array) -> Result<Value, Error> {
    let axes: Vec<usize> = (0..array.ndim()).rev().collect();
    Ok(Value::Array(array.transpose(&axes)?))
}

fn ravel(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    Ok(Value::Array(array_of(context, arguments.get("a"))?.ravel()?))
}

/// Without the axes of length one that are named, or any.
fn squeeze(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_of(context, arguments.get("a"))?;
    let mut dropped = Vec::new();
    match arguments.get("axis") {
        Value::None => {
            let ones = array.shape().iter().enumerate().filter(|(_, len)| **len == 1);
            dropped.extend(ones.map(|(axis, _)| axis));
        }
        axes => {
            for axis in int_arguments(axes)? {
                let axis = axis_of(axis, array.ndim())?;
                if array.shape()[axis] != 1 {
                    let message =
                        "cannot select an axis to squeeze out which has size not equal to one";
                    return Err(Error::new(Kind::Value, message));
                }
                if dropped.contains(&axis) {
                    return Err(Error::new(Kind::Value, "duplicate value in 'axis'"));
                }
                dropped.push(axis);
            }
        }
    }
    let kept = array.shape().iter().enumerate().filter(|(axis, _)| !dropped.contains(axis));
    let shape: Vec<isize> = kept.map(|(_, len)| *len as isize).collect();
    Ok(Value::Array(array.reshape(&shape)?))
}

fn expand_dims(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_of(context, arguments.get("a"))?;
    let axes = int_arguments(arguments.get("axis"))?;
    let ndim = array.ndim() + axes.len();
    let new = axes.into_iter().map(|axis| axis_of(axis, ndim)).collect::<Result<Vec<_>, _>>()?;
    if (1..new.len()).any(|at| new[..at].contains(&new[at])) {
        return Err(Error::new(Kind::Value, "repeated axis"));
    }
    let mut old = array.shape().iter();
    let shape = (0..ndim).map(|axis| match new.contains(&axis) {
        true => 1,
        false => old.next().map_or(1, |len| *len as isize),
    });
    Ok(Value::Array(array.reshape(&shape.collect::<Vec<_>>())?))
}

fn swapaxes(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_of(context, arguments.get("a"))?;
    let axis = |name: &str| axis_of(arguments.get(name).as_int()? as isize, array.ndim());
    let mut order: Vec<usize> = (0..array.ndim()).collect();
    order.swap(axis("axis1")?, axis("axis2")?);
    Ok(Value::Array(array.transpose(&order)?))
}

fn moveaxis(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_of(context, arguments.get("a"))?;
    let axes = |name: &str| -> Result<Vec<usize>, Error> {
        int_arguments(arguments.get(name))?
            .into_iter()
            .map(|axis| axis_of(axis, array.ndim()))
            .collect()
    };
    let (source, destination) = (axes("source")?, axes("destination")?);
    if source.len() != destination.len() {
        let message = "`source` and `destination` arguments must have the same number of elements";
        return Err(Error::new(Kind::Value, message));
    }
    let mut order: Vec<usize> = (0..array.ndim()).filter(|axis| !source.contains(axis)).collect();
    let mut moves: Vec<(usize, usize)> = std::iter::zip(destination, source).collect();
    moves.sort_unstable();
    for (to, from) in moves {
        order.insert(to.min(order.len()), from);
    }
    Ok(Value::Array(array.transpose(&order)?))
}
