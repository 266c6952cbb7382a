//! Elements between the memory of this process and the cluster.

use crate::errors::raised;
use ndarray::{ArrayD, ArrayViewD, IxDyn};
use nums::{Complex, DType, DistArray, Element};
use nums_numpy::{Array, Context, Value};
use pyo3::{
    buffer::PyBuffer,
    exceptions::{PyBufferError, PyTypeError},
    ffi,
    prelude::*,
    types::PyDict,
};
use std::{
    ffi::{c_int, c_void},
    ptr,
};

/// What one element of each dtype is here: `with_type!(dtype, T => expression)`.
macro_rules! with_type {
    ($dtype:expr, $T:ident => $body:expr) => {{
        macro_rules! of {
            ($type:ty) => {{
                type $T = $type;
                $body
            }};
        }
        match $dtype {
            DType::Bool => of!(bool),
            DType::Int8 => of!(i8),
            DType::Int16 => of!(i16),
            DType::Int32 => of!(i32),
            DType::Int64 => of!(i64),
            DType::UInt8 => of!(u8),
            DType::UInt16 => of!(u16),
            DType::UInt32 => of!(u32),
            DType::UInt64 => of!(u64),
            DType::Float32 => of!(f32),
            DType::Float64 => of!(f64),
            DType::Complex64 => of!(Complex<f32>),
            DType::Complex128 => of!(Complex<f64>),
        }
    }};
}

/// An array of NumPy's as one of ours: one copy, into the blocks of the nodes.
pub(crate) fn upload(context: &Context, object: &Bound<'_, PyAny>) -> PyResult<Array> {
    let py = object.py();
    let name: String = object.getattr("dtype")?.getattr("name")?.extract()?;
    let found = nums_numpy::dtype_of(&Value::str(&name)).map_err(raised)?;
    let dtype = found.ok_or_else(|| PyTypeError::new_err(format!("arrays of {name}")))?;
    let shape: Vec<usize> = object.getattr("shape")?.extract()?;
    // In C order, aligned, and in the order of bytes of this machine.
    let keywords = PyDict::new(py);
    keywords.set_item("dtype", name.as_str())?;
    keywords.set_item("requirements", "CA")?;
    let packed = py.import("numpy")?.call_method("require", (object,), Some(&keywords))?;
    let mut bytes = packed.call_method1("reshape", (-1,))?.call_method1("view", ("uint8",))?;
    if dtype == DType::Bool {
        // A view of other memory as bool may hold any byte, and a bool of Rust is 0 or 1.
        bytes = bytes.call_method1("__ne__", (0,))?.call_method1("view", ("uint8",))?;
    }
    let buffer = PyBuffer::<u8>::get(&bytes)?;
    let array = with_type!(dtype, T => from_bytes::<T>(context, &buffer, &shape)?);
    Ok(context.array(array))
}

fn from_bytes<T: Element>(
    context: &Context,
    buffer: &PyBuffer<u8>,
    shape: &[usize],
) -> PyResult<DistArray> {
    let start = buffer.buf_ptr().cast::<T>();
    let size: usize = shape.iter().product();
    let fits = buffer.len_bytes() == size * size_of::<T>() && start.is_aligned();
    let wrong = |error: &dyn std::fmt::Display| PyBufferError::new_err(error.to_string());
    if !fits {
        return Err(wrong(&"the memory of the array is not as long as its shape, or not aligned"));
    }
    if size == 0 {
        let empty = ArrayD::from_shape_vec(IxDyn(shape), Vec::<T>::new());
        let empty = empty.map_err(|error| wrong(&error))?;
        return context.session().from_ndarray(&empty).map_err(|error| raised(error.into()));
    }
    // SAFETY: the buffer is held, holds `size` elements in C order from an aligned start, and its dtype, asked for by
    // name above, is that of T; bytes of bools are 0 or 1.
    let view = unsafe { ArrayViewD::from_shape_ptr(IxDyn(shape), start.cast_const()) };
    context.session().from_ndarray(&view).map_err(|error| raised(error.into()))
}

/// Fetched elements, lent to whoever asks for a buffer.
#[pyclass(frozen, module = "nums")]
pub(crate) struct Elements {
    start: *mut c_void,
    bytes: usize,
    /// What owns the memory.
    _owner: Box<dyn Send + Sync>,
}

// SAFETY: the memory belongs to `_owner`, which is Send and Sync, and lives as long as this; who writes to it holds the
// interpreter lock, as with any buffer.
unsafe impl Send for Elements {}
// SAFETY: as above.
unsafe impl Sync for Elements {}

#[pymethods]
impl Elements {
    /// # Safety
    /// Called by the interpreter, with a view to fill in.
    unsafe fn __getbuffer__(
        slf: Bound<'_, Self>,
        view: *mut ffi::Py_buffer,
        flags: c_int,
    ) -> PyResult<()> {
        if view.is_null() {
            return Err(PyBufferError::new_err("a buffer was asked for without a view"));
        }
        let elements = slf.get();
        let len = isize::try_from(elements.bytes)
            .map_err(|_| PyBufferError::new_err("the buffer is too long"))?;
        // SAFETY: the view is the caller's, and the memory lives as long as the object that the view keeps.
        let filled =
            unsafe { ffi::PyBuffer_FillInfo(view, slf.as_ptr(), elements.start, len, 0, flags) };
        if filled == 0 { Ok(()) } else { Err(PyErr::fetch(slf.py())) }
    }
}

/// All elements of an array as one of NumPy's; waits for them.
pub(crate) fn fetch(py: Python<'_>, array: &Array) -> PyResult<Py<PyAny>> {
    let present = array.read().map_err(raised)?;
    let dtype = present.dtype();
    let elements = with_type!(dtype, T => owned::<T>(array.context(), &present)?);
    let module = py.import("numpy")?;
    let shape = array.shape().to_vec();
    if elements.bytes == 0 {
        return Ok(module.call_method1("empty", (shape, dtype.name()))?.unbind());
    }
    let flat = module.call_method1("frombuffer", (Py::new(py, elements)?, dtype.name()))?;
    Ok(flat.call_method1("reshape", (shape,))?.unbind())
}

/// The elements in C order, in memory of this process.
fn owned<T: Element + Sync>(context: &Context, array: &DistArray) -> PyResult<Elements> {
    let fetched: ArrayD<T> = context.wait(array.fetch::<T>()).map_err(raised)?;
    let packed = if fetched.is_standard_layout() {
        fetched
    } else {
        fetched.as_standard_layout().into_owned()
    };
    let size = packed.len();
    let (mut elements, offset) = packed.into_raw_vec_and_offset();
    elements.drain(..offset.unwrap_or(0));
    elements.truncate(size);
    let bytes = elements.len() * size_of::<T>();
    let start = if bytes == 0 { ptr::null_mut() } else { elements.as_mut_ptr().cast() };
    Ok(Elements { start, bytes, _owner: Box::new(elements) })
}
