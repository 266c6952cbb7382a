//! Arrays in `.npy` files.

use super::arguments::array_argument;
use crate::{
    context::Context,
    error::Error,
    function::{Function, Parameter},
    kind::Kind,
    value::Value,
};
use nums::{DType, DistArray};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "load",
        parameters: &[Parameter::required("file")],
        body: |context, arguments| {
            let path = path(arguments.get("file"))?;
            let array = context.wait(context.session().read_npy(path))?;
            Ok(Value::Array(context.made(known(context, array)?)))
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

/// The array in a dtype that NumPy's functions know here: integers of other widths as int32 or int64, which hold their
/// values.
fn known(context: &Context, array: DistArray) -> Result<DistArray, Error> {
    match array.dtype() {
        DType::Int8 | DType::Int16 | DType::UInt8 | DType::UInt16 => {
            Ok(array.astype(DType::Int32)?)
        }
        DType::UInt32 => Ok(array.astype(DType::Int64)?),
        DType::UInt64 => {
            let beyond = array.greater(i64::MAX).any().fetch::<bool>();
            if context.wait(beyond)?.iter().any(|&beyond| beyond) {
                let message = "uint64 values of 2**63 and more are not supported yet";
                return Err(Error::new(Kind::Overflow, message));
            }
            Ok(array.astype(DType::Int64)?)
        }
        dtype @ (DType::Complex64 | DType::Complex128) => {
            Err(Error::unsupported(format!("{dtype} is")))
        }
        DType::Bool | DType::Int32 | DType::Int64 | DType::Float32 | DType::Float64 => Ok(array),
    }
}

fn path(value: &Value) -> Result<String, Error> {
    match value {
        Value::Str(path) => Ok(path.to_string()),
        other => {
            let message = format!("a path is needed, not '{}'", other.type_name());
            Err(Error::new(Kind::Type, message))
        }
    }
}
