//! NumS: NumPy-like arrays on a peer-to-peer cluster of actors.
//!
//! A [`Session`] makes [`DistArray`]s, and operations on them build an expression. To compute an expression, the session
//! turns it into a graph of block operations and places each operation on a node by simulating the load of the cluster
//! (LSHS). [`DistArray::fetch`] reads a result.
//!
//! A program gives the same bits on any number of nodes if its sessions have the same number of logical places. Default:
//! 64 places, and more only for embedded clusters of more than 16 nodes.
//!
//! ```
//! # fn main() -> Result<(), nums::Error> {
//! let session = nums::Session::embedded(2)?;
//! let x = session.arange(0.0, 1e4, 1.0)?.reshape(&[100, 100])? / 1e4;
//! let y = &x * 2.0 + &x;
//! println!("{}", y.explain().wait()?);
//! println!("{}", x.dot(&x.t()).sum().fetch::<f64>().wait()?);
//! # Ok(())
//! # }
//! ```
//!
//! # When things run
//!
//! - Products, factorizations and sorts are submitted when they are called, and the program continues at once. Use
//!   [`Session::defer`] to combine several of them in one plan, or to see them with [`DistArray::explain`] before they run.
//! - Element-wise results, reductions, views and arrays of a formula are deferred until something needs them:
//!   [`fetch`](DistArray::fetch), [`eval`](DistArray::eval), or a product that reads them. At most 256 results are
//!   deferred; the next one submits all deferred results that the program still refers to.
//! - A deferred reduction runs with the first work that reads the same array, so one pass gives both a mean and a
//!   standard deviation.
//!
//! # What is kept
//!
//! The cost of an array decides whether the cluster keeps its blocks, not the form of the statement:
//!
//! | array | kept on the cluster |
//! |---|---|
//! | computed by [`eval`](DistArray::eval) or [`fetch`](DistArray::fetch), or marked by [`persist`](DistArray::persist) | yes |
//! | product, factorization, sort, reduction, exchange of elements | while a handle refers to it |
//! | element-wise result, random draw | when a second plan needs it and it takes at most a quarter of the memory |
//! | other formulas (`zeros`, `arange`, ...) | no: making them again is cheaper than reading them |
//! | view (transpose, slice, broadcast array) | never: it reads its base array |
//!
//! So a chain of element-wise steps takes the same memory in one statement as in five. The bits of a result depend only on
//! its expression, never on what was computed before.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `cluster` | yes | nodes in other processes, over libp2p: `Session::connect`, `Node` |
//! | `cli` | yes | the command `nums`, and what it needs |
//!
//! A program that uses embedded nodes alone builds faster with `default-features = false`.

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
mod lengths;
pub mod linalg;
mod local;
mod lower;
pub mod metrics;
pub mod models;
mod ops;
mod pending;
pub mod preprocessing;
mod promotion;
mod random;
mod refused;
mod request;
mod scalar;
mod session;
mod slices;
mod upload;
mod window;

pub use array::DistArray;
pub use axis::{Axes, AxisNumber};
pub use error::Error;
pub use explain::analysis;
pub use index::Index;
pub use io::{CsvReader, Encoding, FileError, InvalidUtf8, Table};
pub use lengths::{IntoLengths, IntoShape, Length};
pub use local::{AnyArray, Nested, ToArray};
pub use ndarray;
pub use ndarray::s;
pub use nums_actors::{
    Budget, BudgetError, ClusterError, Complex, Element, Failure, KernelError, Measured, MemberId,
    NodeStatus, OutOfMemory, Phase, PlanReport, Progress, Span, parse_bytes,
};
#[cfg(feature = "cluster")]
pub use nums_actors::{MemberStatus, Node, NodeOptions};
pub use nums_lshs::policy::PolicyName as Policy;
pub use nums_lshs::rewrite::Rules;
pub use nums_lshs::{
    ArrayId, BlockName, DType, Grid, Layout, PlaceMap, PlanError, Shape, ShapeError, UnknownDType,
    readable_bytes,
};
pub use ops::{KeepDims, OuterIter, concatenate, einsum, hstack, stack, vstack};
pub use pending::Pending;
pub use promotion::{common_type, result_type};
pub use random::Generator;
pub use refused::{ClosureOfElements, LocalIndex, MadeWithoutSession, WriteXEqualYInstead};
pub use scalar::{Operand, Scalar};
pub use session::{Session, SessionBuilder};
pub use slices::IntoSlices;
pub use window::Deferred;

/// Runs the program of the README as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
