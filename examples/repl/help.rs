//! `help(x)`: how a value is called, what it does, and an example.
//!
//! What Python's own functions do is in help/python.txt, which tests run under Python and here; what NumPy's do says
//! the table of `nums_numpy`.

use crate::{attribute, builtins, class::Class, function::Callable, modules, value::Value};
use nums_numpy::Help;

const PYTHON: &str = include_str!("help/python.txt");

/// What a user reads about a value.
pub(crate) fn help(value: &Value) -> String {
    match value {
        Value::None => "help(x) tells what x is. dir(x) lists the names that x has; Tab completes them.\n\
                        %time, %timeit, %explain, %analyze, %layout, %nodes, %policy and %who show what runs\n\
                        where and how long it takes.\n"
            .to_owned(),
        Value::Function(function) => documented(*function, home(*function)),
        Value::Method(receiver, function) => documented(*function, owner(receiver, *function)),
        Value::Class(class) => match builtins::constructor(*class) {
            Some(function) => documented(Callable::Python(function), "builtins"),
            None => class_help(*class),
        },
        Value::Closure(closure) => {
            let documentation = closure.documentation.as_deref().unwrap_or("");
            let parameters = closure.parameter_names().join(", ");
            format!("{}({parameters})\n\n{}\n", closure.name, indented(documentation))
        }
        Value::Module(module) => {
            let names = indented(&wrapped(&attribute::names(value).join(", ")));
            format!("module {}\n\n{names}\n", module.name())
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
    let Class::Numpy(numpy) = class else { return text };
    let module = if numpy == nums_numpy::Class::Array { "numpy" } else { "numpy.random" };
    if let Some(help) = nums_numpy::help(&format!("{module}.{}", class.short_name())) {
        text += &paragraphs(help);
    }
    let names = nums_numpy::names_of_class(numpy);
    if !names.is_empty() {
        text += &format!("\n{}\n", indented(&wrapped(&names.join(", "))));
    }
    text
}

fn documented(function: Callable, owner: &str) -> String {
    let name = format!("{owner}.{}", function.name());
    let help = match function {
        Callable::Python(_) => {
            nums_numpy::help_texts(PYTHON).find(|(own, _)| *own == name).map(|(_, help)| help)
        }
        Callable::Numpy(_) => nums_numpy::help(&name),
    };
    let text = format!("{}\n", function.signature().text());
    text + &help.map(paragraphs).unwrap_or_default()
}

fn paragraphs(help: Help) -> String {
    let mut text = format!("\n{}\n", indented(&wrapped(help.paragraph)));
    if !help.example.is_empty() {
        text += &format!("\n{}\n", indented(help.example));
    }
    text
}

/// The module that a function is in.
fn home(function: Callable) -> &'static str {
    match function {
        Callable::Python(function) => {
            let module = modules::PYTHON.into_iter().find(|module| module.holds(function));
            module.map_or("builtins", |module| module.name())
        }
        Callable::Numpy(function) => nums_numpy::home(function).unwrap_or("numpy"),
    }
}

/// Under which name the methods of a value are written down.
fn owner(receiver: &Value, method: Callable) -> &'static str {
    match receiver {
        Value::Str(_) => "str",
        Value::List(_) => "list",
        Value::Tuple(_) => "tuple",
        Value::Dict(_) => "dict",
        Value::Set(_) => "set",
        _ => home(method),
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
