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
        "analyze" if rest.is_empty() => return Err(needs("an expression or a statement")),
        "explain" | "layout" if rest.is_empty() => return Err(needs("an expression")),
        "explain" => array(interpreter, rest)?.explain()?,
        "analyze" => analyze(interpreter, rest)?,
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

/// Runs a statement, waits for what it begins, and tells how long that took.
fn time(interpreter: &mut Interpreter, text: &str) -> Result<(), Exception> {
    let begun = Instant::now();
    followed(interpreter, |interpreter| {
        let source = Source { name: "<stdin>".to_owned(), text: text.to_owned() };
        interpreter.run(source, Echo::Show)
    })?;
    write_out(&format!("{:.3} s\n", begun.elapsed().as_secs_f64()))
}

/// Runs something, and waits for what it begins.
fn followed<T>(
    interpreter: &mut Interpreter,
    run: impl FnOnce(&mut Interpreter) -> Result<T, Exception>,
) -> Result<T, Exception> {
    interpreter.submission.follow();
    let outcome = run(interpreter);
    let begun = interpreter.submission.followed();
    let value = outcome?;
    begun.finish()?;
    Ok(value)
}

/// Runs statements, or computes an expression, and tells what the plans were predicted to cost, what they did cost, and
/// when each was at work.
fn analyze(interpreter: &mut Interpreter, text: &str) -> Result<String, Exception> {
    let plans = |interpreter: &Interpreter| wait(interpreter.session.plans());
    let before = plans(interpreter)?.last().map_or(0, |plan| plan.number);
    let value = followed(interpreter, |interpreter| {
        if interpreter.is_expression(text) {
            let value = interpreter.value_of(text)?;
            finish(&value)?;
            return Ok(value);
        }
        let source = Source { name: "<stdin>".to_owned(), text: text.to_owned() };
        interpreter.run(source, Echo::Show).map(|()| Value::None)
    })?;
    let made: Vec<_> =
        plans(interpreter)?.into_iter().filter(|plan| plan.number > before).collect();
    match &value {
        // It was there already: its own plan is told.
        Value::Array(array) if made.is_empty() => Ok(array.read()?.explain_analyze()?),
        _ => Ok(nums::analysis(&made)),
    }
}

/// Waits until a value is computed.
fn finish(value: &Value) -> Result<(), Exception> {
    match value {
        Value::Array(array) => wait(array.read()?.eval()),
        Value::Scalar(scalar) => match scalar.in_the_cluster() {
            Some(array) => wait(array.eval()),
            None => Ok(()),
        },
        Value::Estimator(estimator) => estimator.settle(),
        Value::Tuple(values) => values.iter().try_for_each(finish),
        _ => Ok(()),
    }
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
        "{:<12} {:>7} {:>7} {:>12} {:>12} {:>12} {:>12}\n",
        "node", "tasks", "blocks", "stored B", "memory B", "in B", "out B"
    );
    for node in nodes {
        text += &format!(
            "{:<12} {:>7} {:>7} {:>12} {:>12} {:>12} {:>12}\n",
            node.name,
            node.tasks,
            node.blocks,
            node.stored_bytes,
            node.memory_bytes,
            node.bytes_in,
            node.bytes_out
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
