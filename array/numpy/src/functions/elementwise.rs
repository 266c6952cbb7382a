//! Functions of one element at a time, of one array or two.

use super::{
    arguments::{array_argument, to_array},
    dtype_of,
};
use crate::{
    context::Context,
    element::{element, whole_float},
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    number::{Number, integer_range},
    operators::{Comparison, as_number, elementwise, keeps_kind, put, with_weak},
    scalar::constant,
    value::Value,
    wording::undefined,
};
use num_bigint::BigInt;
use nums::{DType, DistArray, Operand};

const ONE: &[Parameter] =
    &[Parameter::positional("x"), Parameter::keyword("out"), Parameter::keyword("dtype")];
const TWO: &[Parameter] = &[
    Parameter::positional("x1"),
    Parameter::positional("x2"),
    Parameter::keyword("out"),
    Parameter::keyword("dtype"),
];

/// A function of one array.
macro_rules! unary {
    ($name:literal, $function:expr) => {
        Function {
            name: $name,
            parameters: ONE,
            body: |context, arguments| unary(context, &arguments, $name, $function),
        }
    };
}

/// A function of two arrays or numbers.
macro_rules! binary {
    ($name:literal, $function:path) => {
        Function {
            name: $name,
            parameters: TWO,
            body: |context, arguments| binary(context, &arguments, $name, $function),
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
    binary!("bitwise_left_shift", DistArray::try_shl),
    unary!("bitwise_invert", DistArray::try_not),
    binary!("bitwise_right_shift", DistArray::try_shr),
    unary!("bitwise_count", bitwise_count),
    unary!("cbrt", |x| Ok(x.cbrt())),
    unary!("ceil", |x| Ok(x.ceil())),
    binary!("copysign", DistArray::try_copysign),
    unary!("cos", |x| Ok(x.cos())),
    unary!("cosh", |x| Ok(x.cosh())),
    unary!("degrees", |x| floating(x)?.try_mul(180.0 / std::f64::consts::PI)),
    unary!("deg2rad", |x| floating(x)?.try_mul(std::f64::consts::PI / 180.0)),
    binary!("divide", DistArray::try_div),
    binary!("equal", DistArray::try_equal),
    unary!("exp", |x| Ok(x.exp())),
    unary!("exp2", |x| Ok(x.exp2())),
    unary!("expm1", |x| Ok(x.expm1())),
    unary!("fabs", |x| Ok(floating(x)?.abs())),
    unary!("fix", |x| Ok(x.trunc())),
    binary!("float_power", float_power),
    unary!("floor", |x| Ok(x.floor())),
    binary!("floor_divide", DistArray::try_floor_divide),
    binary!("fmax", DistArray::try_fmax),
    binary!("fmin", DistArray::try_fmin),
    binary!("fmod", DistArray::try_fmod),
    binary!("gcd", DistArray::try_gcd),
    binary!("greater", DistArray::try_greater),
    binary!("greater_equal", DistArray::try_greater_equal),
    binary!("heaviside", heaviside),
    binary!("hypot", DistArray::try_hypot),
    unary!("invert", DistArray::try_not),
    unary!("isfinite", |x| Ok(x.isfinite())),
    unary!("isinf", |x| Ok(x.isinf())),
    unary!("isnan", |x| Ok(x.isnan())),
    unary!("isneginf", |x| x.try_equal(f64::NEG_INFINITY)),
    unary!("isposinf", |x| x.try_equal(f64::INFINITY)),
    binary!("lcm", DistArray::try_lcm),
    binary!("left_shift", DistArray::try_shl),
    binary!("less", DistArray::try_less),
    binary!("less_equal", DistArray::try_less_equal),
    unary!("log", |x| Ok(x.log())),
    unary!("log10", |x| Ok(x.log10())),
    unary!("log1p", |x| Ok(x.log1p())),
    unary!("log2", |x| Ok(x.log2())),
    binary!("logaddexp", DistArray::try_logaddexp),
    binary!("logaddexp2", logaddexp2),
    binary!("logical_and", DistArray::try_logical_and),
    unary!("logical_not", |x| Ok(x.logical_not())),
    binary!("logical_or", DistArray::try_logical_or),
    binary!("logical_xor", DistArray::try_logical_xor),
    binary!("maximum", DistArray::try_maximum),
    binary!("minimum", DistArray::try_minimum),
    binary!("mod", DistArray::try_rem),
    binary!("multiply", DistArray::try_mul),
    unary!("negative", DistArray::try_neg),
    binary!("nextafter", DistArray::try_nextafter),
    binary!("not_equal", DistArray::try_not_equal),
    unary!("positive", positive),
    binary!("pow", DistArray::try_power),
    binary!("power", DistArray::try_power),
    unary!("radians", |x| floating(x)?.try_mul(std::f64::consts::PI / 180.0)),
    unary!("rad2deg", |x| floating(x)?.try_mul(180.0 / std::f64::consts::PI)),
    unary!("reciprocal", reciprocal),
    binary!("remainder", DistArray::try_rem),
    binary!("right_shift", DistArray::try_shr),
    unary!("rint", |x| Ok(x.rint())),
    unary!("sign", DistArray::sign),
    unary!("signbit", |x| Ok(x.signbit())),
    unary!("sin", |x| Ok(x.sin())),
    unary!("sinc", sinc),
    unary!("sinh", |x| Ok(x.sinh())),
    unary!("spacing", |x| Ok(x.spacing())),
    unary!("sqrt", |x| Ok(x.sqrt())),
    unary!("square", |x| Ok(x.square())),
    binary!("subtract", DistArray::try_sub),
    unary!("tan", |x| Ok(x.tan())),
    unary!("tanh", |x| Ok(x.tanh())),
    binary!("true_divide", DistArray::try_div),
    unary!("trunc", |x| Ok(x.trunc())),
    Function {
        name: "angle",
        parameters: &[Parameter::required("z"), Parameter::defaulted("deg", "False")],
        body: |context, arguments| {
            let z = array_argument(context, &arguments, "z")?;
            let angle = z.imag()?.try_atan2(z.real())?;
            let angle = match arguments.get("deg").truth()? {
                true => angle.try_mul(180.0 / std::f64::consts::PI)?,
                false => angle,
            };
            Ok(context.computed(angle))
        },
    },
    Function {
        name: "divmod",
        parameters: &[Parameter::positional("x1"), Parameter::positional("x2")],
        body: |context, arguments| {
            let quotient =
                binary(context, &arguments, "floor_divide", DistArray::try_floor_divide)?;
            let rest = binary(context, &arguments, "remainder", DistArray::try_rem)?;
            Ok(Value::tuple([quotient, rest]))
        },
    },
    Function {
        name: "iscomplex",
        parameters: &[Parameter::positional("x")],
        body: |context, arguments| {
            let x = array_argument(context, &arguments, "x")?;
            Ok(context.computed(x.imag()?.try_not_equal(0)?))
        },
    },
    Function {
        name: "isreal",
        parameters: &[Parameter::positional("x")],
        body: |context, arguments| {
            let x = array_argument(context, &arguments, "x")?;
            Ok(context.computed(x.imag()?.try_equal(0)?))
        },
    },
    Function {
        name: "modf",
        parameters: &[Parameter::positional("x")],
        body: |context, arguments| {
            let x = array_argument(context, &arguments, "x")?;
            if x.dtype().is_complex() {
                return Err(Error::new(Kind::Type, undefined("modf", x.dtype())));
            }
            let x = floating(&x)?;
            let whole = x.trunc();
            let part = x.try_equal(&whole)?.where_(0.0, x.try_sub(&whole)?)?;
            Ok(Value::tuple([part.try_copysign(&x)?, whole].map(|half| context.computed(half))))
        },
    },
    Function {
        name: "nan_to_num",
        parameters: &[
            Parameter::required("x"),
            Parameter::defaulted("copy", "True"),
            Parameter::defaulted("nan", "0.0"),
            Parameter::optional("posinf"),
            Parameter::optional("neginf"),
        ],
        body: nan_to_num,
    },
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
            Parameter::keyword("min"),
            Parameter::keyword("max"),
        ],
        body: |context, arguments| {
            let bound = |old, new| match (arguments.given(old), arguments.given(new)) {
                (Some(_), Some(_)) => {
                    let message = "Passing `min` or `max` keyword argument when `a_min` and \
                                   `a_max` are provided is forbidden.";
                    Err(Error::new(Kind::Value, message))
                }
                (old, new) => Ok(old.or(new).cloned().unwrap_or(Value::None)),
            };
            let (low, high) = (bound("a_min", "min")?, bound("a_max", "max")?);
            clip(context, arguments.get("a"), &low, &high)
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
        body: |context, arguments| {
            clip(context, arguments.get("a"), arguments.get("min"), arguments.get("max"))
        },
    },
    Function {
        name: "round",
        parameters: &[Parameter::positional("a"), Parameter::optional("decimals")],
        body: rounded,
    },
];

/// Functions that NumPy has of real numbers only.
const OF_REAL: &[&str] = &[
    "cbrt", "ceil", "deg2rad", "degrees", "fabs", "fix", "floor", "isneginf", "isposinf",
    "rad2deg", "radians", "signbit", "spacing", "trunc",
];

/// Refuses a function that complex numbers do not have.
fn check_complex(name: &str, dtype: DType) -> Result<(), Error> {
    if dtype.is_complex() && OF_REAL.contains(&name) {
        return Err(Error::new(Kind::Type, undefined(ufunc_name(name), dtype)));
    }
    Ok(())
}

/// One over each element; of whole numbers the quotient without its fraction, and for 0 what NumPy gives: the lowest
/// number of int32 and int64, and 0 of the others.
fn reciprocal(x: &DistArray) -> Result<DistArray, nums::Error> {
    let by_zero = match x.dtype() {
        DType::Bool => return reciprocal(&x.astype(DType::Int8)?),
        DType::Int32 => i64::from(i32::MIN),
        DType::Int64 => i64::MIN,
        dtype if dtype.is_integer() => 0,
        _ => return Ok(x.reciprocal()),
    };
    let is = |value: i64| x.try_equal(value)?.astype(x.dtype());
    let units = match x.dtype() {
        DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64 => is(1)?,
        _ => is(1)?.try_sub(is(-1)?)?,
    };
    x.try_equal(0)?.where_(by_zero, units)
}

/// Truth values count as 0 and 1.
fn bitwise_count(x: &DistArray) -> Result<DistArray, nums::Error> {
    match x.dtype() {
        DType::Bool => x.astype(DType::UInt8),
        _ => x.bitwise_count(),
    }
}

/// `+x`: not of truth values.
fn positive(x: &DistArray) -> Result<DistArray, nums::Error> {
    match x.dtype() {
        DType::Bool => Err(nums::Error::UndefinedFor { op: "positive", dtype: DType::Bool }),
        _ => Ok(x.clone()),
    }
}

/// Powers in float64, or in complex128.
fn float_power(x: &DistArray, y: Operand) -> Result<DistArray, nums::Error> {
    let wide = |dtype: DType| match dtype.is_complex() {
        true => DType::Complex128,
        false => DType::Float64,
    };
    x.astype(wide(x.dtype()))?.try_power(match y {
        Operand::Array(y) => Operand::Array(y.astype(wide(y.dtype()))?),
        number => number,
    })
}

/// 0 below 0, 1 above it, and the second number at it.
fn heaviside(x: &DistArray, at_zero: Operand) -> Result<DistArray, nums::Error> {
    let at_zero = match at_zero {
        Operand::Array(array) => array,
        Operand::Scalar(number) => x.session().full((), number)?,
    };
    let dtype = nums::result_type(x.dtype(), at_zero.dtype());
    if dtype.is_complex() {
        return Err(nums::Error::UndefinedFor { op: "heaviside", dtype });
    }
    let dtype = match (x.dtype(), dtype) {
        (_, dtype @ (DType::Float32 | DType::Float64)) => dtype,
        (_, DType::Int16 | DType::UInt16) => DType::Float32,
        _ => DType::Float64,
    };
    let (x, at_zero) = (x.astype(dtype)?, at_zero.astype(dtype)?);
    let side = x.try_greater(0)?.where_(1.0, 0.0)?.astype(dtype)?;
    let known = x.try_equal(0)?.where_(&at_zero, &side)?;
    x.isnan().where_(&x, &known)
}

/// `log2(2**x + 2**y)`, from the larger number, as NumPy computes it.
fn logaddexp2(x: &DistArray, y: Operand) -> Result<DistArray, nums::Error> {
    let y = match y {
        Operand::Array(y) => y,
        Operand::Scalar(number) => {
            let y = x.session().full((), number)?;
            if x.dtype() == DType::Float32 { y.astype(DType::Float32)? } else { y }
        }
    };
    let dtype = nums::result_type(x.dtype(), y.dtype());
    if dtype.is_complex() {
        return Err(nums::Error::UndefinedFor { op: "logaddexp2", dtype });
    }
    let dtype = match dtype {
        DType::Float32 | DType::Int16 | DType::UInt16 => DType::Float32,
        _ => DType::Float64,
    };
    let (x, y) = (x.astype(dtype)?, y.astype(dtype)?);
    let distance = x.try_sub(&y)?.abs();
    let more = distance.try_neg()?.exp2().log1p().try_mul(std::f64::consts::LOG2_E)?;
    let sum = x.try_maximum(&y)?.try_add(&more)?;
    // Equal numbers, infinite ones too, have no distance.
    x.try_equal(&y)?.where_(x.try_add(1.0)?, &sum)
}

/// `sin(pi x) / (pi x)`, and 1 at 0.
fn sinc(x: &DistArray) -> Result<DistArray, nums::Error> {
    let x = match x.dtype() {
        DType::Float32 | DType::Complex64 | DType::Complex128 => x.clone(),
        _ => x.astype(DType::Float64)?,
    };
    let angle = x.try_equal(0)?.where_(1e-20, &x)?.try_mul(std::f64::consts::PI)?;
    angle.sin().try_div(&angle)
}

fn nan_to_num(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let x = array_argument(context, &arguments, "x")?;
    let given = |name: &str| -> Result<Option<f64>, Error> {
        arguments.given(name).map_or(Ok(None), crate::numbers::to_float)
    };
    let largest = match x.dtype() {
        DType::Float64 => f64::MAX,
        DType::Float32 => f64::from(f32::MAX),
        dtype if dtype.is_complex() => {
            return Err(Error::unsupported("`nan_to_num` of complex numbers is"));
        }
        _ => return Ok(context.computed(x)),
    };
    let (nan, high) = (given("nan")?.unwrap_or(0.0), given("posinf")?.unwrap_or(largest));
    let low = given("neginf")?.unwrap_or(-largest);
    let known = x.isnan().where_(nan, &x)?;
    let known = x.try_equal(f64::INFINITY)?.where_(high, &known)?;
    let known = x.try_equal(f64::NEG_INFINITY)?.where_(low, &known)?;
    match (arguments.given("copy"), arguments.get("x")) {
        (Some(copy), Value::Array(own)) if !copy.truth()? => {
            own.write(known)?;
            Ok(Value::Array(own.clone()))
        }
        _ => Ok(context.computed(known)),
    }
}

/// Positions wrapped around an axis, or those outside it put at its ends.
///
/// # Errors
/// [`Kind::Value`] for another mode.
pub(super) fn keep_in_range(at: &DistArray, len: usize, mode: &str) -> Result<DistArray, Error> {
    match mode {
        "wrap" => Ok(at.try_rem(len.max(1) as i64)?),
        "clip" => Ok(at.clip(0, len as i64 - 1)?),
        other => {
            let message =
                format!("clipmode must be one of 'clip', 'raise', or 'wrap' (got '{other}')");
            Err(Error::new(Kind::Value, message))
        }
    }
}

/// The numbers as floats: those of 16 bits as float32, as in NumPy.
fn floating(x: &DistArray) -> Result<DistArray, nums::Error> {
    match x.dtype() {
        DType::Float32 | DType::Int16 | DType::UInt16 => x.astype(DType::Float32),
        _ => x.astype(DType::Float64),
    }
}

fn magnitude(x: &DistArray) -> Result<DistArray, nums::Error> {
    if x.dtype() == DType::Bool { Ok(x.clone()) } else { Ok(x.abs()) }
}

/// `abs` of an array or scalar of NumPy.
pub(crate) fn absolute(context: &Context, value: &Value) -> Result<Value, Error> {
    Ok(context.computed(magnitude(&to_array(context, value)?)?))
}

/// `round` of an array.
///
/// # Errors
/// What the library refuses.
pub fn round(context: &Context, value: &Value, decimals: i64) -> Result<Value, Error> {
    let decimals = i32::try_from(decimals).unwrap_or(i32::MAX);
    let array = to_array(context, value)?;
    Ok(context.computed(array.round(decimals)?))
}

fn rounded(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let decimals = match arguments.given("decimals") {
        Some(decimals) => decimals.as_int()?,
        None => 0,
    };
    round(context, arguments.get("a"), decimals)
}

fn clip(context: &Context, value: &Value, low: &Value, high: &Value) -> Result<Value, Error> {
    let mut array = to_array(context, value)?;
    let range = integer_range(array.dtype());
    // A bound at the end of an integer type, or beyond it, bounds nothing.
    let beyond = |bound: &Value, outside: fn(&BigInt, i128) -> bool, end: Option<i128>| match bound
    {
        Value::Int(_) | Value::BigInt(_) => {
            bound.as_big_int().zip(end).is_some_and(|(bound, end)| outside(&bound, end))
        }
        _ => false,
    };
    // All three are computed in one type; numbers of Python count as their kind only.
    let mut dtypes = vec![array.dtype()];
    for bound in [low, high] {
        dtypes.push(match bound {
            Value::Array(bound) => bound.dtype(),
            Value::Scalar(bound) => bound.dtype(),
            Value::List(_) | Value::Tuple(_) => to_array(context, bound)?.dtype(),
            _ => continue,
        });
    }
    let mut dtype = nums::common_type(dtypes).unwrap_or(array.dtype());
    for bound in [low, high] {
        if let (Value::Float(_) | Value::Complex(_), Some(number)) = (bound, as_number(bound)) {
            dtype = with_weak(dtype, number.dtype());
        }
    }
    array = array.astype(dtype)?;
    let mut result = context.computed(array);
    let lowest = range.map(|range| range.0);
    if !matches!(low, Value::None) && !beyond(low, |low, end| *low <= end.into(), lowest) {
        result = pair(context, &result, low, DistArray::try_maximum)?;
    }
    let highest = range.map(|range| range.1);
    if !matches!(high, Value::None) && !beyond(high, |high, end| *high >= end.into(), highest) {
        result = pair(context, &result, high, DistArray::try_minimum)?;
    }
    Ok(result)
}

fn unary(
    context: &Context,
    arguments: &Arguments,
    name: &str,
    function: fn(&DistArray) -> Result<DistArray, nums::Error>,
) -> Result<Value, Error> {
    let array = array_argument(context, arguments, "x")?;
    let asked = dtype_of(arguments.get("dtype"))?;
    check_complex(name, array.dtype())?;
    check_complex(name, asked.unwrap_or(array.dtype()))?;
    let result = match asked {
        None => function(&array)?,
        Some(dtype) => {
            let own = |dtype| {
                let one = context.session().full_dtype(&[], 1, dtype);
                let made = one.and_then(|one| function(&one));
                made.is_ok_and(|made| made.dtype() == dtype)
            };
            match function(&array) {
                // A truth value of any number, whose type is not asked for.
                Ok(result) if dtype == DType::Bool && result.dtype() == dtype => result,
                _ if own(dtype) => function(&input(&array, name, "", dtype)?)?,
                _ => return Err(no_loop(name)),
            }
        }
    };
    finish(context, arguments, name, result)
}

fn binary(
    context: &Context,
    arguments: &Arguments,
    name: &str,
    function: fn(&DistArray, Operand) -> Result<DistArray, nums::Error>,
) -> Result<Value, Error> {
    let (left, right) = match long_numbers(arguments, name)? {
        Long::Answer(answer) => return Ok(answer),
        Long::Operands(left, right) => (left, right),
    };
    let (left, right) = (&left, &right);
    let result = match dtype_of(arguments.get("dtype"))? {
        None => pair(context, left, right, function)?,
        Some(dtype) => {
            let own = |dtype| {
                let one = context.session().full_dtype(&[], 1, dtype);
                let made = one.and_then(|one| function(&one, Operand::Array(one.clone())));
                made.is_ok_and(|made| made.dtype() == dtype)
            };
            let truth = match dtype {
                DType::Bool => pair(context, left, right, function).ok(),
                _ => None,
            };
            let truth = truth.filter(|truth| match truth {
                Value::Array(array) => array.dtype() == dtype,
                Value::Scalar(scalar) => scalar.dtype() == dtype,
                _ => false,
            });
            match truth {
                Some(truth) => truth,
                None if own(dtype) => {
                    // NumPy looks at the numbers of Python before it looks at the types of the others.
                    for weak in [left, right].into_iter().filter(|value| is_weak(value)) {
                        element(weak, dtype)?;
                    }
                    let left = typed(context, left, name, " 0", dtype)?;
                    let right = typed(context, right, name, " 1", dtype)?;
                    context.computed(function(&left, Operand::Array(right))?)
                }
                None => return Err(no_loop(name)),
            }
        }
    };
    finish(context, arguments, name, to_array(context, &result)?)
}

/// What becomes of two numbers of Python of which one is beyond int64.
enum Long {
    /// The result.
    Answer(Value),
    /// The arguments to go on with.
    Operands(Value, Value),
}

/// Two numbers of Python are arrays of their own types, where a number beyond int64 has none: beside a float it counts as
/// one, a quotient is one of floats, and a comparison needs no type.
fn long_numbers(arguments: &Arguments, name: &str) -> Result<Long, Error> {
    let (left, right) = (arguments.get("x1").clone(), arguments.get("x2").clone());
    let is_python = |value: &Value| {
        matches!(
            value,
            Value::Bool(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_) | Value::Complex(_)
        )
    };
    let is_long = |value: &Value| matches!(value, Value::BigInt(_));
    if !(is_python(&left) && is_python(&right) && (is_long(&left) || is_long(&right))) {
        return Ok(Long::Operands(left, right));
    }
    let whole = left.as_big_int().zip(right.as_big_int());
    if let (Some((left, right)), Some(comparison)) = (&whole, comparison_of(name)) {
        let holds = comparison.holds(Some(left.cmp(right)));
        return Ok(Long::Answer(Value::number(Number::Bool(holds))));
    }
    let of_floats = ["arctan2", "atan2", "copysign", "divide", "hypot", "logaddexp", "true_divide"];
    if whole.is_some() && !of_floats.contains(&name) {
        return Ok(Long::Operands(left, right));
    }
    let float = |value: Value| match &value {
        Value::BigInt(whole) => whole_float(whole).map(Value::Float),
        _ => Ok(value),
    };
    Ok(Long::Operands(float(left)?, float(right)?))
}

/// The comparison that a function makes.
fn comparison_of(name: &str) -> Option<Comparison> {
    Some(match name {
        "equal" => Comparison::Equal,
        "not_equal" => Comparison::NotEqual,
        "less" => Comparison::Less,
        "less_equal" => Comparison::LessEqual,
        "greater" => Comparison::Greater,
        "greater_equal" => Comparison::GreaterEqual,
        _ => return None,
    })
}

/// An argument of a function that computes in a type: a number of Python must fit it, all else is cast as far as its
/// kind allows.
fn typed(
    context: &Context,
    value: &Value,
    name: &str,
    position: &str,
    dtype: DType,
) -> Result<DistArray, Error> {
    if is_weak(value)
        && let Some(number) = element(value, dtype)?
    {
        return constant(context, number);
    }
    input(&to_array(context, value)?, name, position, dtype)
}

/// Whether it is a number of Python that counts as a whole one only.
fn is_weak(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Int(_) | Value::BigInt(_))
}

/// An array as the input of a function that computes in a type.
fn input(array: &DistArray, name: &str, position: &str, dtype: DType) -> Result<DistArray, Error> {
    if keeps_kind(array.dtype(), dtype) {
        return Ok(array.astype(dtype)?);
    }
    let message = format!(
        "Cannot cast ufunc '{}' input{position} from dtype('{}') to dtype('{dtype}') with casting \
         rule 'same_kind'",
        ufunc_name(name),
        array.dtype()
    );
    Err(Error::new(Kind::Type, message))
}

fn no_loop(name: &str) -> Error {
    let message = format!(
        "No loop matching the specified signature and casting was found for ufunc {}",
        ufunc_name(name)
    );
    Error::new(Kind::Type, message)
}

/// What NumPy calls a function that has several names.
fn ufunc_name(name: &str) -> &str {
    match name {
        "abs" => "absolute",
        "bitwise_not" | "bitwise_invert" => "invert",
        "bitwise_left_shift" => "left_shift",
        "bitwise_right_shift" => "right_shift",
        "mod" => "remainder",
        "pow" => "power",
        "true_divide" => "divide",
        "acos" => "arccos",
        "acosh" => "arccosh",
        "asin" => "arcsin",
        "asinh" => "arcsinh",
        "atan" => "arctan",
        "atan2" => "arctan2",
        "atanh" => "arctanh",
        other => other,
    }
}

/// A function of two values, of which lists and tuples count as arrays.
fn pair(
    context: &Context,
    left: &Value,
    right: &Value,
    function: fn(&DistArray, Operand) -> Result<DistArray, nums::Error>,
) -> Result<Value, Error> {
    let listed = |value: &Value| match value {
        Value::List(_) | Value::Tuple(_) => {
            super::array_from(context, value, None).map(Value::Array)
        }
        other => Ok(other.clone()),
    };
    let (left, right) = (listed(left)?, listed(right)?);
    if let (Value::BigInt(_), other) | (other, Value::BigInt(_)) = (&left, &right)
        && !matches!(other, Value::Array(_) | Value::Scalar(_))
    {
        // Two numbers of Python are arrays of their own types, and int64 is the widest.
        element(&left, DType::Int64)?;
        element(&right, DType::Int64)?;
    }
    elementwise(context, &left, &right, function)?.ok_or_else(|| {
        let fits = |value: &Value| {
            matches!(value, Value::Array(_) | Value::Scalar(_))
                || crate::operators::as_number(value).is_some()
        };
        let wrong = if fits(&left) { &right } else { &left };
        let message = format!("'{}' object is no array and no number", wrong.type_name());
        Error::new(Kind::Type, message)
    })
}

/// Puts a result into the array named `out`, if there is one.
fn finish(
    context: &Context,
    arguments: &Arguments,
    name: &str,
    result: DistArray,
) -> Result<Value, Error> {
    match arguments.get("out") {
        Value::None => Ok(context.computed(result)),
        Value::Array(out) => {
            put(out, &result, ufunc_name(name))?;
            Ok(Value::Array(out.clone()))
        }
        _ => Err(Error::new(Kind::Type, "return arrays must be of ArrayType")),
    }
}
