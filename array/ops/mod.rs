//! Operations on arrays: shapes and dtypes are checked here, at the caller's line.

mod axes;
mod binary;
mod matmul;
mod operators;
mod reduce;
mod select;
mod shape;
mod ufunc;
mod unary;
