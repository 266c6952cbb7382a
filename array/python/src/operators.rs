//! Operators, the same for arrays and scalars.

use crate::{
    convert::{to_object, to_value},
    errors::raised,
    session,
};
use nums_numpy::{
    Context, Value,
    operators::{self, Binary, Comparison},
};
use pyo3::{basic::CompareOp, prelude::*};

/// The context of the first array of a call, or the current one.
pub(crate) fn context_of(py: Python<'_>, value: &Value) -> PyResult<Context> {
    match value {
        Value::Array(array) => Ok(array.context().clone()),
        _ => session::context(py),
    }
}

/// A result, whose errors are waited for where that is how the session is set.
pub(crate) fn finished(py: Python<'_>, context: &Context, value: Value) -> PyResult<Py<PyAny>> {
    context.submit(&value).map_err(raised)?;
    to_object(py, value)
}

/// `left op right`; `NotImplemented` for what is no number and no array.
pub(crate) fn binary(
    py: Python<'_>,
    operator: Binary,
    own: Value,
    other: &Bound<'_, PyAny>,
    reflected: bool,
) -> PyResult<Py<PyAny>> {
    let context = context_of(py, &own)?;
    let other = to_value(&context, other)?;
    let (left, right) = if reflected { (&other, &own) } else { (&own, &other) };
    match operators::binary(&context, operator, left, right).map_err(raised)? {
        Some(value) => finished(py, &context, value),
        None => Ok(py.NotImplemented()),
    }
}

/// `left == right` and its kin, element by element.
pub(crate) fn compare(
    py: Python<'_>,
    own: Value,
    other: &Bound<'_, PyAny>,
    operator: CompareOp,
) -> PyResult<Py<PyAny>> {
    let comparison = match operator {
        CompareOp::Lt => Comparison::Less,
        CompareOp::Le => Comparison::LessEqual,
        CompareOp::Eq => Comparison::Equal,
        CompareOp::Ne => Comparison::NotEqual,
        CompareOp::Gt => Comparison::Greater,
        CompareOp::Ge => Comparison::GreaterEqual,
    };
    let context = context_of(py, &own)?;
    let other = to_value(&context, other)?;
    let value = operators::compare(&context, comparison, &own, &other).map_err(raised)?;
    finished(py, &context, value)
}

/// The operators of a class that holds a value: `operators!(Class)`.
macro_rules! operator_methods {
    ($class:ident) => {
        $crate::operators::operator_methods!($class:
            __add__ __radd__ Add, __sub__ __rsub__ Sub, __mul__ __rmul__ Mul, __truediv__ __rtruediv__ Div,
            __floordiv__ __rfloordiv__ FloorDiv, __mod__ __rmod__ Mod, __matmul__ __rmatmul__ MatMul,
            __and__ __rand__ And, __or__ __ror__ Or, __xor__ __rxor__ Xor, __lshift__ __rlshift__ LeftShift,
            __rshift__ __rrshift__ RightShift);
    };
    ($class:ident: $($name:ident $reflected:ident $operator:ident),*) => {
        #[pymethods]
        impl $class {
            $(
                fn $name(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
                    $crate::operators::binary(
                        py, nums_numpy::operators::Binary::$operator, self.value(), other, false,
                    )
                }

                fn $reflected(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
                    $crate::operators::binary(
                        py, nums_numpy::operators::Binary::$operator, self.value(), other, true,
                    )
                }
            )*

            fn __pow__(
                &self, py: Python<'_>, other: &Bound<'_, PyAny>, modulo: &Bound<'_, PyAny>,
            ) -> PyResult<Py<PyAny>> {
                if !modulo.is_none() {
                    return Ok(py.NotImplemented());
                }
                $crate::operators::binary(
                    py, nums_numpy::operators::Binary::Pow, self.value(), other, false,
                )
            }

            fn __rpow__(
                &self, py: Python<'_>, other: &Bound<'_, PyAny>, _modulo: &Bound<'_, PyAny>,
            ) -> PyResult<Py<PyAny>> {
                $crate::operators::binary(
                    py, nums_numpy::operators::Binary::Pow, self.value(), other, true,
                )
            }

            fn __divmod__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<(Py<PyAny>, Py<PyAny>)> {
                Ok((self.__floordiv__(py, other)?, self.__mod__(py, other)?))
            }

            fn __neg__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                let value = nums_numpy::operators::negate(&self.value()).map_err($crate::errors::raised)?;
                $crate::convert::to_object(py, value)
            }

            fn __pos__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                let value = nums_numpy::operators::plus(&self.value()).map_err($crate::errors::raised)?;
                $crate::convert::to_object(py, value)
            }

            fn __invert__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                let value = nums_numpy::operators::invert(&self.value()).map_err($crate::errors::raised)?;
                $crate::convert::to_object(py, value)
            }

            fn __abs__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                let own = self.value();
                let context = $crate::operators::context_of(py, &own)?;
                let value = nums_numpy::operators::absolute(&context, &own).map_err($crate::errors::raised)?;
                $crate::convert::to_object(py, value)
            }

            fn __richcmp__(
                &self, py: Python<'_>, other: &Bound<'_, PyAny>, operator: pyo3::basic::CompareOp,
            ) -> PyResult<Py<PyAny>> {
                $crate::operators::compare(py, self.value(), other, operator)
            }

            fn __bool__(&self) -> PyResult<bool> {
                self.value().truth().map_err($crate::errors::raised)
            }

            fn __int__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                $crate::scalar::number_of(&self.value())?.to_int(py)
            }

            fn __float__(&self) -> PyResult<f64> {
                $crate::scalar::number_of(&self.value())?.to_float()
            }

            fn __complex__(&self, py: Python<'_>) -> PyResult<Py<pyo3::types::PyComplex>> {
                let value = $crate::scalar::number_of(&self.value())?.0.as_complex();
                Ok(pyo3::types::PyComplex::from_doubles(py, value.re, value.im).unbind())
            }

            fn __index__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                $crate::scalar::index_of(py, &self.value())
            }

            fn __repr__(&self) -> PyResult<String> {
                nums_numpy::text(&self.value(), nums_numpy::Style::Repr).map_err($crate::errors::raised)
            }

            fn __str__(&self) -> PyResult<String> {
                nums_numpy::text(&self.value(), nums_numpy::Style::Str).map_err($crate::errors::raised)
            }

            fn __getattr__(slf: &Bound<'_, Self>, name: &str) -> PyResult<Py<PyAny>> {
                $crate::objects::attribute(slf.as_any(), &slf.get().value(), name)
            }

            fn __dir__(&self) -> Vec<&'static str> {
                $crate::objects::attributes(&self.value())
            }

            fn __getitem__(&self, py: Python<'_>, index: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
                let own = self.value();
                let context = $crate::operators::context_of(py, &own)?;
                let index = $crate::convert::to_value(&context, index)?;
                let value = nums_numpy::subscript(&own, &index).map_err($crate::errors::raised)?;
                $crate::convert::to_object(py, value)
            }

            #[classattr]
            #[pyo3(name = "__array_priority__")]
            const ARRAY_PRIORITY: f64 = 1000.0;

            #[pyo3(signature = (ufunc, method, *inputs, **keywords))]
            fn __array_ufunc__(
                &self,
                ufunc: &Bound<'_, PyAny>,
                method: &str,
                inputs: &Bound<'_, pyo3::types::PyTuple>,
                keywords: Option<&Bound<'_, pyo3::types::PyDict>>,
            ) -> PyResult<Py<PyAny>> {
                $crate::protocol::ufunc(ufunc, method, inputs, keywords)
            }

            #[pyo3(signature = (*, api_version=None))]
            fn __array_namespace__(
                &self,
                py: Python<'_>,
                api_version: Option<&str>,
            ) -> PyResult<Py<PyAny>> {
                $crate::protocol::namespace(py, api_version)
            }

            fn __array_function__(
                &self,
                function: &Bound<'_, PyAny>,
                _types: &Bound<'_, PyAny>,
                arguments: &Bound<'_, pyo3::types::PyTuple>,
                keywords: &Bound<'_, pyo3::types::PyDict>,
            ) -> PyResult<Py<PyAny>> {
                $crate::protocol::function(function, arguments, Some(keywords))
            }
        }
    };
}
pub(crate) use operator_methods;
