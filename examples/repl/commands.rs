//! Commands of the prompt: `%time`, `%explain`, `%who`, ...

use crate::{
    exception::{Exception, Kind},
    interpreter::{Echo, Interpreter, write_out},
    source::Source,
    value::Value,
    waiting::wait,
};
use nums::DistArray;
use nums_numpy::Array;
use std::time::{Duration, Instant};

/// The names of the commands.
pub(crate) const NAMES: &[&str] =
    &["analyze", "explain", "layout", "nodes", "policy", "time", "timeit", "who"];

/// What `x?` and `?x` ask about.
pub(crate) fn question(typed: &str) -> Option<&str> {
    let asked = typed.strip_suffix('?').or_else(|| typed.strip_prefix('?'))?;
    // `x??` asks for the source, of which nothing is known here.
    let asked = asked.strip_suffix('?').unwrap_or(asked).trim();
    // What is asked about is a name, not the end of a text or a comment.
    asked.chars().all(|letter| letter.is_alphanumeric() || "_.".contains(letter)).then_some(asked)
}

/// Tells what a value is, as `help` does.
pub(crate) fn help(interpreter: &mut Interpreter, asked: &str) -> Result<(), Exception> {
    let value = if asked.is_empty() { Value::None } else { interpreter.value_of(asked)? };
    write_out(&crate::help::help(&value))
}

/// Whether a line is `quit` or `exit` without a call, in their own meaning.
pub(crate) fn leaves(interpreter: &Interpreter, typed: &str) -> bool {
    matches!(typed, "quit" | "exit") && interpreter.defined().iter().all(|(name, _)| name != typed)
}

/// Runs a command; the text begins behind the `%`.
pub(crate) fn run(interpreter: &mut Interpreter, text: &str) -> Result<(), Exception> {
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    let needs =
        |what: &str| Exception::new(Kind::Syntax, format!("%{name} needs {what}: %{name} x"));
    let shown = match name {
        "time" | "timeit" if rest.is_empty() => return Err(needs("a statement")),
        "time" => return time(interpreter, rest),
        "timeit" => timeit(interpreter, rest)?,
        "analyze" if rest.is_empty() => return Err(needs("an expression or a statement")),
        "explain" | "layout" if rest.is_empty() => return Err(needs("an expression")),
        "explain" => explain(interpreter, rest)?,
        "analyze" => analyze(interpreter, rest)?,
        "layout" => wait(array(interpreter, rest)?.layout())?,
        "nodes" => nodes(interpreter)?,
        "policy" if rest.is_empty() => return Err(needs("the name of a policy")),
        "policy" => {
            let policy: nums::Policy = rest.parse().map_err(nums::Error::from)?;
            wait(interpreter.numpy.session().set_policy(policy))?;
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

/// Runs a statement again and again, each time until what it begins is done, and tells how long it takes.
fn timeit(interpreter: &mut Interpreter, text: &str) -> Result<String, Exception> {
    /// How long a round takes at least, so that the clock does not matter, and how many there are.
    const ROUND: Duration = Duration::from_millis(200);
    const ROUNDS: usize = 7;
    const LOOPS_MAX: u32 = 1_000_000;
    let mut round = |loops: u32| -> Result<Duration, Exception> {
        let begun = Instant::now();
        for _ in 0..loops {
            done(interpreter, text, Echo::Drop)?;
        }
        Ok(begun.elapsed())
    };
    // The first run pays for what is made once.
    round(1)?;
    let mut loops = 1;
    while loops < LOOPS_MAX && round(loops)? < ROUND {
        // 1, 2, 5, 10, ...
        loops = if loops.to_string().starts_with('2') { loops / 2 * 5 } else { loops * 2 };
    }
    let mut seconds = [0.0; ROUNDS];
    for own in &mut seconds {
        *own = round(loops)?.as_secs_f64() / f64::from(loops);
    }
    let mean = seconds.iter().sum::<f64>() / ROUNDS as f64;
    let squares = seconds.iter().map(|own| (own - mean).powi(2));
    let deviation = (squares.sum::<f64>() / ROUNDS as f64).sqrt();
    let plural = if loops == 1 { "" } else { "s" };
    Ok(format!(
        "{} ± {} per loop (mean ± std. dev. of {ROUNDS} runs, {loops} loop{plural} each)",
        duration(mean),
        duration(deviation)
    ))
}

/// Seconds in the unit in which they have the fewest digits.
fn duration(seconds: f64) -> String {
    let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs")];
    let (scale, unit) = units.into_iter().find(|unit| seconds >= unit.0).unwrap_or((1e-9, "ns"));
    let value = seconds / scale;
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$} {unit}")
}

/// Runs statements, or computes an expression, until what they begin is done.
fn done(interpreter: &mut Interpreter, text: &str, echo: Echo) -> Result<Value, Exception> {
    followed(interpreter, |interpreter| {
        if interpreter.is_expression(text) {
            let value = interpreter.value_of(text)?;
            finish(&value)?;
            return Ok(value);
        }
        let source = Source { name: "<stdin>".to_owned(), text: text.to_owned() };
        interpreter.run(source, echo).map(|()| Value::None)
    })
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
    let plans = |interpreter: &Interpreter| wait(interpreter.numpy.session().plans());
    let before = plans(interpreter)?.last().map_or(0, |plan| plan.number);
    let value = done(interpreter, text, Echo::Show)?;
    let made: Vec<_> =
        plans(interpreter)?.into_iter().filter(|plan| plan.number > before).collect();
    match &value {
        // It was there already: its own plan is told.
        Value::Array(array) if made.is_empty() => wait(array.read()?.explain_analyze()),
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
        Value::Estimator(estimator) => Ok(estimator.settle()?),
        Value::Tuple(values) => values.iter().try_for_each(finish),
        _ => Ok(()),
    }
}

/// The plan of the array that an expression gives, of which nothing is handed to the cluster.
fn explain(interpreter: &mut Interpreter, text: &str) -> Result<String, Exception> {
    let _deferred = interpreter.numpy.session().defer();
    interpreter.plans_only = true;
    let planned = array(interpreter, text);
    interpreter.plans_only = false;
    wait(planned?.explain())
}

/// The array that an expression gives.
fn array(interpreter: &mut Interpreter, text: &str) -> Result<DistArray, Exception> {
    match interpreter.value_of(text)? {
        Value::Array(array) => Ok(array.read()?),
        Value::Scalar(scalar) => Ok(scalar.as_array(&interpreter.numpy)?),
        other => {
            let message = format!("an array is needed, not '{}'", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    }
}

fn nodes(interpreter: &Interpreter) -> Result<String, Exception> {
    let nodes = wait(interpreter.numpy.session().status())?;
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
