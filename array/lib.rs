//! NumS: NumPy-like arrays on a peer-to-peer cluster of actors.
//!
//! A [`Session`] makes [`DistArray`]s, and operations on them build an expression. To compute an expression, the session
//! turns it into a graph of block operations and places each operation on a node by simulating the load of the cluster
//! (LSHS). [`DistArray::fetch`] and its relatives read a result.
//!
//! ```
//! # fn main() -> Result<(), nums::Error> {
//! let session = nums::Session::embedded(2)?;
//! let x = session.arange(0.0, 1e4, 1.0)?.reshape((100, 100))? / 1e4;
//! let y = x.matmul(&x.t()) + &x;
//! println!("{}", y.explain().wait()?);
//! let total: f64 = y.sum().item().wait()?;
//! # assert!(total > 0.0);
//! # Ok(())
//! # }
//! ```
//!
//! Users of ndarray find their lines in [`for_ndarray_users`], users of NumPy in [`for_numpy_users`].
//!
//! # Sessions
//!
//! - [`Session::new`] and [`Session::embedded`] start nodes in this process. Together they have its cores, and at most 80 %
//!   of the memory of the machine or its control group. [`Session::builder`] has all options.
//! - [`Session::connect`] joins a cluster of node processes with a ticket of `nums up` (feature `cluster`). [`Node`] is such
//!   a node as a library.
//! - A session places work on *nodes*. A node runs tasks on its *workers*, one thread each. *Places* are logical: an array
//!   is cut for them, and each node holds some of them. A program gives the same bits on any number of nodes and workers if
//!   its sessions have the same number of places. Default: 64 places, and more only for embedded clusters of more than 16
//!   nodes.
//! - There is no session in the background: every array belongs to one, which is passed or taken from
//!   [`DistArray::session`].
//!
//! # Panics and errors
//!
//! There is one rule:
//! - Operators, and methods with the name of an operator or of a function that cannot fail in ndarray or NumPy (`exp`,
//!   `maximum`, `matmul`, `min`, `row`, `clamp`, ...), give an array. On operands that do not match they panic at the
//!   caller's line, with the message of the error.
//! - A form `try_...` of each of them returns the error.
//! - Everything else that can fail returns a [`Result`], or a [`Pending`] if it waits for the cluster. There is no third
//!   kind.
//!
//! Shapes and dtypes are checked at the call. What fails on the cluster (a singular matrix, a lost node) is an error of the
//! `Pending` that needs it.
//!
//! # Waiting
//!
//! Everything that waits is a [`Pending`]. [`wait`](Pending::wait) blocks the thread, where threads may block; in async code
//! `.await` it.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! let session = nums::Session::new()?;
//! # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! # runtime.block_on(async {
//! let x = session.ones((100, 100))?;
//! let total = x.sum().item::<f64>().within(Duration::from_secs(10)).await?;
//! # assert_eq!(total, 1e4);
//! # Ok::<(), nums::Error>(())
//! # })?;
//! # Ok(())
//! # }
//! ```
//!
//! A session admits 256 requests at a time, and the others wait in order. [`within`](Pending::within) sets a deadline,
//! [`cancel`](Pending::cancel) cancels one request and leaves its inputs and all other requests alone, and
//! [`cancel_on_drop`](Pending::cancel_on_drop) does so when a caller goes away. The example `service` answers 5,000 requests
//! at once.
//!
//! # Models
//!
//! ```
//! # fn main() -> Result<(), nums::Error> {
//! use nums::{models::LogisticRegression, preprocessing::StandardScaler};
//! let session = nums::Session::embedded(2)?;
//! let x = session.random(1).normal(5.0, 2.0, (1000, 3))?;
//! let y = x.column(0).greater(5.0).astype(nums::DType::Float64)?;
//! let x = StandardScaler::new().fit(&x).wait()?.transform(&x)?;
//! let model = LogisticRegression::new().fit(&x, &y).wait()?;
//! assert!(model.score(&x, &y).wait()? > 0.9 && model.coefficients[0] > 0.0);
//! # Ok(())
//! # }
//! ```
//!
//! [`models`] has linear and logistic regression, [`preprocessing`] scalers and splits, [`metrics`] what a fit is judged
//! by, and [`linalg`] factorizations and solutions. Files: [`Session::read_csv`], [`Session::read_npy`],
//! [`DistArray::write_npy`].
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
//! | `cli` | yes | the command `nums`, and what it needs; includes `cluster` |
//! | `faer` | no | arrays of matrices of faer: `session.array(&mat)?` |
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
pub mod for_ndarray_users;
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
pub use ops::{
    KeepDims, OuterIter, Overlap, Pad, Quantile, concatenate, einsum, hstack, meshgrid, stack,
    vstack,
};
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
