//! The module `nums`: what the library has beyond NumPy. Models and their data, each under the name that it has there.
//!
//! A fit is begun and not waited for, so that independent fits run at the same time; what was learnt is waited for when
//! it is asked for.

mod metrics;
mod model;
mod table;

pub use model::Estimator;
pub use table::Table;
pub(crate) use table::item;

use crate::{
    error::Error,
    function::{Function, Parameter},
    functions::{shape_argument, to_array},
    kind::Kind,
    value::Value,
};

/// All functions of the module.
pub(crate) fn functions() -> impl Iterator<Item = &'static Function> {
    [metrics::FUNCTIONS, model::FUNCTIONS, table::FUNCTIONS, BLOCKS].into_iter().flatten()
}

static BLOCKS: &[Function] = &[Function {
    name: "rechunk",
    parameters: &[Parameter::required("x"), Parameter::required("block_shape")],
    body: |context, arguments| {
        let array = to_array(context, arguments.get("x"))?;
        let block_shape = shape_argument(arguments.get("block_shape"))?;
        Ok(Value::Array(context.array(array.rechunk(&block_shape)?)))
    },
}];

/// One string or several.
fn texts(value: &Value) -> Result<Vec<String>, Error> {
    let text = |value: &Value| match value {
        Value::Str(text) => Ok(text.to_string()),
        other => {
            let message = format!("a string is needed, not '{}'", other.type_name());
            Err(Error::new(Kind::Type, message))
        }
    };
    match value {
        Value::List(items) | Value::Tuple(items) => items.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}
