//! What can be called by a name: functions of Python, written here, and those of NumPy.

use crate::{exception::Exception, interpreter::Interpreter, value::Value};
pub(crate) use nums_numpy::Parameter;
use nums_numpy::Signature;

/// The arguments of one call, each under its parameter.
pub(crate) type Arguments = nums_numpy::Arguments<Value>;

/// A function of Python that is written here.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// In order: positional-only, then the others, then the rest, then keyword-only.
    pub(crate) parameters: &'static [Parameter],
    pub(crate) body: fn(&mut Interpreter, Arguments) -> Result<Value, Exception>,
}

impl Function {
    /// How it is called.
    pub(crate) fn signature(&self) -> Signature {
        Signature { name: self.name, parameters: self.parameters }
    }

    /// Calls it.
    pub(crate) fn call(
        &self,
        interpreter: &mut Interpreter,
        positional: Vec<Value>,
        keywords: Vec<(String, Value)>,
    ) -> Result<Value, Exception> {
        let arguments = self.signature().bind(positional, keywords)?;
        (self.body)(interpreter, arguments)
    }
}

/// A function of Python or NumPy.
#[derive(Clone, Copy)]
pub(crate) enum Callable {
    Python(&'static Function),
    Numpy(&'static nums_numpy::Function),
}

impl Callable {
    pub(crate) fn name(self) -> &'static str {
        self.signature().name
    }

    /// How it is called.
    pub(crate) fn signature(self) -> Signature {
        match self {
            Callable::Python(function) => function.signature(),
            Callable::Numpy(function) => function.signature(),
        }
    }

    /// Whether two names stand for one function.
    pub(crate) fn is(self, other: Callable) -> bool {
        match (self, other) {
            (Callable::Python(left), Callable::Python(right)) => std::ptr::eq(left, right),
            (Callable::Numpy(left), Callable::Numpy(right)) => std::ptr::eq(left, right),
            _ => false,
        }
    }
}
