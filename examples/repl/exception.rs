//! Python's exceptions: what went wrong, by the name that Python gives it, and where.

use crate::{class::Class, show::Style, source::Source, value::Value};
use ruff_text_size::TextRange;
use std::{fmt, process::ExitCode, rc::Rc};

/// Python's exception classes, as far as anything here raises or a script may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    BaseException,
    Exception,
    Arithmetic,
    Assertion,
    Attribute,
    Axis,
    BlockingIO,
    BrokenPipe,
    Connection,
    ConnectionAborted,
    ConnectionRefused,
    ConnectionReset,
    Convergence,
    Eof,
    FileExists,
    FileNotFound,
    FloatingPoint,
    Import,
    Index,
    Interrupted,
    IsADirectory,
    Key,
    KeyboardInterrupt,
    LinAlg,
    Lookup,
    Memory,
    Name,
    NotADirectory,
    NotFitted,
    NotImplemented,
    Os,
    Overflow,
    Permission,
    Rank,
    Recursion,
    Runtime,
    RuntimeWarning,
    StopIteration,
    Syntax,
    SystemExit,
    Timeout,
    Type,
    UfuncOutput,
    UnboundLocal,
    UndefinedMetric,
    Unicode,
    UnicodeDecode,
    UserWarning,
    Value,
    Warning,
    ZeroDivision,
}

/// Every kind that has a name without a module.
pub(crate) const BUILTIN: &[Kind] = &[
    Kind::BaseException,
    Kind::Exception,
    Kind::Arithmetic,
    Kind::Assertion,
    Kind::Attribute,
    Kind::BlockingIO,
    Kind::BrokenPipe,
    Kind::Connection,
    Kind::ConnectionAborted,
    Kind::ConnectionRefused,
    Kind::ConnectionReset,
    Kind::Eof,
    Kind::FileExists,
    Kind::FileNotFound,
    Kind::FloatingPoint,
    Kind::Import,
    Kind::Index,
    Kind::Interrupted,
    Kind::IsADirectory,
    Kind::Key,
    Kind::KeyboardInterrupt,
    Kind::Lookup,
    Kind::Memory,
    Kind::Name,
    Kind::NotADirectory,
    Kind::NotImplemented,
    Kind::Os,
    Kind::Overflow,
    Kind::Permission,
    Kind::Recursion,
    Kind::Runtime,
    Kind::RuntimeWarning,
    Kind::StopIteration,
    Kind::Syntax,
    Kind::SystemExit,
    Kind::Timeout,
    Kind::Type,
    Kind::UnboundLocal,
    Kind::Unicode,
    Kind::UnicodeDecode,
    Kind::UserWarning,
    Kind::Value,
    Kind::Warning,
    Kind::ZeroDivision,
];

impl Kind {
    /// The name in the last line of a traceback.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::BaseException => "BaseException",
            Kind::Exception => "Exception",
            Kind::Arithmetic => "ArithmeticError",
            Kind::Assertion => "AssertionError",
            Kind::Attribute => "AttributeError",
            Kind::Axis => "numpy.exceptions.AxisError",
            Kind::BlockingIO => "BlockingIOError",
            Kind::BrokenPipe => "BrokenPipeError",
            Kind::Connection => "ConnectionError",
            Kind::ConnectionAborted => "ConnectionAbortedError",
            Kind::ConnectionRefused => "ConnectionRefusedError",
            Kind::ConnectionReset => "ConnectionResetError",
            Kind::Convergence => "nums.ConvergenceWarning",
            Kind::Eof => "EOFError",
            Kind::FileExists => "FileExistsError",
            Kind::FileNotFound => "FileNotFoundError",
            Kind::FloatingPoint => "FloatingPointError",
            Kind::Import => "ImportError",
            Kind::Index => "IndexError",
            Kind::Interrupted => "InterruptedError",
            Kind::IsADirectory => "IsADirectoryError",
            Kind::Key => "KeyError",
            Kind::KeyboardInterrupt => "KeyboardInterrupt",
            Kind::LinAlg => "numpy.linalg.LinAlgError",
            Kind::Lookup => "LookupError",
            Kind::Memory => "MemoryError",
            Kind::Name => "NameError",
            Kind::NotADirectory => "NotADirectoryError",
            Kind::NotFitted => "nums.NotFittedError",
            Kind::NotImplemented => "NotImplementedError",
            Kind::Os => "OSError",
            Kind::Overflow => "OverflowError",
            Kind::Permission => "PermissionError",
            Kind::Rank => "numpy.exceptions.RankWarning",
            Kind::Recursion => "RecursionError",
            Kind::Runtime => "RuntimeError",
            Kind::RuntimeWarning => "RuntimeWarning",
            Kind::StopIteration => "StopIteration",
            Kind::Syntax => "SyntaxError",
            Kind::SystemExit => "SystemExit",
            Kind::Timeout => "TimeoutError",
            Kind::Type => "TypeError",
            Kind::UfuncOutput => "numpy._core._exceptions._UFuncOutputCastingError",
            Kind::UnboundLocal => "UnboundLocalError",
            Kind::UndefinedMetric => "nums.UndefinedMetricWarning",
            Kind::Unicode => "UnicodeError",
            Kind::UnicodeDecode => "UnicodeDecodeError",
            Kind::UserWarning => "UserWarning",
            Kind::Value => "ValueError",
            Kind::Warning => "Warning",
            Kind::ZeroDivision => "ZeroDivisionError",
        }
    }

    /// The classes directly above.
    pub(crate) fn bases(self) -> &'static [Class] {
        match self {
            Kind::BaseException => &[Class::Object],
            Kind::Exception | Kind::KeyboardInterrupt | Kind::SystemExit => {
                &[Class::Exception(Kind::BaseException)]
            }
            Kind::Axis => &[Class::Exception(Kind::Value), Class::Exception(Kind::Index)],
            Kind::LinAlg => &[Class::Exception(Kind::Value)],
            Kind::FloatingPoint | Kind::Overflow | Kind::ZeroDivision => {
                &[Class::Exception(Kind::Arithmetic)]
            }
            Kind::Index | Kind::Key => &[Class::Exception(Kind::Lookup)],
            Kind::NotImplemented | Kind::Recursion => &[Class::Exception(Kind::Runtime)],
            Kind::NotFitted => &[Class::Exception(Kind::Value), Class::Exception(Kind::Attribute)],
            Kind::BlockingIO
            | Kind::Connection
            | Kind::FileExists
            | Kind::FileNotFound
            | Kind::Interrupted
            | Kind::IsADirectory
            | Kind::NotADirectory
            | Kind::Permission
            | Kind::Timeout => &[Class::Exception(Kind::Os)],
            Kind::BrokenPipe
            | Kind::ConnectionAborted
            | Kind::ConnectionRefused
            | Kind::ConnectionReset => &[Class::Exception(Kind::Connection)],
            Kind::Unicode => &[Class::Exception(Kind::Value)],
            Kind::UnicodeDecode => &[Class::Exception(Kind::Unicode)],
            Kind::RuntimeWarning | Kind::UserWarning => &[Class::Exception(Kind::Warning)],
            Kind::Convergence | Kind::UndefinedMetric => &[Class::Exception(Kind::UserWarning)],
            Kind::Rank => &[Class::Exception(Kind::RuntimeWarning)],
            Kind::UfuncOutput => &[Class::Exception(Kind::Type)],
            Kind::UnboundLocal => &[Class::Exception(Kind::Name)],
            _ => &[Class::Exception(Kind::Exception)],
        }
    }
}

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
    /// The error of the library that it tells of.
    cause: Option<Rc<nums::Error>>,
    /// Where the work was begun that has failed, when that is not where it was raised.
    origin: Option<Trace>,
}

/// A place in a function or module.
#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) source: Rc<Source>,
    pub(crate) function: Rc<str>,
    pub(crate) range: TextRange,
}

/// A place and the calls that led to it, the innermost first.
pub(crate) type Trace = Rc<[Frame]>;

impl Exception {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Exception {
        Exception::of(Raised { kind, args: vec![Value::str(&message.into())] })
    }

    /// What a `raise` statement raises.
    pub(crate) fn of(raised: Raised) -> Exception {
        Exception {
            raised: Rc::new(raised),
            hint: None,
            range: None,
            calls: Vec::new(),
            cause: None,
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

    /// Keeps the error of the library that it tells of.
    pub(crate) fn caused_by(mut self, error: nums::Error) -> Exception {
        self.cause = Some(Rc::new(error));
        self
    }

    /// The error of the library that it tells of.
    pub(crate) fn cause(&self) -> Option<&nums::Error> {
        self.cause.as_deref()
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
    pub(crate) fn leave(mut self, source: &Rc<Source>, function: &str) -> Exception {
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

/// The known name that is nearest to one that is not, when one is near: for `Did you mean`.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let bound = (name.chars().count() / 3).max(1);
    let candidates = known.filter(|known| !known.starts_with('_') && *known != name);
    let distances = candidates.map(|known| (distance(name, known), known));
    let near = distances.filter(|(distance, _)| *distance <= bound);
    near.min().map(|(_, known)| format!("Did you mean: '{known}'?"))
}

/// Letters to insert, remove, replace or swap with a neighbour (optimal string alignment).
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows = vec![(0..=right.len()).collect::<Vec<usize>>()];
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            let swapped =
                i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if swapped {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_suggested_only_when_it_is_near() {
        let known = ["arange", "zeros", "linspace", "_hidden"];
        let near = |name: &str| nearest(name, known.into_iter());
        assert_eq!(near("arnage").as_deref(), Some("Did you mean: 'arange'?"));
        assert_eq!(near("zeroes").as_deref(), Some("Did you mean: 'zeros'?"));
        assert_eq!(near("hidden"), None);
        assert_eq!(near("matmul"), None);
    }
}
