//! Why a block operation could not be computed.

use crate::OutOfMemory;
use nums_lshs::DType;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A block operation that failed. It travels as it is to whoever waits for what the block belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum KernelError {
    /// The inputs do not fit the operation: a bug of the planner, or a peer that breaks the protocol.
    #[error("{op} cannot take its inputs: {story}")]
    Inputs {
        /// The operation.
        op: String,
        /// What does not fit.
        story: String,
    },
    /// There is no kernel for this operation at this dtype.
    #[error("{op} has no kernel for {dtype}")]
    Unsupported {
        /// The operation.
        op: String,
        /// The element type.
        dtype: DType,
    },
    /// An integer cannot be raised to a negative power: the result is no integer.
    #[error("integers to negative integer powers are not allowed")]
    NegativePower,
    /// A matrix that should be positive definite is not, as far as its numbers tell.
    #[error("the matrix is not positive definite: pivot {pivot} is not positive")]
    NotPositiveDefinite {
        /// The first pivot that is 0 or negative.
        pivot: usize,
    },
    /// A triangular factor has a zero on its diagonal, so that there is no unique solution.
    #[error("the matrix is singular: pivot {pivot} is zero")]
    Singular {
        /// The first pivot that is zero.
        pivot: usize,
    },
    /// A mask has another number of true elements than was counted before.
    #[error("the mask has {found} true elements, and {expected} were counted")]
    Count {
        /// The number that was promised.
        expected: usize,
        /// The number that there is.
        found: usize,
    },
    /// The system has no memory left for the result, or for what is needed to compute it.
    #[error(transparent)]
    OutOfMemory(#[from] OutOfMemory),
    /// Only the cost of the operation is known: its graph was made to be planned, not run.
    #[error("{op} can only be planned: what it computes is not known")]
    CostOnly {
        /// The operation.
        op: String,
    },
}
