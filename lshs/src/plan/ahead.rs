//! The memory of a node that runs ahead of the steps of its part.
//!
//! A node does not run its part step by step. It starts a task whose inputs are present before an earlier task that waits
//! for a copy, and it fetches copies before they are needed. Both hide the time of transfers, and both hold blocks longer
//! than the steps do. Both are limited, so the memory is limited. If there is too little memory for running ahead, a node
//! runs less far ahead, and at worst one step after the other.

use super::liveness::held_bytes;
use super::{NodePlan, Plan, Step};
use crate::{Cluster, NodeSpec, TaskGraph};

/// Tasks ahead for each worker: one that runs and one that waits.
const TASKS_AHEAD: u64 = 2;
/// Results that may always be made ahead, however small they are: otherwise tiny tasks would go one by one.
const AHEAD_BYTES_MIN: u64 = 1 << 18;

/// An upper bound on the bytes that a node holds for a plan, sources included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeakBound {
    /// The bound: what there is room for, and at least what the steps hold one after the other.
    pub bytes: u64,
    /// The bound if the node had any memory. Where it is higher, the node runs less far ahead than it could.
    pub unhindered_bytes: u64,
    /// The part of it that the results of tasks may take up which started before an earlier task is done. The bound
    /// holds when the node keeps to this.
    pub ahead_bytes: u64,
}

impl Plan {
    /// The most bytes that each node holds when it runs its part with its workers and a window of copies that it
    /// fetches ahead. O(steps).
    ///
    /// The steps one after the other hold [`Loads::peak_bytes`](super::Loads::peak_bytes). To these come the largest
    /// copies that fit the window, and the results that are made ahead, as far as there is memory for them. Blocks that
    /// others fetch later than the steps say have to find room among these, or hold the node up.
    ///
    /// ```
    /// use nums_lshs::*;
    /// let mut graph = TaskGraph::new(ArrayId(1));
    /// let spec = BlockSpec::new(DType::Float64, Shape::new([1 << 20])?);
    /// for index in 0..100 {
    ///     let source = BlockName { array: ArrayId(0), index };
    ///     let source = graph.source(spec.clone(), source, Place(0), vec![NodeId(0)]);
    ///     let negative = Op::Map(Program::unary(UnaryOp::Negative, DType::Float64));
    ///     let made = BlockName { array: ArrayId(1), index };
    ///     let made = graph.task(negative, &[source], Place(0), made)?;
    ///     graph.keep(made);
    /// }
    /// let cluster = Cluster::uniform(1, 4);
    /// let plan = Plan::new(&graph, &cluster, policy::by_name("lshs")?.as_ref())?;
    /// // All sources and results: what runs ahead is there in the end anyway.
    /// assert_eq!(plan.peak_bounds(&graph, &cluster, 16)[0].bytes, 200 << 23);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn peak_bounds(
        &self,
        graph: &TaskGraph,
        cluster: &Cluster,
        window_copies: usize,
    ) -> Vec<PeakBound> {
        let held = held_bytes(graph, self.parts.len());
        let parts = self.parts.iter().zip(&cluster.nodes).zip(held);
        let bound = |((part, spec), held): ((&NodePlan, &NodeSpec), u64)| {
            let walk = Walk::new(graph, held, &part.steps);
            let tasks_ahead = TASKS_AHEAD * u64::from(spec.workers) + 1;
            let ahead_bytes = walk.largest_result.saturating_mul(tasks_ahead).max(AHEAD_BYTES_MIN);
            let (highest, everything) = (part.loads.peak_bytes, walk.everything);
            let copies = walk.largest_copies(window_copies);
            let ahead = highest.saturating_add(ahead_bytes).saturating_add(copies);
            let unhindered_bytes = ahead.min(everything);
            let bytes = unhindered_bytes.min(spec.memory_bytes.max(highest));
            PeakBound { bytes, unhindered_bytes, ahead_bytes }
        };
        parts.map(bound).collect()
    }
}

/// What a part makes and receives.
struct Walk {
    /// All sources, copies and results, as if nothing were ever freed.
    everything: u64,
    /// What the task that gives most gives.
    largest_result: u64,
    copies: Vec<u64>,
}

impl Walk {
    fn new(graph: &TaskGraph, held: u64, steps: &[Step]) -> Walk {
        let mut walk = Walk { everything: held, largest_result: 0, copies: Vec::new() };
        for step in steps {
            match *step {
                Step::Receive { vertex, .. } => {
                    walk.copies.push(graph.bytes(vertex));
                    walk.everything += graph.bytes(vertex);
                }
                Step::Run(vertex) => {
                    let made = graph.outputs(vertex).map(|output| graph.bytes(output)).sum();
                    walk.largest_result = walk.largest_result.max(made);
                    walk.everything += made;
                }
                Step::Free(_) | Step::Send { .. } => {}
            }
        }
        walk
    }

    /// The bytes of the largest copies, as many as the window holds.
    fn largest_copies(mut self, window_copies: usize) -> u64 {
        self.copies.sort_unstable_by(|a, b| b.cmp(a));
        self.copies.iter().take(window_copies).sum()
    }
}
