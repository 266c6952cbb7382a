//! `np.ndarray`: an array on the nodes of the cluster.

use crate::{
    convert::{to_object, to_value},
    errors::raised,
    memory,
};
use nums_numpy::{
    Array, Value,
    operators::{self, Binary},
};
use pyo3::{
    exceptions::{PyIndexError, PyTypeError, PyValueError},
    prelude::*,
    types::PyDict,
};

/// The most bytes that are pickled by value.
const PICKLED_BYTES_MAX: u64 = 64 << 20;

/// An array whose blocks are on the nodes of a cluster. Names and views share it, as in NumPy.
#[pyclass(frozen, module = "nums.numpy", name = "ndarray")]
pub(crate) struct PyArray(pub(crate) Array);

impl PyArray {
    pub(crate) fn value(&self) -> Value {
        Value::Array(self.0.clone())
    }

    fn in_place(&self, operator: Binary, other: &Bound<'_, PyAny>) -> PyResult<()> {
        let other = to_value(self.0.context(), other)?;
        let result = operators::in_place(operator, &self.0, &other).map_err(raised)?;
        // What fails by its values leaves the array as it is.
        self.0.context().submit(&result).map_err(raised)?;
        operators::write_in_place(operator, &self.0, &result).map_err(raised)
    }
}

crate::operators::operator_methods!(PyArray);

/// The operators that assign.
macro_rules! in_place {
    ($($name:ident $operator:ident),*) => {
        #[pymethods]
        impl PyArray {
            $(
                fn $name(&self, other: &Bound<'_, PyAny>) -> PyResult<()> {
                    self.in_place(Binary::$operator, other)
                }
            )*

            fn __ipow__(&self, other: &Bound<'_, PyAny>, _modulo: &Bound<'_, PyAny>) -> PyResult<()> {
                self.in_place(Binary::Pow, other)
            }
        }
    };
}

in_place!(
    __iadd__ Add, __isub__ Sub, __imul__ Mul, __itruediv__ Div, __ifloordiv__ FloorDiv, __imod__ Mod, __imatmul__ MatMul,
    __iand__ And, __ior__ Or, __ixor__ Xor, __ilshift__ LeftShift, __irshift__ RightShift
);

#[pymethods]
impl PyArray {
    #[classattr]
    const __hash__: Option<Py<PyAny>> = None;

    fn __len__(&self) -> PyResult<usize> {
        self.0.length().map_err(raised)
    }

    fn __iter__(slf: &Bound<'_, Self>) -> PyResult<Rows> {
        let array = slf.get().0.clone();
        let count = array.rows().map_err(raised)?;
        Ok(Rows { array, next: std::sync::atomic::AtomicUsize::new(0), count })
    }

    fn __contains__(&self, item: &Bound<'_, PyAny>) -> PyResult<bool> {
        let item = to_value(self.0.context(), item)?;
        operators::contains(&self.0, &item).map_err(raised)
    }

    fn __setitem__(&self, index: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let context = self.0.context();
        let (index, value) = (to_value(context, index)?, to_value(context, value)?);
        nums_numpy::assign(&self.0, &index, &value).map_err(raised)
    }

    fn __format__(&self, py: Python<'_>, specification: &str) -> PyResult<String> {
        if self.0.ndim() > 0 {
            if specification.is_empty() {
                return nums_numpy::text(&self.value(), nums_numpy::Style::Str).map_err(raised);
            }
            let message = "unsupported format string passed to numpy.ndarray.__format__";
            return Err(PyTypeError::new_err(message));
        }
        let item = to_object(py, Value::python(self.0.item().map_err(raised)?))?;
        Ok(item.bind(py).call_method1("__format__", (specification,))?.to_string())
    }

    #[pyo3(signature = (digits=None))]
    fn __round__(&self, py: Python<'_>, digits: Option<i64>) -> PyResult<Py<PyAny>> {
        let rounded = nums_numpy::round_array(self.0.context(), &self.value(), digits.unwrap_or(0));
        to_object(py, rounded.map_err(raised)?)
    }

    /// All elements as an array of NumPy's: the one way by which they leave the cluster.
    #[pyo3(signature = (dtype=None, copy=None))]
    fn __array__(
        &self,
        py: Python<'_>,
        dtype: Option<&Bound<'_, PyAny>>,
        copy: Option<bool>,
    ) -> PyResult<Py<PyAny>> {
        if copy == Some(false) {
            let message =
                "an array of nums is on the nodes of its cluster: NumPy can only have a copy of it";
            return Err(PyValueError::new_err(message));
        }
        let fetched = memory::fetch(py, &self.0)?;
        match dtype {
            Some(dtype) => {
                let keywords = PyDict::new(py);
                keywords.set_item("copy", false)?;
                Ok(fetched.bind(py).call_method("astype", (dtype,), Some(&keywords))?.unbind())
            }
            None => Ok(fetched),
        }
    }

    /// The elements by value, where they are few.
    fn __reduce__(&self, py: Python<'_>) -> PyResult<(Py<PyAny>, (Py<PyAny>,))> {
        let bytes = self.0.size() as u64 * self.0.dtype().item_bytes();
        if bytes > PICKLED_BYTES_MAX {
            return Err(PyValueError::new_err(format!(
                "an array of {bytes} bytes is not pickled by value (at most {PICKLED_BYTES_MAX}): write it with np.save"
            )));
        }
        let restore = py.import("nums.numpy")?.getattr("asarray")?.unbind();
        Ok((restore, (memory::fetch(py, &self.0)?,)))
    }

    #[pyo3(signature = (*, stream=None, max_version=None, dl_device=None, copy=None))]
    fn __dlpack__(
        &self,
        py: Python<'_>,
        stream: Option<&Bound<'_, PyAny>>,
        max_version: Option<&Bound<'_, PyAny>>,
        dl_device: Option<&Bound<'_, PyAny>>,
        copy: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let keywords = PyDict::new(py);
        let given = [
            ("stream", stream),
            ("max_version", max_version),
            ("dl_device", dl_device),
            ("copy", copy),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                keywords.set_item(name, value)?;
            }
        }
        let fetched = memory::fetch(py, &self.0)?;
        Ok(fetched.bind(py).call_method("__dlpack__", (), Some(&keywords))?.unbind())
    }

    fn __dlpack_device__(&self) -> (i32, i32) {
        // The memory of the host.
        (1, 0)
    }

    /// What a notebook shows; computes nothing.
    fn _repr_html_(&self) -> String {
        let shape: Vec<String> = self.0.shape().iter().map(usize::to_string).collect();
        let bytes = self.0.size() as u64 * self.0.dtype().item_bytes();
        format!(
            "<table><tr><th>shape</th><td>({})</td></tr><tr><th>dtype</th><td>{}</td></tr><tr><th>bytes</th><td>{bytes}</td></tr>\
             <tr><th>nodes</th><td>{}</td></tr></table>",
            shape.join(", "),
            self.0.dtype(),
            self.0.context().session().nodes()
        )
    }

    /// How the array would be computed: its tasks, and the node of each.
    fn explain(slf: &Bound<'_, Self>) -> PyResult<String> {
        crate::session::explain(slf.py(), slf)
    }
}

/// The rows of an array, one after the other.
#[pyclass(frozen, module = "nums")]
pub(crate) struct Rows {
    array: Array,
    next: std::sync::atomic::AtomicUsize,
    count: usize,
}

#[pymethods]
impl Rows {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let row = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if row >= self.count {
            return Ok(None);
        }
        let row = i64::try_from(row).map_err(|_| PyIndexError::new_err("too many rows"))?;
        let own = Value::Array(self.array.clone());
        let value = nums_numpy::subscript(&own, &Value::Int(row)).map_err(raised)?;
        to_object(py, value).map(Some)
    }
}
