//! `owner.name`: what arrays, scalars, dtypes, models and tables have.

use crate::{
    class::Class,
    error::Error,
    function::Function,
    functions::{self, Generator, dtype_kind, matrix_transposed, transposed},
    library::{Estimator, Table},
    value::Value,
};

/// What arrays have besides methods.
const ATTRIBUTES: &[&str] =
    &["shape", "ndim", "size", "dtype", "itemsize", "nbytes", "T", "mT", "real", "imag", "device"];

/// What scalars have besides methods.
const SCALAR_ATTRIBUTES: &[&str] =
    &["shape", "ndim", "size", "dtype", "itemsize", "nbytes", "T", "real", "imag", "device"];

const DTYPE_ATTRIBUTES: &[&str] = &["name", "itemsize", "kind", "type"];

/// The value of an attribute that is no method; nothing when there is none. Waits for what a model has learnt.
///
/// # Errors
/// What a fit raises.
pub fn attribute(owner: &Value, name: &str) -> Result<Option<Value>, Error> {
    match owner {
        Value::Array(_) | Value::Scalar(_) => array_attribute(owner, name),
        Value::DType(dtype) => Ok(match name {
            "name" => Some(Value::str(dtype.name())),
            "itemsize" => Some(Value::Int(dtype.item_bytes() as i64)),
            "kind" => Some(Value::str(dtype_kind(*dtype))),
            "type" => Some(Value::Class(Class::Scalar(*dtype))),
            _ => None,
        }),
        Value::Estimator(estimator) => estimator.attribute(name),
        Value::Table(table) => Ok(table.attribute(name)),
        Value::Record(record) => Ok(record.field(name).cloned()),
        _ => Ok(None),
    }
}

/// The names of the attributes of a value that are no methods.
pub fn attribute_names(owner: &Value) -> &'static [&'static str] {
    match owner {
        Value::Array(_) => ATTRIBUTES,
        Value::Scalar(_) => SCALAR_ATTRIBUTES,
        Value::DType(_) => DTYPE_ATTRIBUTES,
        Value::Estimator(estimator) => estimator.attributes(),
        Value::Table(_) => Table::ATTRIBUTES,
        _ => &[],
    }
}

/// The methods of a value, which take it as their first argument.
pub fn methods(owner: &Value) -> Vec<&'static Function> {
    match owner {
        Value::Array(_) | Value::Scalar(_) => functions::methods().collect(),
        Value::Random(Generator::Generator(_)) => functions::generator().collect(),
        Value::Estimator(estimator) => Estimator::methods(estimator.name()),
        _ => Vec::new(),
    }
}

/// The names that the values of a class have; those of a class that needs no help of its own are not listed.
pub fn names_of_class(class: Class) -> Vec<&'static str> {
    match class {
        Class::Array | Class::Scalar(_) => {
            let methods = functions::methods().map(|method| method.name);
            let attributes =
                if matches!(class, Class::Array) { ATTRIBUTES } else { SCALAR_ATTRIBUTES };
            attributes.iter().copied().chain(methods).collect()
        }
        Class::Generator => functions::generator().map(|method| method.name).collect(),
        _ => Vec::new(),
    }
}

/// What arrays and scalars have.
fn array_attribute(owner: &Value, name: &str) -> Result<Option<Value>, Error> {
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
        "T" => transposed(owner)?,
        "mT" => match owner {
            Value::Array(array) => matrix_transposed(array)?,
            _ => return Ok(None),
        },
        "device" => Value::str(functions::DEVICE),
        "real" => functions::real(owner)?,
        "imag" => functions::imaginary(owner)?,
        "flat" => {
            return Err(Error::unsupported("`flat` (write `x.ravel()`) is"));
        }
        _ => return Ok(None),
    }))
}
