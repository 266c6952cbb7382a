//! Arrays in `.npy` files.

use super::arguments::array_argument;
use crate::{
    array::Array,
    exception::{Exception, Kind},
    function::{Function, Parameter},
    value::Value,
    waiting::wait,
};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "load",
        parameters: &[Parameter::required("file")],
        body: |interpreter, arguments| {
            let path = path(arguments.get("file"))?;
            Ok(Value::Array(Array::made(wait(interpreter.session.read_npy(path))?)))
        },
    },
    Function {
        name: "save",
        parameters: &[Parameter::required("file"), Parameter::required("arr")],
        body: |interpreter, arguments| {
            let mut path = path(arguments.get("file"))?;
            // As NumPy names the file.
            if !path.ends_with(".npy") {
                path += ".npy";
            }
            wait(array_argument(interpreter, &arguments, "arr")?.write_npy(path))?;
            Ok(Value::None)
        },
    },
];

fn path(value: &Value) -> Result<String, Exception> {
    match value {
        Value::Str(path) => Ok(path.to_string()),
        other => {
            let message = format!("a path is needed, not '{}'", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    }
}
