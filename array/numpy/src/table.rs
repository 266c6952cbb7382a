//! The table: every function with its module, its signature and what it does.
//!
//! The texts are in files that tests run: help/numpy.txt under Python with NumPy and at the prompt, help/own.txt at the
//! prompt alone.

use crate::{
    context::Context,
    error::Error,
    function::Function,
    functions,
    kind::Kind,
    library::{self, Estimator},
    value::Value,
};

const TEXTS: [&str; 2] = [include_str!("help/numpy.txt"), include_str!("help/own.txt")];

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
pub fn table() -> Vec<Entry> {
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
    modules
        .flat_map(|(module, functions)| {
            functions.into_iter().map(move |function| entry(module, function))
        })
        .collect()
}

/// What the function or class of a full name does.
pub fn help(name: &str) -> Option<Help> {
    TEXTS.into_iter().find_map(|text| help_in(text, name))
}

/// What a name does as a text tells: entries behind blank lines, each a line of names, a paragraph and an example.
pub fn help_in(text: &'static str, name: &str) -> Option<Help> {
    text.split("\n\n").find_map(|entry| {
        let (names, rest) = entry.trim_start_matches('\n').split_once('\n')?;
        if !names.split(' ').any(|own| own == name) {
            return None;
        }
        let (paragraph, example) = rest.split_once('\n').unwrap_or((rest, ""));
        Some(Help { paragraph, example: example.trim_end() })
    })
}

/// The module of a function, or the class of a method, as the table has it.
pub fn home(function: &Function) -> Option<&'static str> {
    table()
        .into_iter()
        .find(|entry| std::ptr::eq(entry.function, function))
        .map(|entry| entry.module)
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
    let found = table().into_iter().find(|one| (one.module, one.function.name) == (module, name));
    match found {
        Some(entry) => entry.function.call(context, positional, keywords),
        None => {
            let message = format!("module '{module}' has no attribute '{name}'");
            Err(Error::new(Kind::Attribute, message))
        }
    }
}
