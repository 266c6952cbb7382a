//! Python's objects as the values of NumPy's functions, and back.

use crate::{
    array::PyArray,
    errors::raised,
    memory,
    objects::{Generator, Model, Philox, Table},
    scalar::PyScalar,
};
use num_bigint::BigInt;
use nums::{Complex, DType};
use nums_numpy::{self as numpy, Class, Context, Number, Object, Scalar, Style, Value};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    sync::PyOnceLock,
    types::{
        PyBool, PyComplex, PyDict, PyEllipsis, PyFloat, PyInt, PyList, PyRange, PySlice, PyString,
        PyTuple, PyType,
    },
};
use std::{any::Any, rc::Rc};

/// How deep lists may be nested: NumPy's bound for axes.
const DEPTH_MAX: usize = 64;

/// NumPy's classes that stand for something here.
pub(crate) struct NumPy {
    pub(crate) ndarray: Py<PyType>,
    pub(crate) generic: Py<PyType>,
    pub(crate) dtype: Py<PyType>,
}

/// NumPy's classes; NumPy is imported at first use.
pub(crate) fn numpy_classes(py: Python<'_>) -> PyResult<&'static NumPy> {
    static CLASSES: PyOnceLock<NumPy> = PyOnceLock::new();
    CLASSES.get_or_try_init(py, || {
        let module = py.import("numpy")?;
        let class =
            |name: &str| Ok::<_, PyErr>(module.getattr(name)?.cast_into::<PyType>()?.unbind());
        Ok(NumPy { ndarray: class("ndarray")?, generic: class("generic")?, dtype: class("dtype")? })
    })
}

/// An object as NumPy's functions take it; an array of NumPy's becomes one of ours.
pub(crate) fn to_value(context: &Context, object: &Bound<'_, PyAny>) -> PyResult<Value> {
    nested(context, object, 0)
}

fn nested(context: &Context, object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    let py = object.py();
    if depth > DEPTH_MAX {
        let message = "setting an array element with a sequence: the lists are nested too deeply";
        return Err(pyo3::exceptions::PyValueError::new_err(message));
    }
    let all = |items: Vec<Bound<'_, PyAny>>| {
        items.iter().map(|item| nested(context, item, depth + 1)).collect::<PyResult<Vec<_>>>()
    };
    if let Ok(array) = object.cast::<PyArray>() {
        return Ok(Value::Array(array.get().0.clone()));
    }
    if let Ok(scalar) = object.cast::<PyScalar>() {
        return Ok(Value::Scalar(scalar.get().0.clone()));
    }
    if object.is_none() {
        return Ok(Value::None);
    }
    // The scalars of NumPy come first, since float64 is a float.
    let classes = numpy_classes(py)?;
    if object.is_instance(classes.generic.bind(py))? {
        return numpy_scalar(object).map(|number| Value::Scalar(Scalar::Known(number)));
    }
    if let Ok(value) = object.cast::<PyBool>() {
        return Ok(Value::Bool(value.is_true()));
    }
    if object.is_instance_of::<PyInt>() {
        return Ok(Value::int(object.extract::<BigInt>()?));
    }
    if let Ok(value) = object.cast::<PyFloat>() {
        return Ok(Value::Float(value.value()));
    }
    if let Ok(value) = object.cast::<PyComplex>() {
        return Ok(Value::Complex(Complex::new(value.real(), value.imag())));
    }
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Value::str(&text.to_string_lossy()));
    }
    if let Ok(items) = object.cast::<PyTuple>() {
        return Ok(Value::tuple(all(items.iter().collect())?));
    }
    if let Ok(items) = object.cast::<PyList>() {
        return Ok(Value::list(all(items.iter().collect())?));
    }
    if let Ok(range) = object.cast::<PyRange>() {
        let (start, stop, step) = (
            range.getattr("start")?.extract()?,
            range.getattr("stop")?.extract()?,
            range.getattr("step")?.extract()?,
        );
        return Ok(Value::Range(numpy::Range { start, stop, step }));
    }
    if let Ok(slice) = object.cast::<PySlice>() {
        let part = |name: &str| nested(context, &slice.getattr(name)?, depth + 1);
        return Ok(Value::Slice(Rc::new([part("start")?, part("stop")?, part("step")?])));
    }
    if object.is_instance_of::<PyEllipsis>() {
        return Ok(Value::Ellipsis);
    }
    if object.is_instance(classes.ndarray.bind(py))? {
        return Ok(Value::Array(memory::upload(context, object)?));
    }
    if object.is_instance(classes.dtype.bind(py))? {
        return Ok(dtype_value(&object.getattr("name")?.extract::<String>()?));
    }
    if let Ok(class) = object.cast::<PyType>() {
        return class_value(class);
    }
    if let Ok(generator) = object.cast::<Generator>() {
        return Ok(Value::Random(generator.get().0.clone()));
    }
    if let Ok(philox) = object.cast::<Philox>() {
        return Ok(Value::Random(philox.get().0.clone()));
    }
    if let Ok(model) = object.cast::<Model>() {
        return Ok(Value::Estimator(model.get().0.clone()));
    }
    if let Ok(table) = object.cast::<Table>() {
        return Ok(Value::Table(table.get().0.clone()));
    }
    foreign(object)
}

/// A dtype by its name; one that there is not stays a text, which functions refuse by its name.
fn dtype_value(name: &str) -> Value {
    match numpy::dtype_of(&Value::str(name)) {
        Ok(Some(dtype)) => Value::DType(dtype),
        _ => Value::str(name),
    }
}

/// A class where NumPy asks for a dtype.
fn class_value(class: &Bound<'_, PyType>) -> PyResult<Value> {
    let py = class.py();
    let own = [
        (py.get_type::<PyBool>(), Class::Bool),
        (py.get_type::<PyInt>(), Class::Int),
        (py.get_type::<PyFloat>(), Class::Float),
        (py.get_type::<PyComplex>(), Class::Complex),
    ];
    if let Some((_, found)) = own.iter().find(|(own, _)| own.is(class)) {
        return Ok(Value::Class(*found));
    }
    if class.is_subclass(numpy_classes(py)?.generic.bind(py))? {
        return Ok(dtype_value(&class.name()?.to_string()));
    }
    foreign(class.as_any())
}

/// A scalar of NumPy as a number of the same dtype.
fn numpy_scalar(object: &Bound<'_, PyAny>) -> PyResult<Number> {
    let name: String = object.getattr("dtype")?.getattr("name")?.extract()?;
    let dtype = numpy::dtype_of(&Value::str(&name)).map_err(raised)?;
    let item = object.call_method0("item")?;
    let number = if let Ok(value) = item.cast::<PyBool>() {
        Number::Bool(value.is_true())
    } else if let Ok(value) = item.extract::<i128>() {
        Number::Int(value, DType::Int64)
    } else if let Ok(value) = item.cast::<PyComplex>() {
        Number::Complex(Complex::new(value.real(), value.imag()), DType::Complex128)
    } else {
        Number::float64(item.extract()?)
    };
    Ok(number.cast(dtype.unwrap_or(number.dtype())))
}

/// An object that NumPy does not know.
struct Foreign {
    object: Py<PyAny>,
    class: String,
}

fn foreign(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let class = object.get_type().name()?.to_string();
    Ok(Value::Other(Rc::new(Foreign { object: object.clone().unbind(), class })))
}

impl Object for Foreign {
    fn class(&self) -> &str {
        &self.class
    }

    fn text(&self, style: Style) -> Result<String, numpy::Error> {
        Python::attach(|py| {
            let object = self.object.bind(py);
            let text = if style == Style::Str { object.str() } else { object.repr() };
            text.map(|text| text.to_string()).map_err(|error| crate::errors::told(py, error))
        })
    }

    fn truth(&self) -> Result<bool, numpy::Error> {
        Python::attach(|py| {
            self.object.bind(py).is_truthy().map_err(|error| crate::errors::told(py, error))
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A result as an object.
pub(crate) fn to_object(py: Python<'_>, value: Value) -> PyResult<Py<PyAny>> {
    let all = |items: &[Value]| {
        items.iter().map(|item| to_object(py, item.clone())).collect::<PyResult<Vec<_>>>()
    };
    Ok(match value {
        Value::None => py.None(),
        Value::Ellipsis => PyEllipsis::get(py).to_owned().into_any().unbind(),
        Value::Bool(value) => PyBool::new(py, value).to_owned().into_any().unbind(),
        Value::Int(value) => value.into_pyobject(py)?.into_any().unbind(),
        Value::BigInt(value) => value.as_ref().into_pyobject(py)?.into_any().unbind(),
        Value::Float(value) => PyFloat::new(py, value).into_any().unbind(),
        Value::Complex(value) => {
            PyComplex::from_doubles(py, value.re, value.im).into_any().unbind()
        }
        Value::Str(text) => PyString::new(py, &text).into_any().unbind(),
        Value::Tuple(items) => PyTuple::new(py, all(&items)?)?.into_any().unbind(),
        Value::List(items) => PyList::new(py, all(&items)?)?.into_any().unbind(),
        Value::Dict(entries) => {
            let dict = PyDict::new(py);
            for (name, value) in entries.iter() {
                dict.set_item(name, to_object(py, value.clone())?)?;
            }
            dict.into_any().unbind()
        }
        Value::Range(range) => {
            let class = py.get_type::<PyRange>();
            class.call1((range.start, range.stop, range.step))?.unbind()
        }
        Value::Slice(parts) => {
            let parts = all(&parts[..])?;
            py.get_type::<PySlice>().call1(PyTuple::new(py, parts)?)?.unbind()
        }
        Value::Class(class) => class_object(py, class)?,
        Value::Array(array) => Py::new(py, PyArray(array))?.into_any(),
        Value::Scalar(Scalar::Known(number)) => {
            // What is at hand is a scalar of NumPy's own.
            let class = dtype_object(py, number.dtype())?.bind(py).getattr("type")?;
            class.call1((to_object(py, Value::python(number))?,))?.unbind()
        }
        Value::Scalar(scalar) => Py::new(py, PyScalar(scalar))?.into_any(),
        Value::DType(dtype) => dtype_object(py, dtype)?,
        Value::Random(generator @ numpy::Generator::Philox(_)) => {
            Py::new(py, Philox(generator))?.into_any()
        }
        Value::Random(generator) => Py::new(py, Generator(generator))?.into_any(),
        Value::Estimator(estimator) => Py::new(py, Model(estimator))?.into_any(),
        Value::Table(table) => Py::new(py, Table(table))?.into_any(),
        Value::Record(record) => match (record.is_limits(), record.field("dtype")) {
            // A description of a dtype is NumPy's own.
            (true, Some(dtype)) => {
                let dtype = to_object(py, dtype.clone())?;
                py.import("numpy")?.getattr(record.class)?.call1((dtype,))?.unbind()
            }
            _ => {
                let names: Vec<&str> = record.fields.iter().map(|field| field.0).collect();
                let class = py.import("collections")?.getattr("namedtuple")?;
                let class = class.call1((record.class, names))?;
                let values: Vec<Value> =
                    record.fields.iter().map(|field| field.1.clone()).collect();
                class.call1(PyTuple::new(py, all(&values)?)?)?.unbind()
            }
        },
        Value::Other(object) => match object.as_any().downcast_ref::<Foreign>() {
            Some(foreign) => foreign.object.clone_ref(py),
            // All that NumPy does not know comes from here.
            None => py.None(),
        },
    })
}

/// The real `numpy.dtype`.
pub(crate) fn dtype_object(py: Python<'_>, dtype: DType) -> PyResult<Py<PyAny>> {
    Ok(numpy_classes(py)?.dtype.bind(py).call1((dtype.name(),))?.unbind())
}

/// A class of NumPy by its name, and Python's own for those that stand for a dtype.
fn class_object(py: Python<'_>, class: Class) -> PyResult<Py<PyAny>> {
    Ok(match class {
        Class::Array => py.get_type::<PyArray>().into_any().unbind(),
        Class::Generator => py.get_type::<Generator>().into_any().unbind(),
        Class::Philox => py.get_type::<Philox>().into_any().unbind(),
        Class::Table => py.get_type::<Table>().into_any().unbind(),
        Class::Model(name) => {
            return Err(PyTypeError::new_err(format!("{name} is a function here")));
        }
        Class::Bool => py.get_type::<PyBool>().into_any().unbind(),
        Class::Int => py.get_type::<PyInt>().into_any().unbind(),
        Class::Float => py.get_type::<PyFloat>().into_any().unbind(),
        Class::Complex => py.get_type::<PyComplex>().into_any().unbind(),
        class => py.import("numpy")?.getattr(class.short_name())?.unbind(),
    })
}
