//! Products: `matmul` and `dot`.

use super::arguments::array_argument;
use crate::{
    errors::shape_text,
    exception::{Exception, Kind},
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    operators,
    value::Value,
};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "dot",
        parameters: &[Parameter::required("a"), Parameter::required("b")],
        body: dot,
    },
    Function {
        name: "matmul",
        parameters: &[Parameter::positional("a"), Parameter::positional("b")],
        body: matmul,
    },
];

/// The functions of `numpy.linalg`.
pub(super) static LINALG: &[Function] = &[];

pub(super) static METHODS: &[Function] = &[Function {
    name: "dot",
    parameters: &[Parameter::positional("a"), Parameter::required("b")],
    body: dot,
}];

fn matmul(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let left = array_argument(interpreter, &arguments, "a")?;
    let right = array_argument(interpreter, &arguments, "b")?;
    Ok(Value::computed(operators::matmul(&left, &right)?))
}

/// `dot` is a product with a number, or else the product of matrices and vectors.
fn dot(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let left = array_argument(interpreter, &arguments, "a")?;
    let right = array_argument(interpreter, &arguments, "b")?;
    let (left_shape, right_shape) = (left.shape(), right.shape());
    if left_shape.is_empty() || right_shape.is_empty() {
        return Ok(Value::computed(left.try_mul(&right)?));
    }
    if left_shape.len() > 2 || right_shape.len() > 2 {
        return Err(Exception::unsupported("`dot` of more than two axes is"));
    }
    let (inner, outer) = (left_shape[left_shape.len() - 1], right_shape[0]);
    if inner != outer {
        let message = format!(
            "shapes {} and {} not aligned: {inner} (dim {}) != {outer} (dim 0)",
            shape_text(&left_shape),
            shape_text(&right_shape),
            left_shape.len() - 1
        );
        return Err(Exception::new(Kind::Value, message));
    }
    Ok(Value::computed(left.try_matmul(&right)?))
}
