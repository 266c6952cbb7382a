//! Lines of a formula: windows, and numbers at equal distances on another scale.

use super::{
    arguments::{float_or, int_or, truth_or},
    dtype_of,
};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    value::Value,
};
use nums::{DType, DistArray};
use std::f64::consts::PI;

const M: &[Parameter] = &[Parameter::required("M")];

/// A window of `M` points: of the numbers from `1 - M` to `M - 1` in steps of 2, as NumPy makes it.
macro_rules! window {
    ($name:literal, $of:expr) => {
        Function {
            name: $name,
            parameters: M,
            body: |context, arguments| {
                let points = super::arguments::float_or(&arguments, "M", 0.0)?;
                if points < 1.0 {
                    let none = context.session().full_dtype([0], 0, DType::Float64)?;
                    return Ok(Value::Array(context.array(none)));
                }
                if points == 1.0 {
                    let one = context.session().full_dtype([1], 1, DType::Float64)?;
                    return Ok(Value::Array(context.array(one)));
                }
                let n = context.session().arange(1.0 - points, points, 2)?;
                let of: fn(&DistArray, f64) -> Result<DistArray, nums::Error> = $of;
                Ok(Value::Array(context.array(of(&n, points - 1.0)?)))
            },
        }
    };
}

pub(super) static FUNCTIONS: &[Function] = &[
    window!("bartlett", |n, last| {
        let rising = n.try_div(last)?.try_add(1)?;
        let falling = n.try_div(last)?.try_neg()?.try_add(1)?;
        n.try_less_equal(0)?.where_(&rising, &falling)
    }),
    window!("blackman", |n, last| {
        let angle = n.try_mul(PI)?.try_div(last)?;
        let twice = n.try_mul(2.0 * PI)?.try_div(last)?;
        angle.cos().try_mul(0.5)?.try_add(0.42)?.try_add(twice.cos().try_mul(0.08)?)
    }),
    window!("hamming", |n, last| {
        n.try_mul(PI)?.try_div(last)?.cos().try_mul(0.46)?.try_add(0.54)
    }),
    window!("hanning", |n, last| {
        n.try_mul(PI)?.try_div(last)?.cos().try_mul(0.5)?.try_add(0.5)
    }),
    Function {
        name: "geomspace",
        parameters: &[
            Parameter::required("start"),
            Parameter::required("stop"),
            Parameter::defaulted("num", "50"),
            Parameter::defaulted("endpoint", "True"),
            Parameter::optional("dtype"),
        ],
        body: geomspace,
    },
    Function {
        name: "logspace",
        parameters: &[
            Parameter::required("start"),
            Parameter::required("stop"),
            Parameter::defaulted("num", "50"),
            Parameter::defaulted("endpoint", "True"),
            Parameter::defaulted("base", "10.0"),
            Parameter::optional("dtype"),
        ],
        body: |context, arguments| {
            let (start, stop) = (real(&arguments, "start")?, real(&arguments, "stop")?);
            let base = float_or(&arguments, "base", 10.0)?;
            let exponents = line(context, &arguments, start, stop)?;
            let powers = context.session().full((), base)?.try_power(&exponents)?;
            typed(context, &arguments, powers)
        },
    },
    Function {
        name: "vander",
        parameters: &[
            Parameter::required("x"),
            Parameter::optional("N"),
            Parameter::defaulted("increasing", "False"),
        ],
        body: |context, arguments| {
            let x = super::arguments::array_argument(context, &arguments, "x")?;
            if x.ndim() != 1 {
                let message = "x must be a one-dimensional array or sequence.";
                return Err(Error::new(Kind::Value, message));
            }
            let columns = match arguments.get("N") {
                Value::None => x.size() as i64,
                n => n.as_int()?,
            };
            let columns = usize::try_from(columns)
                .map_err(|_| Error::new(Kind::Value, "negative dimensions are not allowed"))?;
            let made = vander(context, &x, columns)?;
            let rising = truth_or(&arguments, "increasing", false)?;
            Ok(Value::Array(context.array(if rising { made } else { made.flip(1)? })))
        },
    },
];

/// The powers of a line from the lowest on, a column each, multiplied up as NumPy does.
pub(super) fn vander(
    context: &Context,
    x: &DistArray,
    columns: usize,
) -> Result<DistArray, nums::Error> {
    let dtype = match x.dtype() {
        dtype if dtype == DType::Bool || dtype.is_integer() => DType::Int64,
        dtype => dtype,
    };
    let x = x.astype(dtype)?;
    let mut powers = vec![context.session().full_dtype([x.size()], 1, dtype)?];
    while powers.len() < columns {
        let next = match powers.len() {
            1 => x.clone(),
            have => powers[have - 1].try_mul(&x)?,
        };
        powers.push(next);
    }
    powers.truncate(columns);
    match powers.is_empty() {
        true => context.session().full_dtype([x.size(), 0], 0, dtype),
        false => nums::stack(&powers, 1),
    }
}

fn real(arguments: &Arguments, name: &str) -> Result<f64, Error> {
    match arguments.get(name) {
        Value::Complex(_) => Err(Error::unsupported("a scale of complex numbers is")),
        Value::List(_) | Value::Tuple(_) => Err(Error::unsupported("a scale between arrays is")),
        _ => float_or(arguments, name, 0.0),
    }
}

/// `num` numbers at equal distances.
fn line(
    context: &Context,
    arguments: &Arguments,
    start: f64,
    stop: f64,
) -> Result<DistArray, Error> {
    let num = int_or(arguments, "num", 50)?;
    let samples = usize::try_from(num).map_err(|_| {
        Error::new(Kind::Value, format!("Number of samples, {num}, must be non-negative."))
    })?;
    let endpoint = truth_or(arguments, "endpoint", true)?;
    Ok(context.session().linspace(start, stop, samples, endpoint)?)
}

fn typed(context: &Context, arguments: &Arguments, array: DistArray) -> Result<Value, Error> {
    let array = match dtype_of(arguments.get("dtype"))? {
        Some(dtype) => array.astype(dtype)?,
        None => array,
    };
    Ok(Value::Array(context.array(array)))
}

fn geomspace(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let (start, stop) = (real(&arguments, "start")?, real(&arguments, "stop")?);
    if start == 0.0 || stop == 0.0 {
        return Err(Error::new(Kind::Value, "Geometric sequence cannot include zero"));
    }
    if start.signum() != stop.signum() {
        return Err(Error::unsupported("`geomspace` between numbers of two signs is"));
    }
    let sign = start.signum();
    // As NumPy: powers of the exponents from 0 on, scaled, with exact ends.
    let last = (stop / start).log10();
    let exponents = line(context, &arguments, 0.0, last)?;
    let base = context.session().full((), 10.0)?;
    let made = base.try_power(&exponents)?.try_mul(start * sign)?.try_mul(sign)?;
    let count = made.size();
    let at = context.session().arange(0, count, 1)?;
    let made = at.try_equal(0)?.where_(start, &made)?;
    let made = match truth_or(&arguments, "endpoint", true)? && count > 1 {
        true => at.try_equal(count as i64 - 1)?.where_(stop, &made)?,
        false => made,
    };
    typed(context, &arguments, made)
}
