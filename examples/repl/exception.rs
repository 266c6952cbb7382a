//! Python's exceptions: what went wrong, by the name that Python gives it, and where.

use crate::{source::Source, value::Value};
use nums_numpy::Style;
pub(crate) use nums_numpy::{BUILTIN, Kind, nearest};
use ruff_text_size::TextRange;
use std::{fmt, process::ExitCode, rc::Rc, sync::Arc};

/// What was raised: a class and its arguments.
#[derive(Clone)]
pub(crate) struct Raised {
    pub(crate) kind: Kind,
    pub(crate) args: Vec<Value>,
}

impl Raised {
    /// `str(e)`.
    pub(crate) fn message(&self) -> String {
        let text = |value: &Value, style| crate::show::text(value, style).unwrap_or_default();
        match self.args.as_slice() {
            [] => String::new(),
            [only] if self.kind == Kind::Key => text(only, Style::Repr),
            [only] => text(only, Style::Str),
            many => text(&Value::tuple(many.to_vec()), Style::Str),
        }
    }
}

/// A raised exception on its way to a handler.
#[derive(Clone)]
pub(crate) struct Exception {
    pub(crate) raised: Rc<Raised>,
    /// What else a user is told, behind the message: the name that may have been meant.
    hint: Option<String>,
    /// The expression that raised it, in the function that it passes through now.
    range: Option<TextRange>,
    /// The calls that it has left, the innermost first.
    calls: Vec<Frame>,
    /// Where the work was begun that has failed, when that is not where it was raised.
    origin: Option<Trace>,
}

/// A place in a function or module.
#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) source: Arc<Source>,
    pub(crate) function: Arc<str>,
    pub(crate) range: TextRange,
}

/// A place and the calls that led to it, the innermost first.
pub(crate) type Trace = Arc<[Frame]>;

impl Exception {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Exception {
        Exception::of(Raised { kind, args: vec![Value::str(&message.into())] })
    }

    /// What an error of NumPy is at the prompt.
    pub(crate) fn told(error: nums_numpy::Error) -> Exception {
        let exception = match error.message.as_str() {
            "" => Exception::bare(error.kind),
            message => Exception::new(error.kind, message),
        };
        exception.hint(error.hint)
    }

    /// What a `raise` statement raises.
    pub(crate) fn of(raised: Raised) -> Exception {
        Exception {
            raised: Rc::new(raised),
            hint: None,
            range: None,
            calls: Vec::new(),
            origin: None,
        }
    }

    /// An exception without arguments.
    pub(crate) fn bare(kind: Kind) -> Exception {
        Exception::of(Raised { kind, args: Vec::new() })
    }

    /// A part of Python or NumPy that this prompt does not know.
    pub(crate) fn unsupported(what: impl fmt::Display) -> Exception {
        Exception::new(Kind::NotImplemented, format!("{what} not supported"))
    }

    /// Adds what else the user should know, which handlers do not see.
    pub(crate) fn hint(mut self, hint: Option<String>) -> Exception {
        self.hint = hint;
        self
    }

    pub(crate) fn kind(&self) -> Kind {
        self.raised.kind
    }

    /// How the process ends by it, when it is Python's `SystemExit`.
    pub(crate) fn exit_code(&self) -> Option<ExitCode> {
        if self.kind() != Kind::SystemExit {
            return None;
        }
        Some(match self.raised.args.as_slice() {
            [] | [Value::None] => ExitCode::SUCCESS,
            // The system keeps the last eight bits.
            [Value::Int(code)] => ExitCode::from(*code as u8),
            _ => {
                eprintln!("{}", self.raised.message());
                ExitCode::FAILURE
            }
        })
    }

    /// Marks where it was raised; the innermost mark stays.
    pub(crate) fn at(mut self, range: TextRange) -> Exception {
        self.range.get_or_insert(range);
        self
    }

    /// Notes that it leaves a function, or the module.
    pub(crate) fn leave(mut self, source: &Arc<Source>, function: &str) -> Exception {
        if let Some(range) = self.range.take() {
            self.calls.push(Frame { source: source.clone(), function: function.into(), range });
        }
        self
    }

    /// Names the place where the work was begun that has failed.
    pub(crate) fn begun_at(mut self, origin: Trace) -> Exception {
        self.origin = Some(origin);
        self
    }

    /// What nobody has waited for is raised where it was begun.
    pub(crate) fn raised_at(mut self, origin: &Trace) -> Exception {
        self.calls = origin.to_vec();
        self.origin = None;
        self
    }

    /// What a user reads: where, each line with a caret below the place, and the message.
    pub(crate) fn report(&self) -> String {
        let syntax = self.kind() == Kind::Syntax;
        let mut text = String::new();
        if !syntax && !self.calls.is_empty() {
            text += "Traceback (most recent call last):\n";
        }
        // A recursion that went wrong at its bottom has the same line a thousand times.
        const SHOWN: usize = 12;
        for (depth, left) in self.calls.iter().enumerate().rev() {
            if self.calls.len() > 2 * SHOWN && (SHOWN..self.calls.len() - SHOWN).contains(&depth) {
                if depth == SHOWN {
                    let calls = self.calls.len() - 2 * SHOWN;
                    text += &format!("  [{calls} more calls]\n");
                }
                continue;
            }
            let function = if syntax { String::new() } else { format!(", in {}", left.function) };
            text += &left.shown(&function);
        }
        // The innermost place last, as in any traceback.
        if let Some(begun) = self.origin.iter().find_map(|origin| origin.first()) {
            text += &begun.shown(&format!(", in {}, computed this", begun.function));
        }
        text + &format!("{self}\n")
    }
}

impl Frame {
    /// The file and line.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.source.name, self.source.place(self.range).line)
    }

    /// The place in a traceback: its line with carets below the part that is meant.
    fn shown(&self, function: &str) -> String {
        let place = self.source.place(self.range);
        format!(
            "  File \"{}\", line {}{function}\n    {}\n    {}{}\n",
            self.source.name,
            place.line,
            place.text,
            " ".repeat(place.column),
            "^".repeat(place.width)
        )
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().name())?;
        let message = self.raised.message();
        if !message.is_empty() {
            write!(f, ": {message}")?;
        }
        match &self.hint {
            Some(hint) => write!(f, ". {hint}"),
            None => Ok(()),
        }
    }
}
