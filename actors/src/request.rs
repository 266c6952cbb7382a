//! What a client and its driver say to each other: plain data, so that the driver could live in another process.

use crate::{ClusterError, Measured, MemberId, NodeStatus, Span};
use nums_lshs::{ArrayId, BlockName, Place, TaskGraph};
use std::time::Duration;

/// What a client asks of its driver.
#[derive(Clone, Debug)]
pub(crate) enum Request {
    /// Plan and run a graph. Its sources are blocks of arrays that were submitted before; the kept blocks of its
    /// tasks become arrays. There is no reply: what goes wrong is told to those who wait for the arrays.
    Submit(Submission),
    /// Give blocks that the client holds to the nodes. There is no reply, as for a graph.
    Put(Put),
    /// Reply when these arrays are there, with [`Reply::Located`], or when they are not there in time.
    Wait {
        /// The arrays.
        arrays: Vec<ArrayId>,
        /// The time.
        within: Option<Duration>,
    },
    /// Give up the plans that are to make these arrays, if they are not done. No reply.
    Cancel(Vec<ArrayId>),
    /// Give up every plan that is not done. No reply.
    CancelAll,
    /// The last handles of these arrays are gone. No reply.
    Release(Vec<ArrayId>),
    /// Plan a graph without running it, and reply with [`Reply::Explained`].
    Explain(TaskGraph),
    /// Use another policy from now on; reply with [`Reply::Done`].
    UsePolicy(String),
    /// Ask every node how it is, and reply with [`Reply::Status`].
    Status,
    /// Reply with [`Reply::Plans`]: what was predicted and measured, plan by plan.
    Plans,
}

/// A graph to run.
#[derive(Clone, Debug)]
pub(crate) struct Submission {
    /// The graph.
    pub(crate) graph: TaskGraph,
    /// The time in which it is to be done; it is given up when that has passed.
    pub(crate) within: Option<Duration>,
}

/// An array whose blocks the client holds, in C order of the array's grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Put {
    /// Its name.
    pub(crate) array: ArrayId,
    /// The place and the bytes of each block.
    pub(crate) blocks: Vec<(Place, u64)>,
    /// The time in which the nodes are to have them.
    pub(crate) within: Option<Duration>,
}

/// What a driver answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reply {
    /// It is done.
    Done,
    /// The blocks of the arrays, in order, each where it is.
    Located(Vec<Placed>),
    /// The plan as text.
    Explained(String),
    /// The nodes, in order.
    Status(Vec<NodeStatus>),
    /// The plans that have finished, in order of submission.
    Plans(Vec<PlanReport>),
}

/// A block, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its name.
    pub block: BlockName,
    /// The node that holds it, or will when the plan is done that makes it.
    pub node: MemberId,
    /// Its size.
    pub bytes: u64,
}

/// A finished plan with its predicted and measured cost for each node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanReport {
    /// Plans are numbered from 1 in the order of their submission.
    pub number: u64,
    /// The policy that made the plan.
    pub policy: String,
    /// The arrays that the plan computed and kept.
    pub makes: Vec<ArrayId>,
    /// Each node with its predicted and measured cost.
    pub nodes: Vec<(MemberId, Measured, Measured)>,
    /// The time span in which each node worked, since the start of the session. The time to send a part to its node is not
    /// measured, so a node can have worked slightly later.
    pub spans: Vec<Span>,
}

/// The outcome of a request.
pub(crate) type Outcome = Result<Reply, ClusterError>;
