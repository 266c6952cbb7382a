//! The library's errors under Python's names, with NumPy's words where they differ.

use crate::{error::Error, kind::Kind};
use nums::{ClusterError, DType, KernelError, ShapeError};
use std::fmt;

impl From<nums::Error> for Error {
    fn from(error: nums::Error) -> Error {
        if let nums::Error::File(file) = &error {
            return crate::file_error::told(file).caused_by(error);
        }
        let (kind, message) = match error.kernel().and_then(refused) {
            Some((kind, message)) => (kind, message.to_owned()),
            None => told(&error),
        };
        Error::new(kind, message).caused_by(error)
    }
}

/// The kind of an exception for an error of the library, and its words.
fn told(error: &nums::Error) -> (Kind, String) {
    match error {
        nums::Error::ShapeMismatch { op: "matmul", left, right } => {
            (Kind::Value, format!("matmul: {}", core_mismatch(left, right)))
        }
        nums::Error::NotSquare { op, shape } | nums::Error::NotMatrix { op, shape } => {
            no_matrix(op, shape)
        }
        nums::Error::ShapeMismatch { op: "solve", left, right } => {
            (Kind::Value, unsolvable(left, right))
        }
        nums::Error::Shape(ShapeError::Broadcast { left, right }) => (
            Kind::Value,
            // The space at the end is NumPy's.
            format!(
                "operands could not be broadcast together with shapes {} {} ",
                shape_text(left),
                shape_text(right)
            ),
        ),
        nums::Error::Reshape { size, into } => {
            // The length that is to be found is NumPy's `newaxis`.
            let into = shape_text(into).replace("-1", "newaxis");
            (Kind::Value, format!("cannot reshape array of size {size} into shape {into}"))
        }
        nums::Error::RepeatedAxis { .. } => (Kind::Value, "duplicate value in 'axis'".to_owned()),
        nums::Error::Range { .. } => (Kind::Value, "arange: cannot compute length".to_owned()),
        nums::Error::AxisOutOfRange { .. } => (Kind::Axis, error.to_string()),
        nums::Error::IndexOutOfBounds { .. }
        | nums::Error::TooManyIndices { .. }
        | nums::Error::RepeatedEllipsis => (Kind::Index, error.to_string()),
        nums::Error::Shape(_)
        | nums::Error::ShapeMismatch { .. }
        | nums::Error::Axes { .. }
        | nums::Error::ZeroStep
        | nums::Error::Session { .. } => (Kind::Value, error.to_string()),
        nums::Error::UndefinedFor { op, dtype } => (Kind::Type, undefined(op, *dtype)),
        nums::Error::ScalarOutOfBounds { value, dtype } => {
            (Kind::Overflow, format!("Python integer {value} out of bounds for {dtype}"))
        }
        nums::Error::NegativePower { .. } => (Kind::Value, NEGATIVE_POWER.to_owned()),
        nums::Error::DType { .. } => (Kind::Type, error.to_string()),
        nums::Error::Cluster(ClusterError::Cancelled) => {
            let message =
                "this was to be made by work that Ctrl-C has ended: run its statement again";
            (Kind::Runtime, message.to_owned())
        }
        nums::Error::Cluster(
            ClusterError::OutOfMemory { .. } | ClusterError::ExceedsMemory { .. },
        )
        | nums::Error::OutOfMemory(_) => (Kind::Memory, error.to_string()),
        // The words of scikit-learn.
        nums::Error::Features { .. } => (Kind::Value, format!("{error}.")),
        nums::Error::ContainsNan { input } => {
            (Kind::Value, format!("Input{} contains NaN.", argument(input)))
        }
        nums::Error::ContainsInfinity { input, dtype } => {
            let input = argument(input);
            let message = format!(
                "Input{input} contains infinity or a value too large for dtype('{dtype}')."
            );
            (Kind::Value, message)
        }
        nums::Error::Overflow { .. } => (Kind::Overflow, error.to_string()),
        nums::Error::Parameter { .. } | nums::Error::Labels { .. } | nums::Error::NoRows { .. } => {
            (Kind::Value, error.to_string())
        }
        _ if matches!(error.kernel(), Some(KernelError::OutOfMemory(_))) => {
            (Kind::Memory, error.to_string())
        }
        _ => (Kind::Runtime, error.to_string()),
    }
}

/// NumPy's words for what a kernel refuses because of the numbers that it is given.
fn refused(error: &KernelError) -> Option<(Kind, String)> {
    let (kind, text) = match error {
        KernelError::Singular { .. } => (Kind::LinAlg, "Singular matrix"),
        KernelError::NotPositiveDefinite { .. } => {
            (Kind::LinAlg, "Matrix is not positive definite")
        }
        KernelError::IndexOutOfBounds { .. } => return Some((Kind::Index, error.to_string())),
        KernelError::NegativePower => (Kind::Value, NEGATIVE_POWER),
        // The rest is no fault of the numbers.
        _ => return None,
    };
    Some((kind, text.to_owned()))
}

/// NumPy's words for an integer to a power below 0.
pub(crate) const NEGATIVE_POWER: &str = "Integers to negative integer powers are not allowed.";

/// The name of an argument as scikit-learn's messages have it, which is that of X and y alone.
fn argument(input: &str) -> String {
    if matches!(input, "X" | "y") { format!(" {input}") } else { String::new() }
}

/// NumPy's words for a function that a type does not have.
pub(crate) fn undefined(op: &str, dtype: DType) -> String {
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

/// What NumPy says of an array that `numpy.linalg` cannot take; of a stack of matrices it would take each one.
fn no_matrix(op: &str, shape: &[usize]) -> (Kind, String) {
    match shape {
        [.., rows, columns] if shape.len() > 2 && (rows == columns || op == "qr") => {
            let shape = shape_text(shape);
            let message =
                format!("{op} of a stack of matrices, here of shape {shape}, is not supported");
            (Kind::NotImplemented, message)
        }
        [_, _, ..] => (Kind::LinAlg, "Last 2 dimensions of the array must be square".to_owned()),
        _ => {
            let axes = shape.len();
            let message =
                format!("{axes}-dimensional array given. Array must be at least two-dimensional");
            (Kind::LinAlg, message)
        }
    }
}

/// What NumPy says of a right side that does not belong to a matrix.
fn unsolvable(matrix: &[usize], side: &[usize]) -> String {
    let order = matrix.first().copied().unwrap_or(0);
    let (name, signature) = match side.len() {
        1 => ("solve1", "(m,m),(m)->(m)"),
        _ => ("solve", "(m,m),(m,n)->(m,n)"),
    };
    match side.first() {
        Some(rows) => format!(
            "{name}: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature {signature} \
             (size {rows} is different from {order})"
        ),
        None => format!(
            "{name}: Input operand 1 does not have enough dimensions (has 0, gufunc core with signature {signature} \
             requires 2)"
        ),
    }
}

/// NumPy's words for a product whose inner lengths differ.
pub(crate) fn core_mismatch(left: &[usize], right: &[usize]) -> String {
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
