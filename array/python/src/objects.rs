//! Functions, generators, models and tables, and the names of modules.

use crate::{
    array::PyArray,
    convert::{to_object, to_value},
    errors::{class, raised},
    operators::finished,
    session,
};
use nums_numpy::{self as numpy, Class, Estimator, Member, Style, Value};
use pyo3::{
    exceptions::PyAttributeError,
    prelude::*,
    types::{PyDict, PyTuple},
};
use std::sync::Arc;

/// A function of NumPy, or a method with its first argument.
#[pyclass(frozen, module = "nums", name = "function")]
pub(crate) struct Function {
    function: &'static numpy::Function,
    receiver: Option<Py<PyAny>>,
}

#[pymethods]
impl Function {
    #[pyo3(signature = (*arguments, **keywords))]
    fn __call__(
        &self,
        py: Python<'_>,
        arguments: &Bound<'_, PyTuple>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<PyAny>> {
        let receiver = self.receiver.as_ref().map(|receiver| receiver.bind(py));
        call(self.function, receiver, arguments, keywords)
    }

    #[getter]
    fn __name__(&self) -> &'static str {
        self.function.name
    }

    /// The parameters as Python writes them; the first of a method is the receiver.
    #[getter]
    fn signature(&self) -> String {
        self.function.signature().text()
    }

    /// The same for `inspect.signature`.
    #[getter]
    fn __signature__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let signature = py.import("nums._functions")?.getattr("signature")?;
        let own = signature.call1((self.signature(), self.receiver.is_some()))?;
        Ok(own.unbind())
    }

    #[getter]
    fn documentation(&self) -> String {
        let home = numpy::home(self.function).unwrap_or("numpy");
        let help = numpy::help(&format!("{home}.{}", self.function.name)).unwrap_or_default();
        format!("{}\n\n{}", help.paragraph, help.example)
    }

    fn __repr__(&self) -> String {
        format!("<function {}>", self.function.name)
    }
}

/// Calls a function in the session of its first array.
pub(crate) fn call(
    function: &'static numpy::Function,
    receiver: Option<&Bound<'_, PyAny>>,
    arguments: &Bound<'_, PyTuple>,
    keywords: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    let py = arguments.py();
    let mut context = session::context(py)?;
    let own = receiver.into_iter().cloned().chain(arguments.iter());
    let positional =
        own.map(|argument| to_value(&context, &argument)).collect::<PyResult<Vec<_>>>()?;
    let mut named = Vec::new();
    for (name, value) in keywords.into_iter().flat_map(PyDictMethods::iter) {
        named.push((name.extract::<String>()?, to_value(&context, &value)?));
    }
    if let Some(Value::Array(array)) =
        positional.iter().find(|value| matches!(value, Value::Array(_)))
    {
        context = array.context().clone();
    }
    let value = function.call(&context, positional, named).map_err(raised)?;
    drop(context.take_begun());
    if let Value::Array(result) = &value {
        // A function that gives its argument gives the same object: `np.asarray(x)` and `np.add(x, 1, out=x)`.
        let given = receiver.into_iter().cloned().chain(arguments.iter());
        let out = keywords.and_then(|keywords| keywords.get_item("out").ok().flatten());
        for argument in given.chain(out) {
            let same = argument.cast::<PyArray>().is_ok_and(|own| own.get().0.is(result));
            if same {
                return Ok(argument.unbind());
            }
        }
    }
    finished(py, &context, value)
}

/// `owner.name` of an array, a scalar, a model or a table.
pub(crate) fn attribute(
    receiver: &Bound<'_, PyAny>,
    owner: &Value,
    name: &str,
) -> PyResult<Py<PyAny>> {
    let py = receiver.py();
    if let Some(value) = numpy::attribute(owner, name).map_err(raised)? {
        return to_object(py, value);
    }
    if let Some(method) = numpy::methods(owner).into_iter().find(|method| method.name == name) {
        let receiver = Some(receiver.clone().unbind());
        return Ok(Py::new(py, Function { function: method, receiver })?.into_any());
    }
    let class = receiver.get_type().name()?.to_string();
    let known = attributes(owner);
    let hint =
        numpy::nearest(name, known.into_iter()).map_or(String::new(), |hint| format!(". {hint}"));
    let message = format!("'{class}' object has no attribute '{name}'{hint}");
    Err(PyAttributeError::new_err(message))
}

/// The names of what an object has.
pub(crate) fn attributes(owner: &Value) -> Vec<&'static str> {
    let methods = numpy::methods(owner).into_iter().map(|method| method.name);
    numpy::attribute_names(owner).iter().copied().chain(methods).collect()
}

/// What a name in a module stands for.
#[pyfunction]
pub(crate) fn member(py: Python<'_>, module: &str, name: &str) -> PyResult<Py<PyAny>> {
    let missing = || match numpy::missing(module, name) {
        Some(error) => {
            match py.import("nums._errors").and_then(|errors| errors.getattr("NotSupported")) {
                Ok(class) => PyErr::from_value(match class.call1((error.message,)) {
                    Ok(exception) => exception,
                    Err(failed) => return failed,
                }),
                Err(failed) => failed,
            }
        }
        None => {
            let known = numpy::module(module).map(|module| module.names()).unwrap_or_default();
            let hint = numpy::nearest(name, known.into_iter());
            let hint = hint.map_or(String::new(), |hint| format!(". {hint}"));
            PyAttributeError::new_err(format!(
                "module 'nums.{module}' has no attribute '{name}'{hint}"
            ))
        }
    };
    let found = numpy::module(module).and_then(|module| module.member(name)).ok_or_else(missing)?;
    Ok(match found {
        Member::Function(function) => {
            Py::new(py, Function { function, receiver: None })?.into_any()
        }
        Member::Class(class) => to_object(py, Value::Class(class))?,
        Member::Error(kind) => class(py, kind)?.into_any().unbind(),
        Member::Module(module) => py.import(format!("nums.{}", module.name))?.into_any().unbind(),
        Member::Value(value) => to_object(py, value)?,
        Member::Indexer(indexer) => Py::new(py, Indexer(indexer))?.into_any(),
    })
}

/// The names of a module.
#[pyfunction]
pub(crate) fn names(module: &str) -> Vec<&'static str> {
    let mut names = numpy::module(module).map(|module| module.names()).unwrap_or_default();
    names.sort_unstable();
    names.dedup();
    names
}

/// `np.r_` and its kin.
#[pyclass(frozen, module = "nums.numpy")]
pub(crate) struct Indexer(numpy::Indexer);

#[pymethods]
impl Indexer {
    fn __getitem__(&self, py: Python<'_>, index: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let context = session::context(py)?;
        let index = to_value(&context, index)?;
        to_object(py, self.0.get(&context, &index).map_err(raised)?)
    }

    fn __repr__(&self) -> String {
        format!("<nums.numpy.{}>", self.0.name())
    }
}

/// Calls a class of NumPy's.
fn constructed(
    class: Class,
    arguments: &Bound<'_, PyTuple>,
    keywords: Option<&Bound<'_, PyDict>>,
) -> PyResult<numpy::Generator> {
    let context = session::context(arguments.py())?;
    let positional =
        arguments.iter().map(|argument| to_value(&context, &argument)).collect::<PyResult<_>>()?;
    let mut named = Vec::new();
    for (name, value) in keywords.into_iter().flat_map(PyDictMethods::iter) {
        named.push((name.extract::<String>()?, to_value(&context, &value)?));
    }
    match numpy::construct(&context, class, positional, named).map_err(raised)? {
        Value::Random(generator) => Ok(generator),
        other => Err(PyAttributeError::new_err(format!("no generator: {}", other.type_name()))),
    }
}

/// `np.random.Philox(key=7)`.
#[pyclass(frozen, module = "nums.numpy.random")]
pub(crate) struct Philox(pub(crate) numpy::Generator);

#[pymethods]
impl Philox {
    #[new]
    #[pyo3(signature = (*arguments, **keywords))]
    fn new(
        arguments: &Bound<'_, PyTuple>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Philox> {
        constructed(Class::Philox, arguments, keywords).map(Philox)
    }
}

/// `np.random.Generator(np.random.Philox(key=7))`.
#[pyclass(frozen, module = "nums.numpy.random")]
pub(crate) struct Generator(pub(crate) numpy::Generator);

#[pymethods]
impl Generator {
    #[new]
    #[pyo3(signature = (*arguments, **keywords))]
    fn new(
        arguments: &Bound<'_, PyTuple>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Generator> {
        constructed(Class::Generator, arguments, keywords).map(Generator)
    }

    fn __getattr__(slf: &Bound<'_, Self>, name: &str) -> PyResult<Py<PyAny>> {
        attribute(slf.as_any(), &Value::Random(slf.get().0.clone()), name)
    }

    fn __dir__(&self) -> Vec<&'static str> {
        attributes(&Value::Random(self.0.clone()))
    }

    fn __repr__(&self) -> &'static str {
        "Generator(Philox)"
    }
}

/// A model of `nums.models`.
#[pyclass(frozen, module = "nums.models")]
pub(crate) struct Model(pub(crate) Arc<Estimator>);

#[pymethods]
impl Model {
    fn __getattr__(slf: &Bound<'_, Self>, name: &str) -> PyResult<Py<PyAny>> {
        attribute(slf.as_any(), &Value::Estimator(slf.get().0.clone()), name)
    }

    fn __dir__(&self) -> Vec<&'static str> {
        attributes(&Value::Estimator(self.0.clone()))
    }

    fn __repr__(&self) -> String {
        format!("{}()", self.0.name())
    }
}

/// What `nums.read_csv` gives.
#[pyclass(frozen, module = "nums")]
pub(crate) struct Table(pub(crate) Arc<numpy::Table>);

#[pymethods]
impl Table {
    fn __len__(&self) -> usize {
        self.0.rows()
    }

    fn __getitem__(&self, py: Python<'_>, index: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let context = session::context(py)?;
        let index = to_value(&context, index)?;
        let own = Value::Table(self.0.clone());
        to_object(py, numpy::subscript(&own, &index).map_err(raised)?)
    }

    fn __getattr__(slf: &Bound<'_, Self>, name: &str) -> PyResult<Py<PyAny>> {
        attribute(slf.as_any(), &Value::Table(slf.get().0.clone()), name)
    }

    fn __repr__(&self) -> PyResult<String> {
        numpy::text(&Value::Table(self.0.clone()), Style::Repr).map_err(raised)
    }
}
