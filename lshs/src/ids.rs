//! Small typed indices: a vertex of a graph, a node of a cluster, a logical place, the name of a block.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A vertex of a [`TaskGraph`](crate::TaskGraph): a dense index in topological order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VertexId(pub u32);

/// A node of the [`Cluster`](crate::Cluster) that a plan was made for: a dense index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeId(pub u32);

/// One of the V logical places of a session; nodes hold contiguous ranges of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place(pub u32);

/// The name of an array within its job, given in program order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ArrayId(pub u64);

/// The name of a block within its job: which array, and which block of that array's grid in C order.
///
/// A block is written once under its name; every task that is run again writes the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BlockName {
    /// The array that the block belongs to.
    pub array: ArrayId,
    /// The block's linear index in the array's grid, last axis fastest.
    pub index: u32,
}

impl ArrayId {
    /// Temporaries of graphs are numbered from here, apart from the arrays that a user names, so that the names of
    /// one kind never depend on how many there are of the other.
    pub const TEMPORARIES: ArrayId = ArrayId(1 << 63);
}

impl VertexId {
    /// The index as it is used to address tables.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl NodeId {
    /// The index as it is used to address tables.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for VertexId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t{}", self.0)
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {}", self.0)
    }
}

impl fmt::Display for BlockName {
    /// `a3[0]` for a block of an array, `tmp3[0]` for one of a temporary.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.array.0.checked_sub(ArrayId::TEMPORARIES.0) {
            Some(number) => write!(f, "tmp{number}[{}]", self.index),
            None => write!(f, "a{}[{}]", self.array.0, self.index),
        }
    }
}
