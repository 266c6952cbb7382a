//! Operations on arrays. They check shapes and dtypes when they are called.

mod assign;
mod axes;
mod binary;
mod broadcast;
mod choose;
mod close;
mod complex;
mod contract;
mod convolve;
mod diagonal;
mod flip;
mod join;
mod matmul;
mod mesh;
mod ndarray;
mod neighbours;
mod operators;
mod pad;
mod quantile;
mod rechunk;
mod reduce;
mod select;
mod shape;
mod statistics;
mod ufunc;
mod unary;
mod vectors;

pub use contract::einsum;
pub use convolve::Overlap;
pub use join::{concatenate, hstack, stack, vstack};
pub use mesh::meshgrid;
pub use ndarray::OuterIter;
pub use pad::Pad;
pub use quantile::Quantile;
pub use reduce::KeepDims;
pub(crate) use ufunc::elementwise_dtype;
