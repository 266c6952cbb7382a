//! Reductions: `sum`.

use super::{array_argument, int_arguments};
use crate::{
    exception::Exception,
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    value::Value,
};

pub(super) static FUNCTIONS: &[Function] = &[Function {
    name: "sum",
    parameters: &[Parameter::required("a"), Parameter::optional("axis")],
    is_class: false,
    body: sum,
}];

pub(super) static METHODS: &[Function] = &[Function {
    name: "sum",
    parameters: &[Parameter::positional("a"), Parameter::optional("axis")],
    is_class: false,
    body: sum,
}];

fn sum(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let array = array_argument(interpreter, &arguments, "a")?;
    let sum = match arguments.get("axis") {
        Value::None => array.sum(),
        axes => array.sum_axes(&int_arguments(axes)?)?,
    };
    Ok(Value::computed(sum))
}
