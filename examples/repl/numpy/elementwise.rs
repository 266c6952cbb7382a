//! Functions of one element at a time, of one array or two.

use super::{
    arguments::{array_argument, to_array},
    dtype_of,
};
use crate::{
    exception::{Exception, Kind},
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    operators::elementwise,
    value::Value,
};
use nums::{DType, DistArray, Error, Operand};

const ONE: &[Parameter] = &[
    Parameter::positional("x"),
    Parameter::keyword("out"),
    Parameter::keyword("where"),
    Parameter::keyword("dtype"),
];
const TWO: &[Parameter] = &[
    Parameter::positional("x1"),
    Parameter::positional("x2"),
    Parameter::keyword("out"),
    Parameter::keyword("where"),
    Parameter::keyword("dtype"),
];

/// A function of one array.
macro_rules! unary {
    ($name:literal, $function:expr) => {
        Function {
            name: $name,
            parameters: ONE,
            body: |interpreter, arguments| unary(interpreter, &arguments, $function),
        }
    };
}

/// A function of two arrays or numbers.
macro_rules! binary {
    ($name:literal, $function:path) => {
        Function {
            name: $name,
            parameters: TWO,
            body: |interpreter, arguments| binary(interpreter, &arguments, $function),
        }
    };
}

pub(super) static FUNCTIONS: &[Function] = &[
    unary!("abs", magnitude),
    unary!("absolute", magnitude),
    unary!("acos", |x| Ok(x.acos())),
    unary!("acosh", |x| Ok(x.acosh())),
    binary!("add", DistArray::try_add),
    unary!("arccos", |x| Ok(x.acos())),
    unary!("arccosh", |x| Ok(x.acosh())),
    unary!("arcsin", |x| Ok(x.asin())),
    unary!("arcsinh", |x| Ok(x.asinh())),
    unary!("arctan", |x| Ok(x.atan())),
    binary!("arctan2", DistArray::try_atan2),
    unary!("arctanh", |x| Ok(x.atanh())),
    unary!("asin", |x| Ok(x.asin())),
    unary!("asinh", |x| Ok(x.asinh())),
    unary!("atan", |x| Ok(x.atan())),
    binary!("atan2", DistArray::try_atan2),
    unary!("atanh", |x| Ok(x.atanh())),
    binary!("bitwise_and", DistArray::try_bitand),
    unary!("bitwise_not", DistArray::try_not),
    binary!("bitwise_or", DistArray::try_bitor),
    binary!("bitwise_xor", DistArray::try_bitxor),
    unary!("ceil", |x| Ok(x.ceil())),
    binary!("copysign", DistArray::try_copysign),
    unary!("cos", |x| Ok(x.cos())),
    unary!("cosh", |x| Ok(x.cosh())),
    unary!("deg2rad", |x| x.try_mul(std::f64::consts::PI / 180.0)),
    binary!("divide", DistArray::try_div),
    binary!("equal", DistArray::try_equal),
    unary!("exp", |x| Ok(x.exp())),
    unary!("exp2", |x| Ok(x.exp2())),
    unary!("expm1", |x| Ok(x.expm1())),
    unary!("fabs", |x| Ok(x.astype(DType::Float64)?.abs())),
    unary!("floor", |x| Ok(x.floor())),
    binary!("floor_divide", DistArray::try_floor_divide),
    binary!("fmax", DistArray::try_fmax),
    binary!("fmin", DistArray::try_fmin),
    binary!("greater", DistArray::try_greater),
    binary!("greater_equal", DistArray::try_greater_equal),
    binary!("hypot", DistArray::try_hypot),
    unary!("invert", DistArray::try_not),
    unary!("isfinite", |x| Ok(x.isfinite())),
    unary!("isinf", |x| Ok(x.isinf())),
    unary!("isnan", |x| Ok(x.isnan())),
    binary!("left_shift", DistArray::try_shl),
    binary!("less", DistArray::try_less),
    binary!("less_equal", DistArray::try_less_equal),
    unary!("log", |x| Ok(x.log())),
    unary!("log10", |x| Ok(x.log10())),
    unary!("log1p", |x| Ok(x.log1p())),
    unary!("log2", |x| Ok(x.log2())),
    binary!("logaddexp", DistArray::try_logaddexp),
    binary!("logical_and", DistArray::try_logical_and),
    unary!("logical_not", |x| Ok(x.logical_not())),
    binary!("logical_or", DistArray::try_logical_or),
    binary!("logical_xor", DistArray::try_logical_xor),
    binary!("maximum", DistArray::try_maximum),
    binary!("minimum", DistArray::try_minimum),
    binary!("mod", DistArray::try_rem),
    binary!("multiply", DistArray::try_mul),
    unary!("negative", DistArray::try_neg),
    binary!("not_equal", DistArray::try_not_equal),
    binary!("pow", DistArray::try_power),
    binary!("power", DistArray::try_power),
    unary!("rad2deg", |x| x.try_mul(180.0 / std::f64::consts::PI)),
    unary!("reciprocal", |x| Ok(x.reciprocal())),
    binary!("remainder", DistArray::try_rem),
    binary!("right_shift", DistArray::try_shr),
    unary!("rint", |x| Ok(x.rint())),
    unary!("sign", DistArray::sign),
    unary!("signbit", |x| Ok(x.signbit())),
    unary!("sin", |x| Ok(x.sin())),
    unary!("sinh", |x| Ok(x.sinh())),
    unary!("sqrt", |x| Ok(x.sqrt())),
    unary!("square", DistArray::try_square),
    binary!("subtract", DistArray::try_sub),
    unary!("tan", |x| Ok(x.tan())),
    unary!("tanh", |x| Ok(x.tanh())),
    binary!("true_divide", DistArray::try_div),
    unary!("trunc", |x| Ok(x.trunc())),
    Function {
        name: "around",
        parameters: &[Parameter::required("a"), Parameter::optional("decimals")],
        body: rounded,
    },
    Function {
        name: "round",
        parameters: &[Parameter::required("a"), Parameter::optional("decimals")],
        body: rounded,
    },
    Function {
        name: "clip",
        parameters: &[
            Parameter::required("a"),
            Parameter::optional("a_min"),
            Parameter::optional("a_max"),
        ],
        body: |interpreter, arguments| {
            let (low, high) = (arguments.get("a_min"), arguments.get("a_max"));
            clip(interpreter, arguments.get("a"), low, high)
        },
    },
];

pub(super) static METHODS: &[Function] = &[
    Function {
        name: "clip",
        parameters: &[
            Parameter::positional("a"),
            Parameter::optional("min"),
            Parameter::optional("max"),
        ],
        body: |interpreter, arguments| {
            clip(interpreter, arguments.get("a"), arguments.get("min"), arguments.get("max"))
        },
    },
    Function {
        name: "round",
        parameters: &[Parameter::positional("a"), Parameter::optional("decimals")],
        body: rounded,
    },
];

fn magnitude(x: &DistArray) -> Result<DistArray, Error> {
    if x.dtype() == DType::Bool { Ok(x.clone()) } else { Ok(x.abs()) }
}

/// `abs` of an array or scalar of NumPy.
pub(crate) fn absolute(interpreter: &Interpreter, value: &Value) -> Result<Value, Exception> {
    Ok(Value::computed(magnitude(&to_array(interpreter, value)?)?))
}

/// `round` of an array.
pub(crate) fn round(
    interpreter: &Interpreter,
    value: &Value,
    decimals: i64,
) -> Result<Value, Exception> {
    let decimals = i32::try_from(decimals).unwrap_or(i32::MAX);
    Ok(Value::computed(to_array(interpreter, value)?.round(decimals)?))
}

fn rounded(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let decimals = match arguments.given("decimals") {
        Some(decimals) => decimals.as_int()?,
        None => 0,
    };
    round(interpreter, arguments.get("a"), decimals)
}

fn clip(
    interpreter: &Interpreter,
    value: &Value,
    low: &Value,
    high: &Value,
) -> Result<Value, Exception> {
    let mut result = Value::computed(to_array(interpreter, value)?);
    if !matches!(low, Value::None) {
        result = pair(interpreter, &result, low, DistArray::try_maximum)?;
    }
    if !matches!(high, Value::None) {
        result = pair(interpreter, &result, high, DistArray::try_minimum)?;
    }
    Ok(result)
}

fn unary(
    interpreter: &Interpreter,
    arguments: &Arguments,
    function: fn(&DistArray) -> Result<DistArray, Error>,
) -> Result<Value, Exception> {
    let array = array_argument(interpreter, arguments, "x")?;
    let result = function(&as_dtype(array, arguments)?)?;
    finish(interpreter, arguments, Value::computed(result))
}

fn binary(
    interpreter: &Interpreter,
    arguments: &Arguments,
    function: fn(&DistArray, Operand) -> Result<DistArray, Error>,
) -> Result<Value, Exception> {
    let result = pair(interpreter, arguments.get("x1"), arguments.get("x2"), function)?;
    finish(interpreter, arguments, result)
}

/// A function of two values, of which lists and tuples count as arrays.
fn pair(
    interpreter: &Interpreter,
    left: &Value,
    right: &Value,
    function: fn(&DistArray, Operand) -> Result<DistArray, Error>,
) -> Result<Value, Exception> {
    let listed = |value: &Value| match value {
        Value::List(_) | Value::Tuple(_) => {
            super::array_from(&interpreter.session, value, None).map(Value::Array)
        }
        other => Ok(other.clone()),
    };
    let (left, right) = (listed(left)?, listed(right)?);
    elementwise(&interpreter.session, &left, &right, function)?.ok_or_else(|| {
        let wrong = if crate::operators::as_number(&left).is_none() { &left } else { &right };
        let message = format!("'{}' object is no array and no number", wrong.type_name());
        Exception::new(Kind::Type, message)
    })
}

fn as_dtype(array: DistArray, arguments: &Arguments) -> Result<DistArray, Exception> {
    match dtype_of(arguments.get("dtype"))? {
        Some(dtype) => Ok(array.astype(dtype)?),
        None => Ok(array),
    }
}

/// Puts a result into the array named `out`, if there is one.
fn finish(
    interpreter: &Interpreter,
    arguments: &Arguments,
    result: Value,
) -> Result<Value, Exception> {
    if arguments.given("where").is_some() {
        return Err(Exception::unsupported("`where=` (use np.where) is"));
    }
    match arguments.get("out") {
        Value::None => Ok(result),
        Value::Array(out) => {
            super::assign(interpreter, out, &Value::Ellipsis, &result)?;
            Ok(Value::Array(out.clone()))
        }
        _ => Err(Exception::new(Kind::Type, "return arrays must be of ArrayType")),
    }
}
