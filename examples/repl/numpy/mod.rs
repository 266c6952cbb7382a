//! The module `numpy`: NumPy's names on the array library.
//!
//! One file for each kind of function; a method of an array is the function of the same name with
//! the array as its first argument.

mod creation;
mod elementwise;
mod linear;
mod reduction;
mod shape;

pub(crate) use elementwise::absolute;

use crate::{
    exception::{Exception, Kind},
    function::{Arguments, Function},
    interpreter::Interpreter,
    operators::operand,
    value::{Module, Value},
};
use nums::{DType, DistArray};

static NUMPY: Module = Module { name: "numpy", member };

/// The module of a name, when it can be imported.
pub(crate) fn find_module(name: &str) -> Option<&'static Module> {
    (name == NUMPY.name).then_some(&NUMPY)
}

/// `owner.name`.
pub(crate) fn attribute(owner: &Value, name: &str) -> Result<Value, Exception> {
    let found = match owner {
        Value::Module(module) => {
            return (module.member)(name).ok_or_else(|| {
                let message = format!("module '{}' has no attribute '{name}'", module.name);
                Exception::new(Kind::Attribute, message)
            });
        }
        Value::Array(_) | Value::Scalar(_) => array_attribute(owner, name)?,
        _ => None,
    };
    found.ok_or_else(|| {
        let message = format!("'{}' object has no attribute '{name}'", owner.type_name());
        Exception::new(Kind::Attribute, message)
    })
}

/// What the module holds.
fn member(name: &str) -> Option<Value> {
    let constant = match name {
        "e" => Value::Float(std::f64::consts::E),
        "inf" => Value::Float(f64::INFINITY),
        "nan" => Value::Float(f64::NAN),
        "newaxis" => Value::None,
        "pi" => Value::Float(std::f64::consts::PI),
        _ => {
            let mut functions = [
                creation::FUNCTIONS,
                elementwise::FUNCTIONS,
                linear::FUNCTIONS,
                reduction::FUNCTIONS,
                shape::FUNCTIONS,
            ]
            .into_iter()
            .flatten();
            return functions
                .find(|function| function.name.trim_start_matches("numpy.") == name)
                .map(Value::Function);
        }
    };
    Some(constant)
}

/// What arrays and scalars have.
fn array_attribute(owner: &Value, name: &str) -> Result<Option<Value>, Exception> {
    let shape = match owner {
        Value::Array(array) => array.shape(),
        _ => &[],
    };
    Ok(Some(match name {
        "shape" => Value::shape(shape),
        "ndim" => Value::length(shape.len()),
        "size" => Value::length(shape.iter().product()),
        "dtype" => Value::DType(DType::Float64),
        "T" => shape::transposed(owner)?,
        _ => {
            let methods: [&'static [Function]; 3] =
                [linear::METHODS, reduction::METHODS, shape::METHODS];
            let method = methods.into_iter().flatten().find(|method| method.name == name);
            return Ok(method.map(|method| Value::Method(owner.clone().into(), method)));
        }
    }))
}

/// An argument that has to be an array or a number.
fn array_argument(
    interpreter: &Interpreter,
    arguments: &Arguments,
    name: &str,
) -> Result<DistArray, Exception> {
    let value = arguments.get(name);
    operand(&interpreter.session, value)?.ok_or_else(|| not_an_array(value))
}

fn not_an_array(value: &Value) -> Exception {
    match value {
        Value::List(_) | Value::Tuple(_) => {
            Exception::unsupported("making an array from a list or tuple is")
        }
        other => {
            let message = format!("'{}' object is no array and no number", other.type_name());
            Exception::new(Kind::Type, message)
        }
    }
}

/// Refuses any element type but float64, the one there is.
fn check_dtype(arguments: &Arguments) -> Result<(), Exception> {
    let is_float64 = match arguments.get("dtype") {
        Value::None | Value::DType(DType::Float64) => true,
        Value::Function(class) => class.name == "float" || class.name == "numpy.float64",
        Value::Str(name) => matches!(name.as_ref(), "float64" | "float" | "double" | "f8" | "d"),
        _ => false,
    };
    if is_float64 {
        Ok(())
    } else {
        Err(Exception::unsupported("an element type other than float64 is"))
    }
}

/// Where NumPy would make an array or scalar of integers.
fn no_integers(name: &str) -> Exception {
    let message = format!(
        "numpy.{name} of integers gives int64 in NumPy, and only float64 is supported here: write \
         the numbers with a point"
    );
    Exception::new(Kind::NotImplemented, message)
}

/// A shape: one length or several, none negative.
fn shape_argument(value: &Value) -> Result<Vec<usize>, Exception> {
    let lengths = match value {
        Value::Tuple(lengths) | Value::List(lengths) => lengths.to_vec(),
        one => vec![one.clone()],
    };
    lengths
        .iter()
        .map(|len| {
            usize::try_from(len.as_int()?)
                .map_err(|_| Exception::new(Kind::Value, "negative dimensions are not allowed"))
        })
        .collect()
}

/// Several whole numbers: one, or those of a tuple or list.
fn int_arguments(value: &Value) -> Result<Vec<isize>, Exception> {
    match value {
        Value::Tuple(values) | Value::List(values) => {
            values.iter().map(|value| Ok(value.as_int()? as isize)).collect()
        }
        one => Ok(vec![one.as_int()? as isize]),
    }
}
