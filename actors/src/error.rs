//! What can go wrong on a cluster, by whose fault it is.

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
    /// A node is gone, and with it blocks or tasks that the request needs.
    #[error("{node} was lost, with blocks or tasks that are needed: {reason}")]
    NodeLost {
        /// The node.
        node: MemberId,
        /// How it was lost.
        reason: String,
    },
    /// A plan needs more memory than a node can give it.
    #[error(
        "not enough memory: this and what is computed with it need {need_bytes} bytes on {node}, where {free_bytes} of \
         {budget_bytes} are free"
    )]
    OutOfMemory {
        /// The first array that the plan would have made.
        array: u64,
        /// The node that lacks most, or the first that refused.
        node: MemberId,
        /// The bytes that the plan needs there, beyond what is there already.
        need_bytes: u64,
        /// The bytes that are free.
        free_bytes: u64,
        /// All bytes that the node may use.
        budget_bytes: u64,
    },
    /// A plan needs more memory at once than a node has at all: it is refused before it runs.
    #[error(
        "too large for the memory: this and what is computed with it need {need_bytes} bytes at once on {node}, which \
         has {budget_bytes} in all"
    )]
    ExceedsMemory {
        /// The first array that the plan would have made.
        array: u64,
        /// The node that lacks most.
        node: MemberId,
        /// The bytes that its part needs at once.
        need_bytes: u64,
        /// All bytes that it may use.
        budget_bytes: u64,
    },
    /// The work was cancelled, or reads what was to be made by work that was.
    #[error("cancelled")]
    Cancelled,
    /// A deadline has passed.
    #[error("not done within {after:?}: {phase}")]
    Timeout {
        /// How far it was.
        phase: Phase,
        /// How long was allowed.
        after: Duration,
    },
    /// An array was named that was never made or has been released.
    #[error("array a{0} is not on the cluster")]
    UnknownArray(
        /// The array.
        u64,
    ),
    /// A member did not take a message.
    #[error("{to} cannot be reached: {reason}")]
    Unreachable {
        /// The member.
        to: MemberId,
        /// Why.
        reason: String,
    },
    /// A node was asked to hand its blocks on and to leave, and stays.
    #[error("{node} is not drained: {story}")]
    NotDrained {
        /// The node, as it was named.
        node: String,
        /// Why.
        story: String,
    },
    /// The cluster could not be formed or joined.
    #[error("{0}")]
    Join(
        /// The story.
        String,
    ),
    /// The driver has more requests waiting than it takes; to be tried again.
    #[error("the session is busy: too many requests wait for its driver")]
    Busy,
    /// The driver of the session has stopped.
    #[error("the session has ended")]
    SessionEnded,
}

/// How far a request was when its deadline passed.
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
    /// The nodes were at work.
    #[error("it was running")]
    Running,
    /// The result was there, and its blocks were on their way to the client.
    #[error("its blocks were being read")]
    Reading,
}

/// Why a node could not do its part of a plan. Messages name operations, and not blocks: their names are the
/// cluster's own.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Failure {
    /// A kernel refused its inputs.
    #[error("{op}: {error}")]
    Kernel {
        /// The block that was to be made.
        block: BlockName,
        /// The operation.
        op: String,
        /// What the kernel said.
        error: KernelError,
    },
    /// A kernel panicked; the node goes on.
    #[error("{op}: the kernel panicked: {story}")]
    KernelPanicked {
        /// The block that was to be made.
        block: BlockName,
        /// The operation.
        op: String,
        /// The panic's message.
        story: String,
    },
    /// A block did not get from one member to another.
    #[error("a block did not pass to or from {from}: {story}")]
    Transfer {
        /// The block.
        block: BlockName,
        /// The member at the other end.
        from: MemberId,
        /// What happened.
        story: String,
    },
    /// A message that makes no sense.
    #[error("a message that does not fit: {story}")]
    Malformed {
        /// What is wrong with it.
        story: String,
    },
}
