//! Dtypes: what holds several, what casts to what, and their limits.

use super::{
    arguments::{array_argument, text_or, to_array, truth_or},
    dtype_class, dtype_of,
};
use crate::{
    class::Class,
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    number::{Number, integer_range},
    operators::{as_number, keeps_kind, with_weak},
    record::Record,
    value::Value,
};
use num_bigint::BigInt;
use nums::DType;

const X: &[Parameter] = &[Parameter::required("x")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "astype",
        parameters: &[
            Parameter::positional("x"),
            Parameter::positional("dtype"),
            Parameter::keyword_defaulted("copy", "True"),
            Parameter::keyword("device"),
        ],
        body: |context, arguments| {
            let dtype = dtype_of(arguments.get("dtype"))?.unwrap_or(DType::Float64);
            let array = match arguments.get("x") {
                Value::Array(array) => array,
                number if matches!(number, Value::Scalar(_)) || as_number(number).is_some() => {
                    return Ok(context.computed(to_array(context, number)?.astype(dtype)?));
                }
                other => {
                    let message = format!(
                        "Input should be a NumPy array or scalar. It is a <class '{}'> instead.",
                        other.type_name()
                    );
                    return Err(Error::new(Kind::Type, message));
                }
            };
            if !truth_or(&arguments, "copy", true)? && array.dtype() == dtype {
                return Ok(Value::Array(array.clone()));
            }
            Ok(Value::Array(context.array(array.read()?.astype(dtype)?)))
        },
    },
    Function {
        name: "can_cast",
        parameters: &[
            Parameter::required("from_"),
            Parameter::required("to"),
            Parameter::defaulted("casting", "'safe'"),
        ],
        body: |_, arguments| {
            let from = match arguments.get("from_") {
                Value::Array(array) => array.dtype(),
                Value::Scalar(scalar) => scalar.dtype(),
                Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Complex(_) => {
                    let message = "can_cast() does not support Python ints, floats, and complex \
                                   because the result used to depend on the value.\nThis change \
                                   was part of adopting NEP 50, we may explicitly allow them again \
                                   in the future.";
                    return Err(Error::new(Kind::Type, message));
                }
                other => given_dtype(other)?,
            };
            let casting = text_or(&arguments, "casting", "safe")?;
            if !["no", "equiv", "safe", "same_kind", "unsafe"].contains(&casting.as_str()) {
                let message = format!(
                    "casting must be one of 'no', 'equiv', 'safe', 'same_kind', 'unsafe', or \
                     'same_value' (got '{casting}')"
                );
                return Err(Error::new(Kind::Value, message));
            }
            Ok(Value::Bool(can_cast(from, given_dtype(arguments.get("to"))?, &casting)))
        },
    },
    Function {
        name: "common_type",
        parameters: &[Parameter::rest("arrays")],
        body: |context, arguments| {
            let mut common = DType::Float32;
            for array in &arguments.rest {
                let dtype = to_array(context, array)?.dtype();
                let float = match dtype {
                    DType::Bool => {
                        let message = "can't get common type for non-numeric array";
                        return Err(Error::new(Kind::Type, message));
                    }
                    dtype if dtype.is_integer() => DType::Float64,
                    dtype => dtype,
                };
                common = nums::result_type(common, float);
            }
            Ok(Value::Class(Class::Scalar(common)))
        },
    },
    Function { name: "finfo", parameters: &[Parameter::required("dtype")], body: finfo },
    Function { name: "iinfo", parameters: &[Parameter::required("type")], body: iinfo },
    Function {
        name: "iscomplexobj",
        parameters: X,
        body: |context, arguments| {
            Ok(Value::Bool(array_argument(context, &arguments, "x")?.dtype().is_complex()))
        },
    },
    Function {
        name: "isdtype",
        parameters: &[Parameter::required("dtype"), Parameter::required("kind")],
        body: |_, arguments| {
            let dtype = match arguments.get("dtype") {
                Value::DType(dtype) => *dtype,
                Value::Class(class) if class.dtype().is_some() => {
                    class.dtype().unwrap_or(DType::Float64)
                }
                other => {
                    let message = format!(
                        "dtype argument must be a NumPy dtype, but it is a <class '{}'>.",
                        other.type_name()
                    );
                    return Err(Error::new(Kind::Type, message));
                }
            };
            is_dtype(dtype, arguments.get("kind"), true).map(Value::Bool)
        },
    },
    Function {
        name: "isrealobj",
        parameters: X,
        body: |context, arguments| {
            Ok(Value::Bool(!array_argument(context, &arguments, "x")?.dtype().is_complex()))
        },
    },
    Function {
        name: "isscalar",
        parameters: &[Parameter::required("element")],
        body: |_, arguments| {
            let element = arguments.get("element");
            let text = matches!(element, Value::Str(_));
            let number = matches!(element, Value::Scalar(_) | Value::BigInt(_));
            Ok(Value::Bool(
                text || number
                    || as_number(element).is_some() && !matches!(element, Value::Array(_)),
            ))
        },
    },
    Function {
        name: "issubdtype",
        parameters: &[Parameter::required("arg1"), Parameter::required("arg2")],
        body: |_, arguments| {
            let class = |value: &Value| -> Result<Class, Error> {
                match value {
                    Value::Class(class)
                        if !matches!(
                            class,
                            Class::Bool | Class::Int | Class::Float | Class::Complex
                        ) =>
                    {
                        Ok(*class)
                    }
                    Value::Str(name) if matches!(dtype_class(name), Some(class) if class.dtype().is_none()) => {
                        Ok(dtype_class(name).unwrap_or(Class::Generic))
                    }
                    other => Ok(Class::Scalar(given_dtype(other)?)),
                }
            };
            let (lower, upper) = (class(arguments.get("arg1"))?, class(arguments.get("arg2"))?);
            Ok(Value::Bool(is_below(lower, upper)))
        },
    },
    Function {
        name: "min_scalar_type",
        parameters: &[Parameter::required("a")],
        body: |context, arguments| {
            let a = arguments.get("a");
            Ok(Value::DType(match a {
                Value::Bool(_) => DType::Bool,
                Value::Int(_) | Value::BigInt(_) => smallest_integer(a)?,
                Value::Float(_) | Value::Complex(_) => {
                    let message = "`min_scalar_type` of a float (whose answer is float16) is";
                    return Err(Error::unsupported(message));
                }
                other => to_array(context, other)?.dtype(),
            }))
        },
    },
    Function {
        name: "promote_types",
        parameters: &[Parameter::required("type1"), Parameter::required("type2")],
        body: |_, arguments| {
            let (left, right) =
                (given_dtype(arguments.get("type1"))?, given_dtype(arguments.get("type2"))?);
            Ok(Value::DType(nums::result_type(left, right)))
        },
    },
    Function {
        name: "result_type",
        parameters: &[Parameter::rest("arrays_and_dtypes")],
        body: |context, arguments| {
            if arguments.rest.is_empty() {
                let message = "at least one array or dtype is required";
                return Err(Error::new(Kind::Value, message));
            }
            let mut strong = Vec::new();
            let mut weak: Vec<DType> = Vec::new();
            for given in &arguments.rest {
                match given {
                    Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Complex(_) => {
                        weak.extend(as_number(given).map(Number::dtype));
                    }
                    Value::BigInt(_) => weak.push(DType::Int64),
                    Value::Array(array) => strong.push(array.dtype()),
                    Value::Scalar(scalar) => strong.push(scalar.dtype()),
                    Value::List(_) | Value::Tuple(_) => {
                        strong.push(to_array(context, given)?.dtype());
                    }
                    other => strong.push(given_dtype(other)?),
                }
            }
            let highest = nums::common_type(weak.iter().copied());
            let found = match (nums::common_type(strong), highest) {
                (Some(strong), Some(weak)) => with_weak(strong, weak),
                (Some(found), None) | (None, Some(found)) => found,
                (None, None) => DType::Float64,
            };
            Ok(Value::DType(found))
        },
    },
];

/// The dtype that an argument must be.
fn given_dtype(value: &Value) -> Result<DType, Error> {
    Ok(dtype_of(value)?.unwrap_or(DType::Float64))
}

/// NumPy's rules for casts.
pub(crate) fn can_cast(from: DType, to: DType, casting: &str) -> bool {
    match casting {
        "no" | "equiv" => from == to,
        "unsafe" => true,
        "same_kind" => nums::result_type(from, to) == to || keeps_kind(from, to),
        _ => nums::result_type(from, to) == to,
    }
}

fn is_below(lower: Class, upper: Class) -> bool {
    lower == upper || lower.bases().iter().any(|base| is_below(*base, upper))
}

/// Whether a dtype is of a kind: a name of the array standard, a dtype, or one of several.
fn is_dtype(dtype: DType, kind: &Value, outer: bool) -> Result<bool, Error> {
    let signed = matches!(dtype, DType::Int8 | DType::Int16 | DType::Int32 | DType::Int64);
    let whole = dtype.is_integer();
    let floating = matches!(dtype, DType::Float32 | DType::Float64);
    match kind {
        Value::Tuple(kinds) if outer => {
            kinds.iter().try_fold(false, |any, kind| Ok(is_dtype(dtype, kind, false)? || any))
        }
        Value::Str(kind) => Ok(match kind.as_ref() {
            "bool" => dtype == DType::Bool,
            "signed integer" => signed,
            "unsigned integer" => whole && !signed,
            "integral" => whole,
            "real floating" => floating,
            "complex floating" => dtype.is_complex(),
            "numeric" => dtype != DType::Bool,
            other => {
                let message =
                    format!("kind argument is a string, but '{other}' is not a known kind name.");
                return Err(Error::new(Kind::Value, message));
            }
        }),
        Value::DType(own) => Ok(*own == dtype),
        Value::Class(class) if class.dtype().is_some() => Ok(class.dtype() == Some(dtype)),
        other => {
            let message = format!(
                "kind argument must be comprised of NumPy dtypes or strings only, but is a <class \
                 '{}'>.",
                other.type_name()
            );
            Err(Error::new(Kind::Type, message))
        }
    }
}

/// The smallest dtype that holds an integer.
fn smallest_integer(value: &Value) -> Result<DType, Error> {
    let number = value.as_big_int().unwrap_or_default();
    let unsigned = [DType::UInt8, DType::UInt16, DType::UInt32, DType::UInt64];
    let signed = [DType::Int8, DType::Int16, DType::Int32, DType::Int64];
    let candidates = unsigned.into_iter().chain(signed);
    let holds = |dtype: &DType| {
        integer_range(*dtype)
            .is_some_and(|(low, high)| number >= BigInt::from(low) && number <= BigInt::from(high))
    };
    candidates
        .into_iter()
        .find(holds)
        .ok_or_else(|| Error::unsupported("an integer beyond 64 bits is"))
}

fn iinfo(_: &Context, arguments: Arguments) -> Result<Value, Error> {
    let dtype = match arguments.get("type") {
        Value::Array(array) => array.dtype(),
        Value::Scalar(scalar) => scalar.dtype(),
        other => match as_number(other) {
            Some(number) => number.dtype(),
            None => given_dtype(other)?,
        },
    };
    let Some((low, high)) = integer_range(dtype) else {
        let message = format!("Invalid integer data type '{}'.", super::dtype_kind(dtype));
        return Err(Error::new(Kind::Value, message));
    };
    Ok(Value::record(Record::new(
        "iinfo",
        [
            ("bits", Value::Int(dtype.item_bytes() as i64 * 8)),
            ("min", Value::int(low.into())),
            ("max", Value::int(high.into())),
            ("kind", Value::str(super::dtype_kind(dtype))),
            ("dtype", Value::DType(dtype)),
        ],
    )))
}

fn finfo(_: &Context, arguments: Arguments) -> Result<Value, Error> {
    let dtype = match arguments.get("dtype") {
        Value::Array(array) => array.dtype(),
        Value::Scalar(scalar) => scalar.dtype(),
        Value::Float(_) => DType::Float64,
        other => given_dtype(other)?,
    };
    let dtype = match dtype {
        DType::Float32 | DType::Complex64 => DType::Float32,
        DType::Float64 | DType::Complex128 => DType::Float64,
        other => {
            let message = format!("data type <class 'numpy.{other}'> not inexact");
            return Err(Error::new(Kind::Value, message));
        }
    };
    let number = |value: f64| Value::number(Number::float(value, dtype));
    let double = dtype == DType::Float64;
    let pick = |single: f64, own: f64| number(if double { own } else { single });
    let whole = |single: i64, own: i64| Value::Int(if double { own } else { single });
    let fields = [
        ("bits", whole(32, 64)),
        ("eps", pick(f64::from(f32::EPSILON), f64::EPSILON)),
        ("epsneg", pick(f64::from(f32::EPSILON) / 2.0, f64::EPSILON / 2.0)),
        ("iexp", whole(8, 11)),
        ("machep", whole(-23, -52)),
        ("max", pick(f64::from(f32::MAX), f64::MAX)),
        ("maxexp", whole(128, 1024)),
        ("min", pick(f64::from(f32::MIN), f64::MIN)),
        ("minexp", whole(-126, -1022)),
        ("negep", whole(-24, -53)),
        ("nexp", whole(8, 11)),
        ("nmant", whole(23, 52)),
        ("precision", whole(6, 15)),
        ("resolution", pick(1e-6, 1e-15)),
        ("smallest_normal", pick(f64::from(f32::MIN_POSITIVE), f64::MIN_POSITIVE)),
        ("smallest_subnormal", pick(f64::from(f32::from_bits(1)), f64::from_bits(1))),
        ("tiny", pick(f64::from(f32::MIN_POSITIVE), f64::MIN_POSITIVE)),
        ("dtype", Value::DType(dtype)),
    ];
    Ok(Value::record(Record::new("finfo", fields)))
}
