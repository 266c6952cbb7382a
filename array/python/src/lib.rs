//! The native half of the Python package `nums`: Python's objects become the values of `nums-numpy`, which has all that
//! NumPy means.
//!
//! `convert` turns objects into values and back, `array`, `scalar` and `objects` are the classes, `protocol` answers
//! NumPy when it meets our arrays, `session` has the clusters, and `errors` the exceptions.

#![allow(missing_docs, reason = "the macros of PyO3 make items that cannot have docs")]

mod array;
mod convert;
mod errors;
mod memory;
mod objects;
mod operators;
mod protocol;
mod scalar;
mod session;

use pyo3::prelude::*;

#[pymodule]
mod _nums {
    #[pymodule_export]
    use super::array::PyArray;
    #[pymodule_export]
    use super::objects::{Function, Generator, Model, Philox, Table, member, names};
    #[pymodule_export]
    use super::scalar::PyScalar;
    #[pymodule_export]
    use super::session::{Cluster, connect, explain, nodes, set_lazy_errors, status, switch};
}
