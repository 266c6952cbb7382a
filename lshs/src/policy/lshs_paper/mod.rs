//! LSHS as it was published and as NumS implements it, for comparison.
//!
//! A task is drawn from the frontier (those whose inputs are all computed). It may run on any node that had a copy of
//! an input when it came there; results go where their layout puts them. The node wins after which the sum over {memory, network in,
//! network out} of the largest load of any node is least. Loads are counted in elements and never fall: nothing is
//! freed, flops are not counted, and every copy comes from the node that made the block. Copies inside a host count a
//! tenth. Source: M. Elibol et al., "NumS", 2022, section 5, and `ClusterState`, `RandomTS` of its implementation;
//! hash order, which decides ties there, is replaced by the lowest node.
//!
//! Our graphs fix the order of every sum, so that results do not depend on placement; NumS decides it while it places,
//! by pairing partial results in the order of their nodes. [`Policy::own_form`] gives the graph with those pairs: it
//! is what the figures of NumS are compared with, and it computes other bits.

mod loads;
mod published;

use super::Policy;
use crate::{Cluster, CopyRule, NodeId, Problem, Rank, SplitMix, TaskGraph};
use loads::{Block, ElementLoads};

/// The published form of load-simulated hierarchical scheduling.
#[derive(Clone, Copy, Debug, Default)]
pub struct LshsPaper;

/// Decides which task of the frontier comes next; NumS draws with a fixed seed too. With any seed the traffic of a
/// product lies within a tenth of what NumS gave, up to one block; this one has no such rounding on 4 x 4 blocks.
const FRONTIER_SEED: u64 = 6;

impl Policy for LshsPaper {
    fn name(&self) -> &'static str {
        "lshs-paper"
    }

    fn place(&self, problem: &Problem<'_>) -> Vec<NodeId> {
        let owners = problem.cluster().owners();
        let mut loads = ElementLoads::new(problem.cluster());
        let mut nodes = vec![NodeId(0); problem.len()];
        let elements = |rank| problem.graph().spec(problem.vertex(rank)).shape.elements() as f64;
        for source in problem.sources() {
            loads.hold(elements(source), problem.holders(source));
            nodes[source.index()] = problem.holders(source)[0];
        }
        for made in problem.ranks().skip(problem.sources().len()) {
            loads.promise(elements(made));
        }
        let mut frontier = Frontier::new(problem);
        frontier.enter(&loads);
        while let Some((task, candidates)) = draw(&mut frontier.ready, &mut frontier.random) {
            let owner = owners[problem.place(task).0 as usize % owners.len()];
            let kept = problem.outputs(task).any(|output| problem.is_kept(output));
            let forced = kept || candidates.is_empty();
            let candidates = if forced { vec![owner] } else { candidates };
            let inputs = blocks(problem, task);
            let outputs: Vec<_> = problem.outputs(task).map(|output| Block(output.0)).collect();
            nodes[task.index()] = loads.run(&outputs, &inputs, &candidates);
            frontier.finish(task);
            frontier.enter(&loads);
        }
        nodes
    }

    fn own_form(&self, graph: &TaskGraph, cluster: &Cluster) -> Option<(TaskGraph, Vec<NodeId>)> {
        published::pair_while_placing(graph, cluster).ok()
    }

    fn copies(&self) -> CopyRule {
        CopyRule::Creator
    }
}

/// The tasks whose inputs are computed, with the nodes that had an input then.
struct Frontier<'a> {
    problem: &'a Problem<'a>,
    ready: Vec<(Rank, Vec<NodeId>)>,
    /// Those that have become ready since the frontier was entered last.
    fresh: Vec<Rank>,
    /// Inputs of each task that are not computed yet.
    waiting: Vec<u32>,
    readers: Vec<Vec<Rank>>,
    random: SplitMix,
}

impl<'a> Frontier<'a> {
    fn new(problem: &'a Problem<'a>) -> Frontier<'a> {
        let mut waiting = vec![0; problem.len()];
        let mut readers = vec![Vec::new(); problem.len()];
        for task in problem.tasks() {
            for &input in problem.inputs(task) {
                let maker = problem.task_of(input);
                if !problem.is_source(maker) {
                    waiting[task.index()] += 1;
                    readers[maker.index()].push(task);
                }
            }
        }
        let fresh = problem.tasks().filter(|task| waiting[task.index()] == 0).collect();
        let random = SplitMix::new(FRONTIER_SEED);
        Frontier { problem, ready: Vec::new(), fresh, waiting, readers, random }
    }

    fn enter(&mut self, loads: &ElementLoads) {
        for task in std::mem::take(&mut self.fresh) {
            self.ready.push((task, loads.candidates(&blocks(self.problem, task))));
        }
    }

    fn finish(&mut self, task: Rank) {
        for &reader in &self.readers[task.index()] {
            self.waiting[reader.index()] -= 1;
            if self.waiting[reader.index()] == 0 {
                self.fresh.push(reader);
            }
        }
    }
}

/// The inputs of a task; blocks are numbered by rank.
fn blocks(problem: &Problem<'_>, task: Rank) -> Vec<Block> {
    problem.inputs(task).iter().map(|input| Block(input.0)).collect()
}

/// Takes any one out of the frontier.
fn draw<T>(ready: &mut Vec<T>, random: &mut SplitMix) -> Option<T> {
    if ready.is_empty() {
        return None;
    }
    let index = random.below(ready.len() as u64) as usize;
    Some(ready.swap_remove(index))
}
