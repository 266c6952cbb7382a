//! Arrays against NumPy and ndarray: every case runs on 1 node and on 4, with default blocks and with tiny ones that do
//! not divide the shape.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod assigning;
mod choosing;
mod creation;
mod dtypes;
mod edges;
mod functions;
mod golden;
mod harness;
mod indexing;
mod joining;
mod linear;
mod memory;
mod nonfinite;
mod promotion;
mod rearranging;
mod reductions;
mod shapes;
mod telling;
