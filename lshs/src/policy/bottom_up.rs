//! Bottom-up scheduling: a task goes to the node that submits it until that node is half busy; Ray's default.
//!
//! Source: R. Nishihara et al., "Real-Time Machine Learning: The Missing Pieces", 2017, and Ray's hybrid policy
//! (`hybrid_scheduling_policy.cc`): the submitting node is preferred while its utilisation is below one half
//! (`scheduler_spread_threshold`), then the node with the least utilisation. The driver submits from node 0. Busy
//! workers follow from simulated time: a task occupies a worker from when its inputs are finished and there.

use super::Policy;
use crate::plan::Router;
use crate::{CopyRule, NodeId, Problem, Rank};

/// The submitter first, then the least busy node.
#[derive(Clone, Copy, Debug, Default)]
pub struct BottomUp;

/// Ray's `scheduler_spread_threshold`.
const SPREAD_THRESHOLD: f64 = 0.5;

impl Policy for BottomUp {
    fn name(&self) -> &'static str {
        "bottom-up"
    }

    fn place(&self, problem: &Problem<'_>) -> Vec<NodeId> {
        let mut router = Router::new(problem, CopyRule::LeastLoaded);
        let mut workers = Workers::new(problem);
        let mut finished_s = vec![0.0_f64; problem.len()];
        let mut nodes: Vec<NodeId> = problem.ranks().map(|vertex| router.home(vertex)).collect();
        for vertex in problem.tasks() {
            let inputs = problem.inputs(vertex);
            let ready_s = inputs.iter().map(|input| finished_s[input.index()]).fold(0.0, f64::max);
            let node = workers.choose(ready_s);
            let before_s = router.costs()[node.index()].in_s;
            router.run(vertex, node, |_, _, _| {});
            let copy_s = router.costs()[node.index()].in_s - before_s;
            let run_s = workers.task_s(problem, vertex, node);
            let end_s = workers.occupy(node, ready_s + copy_s, run_s);
            problem.outputs(vertex).for_each(|output| finished_s[output.index()] = end_s);
            nodes[vertex.index()] = node;
        }
        nodes
    }
}

/// When each worker of each node is free again.
struct Workers {
    free_s: Vec<Vec<f64>>,
}

impl Workers {
    fn new(problem: &Problem<'_>) -> Workers {
        let specs = problem.cluster().nodes.iter();
        Workers { free_s: specs.map(|spec| vec![0.0; spec.workers.max(1) as usize]).collect() }
    }

    /// The busy fraction of a node's workers at some time.
    fn utilisation(&self, node: usize, now_s: f64) -> f64 {
        let busy = self.free_s[node].iter().filter(|&&free_s| free_s > now_s).count();
        busy as f64 / self.free_s[node].len() as f64
    }

    fn choose(&self, now_s: f64) -> NodeId {
        if self.utilisation(0, now_s) < SPREAD_THRESHOLD {
            return NodeId(0);
        }
        let queue_s = |node: usize| self.free_s[node].iter().copied().fold(f64::INFINITY, f64::min);
        let better = |&left: &usize, &right: &usize| {
            let utilised = self.utilisation(left, now_s).total_cmp(&self.utilisation(right, now_s));
            utilised.then(queue_s(left).total_cmp(&queue_s(right)))
        };
        NodeId((0..self.free_s.len()).min_by(better).unwrap_or(0) as u32)
    }

    fn task_s(&self, problem: &Problem<'_>, vertex: Rank, node: NodeId) -> f64 {
        problem.flops(vertex) as f64 / problem.cluster().nodes[node.index()].flops_per_s
    }

    /// Gives a task the first free worker of a node, and says when it is done.
    fn occupy(&mut self, node: NodeId, ready_s: f64, run_s: f64) -> f64 {
        let workers = &mut self.free_s[node.index()];
        let first = (0..workers.len()).min_by(|&a, &b| workers[a].total_cmp(&workers[b]));
        let worker = first.unwrap_or(0);
        workers[worker] = workers[worker].max(ready_s) + run_s;
        workers[worker]
    }
}
