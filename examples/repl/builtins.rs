//! Python's builtin functions.

use crate::{
    exception::{Exception, Kind},
    function::{Arguments, Function, Parameter},
    interpreter::{Interpreter, write_out},
    numpy,
    show::{Style, request},
    value::Value,
};

static FUNCTIONS: &[Function] = &[
    Function {
        name: "abs",
        parameters: &[Parameter::positional("x")],
        is_class: false,
        body: absolute,
    },
    Function {
        name: "float",
        parameters: &[Parameter::positional("x")],
        is_class: true,
        body: float,
    },
    Function {
        name: "len",
        parameters: &[Parameter::positional("obj")],
        is_class: false,
        body: length,
    },
    Function {
        name: "print",
        parameters: &[
            Parameter::rest("values"),
            Parameter::keyword("sep"),
            Parameter::keyword("end"),
        ],
        is_class: false,
        body: print,
    },
    Function {
        name: "repr",
        parameters: &[Parameter::positional("obj")],
        is_class: false,
        body: |_, arguments| text(&arguments, "obj", Style::Repr),
    },
    Function {
        name: "str",
        parameters: &[Parameter::required("object")],
        is_class: true,
        body: |_, arguments| text(&arguments, "object", Style::Str),
    },
];

/// The builtin of a name.
pub(crate) fn find(name: &str) -> Option<Value> {
    FUNCTIONS.iter().find(|function| function.name == name).map(Value::Function)
}

fn print(_: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let separator = |name, otherwise: &str| match arguments.get(name) {
        Value::None => Ok(otherwise.to_owned()),
        Value::Str(text) => Ok(text.to_string()),
        other => {
            let message = format!("{name} must be None or a string, not {}", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    };
    let (sep, end) = (separator("sep", " ")?, separator("end", "\n")?);
    // All values are asked for before the first is waited for.
    let drafts = arguments.rest.iter().map(|value| request(value, Style::Str));
    let drafts = drafts.collect::<Result<Vec<_>, _>>()?;
    let texts = drafts.into_iter().map(|draft| draft.write()).collect::<Result<Vec<_>, _>>()?;
    write_out(&(texts.join(&sep) + &end))?;
    Ok(Value::None)
}

fn text(arguments: &Arguments, name: &str, style: Style) -> Result<Value, Exception> {
    Ok(Value::str(&request(arguments.get(name), style)?.write()?))
}

fn length(_: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    match arguments.get("obj") {
        Value::Tuple(items) | Value::List(items) => Ok(Value::length(items.len())),
        Value::Str(text) => Ok(Value::length(text.chars().count())),
        Value::Array(array) => match array.shape().first() {
            Some(len) => Ok(Value::length(*len)),
            None => Err(Exception::new(Kind::Type, "len() of unsized object")),
        },
        other => {
            let message = format!("object of type '{}' has no len()", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    }
}

fn absolute(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    match arguments.get("x") {
        Value::Float(value) => Ok(Value::Float(value.abs())),
        value => match value.as_python_int() {
            Some(value) => value.checked_abs().map(Value::Int).ok_or_else(|| {
                Exception::new(Kind::Overflow, "integers of more than 64 bits are not supported")
            }),
            None => match value {
                Value::Scalar(_) | Value::Array(_) => numpy::absolute(interpreter, value),
                other => {
                    let message = format!("bad operand type for abs(): '{}'", other.type_name());
                    Err(Exception::new(Kind::Type, message))
                }
            },
        },
    }
}

/// Waits for a number of NumPy.
fn float(_: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let value = arguments.get("x");
    if let Some(value) = value.as_python_float() {
        return Ok(Value::Float(value));
    }
    match value {
        Value::Scalar(scalar) => Ok(Value::Float(scalar.value()?)),
        Value::Array(array) if array.ndim() == 0 => {
            Ok(Value::Float(crate::scalar::Scalar::lazy(array.read()?).value()?))
        }
        Value::Array(_) => {
            let message = "only 0-dimensional arrays can be converted to Python scalars";
            Err(Exception::new(Kind::Type, message))
        }
        Value::Str(text) => parse_float(text).map(Value::Float).ok_or_else(|| {
            Exception::new(Kind::Value, format!("could not convert string to float: '{text}'"))
        }),
        other => {
            let message = format!(
                "float() argument must be a string or a real number, not '{}'",
                other.type_name()
            );
            Err(Exception::new(Kind::Type, message))
        }
    }
}

/// A number as Python reads it from a string: spaces around it, and single underscores between
/// digits. Rust's own reading takes the rest of the same forms.
fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim();
    let characters: Vec<char> = text.chars().collect();
    let misplaced = characters.iter().enumerate().any(|(position, character)| {
        let digit = |at: Option<usize>| {
            at.and_then(|at| characters.get(at)).is_some_and(char::is_ascii_digit)
        };
        *character == '_' && !(digit(position.checked_sub(1)) && digit(Some(position + 1)))
    });
    if misplaced { None } else { text.replace('_', "").parse().ok() }
}
