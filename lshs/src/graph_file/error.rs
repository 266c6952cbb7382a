//! What can be wrong with a graph from a file, by name.

use thiserror::Error;

/// A file that describes no graph.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GraphFileError {
    /// It is no JSON, or not of this form.
    #[error("the graph cannot be read: {story}")]
    Json {
        /// What is wrong, with line and column.
        story: String,
    },
    /// There is nobody to run it.
    #[error("the graph has no nodes")]
    NoNodes,
    /// A capacity is not a positive number.
    #[error("node {node}: {capacity} must be positive")]
    Capacity {
        /// The position of the node.
        node: usize,
        /// Which capacity.
        capacity: &'static str,
    },
    /// Two blocks or tasks have one name.
    #[error("{name:?} is the name of two blocks or tasks")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A task reads what does not exist.
    #[error("{task:?} reads {input:?}, which is no block and no task")]
    Dangling {
        /// The reader.
        task: String,
        /// What it reads.
        input: String,
    },
    /// Tasks wait for each other.
    #[error("the tasks wait for each other in a circle: {}", cycle.join(" reads "))]
    Cycle {
        /// The tasks of the circle; the first one comes again at the end.
        cycle: Vec<String>,
    },
    /// A block or task names a node that the file does not have.
    #[error("{name:?} names node {node}, but there are {nodes} nodes")]
    UnknownNode {
        /// The block or task.
        name: String,
        /// The node.
        node: u32,
        /// How many there are.
        nodes: usize,
    },
    /// A block is held by no node.
    #[error("no node holds the block {name:?}")]
    NoHolder {
        /// The block.
        name: String,
    },
    /// An owner is too weak beside the other nodes to own a place of an array.
    #[error(
        "{name:?} belongs to node {node}, which has less than a millionth of the others' capacity"
    )]
    WeakOwner {
        /// The task.
        name: String,
        /// Its owner.
        node: u32,
    },
    /// A size cannot be addressed, or the sizes of all cannot be counted.
    #[error("{name:?} makes the bytes or flops of the graph too large to count")]
    TooLarge {
        /// The first block or task that is too large, or the last one.
        name: String,
    },
}
