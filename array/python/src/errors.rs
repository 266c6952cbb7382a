//! The errors of `nums-numpy` as Python's exceptions.

use nums_numpy::{Error, Kind};
use pyo3::{
    exceptions::{PyRuntimeError, PyTypeError},
    prelude::*,
    types::PyType,
};

/// The class of a kind of error: Python's, NumPy's, or one of this package.
pub(crate) fn class(py: Python<'_>, kind: Kind) -> PyResult<Bound<'_, PyType>> {
    let (module, name) = match kind {
        // The classes of NumPy's own cast errors take the function and the dtypes.
        Kind::UfuncOutput => ("builtins", "TypeError"),
        kind => match kind.name().rsplit_once('.') {
            Some(("nums", name)) => ("nums._errors", name),
            Some((module, name)) => (module, name),
            None => ("builtins", kind.name()),
        },
    };
    Ok(py.import(module)?.getattr(name)?.cast_into::<PyType>()?)
}

/// An error as the exception that a caller sees.
pub(crate) fn raised(error: Error) -> PyErr {
    Python::attach(|py| {
        let mut message = error.message;
        if let Some(hint) = error.hint {
            message += ". ";
            message += &hint;
        }
        match class(py, error.kind) {
            Ok(class) if class.is(py.get_type::<PyTypeError>()) => PyTypeError::new_err(message),
            Ok(class) => PyErr::from_type(class, message),
            Err(missing) => PyRuntimeError::new_err(format!("{message} ({missing})")),
        }
    })
}

/// The exception that ends a wait, as an error on its way through `nums-numpy`.
pub(crate) fn told(py: Python<'_>, error: PyErr) -> Error {
    let kind = if error.is_instance_of::<pyo3::exceptions::PyKeyboardInterrupt>(py) {
        Kind::KeyboardInterrupt
    } else {
        Kind::Runtime
    };
    Error::new(kind, error.value(py).to_string())
}
