//! The plan: for each node, the tasks that it runs and the blocks that it receives, sends and frees, in order.

mod ahead;
mod check;
mod liveness;
mod order;
mod problem;
mod route;

pub use ahead::PeakBound;
pub use problem::{Problem, Rank};
pub use route::CopyRule;
pub(crate) use route::{HOST_COPY_FRACTION, NodeCost, Router};

use crate::{BlockName, Cluster, NodeId, NodeSpec, PlanError, Policy, TaskGraph, VertexId};
use serde::{Deserialize, Serialize};

/// One step of a node's part.
///
/// Nodes run their parts by data flow: a task starts when its inputs are present, and a receive is requested when the fetch
/// window has room. The order of steps is the priority, and it shows that the plan can finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Fetch a copy of a block from a node that has the block before.
    Receive {
        /// The block.
        vertex: VertexId,
        /// The node that sends it.
        from: NodeId,
    },
    /// Run a task, which makes all its outputs.
    Run(VertexId),
    /// Serve a copy of a block when a node requests it.
    Send {
        /// The block.
        vertex: VertexId,
        /// The node that receives it.
        to: NodeId,
    },
    /// Free this node's copy of a block, whose last reader is done.
    Free(VertexId),
}

/// The cost of a part for its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loads {
    /// Bytes received from other nodes.
    pub bytes_in: u64,
    /// Bytes sent to other nodes.
    pub bytes_out: u64,
    /// Those of `bytes_in` that come from nodes of the same host.
    pub host_bytes_in: u64,
    /// Those of `bytes_out` that go to nodes of the same host.
    pub host_bytes_out: u64,
    /// Floating-point operations.
    pub flops: u64,
    /// The largest size of all blocks held at a time when the steps run one after the other, sources included. A result that
    /// reuses the buffer of an input is counted once.
    pub peak_bytes: u64,
    /// Tasks.
    pub tasks: u64,
}

/// One node's part of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodePlan {
    /// The steps of the node, in order.
    pub steps: Vec<Step>,
    /// The predicted cost.
    pub loads: Loads,
    /// The machine that the node is on.
    pub host: u32,
}

/// A plan for a graph, made by a policy: where every task runs and which blocks move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The policy that made it.
    pub policy: String,
    /// The node of each vertex; of a source, one that holds it; of a further output, that of its task.
    pub nodes: Vec<NodeId>,
    /// One part a node.
    pub parts: Vec<NodePlan>,
    /// The predicted seconds of the busiest resource.
    pub objective_s: f64,
}

impl Plan {
    /// Makes a plan: the policy places the tasks, then transfers, order and frees follow. O(tasks + transfers) beyond
    /// what the policy needs.
    ///
    /// # Errors
    /// If the graph is not valid, the cluster has no nodes, a source is on a node that does not exist, or the policy finds
    /// no placement that fits the memory of the nodes.
    pub fn new(
        graph: &TaskGraph,
        cluster: &Cluster,
        policy: &dyn Policy,
    ) -> Result<Plan, PlanError> {
        validate(graph, cluster)?;
        Plan::searched(graph, cluster, policy)
    }

    /// The plan of a graph that is valid.
    fn searched(
        graph: &TaskGraph,
        cluster: &Cluster,
        policy: &dyn Policy,
    ) -> Result<Plan, PlanError> {
        let problem = Problem::new(graph, cluster);
        let plan = Plan::placed(&problem, policy, policy.place(&problem));
        let Some(missing) = plan.shortage(cluster) else { return Ok(plan) };
        let others = policy.alternatives(&problem).into_iter();
        others
            .map(|nodes| Plan::placed(&problem, policy, nodes))
            .find(|plan| plan.shortage(cluster).is_none())
            .ok_or(missing)
    }

    /// Makes a plan for a study. A policy that was published for another form of graphs gets its form, so that its figures
    /// can be compared with the published ones. The plan belongs to the returned graph, which can compute other bits than
    /// the given graph.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn study(
        graph: TaskGraph,
        cluster: &Cluster,
        policy: &dyn Policy,
    ) -> Result<(TaskGraph, Plan), PlanError> {
        validate(&graph, cluster)?;
        let Some((graph, nodes)) = policy.own_form(&graph, cluster) else {
            let plan = Plan::searched(&graph, cluster, policy)?;
            return Ok((graph, plan));
        };
        let problem = Problem::new(&graph, cluster);
        let plan = Plan::placed(&problem, policy, problem.by_rank(&nodes));
        match plan.shortage(cluster) {
            Some(missing) => Err(missing),
            None => Ok((graph, plan)),
        }
    }

    /// Carries out a placement: transfers, frees and loads. What is pinned to its owner goes there first.
    pub(crate) fn placed(
        problem: &Problem<'_>,
        policy: &dyn Policy,
        mut nodes: Vec<NodeId>,
    ) -> Plan {
        problem.pins().iter().for_each(|&(task, node)| nodes[task.index()] = node);
        problem.join_outputs(&mut nodes);
        let mut parts = transfers(problem, &nodes, policy.copies());
        liveness::insert_frees(problem, &nodes, &mut parts);
        let objective_s = objective_s(&parts, problem.cluster());
        let policy = policy.name().to_owned();
        Plan { policy, nodes: problem.by_vertex(&nodes), parts, objective_s }
    }

    /// Whether each node has the memory for its part, one step after the other.
    pub fn fits(&self, cluster: &Cluster) -> bool {
        self.shortage(cluster).is_none()
    }

    /// The node that lacks most memory, as an error.
    fn shortage(&self, cluster: &Cluster) -> Option<PlanError> {
        let lack = |node: &NodeId| {
            let need_bytes = self.parts[node.index()].loads.peak_bytes;
            need_bytes.saturating_sub(cluster.nodes[node.index()].memory_bytes)
        };
        let node = cluster.ids().filter(|node| lack(node) > 0).max_by_key(lack)?;
        let need_bytes = self.parts[node.index()].loads.peak_bytes;
        let budget_bytes = cluster.nodes[node.index()].memory_bytes;
        Some(PlanError::OutOfMemory { node, need_bytes, budget_bytes })
    }

    /// The total bytes that move between nodes.
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
        let kept = graph.made().filter(|&vertex| graph.is_kept(vertex));
        kept.map(|vertex| (graph.name(vertex), self.nodes[vertex.index()]))
    }
}

/// Proves that a graph can be planned on a cluster.
fn validate(graph: &TaskGraph, cluster: &Cluster) -> Result<(), PlanError> {
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
    Ok(())
}

/// Runs and transfers in the order that all nodes share: a copy is made just before its first reader. Every part is
/// a selection of one sequence, so the parts cannot wait for each other in a circle. The steps name ranks until frees
/// are put in.
fn transfers(problem: &Problem<'_>, nodes: &[NodeId], rule: CopyRule) -> Vec<NodePlan> {
    let mut parts = vec![NodePlan::default(); problem.cluster().len()];
    let mut router = Router::new(problem, rule);
    for task in problem.tasks() {
        let node = nodes[task.index()];
        router.run(task, node, |input, from, _| {
            let vertex = VertexId(input.0);
            parts[from.index()].steps.push(Step::Send { vertex, to: node });
            parts[node.index()].steps.push(Step::Receive { vertex, from });
        });
        parts[node.index()].steps.push(Step::Run(VertexId(task.0)));
    }
    for (part, (cost, spec)) in
        parts.iter_mut().zip(router.costs().iter().zip(&problem.cluster().nodes))
    {
        (part.loads, part.host) = (cost.loads, spec.host);
    }
    parts
}

impl NodePlan {
    /// The predicted seconds of the busiest resource of a node that can do what `spec` says: its flops, what it receives,
    /// and what it sends.
    pub fn busy_s(&self, spec: &NodeSpec) -> f64 {
        let discounted = |bytes: u64, host_bytes: u64| {
            (bytes - host_bytes) as f64 + host_bytes as f64 * HOST_COPY_FRACTION
        };
        let loads = &self.loads;
        let bytes_in = discounted(loads.bytes_in, loads.host_bytes_in);
        let bytes_out = discounted(loads.bytes_out, loads.host_bytes_out);
        let compute_s = loads.flops as f64 / spec.rate_flops_per_s();
        let in_s = bytes_in / spec.bandwidth_in_bytes_per_s;
        compute_s.max(in_s).max(bytes_out / spec.bandwidth_out_bytes_per_s)
    }
}

/// The predicted seconds of the busiest resource of any node.
fn objective_s(parts: &[NodePlan], cluster: &Cluster) -> f64 {
    let nodes = parts.iter().zip(&cluster.nodes);
    nodes.map(|(part, spec)| part.busy_s(spec)).fold(0.0, f64::max)
}
