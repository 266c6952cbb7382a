//! Comparisons of whole arrays, and within a tolerance.

use super::arguments::{array_argument, float_or, misfit, truth_or};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    number::Number,
    value::Value,
};
use nums::DistArray;

const CLOSE: &[Parameter] = &[
    Parameter::required("a"),
    Parameter::required("b"),
    Parameter::defaulted("rtol", "1e-05"),
    Parameter::defaulted("atol", "1e-08"),
    Parameter::defaulted("equal_nan", "False"),
];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "allclose",
        parameters: CLOSE,
        body: |context, arguments| truth(context, &close(context, &arguments)?.all()),
    },
    Function {
        name: "array_equal",
        parameters: &[
            Parameter::required("a1"),
            Parameter::required("a2"),
            Parameter::defaulted("equal_nan", "False"),
        ],
        body: |context, arguments| {
            let (Ok(a), Ok(b)) = (
                array_argument(context, &arguments, "a1"),
                array_argument(context, &arguments, "a2"),
            ) else {
                return Ok(Value::Bool(false));
            };
            if a.shape() != b.shape() {
                return Ok(Value::Bool(false));
            }
            truth(context, &a.array_equal(&b, truth_or(&arguments, "equal_nan", false)?)?)
        },
    },
    Function {
        name: "array_equiv",
        parameters: &[Parameter::required("a1"), Parameter::required("a2")],
        body: |context, arguments| {
            let (Ok(a), Ok(b)) = (
                array_argument(context, &arguments, "a1"),
                array_argument(context, &arguments, "a2"),
            ) else {
                return Ok(Value::Bool(false));
            };
            match a.try_equal(&b) {
                Ok(equal) => truth(context, &equal.all()),
                Err(_) => Ok(Value::Bool(false)),
            }
        },
    },
    Function {
        name: "isclose",
        parameters: CLOSE,
        body: |context, arguments| Ok(context.computed(close(context, &arguments)?)),
    },
];

fn close(context: &Context, arguments: &Arguments) -> Result<DistArray, Error> {
    let (a, b) =
        (array_argument(context, arguments, "a")?, array_argument(context, arguments, "b")?);
    let (rtol, atol) = (float_or(arguments, "rtol", 1e-5)?, float_or(arguments, "atol", 1e-8)?);
    let equal_nan = truth_or(arguments, "equal_nan", false)?;
    a.isclose(&b, rtol, atol, equal_nan).map_err(|error| match error {
        nums::Error::Shape(_) => misfit(&[a.shape(), b.shape()]),
        other => other.into(),
    })
}

/// A truth value of Python; waits for it.
fn truth(context: &Context, array: &DistArray) -> Result<Value, Error> {
    let found = context.lazy(array.clone()).value()?;
    Ok(Value::Bool(matches!(found, Number::Bool(true))))
}
