//! What can be wrong with shapes, graphs, clusters and plans, with the values that show it.

use crate::{NodeId, Shape, VertexId};
use thiserror::Error;

/// Shapes that do not exist or do not fit together: the caller's fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ShapeError {
    /// The size cannot be addressed.
    #[error("an array of shape {shape:?} is too large to address")]
    Overflow {
        /// The lengths that were asked for.
        shape: Vec<usize>,
    },
    /// Two shapes cannot be broadcast together.
    #[error("operands could not be broadcast together with shapes {left} {right}")]
    Broadcast {
        /// The left operand's shape.
        left: Shape,
        /// The right operand's shape.
        right: Shape,
    },
    /// Boundaries of an axis must start at 0 and never fall.
    #[error("the boundaries of axis {axis} must rise from 0, but are {bounds:?}")]
    Boundaries {
        /// The axis.
        axis: usize,
        /// The boundaries that were given.
        bounds: Vec<usize>,
    },
    /// Subscripts that do not describe a contraction.
    #[error("the subscripts {subscripts:?} are not a contraction: {story}")]
    Einsum {
        /// What was given.
        subscripts: String,
        /// What is wrong with it.
        story: String,
    },
    /// Arrays that an operation cannot take.
    #[error("{op}: {story}")]
    Operands {
        /// The operation.
        op: &'static str,
        /// What does not fit, with the values.
        story: String,
    },
}

/// A task graph that cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GraphError {
    /// A task reads a vertex that is not in the graph.
    #[error("{vertex} reads {input}, which is not in the graph of {vertices} vertices")]
    Dangling {
        /// The reader.
        vertex: VertexId,
        /// What it reads.
        input: VertexId,
        /// How many vertices there are.
        vertices: usize,
    },
    /// A task reads a vertex that does not come before it.
    #[error("{vertex} reads {input}, which does not come before it: the graph has a cycle")]
    Cycle {
        /// The reader.
        vertex: VertexId,
        /// What it reads.
        input: VertexId,
    },
    /// A task has the wrong number of inputs.
    #[error("{vertex} ({op}) takes {expected} inputs, not {found}")]
    Arity {
        /// The task.
        vertex: VertexId,
        /// Its operation.
        op: String,
        /// How many inputs the operation takes.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The shapes or dtypes of a task's inputs do not fit its operation.
    #[error("{vertex} ({op}) cannot take its inputs: {story}")]
    Inputs {
        /// The task.
        vertex: VertexId,
        /// Its operation.
        op: String,
        /// What does not fit.
        story: String,
    },
    /// The operation does not give the shape that the vertex promises.
    #[error("{vertex} ({op}) promises shape {promised}, but the operation gives {given}")]
    OutputShape {
        /// The task.
        vertex: VertexId,
        /// Its operation.
        op: String,
        /// The shape on the vertex.
        promised: Shape,
        /// The shape that follows from the inputs.
        given: Shape,
    },
    /// The operation of a task gives another number of blocks than the task names.
    #[error("{vertex} ({op}) gives {gives} block{}, but {found} {} named", if *gives == 1 { "" } else { "s" }, if *found == 1 { "is" } else { "are" })]
    Outputs {
        /// The task.
        vertex: VertexId,
        /// Its operation.
        op: String,
        /// How many blocks the operation gives.
        gives: usize,
        /// How many the task names.
        found: usize,
    },
    /// A further output of a task does not follow it.
    #[error("{vertex} is a further output and does not follow a task that gives it")]
    OutputWithoutTask {
        /// The output.
        vertex: VertexId,
    },
    /// No node holds a source block.
    #[error("no node holds the source block {vertex}")]
    SourceWithoutHolder {
        /// The source.
        vertex: VertexId,
    },
}

/// A plan that could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The graph is not a runnable DAG.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// There is nobody to run it.
    #[error("a cluster of no nodes cannot run a plan")]
    NoNodes,
    /// A source block is held by a node that the cluster does not have.
    #[error("{vertex} is held by {node}, but the cluster has {nodes} nodes")]
    UnknownNode {
        /// The source.
        vertex: VertexId,
        /// The node that was named.
        node: NodeId,
        /// How many nodes there are.
        nodes: usize,
    },
    /// A node has too little memory for its part.
    #[error("{node} needs {need_bytes} bytes for its part of the plan and has {budget_bytes}: {} are missing", need_bytes - budget_bytes)]
    OutOfMemory {
        /// The node.
        node: NodeId,
        /// The predicted peak.
        need_bytes: u64,
        /// What the node has.
        budget_bytes: u64,
    },
    /// No rewrite rule has that name.
    #[error("no rewrite rule is called {name:?}; there are {known}")]
    UnknownRule {
        /// The name that was asked for.
        name: String,
        /// The names that exist.
        known: String,
    },
    /// No policy has that name.
    #[error("no policy is called {name:?}; there are {known}")]
    UnknownPolicy {
        /// The name that was asked for.
        name: String,
        /// The names that exist.
        known: String,
    },
}

/// What [`Plan::check`](crate::Plan::check) found: always a bug of a policy, never of a user.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckError {
    /// A block was not there when it was read or sent.
    #[error("{node}, step {step}: {vertex} is {action} but is not there")]
    Absent {
        /// Where.
        node: NodeId,
        /// Which step of the node's part.
        step: usize,
        /// The block.
        vertex: VertexId,
        /// What was done with it.
        action: &'static str,
    },
    /// A task ran twice, not at all, or a block was received that its holder never had or never sent.
    #[error("{vertex} {story}")]
    Unbalanced {
        /// The vertex.
        vertex: VertexId,
        /// What does not add up.
        story: String,
    },
    /// A block was left behind, or a kept block was freed.
    #[error("{node} ends with {vertex} {story}")]
    Leftover {
        /// Where.
        node: NodeId,
        /// The block.
        vertex: VertexId,
        /// What is wrong with it.
        story: &'static str,
    },
    /// The loads that the plan states are not those that follow from its steps.
    #[error("{node}: {resource} is stated as {stated} but the steps give {recomputed}")]
    Loads {
        /// Where.
        node: NodeId,
        /// Which load.
        resource: &'static str,
        /// What the plan says.
        stated: u64,
        /// What the steps give.
        recomputed: u64,
    },
    /// The nodes' parts wait for each other in a circle.
    #[error("the plan cannot finish: {node} waits at step {step} for {vertex}")]
    Deadlock {
        /// A node that waits.
        node: NodeId,
        /// Where it waits.
        step: usize,
        /// For what.
        vertex: VertexId,
    },
}
