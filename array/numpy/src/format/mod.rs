//! How numbers and arrays look, character for character as Python 3 and NumPy 2 show them.
//!
//! Nothing here knows an interpreter or a cluster: values in, text out. `float` writes one float,
//! `column` an element among others, and `array` lays out many.

mod array;
mod column;
mod float;

pub(crate) use array::array_string;
pub use array::{Corners, array_repr, array_str};
pub use float::{Width, float_repr};

use crate::number::Number;
use nums::Complex;

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
        Number::Int(value, _) => value.to_string(),
        Number::Float(value, dtype) => float_repr(value, Width::of(dtype)),
        Number::Complex(value, dtype) => complex_repr(value, Width::of(dtype)),
    }
}

/// Python's `repr` of a complex number: `(1+2j)`, or `2j` where the real part is 0.
pub fn complex_repr(value: Complex<f64>, width: Width) -> String {
    let part = |value: f64| {
        let text = float_repr(value, width);
        text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
    };
    let imaginary = part(value.im);
    if value.re == 0.0 && value.re.is_sign_positive() {
        return format!("{imaginary}j");
    }
    let sign = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{imaginary}j)", part(value.re))
}

/// What the prompt shows of a NumPy scalar.
pub fn number_repr(number: Number) -> String {
    let text = number_str(number);
    match number {
        // NumPy's name ends in `_` where Python's is taken.
        Number::Bool(_) => format!("np.{text}_"),
        other => {
            let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
            format!("np.{}({})", other.dtype(), inner.unwrap_or(&text))
        }
    }
}
