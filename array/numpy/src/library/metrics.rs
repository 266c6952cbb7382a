//! How good predictions are. A metric waits for its number.

use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    functions::to_array,
    value::Value,
};
use nums::{DistArray, Pending, metrics};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "accuracy",
        parameters: &[Parameter::required("labels"), Parameter::required("predictions")],
        body: |i, arguments| metric(i, &arguments, "predictions", metrics::accuracy),
    },
    Function {
        name: "log_loss",
        parameters: &[Parameter::required("labels"), Parameter::required("probabilities")],
        body: |i, arguments| metric(i, &arguments, "probabilities", metrics::log_loss),
    },
    Function {
        name: "roc_auc",
        parameters: &[Parameter::required("labels"), Parameter::required("scores")],
        body: |i, arguments| metric(i, &arguments, "scores", metrics::roc_auc),
    },
];

fn metric(
    context: &Context,
    arguments: &Arguments,
    name: &str,
    of: fn(&DistArray, &DistArray) -> Pending<f64>,
) -> Result<Value, Error> {
    let labels = to_array(context, arguments.get("labels"))?;
    let predicted = to_array(context, arguments.get(name))?;
    Ok(Value::Float(context.wait(of(&labels, &predicted))?))
}
