//! The errors of graphs from files.

use thiserror::Error;

/// A file that does not describe a valid graph.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GraphFileError {
    /// The text is not JSON, or not of this form.
    #[error("the graph cannot be read: {reason}")]
    Json {
        /// What is wrong, with line and column.
        reason: String,
    },
    /// The list of nodes is empty.
    #[error("the graph has no nodes")]
    NoNodes,
    /// A capacity is not a positive number.
    #[error("node {node}: {capacity} must be positive")]
    Capacity {
        /// The index of the node.
        node: usize,
        /// The capacity.
        capacity: &'static str,
    },
    /// Two blocks or tasks have one name.
    #[error("two blocks or tasks have the name {name:?}")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A task reads an unknown name.
    #[error("{task:?} reads {input:?}, which is not the name of a block or task")]
    Dangling {
        /// The reader.
        task: String,
        /// The unknown name.
        input: String,
    },
    /// Tasks depend on each other in a cycle.
    #[error("the tasks form a cycle: {}", cycle.join(" reads "))]
    Cycle {
        /// The tasks of the cycle. The first task is also the last.
        cycle: Vec<String>,
    },
    /// A block or task names a node that the file does not have.
    #[error("{name:?} names node {node}, but there are {nodes} nodes")]
    UnknownNode {
        /// The block or task.
        name: String,
        /// The node.
        node: u32,
        /// The number of nodes.
        nodes: usize,
    },
    /// A block is held by no node.
    #[error("no node holds the block {name:?}")]
    NoHolder {
        /// The block.
        name: String,
    },
    /// An owner has too little capacity, relative to the other nodes, to own a place of an array.
    #[error(
        "the owner of {name:?} is node {node}, which has less than a millionth of the others' capacity"
    )]
    WeakOwner {
        /// The task.
        name: String,
        /// Its owner.
        node: u32,
    },
    /// A size, or the sum of all sizes, overflows.
    #[error("{name:?} makes the bytes or flops of the graph overflow")]
    TooLarge {
        /// The first block or task that is too large, or the last one.
        name: String,
    },
}
