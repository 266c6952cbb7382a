//! The cluster that a plan is made for: what each node can do.

use crate::NodeId;
use serde::{Deserialize, Serialize};

/// The capacities of a node; they may differ from node to node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeSpec {
    /// Worker threads that run kernels.
    pub workers: u32,
    /// Floating-point operations a second of one worker.
    pub flops_per_s: f64,
    /// The byte budget of the block store.
    pub memory_bytes: u64,
    /// Bytes a second that the node can receive.
    pub bandwidth_in_bytes_per_s: f64,
    /// Bytes a second that the node can send.
    pub bandwidth_out_bytes_per_s: f64,
    /// The machine that the node is on; copies between nodes of one host are cheaper.
    pub host: u32,
}

/// The nodes, in an order that all agree on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// One entry a node.
    pub nodes: Vec<NodeSpec>,
    /// The number V of logical places of the session.
    pub places: u32,
}

impl NodeSpec {
    /// A node of one core as it was measured for the design: 50 GFLOP/s, 16 GiB, 1 GB/s each way.
    pub fn typical(host: u32) -> NodeSpec {
        NodeSpec {
            workers: 1,
            flops_per_s: 50e9,
            memory_bytes: 16 << 30,
            bandwidth_in_bytes_per_s: 1e9,
            bandwidth_out_bytes_per_s: 1e9,
            host,
        }
    }
}

impl Cluster {
    /// Equal typical nodes, each on a host of its own.
    pub fn uniform(nodes: usize, places: u32) -> Cluster {
        Cluster { nodes: (0..nodes as u32).map(NodeSpec::typical).collect(), places }
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All nodes, in order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }
}
