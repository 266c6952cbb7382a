//! Operations on arrays: shapes are checked here, at the caller's line.

mod elementwise;
mod matmul;
mod reduce;
mod shape;
