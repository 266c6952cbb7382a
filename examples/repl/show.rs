//! Values as text, in two steps: ask for everything that is still in the cluster, then wait.
//!
//! Between the two, other values can be asked for: one `print` of three results waits for three
//! computations at the same time. Of a large array only the corners that are shown are fetched.

use crate::{
    class::Class,
    exception::{Exception, Kind},
    specification::{Specification, SpecificationError},
    value::Value,
};
use nums_numpy::{Number, Style, format::number_str};
use std::cell::RefCell;

/// The text of a value once all of it has arrived.
pub(crate) enum Draft {
    Text(String),
    Numpy(nums_numpy::Draft),
    Sequence { open: &'static str, items: Vec<Draft>, close: &'static str, joint: &'static str },
}

/// Asks for what is needed to show `value`; does not wait.
pub(crate) fn request(value: &Value, style: Style) -> Result<Draft, Exception> {
    let text = match value {
        Value::Module(module) => format!("<module '{}'>", module.name()),
        Value::Class(class) => format!("<class '{}'>", class.name()),
        Value::Function(function) => format!("<built-in function {}>", function.name()),
        Value::Method(receiver, function) => {
            format!("<built-in method {} of {} object>", function.name(), receiver.type_name())
        }
        Value::Closure(closure) => format!("<function {}>", closure.name),
        Value::Iterator(_) => format!("<{} object>", value.type_name()),
        Value::Exception(raised) if style == Style::Str => raised.message(),
        Value::Exception(raised) => {
            let name = Class::Exception(raised.kind).short_name();
            let draft = sequence("(", &raised.args, ")")?;
            return Ok(Draft::Sequence { open: name, items: vec![draft], close: "", joint: "" });
        }
        Value::Slice(parts) => return sequence("slice(", &parts[..], ")"),
        Value::List(items) => return nested(value, || sequence("[", &items.borrow(), "]")),
        Value::Tuple(items) => {
            return nested(value, || {
                sequence("(", items, if items.len() == 1 { ",)" } else { ")" })
            });
        }
        Value::Set(members) if members.borrow().len() == 0 => "set()".to_owned(),
        Value::Set(members) => return sequence("{", &members.borrow().members(), "}"),
        Value::View(view) => {
            return nested(value, || {
                let mut items = vec![Draft::Text(view.name().to_owned() + "(")];
                items.push(sequence("[", &view.all(), "]")?);
                Ok(Draft::Sequence { open: "", items, close: ")", joint: "" })
            });
        }
        Value::Dict(dict) => {
            return nested(value, || {
                let pair = |(key, value): &(Value, Value)| {
                    let items = vec![request(key, Style::Repr)?, request(value, Style::Repr)?];
                    Ok(Draft::Sequence { open: "", items, close: "", joint: ": " })
                };
                let items = dict.borrow().entries().map(pair).collect::<Result<_, Exception>>()?;
                Ok(Draft::Sequence { open: "{", items, close: "}", joint: ", " })
            });
        }
        plain => return Ok(Draft::Numpy(nums_numpy::request(&plain.to_numpy()?, style)?)),
    };
    Ok(Draft::Text(text))
}

/// A container shows its items as the prompt would.
fn sequence(open: &'static str, items: &[Value], close: &'static str) -> Result<Draft, Exception> {
    let items = items.iter().map(|item| request(item, Style::Repr)).collect::<Result<_, _>>()?;
    Ok(Draft::Sequence { open, items, close, joint: ", " })
}

/// How deep containers are shown; one that holds itself would never end.
const NESTING_MAX: usize = 100;

thread_local! {
    /// The containers that are being shown.
    static OPEN: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

/// What a container shows, or `[...]` inside itself.
fn nested(
    container: &Value,
    show: impl FnOnce() -> Result<Draft, Exception>,
) -> Result<Draft, Exception> {
    let (inside_itself, depth) =
        OPEN.with_borrow(|open| (open.iter().any(|outer| outer.is(container)), open.len()));
    if inside_itself {
        let text = if matches!(container, Value::Dict(_)) { "{...}" } else { "[...]" };
        return Ok(Draft::Text(text.to_owned()));
    }
    if depth >= NESTING_MAX {
        return Err(Exception::new(Kind::Recursion, "maximum recursion depth exceeded"));
    }
    OPEN.with_borrow_mut(|open| open.push(container.clone()));
    let draft = show();
    OPEN.with_borrow_mut(|open| drop(open.pop()));
    draft
}

/// The text of a value; waits for what is in the cluster.
pub(crate) fn text(value: &Value, style: Style) -> Result<String, Exception> {
    request(value, style)?.write()
}

/// A value as a format specification asks for it; waits for what is in the cluster.
pub(crate) fn formatted(value: &Value, specification: &str) -> Result<String, Exception> {
    // A number of NumPy is formatted as the number of Python that it gives.
    let number = match value {
        Value::Scalar(scalar) => Some(scalar.value()?),
        Value::Array(array) if array.ndim() == 0 => Some(array.item()?),
        _ => None,
    };
    let value = match number {
        Some(number @ Number::Bool(_)) => Value::str(&number_str(number)),
        Some(number) => nums_numpy::Value::python(number).into(),
        None => value.clone(),
    };
    if specification.is_empty() {
        return text(&value, Style::Str);
    }
    let kind = value.type_name();
    let wrong = |error: SpecificationError| Exception::new(Kind::Value, error.to_string());
    let read = || Specification::read(specification, kind).map_err(wrong);
    match &value {
        Value::Str(text) => read()?.text(text).map_err(wrong),
        Value::Float(value) => read()?.float(*value, kind).map_err(wrong),
        other => match other.as_big_int() {
            Some(whole) => {
                let read = read()?;
                let negative = num_traits::Signed::is_negative(&whole);
                let magnitude = num_traits::Signed::abs(&whole);
                let digits = match read.form {
                    None | Some('d' | 'n') => magnitude.to_string(),
                    Some('x') => magnitude.to_str_radix(16),
                    Some('X') => magnitude.to_str_radix(16).to_uppercase(),
                    Some('o') => magnitude.to_str_radix(8),
                    Some('b') => magnitude.to_str_radix(2),
                    Some(_) => {
                        let value = value.as_python_float().unwrap_or(f64::INFINITY);
                        return read.float(value, kind).map_err(wrong);
                    }
                };
                read.whole(negative, &digits).map_err(wrong)
            }
            None => {
                let message = format!("unsupported format string passed to {kind}.__format__");
                Err(Exception::new(Kind::Type, message))
            }
        },
    }
}

impl Draft {
    /// Waits for what was asked for.
    pub(crate) fn write(self) -> Result<String, Exception> {
        match self {
            Draft::Text(text) => Ok(text),
            Draft::Numpy(draft) => Ok(draft.write()?),
            Draft::Sequence { open, items, close, joint } => {
                let items = items.into_iter().map(Draft::write).collect::<Result<Vec<_>, _>>()?;
                Ok(format!("{open}{}{close}", items.join(joint)))
            }
        }
    }
}
