//! The errors of block operations.

use crate::OutOfMemory;
use nums_lshs::DType;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A block operation that failed. The caller who waits for the array gets this error unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum KernelError {
    /// The inputs do not match the operation: a bug of the planner, or a peer that breaks the protocol.
    #[error("{op}: invalid inputs: {reason}")]
    Inputs {
        /// The operation.
        op: String,
        /// What does not match.
        reason: String,
    },
    /// There is no kernel for this operation at this dtype.
    #[error("{op} has no kernel for {dtype}")]
    Unsupported {
        /// The operation.
        op: String,
        /// The element type.
        dtype: DType,
    },
    /// An integer to a negative power.
    #[error("integers to negative integer powers are not allowed")]
    NegativePower,
    /// A matrix that is not positive definite to working precision.
    #[error("the matrix is not positive definite: pivot {pivot} is not positive")]
    NotPositiveDefinite {
        /// The first pivot that is 0 or negative.
        pivot: usize,
    },
    /// A triangular factor has a zero on its diagonal, so the system has no unique solution.
    #[error("the matrix is singular: pivot {pivot} is zero")]
    Singular {
        /// The first pivot that is zero.
        pivot: usize,
    },
    /// A mask has a different number of true elements than counted before.
    #[error("expected a mask with {expected} true elements, got {found}")]
    Count {
        /// The number counted before.
        expected: usize,
        /// The number found.
        found: usize,
    },
    /// A position is not on the axis.
    #[error("index {index} is out of bounds for axis {axis} with size {len}")]
    IndexOutOfBounds {
        /// The position.
        index: i64,
        /// The axis.
        axis: usize,
        /// The length of the axis.
        len: usize,
    },
    /// The system has no memory left for the result or for the work space of the kernel.
    #[error(transparent)]
    OutOfMemory(#[from] OutOfMemory),
    /// An operation with a cost but without a kernel: its graph can be planned, not run.
    #[error("{op} has a cost but no kernel: it can be planned, not run")]
    CostOnly {
        /// The operation.
        op: String,
    },
}
