//! The errors of shapes, graphs, clusters and plans.

use crate::{NodeId, Shape, VertexId};
use thiserror::Error;

/// An error of the caller: shapes that are too large or do not match.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ShapeError {
    /// The size in bytes overflows.
    #[error("an array of shape {shape:?} is too large to address")]
    Overflow {
        /// The requested lengths.
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
    /// Boundaries of an axis that do not start at 0 or that decrease.
    #[error("expected boundaries of axis {axis} that increase from 0, got {bounds:?}")]
    Boundaries {
        /// The axis.
        axis: usize,
        /// The given boundaries.
        bounds: Vec<usize>,
    },
    /// Subscripts that do not describe a contraction.
    #[error("invalid einsum subscripts {subscripts:?}: {reason}")]
    Einsum {
        /// The given subscripts.
        subscripts: String,
        /// What is wrong with them.
        reason: String,
    },
    /// Operands that an operation does not accept.
    #[error("{op}: {reason}")]
    Operands {
        /// The operation.
        op: &'static str,
        /// What does not match, with the values.
        reason: String,
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
    #[error("{vertex} ({op}): expected {expected} inputs, got {found}")]
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
    /// The shapes or dtypes of a task's inputs do not match its operation.
    #[error("{vertex} ({op}): invalid inputs: {reason}")]
    Inputs {
        /// The task.
        vertex: VertexId,
        /// Its operation.
        op: String,
        /// What does not match.
        reason: String,
    },
    /// The operation does not give the shape of the vertex.
    #[error(
        "{vertex} ({op}): expected an output of shape {promised}, but the operation gives {given}"
    )]
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
    /// The operation of a task gives a different number of blocks than the task has outputs.
    #[error("{vertex} ({op}): the operation gives {gives} block{}, but the task has {found} output{}", if *gives == 1 { "" } else { "s" }, if *found == 1 { "" } else { "s" })]
    Outputs {
        /// The task.
        vertex: VertexId,
        /// Its operation.
        op: String,
        /// How many blocks the operation gives.
        gives: usize,
        /// How many outputs the task has.
        found: usize,
    },
    /// A further output of a task does not follow it.
    #[error("{vertex} is a further output but does not follow its task")]
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
    /// The cluster has no nodes.
    #[error("expected a cluster of at least one node, got none")]
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
    #[error("{node} needs {need_bytes} bytes for its part of the plan but has {budget_bytes} ({} too few)", need_bytes - budget_bytes)]
    OutOfMemory {
        /// The node.
        node: NodeId,
        /// The predicted peak.
        need_bytes: u64,
        /// What the node has.
        budget_bytes: u64,
    },
    /// No rewrite rule has this name.
    #[error("unknown rewrite rule {name:?}; expected one of {known}")]
    UnknownRule {
        /// The given name.
        name: String,
        /// The known names.
        known: String,
    },
    /// No policy has this name.
    #[error("unknown policy {name:?}; expected one of {known}")]
    UnknownPolicy {
        /// The given name.
        name: String,
        /// The known names.
        known: String,
    },
}

/// An error found by [`Plan::check`](crate::Plan::check). It is always a bug of a policy, never of a user.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckError {
    /// A block is read or sent when the node does not have it.
    #[error("{node}, step {step}: {vertex} is {action}, but the node does not have it")]
    Absent {
        /// The node.
        node: NodeId,
        /// The step of the node's part.
        step: usize,
        /// The block.
        vertex: VertexId,
        /// What the step does with it.
        action: &'static str,
    },
    /// A task runs twice or not at all, or a node receives a block that its holder does not have or send.
    #[error("{vertex} {reason}")]
    Unbalanced {
        /// The vertex.
        vertex: VertexId,
        /// What is inconsistent.
        reason: String,
    },
    /// A block is never freed, or a kept block is freed.
    #[error("{node} ends with {vertex} {reason}")]
    Leftover {
        /// The node.
        node: NodeId,
        /// The block.
        vertex: VertexId,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The loads of the plan differ from the loads of its steps.
    #[error("{node}: {resource} is {stated} in the plan, but its steps give {recomputed}")]
    Loads {
        /// The node.
        node: NodeId,
        /// The load.
        resource: &'static str,
        /// The value in the plan.
        stated: u64,
        /// The value that follows from the steps.
        recomputed: u64,
    },
    /// The nodes' parts wait for each other in a cycle.
    #[error("deadlock: {node} waits at step {step} for {vertex}")]
    Deadlock {
        /// A waiting node.
        node: NodeId,
        /// The step at which it waits.
        step: usize,
        /// The block that it waits for.
        vertex: VertexId,
    },
}
