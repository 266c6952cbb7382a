//! The module `numpy`: NumPy's names on the array library.
//!
//! One file for each kind of function; a method of an array is the function of the same name with
//! the array as its first argument. `arguments` reads what the functions take.

mod arguments;
mod constructor;
mod creation;
mod dtype;
mod elementwise;
mod files;
mod indexing;
mod join;
mod linear;
mod printing;
mod reduction;
mod selection;
mod shape;

pub(crate) use arguments::{shape_argument, to_array};
pub(crate) use constructor::array_from;
pub(crate) use dtype::{construct, dtype_kind, dtype_of};
pub(crate) use elementwise::{absolute, round};
pub(crate) use indexing::{assign, item, item_of_scalar};
pub(crate) use reduction::any;

use crate::{
    class::Class,
    exception::{Exception, Kind},
    function::Function,
    value::{Module, Value},
};

/// NumPy and its modules.
pub(crate) fn modules() -> [&'static Module; 4] {
    [&NUMPY, &LINALG, &RANDOM, &EXCEPTIONS]
}

/// The module of a name, when it can be imported.
pub(crate) fn find_module(name: &str) -> Option<&'static Module> {
    match name {
        "numpy" => Some(&NUMPY),
        "numpy.linalg" => Some(&LINALG),
        "numpy.random" => Some(&RANDOM),
        _ => None,
    }
}

static NUMPY: Module = Module {
    name: "numpy",
    member,
    names: || {
        let functions = tables().into_iter().flatten().map(|function| function.name);
        functions.chain(CONSTANTS.iter().map(|constant| constant.0)).chain(CLASSES).collect()
    },
};

static LINALG: Module = Module {
    name: "numpy.linalg",
    member: |name| match name {
        "LinAlgError" => Some(Value::Class(Class::Exception(Kind::LinAlg))),
        _ => find(linear::LINALG, name),
    },
    names: || {
        let functions = linear::LINALG.iter().map(|function| function.name);
        functions.chain(["LinAlgError"]).collect()
    },
};

static RANDOM: Module = Module {
    name: "numpy.random",
    member: |name| match name {
        "Generator" => Some(Value::Class(Class::Generator)),
        "Philox" => Some(Value::Class(Class::Philox)),
        _ => find(crate::random::FUNCTIONS, name),
    },
    names: || {
        let functions = crate::random::FUNCTIONS.iter().map(|function| function.name);
        ["Generator", "Philox"].into_iter().chain(functions).collect()
    },
};

static EXCEPTIONS: Module = Module {
    name: "numpy.exceptions",
    member: |name| {
        let kind = match name {
            "AxisError" => Kind::Axis,
            "RankWarning" => Kind::Rank,
            _ => return None,
        };
        Some(Value::Class(Class::Exception(kind)))
    },
    names: || vec!["AxisError", "RankWarning"],
};

/// All functions of the module.
fn tables() -> [&'static [Function]; 10] {
    [
        constructor::FUNCTIONS,
        creation::FUNCTIONS,
        elementwise::FUNCTIONS,
        files::FUNCTIONS,
        join::FUNCTIONS,
        linear::FUNCTIONS,
        printing::FUNCTIONS,
        reduction::FUNCTIONS,
        selection::FUNCTIONS,
        shape::FUNCTIONS,
    ]
}

const CONSTANTS: &[(&str, f64)] = &[
    ("e", std::f64::consts::E),
    ("inf", f64::INFINITY),
    ("nan", f64::NAN),
    ("pi", std::f64::consts::PI),
];

/// Names of classes and modules, for completion.
const CLASSES: [&str; 11] = [
    "bool_",
    "dtype",
    "exceptions",
    "float32",
    "float64",
    "int32",
    "int64",
    "linalg",
    "ndarray",
    "newaxis",
    "random",
];

/// What the module holds.
fn member(name: &str) -> Option<Value> {
    if let Some((_, value)) = CONSTANTS.iter().find(|constant| constant.0 == name) {
        return Some(Value::Float(*value));
    }
    match name {
        "newaxis" => Some(Value::None),
        "linalg" => Some(Value::Module(&LINALG)),
        "random" => Some(Value::Module(&RANDOM)),
        "exceptions" => Some(Value::Module(&EXCEPTIONS)),
        "__version__" => Some(Value::str(env!("CARGO_PKG_VERSION"))),
        _ => {
            tables().into_iter().find_map(|table| find(table, name)).or_else(|| dtype::class(name))
        }
    }
}

fn find(table: &'static [Function], name: &str) -> Option<Value> {
    table.iter().find(|function| function.name == name).map(Value::Function)
}

/// What arrays and scalars have besides methods.
pub(crate) const ATTRIBUTES: &[&str] =
    &["shape", "ndim", "size", "dtype", "itemsize", "nbytes", "T"];

/// The methods of arrays.
pub(crate) fn method_tables() -> Vec<&'static [Function]> {
    vec![
        constructor::METHODS,
        elementwise::METHODS,
        linear::METHODS,
        reduction::METHODS,
        selection::METHODS,
        shape::METHODS,
    ]
}

/// What arrays and scalars have.
pub(crate) fn array_attribute(owner: &Value, name: &str) -> Result<Option<Value>, Exception> {
    let (shape, dtype) = match owner {
        Value::Array(array) => (array.shape(), array.dtype()),
        Value::Scalar(scalar) => (&[][..], scalar.dtype()),
        _ => return Ok(None),
    };
    let size: usize = shape.iter().product();
    let item_bytes = dtype.item_bytes() as usize;
    Ok(Some(match name {
        "shape" => Value::shape(shape),
        "ndim" => Value::length(shape.len()),
        "size" => Value::length(size),
        "dtype" => Value::DType(dtype),
        "itemsize" => Value::length(item_bytes),
        "nbytes" => Value::length(size.saturating_mul(item_bytes)),
        "T" => shape::transposed(owner)?,
        "flat" => {
            return Err(Exception::unsupported("`flat` (write `x.ravel()`) is"));
        }
        _ => return Ok(None),
    }))
}
