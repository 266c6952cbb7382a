//! The modules that can be imported.

use crate::{
    exception::{Exception, Kind},
    function::{Arguments, Callable, Function, Parameter},
    interpreter::Interpreter,
    value::Value,
};
use std::{sync::LazyLock, time::Instant};

/// A module that can be imported.
#[derive(Clone, Copy)]
pub(crate) enum Module {
    Python(&'static Python),
    Numpy(&'static nums_numpy::Module),
}

/// A module of Python.
pub(crate) struct Python {
    name: &'static str,
    constants: &'static [(&'static str, f64)],
    functions: &'static [Function],
}

impl Module {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Module::Python(module) => module.name,
            Module::Numpy(module) => module.name,
        }
    }

    /// The value of a name in the module.
    pub(crate) fn member(self, name: &str) -> Option<Value> {
        match self {
            Module::Python(module) => {
                let constant = module.constants.iter().find(|constant| constant.0 == name);
                let function = || module.functions.iter().find(|function| function.name == name);
                let function = || Some(Value::Function(Callable::Python(function()?)));
                constant.map(|constant| Value::Float(constant.1)).or_else(function)
            }
            Module::Numpy(module) => module.member(name).map(Value::from),
        }
    }

    /// All names in the module.
    pub(crate) fn names(self) -> Vec<&'static str> {
        match self {
            Module::Python(module) => {
                let constants = module.constants.iter().map(|constant| constant.0);
                constants.chain(module.functions.iter().map(|function| function.name)).collect()
            }
            Module::Numpy(module) => module.names(),
        }
    }
}

/// The modules of Python.
pub(crate) static PYTHON: [&Python; 2] = [&MATH, &TIME];

impl Python {
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a function is one of the module's.
    pub(crate) fn holds(&self, function: &'static Function) -> bool {
        self.functions.iter().any(|own| std::ptr::eq(own, function))
    }
}

/// The module of a name.
pub(crate) fn find(name: &str) -> Option<Module> {
    match PYTHON.iter().find(|module| module.name == name) {
        Some(module) => Some(Module::Python(module)),
        // As in NumPy, whose module of exceptions is found in the other one.
        None if name == "numpy.exceptions" => None,
        None => nums_numpy::module(name).map(Module::Numpy),
    }
}

static MATH: Python = Python {
    name: "math",
    constants: &[
        ("pi", std::f64::consts::PI),
        ("e", std::f64::consts::E),
        ("tau", std::f64::consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ],
    functions: MATH_FUNCTIONS,
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

static TIME: Python = Python { name: "time", constants: &[], functions: TIME_FUNCTIONS };

static TIME_FUNCTIONS: &[Function] = &[
    Function { name: "perf_counter", parameters: &[], body: |_, _| Ok(seconds()) },
    Function { name: "time", parameters: &[], body: |_, _| Ok(seconds()) },
];

/// Seconds since the first time that anybody asked.
fn seconds() -> Value {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    Value::Float(START.elapsed().as_secs_f64())
}
