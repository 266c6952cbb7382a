//! NumS: NumPy-like arrays on a peer-to-peer cluster of actors.
//!
//! A [`Session`] makes [`DistArray`]s. Operations build an expression; what is to run becomes a graph of block
//! operations, each of which is placed on a node by simulating the load of the cluster (LSHS); [`DistArray::fetch`] reads
//! a result. The same program gives the same bits on any number of nodes, with the same number of
//! logical places (64, and more only for embedded clusters of more than 16 nodes, unless the session says otherwise).
//!
//! ```
//! # fn main() -> Result<(), nums::Error> {
//! let session = nums::Session::embedded(2)?;
//! let x = session.arange(0.0, 1e4, 1.0)?.reshape(&[100, 100])? / 1e4;
//! let y = &x * 2.0 + &x;
//! println!("{}", y.explain()?);
//! println!("{}", x.dot(&x.t()).sum().fetch::<f64>().wait()?);
//! # Ok(())
//! # }
//! ```
//!
//! # When things run
//!
//! - Products, factorisations and sorts are submitted when they are called, and the program goes on at once.
//!   [`Session::defer`] lets several of them become one plan, and lets [`DistArray::explain`] show them before they run.
//! - Element-wise results, reductions, views and arrays of a formula wait until something needs them:
//!   [`fetch`](DistArray::fetch), [`eval`](DistArray::eval), or a product that reads them. At most 256 wait; one more, and
//!   all that the program holds are submitted.
//! - A waiting reduction is computed with the first work that reads the same array: one pass gives a mean and a standard
//!   deviation.
//!
//! # What is kept
//!
//! What an array costs decides, not how a statement is written:
//!
//! | array | kept on the cluster |
//! |---|---|
//! | asked for by [`eval`](DistArray::eval) or [`fetch`](DistArray::fetch), or marked by [`persist`](DistArray::persist) | yes |
//! | product, factorisation, sort, reduction, exchange of elements | while a handle names it |
//! | element-wise result, random draw | when a second plan needs it and it takes at most a quarter of the memory |
//! | other formulas (`zeros`, `arange`, ...) | no: they are made again for less than reading them takes |
//! | view (transpose, slice, stretched array) | never: it reads the array that it is a view of |
//!
//! A chain of element-wise steps therefore holds the same memory in one statement as in five. The bits of a result depend
//! on its expression alone, never on what else was computed before.

mod array;
mod axis;
mod compute;
mod create;
mod error;
mod explain;
mod expression;
mod finite;
pub mod for_numpy_users;
mod index;
mod io;
pub mod linalg;
mod lower;
pub mod metrics;
pub mod models;
mod ops;
mod pending;
pub mod preprocessing;
mod promotion;
mod random;
mod scalar;
mod session;
mod upload;
mod window;

pub use array::DistArray;
pub use error::Error;
pub use explain::analysis;
pub use index::Index;
pub use io::{CsvReader, Encoding, FileError, InvalidUtf8, Table};
pub use nums_actors::{
    Budget, BudgetError, ClusterError, Complex, Element, Failure, KernelError, Measured, MemberId,
    NodeStatus, OutOfMemory, PlanReport, Progress, Span, parse_bytes,
};
#[cfg(feature = "cluster")]
pub use nums_actors::{MemberStatus, Node, NodeOptions};
pub use nums_lshs::rewrite::Rules;
pub use nums_lshs::{DType, Grid, Layout, PlaceMap, PlanError, Shape, ShapeError, readable_bytes};
pub use ops::{concatenate, einsum, hstack, stack, vstack};
pub use pending::Pending;
pub use promotion::result_type;
pub use random::Generator;
pub use scalar::{Operand, Scalar};
pub use session::{Session, SessionBuilder};
pub use window::Deferred;

/// The program of the README runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
