//! What a placement is searched for: the graph, the cluster, and the order in which all nodes work.

use super::order;
use crate::{Cluster, NodeId, TaskGraph, VertexId};

/// A valid graph and a cluster of at least one node, with what every policy needs to know of them.
#[derive(Debug)]
pub struct Problem<'a> {
    /// The graph; it is valid.
    pub graph: &'a TaskGraph,
    /// The cluster; it has nodes.
    pub cluster: &'a Cluster,
    /// The tasks in the order that all nodes share: a topological order in which few blocks live at a time.
    pub order: Vec<VertexId>,
    /// Of each vertex the last one of its chain of accumulations, which is the vertex itself where there is no chain.
    /// A chain is one unit of placement: moving it moves its accumulator.
    pub units: Vec<VertexId>,
}

impl<'a> Problem<'a> {
    /// Orders the tasks of a graph; O(vertices + edges).
    pub fn new(graph: &'a TaskGraph, cluster: &'a Cluster) -> Problem<'a> {
        let units = chains(graph);
        let order = order::order(graph, &units);
        Problem { graph, cluster, order, units }
    }

    /// The node that a block comes from when nothing else is known: the task's node, or the first holder.
    pub fn home(&self, nodes: &[NodeId], vertex: VertexId) -> NodeId {
        self.graph.holders(vertex).first().copied().unwrap_or(nodes[vertex.index()])
    }
}

/// The end of each vertex's chain: a task that is accumulated into by its only reader continues there.
fn chains(graph: &TaskGraph) -> Vec<VertexId> {
    let mut readers = vec![0_u8; graph.len()];
    for vertex in graph.vertices() {
        for input in graph.inputs(vertex) {
            readers[input.index()] = readers[input.index()].saturating_add(1);
        }
    }
    let mut units: Vec<VertexId> = graph.vertices().collect();
    for vertex in graph.vertices().rev() {
        let Some(position) = graph.op(vertex).in_place_input() else { continue };
        let Some(&accumulator) = graph.inputs(vertex).get(position) else { continue };
        let temporary = !graph.is_source(accumulator) && !graph.is_kept(accumulator);
        if temporary && readers[accumulator.index()] == 1 {
            units[accumulator.index()] = units[vertex.index()];
        }
    }
    units
}
