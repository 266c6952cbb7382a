//! The library's errors under Python's names, with NumPy's words where they differ.

use crate::exception::{Exception, Kind};
use nums::{ClusterError, DType, Error, Failure, ShapeError};
use std::fmt;

impl From<Error> for Exception {
    fn from(error: Error) -> Exception {
        let (kind, message) = match &error {
            Error::ShapeMismatch { op: "matmul", left, right } => {
                (Kind::Value, format!("matmul: {}", core_mismatch(left, right)))
            }
            Error::Shape(ShapeError::Broadcast { left, right }) => (
                Kind::Value,
                // The space at the end is NumPy's.
                format!(
                    "operands could not be broadcast together with shapes {} {} ",
                    shape_text(left),
                    shape_text(right)
                ),
            ),
            Error::Reshape { size, into } => {
                // The length that is to be found is NumPy's `newaxis`.
                let into = shape_text(into).replace("-1", "newaxis");
                (Kind::Value, format!("cannot reshape array of size {size} into shape {into}"))
            }
            Error::RepeatedAxis { .. } => (Kind::Value, "duplicate value in 'axis'".to_owned()),
            Error::Range { .. } => (Kind::Value, "arange: cannot compute length".to_owned()),
            Error::AxisOutOfRange { .. } => (Kind::Axis, error.to_string()),
            Error::IndexOutOfBounds { .. }
            | Error::TooManyIndices { .. }
            | Error::RepeatedEllipsis => (Kind::Index, error.to_string()),
            Error::Shape(_)
            | Error::ShapeMismatch { .. }
            | Error::Axes { .. }
            | Error::ZeroStep
            | Error::Session { .. } => (Kind::Value, error.to_string()),
            Error::UndefinedFor { op, dtype } => (Kind::Type, undefined(op, *dtype)),
            Error::ScalarOutOfBounds { value, dtype } => {
                (Kind::Overflow, format!("Python integer {value} out of bounds for {dtype}"))
            }
            Error::NegativePower { .. } => {
                (Kind::Value, "Integers to negative integer powers are not allowed.".to_owned())
            }
            Error::DType { .. } => (Kind::Type, error.to_string()),
            Error::Cluster(ClusterError::Cancelled) => {
                let message =
                    "this was to be made by work that Ctrl-C has ended: run its statement again";
                (Kind::Runtime, message.to_owned())
            }
            Error::Cluster(ClusterError::Task {
                failure: Failure::Kernel { story, .. }, ..
            }) if story.contains("is singular") => (Kind::LinAlg, "Singular matrix".to_owned()),
            Error::Cluster(ClusterError::Task {
                failure: Failure::Kernel { story, .. }, ..
            }) if story.contains("not positive definite") => {
                (Kind::LinAlg, "Matrix is not positive definite".to_owned())
            }
            Error::NotSquare { .. } => {
                (Kind::LinAlg, "Last 2 dimensions of the array must be square".to_owned())
            }
            Error::Cluster(
                ClusterError::OutOfMemory { .. } | ClusterError::ExceedsMemory { .. },
            )
            | Error::OutOfMemory(_) => (Kind::Memory, error.to_string()),
            Error::Cluster(ClusterError::Task {
                failure: Failure::Kernel { story, .. }, ..
            }) if story.contains("of memory left") => (Kind::Memory, error.to_string()),
            Error::File(_) => (Kind::Os, error.to_string()),
            Error::Parameter { .. }
            | Error::Labels { .. }
            | Error::NotFinite { .. }
            | Error::NoRows { .. }
            | Error::NotMatrix { .. } => (Kind::Value, error.to_string()),
            _ => (Kind::Runtime, error.to_string()),
        };
        Exception::new(kind, message)
    }
}

/// NumPy's words for a function that a type does not have.
fn undefined(op: &str, dtype: DType) -> String {
    match (op, dtype) {
        ("subtract", DType::Bool) => "numpy boolean subtract, the `-` operator, is not supported, \
                                      use the bitwise_xor, the `^` operator, or the logical_xor \
                                      function instead."
            .to_owned(),
        ("negative", DType::Bool) => "The numpy boolean negative, the `-` operator, is not \
                                      supported, use the `~` operator or the logical_not function \
                                      instead."
            .to_owned(),
        _ => format!(
            "ufunc '{op}' not supported for the input types, and the inputs could not be safely \
             coerced to any supported types according to the casting rule ''safe''"
        ),
    }
}

/// NumPy's words for a product whose inner lengths differ.
fn core_mismatch(left: &[usize], right: &[usize]) -> String {
    let inner = left.last().copied().unwrap_or(0);
    let outer = right.get(right.len().saturating_sub(2)).copied().unwrap_or(0);
    format!(
        "Input operand 1 has a mismatch in its core dimension 0, with gufunc signature \
         (n?,k),(k,m?)->(n?,m?) (size {outer} is different from {inner})"
    )
}

/// A shape as NumPy's messages write it: no spaces, a comma behind a single length.
pub(crate) fn shape_text<T: fmt::Display>(shape: &[T]) -> String {
    match shape {
        [only] => format!("({only},)"),
        _ => format!("({})", shape.iter().map(T::to_string).collect::<Vec<_>>().join(",")),
    }
}
