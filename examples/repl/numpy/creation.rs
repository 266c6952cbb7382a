//! New arrays: `arange`, `zeros`, `ones`, `full`; and the scalar `float64`.

use super::{check_dtype, no_integers, shape_argument};
use crate::{
    array::Array,
    exception::{Exception, Kind},
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    scalar::Scalar,
    value::Value,
};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "arange",
        parameters: &[
            Parameter::optional("start"),
            Parameter::optional("stop"),
            Parameter::optional("step"),
            Parameter::optional("dtype"),
        ],
        is_class: false,
        body: arange,
    },
    Function {
        name: "full",
        parameters: &[
            Parameter::required("shape"),
            Parameter::required("fill_value"),
            Parameter::optional("dtype"),
        ],
        is_class: false,
        body: full,
    },
    Function {
        name: "ones",
        parameters: &[Parameter::required("shape"), Parameter::optional("dtype")],
        is_class: false,
        body: |interpreter, arguments| filled(interpreter, &arguments, 1.0),
    },
    Function {
        name: "zeros",
        parameters: &[Parameter::required("shape"), Parameter::optional("dtype")],
        is_class: false,
        body: |interpreter, arguments| filled(interpreter, &arguments, 0.0),
    },
    Function {
        name: "numpy.float64",
        parameters: &[Parameter::positional("x")],
        is_class: true,
        body: float64,
    },
];

fn arange(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    check_dtype(&arguments)?;
    let (start, stop) = match (arguments.get("start"), arguments.get("stop")) {
        (Value::None, Value::None) => {
            return Err(Exception::new(Kind::Type, "arange() requires stop to be specified."));
        }
        (stop, Value::None) => (&Value::None, stop),
        both => both,
    };
    let step = arguments.get("step");
    let all_integers = [start, stop, step]
        .into_iter()
        .all(|value| matches!(value, Value::None) || value.as_python_int().is_some());
    if all_integers && matches!(arguments.get("dtype"), Value::None) {
        return Err(no_integers("arange"));
    }
    let (start, stop) = (number(start, 0.0)?, number(stop, 0.0)?);
    let array = interpreter.session.arange(start, stop, number(step, 1.0)?)?;
    Ok(Value::Array(Array::new(array)))
}

fn full(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    check_dtype(&arguments)?;
    let value = arguments.get("fill_value");
    if value.as_python_int().is_some() && matches!(arguments.get("dtype"), Value::None) {
        return Err(no_integers("full"));
    }
    let value = number(value, f64::NAN)?;
    filled(interpreter, &arguments, value)
}

fn filled(
    interpreter: &mut Interpreter,
    arguments: &Arguments,
    value: f64,
) -> Result<Value, Exception> {
    check_dtype(arguments)?;
    let shape = shape_argument(arguments.get("shape"))?;
    Ok(Value::Array(Array::new(interpreter.session.full(&shape, value)?)))
}

fn float64(_: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    match arguments.get("x") {
        Value::Scalar(scalar) => Ok(Value::Scalar(scalar.clone())),
        other => Ok(Value::Scalar(Scalar::Known(number(other, 0.0)?))),
    }
}

/// One number, or `otherwise` for `None`; waits for a scalar that is still to come.
fn number(value: &Value, otherwise: f64) -> Result<f64, Exception> {
    match value {
        Value::None => Ok(otherwise),
        Value::Scalar(scalar) => scalar.value(),
        other => other.as_python_float().ok_or_else(|| {
            let message = format!("a number is needed, not '{}'", other.type_name());
            Exception::new(Kind::Type, message)
        }),
    }
}
