//! `np.random`: generators of numbers that are the same on any cluster.

use crate::{
    class::Class,
    exception::{Exception, Kind},
    function::{Function, Parameter},
    value::Value,
};
use std::{cell::Cell, rc::Rc};

/// A generator, or the bit generator that it draws from.
#[derive(Clone)]
pub(crate) enum Generator {
    /// `np.random.Philox(key=...)`.
    Philox(Rc<State>),
    /// `np.random.Generator(...)`.
    Generator(Rc<State>),
}

/// What decides the numbers that come next; every name of a generator shares it.
pub(crate) struct State {
    /// The key of the counter-based generator.
    key: u64,
    /// Numbers that were drawn.
    drawn: Cell<u64>,
}

impl Generator {
    /// The methods of the value.
    pub(crate) fn methods(&self) -> &'static [Function] {
        match self {
            Generator::Philox(_) => &[],
            Generator::Generator(_) => METHODS,
        }
    }
}

pub(crate) static FUNCTIONS: &[Function] = &[Function {
    name: "default_rng",
    parameters: &[Parameter::optional("seed")],
    body: |_, arguments| {
        let seed = match arguments.given("seed") {
            Some(seed) => seed.as_int()?.to_string(),
            None => "7".to_owned(),
        };
        Err(Exception::unsupported(format!(
            "np.random.default_rng, whose numbers must be drawn one after the other (write \
             `np.random.Generator(np.random.Philox(key={seed}))`, which draws them anywhere), is"
        )))
    },
}];

static METHODS: &[Function] = &[];

/// What calling the classes makes.
pub(crate) fn construct(
    class: Class,
    positional: Vec<Value>,
    keywords: Vec<(String, Value)>,
) -> Result<Value, Exception> {
    match (class, positional.as_slice(), keywords.as_slice()) {
        (Class::Philox, [], [(name, key)]) if name == "key" => {
            let key = key.as_int()? as u64;
            Ok(Value::Random(Generator::Philox(Rc::new(State { key, drawn: Cell::new(0) }))))
        }
        (Class::Philox, ..) => Err(Exception::unsupported(
            "np.random.Philox without `key=` (write `Philox(key=7)`) is",
        )),
        (_, [Value::Random(Generator::Philox(state))], []) => {
            Ok(Value::Random(Generator::Generator(state.clone())))
        }
        _ => {
            let message = "np.random.Generator takes a bit generator: np.random.Philox(key=7)";
            Err(Exception::new(Kind::Type, message))
        }
    }
}
