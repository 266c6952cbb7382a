//! Reductions: many elements become one.

use super::arguments::{array_argument, axes_argument, to_array};
use crate::{
    exception::Exception,
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    value::Value,
};
use nums::{DType, DistArray, Error};

const FUNCTION: &[Parameter] = &[
    Parameter::required("a"),
    Parameter::optional("axis"),
    Parameter::optional("dtype"),
    Parameter::keyword("keepdims"),
];
const METHOD: &[Parameter] = &[
    Parameter::positional("a"),
    Parameter::optional("axis"),
    Parameter::optional("dtype"),
    Parameter::keyword("keepdims"),
];

/// A reduction as a function or method.
macro_rules! reduction {
    ($name:literal, $parameters:expr, $function:expr) => {
        Function {
            name: $name,
            parameters: $parameters,
            body: |interpreter, arguments| reduce(interpreter, &arguments, $function),
        }
    };
}

pub(super) static FUNCTIONS: &[Function] =
    &[reduction!("mean", FUNCTION, mean), reduction!("sum", FUNCTION, sum)];

pub(super) static METHODS: &[Function] =
    &[reduction!("mean", METHOD, mean), reduction!("sum", METHOD, sum)];

type Reduction = fn(&DistArray, &[isize]) -> Result<DistArray, Error>;

fn sum(array: &DistArray, axes: &[isize]) -> Result<DistArray, Error> {
    array.sum_axes(axes)
}

fn mean(array: &DistArray, axes: &[isize]) -> Result<DistArray, Error> {
    let shape = array.shape();
    let count: usize = axes.iter().map(|axis| shape[*axis as usize]).product();
    let array = if array.dtype() == DType::Float32 {
        array.clone()
    } else {
        array.astype(DType::Float64)?
    };
    array.sum_axes(axes)?.try_div(count as f64)
}

/// Whether any element counts as true.
pub(crate) fn any(interpreter: &Interpreter, value: &Value) -> Result<Value, Exception> {
    let array = to_array(interpreter, value)?.astype(DType::Bool)?.astype(DType::Float64)?;
    Ok(Value::computed(array.sum()))
}

fn reduce(
    interpreter: &Interpreter,
    arguments: &Arguments,
    function: Reduction,
) -> Result<Value, Exception> {
    let array = array_argument(interpreter, arguments, "a")?;
    let array = match super::dtype_of(arguments.get("dtype"))? {
        Some(dtype) => array.astype(dtype)?,
        None => array,
    };
    let axes = axes_argument(arguments.get("axis"), array.ndim())?;
    let signed: Vec<isize> = axes.iter().map(|axis| *axis as isize).collect();
    let result = function(&array, &signed)?;
    if interpreter.truth(arguments.get("keepdims"))? {
        return Ok(Value::computed(kept(&result, &array.shape(), &axes)?));
    }
    Ok(Value::computed(result))
}

/// The result with the reduced axes as axes of length one.
fn kept(result: &DistArray, shape: &[usize], axes: &[usize]) -> Result<DistArray, Exception> {
    let lengths = shape
        .iter()
        .enumerate()
        .map(|(axis, len)| if axes.contains(&axis) { 1 } else { *len as isize });
    Ok(result.reshape(&lengths.collect::<Vec<_>>())?)
}
