//! `help(x)`: how a value is called, what it does, and an example.
//!
//! The texts are in files that tests run: help/python.txt under Python with NumPy and here, help/own.txt here.

use crate::{
    attribute, builtins,
    class::Class,
    function::Function,
    modules,
    value::{Module, Value},
};

const TEXTS: [&str; 2] = [include_str!("help/python.txt"), include_str!("help/own.txt")];

/// What a user reads about a value.
pub(crate) fn help(value: &Value) -> String {
    match value {
        Value::None => "help(x) tells what x is. dir(x) lists the names that x has; Tab completes them.\n\
                        %time, %timeit, %explain, %analyze, %layout, %nodes, %policy and %who show what runs\n\
                        where and how long it takes.\n"
            .to_owned(),
        Value::Function(function) => match home(function) {
            Some(module) => documented(function, &[module.name]),
            None => documented(function, &["builtins"]),
        },
        Value::Method(receiver, function) => documented(function, owners(receiver)),
        Value::Class(class) => match builtins::constructor(*class) {
            Some(function) => documented(function, &["builtins"]),
            None => class_help(*class),
        },
        Value::Closure(closure) => {
            let documentation = closure.documentation.as_deref().unwrap_or("");
            let parameters = closure.parameter_names().join(", ");
            format!("{}({parameters})\n\n{}\n", closure.name, indented(documentation))
        }
        Value::Module(module) => {
            let names = indented(&wrapped(&attribute::names(value).join(", ")));
            format!("module {}\n\n{names}\n", module.name)
        }
        other => {
            let names = indented(&wrapped(&attribute::names(other).join(", ")));
            format!("{} object\n\n{names}\n", Class::of(other).name())
        }
    }
}

/// How a class is used, with the names of its methods.
fn class_help(class: Class) -> String {
    let mut text = format!("class {}\n", class.name());
    let module = if class == Class::Array { "numpy" } else { "numpy.random" };
    if let Some((paragraph, example)) = entry(&format!("{module}.{}", class.short_name())) {
        text += &format!("\n{}\n", indented(&wrapped(paragraph)));
        if !example.is_empty() {
            text += &format!("\n{}\n", indented(example));
        }
    }
    let names = attribute::names_in(class);
    if !names.is_empty() {
        text += &format!("\n{}\n", indented(&wrapped(&names.join(", "))));
    }
    text
}

fn documented(function: &Function, owners: &[&str]) -> String {
    let found = owners.iter().find_map(|owner| entry(&format!("{owner}.{}", function.name)));
    let Some((paragraph, example)) = found else { return format!("{}\n", function.signature()) };
    let mut text = format!("{}\n\n{}\n", function.signature(), indented(&wrapped(paragraph)));
    if !example.is_empty() {
        text += &format!("\n{}\n", indented(example));
    }
    text
}

/// The paragraph and the example of a name.
fn entry(name: &str) -> Option<(&'static str, &'static str)> {
    let entries = TEXTS.into_iter().flat_map(|text| text.split("\n\n"));
    entries.into_iter().find_map(|entry| {
        let (names, rest) = entry.trim_start_matches('\n').split_once('\n')?;
        if !names.split(' ').any(|own| own == name) {
            return None;
        }
        let (paragraph, example) = rest.split_once('\n').unwrap_or((rest, ""));
        Some((paragraph, example.trim_end()))
    })
}

/// The module that a function is in; Python's builtins are in none.
fn home(function: &Function) -> Option<&'static Module> {
    let holds = |module: &&'static Module| match (module.member)(function.name) {
        Some(Value::Function(own)) => std::ptr::eq(own, function),
        _ => false,
    };
    modules::all().find(holds)
}

/// Under which names the methods of a value are written down.
fn owners(receiver: &Value) -> &'static [&'static str] {
    match receiver {
        Value::Array(_) | Value::Scalar(_) => &["ndarray"],
        Value::Str(_) => &["str"],
        Value::List(_) => &["list"],
        Value::Tuple(_) => &["tuple"],
        Value::Dict(_) => &["dict"],
        Value::Set(_) => &["set"],
        Value::Random(_) => &["Generator"],
        Value::Estimator(estimator) => match estimator.name() {
            "LogisticRegression" => &["LogisticRegression"],
            "LinearRegression" => &["LinearRegression"],
            _ => &["StandardScaler"],
        },
        _ => &[],
    }
}

/// Lines of at most so many characters.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 76;
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        let len = word.chars().count();
        if width > 0 && width + 1 + len > WIDTH {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines += word;
        width += len;
    }
    lines
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
