//! The modules that can be imported.

use crate::{
    exception::{Exception, Kind},
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    library, numpy,
    value::{Module, Value},
};
use std::{sync::LazyLock, time::Instant};

/// All modules.
pub(crate) fn all() -> impl Iterator<Item = &'static Module> {
    numpy::modules().into_iter().chain([&MATH, &TIME, &library::NUMS])
}

/// The module of a name.
pub(crate) fn find(name: &str) -> Option<&'static Module> {
    match name {
        "math" => Some(&MATH),
        "time" => Some(&TIME),
        "nums" => Some(&library::NUMS),
        other => numpy::find_module(other),
    }
}

static MATH: Module = Module {
    name: "math",
    member: |name| match name {
        "pi" => Some(Value::Float(std::f64::consts::PI)),
        "e" => Some(Value::Float(std::f64::consts::E)),
        "tau" => Some(Value::Float(std::f64::consts::TAU)),
        "inf" => Some(Value::Float(f64::INFINITY)),
        "nan" => Some(Value::Float(f64::NAN)),
        _ => MATH_FUNCTIONS.iter().find(|function| function.name == name).map(Value::Function),
    },
    names: || {
        let constants = ["pi", "e", "tau", "inf", "nan"];
        constants.into_iter().chain(MATH_FUNCTIONS.iter().map(|function| function.name)).collect()
    },
};

const ONE: &[Parameter] = &[Parameter::positional("x")];

const fn of_one(
    name: &'static str,
    body: fn(&mut Interpreter, Arguments) -> Result<Value, Exception>,
) -> Function {
    Function { name, parameters: ONE, body }
}

static MATH_FUNCTIONS: &[Function] = &[
    of_one("sqrt", |_, arguments| real(&arguments, f64::sqrt)),
    of_one("exp", |_, arguments| real(&arguments, f64::exp)),
    of_one("log", |_, arguments| real(&arguments, f64::ln)),
    of_one("log2", |_, arguments| real(&arguments, f64::log2)),
    of_one("log10", |_, arguments| real(&arguments, f64::log10)),
    of_one("sin", |_, arguments| real(&arguments, f64::sin)),
    of_one("cos", |_, arguments| real(&arguments, f64::cos)),
    of_one("tan", |_, arguments| real(&arguments, f64::tan)),
    of_one("atan", |_, arguments| real(&arguments, f64::atan)),
    of_one("fabs", |_, arguments| real(&arguments, f64::abs)),
    of_one("floor", |_, arguments| whole(&arguments, f64::floor)),
    of_one("ceil", |_, arguments| whole(&arguments, f64::ceil)),
    of_one("trunc", |_, arguments| whole(&arguments, f64::trunc)),
    of_one("isnan", |_, arguments| Ok(Value::Bool(number(&arguments)?.is_nan()))),
    of_one("isinf", |_, arguments| Ok(Value::Bool(number(&arguments)?.is_infinite()))),
    of_one("isfinite", |_, arguments| Ok(Value::Bool(number(&arguments)?.is_finite()))),
];

/// The argument as a float; waits for one in the cluster.
fn number(arguments: &Arguments) -> Result<f64, Exception> {
    crate::numbers::to_float(arguments.get("x"))?.ok_or_else(|| {
        let message = format!("must be real number, not {}", arguments.get("x").type_name());
        Exception::new(Kind::Type, message)
    })
}

fn real(arguments: &Arguments, function: fn(f64) -> f64) -> Result<Value, Exception> {
    let x = number(arguments)?;
    let y = function(x);
    if y.is_nan() && !x.is_nan() || y.is_infinite() && x == 0.0 {
        return Err(Exception::new(Kind::Value, "math domain error"));
    }
    if y.is_infinite() && x.is_finite() {
        return Err(Exception::new(Kind::Overflow, "math range error"));
    }
    Ok(Value::Float(y))
}

fn whole(arguments: &Arguments, function: fn(f64) -> f64) -> Result<Value, Exception> {
    match arguments.get("x").as_big_int() {
        Some(whole) => Ok(Value::int(whole)),
        None => crate::numbers::whole(function(number(arguments)?)),
    }
}

static TIME: Module = Module {
    name: "time",
    member: |name| {
        TIME_FUNCTIONS.iter().find(|function| function.name == name).map(Value::Function)
    },
    names: || TIME_FUNCTIONS.iter().map(|function| function.name).collect(),
};

static TIME_FUNCTIONS: &[Function] = &[
    Function { name: "perf_counter", parameters: &[], body: |_, _| Ok(seconds()) },
    Function { name: "time", parameters: &[], body: |_, _| Ok(seconds()) },
];

/// Seconds since the first time that anybody asked.
fn seconds() -> Value {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    Value::Float(START.elapsed().as_secs_f64())
}
