//! How numbers and arrays look, character for character as Python 3 and NumPy 2 show them.
//!
//! Nothing here knows an interpreter or a cluster: values in, text out. `float` writes one number,
//! `array` lays out many.

mod array;
mod float;

pub(crate) use array::{Corners, EDGE_ITEMS, SUMMARY_THRESHOLD, array_repr, array_str};
pub(crate) use float::float_repr;
