//! Python's exceptions: what went wrong, by the name that Python gives it, and where.

use crate::source::Source;
use nums::{Error, ShapeError};
use ruff_text_size::TextRange;
use std::fmt;

/// The exception classes that the prompt raises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Attribute,
    Axis,
    Import,
    Index,
    Name,
    NotImplemented,
    Os,
    Overflow,
    Recursion,
    Runtime,
    Syntax,
    Type,
    Value,
    ZeroDivision,
}

impl Kind {
    /// The name in the last line of a traceback.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Attribute => "AttributeError",
            Kind::Axis => "numpy.exceptions.AxisError",
            Kind::Import => "ImportError",
            Kind::Index => "IndexError",
            Kind::Name => "NameError",
            Kind::NotImplemented => "NotImplementedError",
            Kind::Os => "OSError",
            Kind::Overflow => "OverflowError",
            Kind::Recursion => "RecursionError",
            Kind::Runtime => "RuntimeError",
            Kind::Syntax => "SyntaxError",
            Kind::Type => "TypeError",
            Kind::Value => "ValueError",
            Kind::ZeroDivision => "ZeroDivisionError",
        }
    }
}

/// A raised exception.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exception {
    pub(crate) kind: Kind,
    pub(crate) message: String,
    /// The expression that raised it, once it has passed through one.
    pub(crate) range: Option<TextRange>,
}

impl Exception {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Exception {
        Exception { kind, message: message.into(), range: None }
    }

    /// A part of Python or NumPy that this prompt does not know (yet).
    pub(crate) fn unsupported(what: impl fmt::Display) -> Exception {
        Exception::new(Kind::NotImplemented, format!("{what} not supported"))
    }

    /// Marks where it was raised; the innermost mark stays.
    pub(crate) fn at(mut self, range: TextRange) -> Exception {
        self.range.get_or_insert(range);
        self
    }

    /// What a user reads: where, the line with a caret below the place, and the message.
    pub(crate) fn report(&self, source: &Source) -> String {
        let mut text = String::new();
        if self.kind != Kind::Syntax {
            text += "Traceback (most recent call last):\n";
        }
        if let Some(range) = self.range {
            let place = source.place(range);
            let module = if self.kind == Kind::Syntax { "" } else { ", in <module>" };
            text += &format!("  File \"{}\", line {}{module}\n", source.name, place.line);
            text += &format!("    {}\n", place.text);
            text += &format!("    {}{}\n", " ".repeat(place.column), "^".repeat(place.width));
        }
        text + &format!("{self}\n")
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message.as_str() {
            "" => f.write_str(self.kind.name()),
            message => write!(f, "{}: {message}", self.kind.name()),
        }
    }
}

impl From<Error> for Exception {
    /// The library's errors under Python's names, with NumPy's words where they differ.
    fn from(error: Error) -> Exception {
        let (kind, message) = match &error {
            Error::ShapeMismatch { op: "matmul", left, right } => {
                (Kind::Value, format!("matmul: {}", core_mismatch(left, right)))
            }
            Error::Shape(ShapeError::Broadcast { left, right }) => (
                Kind::Value,
                // The space at the end is NumPy's.
                format!(
                    "operands could not be broadcast together with shapes {} {} ",
                    shape_text(left),
                    shape_text(right)
                ),
            ),
            Error::Reshape { size, into } => {
                let into = shape_text(into);
                (Kind::Value, format!("cannot reshape array of size {size} into shape {into}"))
            }
            Error::RepeatedAxis { .. } => (Kind::Value, "duplicate value in 'axis'".to_owned()),
            Error::Range { .. } => (Kind::Value, "arange: cannot compute length".to_owned()),
            Error::AxisOutOfRange { .. } => (Kind::Axis, error.to_string()),
            Error::IndexOutOfBounds { .. }
            | Error::TooManyIndices { .. }
            | Error::RepeatedEllipsis => (Kind::Index, error.to_string()),
            Error::Shape(_)
            | Error::ShapeMismatch { .. }
            | Error::Axes { .. }
            | Error::ZeroStep
            | Error::Session { .. } => (Kind::Value, error.to_string()),
            Error::DType { .. } => (Kind::Type, error.to_string()),
            _ => (Kind::Runtime, error.to_string()),
        };
        Exception::new(kind, message)
    }
}

/// NumPy's words for a product whose inner lengths differ.
fn core_mismatch(left: &[usize], right: &[usize]) -> String {
    let inner = left.last().copied().unwrap_or(0);
    let outer = right.get(right.len().saturating_sub(2)).copied().unwrap_or(0);
    format!(
        "Input operand 1 has a mismatch in its core dimension 0, with gufunc signature \
         (n?,k),(k,m?)->(n?,m?) (size {outer} is different from {inner})"
    )
}

/// A shape as NumPy's messages write it: no spaces, a comma behind a single length.
pub(crate) fn shape_text<T: fmt::Display>(shape: &[T]) -> String {
    match shape {
        [only] => format!("({only},)"),
        _ => format!("({})", shape.iter().map(T::to_string).collect::<Vec<_>>().join(",")),
    }
}
