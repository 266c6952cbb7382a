//! Scalars: the results without axes, which may still be on their way.

use crate::errors::raised;
use num_bigint::BigInt;
use nums_numpy::{Number, Scalar, Value};
use pyo3::{
    exceptions::{PyOverflowError, PyTypeError, PyValueError},
    prelude::*,
};

/// One number of a dtype, which is fetched when its value is needed.
#[pyclass(frozen, module = "nums.numpy", name = "generic")]
pub(crate) struct PyScalar(pub(crate) Scalar);

impl PyScalar {
    pub(crate) fn value(&self) -> Value {
        Value::Scalar(self.0.clone())
    }
}

crate::operators::operator_methods!(PyScalar);

#[pymethods]
impl PyScalar {
    /// NumPy's class of the dtype, so that `isinstance` answers as it does for NumPy's scalars.
    #[getter]
    fn __class__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let dtype = crate::convert::dtype_object(py, self.0.dtype())?;
        Ok(dtype.bind(py).getattr("type")?.unbind())
    }

    #[pyo3(signature = (digits=None))]
    fn __round__(&self, py: Python<'_>, digits: Option<i64>) -> PyResult<Py<PyAny>> {
        crate::convert::to_object(py, nums_numpy::round(&self.0, digits).map_err(raised)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        let number = self.0.value().map_err(raised)?;
        crate::convert::to_object(py, Value::python(number))?.bind(py).hash()
    }

    fn __format__(&self, py: Python<'_>, specification: &str) -> PyResult<String> {
        let number = self.0.value().map_err(raised)?;
        let python = crate::convert::to_object(py, Value::python(number))?;
        Ok(python.bind(py).call_method1("__format__", (specification,))?.to_string())
    }

    #[pyo3(signature = (dtype=None, copy=None))]
    fn __array__(
        &self,
        py: Python<'_>,
        dtype: Option<&Bound<'_, PyAny>>,
        copy: Option<bool>,
    ) -> PyResult<Py<PyAny>> {
        let _ = copy;
        let number = self.0.value().map_err(raised)?;
        let item = crate::convert::to_object(py, Value::python(number))?;
        let module = py.import("numpy")?;
        let array = module.call_method1("array", (item, number.dtype().name()))?;
        match dtype {
            Some(dtype) => Ok(array.call_method1("astype", (dtype,))?.unbind()),
            None => Ok(array.unbind()),
        }
    }

    #[allow(clippy::type_complexity, reason = "what Python asks for: a function and its arguments")]
    fn __reduce__(&self, py: Python<'_>) -> PyResult<(Py<PyAny>, (Py<PyAny>, &'static str))> {
        let number = self.0.value().map_err(raised)?;
        let item = crate::convert::to_object(py, Value::python(number))?;
        let restore = py.import("nums._scalar")?.getattr("restore")?.unbind();
        Ok((restore, (item, number.dtype().name())))
    }
}

/// One number, as Python converts it.
pub(crate) struct One(pub(crate) Number);

/// The number of a scalar or of an array without axes; waits for it.
pub(crate) fn number_of(value: &Value) -> PyResult<One> {
    let number = match value {
        Value::Scalar(scalar) => scalar.value(),
        Value::Array(array) if array.ndim() == 0 => array.item(),
        Value::Array(_) => {
            let message = "only 0-dimensional arrays can be converted to Python scalars";
            return Err(PyTypeError::new_err(message));
        }
        other => return Err(PyTypeError::new_err(format!("no number: {}", other.type_name()))),
    };
    number.map(One).map_err(raised)
}

impl One {
    pub(crate) fn to_int(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let whole = match self.0 {
            Number::Bool(value) => BigInt::from(u8::from(value)),
            Number::Int(value, _) => BigInt::from(value),
            other => {
                let value = other.as_f64();
                if value.is_nan() {
                    return Err(PyValueError::new_err("cannot convert float NaN to integer"));
                }
                if value.is_infinite() {
                    return Err(PyOverflowError::new_err(
                        "cannot convert float infinity to integer",
                    ));
                }
                nums_numpy::truncated(value).map_err(raised)?
            }
        };
        Ok(whole.into_pyobject(py)?.into_any().unbind())
    }

    pub(crate) fn to_float(&self) -> PyResult<f64> {
        Ok(self.0.as_f64())
    }
}

/// `operator.index(x)`: of integers alone.
pub(crate) fn index_of(py: Python<'_>, value: &Value) -> PyResult<Py<PyAny>> {
    let refused = || {
        let message = "only integer scalar arrays can be converted to a scalar index";
        PyTypeError::new_err(message)
    };
    let is_integer = match value {
        Value::Scalar(scalar) => scalar.dtype().is_integer(),
        Value::Array(array) => array.ndim() == 0 && array.dtype().is_integer(),
        _ => false,
    };
    if is_integer { number_of(value)?.to_int(py) } else { Err(refused()) }
}
