//! The modules: which names they have, and what these stand for.

use crate::{
    class::Class,
    function::Function,
    functions::{self, dtype_class},
    indexer::Indexer,
    kind::Kind,
    library,
    number::Number,
    value::Value,
};

/// A module of NumPy, or the module `nums`.
pub struct Module {
    /// Its full name.
    pub name: &'static str,
    member: fn(&str) -> Option<Member>,
    names: fn() -> Vec<&'static str>,
}

/// What a name in a module stands for.
pub enum Member {
    /// A function.
    Function(&'static Function),
    /// A class of values.
    Class(Class),
    /// A class of errors.
    Error(Kind),
    /// A module inside.
    Module(&'static Module),
    /// A constant.
    Value(Value),
    /// An object that is indexed.
    Indexer(Indexer),
}

impl Module {
    /// What a name stands for.
    pub fn member(&self, name: &str) -> Option<Member> {
        (self.member)(name)
    }

    /// The names that are worth listing.
    pub fn names(&self) -> Vec<&'static str> {
        (self.names)()
    }
}

/// All modules.
pub fn modules() -> [&'static Module; 5] {
    [&NUMPY, &LINALG, &RANDOM, &EXCEPTIONS, &NUMS]
}

/// The module of a full name.
pub fn module(name: &str) -> Option<&'static Module> {
    modules().into_iter().find(|module| module.name == name)
}

static NUMPY: Module = Module {
    name: "numpy",
    member: |name| {
        if let Some((_, value)) = CONSTANTS.iter().find(|constant| constant.0 == name) {
            return Some(Member::Value(Value::Float(*value)));
        }
        match name {
            "True_" => Some(Member::Value(Value::number(Number::Bool(true)))),
            "False_" => Some(Member::Value(Value::number(Number::Bool(false)))),
            "newaxis" => Some(Member::Value(Value::None)),
            "linalg" => Some(Member::Module(&LINALG)),
            "random" => Some(Member::Module(&RANDOM)),
            "exceptions" => Some(Member::Module(&EXCEPTIONS)),
            "__version__" => Some(Member::Value(Value::str(env!("CARGO_PKG_VERSION")))),
            _ => find(functions::numpy(), name)
                .or_else(|| dtype_class(name).map(Member::Class))
                .or_else(|| {
                    let known = Indexer::ALL.into_iter().find(|known| known.name() == name);
                    known.map(Member::Indexer)
                }),
        }
    },
    names: || {
        let functions = functions::numpy().map(|function| function.name);
        let constants = CONSTANTS.iter().map(|constant| constant.0);
        let indexers = Indexer::ALL.into_iter().map(Indexer::name);
        let named = functions.chain(constants).chain(CLASSES).chain(indexers);
        named.chain(functions::scalar_names()).collect()
    },
};

static LINALG: Module = Module {
    name: "numpy.linalg",
    member: |name| match name {
        "LinAlgError" => Some(Member::Error(Kind::LinAlg)),
        _ => find(functions::linalg(), name),
    },
    names: || functions::linalg().map(|function| function.name).chain(["LinAlgError"]).collect(),
};

static RANDOM: Module = Module {
    name: "numpy.random",
    member: |name| match name {
        "Generator" => Some(Member::Class(Class::Generator)),
        "Philox" => Some(Member::Class(Class::Philox)),
        _ => find(functions::random(), name),
    },
    names: || {
        let functions = functions::random().map(|function| function.name);
        ["Generator", "Philox"].into_iter().chain(functions).collect()
    },
};

static EXCEPTIONS: Module = Module {
    name: "numpy.exceptions",
    member: |name| match name {
        "AxisError" => Some(Member::Error(Kind::Axis)),
        "RankWarning" => Some(Member::Error(Kind::Rank)),
        _ => None,
    },
    names: || vec!["AxisError", "RankWarning"],
};

static NUMS: Module = Module {
    name: "nums",
    member: |name| {
        let kind = MODEL_KINDS.iter().find(|kind| kind.short_name() == name);
        kind.map(|kind| Member::Error(*kind)).or_else(|| find(library::functions(), name))
    },
    names: || {
        let kinds = MODEL_KINDS.iter().map(|kind| kind.short_name());
        library::functions().map(|function| function.name).chain(kinds).collect()
    },
};

/// What models raise and warn of, by scikit-learn's names.
const MODEL_KINDS: &[Kind] = &[Kind::Convergence, Kind::NotFitted, Kind::UndefinedMetric];

const CONSTANTS: &[(&str, f64)] = &[
    ("e", std::f64::consts::E),
    ("euler_gamma", 0.577_215_664_901_532_9),
    ("inf", f64::INFINITY),
    ("nan", f64::NAN),
    ("pi", std::f64::consts::PI),
];

/// Names of constants, classes and modules besides those of scalars, for completion.
const CLASSES: [&str; 8] =
    ["False_", "True_", "dtype", "exceptions", "linalg", "ndarray", "newaxis", "random"];

fn find(mut functions: impl Iterator<Item = &'static Function>, name: &str) -> Option<Member> {
    functions.find(|function| function.name == name).map(Member::Function)
}
