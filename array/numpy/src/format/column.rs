//! How the elements of one array are padded, so that they stand below each other.

use super::{
    Corners,
    float::{self, Signs, Width},
    number_str,
};
use crate::number::Number;
use nums::DType;

/// The width and form of every element of an array.
pub(super) enum Columns {
    Float(float::Columns),
    /// The real parts, and the imaginary ones, which have a sign always.
    Complex(float::Columns, float::Columns),
    /// As wide as the widest.
    Whole {
        width: usize,
    },
    /// As wide as `False`, but for an array without axes.
    Bool {
        width: usize,
    },
}

impl Columns {
    /// Measures the elements that will be shown.
    pub(super) fn measure(corners: &Corners) -> Columns {
        let numbers = corners.values.iter();
        match corners.dtype {
            DType::Bool => Columns::Bool { width: if corners.shape.is_empty() { 0 } else { 5 } },
            dtype @ (DType::Float32 | DType::Float64) => {
                let values = numbers.map(|number| number.as_f64());
                let width = Width::of(dtype);
                Columns::Float(float::Columns::measure(
                    values,
                    width,
                    Signs::Negative,
                    corners.options,
                ))
            }
            dtype @ (DType::Complex64 | DType::Complex128) => {
                let (width, options) = (Width::of(dtype), corners.options);
                let real = numbers.clone().map(|number| number.as_complex().re);
                let real = float::Columns::measure(real, width, Signs::Negative, options);
                let imaginary = numbers.map(|number| number.as_complex().im);
                let imaginary = float::Columns::measure(imaginary, width, Signs::All, options);
                Columns::Complex(real, imaginary)
            }
            _ => {
                let widths = numbers.map(|number| number_str(*number).len());
                Columns::Whole { width: widths.max().unwrap_or(0) }
            }
        }
    }

    /// The element, padded to the width of its column.
    pub(super) fn write(&self, number: Number) -> String {
        match self {
            Columns::Float(columns) => columns.write(number.as_f64()),
            Columns::Complex(real, imaginary) => {
                let value = number.as_complex();
                let imaginary = imaginary.write(value.im);
                // The unit stands before the spaces that pad the digits.
                let digits = imaginary.trim_end();
                let pad = " ".repeat(imaginary.len() - digits.len());
                format!("{}{digits}j{pad}", real.write(value.re))
            }
            Columns::Whole { width } | Columns::Bool { width } => {
                format!("{:>width$}", number_str(number))
            }
        }
    }
}
