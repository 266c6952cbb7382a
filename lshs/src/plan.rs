//! The plan: for each node the tasks it runs, what it receives, sends and frees, in order.

use crate::{BlockName, CheckError, Cluster, NodeId, PlanError, Policy, TaskGraph, VertexId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One step of a node's part.
///
/// Nodes run their parts by data flow: a task starts when its inputs are there, a receive is asked for when the
/// window admits it. The order of steps is the priority, and the proof that the plan can finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Fetch a copy of a block from a node that has it by then.
    Receive {
        /// The block.
        vertex: VertexId,
        /// The node that sends it.
        from: NodeId,
    },
    /// Run a task.
    Run(VertexId),
    /// Serve a copy of a block, when it is asked for.
    Send {
        /// The block.
        vertex: VertexId,
        /// The node that receives it.
        to: NodeId,
    },
    /// Drop this node's copy of a block: its last reader is done.
    Free(VertexId),
}

/// What a part costs its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loads {
    /// Bytes received from other nodes.
    pub bytes_in: u64,
    /// Bytes sent to other nodes.
    pub bytes_out: u64,
    /// Floating-point operations.
    pub flops: u64,
    /// The largest number of bytes of blocks held at once when the steps run one after the other, sources included.
    pub peak_bytes: u64,
    /// Tasks.
    pub tasks: u64,
}

/// One node's part of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodePlan {
    /// What the node does, in order.
    pub steps: Vec<Step>,
    /// What that costs it.
    pub loads: Loads,
}

/// Where every task of a graph runs and what moves, made by a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The policy that made it.
    pub policy: String,
    /// The node of each vertex; of a source, one that holds it.
    pub nodes: Vec<NodeId>,
    /// One part a node.
    pub parts: Vec<NodePlan>,
    /// The predicted seconds of the busiest resource.
    pub objective_s: f64,
}

impl Plan {
    /// Makes a plan: the policy places the tasks, then transfers, order and frees follow.
    ///
    /// # Errors
    /// When the graph is not valid or the cluster has no nodes, or a source is held by a node that does not exist.
    pub fn new(
        graph: &TaskGraph,
        cluster: &Cluster,
        policy: &dyn Policy,
    ) -> Result<Plan, PlanError> {
        if cluster.is_empty() {
            return Err(PlanError::NoNodes);
        }
        graph.validate()?;
        for vertex in graph.vertices() {
            for &node in graph.holders(vertex) {
                if node.index() >= cluster.len() {
                    return Err(PlanError::UnknownNode { vertex, node, nodes: cluster.len() });
                }
            }
        }
        let nodes = policy.place(graph, cluster);
        let mut parts = transfers(graph, &nodes, cluster.len());
        parts.iter_mut().for_each(|part| insert_frees(graph, part));
        for (node, part) in cluster.ids().zip(&mut parts) {
            part.loads = loads(graph, node, &part.steps);
        }
        let objective_s = objective_s(&parts, cluster);
        Ok(Plan { policy: policy.name().to_owned(), nodes, parts, objective_s })
    }

    /// Proves the plan against its graph: every task runs once and after its inputs are on its node, what is received
    /// is sent by a holder, nothing is read after it is freed, results stay and temporaries do not, the parts can
    /// finish together, and the loads are those that the steps give.
    ///
    /// # Errors
    /// The first rule that does not hold, with where and what.
    pub fn check(&self, graph: &TaskGraph) -> Result<(), CheckError> {
        let unbalanced = |vertex, story: String| Err(CheckError::Unbalanced { vertex, story });
        let mut ran = vec![0_u32; graph.len()];
        let mut present: Vec<BTreeSet<VertexId>> = vec![BTreeSet::new(); self.parts.len()];
        for vertex in graph.vertices() {
            graph.holders(vertex).iter().for_each(|node| {
                present[node.index()].insert(vertex);
            });
        }
        // Blocks on their way, by block and receiver.
        let mut sent: BTreeMap<(VertexId, NodeId), u32> = BTreeMap::new();
        let mut next = vec![0; self.parts.len()];
        let mut progressed = true;
        while progressed {
            progressed = false;
            for (index, part) in self.parts.iter().enumerate() {
                let node = NodeId(index as u32);
                while let Some(&step) = part.steps.get(next[index]) {
                    let absent = |vertex, action| {
                        let step = next[index];
                        Err(CheckError::Absent { node, step, vertex, action })
                    };
                    let here = &mut present[index];
                    match step {
                        Step::Receive { vertex, .. } => {
                            let Some(copies) = sent.get_mut(&(vertex, node)) else { break };
                            *copies -= 1;
                            if *copies == 0 {
                                sent.remove(&(vertex, node));
                            }
                            here.insert(vertex);
                        }
                        Step::Send { vertex, to } => {
                            if !here.contains(&vertex) {
                                return absent(vertex, "sent");
                            }
                            *sent.entry((vertex, to)).or_default() += 1;
                        }
                        Step::Run(vertex) => {
                            let inputs = graph.inputs(vertex);
                            if let Some(&input) = inputs.iter().find(|input| !here.contains(input))
                            {
                                return absent(input, "read");
                            }
                            ran[vertex.index()] += 1;
                            here.insert(vertex);
                        }
                        Step::Free(vertex) => {
                            if !here.remove(&vertex) {
                                return absent(vertex, "freed");
                            }
                        }
                    }
                    next[index] += 1;
                    progressed = true;
                }
            }
        }
        for (index, part) in self.parts.iter().enumerate() {
            let node = NodeId(index as u32);
            if let Some(&Step::Receive { vertex, .. }) = part.steps.get(next[index]) {
                return Err(CheckError::Deadlock { node, step: next[index], vertex });
            }
        }
        if let Some((&(vertex, to), _)) = sent.first_key_value() {
            return unbalanced(vertex, format!("is sent to {to}, which never receives it"));
        }
        for vertex in graph.tasks() {
            if ran[vertex.index()] != 1 {
                return unbalanced(vertex, format!("runs {} times", ran[vertex.index()]));
            }
        }
        for (index, blocks) in present.iter().enumerate() {
            let node = NodeId(index as u32);
            for vertex in graph.vertices() {
                let home = self.nodes[vertex.index()] == node;
                let stays =
                    graph.is_kept(vertex) && (home || graph.holders(vertex).contains(&node));
                match (stays, blocks.contains(&vertex)) {
                    (true, false) => {
                        return Err(CheckError::Leftover { node, vertex, story: "lost" });
                    }
                    (false, true) => {
                        return Err(CheckError::Leftover { node, vertex, story: "left behind" });
                    }
                    _ => {}
                }
            }
            let stated = self.parts[index].loads;
            let recomputed = loads(graph, node, &self.parts[index].steps);
            for (resource, stated, recomputed) in [
                ("bytes in", stated.bytes_in, recomputed.bytes_in),
                ("bytes out", stated.bytes_out, recomputed.bytes_out),
                ("flops", stated.flops, recomputed.flops),
                ("peak bytes", stated.peak_bytes, recomputed.peak_bytes),
                ("tasks", stated.tasks, recomputed.tasks),
            ] {
                if stated != recomputed {
                    return Err(CheckError::Loads { node, resource, stated, recomputed });
                }
            }
        }
        Ok(())
    }

    /// Bytes that move between nodes in all.
    pub fn total_bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.loads.bytes_in).sum()
    }

    /// The number of copies that move between nodes.
    pub fn transfers(&self) -> usize {
        let receives = |part: &NodePlan| {
            part.steps.iter().filter(|step| matches!(step, Step::Receive { .. })).count()
        };
        self.parts.iter().map(receives).sum()
    }

    /// The names of the kept blocks that the tasks make, each with the node where it stays.
    pub fn kept<'a>(
        &'a self,
        graph: &'a TaskGraph,
    ) -> impl Iterator<Item = (BlockName, NodeId)> + 'a {
        let kept = graph.tasks().filter(|&vertex| graph.is_kept(vertex));
        kept.map(|vertex| (graph.name(vertex), self.nodes[vertex.index()]))
    }
}

/// Runs and transfers in one order that all nodes share: the topological order of the graph. A copy is taken from
/// the node that made the block, just before its first reader.
fn transfers(graph: &TaskGraph, nodes: &[NodeId], count: usize) -> Vec<NodePlan> {
    let mut parts = vec![NodePlan::default(); count];
    let mut copies: Vec<Vec<NodeId>> = Vec::with_capacity(graph.len());
    for vertex in graph.vertices() {
        if graph.is_source(vertex) {
            copies.push(graph.holders(vertex).to_vec());
            continue;
        }
        let node = nodes[vertex.index()];
        for &input in graph.inputs(vertex) {
            let holders = &mut copies[input.index()];
            if !holders.contains(&node) {
                let from = holders[0];
                parts[from.index()].steps.push(Step::Send { vertex: input, to: node });
                parts[node.index()].steps.push(Step::Receive { vertex: input, from });
                holders.push(node);
            }
        }
        parts[node.index()].steps.push(Step::Run(vertex));
        copies.push(vec![node]);
    }
    parts
}

/// Frees each block after its last reader on the node; what was never read is freed where it was made.
fn insert_frees(graph: &TaskGraph, part: &mut NodePlan) {
    let mut seen: BTreeSet<VertexId> = BTreeSet::new();
    let mut freed: VecDeque<Step> = VecDeque::new();
    let made: BTreeSet<VertexId> = part
        .steps
        .iter()
        .filter_map(|step| if let Step::Run(vertex) = step { Some(*vertex) } else { None })
        .collect();
    let received: BTreeSet<VertexId> = part
        .steps
        .iter()
        .filter_map(
            |step| if let Step::Receive { vertex, .. } = step { Some(*vertex) } else { None },
        )
        .collect();
    let temporary = |vertex: VertexId| {
        received.contains(&vertex) || (made.contains(&vertex) && !graph.is_kept(vertex))
    };
    // Backwards, so that the first mention met is the last use.
    for &step in part.steps.iter().rev() {
        let mut last_use = |vertex: VertexId| {
            if seen.insert(vertex) && temporary(vertex) {
                freed.push_front(Step::Free(vertex));
            }
        };
        match step {
            Step::Run(vertex) => {
                last_use(vertex);
                graph.inputs(vertex).iter().rev().for_each(|&input| last_use(input));
            }
            Step::Send { vertex, .. } | Step::Receive { vertex, .. } => last_use(vertex),
            Step::Free(_) => {}
        }
        freed.push_front(step);
    }
    part.steps = freed.into();
}

/// What a part costs when its steps run one after the other.
fn loads(graph: &TaskGraph, node: NodeId, steps: &[Step]) -> Loads {
    let mut loads = Loads::default();
    let held_here = |vertex: &VertexId| graph.holders(*vertex).contains(&node);
    let mut resident: u64 =
        graph.vertices().filter(held_here).map(|vertex| graph.bytes(vertex)).sum();
    loads.peak_bytes = resident;
    for &step in steps {
        match step {
            Step::Receive { vertex, .. } => {
                loads.bytes_in += graph.bytes(vertex);
                resident += graph.bytes(vertex);
            }
            Step::Run(vertex) => {
                loads.tasks += 1;
                loads.flops += graph.flops(vertex);
                resident += graph.bytes(vertex);
            }
            Step::Send { vertex, .. } => loads.bytes_out += graph.bytes(vertex),
            Step::Free(vertex) => resident -= graph.bytes(vertex),
        }
        loads.peak_bytes = loads.peak_bytes.max(resident);
    }
    loads
}

/// The predicted seconds of the busiest resource of any node.
fn objective_s(parts: &[NodePlan], cluster: &Cluster) -> f64 {
    let node_s = |(part, spec): (&NodePlan, &crate::NodeSpec)| {
        let compute = part.loads.flops as f64 / (spec.flops_per_s * f64::from(spec.workers.max(1)));
        let bytes_in = part.loads.bytes_in as f64 / spec.bandwidth_in_bytes_per_s;
        let bytes_out = part.loads.bytes_out as f64 / spec.bandwidth_out_bytes_per_s;
        compute.max(bytes_in).max(bytes_out)
    };
    parts.iter().zip(&cluster.nodes).map(node_s).fold(0.0, f64::max)
}
