//! How numbers and arrays look, character for character as Python 3 and NumPy 2 show them.
//!
//! Nothing here knows an interpreter or a cluster: values in, text out. `float` writes one float,
//! `column` an element among others, and `array` lays out many.

mod array;
mod column;
mod float;

pub use array::{Corners, array_repr, array_str};
pub use float::{Width, float_repr};

use crate::number::Number;

/// How arrays are shown: what `np.set_printoptions` sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The most digits after the point.
    pub precision: usize,
    /// An array with more elements is summarised.
    pub threshold: usize,
    /// How many items a summarised axis shows at each end.
    pub edge_items: usize,
    /// The longest line.
    pub line_width: usize,
    /// Whether small numbers are written without an exponent.
    pub suppress: bool,
}

impl Default for Options {
    /// NumPy's own.
    fn default() -> Options {
        Options { precision: 8, threshold: 1000, edge_items: 3, line_width: 75, suppress: false }
    }
}

/// What `print` shows of a NumPy scalar.
pub fn number_str(number: Number) -> String {
    match number {
        Number::Bool(value) => if value { "True" } else { "False" }.to_owned(),
        Number::Int32(value) => value.to_string(),
        Number::Int64(value) => value.to_string(),
        Number::Float32(value) => float_repr(f64::from(value), Width::Single),
        Number::Float64(value) => float_repr(value, Width::Double),
    }
}

/// What the prompt shows of a NumPy scalar.
pub fn number_repr(number: Number) -> String {
    let text = number_str(number);
    match number {
        // NumPy's name ends in `_` where Python's is taken.
        Number::Bool(_) => format!("np.{text}_"),
        other => format!("np.{}({text})", other.dtype()),
    }
}
