//! New arrays out of nothing: `arange`, `zeros`, `linspace`, `eye`, ...

use super::{
    arguments::{shape_argument, to_array},
    dtype_of,
};
use crate::{
    context::Context,
    element::{element, number_element},
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    number::Number,
    operators::as_number,
    scalar::weak,
    value::Value,
    wording::shape_text,
};
use nums::{DType, Scalar};

const DEVICE: Parameter = Parameter::keyword("device");
const SHAPE: &[Parameter] =
    &[Parameter::required("shape"), Parameter::defaulted("dtype", "float"), DEVICE];
const LIKE: &[Parameter] =
    &[Parameter::required("a"), Parameter::optional("dtype"), Parameter::keyword("shape"), DEVICE];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "arange",
        parameters: &[
            Parameter::optional("start"),
            Parameter::optional("stop"),
            Parameter::defaulted("step", "1"),
            Parameter::optional("dtype"),
            DEVICE,
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
            Parameter::defaulted("k", "0"),
            Parameter::defaulted("dtype", "float"),
            DEVICE,
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
            DEVICE,
        ],
        body: |context, arguments| {
            let shape = shape_argument(arguments.get("shape"))?;
            filled(context, &shape, arguments.get("fill_value"), dtype_of(arguments.get("dtype"))?)
        },
    },
    Function {
        name: "full_like",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("fill_value"),
            Parameter::optional("dtype"),
            Parameter::keyword("shape"),
            DEVICE,
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
            Parameter::defaulted("num", "50"),
            Parameter::defaulted("endpoint", "True"),
            Parameter::defaulted("retstep", "False"),
            Parameter::optional("dtype"),
            DEVICE,
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

fn arange(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let (start, stop) = match (arguments.get("start"), arguments.get("stop")) {
        (Value::None, Value::None) => {
            return Err(Error::new(Kind::Type, "arange() requires stop to be specified."));
        }
        (stop, Value::None) | (Value::None, stop) => (&Value::Int(0), stop),
        both => both,
    };
    let step = arguments.given("step").cloned().unwrap_or(Value::Int(1));
    // Truth values count as whole numbers here.
    let number = |value: &Value| {
        Ok::<_, Error>(match number(value)? {
            Scalar::Bool(value) => Scalar::Int(i128::from(value)),
            other => other,
        })
    };
    let (start, stop, step) = (number(start)?, number(stop)?, number(&step)?);
    if matches!(step, Scalar::Int(0) | Scalar::Float(0.0)) {
        return Err(Error::new(Kind::ZeroDivision, "division by zero"));
    }
    if [start, stop, step].iter().any(|number| matches!(number, Scalar::Complex(_))) {
        return Err(Error::unsupported("`arange` of complex numbers is"));
    }
    let mut array = context.session().arange(start, stop, step)?;
    let asked = dtype_of(arguments.get("dtype"))?;
    if asked.is_none() && array.dtype() == DType::UInt64 {
        // NumPy looks for a type that holds these and the step, which is of int64.
        array = array.astype(DType::Float64)?;
    }
    let dtype = asked.unwrap_or(array.dtype());
    let len = array.size();
    let array = match (dtype, len) {
        _ if dtype == array.dtype() => array,
        (DType::Bool, 3..) => {
            let message =
                "arange() is only supported for booleans when the result has at most length 2.";
            return Err(Error::new(Kind::Type, message));
        }
        // NumPy makes the first two elements of the type, and goes on in their distance.
        (dtype, 1..) if dtype.is_integer() => {
            let at = |index: i128| match (start, step) {
                (Scalar::Int(start), Scalar::Int(step)) => {
                    Number::Int(start + step * index, DType::Int64)
                }
                _ => Number::float64(float(start) + index as f64 * float(step)),
            };
            let whole = |index| {
                number_element(at(index), dtype).map(|number| number.as_integer().unwrap_or(0))
            };
            let first = whole(0)?;
            let second = if len > 1 { whole(1)? } else { first };
            // Both wrap around in 64 bits as they do in any type of fewer.
            let (first, apart) = (first as i64, (second - first) as i64);
            let steps = context.session().arange(0, len as i64, 1)?;
            steps.try_mul(apart)?.try_add(first)?.astype(dtype)?
        }
        _ => array.astype(dtype)?,
    };
    Ok(Value::Array(context.made(array)))
}

fn linspace(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let real = |name: &str| match number(arguments.get(name))? {
        Scalar::Complex(_) => Err(Error::unsupported("`linspace` of complex numbers is")),
        real => Ok(float(real)),
    };
    let (start, stop) = (real("start")?, real("stop")?);
    let num = arguments.given("num").map_or(Ok(50), Value::as_int)?;
    let Ok(samples) = usize::try_from(num) else {
        let message = format!("Number of samples, {num}, must be non-negative.");
        return Err(Error::new(Kind::Value, message));
    };
    let endpoint = match arguments.given("endpoint") {
        Some(endpoint) => endpoint.truth()?,
        None => true,
    };
    let mut array = context.session().linspace(start, stop, samples, endpoint)?;
    if let Some(dtype) = dtype_of(arguments.get("dtype"))? {
        // Whole numbers are the floors, as in NumPy.
        array = if dtype.is_integer() { array.floor() } else { array }.astype(dtype)?;
    }
    let array = Value::Array(context.made(array));
    if arguments.get("retstep").truth()? {
        let parts = if endpoint { num - 1 } else { num };
        let step = if parts > 0 { (stop - start) / parts as f64 } else { f64::NAN };
        return Ok(Value::tuple([array, Value::number(Number::float64(step))]));
    }
    Ok(array)
}

/// Ones on a diagonal, zeros elsewhere.
fn eye(
    context: &Context,
    rows: i64,
    columns: i64,
    k: i64,
    arguments: &Arguments,
) -> Result<Value, Error> {
    let len = |len: i64| {
        usize::try_from(len)
            .map_err(|_| Error::new(Kind::Value, "negative dimensions are not allowed"))
    };
    let dtype = dtype_of(arguments.get("dtype"))?.unwrap_or(DType::Float64);
    let array = context.session().eye(len(rows)?, len(columns)?, k)?;
    Ok(Value::Array(context.made(array.astype(dtype)?)))
}

fn constant(context: &Context, arguments: &Arguments, value: f64) -> Result<Value, Error> {
    let shape = shape_argument(arguments.get("shape"))?;
    let dtype = dtype_of(arguments.get("dtype"))?.unwrap_or(DType::Float64);
    filled(context, &shape, &Value::Float(value), Some(dtype))
}

fn constant_like(context: &Context, arguments: &Arguments, value: &Value) -> Result<Value, Error> {
    let model = to_array(context, arguments.get("a"))?;
    let dtype = dtype_of(arguments.get("dtype"))?.unwrap_or(model.dtype());
    let shape = match arguments.given("shape") {
        Some(shape) => shape_argument(shape)?,
        None => model.shape(),
    };
    filled(context, &shape, value, Some(dtype))
}

/// An array of one value; of a value that is itself an array, its broadcast.
fn filled(
    context: &Context,
    shape: &[usize],
    value: &Value,
    dtype: Option<DType>,
) -> Result<Value, Error> {
    let number = match (value, dtype) {
        (Value::Array(_) | Value::List(_) | Value::Tuple(_) | Value::Range(_), _) => None,
        // NumPy casts a scalar here, where it must fit elsewhere.
        (Value::Scalar(scalar), dtype) => {
            scalar.peek().map(|number| number.cast(dtype.unwrap_or(number.dtype())))
        }
        (Value::Complex(value), Some(dtype)) => {
            Some(Number::complex(*value, DType::Complex128).cast(dtype))
        }
        (_, Some(dtype)) => element(value, dtype)?,
        (_, None) => element(value, as_number(value).map_or(DType::Int64, Number::dtype))?,
    };
    let array = match number {
        Some(number) => context.session().full_dtype(shape, weak(number), number.dtype())?,
        None => {
            let value = match (value, dtype) {
                (Value::List(_) | Value::Tuple(_) | Value::Range(_), Some(_)) => {
                    super::array_from(context, value, dtype)?.read()?
                }
                _ => to_array(context, value)?,
            };
            let value = value.astype(dtype.unwrap_or(value.dtype()))?;
            value.broadcast_to(shape).map_err(|_| {
                let message = format!(
                    "could not broadcast input array from shape {} into shape {}",
                    shape_text(&value.shape()),
                    shape_text(shape)
                );
                Error::new(Kind::Value, message)
            })?
        }
    };
    Ok(Value::Array(context.made(array)))
}

fn float(scalar: Scalar) -> f64 {
    match scalar {
        Scalar::Bool(value) => f64::from(u8::from(value)),
        Scalar::Int(value) => value as f64,
        Scalar::Float(value) => value,
        Scalar::Complex(value) => value.re,
    }
}

/// One number; waits for a scalar that is still to come.
fn number(value: &Value) -> Result<Scalar, Error> {
    let number = match value {
        Value::Scalar(scalar) => Some(scalar.value()?),
        Value::Array(array) if array.ndim() == 0 => Some(array.item()?),
        other => as_number(other),
    };
    number.map(weak).ok_or_else(|| {
        let message = format!("a number is needed, not '{}'", value.type_name());
        Error::new(Kind::Type, message)
    })
}
