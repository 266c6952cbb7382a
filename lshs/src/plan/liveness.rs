//! When copies of blocks are dropped, and how many bytes a node holds at most.

use super::{NodePlan, Step};
use crate::{NodeId, TaskGraph, VertexId};

/// Frees each block after its last use on the node, results apart, and notes the peak of every part.
pub(super) fn insert_frees(graph: &TaskGraph, nodes: &[NodeId], parts: &mut [NodePlan]) {
    let held = held_bytes(graph, parts.len());
    // The last node whose part has mentioned each vertex, plus one.
    let mut mentioned = vec![0; graph.len()];
    for (index, part) in parts.iter_mut().enumerate() {
        let mut walk = Walk {
            graph,
            nodes,
            node: NodeId(index as u32),
            mentioned: &mut mentioned,
            backwards: Vec::with_capacity(part.steps.len() * 3 / 2),
            level: 0,
            highest: 0,
        };
        part.steps.iter().rev().for_each(|&step| walk.step(step));
        // The walk measured from the level at the end; it starts from the sources.
        part.loads.peak_bytes = (walk.highest - walk.level + held[index] as i64) as u64;
        walk.backwards.reverse();
        part.steps = walk.backwards;
    }
}

/// The bytes of the sources that each node holds.
pub(super) fn held_bytes(graph: &TaskGraph, nodes: usize) -> Vec<u64> {
    let mut held = vec![0; nodes];
    for vertex in graph.vertices() {
        graph.holders(vertex).iter().for_each(|node| held[node.index()] += graph.bytes(vertex));
    }
    held
}

/// The input whose buffer a task takes over: it dies with the task, which reads it only once.
pub(super) fn taken_over(
    graph: &TaskGraph,
    vertex: VertexId,
    dies: impl Fn(VertexId) -> bool,
) -> Option<VertexId> {
    let inputs = graph.inputs(vertex);
    let taken = inputs[graph.op(vertex).in_place_input()?];
    let once = inputs.iter().filter(|&&input| input == taken).count() == 1;
    (once && dies(taken)).then_some(taken)
}

/// One node's steps from the last to the first, so that the first mention met is the last use.
struct Walk<'a> {
    graph: &'a TaskGraph,
    nodes: &'a [NodeId],
    node: NodeId,
    mentioned: &'a mut [u32],
    backwards: Vec<Step>,
    /// Bytes held before the steps walked so far, measured from the end.
    level: i64,
    highest: i64,
}

impl Walk<'_> {
    fn step(&mut self, step: Step) {
        let first_free = self.backwards.len();
        match step {
            Step::Run(vertex) => {
                self.last_use(vertex);
                self.graph.inputs(vertex).iter().rev().for_each(|&input| self.last_use(input));
            }
            Step::Send { vertex, .. } | Step::Receive { vertex, .. } => self.last_use(vertex),
            Step::Free(_) => {}
        }
        let frees = &self.backwards[first_free..];
        let freed: u64 = frees.iter().map(|free| self.freed_bytes(*free)).sum();
        self.level += freed as i64;
        match step {
            Step::Run(vertex) => {
                let bytes = self.graph.bytes(vertex) as i64;
                let dies = |input| frees.contains(&Step::Free(input));
                let taken = taken_over(self.graph, vertex, dies);
                let taken_bytes = taken.map_or(0, |input| self.graph.bytes(input)) as i64;
                self.highest = self.highest.max(self.level - taken_bytes);
                self.level -= bytes;
            }
            Step::Receive { vertex, .. } => {
                self.highest = self.highest.max(self.level);
                self.level -= self.graph.bytes(vertex) as i64;
            }
            Step::Send { .. } | Step::Free(_) => {}
        }
        self.highest = self.highest.max(self.level);
        self.backwards.push(step);
    }

    fn last_use(&mut self, vertex: VertexId) {
        let mark = self.node.0 + 1;
        if std::mem::replace(&mut self.mentioned[vertex.index()], mark) == mark {
            return;
        }
        let stays = if self.graph.is_source(vertex) {
            self.graph.holders(vertex).contains(&self.node)
        } else {
            self.graph.is_kept(vertex) && self.nodes[vertex.index()] == self.node
        };
        if !stays {
            self.backwards.push(Step::Free(vertex));
        }
    }

    fn freed_bytes(&self, step: Step) -> u64 {
        if let Step::Free(vertex) = step { self.graph.bytes(vertex) } else { 0 }
    }
}
