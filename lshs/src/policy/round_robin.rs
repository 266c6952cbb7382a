//! Tasks are dealt to the nodes in turn, wherever their inputs are: the baseline.

use super::Policy;
use crate::{Cluster, NodeId, TaskGraph};

/// Task `i` runs on node `i mod k`.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundRobin;

impl Policy for RoundRobin {
    fn name(&self) -> &'static str {
        "round-robin"
    }

    fn place(&self, graph: &TaskGraph, cluster: &Cluster) -> Vec<NodeId> {
        let mut turn = 0;
        graph
            .vertices()
            .map(|vertex| {
                if graph.is_source(vertex) {
                    return graph.holders(vertex)[0];
                }
                turn += 1;
                NodeId(((turn - 1) % cluster.len()) as u32)
            })
            .collect()
    }
}
