//! The kinds of errors, by the names of Python's classes.

/// What kind of error it is: Python's exception classes, NumPy's and those of scikit-learn that models raise. A caller
/// raises the class of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `BaseException`.
    BaseException,
    /// `Exception`.
    Exception,
    /// `ArithmeticError`.
    Arithmetic,
    /// `AssertionError`.
    Assertion,
    /// `AttributeError`.
    Attribute,
    /// `numpy.exceptions.AxisError`.
    Axis,
    /// `BlockingIOError`.
    BlockingIO,
    /// `BrokenPipeError`.
    BrokenPipe,
    /// `ConnectionError`.
    Connection,
    /// `ConnectionAbortedError`.
    ConnectionAborted,
    /// `ConnectionRefusedError`.
    ConnectionRefused,
    /// `ConnectionResetError`.
    ConnectionReset,
    /// `nums.ConvergenceWarning`.
    Convergence,
    /// `EOFError`.
    Eof,
    /// `FileExistsError`.
    FileExists,
    /// `FileNotFoundError`.
    FileNotFound,
    /// `FloatingPointError`.
    FloatingPoint,
    /// `ImportError`.
    Import,
    /// `IndexError`.
    Index,
    /// `InterruptedError`.
    Interrupted,
    /// `IsADirectoryError`.
    IsADirectory,
    /// `KeyError`.
    Key,
    /// `KeyboardInterrupt`.
    KeyboardInterrupt,
    /// `numpy.linalg.LinAlgError`.
    LinAlg,
    /// `LookupError`.
    Lookup,
    /// `MemoryError`.
    Memory,
    /// `NameError`.
    Name,
    /// `NotADirectoryError`.
    NotADirectory,
    /// `nums.NotFittedError`.
    NotFitted,
    /// `NotImplementedError`.
    NotImplemented,
    /// `OSError`.
    Os,
    /// `OverflowError`.
    Overflow,
    /// `PermissionError`.
    Permission,
    /// `numpy.exceptions.RankWarning`.
    Rank,
    /// `RecursionError`.
    Recursion,
    /// `RuntimeError`.
    Runtime,
    /// `RuntimeWarning`.
    RuntimeWarning,
    /// `StopIteration`.
    StopIteration,
    /// `SyntaxError`.
    Syntax,
    /// `SystemExit`.
    SystemExit,
    /// `TimeoutError`.
    Timeout,
    /// `TypeError`.
    Type,
    /// `numpy._core._exceptions._UFuncOutputCastingError`.
    UfuncOutput,
    /// `UnboundLocalError`.
    UnboundLocal,
    /// `nums.UndefinedMetricWarning`.
    UndefinedMetric,
    /// `UnicodeError`.
    Unicode,
    /// `UnicodeDecodeError`.
    UnicodeDecode,
    /// `UserWarning`.
    UserWarning,
    /// `ValueError`.
    Value,
    /// `Warning`.
    Warning,
    /// `ZeroDivisionError`.
    ZeroDivision,
}

/// Every kind that has a name without a module.
pub const BUILTIN: &[Kind] = &[
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
    pub fn name(self) -> &'static str {
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

    /// The name without its module.
    pub fn short_name(self) -> &'static str {
        let name = self.name();
        name.rsplit_once('.').map_or(name, |(_, last)| last)
    }

    /// The kinds directly above; none of the one above all others.
    pub fn bases(self) -> &'static [Kind] {
        match self {
            Kind::BaseException => &[],
            Kind::Exception | Kind::KeyboardInterrupt | Kind::SystemExit => &[Kind::BaseException],
            Kind::Axis => &[Kind::Value, Kind::Index],
            Kind::LinAlg => &[Kind::Value],
            Kind::FloatingPoint | Kind::Overflow | Kind::ZeroDivision => &[Kind::Arithmetic],
            Kind::Index | Kind::Key => &[Kind::Lookup],
            Kind::NotImplemented | Kind::Recursion => &[Kind::Runtime],
            Kind::NotFitted => &[Kind::Value, Kind::Attribute],
            Kind::BlockingIO
            | Kind::Connection
            | Kind::FileExists
            | Kind::FileNotFound
            | Kind::Interrupted
            | Kind::IsADirectory
            | Kind::NotADirectory
            | Kind::Permission
            | Kind::Timeout => &[Kind::Os],
            Kind::BrokenPipe
            | Kind::ConnectionAborted
            | Kind::ConnectionRefused
            | Kind::ConnectionReset => &[Kind::Connection],
            Kind::Unicode => &[Kind::Value],
            Kind::UnicodeDecode => &[Kind::Unicode],
            Kind::RuntimeWarning | Kind::UserWarning => &[Kind::Warning],
            Kind::Convergence | Kind::UndefinedMetric => &[Kind::UserWarning],
            Kind::Rank => &[Kind::RuntimeWarning],
            Kind::UfuncOutput => &[Kind::Type],
            Kind::UnboundLocal => &[Kind::Name],
            _ => &[Kind::Exception],
        }
    }
}
