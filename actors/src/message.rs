//! Every message between members. Elements of blocks never travel in one: they have streams of their own.

use crate::node::Allowance;
use crate::part::Chunk;
use crate::{Failure, JobId, MemberId, PlanId};
use nums_lshs::BlockName;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What members say to each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Message {
    /// Session to node: its first message, which begins its lease.
    Hello {
        /// The job.
        job: JobId,
    },
    /// Node to session: the answer, with what the session may count on.
    Welcome {
        /// The node's.
        capacity: Capacity,
        /// Whether it is about to leave, and takes nothing new.
        draining: bool,
    },
    /// Session to node: it is still there.
    Renew {
        /// The job.
        job: JobId,
    },
    /// Session to node: a plan is to run, and needs so many bytes beyond what the node holds for it already.
    Reserve {
        /// The job.
        job: JobId,
        /// The plan.
        plan: PlanId,
        /// The bytes.
        need_bytes: u64,
        /// Whether it waits for its turn when they are not free.
        patient: bool,
    },
    /// Node to session: the answer to a request for memory.
    Reserved {
        /// The job.
        job: JobId,
        /// The plan.
        plan: PlanId,
        /// Whether the request was patient.
        patient: bool,
        /// The answer.
        answer: Answer,
    },
    /// Session to node: a plan begins; the nodes that take part, in the order of their numbers, and the number of
    /// tasks of the receiver's part.
    Begin {
        /// The job.
        job: JobId,
        /// The plan.
        plan: PlanId,
        /// The epoch of the plan: what belongs to an earlier one is out of date.
        epoch: u64,
        /// The nodes, by number.
        nodes: Vec<MemberId>,
        /// The tasks of the receiver's part.
        tasks: u32,
        /// The copies that the receiver's part serves to other nodes.
        sends: u32,
        /// The blocks that the receiver takes over from the session, or from a node that leaves.
        uploads: u32,
        /// The memory that the receiver's part may take up.
        allowance: Allowance,
    },
    /// Session to node: a stretch of the receiver's part.
    Chunk {
        /// The job.
        job: JobId,
        /// The plan.
        plan: PlanId,
        /// The epoch of the plan: what belongs to an earlier one is out of date.
        epoch: u64,
        /// The stretch.
        chunk: Chunk,
    },
    /// Session to node: a plan will not finish; what belongs to it alone is dropped.
    Cancel {
        /// The job.
        job: JobId,
        /// The plan.
        plan: PlanId,
    },
    /// Session to node: these kept blocks have lost their last handle.
    Release {
        /// The job.
        job: JobId,
        /// The blocks.
        blocks: Vec<BlockName>,
    },
    /// Node to session: the receiver's plan is done on this node.
    Finished {
        /// The job.
        job: JobId,
        /// The plan.
        plan: PlanId,
        /// The epoch of the plan: what belongs to an earlier one is out of date.
        epoch: u64,
        /// What it cost.
        measured: Measured,
        /// When it was at work.
        span: Span,
    },
    /// Node to session: a part of the plan failed on this node.
    Failed {
        /// The job.
        job: JobId,
        /// The plan.
        plan: PlanId,
        /// The epoch of the plan: what belongs to an earlier one is out of date.
        epoch: u64,
        /// Why.
        failure: Failure,
    },
    /// To the holder of blocks: send them when they exist, and let go of those that have been received. A pull without a
    /// plan is a session's and is not counted among the sends of a plan.
    Pull {
        /// The job.
        job: JobId,
        /// The plan that the sender runs, if it runs one.
        plan: Option<PlanId>,
        /// The blocks.
        blocks: Vec<BlockName>,
        /// Blocks of the receiver that have come.
        received: Vec<BlockName>,
    },
    /// The answer to a pull that cannot be served.
    PullRefused {
        /// The job.
        job: JobId,
        /// The plan of the pull.
        plan: Option<PlanId>,
        /// The block.
        block: BlockName,
        /// Why.
        reason: String,
    },
    /// Session to node: how are you?
    StatusRequest,
    /// Node to session: the answer.
    Status(NodeStatus),
    /// Node to node: hand the blocks that only you have to others, and leave.
    Drain,
    /// To the node that asked: the receiver of its request leaves now, or stays, and why.
    DrainEnded {
        /// Why it stays.
        outcome: Result<(), String>,
    },
    /// Node to session: the node wants to leave, or has changed its mind.
    Draining {
        /// The job.
        job: JobId,
        /// Whether it does.
        draining: bool,
    },
    /// Session to node: nothing of the session needs the node any more, or it cannot do without, and why.
    Drained {
        /// The job.
        job: JobId,
        /// Why not.
        outcome: Result<(), String>,
    },
    /// Node to session: how far the receiver's plan is on this node.
    Progress {
        /// The job.
        job: JobId,
        /// The plan.
        plan: PlanId,
        /// The epoch of the plan: what belongs to an earlier one is out of date.
        epoch: u64,
        /// The tasks that are done.
        tasks: u64,
    },
}

impl Message {
    /// Whether it travels outside of any stream: a session's own reads of blocks, which ask again by themselves.
    pub(crate) fn is_loose(&self) -> bool {
        matches!(self, Message::Pull { plan: None, .. } | Message::PullRefused { plan: None, .. })
    }
}

/// What a session may count on at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Capacity {
    /// Worker threads.
    pub(crate) workers: u32,
    /// The byte budget of the block store.
    pub(crate) memory_bytes: u64,
}

/// The answer to a request for memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// It is reserved.
    Granted,
    /// It is not free now; the driver may ask again, patiently.
    Busy(Shortage),
    /// It will not be free, or was not in time.
    Refused(Shortage),
}

/// Memory that is wanted and not free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shortage {
    /// What is wanted.
    pub(crate) need_bytes: u64,
    /// What is free.
    pub(crate) free_bytes: u64,
    /// All that the node may use.
    pub(crate) budget_bytes: u64,
}

/// What a part cost its node, as measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Bytes of blocks received from other nodes for this plan.
    pub bytes_in: u64,
    /// Bytes of blocks sent to other nodes for this plan.
    pub bytes_out: u64,
    /// Tasks run.
    pub tasks: u64,
    /// The most bytes of blocks held for this plan at once, those of earlier plans included that it reads. Predicted,
    /// an upper bound; measured, a result counts from when its task is given to a worker, and a copy from when it is
    /// asked for.
    pub peak_bytes: u64,
    /// Microseconds. Predicted, those of the busiest of the node's flops, bytes in and bytes out; measured, those from
    /// when its part began to when that was done and served.
    pub time_us: u64,
}

impl Measured {
    /// Whether a measurement is what was predicted: the same bytes and tasks, and a peak that is not above the bound.
    /// Times are not compared.
    pub fn is_as_predicted(&self, predicted: &Measured) -> bool {
        let Measured { peak_bytes, time_us, .. } = *predicted;
        Measured { peak_bytes, time_us, ..*self } == *predicted && self.peak_bytes <= peak_bytes
    }
}

/// When a part of a plan was at work: from when a worker began
/// its first task until its last one came back. A part without
/// tasks was at work when it came. Counted from when the part came to its node, or from the start of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The beginning.
    pub from: Duration,
    /// The end.
    pub to: Duration,
}

/// How a node is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStatus {
    /// The node's name.
    pub name: String,
    /// The version of the program that it runs.
    pub version: String,
    /// Tasks run since it started.
    pub tasks: u64,
    /// Bytes of blocks received from other members, as its transport counted them.
    pub bytes_in: u64,
    /// Bytes of blocks sent to other members, as its transport counted them.
    pub bytes_out: u64,
    /// Messages sent to other members.
    pub messages_out: u64,
    /// Bytes of blocks stored.
    pub stored_bytes: u64,
    /// Bytes of blocks that it may store.
    pub memory_bytes: u64,
    /// Blocks stored.
    pub blocks: u64,
    /// Messages that were dropped because their senders may not send them.
    pub refused: u64,
}
