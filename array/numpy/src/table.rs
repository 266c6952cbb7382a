//! The table: every function with its module, its signature and what it does.
//!
//! The texts are in files that tests run: help/numpy.txt under Python with NumPy and at the prompt, help/own.txt at the
//! prompt alone. A test holds that every function has a text, and every text a function or class.

use crate::{
    context::Context,
    error::Error,
    function::Function,
    functions,
    kind::Kind,
    library::{self, Estimator},
    value::Value,
};
use std::{collections::BTreeMap, sync::LazyLock};

const TEXTS: [&str; 2] = [include_str!("help/numpy.txt"), include_str!("help/own.txt")];

static HELP: LazyLock<BTreeMap<&str, Help>> =
    LazyLock::new(|| TEXTS.into_iter().flat_map(help_texts).collect());

static TABLE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let models = Estimator::NAMES.iter().map(|name| (*name, Estimator::methods(name)));
    let modules = [
        ("numpy", functions::numpy().collect::<Vec<_>>()),
        ("numpy.linalg", functions::linalg().collect()),
        ("numpy.random", functions::random().collect()),
        ("ndarray", functions::methods().collect()),
        ("Generator", functions::generator().collect()),
        ("nums", library::functions().collect()),
    ];
    let entry = |module: &'static str, function: &'static Function| {
        let help = help(&format!("{module}.{}", function.name)).unwrap_or_default();
        Entry { module, function, help }
    };
    let modules = modules.into_iter().chain(models);
    let entries = modules.flat_map(|(module, functions)| {
        functions.into_iter().map(move |function| entry(module, function))
    });
    entries.collect()
});

/// A function and what it does.
pub struct Entry {
    /// The module: `numpy`, `numpy.linalg`, `numpy.random` or `nums`; of methods the class: `ndarray`, `Generator`, or
    /// the name of a model.
    pub module: &'static str,
    /// The function.
    pub function: &'static Function,
    /// What it does.
    pub help: Help,
}

/// What something does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Help {
    /// A paragraph.
    pub paragraph: &'static str,
    /// Lines as a prompt shows them.
    pub example: &'static str,
}

/// All functions and methods.
///
/// ```
/// let sum = nums_numpy::table().iter().find(|entry| entry.function.name == "sum").unwrap();
/// assert_eq!(sum.module, "numpy");
/// assert_eq!(
///     sum.function.signature().text(),
///     "sum(a, axis=None, dtype=None, *, out=None, keepdims=None, initial=None, where=True)"
/// );
/// ```
pub fn table() -> &'static [Entry] {
    &TABLE
}

/// What the function or class of a full name does.
pub fn help(name: &str) -> Option<Help> {
    HELP.get(name).copied()
}

/// The names that have a text, and what they do.
pub fn documented() -> impl Iterator<Item = (&'static str, Help)> {
    HELP.iter().map(|(name, help)| (*name, *help))
}

/// What names do as a text tells, whose first line is a heading: entries behind blank lines, each a line of names, a
/// paragraph and an example.
pub fn help_texts(text: &'static str) -> impl Iterator<Item = (&'static str, Help)> {
    text.split("\n\n").skip(1).flat_map(|entry| {
        let (names, rest) = entry.trim_matches('\n').split_once('\n').unwrap_or((entry, ""));
        let (paragraph, example) = rest.split_once('\n').unwrap_or((rest, ""));
        let help = Help { paragraph, example };
        names.split(' ').map(move |name| (name, help))
    })
}

/// The module of a function, or the class of a method, as the table has it.
pub fn home(function: &Function) -> Option<&'static str> {
    let entry = TABLE.iter().find(|entry| std::ptr::eq(entry.function, function));
    entry.map(|entry| entry.module)
}

/// Calls the function of a module.
///
/// # Errors
/// [`Kind::Attribute`] when there is none; otherwise what it raises.
pub fn call(
    context: &Context,
    module: &str,
    name: &str,
    positional: Vec<Value>,
    keywords: Vec<(String, Value)>,
) -> Result<Value, Error> {
    let found = TABLE.iter().find(|one| (one.module, one.function.name) == (module, name));
    match found {
        Some(entry) => entry.function.call(context, positional, keywords),
        None => {
            let message = format!("module '{module}' has no attribute '{name}'");
            Err(Error::new(Kind::Attribute, message))
        }
    }
}
