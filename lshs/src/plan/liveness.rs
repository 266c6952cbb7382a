//! When copies of blocks are dropped, and how many bytes a node holds at most.

use super::{NodePlan, Problem, Rank, Step};
use crate::{NodeId, TaskGraph, VertexId};

/// Frees each block after its last use on the node, results apart, and notes the peak of every part. The steps come
/// with ranks and leave with vertices.
pub(super) fn insert_frees(problem: &Problem<'_>, nodes: &[NodeId], parts: &mut [NodePlan]) {
    let held = held_bytes(problem.graph(), parts.len());
    // The last node whose part has mentioned each block, plus one.
    let mut mentioned = vec![0; problem.len()];
    for (index, part) in parts.iter_mut().enumerate() {
        let mut walk = Walk {
            problem,
            nodes,
            node: NodeId(index as u32),
            mentioned: &mut mentioned,
            backwards: Vec::with_capacity(part.steps.len() * 2),
            dying: Vec::new(),
            level: 0,
            highest: 0,
        };
        part.steps.iter().rev().for_each(|&step| walk.step(step));
        // The walk measured from the level at the end; it starts from the sources.
        part.loads.peak_bytes = (walk.highest - walk.level + held[index] as i64) as u64;
        walk.backwards.reverse();
        part.steps = walk.backwards;
    }
}

/// The bytes of the sources that each node holds.
pub(super) fn held_bytes(graph: &TaskGraph, nodes: usize) -> Vec<u64> {
    let mut held = vec![0; nodes];
    for vertex in graph.vertices() {
        graph.holders(vertex).iter().for_each(|node| held[node.index()] += graph.bytes(vertex));
    }
    held
}

/// One node's steps from the last to the first, so that the first mention met is the last use.
struct Walk<'a> {
    problem: &'a Problem<'a>,
    nodes: &'a [NodeId],
    node: NodeId,
    mentioned: &'a mut [u32],
    backwards: Vec<Step>,
    /// What is used for the last time in this step.
    dying: Vec<Rank>,
    /// Bytes held before the steps walked so far, measured from the end.
    level: i64,
    highest: i64,
}

impl Walk<'_> {
    fn step(&mut self, step: Step) {
        let problem = self.problem;
        let used = match step {
            Step::Run(used) | Step::Free(used) => used,
            Step::Send { vertex, .. } | Step::Receive { vertex, .. } => vertex,
        };
        let (used, vertex) = (Rank(used.0), problem.vertex(Rank(used.0)));
        self.dying.clear();
        match step {
            // What a task gives and nobody uses goes as soon as it has run.
            Step::Run(_) => problem.outputs(used).for_each(|output| self.last_use(output)),
            _ => self.last_use(used),
        }
        match step {
            Step::Run(_) => {
                problem.inputs(used).iter().rev().for_each(|&input| self.last_use(input));
                self.level += self.dying_bytes();
                let dies = |input| self.dying.iter().any(|&rank| problem.vertex(rank) == input);
                let taken = taken_over(problem.graph(), vertex, dies);
                let taken_bytes: u64 = taken.map(|input| problem.graph().bytes(input)).sum();
                self.highest = self.highest.max(self.level - taken_bytes as i64);
                let made_bytes = problem.outputs(used).map(|output| problem.bytes(output));
                self.level -= made_bytes.sum::<u64>() as i64;
                self.push(Step::Run(vertex));
            }
            Step::Receive { from, .. } => {
                self.level += self.dying_bytes();
                self.highest = self.highest.max(self.level);
                self.level -= problem.bytes(used) as i64;
                self.push(Step::Receive { vertex, from });
            }
            Step::Send { to, .. } => {
                self.level += self.dying_bytes();
                self.push(Step::Send { vertex, to });
            }
            Step::Free(_) => {}
        }
        self.highest = self.highest.max(self.level);
    }

    /// The step, and before it, since this goes backwards, the frees that follow it.
    fn push(&mut self, step: Step) {
        let frees = self.dying.iter().map(|&rank| Step::Free(self.problem.vertex(rank)));
        self.backwards.extend(frees);
        self.backwards.push(step);
    }

    fn last_use(&mut self, rank: Rank) {
        let mark = self.node.0 + 1;
        if std::mem::replace(&mut self.mentioned[rank.index()], mark) == mark {
            return;
        }
        let stays = if self.problem.is_source(rank) {
            self.problem.holders(rank).contains(&self.node)
        } else {
            self.problem.is_kept(rank) && self.nodes[rank.index()] == self.node
        };
        if !stays {
            self.dying.push(rank);
        }
    }

    fn dying_bytes(&self) -> i64 {
        self.dying.iter().map(|&rank| self.problem.bytes(rank)).sum::<u64>() as i64
    }
}

/// The inputs whose buffers a task takes over: they die with the task, which reads them only once.
pub(super) fn taken_over<'a>(
    graph: &'a TaskGraph,
    vertex: VertexId,
    dies: impl Fn(VertexId) -> bool + 'a,
) -> impl Iterator<Item = VertexId> + 'a {
    let inputs = graph.inputs(vertex);
    let once = |taken| inputs.iter().filter(|&&input| input == taken).count() == 1;
    let candidates = graph.op(vertex).in_place_inputs().iter().map(|&at| inputs[at]);
    candidates.filter(move |&taken| once(taken) && dies(taken))
}
