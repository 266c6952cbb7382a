//! Both halves of a comparator on one node become one task.
//!
//! A comparator of a sort merges two columns, and each half of it is pinned to the node of its column. Where these are
//! two nodes, each takes a copy of the other's column and makes its half at the same time: one task would have to wait
//! for a column, and then send half of one back. On one node one task merges both columns where they are, while the
//! first of two halves has to leave its own column to the second, and takes the memory of one more.

use crate::{Cluster, GraphError, NodeId, Op, SortStep, TaskGraph, VertexId};
use std::collections::HashMap;

/// Joins the halves that a cluster has on one node.
pub(super) fn rewrite(
    graph: &TaskGraph,
    cluster: &Cluster,
) -> Result<Option<TaskGraph>, GraphError> {
    if !graph.ops().iter().any(|op| half(op).is_some()) {
        return Ok(None);
    }
    let uppers = joined(graph, &cluster.owners());
    if uppers.is_empty() {
        return Ok(None);
    }
    let mut rewritten = graph.successor();
    let mut new: Vec<Option<VertexId>> = vec![None; graph.len()];
    for vertex in graph.vertices() {
        // Further outputs come with their tasks, and upper halves with the lower ones.
        if graph.task_of(vertex) != vertex || new[vertex.index()].is_some() {
            continue;
        }
        // An input without a new vertex would be refused by the graph.
        let read = |input: &VertexId| new[input.index()].unwrap_or(VertexId(u32::MAX));
        let inputs: Vec<VertexId> = graph.inputs(vertex).iter().map(read).collect();
        let (outputs, adopted) = match uppers.get(&vertex) {
            Some(&upper) => {
                let outputs = vec![vertex, upper];
                let merge = Op::Sort(SortStep::Merge);
                let adopted = rewritten.adopt_outputs(graph, &outputs, merge, &inputs)?;
                (outputs, adopted)
            }
            None => {
                let adopted = rewritten.adopt(graph, vertex, graph.op(vertex), &inputs)?;
                (graph.outputs(vertex).collect(), adopted)
            }
        };
        for (slot, output) in outputs.into_iter().enumerate() {
            new[output.index()] = Some(rewritten.output(adopted, slot));
        }
    }
    Ok(Some(rewritten))
}

/// For each lower half that goes together with an upper one, the upper one, which comes after it.
fn joined(graph: &TaskGraph, owners: &[NodeId]) -> HashMap<VertexId, VertexId> {
    let owner = |vertex| owners.get(graph.place(vertex).0 as usize);
    let mut lowers: HashMap<&[VertexId], VertexId> = HashMap::new();
    let mut uppers = HashMap::new();
    for task in graph.tasks().filter(|&task| graph.is_pinned(task)) {
        match half(graph.op(task)) {
            Some(false) => {
                lowers.insert(graph.inputs(task), task);
            }
            Some(true) => {
                let lower = lowers.remove(graph.inputs(task));
                if let Some(lower) = lower.filter(|&lower| owner(lower) == owner(task)) {
                    uppers.insert(lower, task);
                }
            }
            None => {}
        }
    }
    uppers
}

/// Of half of a comparator whether it is the upper one.
fn half(op: &Op) -> Option<bool> {
    match op {
        Op::Sort(SortStep::MergeHalf { upper }) => Some(*upper),
        _ => None,
    }
}
