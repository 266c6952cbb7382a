//! The members of the portfolio and their competition.

use super::greedy::{self, Units};
use super::refine::{self, Budget};
use super::score::Score;
use crate::{NodeId, Place, Problem, VertexId, node_of_place};
use std::cmp::Ordering;

/// Placements that compete, with what they cost.
pub(super) struct Portfolio<'a> {
    problem: &'a Problem<'a>,
    /// The node where each vertex's layout puts it.
    owners: Vec<NodeId>,
    /// What owner-computes costs, where the promise of a layout binds.
    promise: Option<Score>,
    members: Vec<Member>,
}

#[derive(Clone)]
struct Member {
    nodes: Vec<NodeId>,
    score: Score,
}

/// Graphs with more vertices and edges than this get no second chances: only members that could win are finished.
const SMALL_GRAPH: usize = 1 << 14;

/// How many members are refined.
const REFINED_MEMBERS: usize = 3;

impl<'a> Portfolio<'a> {
    pub(super) fn new(problem: &'a Problem<'a>) -> Portfolio<'a> {
        let owners = by_place(problem, &problem.cluster.owners());
        let mut portfolio = Portfolio { problem, owners, promise: None, members: Vec::new() };
        let owner_computes = portfolio.owners.clone();
        portfolio.add(owner_computes);
        if portfolio.is_aligned() {
            portfolio.promise = portfolio.members.first().map(|member| member.score);
        }
        portfolio
    }

    /// Whether nodes are equal and every source lies where its layout says.
    fn is_aligned(&self) -> bool {
        let graph = self.problem.graph;
        let at_home = |vertex: VertexId| {
            let holders = graph.holders(vertex);
            let (place, cluster) = (graph.place(vertex), self.problem.cluster);
            holders.is_empty()
                || holders.contains(&node_of_place(place, cluster.places, cluster.len()))
        };
        self.problem.cluster.is_uniform() && graph.vertices().all(at_home)
    }

    /// Adds stationary A and B, data locality and simulated placements.
    pub(super) fn fill(&mut self) {
        if self.problem.cluster.len() == 1 {
            return;
        }
        let problem = self.problem;
        if !problem.cluster.is_uniform() {
            let (places, nodes) = (problem.cluster.places, problem.cluster.len());
            let equal = (0..places).map(|place| node_of_place(Place(place), places, nodes));
            self.add(by_place(problem, &equal.collect::<Vec<_>>()));
        }
        self.add(self.following(Operand::First));
        self.add(self.following(Operand::Last));
        let units = Units::new(problem);
        let fair_s = greedy::fair_share_s(problem);
        let best_s = self.best().map_or(f64::INFINITY, |member| member.score.objective_s);
        self.add(greedy::place(problem, &units, &self.owners, f64::INFINITY));
        self.add(greedy::place(problem, &units, &self.owners, best_s * 0.9));
        if self.is_small() {
            for limit_s in [0.0, fair_s * 1.05, best_s * 0.6, best_s * 0.75] {
                self.add(greedy::place(problem, &units, &self.owners, limit_s));
            }
        }
    }

    /// Adds placements that spread what stays, for clusters that are short of memory.
    pub(super) fn fill_by_memory(&mut self) {
        let units = Units::new(self.problem);
        self.add(greedy::place_by_memory(self.problem, &units, &self.owners));
    }

    /// Moves single units of the best members as long as that helps and the budget lasts.
    pub(super) fn refine(&mut self) {
        if self.problem.cluster.len() == 1 {
            return;
        }
        self.members.sort_by(|left, right| left.score.compare(&right.score));
        let units = Units::new(self.problem);
        let mut budget = Budget::new();
        for index in 0..self.members.len().min(REFINED_MEMBERS) {
            let Member { nodes, score } = self.members[index].clone();
            let allowed = |score: &Score| allows(&self.promise, score);
            let (nodes, score) = refine::refine(
                self.problem,
                &units,
                &self.owners,
                (nodes, score),
                allowed,
                &mut budget,
            );
            self.members[index] = Member { nodes, score };
        }
    }

    pub(super) fn into_best(self) -> Vec<NodeId> {
        let best = self.best().map(|member| member.nodes.clone());
        best.unwrap_or(self.owners)
    }

    pub(super) fn into_ranked(mut self) -> Vec<Vec<NodeId>> {
        self.members.sort_by(|left, right| left.score.compare(&right.score));
        self.members.into_iter().map(|member| member.nodes).collect()
    }

    fn best(&self) -> Option<&Member> {
        // The first of equals: earlier members keep closer to the layout.
        self.members.iter().min_by(|left, right| left.score.compare(&right.score))
    }

    fn is_small(&self) -> bool {
        self.problem.graph.len() <= SMALL_GRAPH
    }

    /// Adds a placement if it keeps the promise and is not clearly worse than the best one.
    fn add(&mut self, nodes: Vec<NodeId>) {
        let slack = if self.is_small() { f64::INFINITY } else { 1.0 };
        let best_s = self.best().map_or(f64::INFINITY, |member| member.score.objective_s);
        let Some(score) = Score::of(self.problem, &nodes, &self.owners, best_s * slack) else {
            return;
        };
        let known = self
            .members
            .iter()
            .any(|member| member.score.compare(&score) == Ordering::Equal && member.nodes == nodes);
        if !known && allows(&self.promise, &score) {
            self.members.push(Member { nodes, score });
        }
    }

    /// Every task follows one operand, accumulators apart; a task without inputs stays with its layout.
    fn following(&self, operand: Operand) -> Vec<NodeId> {
        let graph = self.problem.graph;
        let mut nodes = self.owners.clone();
        for vertex in graph.tasks() {
            let inputs = graph.inputs(vertex);
            let accumulator = graph.op(vertex).in_place_input();
            let mut operands = (0..inputs.len()).filter(|&index| Some(index) != accumulator);
            let followed = match operand {
                Operand::First => operands.next(),
                Operand::Last => operands.next_back(),
            };
            if let Some(index) = followed {
                nodes[vertex.index()] = self.problem.home(&nodes, inputs[index]);
            }
        }
        nodes
    }
}

/// Which operand a task follows: stationary A or stationary B.
#[derive(Clone, Copy)]
enum Operand {
    First,
    Last,
}

/// The owner of each vertex's place; of a source its owner if it holds the source, else the first holder.
fn by_place(problem: &Problem<'_>, owners: &[NodeId]) -> Vec<NodeId> {
    let graph = problem.graph;
    let node = |vertex: VertexId| {
        let place = graph.place(vertex).0 as usize;
        let owner = owners[place.min(owners.len() - 1)];
        match graph.holders(vertex) {
            [] => owner,
            holders if holders.contains(&owner) => owner,
            holders => holders[0],
        }
    };
    graph.vertices().map(node).collect()
}

fn allows(promise: &Option<Score>, score: &Score) -> bool {
    promise.is_none_or(|promise| {
        score.max_bytes_in <= promise.max_bytes_in && score.total_bytes <= promise.total_bytes
    })
}
