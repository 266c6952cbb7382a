//! Clusters whose first node can do half of what the others can.

use crate::{Cluster, TaskGraph};

/// The capacity of which node 0 has half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skew {
    /// The flop rate.
    Cpu,
    /// The byte budget.
    Memory,
    /// The bandwidth in and out.
    Bandwidth,
}

impl Skew {
    /// The names by which users choose one.
    pub const NAMES: [&str; 3] = ["cpu", "memory", "bandwidth"];

    /// The skew of a name.
    pub fn by_name(name: &str) -> Option<Skew> {
        match name {
            "cpu" => Some(Skew::Cpu),
            "memory" => Some(Skew::Memory),
            "bandwidth" => Some(Skew::Bandwidth),
            _ => None,
        }
    }

    /// Halves the capacity of node 0.
    pub(super) fn apply(self, cluster: &mut Cluster) {
        let Some(first) = cluster.nodes.first_mut() else { return };
        match self {
            Skew::Cpu => first.flops_per_s /= 2.0,
            Skew::Memory => first.memory_bytes /= 2,
            Skew::Bandwidth => {
                first.bandwidth_in_bytes_per_s /= 2.0;
                first.bandwidth_out_bytes_per_s /= 2.0;
            }
        }
    }
}

/// Gives each node three times an even share of sources and results, so that memory is a limit that counts, and
/// node 0 half of that.
pub(super) fn limit_memory(cluster: &mut Cluster, graph: &TaskGraph) {
    let kept = graph.vertices().filter(|&vertex| graph.is_kept(vertex));
    let bytes: u64 = kept.map(|vertex| graph.bytes(vertex)).sum();
    let budget_bytes = (bytes.saturating_mul(3)).div_ceil(cluster.len() as u64);
    cluster.nodes.iter_mut().for_each(|spec| spec.memory_bytes = budget_bytes);
    Skew::Memory.apply(cluster);
}
