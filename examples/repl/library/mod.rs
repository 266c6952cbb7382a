//! The module `nums`: what the library has beyond NumPy. Models and their data, each under the name that it has there.
//!
//! A fit is begun and not waited for, so that independent fits run at the same time; what was learnt is waited for when
//! it is asked for.

mod metrics;
mod model;
mod table;

pub(crate) use model::Estimator;
pub(crate) use table::{Table, item};

use crate::{
    array::Array,
    class::Class,
    exception::{Exception, Kind},
    function::{Function, Parameter},
    numpy::{shape_argument, to_array},
    value::{Module, Value},
};

pub(crate) static NUMS: Module = Module {
    name: "nums",
    member: |name| {
        let class = CLASSES.iter().find(|class| class.short_name() == name);
        let function = || functions().find(|function| function.name == name).map(Value::Function);
        class.map(|class| Value::Class(*class)).or_else(function)
    },
    names: || {
        let classes = CLASSES.iter().map(|class| class.short_name());
        functions().map(|function| function.name).chain(classes).collect()
    },
};

/// What models raise and warn of, by scikit-learn's names.
const CLASSES: &[Class] = &[
    Class::Exception(Kind::Convergence),
    Class::Exception(Kind::NotFitted),
    Class::Exception(Kind::UndefinedMetric),
];

/// All functions of the module.
pub(crate) fn functions() -> impl Iterator<Item = &'static Function> {
    [metrics::FUNCTIONS, model::FUNCTIONS, table::FUNCTIONS, BLOCKS].into_iter().flatten()
}

static BLOCKS: &[Function] = &[Function {
    name: "rechunk",
    parameters: &[Parameter::required("x"), Parameter::required("block_shape")],
    body: |interpreter, arguments| {
        let array = to_array(interpreter, arguments.get("x"))?;
        let block_shape = shape_argument(arguments.get("block_shape"))?;
        Ok(Value::Array(Array::new(array.rechunk(&block_shape)?)))
    },
}];

/// One string or several.
fn texts(value: &Value) -> Result<Vec<String>, Exception> {
    let text = |value: &Value| match value {
        Value::Str(text) => Ok(text.to_string()),
        other => {
            let message = format!("a string is needed, not '{}'", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    };
    match value {
        Value::List(items) => items.borrow().iter().map(text).collect(),
        Value::Tuple(items) => items.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}
