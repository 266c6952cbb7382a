//! What can be wrong with an index, in NumPy's words.

use crate::wording::shape_text;
use std::fmt;

/// What is wrong with an index, or with a value that is written to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// More axes are named than there are.
    TooMany { ndim: usize, given: usize },
    /// Two ellipses.
    Ellipses,
    /// A position that the axis does not have.
    OutOfBounds { position: isize, axis: usize, len: usize },
    /// A mask that is longer or shorter than the axis.
    Mask { axis: usize, len: usize, found: usize },
    /// Arrays of positions that do not broadcast together.
    Positions { shapes: Vec<Vec<usize>> },
    /// A value that does not broadcast to what lists and masks name.
    Value { value: Vec<usize>, target: Vec<usize> },
    /// A value that does not broadcast to a view.
    View { value: Vec<usize>, target: Vec<usize> },
    /// As many values as a mask has true elements are needed.
    MaskValues { values: usize, places: usize },
    /// A value of several axes for a mask of the whole array.
    MaskAxes { ndim: usize },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::TooMany { ndim, given } => write!(
                f,
                "too many indices for array: array is {ndim}-dimensional, but {given} were indexed"
            ),
            Fault::Ellipses => f.write_str("an index can only have a single ellipsis ('...')"),
            Fault::OutOfBounds { position, axis, len } => {
                write!(f, "index {position} is out of bounds for axis {axis} with size {len}")
            }
            Fault::Mask { axis, len, found } => write!(
                f,
                "boolean index did not match indexed array along axis {axis}; size of axis is {len} \
                 but size of corresponding boolean axis is {found}"
            ),
            Fault::Positions { shapes } => {
                f.write_str(
                    "shape mismatch: indexing arrays could not be broadcast together with shapes ",
                )?;
                // The space at the end is NumPy's.
                shapes.iter().try_for_each(|shape| write!(f, "{} ", shape_text(shape)))
            }
            Fault::Value { value, target } => write!(
                f,
                "shape mismatch: value array of shape {} could not be broadcast to indexing result \
                 of shape {}",
                shape_text(value),
                shape_text(target)
            ),
            Fault::View { value, target } => write!(
                f,
                "could not broadcast input array from shape {} into shape {}",
                shape_text(value),
                shape_text(target)
            ),
            Fault::MaskValues { values, places } => write!(
                f,
                "NumPy boolean array indexing assignment cannot assign {values} input values to the \
                 {places} output values where the mask is true"
            ),
            Fault::MaskAxes { ndim } => write!(
                f,
                "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input \
                 has {ndim} dimensions"
            ),
        }
    }
}
