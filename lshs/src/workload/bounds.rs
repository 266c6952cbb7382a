//! What must move: the communication bounds of the workloads, in bytes.

use super::Site;
use crate::array_op::{ArraySpec, BlockArray};
use crate::{NodeId, TaskGraph};
use std::collections::BTreeSet;

/// The bytes that a good schedule moves; `None` where no bound is known.
///
/// A bound is a fact about the algorithm for the layout of the sources, with as many places as nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The bytes that all nodes receive together.
    pub total_bytes: Option<u64>,
    /// The bytes that the busiest node receives.
    pub max_bytes_in: Option<u64>,
}

/// The bytes of an element.
const ELEMENT: u64 = 8;

impl Bounds {
    /// Nothing moves.
    pub(super) const NOTHING: Bounds = Bounds { total_bytes: Some(0), max_bytes_in: Some(0) };

    /// No bound is known.
    pub(super) const UNKNOWN: Bounds = Bounds { total_bytes: None, max_bytes_in: None };

    /// A binary tree that combines one partial of some elements a node: a message each, and in the last step one
    /// node has received one on every level.
    pub(super) fn tree(nodes: usize, elements: usize) -> Bounds {
        let bytes = elements as u64 * ELEMENT;
        Bounds {
            total_bytes: Some((nodes as u64 - 1) * bytes),
            max_bytes_in: Some(u64::from(ceil_log2(nodes)) * bytes),
        }
    }

    /// A block that every node needs once and some hold.
    pub(super) fn broadcast(nodes_without: usize, elements: usize) -> Bounds {
        let bytes = elements as u64 * ELEMENT;
        Bounds {
            total_bytes: Some(nodes_without as u64 * bytes),
            max_bytes_in: Some(if nodes_without == 0 { 0 } else { bytes }),
        }
    }

    /// Each node receives the blocks that it reads and does not hold, once; `reads` gives the node of each task
    /// and the sources that it reads.
    pub(super) fn missing_blocks(
        graph: &TaskGraph,
        reads: impl IntoIterator<Item = (NodeId, crate::VertexId)>,
    ) -> Bounds {
        let missing: BTreeSet<_> = reads
            .into_iter()
            .filter(|(node, block)| !graph.holders(*block).contains(node))
            .collect();
        let mut per_node = std::collections::BTreeMap::<NodeId, u64>::new();
        for (node, block) in missing {
            *per_node.entry(node).or_default() += graph.bytes(block);
        }
        Bounds {
            total_bytes: Some(per_node.values().sum()),
            max_bytes_in: Some(per_node.values().copied().max().unwrap_or(0)),
        }
    }
}

/// The number of levels of a binary tree over some leaves.
pub(super) fn ceil_log2(leaves: usize) -> u32 {
    leaves.max(1).next_power_of_two().ilog2()
}

/// The nodes that hold blocks of an array.
pub(super) fn nodes_of(site: &Site<'_>, spec: &ArraySpec) -> BTreeSet<NodeId> {
    (0..spec.grid.blocks()).map(|index| site.home(spec, index)).collect()
}

/// The volume of a product C = A B in which C stays: each node reads the block rows of A and the block columns of B
/// that its blocks of C need. For Q x Q blocks on an R x C grid of nodes this is the 2-D volume, the maximum over
/// nodes (i, j) of r_i (Q - c_j) + c_j (Q - r_i) blocks.
pub(super) fn two_d_volume(
    graph: &TaskGraph,
    site: &Site<'_>,
    left: &BlockArray,
    right: &BlockArray,
    result: &ArraySpec,
) -> Bounds {
    let (inner, columns) = (left.spec.grid.counts()[1], right.spec.grid.counts()[1]);
    // The rows and columns of each node, so that shared ones are visited once.
    let mut rows: BTreeSet<(NodeId, usize)> = BTreeSet::new();
    let mut cols: BTreeSet<(NodeId, usize)> = BTreeSet::new();
    for index in 0..result.grid.blocks() {
        let node = site.home(result, index);
        rows.insert((node, index / columns));
        cols.insert((node, index % columns));
    }
    let lefts = rows
        .iter()
        .flat_map(|&(node, row)| (0..inner).map(move |k| (node, left.blocks[row * inner + k])));
    let rights = cols.iter().flat_map(|&(node, column)| {
        (0..inner).map(move |k| (node, right.blocks[k * columns + column]))
    });
    Bounds::missing_blocks(graph, lefts.chain(rights))
}
