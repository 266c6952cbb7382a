//! New arrays out of nothing: `arange`, `zeros`, `linspace`, `eye`, ...

use super::{
    arguments::{shape_argument, to_array},
    dtype_of,
};
use crate::{
    array::Array,
    exception::{Exception, Kind},
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    numbers::to_float,
    operators::{as_number, operand},
    scalar::Number,
    value::Value,
};
use nums::{DType, DistArray, Index};

const SHAPE: &[Parameter] = &[Parameter::required("shape"), Parameter::optional("dtype")];
const LIKE: &[Parameter] =
    &[Parameter::required("a"), Parameter::optional("dtype"), Parameter::keyword("shape")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "arange",
        parameters: &[
            Parameter::optional("start"),
            Parameter::optional("stop"),
            Parameter::optional("step"),
            Parameter::optional("dtype"),
        ],
        body: arange,
    },
    Function {
        name: "empty",
        parameters: SHAPE,
        body: |i, arguments| constant(i, &arguments, 0.0),
    },
    Function {
        name: "empty_like",
        parameters: LIKE,
        body: |i, arguments| constant_like(i, &arguments, &Value::Int(0)),
    },
    Function {
        name: "eye",
        parameters: &[
            Parameter::required("N"),
            Parameter::optional("M"),
            Parameter::optional("k"),
            Parameter::optional("dtype"),
        ],
        body: |i, arguments| {
            let rows = arguments.get("N").as_int()?;
            let columns = match arguments.get("M") {
                Value::None => rows,
                columns => columns.as_int()?,
            };
            let k = arguments.given("k").map_or(Ok(0), Value::as_int)?;
            eye(i, rows, columns, k, &arguments)
        },
    },
    Function {
        name: "full",
        parameters: &[
            Parameter::required("shape"),
            Parameter::required("fill_value"),
            Parameter::optional("dtype"),
        ],
        body: |interpreter, arguments| {
            let shape = shape_argument(arguments.get("shape"))?;
            filled(
                interpreter,
                &shape,
                arguments.get("fill_value"),
                dtype_of(arguments.get("dtype"))?,
            )
        },
    },
    Function {
        name: "full_like",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("fill_value"),
            Parameter::optional("dtype"),
            Parameter::keyword("shape"),
        ],
        body: |i, arguments| constant_like(i, &arguments, arguments.get("fill_value")),
    },
    Function {
        name: "identity",
        parameters: &[Parameter::required("n"), Parameter::optional("dtype")],
        body: |i, arguments| {
            let n = arguments.get("n").as_int()?;
            eye(i, n, n, 0, &arguments)
        },
    },
    Function {
        name: "linspace",
        parameters: &[
            Parameter::required("start"),
            Parameter::required("stop"),
            Parameter::optional("num"),
            Parameter::optional("endpoint"),
            Parameter::optional("retstep"),
            Parameter::optional("dtype"),
        ],
        body: linspace,
    },
    Function { name: "ones", parameters: SHAPE, body: |i, arguments| constant(i, &arguments, 1.0) },
    Function {
        name: "ones_like",
        parameters: LIKE,
        body: |i, arguments| constant_like(i, &arguments, &Value::Int(1)),
    },
    Function {
        name: "zeros",
        parameters: SHAPE,
        body: |i, arguments| constant(i, &arguments, 0.0),
    },
    Function {
        name: "zeros_like",
        parameters: LIKE,
        body: |i, arguments| constant_like(i, &arguments, &Value::Int(0)),
    },
];

fn arange(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let (start, stop) = match (arguments.get("start"), arguments.get("stop")) {
        (Value::None, Value::None) => {
            return Err(Exception::new(Kind::Type, "arange() requires stop to be specified."));
        }
        (stop, Value::None) => (&Value::None, stop),
        both => both,
    };
    let step = arguments.get("step");
    // Whole numbers give whole numbers.
    let mut dtype = DType::Int64;
    for value in [start, stop, step] {
        let own = match value {
            Value::Scalar(scalar) => scalar.dtype(),
            other => as_number(other).map_or(DType::Int64, Number::dtype),
        };
        dtype = nums::result_type(dtype, own);
    }
    let dtype = dtype_of(arguments.get("dtype"))?.unwrap_or(dtype);
    let (start, stop, step) = (number(start, 0.0)?, number(stop, 0.0)?, number(step, 1.0)?);
    if step == 0.0 {
        return Err(Exception::new(Kind::ZeroDivision, "division by zero"));
    }
    let array = interpreter.session.arange(start, stop, step)?;
    Ok(Value::Array(Array::made(array.astype(dtype)?)))
}

fn linspace(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let (start, stop) = (number(arguments.get("start"), 0.0)?, number(arguments.get("stop"), 0.0)?);
    let num = arguments.given("num").map_or(Ok(50), Value::as_int)?;
    if num < 0 {
        let message = format!("Number of samples, {num}, must be non-negative.");
        return Err(Exception::new(Kind::Value, message));
    }
    let endpoint = match arguments.given("endpoint") {
        Some(endpoint) => interpreter.truth(endpoint)?,
        None => true,
    };
    let parts = if endpoint { num - 1 } else { num };
    let step = if parts > 0 { (stop - start) / parts as f64 } else { f64::NAN };
    // NumPy's own order of operations, and its last element, which is exact.
    let indices = interpreter.session.arange(0.0, num as f64, 1.0)?;
    let mut array = match parts {
        ..=0 => indices.try_mul(stop - start)?,
        _ if step == 0.0 => indices.try_div(parts as f64)?.try_mul(stop - start)?,
        _ => indices.try_mul(step)?,
    }
    .try_add(start)?;
    if endpoint && num > 1 {
        array = indices.try_equal((num - 1) as f64)?.where_(stop, &array)?;
    }
    if let Some(dtype) = dtype_of(arguments.get("dtype"))? {
        array = array.astype(dtype)?;
    }
    let array = Value::Array(Array::made(array));
    if interpreter.truth(arguments.get("retstep"))? {
        return Ok(Value::tuple([array, Value::number(Number::Float64(step))]));
    }
    Ok(array)
}

/// Ones on a diagonal, zeros elsewhere.
fn eye(
    interpreter: &Interpreter,
    rows: i64,
    columns: i64,
    k: i64,
    arguments: &Arguments,
) -> Result<Value, Exception> {
    if rows < 0 || columns < 0 {
        return Err(Exception::new(Kind::Value, "negative dimensions are not allowed"));
    }
    let dtype = dtype_of(arguments.get("dtype"))?.unwrap_or(DType::Float64);
    let row = interpreter.session.arange(0.0, rows as f64, 1.0)?.try_add(k as f64)?;
    let row = row.index(&[Index::Ellipsis, Index::NewAxis])?;
    let column = interpreter.session.arange(0.0, columns as f64, 1.0)?;
    Ok(Value::Array(Array::made(row.try_equal(&column)?.astype(dtype)?)))
}

fn constant(
    interpreter: &Interpreter,
    arguments: &Arguments,
    value: f64,
) -> Result<Value, Exception> {
    let shape = shape_argument(arguments.get("shape"))?;
    let dtype = dtype_of(arguments.get("dtype"))?.unwrap_or(DType::Float64);
    filled(interpreter, &shape, &Value::Float(value), Some(dtype))
}

fn constant_like(
    interpreter: &Interpreter,
    arguments: &Arguments,
    value: &Value,
) -> Result<Value, Exception> {
    let model = to_array(interpreter, arguments.get("a"))?;
    let dtype = dtype_of(arguments.get("dtype"))?.unwrap_or(model.dtype());
    let shape = match arguments.given("shape") {
        Some(shape) => shape_argument(shape)?,
        None => model.shape(),
    };
    filled(interpreter, &shape, value, Some(dtype))
}

/// An array of one value; of a value that is itself an array, its broadcast.
fn filled(
    interpreter: &Interpreter,
    shape: &[usize],
    value: &Value,
    dtype: Option<DType>,
) -> Result<Value, Exception> {
    let session = &interpreter.session;
    let array: DistArray = match value {
        Value::Float(value) => {
            session.full(shape, *value)?.astype(dtype.unwrap_or(DType::Float64))?
        }
        other => {
            let value = match other {
                Value::List(_) | Value::Tuple(_) => to_array(interpreter, other)?,
                other => operand(session, other)?.ok_or_else(|| {
                    let message = format!("'{}' object is no number", other.type_name());
                    Exception::new(Kind::Type, message)
                })?,
            };
            let dtype = dtype.unwrap_or(value.dtype());
            let zeros = session.full(shape, 0.0)?.astype(dtype)?;
            let kept = zeros.try_not_equal(&zeros)?.where_(&zeros, &value.astype(dtype)?)?;
            if kept.shape() != shape {
                let message = format!(
                    "could not broadcast input array from shape {} into shape {}",
                    crate::errors::shape_text(&value.shape()),
                    crate::errors::shape_text(shape)
                );
                return Err(Exception::new(Kind::Value, message));
            }
            kept
        }
    };
    Ok(Value::Array(Array::made(array)))
}

/// One number, or `otherwise` for `None`; waits for a scalar that is still to come.
fn number(value: &Value, otherwise: f64) -> Result<f64, Exception> {
    match value {
        Value::None => Ok(otherwise),
        other => to_float(other)?.ok_or_else(|| {
            let message = format!("a number is needed, not '{}'", other.type_name());
            Exception::new(Kind::Type, message)
        }),
    }
}
