//! Which task a copy was made for.

use crate::{NodeId, Plan, Step, TaskGraph, VertexId};
use std::collections::BTreeMap;

/// The copies of a plan, by the task that first reads each one.
pub(super) struct Moves {
    /// The sender of the copy of a block that a task waits for, by task and block.
    senders: BTreeMap<(VertexId, VertexId), NodeId>,
    /// The bytes that leave for other nodes, by block.
    sent: BTreeMap<VertexId, u64>,
}

impl Moves {
    pub(super) fn new(plan: &Plan, graph: &TaskGraph) -> Moves {
        let mut moves = Moves { senders: BTreeMap::new(), sent: BTreeMap::new() };
        for part in &plan.parts {
            // Copies that no task has read yet.
            let mut fresh: BTreeMap<VertexId, NodeId> = BTreeMap::new();
            for &step in &part.steps {
                match step {
                    Step::Receive { vertex, from } => {
                        fresh.insert(vertex, from);
                    }
                    Step::Run(vertex) => {
                        for &input in graph.inputs(vertex) {
                            if let Some(from) = fresh.remove(&input) {
                                moves.senders.insert((vertex, input), from);
                            }
                        }
                    }
                    Step::Send { vertex, .. } => {
                        *moves.sent.entry(vertex).or_default() += graph.bytes(vertex);
                    }
                    Step::Free(_) => {}
                }
            }
        }
        moves
    }

    /// The node that sends a block for a task, when it has to be sent.
    pub(super) fn sender(&self, task: VertexId, block: VertexId) -> Option<NodeId> {
        self.senders.get(&(task, block)).copied()
    }

    /// The bytes of all copies of a block.
    pub(super) fn bytes_out(&self, block: VertexId) -> u64 {
        self.sent.get(&block).copied().unwrap_or(0)
    }

    /// The bytes that are sent for a task.
    pub(super) fn bytes_in(&self, graph: &TaskGraph, task: VertexId) -> u64 {
        let copies = self.senders.range((task, VertexId(0))..=(task, VertexId(u32::MAX)));
        copies.map(|((_, block), _)| graph.bytes(*block)).sum()
    }
}
