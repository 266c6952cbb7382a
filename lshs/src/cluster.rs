//! The cluster of a plan: the capacities of each node.

use crate::{NodeId, Place, node_of_place};
use serde::{Deserialize, Serialize};

/// The capacities of one node. Nodes can have different capacities.
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

    /// Floating-point operations a second of all workers together.
    pub fn rate_flops_per_s(&self) -> f64 {
        self.flops_per_s * f64::from(self.workers.max(1))
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

    /// The node that owns each place. Each node owns a contiguous range of places, whose length is proportional to the
    /// capacity of the node.
    ///
    /// The share of a node is its scarcest capacity (flop rate, memory, bandwidth in or out) relative to the best node.
    /// Places are assigned by largest remainder. Equal nodes get the ranges of [`node_of_place`].
    pub fn owners(&self) -> Vec<NodeId> {
        if self.is_uniform() {
            let places = (0..self.places).map(Place);
            return places.map(|place| node_of_place(place, self.places, self.len())).collect();
        }
        let shares = self.shares();
        let total: f64 = shares.iter().sum();
        let exact = shares.iter().map(|share| f64::from(self.places) * share / total);
        let exact: Vec<f64> = exact.collect();
        let mut counts: Vec<usize> = exact.iter().map(|&places| places as usize).collect();
        let mut neediest: Vec<usize> = (0..self.len()).collect();
        neediest.sort_by(|&left, &right| exact[right].fract().total_cmp(&exact[left].fract()));
        let dealt: usize = counts.iter().sum();
        let rest = (self.places as usize).saturating_sub(dealt);
        neediest.iter().take(rest).for_each(|&node| counts[node] += 1);
        let ranges = self.ids().zip(counts);
        ranges.flat_map(|(node, count)| std::iter::repeat_n(node, count)).collect()
    }

    /// The scarcest capacity of each node as a fraction of that of the best node.
    fn shares(&self) -> Vec<f64> {
        let capacities: [fn(&NodeSpec) -> f64; 4] = [
            NodeSpec::rate_flops_per_s,
            |spec| spec.memory_bytes as f64,
            |spec| spec.bandwidth_in_bytes_per_s,
            |spec| spec.bandwidth_out_bytes_per_s,
        ];
        let mut shares = vec![1.0_f64; self.len()];
        for capacity in capacities {
            let best = self.nodes.iter().map(capacity).fold(f64::MIN_POSITIVE, f64::max);
            for (share, spec) in shares.iter_mut().zip(&self.nodes) {
                *share = share.min(capacity(spec) / best);
            }
        }
        shares
    }

    /// Whether all nodes have the same capacities.
    pub fn is_uniform(&self) -> bool {
        let same = |spec: &NodeSpec| NodeSpec { host: 0, ..spec.clone() };
        self.nodes.windows(2).all(|pair| same(&pair[0]) == same(&pair[1]))
    }

    /// All nodes, in order.
    pub fn ids(
        &self,
    ) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator + Clone + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }
}
