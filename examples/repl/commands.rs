//! Commands of the prompt: `%time`, `%explain`, `%who`, ...

use crate::{
    array::Array,
    exception::{Exception, Kind},
    interpreter::{Echo, Interpreter, write_out},
    source::Source,
    value::Value,
    waiting::wait,
};
use nums::DistArray;
use std::time::Instant;

/// The names of the commands.
pub(crate) const NAMES: &[&str] =
    &["analyze", "explain", "layout", "nodes", "policy", "time", "who"];

/// Runs a command; the text begins behind the `%`.
pub(crate) fn run(interpreter: &mut Interpreter, text: &str) -> Result<(), Exception> {
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    let needs =
        |what: &str| Exception::new(Kind::Syntax, format!("%{name} needs {what}: %{name} x"));
    let shown = match name {
        "time" if rest.is_empty() => return Err(needs("a statement")),
        "time" => return time(interpreter, rest),
        "explain" | "analyze" | "layout" if rest.is_empty() => return Err(needs("an expression")),
        "explain" => array(interpreter, rest)?.explain()?,
        "analyze" => array(interpreter, rest)?.explain_analyze()?,
        "layout" => array(interpreter, rest)?.layout()?,
        "nodes" => nodes(interpreter)?,
        "policy" if rest.is_empty() => return Err(needs("the name of a policy")),
        "policy" => {
            interpreter.session.set_policy(rest)?;
            return Ok(());
        }
        "who" => who(interpreter),
        _ => {
            let message = format!("no command %{name}: there are %{}", NAMES.join(", %"));
            let hint = crate::exception::nearest(name, NAMES.iter().copied());
            return Err(Exception::new(Kind::Syntax, message).hint(hint));
        }
    };
    write_out(&(shown.trim_end().to_owned() + "\n"))
}

/// Runs a statement, waits for the arrays that it names, and tells how long that took.
fn time(interpreter: &mut Interpreter, text: &str) -> Result<(), Exception> {
    let source = Source { name: "<stdin>".to_owned(), text: text.to_owned() };
    let begun = Instant::now();
    interpreter.submission.follow();
    let outcome = interpreter.run(source, Echo::Show);
    let submitted = interpreter.submission.followed();
    outcome?;
    for array in submitted {
        wait(array.eval())?;
    }
    write_out(&format!("{:.3} s\n", begun.elapsed().as_secs_f64()))
}

/// The array that an expression gives.
fn array(interpreter: &mut Interpreter, text: &str) -> Result<DistArray, Exception> {
    match interpreter.value_of(text)? {
        Value::Array(array) => array.read(),
        Value::Scalar(scalar) => scalar.as_array(&interpreter.session),
        other => {
            let message = format!("an array is needed, not '{}'", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    }
}

fn nodes(interpreter: &Interpreter) -> Result<String, Exception> {
    let nodes = wait(interpreter.session.status())?;
    let mut text = format!(
        "{:<12} {:>8} {:>8} {:>12} {:>12} {:>12}\n",
        "node", "tasks", "blocks", "stored B", "in B", "out B"
    );
    for node in nodes {
        text += &format!(
            "{:<12} {:>8} {:>8} {:>12} {:>12} {:>12}\n",
            node.name, node.tasks, node.blocks, node.stored_bytes, node.bytes_in, node.bytes_out
        );
    }
    Ok(text)
}

/// The names that the user has given, and what they stand for.
fn who(interpreter: &Interpreter) -> String {
    let mut text = String::new();
    for (name, value) in interpreter.defined() {
        let what = match &value {
            Value::Array(array) => described(array),
            other => other.type_name().to_owned(),
        };
        text += &format!("{name:<16} {what}\n");
    }
    text
}

fn described(array: &Array) -> String {
    let shape: Vec<String> = array.shape().iter().map(usize::to_string).collect();
    format!("{} {}", array.dtype(), shape.join(" x "))
}
