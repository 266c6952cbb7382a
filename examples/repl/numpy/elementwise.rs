//! Functions of one element at a time: `exp`, `log`, `sqrt`, `square`, `abs`.

use super::{array_argument, no_integers, not_an_array};
use crate::{
    exception::Exception,
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    operators::operand,
    value::Value,
};
use nums::DistArray;

static PARAMETERS: &[Parameter] = &[Parameter::positional("x")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "abs",
        parameters: PARAMETERS,
        is_class: false,
        body: |interpreter, arguments| {
            integer_keeping(interpreter, &arguments, "abs", DistArray::abs)
        },
    },
    Function {
        name: "absolute",
        parameters: PARAMETERS,
        is_class: false,
        body: |interpreter, arguments| {
            integer_keeping(interpreter, &arguments, "absolute", DistArray::abs)
        },
    },
    Function {
        name: "exp",
        parameters: PARAMETERS,
        is_class: false,
        body: |interpreter, arguments| apply(interpreter, &arguments, DistArray::exp),
    },
    Function {
        name: "log",
        parameters: PARAMETERS,
        is_class: false,
        body: |interpreter, arguments| apply(interpreter, &arguments, DistArray::log),
    },
    Function {
        name: "sqrt",
        parameters: PARAMETERS,
        is_class: false,
        body: |interpreter, arguments| apply(interpreter, &arguments, DistArray::sqrt),
    },
    Function {
        name: "square",
        parameters: PARAMETERS,
        is_class: false,
        body: |interpreter, arguments| {
            integer_keeping(interpreter, &arguments, "square", DistArray::square)
        },
    },
];

/// `abs` of an array or scalar of NumPy.
pub(crate) fn absolute(interpreter: &Interpreter, value: &Value) -> Result<Value, Exception> {
    let array = operand(&interpreter.session, value)?.ok_or_else(|| not_an_array(value))?;
    Ok(Value::computed(array.abs()))
}

fn apply(
    interpreter: &Interpreter,
    arguments: &Arguments,
    function: fn(&DistArray) -> DistArray,
) -> Result<Value, Exception> {
    Ok(Value::computed(function(&array_argument(interpreter, arguments, "x")?)))
}

/// A function that NumPy answers with an integer when it is given one.
fn integer_keeping(
    interpreter: &Interpreter,
    arguments: &Arguments,
    name: &str,
    function: fn(&DistArray) -> DistArray,
) -> Result<Value, Exception> {
    if arguments.get("x").as_python_int().is_some() {
        return Err(no_integers(name));
    }
    apply(interpreter, arguments, function)
}
