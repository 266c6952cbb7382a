//! `np.random`: generators of numbers that are the same on any cluster.
//!
//! A Philox generator makes each number from its position alone, so blocks are drawn anywhere and in
//! any order. Uniform floats are NumPy's own, one after the other; normal numbers, integers and
//! permutations have streams of their own, because NumPy draws them in ways that depend on what came
//! before.

use crate::{
    class::Class,
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    functions::{shape_argument, to_array},
    kind::Kind,
    numbers::to_float,
    value::Value,
};
use nums::{DistArray, Index};
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// A generator, or the bit generator that it draws from.
#[derive(Clone)]
pub enum Generator {
    /// `np.random.Philox(key=...)`.
    Philox(Arc<State>),
    /// `np.random.Generator(...)`.
    Generator(Arc<State>),
}

/// What decides the numbers that come next; every name of a generator shares it.
pub struct State {
    /// The key of the counter-based generator.
    key: u64,
    /// Uniform floats that were drawn.
    drawn: AtomicUsize,
    /// The streams of all other numbers.
    streams: OnceLock<nums::Generator>,
}

impl State {
    fn new(key: u64) -> Arc<State> {
        Arc::new(State { key, drawn: AtomicUsize::new(0), streams: OnceLock::new() })
    }

    /// The next uniform floats of NumPy's sequence: a slice of all from its beginning, of which only
    /// the slice is ever made.
    fn uniform(&self, context: &Context, shape: &[usize]) -> Result<DistArray, Error> {
        let count = shape.iter().try_fold(1usize, |product, len| product.checked_mul(*len));
        let end = |first: usize| count.and_then(|count| first.checked_add(count));
        let first = self.drawn.fetch_update(Relaxed, Relaxed, end).map_err(|_| {
            Error::new(Kind::Value, "array is too big; the number of elements overflows")
        })?;
        let end = end(first).unwrap_or(first);
        let sequence = context.session().random(self.key).random(&[end])?;
        let start = Some(first as isize);
        let part = sequence.index(&[Index::Slice { start, stop: None, step: 1 }])?;
        let lengths: Vec<isize> = shape.iter().map(|len| *len as isize).collect();
        Ok(part.reshape(&lengths)?)
    }

    fn streams(&self, context: &Context) -> Result<&nums::Generator, Error> {
        if self.streams.get().is_none() {
            let streams = context.session().random(self.key);
            // The first stream is that of the uniform floats.
            drop(streams.random(&[0])?);
            drop(self.streams.set(streams));
        }
        self.streams
            .get()
            .ok_or_else(|| Error::new(Kind::Runtime, "a generator without its streams"))
    }
}

pub(crate) static FUNCTIONS: &[Function] = &[Function {
    name: "default_rng",
    parameters: &[Parameter::optional("seed")],
    body: |context, arguments| {
        let seed = match arguments.given("seed") {
            Some(seed) => seed.as_int()?.to_string(),
            None => context.seed().to_string(),
        };
        Err(Error::unsupported(format!(
            "np.random.default_rng, whose numbers must be drawn one after the other (write \
             `np.random.Generator(np.random.Philox(key={seed}))`, which draws them anywhere), is"
        )))
    },
}];

const SIZE: &[Parameter] = &[Parameter::positional("self"), Parameter::optional("size")];

pub(crate) static METHODS: &[Function] = &[
    Function {
        name: "integers",
        parameters: &[
            Parameter::positional("self"),
            Parameter::required("low"),
            Parameter::optional("high"),
            Parameter::optional("size"),
        ],
        body: |context, arguments| {
            let (low, high) = match arguments.get("high") {
                Value::None => (0, arguments.get("low").as_int()?),
                high => (arguments.get("low").as_int()?, high.as_int()?),
            };
            if low >= high {
                return Err(Error::new(Kind::Value, "low >= high"));
            }
            let streams = state(&arguments)?;
            let streams = streams.streams(context)?;
            drawn(context, &arguments, |shape| Ok(streams.integers(low, high, shape)?))
        },
    },
    Function {
        name: "normal",
        parameters: &[
            Parameter::positional("self"),
            Parameter::optional("loc"),
            Parameter::optional("scale"),
            Parameter::optional("size"),
        ],
        body: |context, arguments| {
            let (mean, deviation) =
                (real(&arguments, "loc", 0.0)?, real(&arguments, "scale", 1.0)?);
            if deviation.is_sign_negative() && !deviation.is_nan() {
                return Err(Error::new(Kind::Value, "scale < 0"));
            }
            normal(context, &arguments, mean, deviation)
        },
    },
    Function {
        name: "permutation",
        parameters: &[Parameter::positional("self"), Parameter::required("x")],
        body: |context, arguments| {
            let state = state(&arguments)?;
            let streams = state.streams(context)?;
            if let rows @ (Value::Array(_) | Value::List(_) | Value::Tuple(_)) = arguments.get("x")
            {
                let rows = to_array(context, rows)?;
                return Ok(Value::Array(context.array(streams.shuffle(&rows)?)));
            }
            let len = usize::try_from(arguments.get("x").as_int()?)
                .map_err(|_| Error::new(Kind::Value, "x must not be negative"))?;
            let array = streams.permutation(len)?;
            Ok(Value::Array(context.array(array)))
        },
    },
    Function {
        name: "random",
        parameters: SIZE,
        body: |context, arguments| {
            let state = state(&arguments)?;
            drawn(context, &arguments, |shape| state.uniform(context, shape))
        },
    },
    Function {
        name: "standard_normal",
        parameters: SIZE,
        body: |context, arguments| normal(context, &arguments, 0.0, 1.0),
    },
    Function {
        name: "uniform",
        parameters: &[
            Parameter::positional("self"),
            Parameter::optional("low"),
            Parameter::optional("high"),
            Parameter::optional("size"),
        ],
        body: |context, arguments| {
            let (low, high) = (real(&arguments, "low", 0.0)?, real(&arguments, "high", 1.0)?);
            if !(high - low).is_finite() {
                return Err(Error::new(Kind::Overflow, "high - low range exceeds valid bounds"));
            }
            if high < low {
                return Err(Error::new(Kind::Value, "high - low < 0"));
            }
            let state = state(&arguments)?;
            drawn(context, &arguments, |shape| {
                // NumPy's own order of operations.
                let unit = state.uniform(context, shape)?;
                Ok(unit.try_mul(high - low)?.try_add(low)?)
            })
        },
    },
];

fn state(arguments: &Arguments) -> Result<Arc<State>, Error> {
    match arguments.get("self") {
        Value::Random(Generator::Generator(state)) => Ok(state.clone()),
        _ => Err(Error::new(Kind::Type, "this method belongs to np.random.Generator")),
    }
}

fn real(arguments: &Arguments, name: &str, otherwise: f64) -> Result<f64, Error> {
    match arguments.given(name) {
        None => Ok(otherwise),
        Some(value) => to_float(value)?.ok_or_else(|| {
            let message = format!("must be real number, not {}", value.type_name());
            Error::new(Kind::Type, message)
        }),
    }
}

fn normal(
    context: &Context,
    arguments: &Arguments,
    mean: f64,
    deviation: f64,
) -> Result<Value, Error> {
    let state = state(arguments)?;
    let streams = state.streams(context)?;
    drawn(context, arguments, |shape| Ok(streams.normal(mean, deviation, shape)?))
}

/// An array of the size that is asked for; without one a number of Python, which is waited for when
/// it is needed.
fn drawn(
    context: &Context,
    arguments: &Arguments,
    draw: impl Fn(&[usize]) -> Result<DistArray, Error>,
) -> Result<Value, Error> {
    match arguments.get("size") {
        Value::None => {
            let number = context.lazy(draw(&[])?).value()?;
            Ok(match number.as_integer() {
                Some(_) => Value::number(number),
                None => Value::Float(number.as_f64()),
            })
        }
        size => Ok(Value::Array(context.made(draw(&shape_argument(size)?)?))),
    }
}

/// What calling the classes makes.
pub(crate) fn construct(
    class: Class,
    positional: Vec<Value>,
    keywords: Vec<(String, Value)>,
) -> Result<Value, Error> {
    match (class, positional.as_slice(), keywords.as_slice()) {
        (Class::Philox, [], [(name, key)]) if name == "key" => {
            let key = u64::try_from(key.as_int()?).map_err(|_| {
                Error::new(Kind::Value, "key must be positive and less than 2**64.")
            })?;
            Ok(Value::Random(Generator::Philox(State::new(key))))
        }
        (Class::Philox, ..) => {
            Err(Error::unsupported("np.random.Philox without `key=` (write `Philox(key=7)`) is"))
        }
        (_, [Value::Random(Generator::Philox(state))], []) => {
            Ok(Value::Random(Generator::Generator(state.clone())))
        }
        _ => {
            let message = "np.random.Generator takes a bit generator: np.random.Philox(key=7)";
            Err(Error::new(Kind::Type, message))
        }
    }
}
