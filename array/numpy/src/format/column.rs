//! How the elements of one array are padded, so that they stand below each other.

use super::{
    Corners,
    float::{self, Width},
    number_str,
};
use crate::number::Number;
use nums::DType;

/// The width and form of every element of an array.
pub(super) enum Columns {
    Float(float::Columns),
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
            DType::Float32 | DType::Float64 => {
                let width = match corners.dtype {
                    DType::Float32 => Width::Single,
                    _ => Width::Double,
                };
                let values = numbers.map(|number| number.as_f64());
                Columns::Float(float::Columns::measure(values, width, corners.options))
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
            Columns::Whole { width } | Columns::Bool { width } => {
                format!("{:>width$}", number_str(number))
            }
        }
    }
}
