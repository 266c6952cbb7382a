//! Load-simulated placement: each task goes where its simulated effect on the loads of the cluster is smallest.
//!
//! The candidates of a task are the node of its place and the nodes that hold its inputs. Running it on a candidate
//! copies the inputs that are not there (charged to the sender's and the receiver's network) and adds its flops. The
//! candidate wins after which the busiest of the resources touched is least busy, in seconds. Source: M. Elibol et
//! al., "NumS", 2022, section 5; the objective is seconds in place of elements.

use super::Policy;
use crate::{Cluster, NodeId, TaskGraph, VertexId, node_of_place};

/// Load-simulated hierarchical scheduling.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lshs;

/// The simulated load of a node so far.
#[derive(Clone, Copy, Debug, Default)]
struct Load {
    flops: f64,
    bytes_in: f64,
    bytes_out: f64,
}

impl Policy for Lshs {
    fn name(&self) -> &'static str {
        "lshs"
    }

    fn place(&self, graph: &TaskGraph, cluster: &Cluster) -> Vec<NodeId> {
        let mut search = Search {
            graph,
            cluster,
            loads: vec![Load::default(); cluster.len()],
            copies: Vec::with_capacity(graph.len()),
        };
        graph.vertices().map(|vertex| search.place(vertex)).collect()
    }
}

struct Search<'a> {
    graph: &'a TaskGraph,
    cluster: &'a Cluster,
    loads: Vec<Load>,
    /// The nodes that hold a copy of each vertex placed so far; the first one made it.
    copies: Vec<Vec<NodeId>>,
}

impl Search<'_> {
    fn place(&mut self, vertex: VertexId) -> NodeId {
        if self.graph.is_source(vertex) {
            let holders = self.graph.holders(vertex).to_vec();
            self.copies.push(holders.clone());
            return holders[0];
        }
        let mut best: Option<(f64, f64, NodeId)> = None;
        for candidate in self.candidates(vertex) {
            let (busiest_s, bytes) = self.simulate(vertex, candidate);
            let better = best
                .is_none_or(|(best_s, best_bytes, _)| (busiest_s, bytes) < (best_s, best_bytes));
            if better {
                best = Some((busiest_s, bytes, candidate));
            }
        }
        let node = best.map_or(NodeId(0), |(.., node)| node);
        self.commit(vertex, node);
        node
    }

    /// The home of the first input, which is accumulated into or reduced with, then the task's own place, then
    /// the homes of the other inputs; earlier ones win ties.
    fn candidates(&self, vertex: VertexId) -> Vec<NodeId> {
        let place = self.graph.place(vertex);
        let own = node_of_place(place, self.cluster.places, self.cluster.len());
        let accumulates = self.graph.op(vertex).in_place_input().is_some();
        let inputs = self.graph.inputs(vertex);
        let homes = inputs.iter().map(|input| self.copies[input.index()][0]);
        let first = if accumulates { homes.clone().next() } else { None };
        let mut candidates: Vec<NodeId> = Vec::with_capacity(inputs.len() + 1);
        for node in first.into_iter().chain([own]).chain(homes) {
            if !candidates.contains(&node) {
                candidates.push(node);
            }
        }
        candidates
    }

    /// The busiest of the resources that the task would touch on a node, in seconds, and the bytes it would move.
    fn simulate(&self, vertex: VertexId, node: NodeId) -> (f64, f64) {
        let spec = &self.cluster.nodes[node.index()];
        let mut load = self.loads[node.index()];
        load.flops += self.graph.flops(vertex) as f64;
        let mut busiest_s: f64 = 0.0;
        let before = load.bytes_in;
        for (position, input) in self.graph.inputs(vertex).iter().enumerate() {
            if self.missing(vertex, position, node) {
                let bytes = self.graph.bytes(*input) as f64;
                load.bytes_in += bytes;
                let source = self.copies[input.index()][0];
                let out_s = (self.loads[source.index()].bytes_out + bytes)
                    / self.cluster.nodes[source.index()].bandwidth_out_bytes_per_s;
                busiest_s = busiest_s.max(out_s);
            }
        }
        let compute_s = load.flops / (spec.flops_per_s * f64::from(spec.workers.max(1)));
        let in_s = load.bytes_in / spec.bandwidth_in_bytes_per_s;
        (busiest_s.max(compute_s).max(in_s), load.bytes_in - before)
    }

    fn commit(&mut self, vertex: VertexId, node: NodeId) {
        for (position, input) in self.graph.inputs(vertex).iter().enumerate() {
            if self.missing(vertex, position, node) {
                let bytes = self.graph.bytes(*input) as f64;
                let source = self.copies[input.index()][0];
                self.loads[source.index()].bytes_out += bytes;
                self.loads[node.index()].bytes_in += bytes;
                self.copies[input.index()].push(node);
            }
        }
        self.loads[node.index()].flops += self.graph.flops(vertex) as f64;
        self.copies.push(vec![node]);
    }

    /// Whether an input would have to be copied to a node; an input that is read twice is copied once.
    fn missing(&self, vertex: VertexId, position: usize, node: NodeId) -> bool {
        let inputs = self.graph.inputs(vertex);
        !inputs[..position].contains(&inputs[position])
            && !self.copies[inputs[position].index()].contains(&node)
    }
}
