//! NumS: NumPy-like arrays on a peer-to-peer cluster of actors.
//!
//! A [`Session`] makes [`DistArray`]s. Operations build a lazy expression; [`DistArray::fetch`] turns it into a graph
//! of block operations, places each of them on a node by simulating the load of the cluster (LSHS), runs the plan, and
//! reads the result. The same program gives the same bits on any number of nodes, with the same number of
//! logical places (64, and more only for embedded clusters of more than 16 nodes, unless the session says otherwise).
//!
//! ```
//! # fn main() -> Result<(), nums::Error> {
//! let session = nums::Session::embedded(2)?;
//! let x = session.arange(0.0, 1e4, 1.0)?.reshape(&[100, 100])? / 1e4;
//! let y = x.dot(&x.t()) + &x;
//! println!("{}", y.explain()?);
//! println!("{}", y.sum().fetch::<f64>().wait()?);
//! # Ok(())
//! # }
//! ```

mod array;
mod axis;
mod compute;
mod create;
mod error;
mod explain;
mod expression;
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
pub use io::{CsvReader, FileError, Table};
pub use nums_actors::{
    ClusterError, Element, Failure, Measured, MemberId, MemberStatus, Node, NodeOptions,
    NodeStatus, PlanReport, Progress, Span,
};
pub use nums_lshs::rewrite::Rules;
pub use nums_lshs::{DType, Grid, Layout, PlaceMap, PlanError, Shape, ShapeError};
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
