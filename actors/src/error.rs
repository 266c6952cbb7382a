//! The errors of a cluster.

use crate::MemberId;
use nums_kernels::KernelError;
use nums_lshs::{BlockName, PlanError};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use thiserror::Error;

/// A request that failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// The plan could not be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A task failed, and with it the plan.
    #[error("{failure} (on {node})")]
    Task {
        /// The node that ran it.
        node: MemberId,
        /// What happened.
        failure: Failure,
    },
    /// A node was lost that had blocks or tasks of the request.
    #[error("lost {node}, which had blocks or tasks of this request: {reason}")]
    NodeLost {
        /// The node.
        node: MemberId,
        /// How it was lost.
        reason: String,
    },
    /// A plan needs more memory than a node can give it.
    #[error(
        "not enough memory: the plan needs {need_bytes} bytes on {node}, which has {free_bytes} of {budget_bytes} bytes \
         free"
    )]
    OutOfMemory {
        /// The first array of the plan.
        array: u64,
        /// The node that lacks the most memory, or the first that refused.
        node: MemberId,
        /// The additional bytes that the plan needs there.
        need_bytes: u64,
        /// The bytes that are free.
        free_bytes: u64,
        /// All bytes that the node may use.
        budget_bytes: u64,
    },
    /// A plan needs more memory at a time than a node's budget. It is refused before it runs.
    #[error(
        "exceeds the memory: the plan needs {need_bytes} bytes at a time on {node}, whose budget is {budget_bytes} bytes"
    )]
    ExceedsMemory {
        /// The first array of the plan.
        array: u64,
        /// The node that lacks the most memory.
        node: MemberId,
        /// The bytes that its part needs at once.
        need_bytes: u64,
        /// All bytes that it may use.
        budget_bytes: u64,
    },
    /// The work was cancelled, or it reads the result of cancelled work.
    #[error("cancelled")]
    Cancelled,
    /// A deadline has passed.
    #[error("deadline of {after:?} exceeded: {phase}")]
    Timeout {
        /// How far it was.
        phase: Phase,
        /// How long was allowed.
        after: Duration,
    },
    /// An array that was never made or has been released.
    #[error("array a{0} is not on the cluster")]
    UnknownArray(
        /// The array.
        u64,
    ),
    /// A message to a member could not be sent.
    #[error("cannot reach {to}: {reason}")]
    Unreachable {
        /// The member.
        to: MemberId,
        /// The cause.
        reason: String,
    },
    /// A node was asked to drain and could not.
    #[error("cannot drain {node}: {reason}")]
    NotDrained {
        /// The given name of the node.
        node: String,
        /// The cause.
        reason: String,
    },
    /// The cluster could not be formed or joined.
    #[error("{0}")]
    Join(
        /// The reason.
        String,
    ),
    /// The queue of the driver is full. Try again.
    #[error("the session is busy: the queue of its driver is full; try again")]
    Busy,
    /// The driver of the session has stopped.
    #[error("the session has ended")]
    SessionEnded,
}

/// The phase of a request when its deadline passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Phase {
    /// Earlier work of the session had not begun.
    #[error("it was waiting for earlier work to begin")]
    Queued,
    /// The nodes had not granted its memory.
    #[error("it was waiting for memory on the nodes")]
    Reserving,
    /// The driver, or nodes that it had asked, had not answered.
    #[error("it was waiting for an answer")]
    Asking,
    /// The nodes were computing.
    #[error("it was running")]
    Running,
    /// The result was computed, and the client was reading its blocks.
    #[error("its blocks were being read")]
    Reading,
}

/// Why a node could not execute its part of a plan. Messages name operations but not blocks, because block names are
/// internal.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Failure {
    /// A kernel refused its inputs.
    #[error("{op}: {error}")]
    Kernel {
        /// The block that the task computes.
        block: BlockName,
        /// The operation.
        op: String,
        /// The error of the kernel.
        error: KernelError,
    },
    /// A kernel panicked. The node keeps running.
    #[error("{op}: the kernel panicked: {reason}")]
    KernelPanicked {
        /// The block that the task computes.
        block: BlockName,
        /// The operation.
        op: String,
        /// The panic's message.
        reason: String,
    },
    /// A block could not be transferred from one member to another.
    #[error("transfer of a block to or from {from} failed: {reason}")]
    Transfer {
        /// The block.
        block: BlockName,
        /// The member at the other end.
        from: MemberId,
        /// What happened.
        reason: String,
    },
    /// An inconsistent message.
    #[error("malformed message: {reason}")]
    Malformed {
        /// What is wrong with it.
        reason: String,
    },
}
