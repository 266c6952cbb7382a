//! All messages between members. A message never holds elements of blocks, which use separate streams.

use crate::node::Allowance;
use crate::part::Chunk;
use crate::{Failure, JobId, MemberId, PlanId};
use nums_lshs::BlockName;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A message from one member to another.
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
    /// Session to node: a status request.
    StatusRequest,
    /// Node to session: the answer.
    Status(NodeStatus),
    /// Node to node: drain the receiver.
    Drain,
    /// To the node that requested a drain: the drained node leaves now, or stays, with the reason.
    DrainEnded {
        /// Why it stays.
        outcome: Result<(), String>,
    },
    /// Node to session: the node starts or cancels draining.
    Draining {
        /// The job.
        job: JobId,
        /// Whether it does.
        draining: bool,
    },
    /// Session to node: the session no longer needs the node, or still needs it, with the reason.
    Drained {
        /// The job.
        job: JobId,
        /// Why not.
        outcome: Result<(), String>,
    },
    /// Node to session: the progress of the receiver's plan on this node.
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

/// The capacity of a node that a session can use.
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

/// The measured cost of a part for its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Bytes of blocks received from other nodes for this plan.
    pub bytes_in: u64,
    /// Bytes of blocks sent to other nodes for this plan.
    pub bytes_out: u64,
    /// Tasks run.
    pub tasks: u64,
    /// The largest size of all blocks held for this plan at a time, including blocks of earlier plans that it reads. The
    /// predicted value is an upper bound. In the measured value, a result counts from the moment its task is given to a
    /// worker, and a copy from the moment it is requested.
    pub peak_bytes: u64,
    /// Time in microseconds. The predicted value is the maximum over the node's flops, bytes in and bytes out. The measured
    /// value is the time from the start of its part until the part was done and all its copies were served.
    pub time_us: u64,
}

impl Measured {
    /// Whether a measurement agrees with the prediction: the same bytes and tasks, and a peak of at most the bound. Times
    /// are not compared.
    pub fn is_as_predicted(&self, predicted: &Measured) -> bool {
        let Measured { peak_bytes, time_us, .. } = *predicted;
        Measured { peak_bytes, time_us, ..*self } == *predicted && self.peak_bytes <= peak_bytes
    }
}

/// The time span in which a part of a plan ran: from the start of its first task until the end of its last task. A part
/// without tasks has the time of its arrival. Times count from the arrival of the part at its node, or from the start of a
/// session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The start.
    pub from: Duration,
    /// The end.
    pub to: Duration,
}

/// The status of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStatus {
    /// The name of the node.
    pub name: String,
    /// The version of NumS on the node.
    pub version: String,
    /// Tasks run since the node started.
    pub tasks: u64,
    /// Bytes of blocks received from other members, counted by its transport.
    pub bytes_in: u64,
    /// Bytes of blocks sent to other members, counted by its transport.
    pub bytes_out: u64,
    /// Messages sent to other members.
    pub messages_out: u64,
    /// Bytes of blocks stored.
    pub stored_bytes: u64,
    /// The byte budget for blocks.
    pub memory_bytes: u64,
    /// Blocks stored.
    pub blocks: u64,
    /// Messages dropped because their sender may not send them.
    pub refused: u64,
}
