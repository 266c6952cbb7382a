//! The loads that the published form simulates: elements in memory, received and sent, never taken back.

use crate::plan::HOST_COPY_FRACTION;
use crate::{Cluster, NodeId};

/// A block by its number in the simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block(pub(super) u32);

/// Memory, network in and network out of each node with the maximum of each over the nodes, and where blocks are.
pub(super) struct ElementLoads {
    loads: [Vec<f64>; 3],
    largest: [f64; 3],
    hosts: Vec<u32>,
    sizes: Vec<f64>,
    /// The nodes that have each block, the one that made it first.
    copies: Vec<Vec<NodeId>>,
}

const MEMORY: usize = 0;
const NET_IN: usize = 1;
const NET_OUT: usize = 2;

impl ElementLoads {
    pub(super) fn new(cluster: &Cluster) -> ElementLoads {
        ElementLoads {
            loads: std::array::from_fn(|_| vec![0.0; cluster.len()]),
            largest: [0.0; 3],
            hosts: cluster.nodes.iter().map(|spec| spec.host).collect(),
            sizes: Vec::new(),
            copies: Vec::new(),
        }
    }

    /// Enters a block that exists.
    pub(super) fn hold(&mut self, elements: f64, holders: &[NodeId]) -> Block {
        holders.iter().for_each(|&node| self.add(MEMORY, node, elements));
        self.sizes.push(elements);
        self.copies.push(holders.to_vec());
        Block(self.sizes.len() as u32 - 1)
    }

    /// Enters a block that a task will make.
    pub(super) fn promise(&mut self, elements: f64) -> Block {
        self.hold(elements, &[])
    }

    /// The node that made a block.
    pub(super) fn creator(&self, block: Block) -> NodeId {
        self.copies[block.0 as usize][0]
    }

    /// The nodes that have a copy of any of some blocks by now, in order.
    pub(super) fn candidates(&self, inputs: &[Block]) -> Vec<NodeId> {
        let holders = inputs.iter().flat_map(|input| &self.copies[input.0 as usize]);
        let mut candidates: Vec<NodeId> = holders.copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        candidates
    }

    /// Runs a task that gives some blocks on the candidate where it costs least.
    pub(super) fn run(
        &mut self,
        outputs: &[Block],
        inputs: &[Block],
        candidates: &[NodeId],
    ) -> NodeId {
        let node = match candidates {
            [only] => *only,
            several => self.cheapest(outputs, inputs, several),
        };
        for (resource, node, elements) in self.additions(outputs, inputs, node) {
            self.add(resource, node, elements);
        }
        for input in inputs {
            let copies = &mut self.copies[input.0 as usize];
            if !copies.contains(&node) {
                copies.push(node);
            }
        }
        outputs.iter().for_each(|output| self.copies[output.0 as usize].push(node));
        node
    }

    fn cheapest(&mut self, outputs: &[Block], inputs: &[Block], candidates: &[NodeId]) -> NodeId {
        let mut best = (f64::INFINITY, NodeId(0));
        for &node in candidates {
            let additions = self.additions(outputs, inputs, node);
            let objective = self.after(&additions);
            if objective < best.0 {
                best = (objective, node);
            }
        }
        best.1
    }

    /// What running a task on a node adds to which load.
    fn additions(
        &self,
        outputs: &[Block],
        inputs: &[Block],
        node: NodeId,
    ) -> Vec<(usize, NodeId, f64)> {
        let made = outputs.iter().map(|output| (MEMORY, node, self.sizes[output.0 as usize]));
        let mut additions: Vec<_> = made.collect();
        for (position, input) in inputs.iter().enumerate() {
            let copies = &self.copies[input.0 as usize];
            if copies.contains(&node) || inputs[..position].contains(input) {
                continue;
            }
            let (creator, elements) = (copies[0], self.sizes[input.0 as usize]);
            let same_host = self.hosts[creator.index()] == self.hosts[node.index()];
            let fraction = if same_host { HOST_COPY_FRACTION } else { 1.0 };
            additions.push((NET_OUT, creator, elements * fraction));
            additions.push((NET_IN, node, elements * fraction));
            additions.push((MEMORY, node, elements));
        }
        additions
    }

    fn add(&mut self, resource: usize, node: NodeId, elements: f64) {
        let load = &mut self.loads[resource][node.index()];
        *load += elements;
        self.largest[resource] = self.largest[resource].max(*load);
    }

    /// The objective after some additions, which are taken back.
    fn after(&mut self, additions: &[(usize, NodeId, f64)]) -> f64 {
        let before = self.largest;
        additions.iter().for_each(|&(resource, node, elements)| self.add(resource, node, elements));
        let objective = self.largest.iter().sum();
        for &(resource, node, elements) in additions {
            self.loads[resource][node.index()] -= elements;
        }
        self.largest = before;
        objective
    }
}
