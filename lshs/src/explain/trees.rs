//! How near the reductions of a plan come to the fewest moves that their trees allow.
//!
//! A tree over places is fixed when the graph is built, so that the bits of a result do not depend on the nodes. With
//! as many places as nodes its least is one move a node but one; with other numbers of places it can be a little more.

use crate::{NodeId, Op, Plan, TaskGraph, VertexId};

/// The bytes that reductions move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TreeMoves {
    /// What the plan moves along its trees.
    pub(super) planned_bytes: u64,
    /// The least for these trees and the nodes of their leaves.
    pub(super) least_bytes: u64,
    /// The least for trees over as many places as nodes: one partial result of each node but one.
    pub(super) place_a_node_bytes: u64,
}

impl TreeMoves {
    pub(super) fn new(plan: &Plan, graph: &TaskGraph) -> TreeMoves {
        let joins = joins(graph);
        let inner = inner_joins(graph, &joins);
        let mut moves = TreeMoves::default();
        // The nodes at which the best placement may put each join, and the nodes of the leaves below it.
        let mut best: Vec<Vec<NodeId>> = vec![Vec::new(); graph.len()];
        let mut leaves: Vec<Vec<NodeId>> = vec![Vec::new(); graph.len()];
        for vertex in graph.vertices().filter(|vertex| joins[vertex.index()]) {
            let node = plan.nodes[vertex.index()];
            let bytes = graph.bytes(vertex);
            let mut sides: Vec<(Vec<NodeId>, Vec<NodeId>)> = Vec::with_capacity(2);
            for &input in graph.inputs(vertex) {
                let home = plan.nodes[input.index()];
                if home != node && !graph.holders(input).contains(&node) {
                    moves.planned_bytes += bytes;
                }
                sides.push(match inner[input.index()] {
                    true => {
                        let (best, leaves) = (&mut best[input.index()], &mut leaves[input.index()]);
                        (std::mem::take(best), std::mem::take(leaves))
                    }
                    false => (vec![home], vec![home]),
                });
            }
            // Fitch's rule for the fewest changes along a binary tree (W. Fitch, 1971).
            let [(left, left_leaves), (right, right_leaves)] = &sides[..] else { continue };
            let common: Vec<_> = left.iter().filter(|node| right.contains(node)).copied().collect();
            if common.is_empty() {
                moves.least_bytes += bytes;
            }
            let own = if common.is_empty() { union(left, right) } else { common };
            let below = union(left_leaves, right_leaves);
            if inner[vertex.index()] {
                (best[vertex.index()], leaves[vertex.index()]) = (own, below);
            } else {
                moves.place_a_node_bytes += (below.len() as u64 - 1) * bytes;
            }
        }
        moves
    }
}

/// The tasks that combine two partial results into one of the same kind.
fn joins(graph: &TaskGraph) -> Vec<bool> {
    let combines: Vec<bool> = graph.ops().iter().map(Op::is_join).collect();
    let is_join = |vertex: VertexId| {
        let alike = |&input: &VertexId| graph.spec_index(input) == graph.spec_index(vertex);
        graph.is_task(vertex)
            && combines[graph.op_index(vertex)]
            && graph.inputs(vertex).iter().all(alike)
    };
    graph.vertices().map(is_join).collect()
}

/// The joins that only one other join reads.
fn inner_joins(graph: &TaskGraph, joins: &[bool]) -> Vec<bool> {
    let mut readers = vec![0_u32; graph.len()];
    let mut read_by_join = vec![false; graph.len()];
    for vertex in graph.vertices() {
        for input in graph.inputs(vertex) {
            readers[input.index()] += 1;
            read_by_join[input.index()] |= joins[vertex.index()];
        }
    }
    graph
        .vertices()
        .map(|vertex| {
            let at = vertex.index();
            joins[at] && readers[at] == 1 && read_by_join[at] && !graph.is_kept(vertex)
        })
        .collect()
}

fn union(left: &[NodeId], right: &[NodeId]) -> Vec<NodeId> {
    let mut all = [left, right].concat();
    all.sort_unstable();
    all.dedup();
    all
}
