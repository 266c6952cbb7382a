//! Arrays in `.npy` files.

use super::arguments::array_argument;
use crate::{
    error::Error,
    function::{Function, Parameter},
    kind::Kind,
    value::Value,
};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "load",
        parameters: &[Parameter::required("file")],
        body: |context, arguments| {
            let path = path(arguments.get("file"))?;
            let array = context.wait(context.session().read_npy(path))?;
            Ok(Value::Array(context.made(array)))
        },
    },
    Function {
        name: "save",
        parameters: &[Parameter::required("file"), Parameter::required("arr")],
        body: |context, arguments| {
            let mut path = path(arguments.get("file"))?;
            // As NumPy names the file.
            if !path.ends_with(".npy") {
                path += ".npy";
            }
            context.wait(array_argument(context, &arguments, "arr")?.write_npy(path))?;
            Ok(Value::None)
        },
    },
];

fn path(value: &Value) -> Result<String, Error> {
    match value {
        Value::Str(path) => Ok(path.to_string()),
        other => {
            let message = format!("a path is needed, not '{}'", other.type_name());
            Err(Error::new(Kind::Type, message))
        }
    }
}
