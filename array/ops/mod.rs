//! Operations on arrays. They check shapes and dtypes when they are called.

mod assign;
mod axes;
mod binary;
mod broadcast;
mod choose;
mod complex;
mod contract;
mod join;
mod matmul;
mod ndarray;
mod operators;
mod quantile;
mod rechunk;
mod reduce;
mod select;
mod shape;
mod ufunc;
mod unary;

pub use contract::einsum;
pub use join::{concatenate, hstack, stack, vstack};
pub use ndarray::OuterIter;
pub use reduce::KeepDims;
pub(crate) use ufunc::elementwise_dtype;
