//! NumPy's own functions that meet our arrays: they compute where the arrays are, or say that they cannot.

use crate::objects::call;
use nums_numpy::{Member, module};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyDict, PyTuple},
};

/// The versions of the array API standard that a caller may ask for.
const STANDARD: [&str; 5] = ["2021.12", "2022.12", "2023.12", "2024.12", "2025.12"];

/// `x.__array_namespace__()`: the module of the functions on arrays.
pub(crate) fn namespace(py: Python<'_>, version: Option<&str>) -> PyResult<Py<PyAny>> {
    if let Some(version) = version.filter(|version| !STANDARD.contains(version)) {
        let message = format!("Version \"{version}\" of the Array API Standard is not supported.");
        return Err(PyValueError::new_err(message));
    }
    Ok(py.import("nums.numpy")?.into_any().unbind())
}

/// `numpy.add(x, y)`: the function of the same name here.
pub(crate) fn ufunc(
    ufunc: &Bound<'_, PyAny>,
    method: &str,
    inputs: &Bound<'_, PyTuple>,
    keywords: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    let name: String = ufunc.getattr("__name__")?.extract()?;
    if method != "__call__" {
        let message = format!(
            "numpy.{name}.{method} of arrays of nums is not supported: fetch them with numpy.asarray"
        );
        return Err(PyTypeError::new_err(message));
    }
    // A ufunc hands its outputs on as a tuple.
    if let Some(keywords) = keywords
        && let Some(outputs) = keywords.get_item("out")?
        && let Ok(outputs) = outputs.cast::<PyTuple>()
        && outputs.len() == 1
    {
        keywords.set_item("out", outputs.get_item(0)?)?;
    }
    named("numpy", &name, inputs, keywords)
}

/// `numpy.concatenate([x, y])`: the function of the same name here.
pub(crate) fn function(
    function: &Bound<'_, PyAny>,
    arguments: &Bound<'_, PyTuple>,
    keywords: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    let name: String = function.getattr("__name__")?.extract()?;
    let module: String = function.getattr("__module__")?.extract()?;
    named(&module, &name, arguments, keywords)
}

fn named(
    home: &str,
    name: &str,
    arguments: &Bound<'_, PyTuple>,
    keywords: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    let found = module(home).and_then(|module| module.member(name));
    match found {
        Some(Member::Function(function)) => call(function, None, arguments, keywords),
        _ => Err(PyTypeError::new_err(format!(
            "{home}.{name} of arrays of nums is not supported: fetch them with numpy.asarray where they fit in memory"
        ))),
    }
}
