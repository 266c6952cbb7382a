//! Data locality: a task runs where most bytes of its inputs are; Dask's rule.
//!
//! Source: `decide_worker` and `worker_objective` of dask.distributed's scheduler. Among the nodes that have any
//! input the one wins that misses the fewest bytes, on ties the one with the least occupancy (queued seconds a
//! worker). A task without inputs goes to the node with the least occupancy.

use super::{Policy, candidates_of_inputs};
use crate::plan::Router;
use crate::{CopyRule, NodeId, Problem, Rank};

/// The node that misses the fewest bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct DataLocal;

impl Policy for DataLocal {
    fn name(&self) -> &'static str {
        "data-local"
    }

    fn place(&self, problem: &Problem<'_>) -> Vec<NodeId> {
        let mut router = Router::new(problem, CopyRule::LeastLoaded);
        let all: Vec<NodeId> = problem.cluster().ids().collect();
        let mut candidates = Vec::new();
        let mut nodes: Vec<NodeId> = problem.ranks().map(|vertex| router.home(vertex)).collect();
        for vertex in problem.tasks() {
            candidates_of_inputs(problem, &router, vertex, &mut candidates);
            let choices = if candidates.is_empty() { &all } else { &candidates };
            let node = fewest_missing(problem, &router, vertex, choices);
            router.run(vertex, node, |_, _, _| {});
            nodes[vertex.index()] = node;
        }
        nodes
    }
}

fn fewest_missing(
    problem: &Problem<'_>,
    router: &Router<'_>,
    vertex: Rank,
    candidates: &[NodeId],
) -> NodeId {
    let missing_bytes = |node: NodeId| -> u64 {
        let inputs = problem.inputs(vertex).iter();
        let missing = inputs.filter(|&&input| !router.holds(input, node));
        missing.map(|&input| problem.bytes(input)).sum()
    };
    let occupancy_s = |node: NodeId| router.costs()[node.index()].flops_s;
    let better = |&left: &NodeId, &right: &NodeId| {
        let bytes = missing_bytes(left).cmp(&missing_bytes(right));
        bytes.then(occupancy_s(left).total_cmp(&occupancy_s(right))).then(left.cmp(&right))
    };
    candidates.iter().copied().min_by(better).unwrap_or(NodeId(0))
}
