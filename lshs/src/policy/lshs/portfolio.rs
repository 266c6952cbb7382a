//! The members of the portfolio and their competition.

use super::descend::{descend, soonest_s};
use super::greedy::{self, Units};
use super::judge::{self, Judge};
use super::promise;
use super::refine::{self, Budget};
use super::score::{Limits, Score};
use crate::policy::{BottomUp, DataLocal, LshsPaper, Policy, Random, RoundRobin};
use crate::{NodeId, Place, Problem, Rank, node_of_place};

/// Placements that compete, with what they cost.
pub(super) struct Portfolio<'a> {
    problem: &'a Problem<'a>,
    /// The node where each vertex's layout puts it.
    owners: Vec<NodeId>,
    /// The placement in which owners compute.
    owner_computes: Option<Member>,
    /// What the layout's own placement costs, where it can promise something.
    layout: Option<Score>,
    /// The network that it uses, once the promise of the layout binds.
    promise: Limits,
    members: Vec<Member>,
    /// The most bytes that the published form brings into a node, where it competes.
    published_bytes_in: u64,
}

#[derive(Clone)]
struct Member {
    nodes: Vec<NodeId>,
    score: Score,
}

/// Graphs with more vertices and edges than this get no second chances: only members that could win are finished.
const SMALL_GRAPH: usize = 1 << 12;

/// In graphs up to this size the placements of other policies compete: to find and judge them takes a fraction of a
/// millisecond.
const RIVALS_GRAPH: usize = 1 << 9;

/// Graphs up to this size are also tried on each of the first nodes alone.
const TINY_GRAPH: usize = 256;
const TINY_NODES: usize = 8;

/// How much more than a fair share of the flops a node may be given.
const FAIR_SLACK: f64 = 1.02;

/// Limits that a simulated placement tries to stay within, as fractions of the best objective so far.
const LIMITS: [f64; 5] = [0.9, 0.75, 0.6, 0.5, 0.85];

/// How many members are refined.
const REFINED_MEMBERS: usize = 3;

impl<'a> Portfolio<'a> {
    pub(super) fn new(problem: &'a Problem<'a>) -> Portfolio<'a> {
        let owners = by_place(problem, &problem.cluster().owners());
        let mut portfolio = Portfolio {
            problem,
            owners,
            owner_computes: None,
            layout: None,
            promise: Limits::none(),
            members: Vec::new(),
            published_bytes_in: u64::MAX,
        };
        let owner_computes = portfolio.owners.clone();
        portfolio.add(owner_computes);
        portfolio.owner_computes = portfolio.members.first().cloned();
        let gathered = portfolio.gathering();
        portfolio.add(gathered);
        if promise::is_possible(problem) {
            let scores = portfolio.members.iter().map(|member| member.score);
            portfolio.layout = scores.min_by_key(|score| (score.max_bytes_in, score.total_bytes));
        }
        portfolio
    }

    /// Whether nothing can be better than the layout's own placement: it moves nothing now or later, and what it takes
    /// ties with flops that are shared out perfectly. That is what most element-wise work is like.
    pub(super) fn is_unbeatable(&self) -> bool {
        self.members.first().is_some_and(|layout| {
            let fair_share_s = greedy::fair_share_s(self.problem);
            layout.score.moves_nothing() && judge::ties(layout.score.objective_s, fair_share_s)
        })
    }

    /// A placement that moves nothing and is done as soon as any can be, if it follows an operand; small arrays, which
    /// lie on one node, have one.
    pub(super) fn satisfying(&mut self) -> Option<Vec<NodeId>> {
        if !self.is_small() {
            return None;
        }
        let following = [Operand::First, Operand::Last].map(|operand| self.following(operand));
        following.into_iter().for_each(|nodes| self.add(nodes));
        let mut moves_nothing = self.members.iter().filter(|member| member.score.total_bytes == 0);
        let soonest_s = soonest_s(self.problem);
        let satisfies = |member: &&Member| {
            judge::simulated_s(self.problem, &member.nodes)
                .is_some_and(|seconds| judge::ties(seconds, soonest_s))
        };
        moves_nothing.find(satisfies).map(|member| member.nodes.clone())
    }

    /// Adds all members, and holds them to the promise of the layout if it binds.
    pub(super) fn fill(&mut self) {
        if self.problem.cluster().len() == 1 {
            return;
        }
        // In a large graph the promise spares most of the work, so it binds before others are known.
        if !self.is_small() {
            self.promise = self.binding_promise().unwrap_or(self.promise);
        }
        let units = self.units();
        self.follow(&units);
        if let Some(promise) = self.binding_promise() {
            self.promise = promise;
            self.members.retain(|member| promise.allow(&member.score));
        }
        if self.problem.len() <= RIVALS_GRAPH {
            self.add_rivals();
        }
        units.iter().for_each(|units| self.balance(units));
    }

    /// Adds the placements of other policies: each of them is the best now and then.
    fn add_rivals(&mut self) {
        let published = LshsPaper.place(self.problem);
        let score = Score::of(self.problem, &published, &self.owners, Limits::none());
        self.published_bytes_in = score.map_or(u64::MAX, |score| score.max_bytes_in);
        self.add(published);
        let rivals: [&dyn Policy; 3] = [&BottomUp, &RoundRobin, &Random::default()];
        rivals.iter().for_each(|rival| self.add(rival.place(self.problem)));
    }

    /// The promise of the layout, if it binds.
    fn binding_promise(&self) -> Option<Limits> {
        let scores = self.members.iter().map(|member| member.score);
        promise::binding(self.problem, &self.layout?, scores)
    }

    /// What simulated placements move as one: chains, whole outputs where they are more, in small graphs also tasks.
    fn units(&self) -> Vec<Units> {
        let mut units = vec![Units::chains(self.problem)];
        let (chains, outputs) = (units[0].len(), Units::outputs(self.problem));
        if outputs.len() < chains {
            units.push(outputs);
        }
        if self.is_small() && chains < self.problem.tasks().len() {
            units.push(Units::tasks(self.problem));
        }
        units
    }

    /// Adds the members that follow the data: stationary A and B, data locality, one node alone.
    fn follow(&mut self, units: &[Units]) {
        let problem = self.problem;
        if !problem.cluster().is_uniform() {
            let (places, nodes) = (problem.cluster().places, problem.cluster().len());
            let equal = (0..places).map(|place| node_of_place(Place(place), places, nodes));
            self.add(by_place(problem, &equal.collect::<Vec<_>>()));
        }
        self.add(self.following(Operand::First));
        self.add(self.following(Operand::Last));
        if problem.len() <= TINY_GRAPH {
            // What single moves cannot reach: a group of tasks that belong together is somewhere else.
            let nodes = problem.cluster().ids().take(TINY_NODES);
            nodes.for_each(|node| self.add(self.all_on(node)));
        }
        if self.is_small() {
            self.add(DataLocal.place(problem));
            for units in units {
                self.add(greedy::place(problem, units, &self.owners, f64::INFINITY));
            }
        }
    }

    /// Adds simulated placements of some units that share out the load, each a little below the best so far.
    fn balance(&mut self, units: &Units) {
        let problem = self.problem;
        let thorough = self.is_small() || !problem.cluster().is_uniform();
        if self.is_small() {
            self.add(greedy::place(problem, units, &self.owners, 0.0));
        }
        if thorough {
            let fair_s = greedy::fair_share_s(problem);
            self.add(greedy::place(problem, units, &self.owners, fair_s * FAIR_SLACK));
        }
        let tries = if thorough { LIMITS.len() } else { 1 };
        for fraction in &LIMITS[..tries] {
            let best_s = self.best().map_or(f64::INFINITY, |member| member.score.objective_s);
            self.add(greedy::place(problem, units, &self.owners, best_s * fraction));
        }
    }

    /// Adds placements that spread what stays, for clusters that are short of memory.
    pub(super) fn fill_by_memory(&mut self) {
        let units = Units::chains(self.problem);
        self.add(greedy::place_by_memory(self.problem, &units, &self.owners));
    }

    /// Moves single units of the best members as long as that helps and the budget lasts.
    pub(super) fn refine(&mut self) {
        if self.problem.cluster().len() == 1 {
            return;
        }
        self.members.sort_by(|left, right| left.score.compare(&right.score));
        let units = Units::chains(self.problem);
        let mut budget = Budget::new();
        let mut refined = Vec::new();
        for Member { nodes, score } in self.members.iter().take(REFINED_MEMBERS).cloned() {
            let (nodes, score) = refine::refine(
                self.problem,
                &units,
                &self.owners,
                (nodes, score),
                self.promise,
                &mut budget,
            );
            if !self.members.iter().any(|member| member.nodes == nodes) {
                refined.push(Member { nodes, score });
            }
        }
        self.members.extend(refined);
    }

    /// The member that the judge takes.
    pub(super) fn into_best(mut self) -> Vec<NodeId> {
        // A stable sort: of equals the one that keeps closer to the layout comes first.
        self.members.sort_by(|left, right| left.score.compare(&right.score));
        let is_small = self.is_small();
        if let (Some(layout), 2..) = (self.owner_computes, self.members.len()) {
            let layout = (&layout.nodes[..], &layout.score);
            let mut judge = Judge::new(self.problem, layout, is_small);
            let members = self.members.iter().map(|member| (&member.nodes[..], &member.score));
            let ranked = judge.rank(members, self.published_bytes_in).into_iter();
            let starts =
                ranked.map(|(index, seconds)| (self.members[index].nodes.clone(), seconds));
            if let Some(nodes) = descend(&mut judge, self.problem, &self.owners, starts) {
                return nodes;
            }
        }
        self.members.into_iter().next().map_or(self.owners, |member| member.nodes)
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
        self.problem.len() <= SMALL_GRAPH
    }

    /// Adds a placement if it keeps the promise and is not clearly worse than the best one.
    fn add(&mut self, mut nodes: Vec<NodeId>) {
        self.problem.pins().iter().for_each(|&(task, node)| nodes[task.index()] = node);
        if self.members.iter().any(|member| member.nodes == nodes) {
            return;
        }
        let slack = if self.is_small() { f64::INFINITY } else { 1.0 };
        let best_s = self.best().map_or(f64::INFINITY, |member| member.score.objective_s);
        let limits = Limits { objective_s: best_s * slack, ..self.promise };
        if let Some(score) = Score::of(self.problem, &nodes, &self.owners, limits) {
            self.members.push(Member { nodes, score });
        }
    }

    /// Every task runs on one node.
    fn all_on(&self, node: NodeId) -> Vec<NodeId> {
        let mut nodes = self.owners.clone();
        self.problem.tasks().for_each(|task| nodes[task.index()] = node);
        nodes
    }

    /// Every temporary is made where its first reader is, results where their layout puts them: the partial products
    /// of an output block are summed without moving.
    fn gathering(&self) -> Vec<NodeId> {
        let problem = self.problem;
        let mut nodes = self.owners.clone();
        for vertex in problem.tasks().rev() {
            for &input in problem.inputs(vertex) {
                let maker = problem.task_of(input);
                let kept = problem.outputs(maker).any(|output| problem.is_kept(output));
                if !problem.is_source(maker) && !kept {
                    nodes[maker.index()] = nodes[vertex.index()];
                }
            }
        }
        nodes
    }

    /// Every task follows one operand, accumulators apart; a task without inputs stays with its layout.
    fn following(&self, operand: Operand) -> Vec<NodeId> {
        let problem = self.problem;
        let mut nodes = self.owners.clone();
        for vertex in problem.tasks() {
            let inputs = problem.inputs(vertex);
            let accumulator = problem.accumulator(vertex);
            let mut operands = inputs.iter().filter(|&&input| Some(input) != accumulator);
            let followed = match operand {
                Operand::First => operands.next(),
                Operand::Last => operands.next_back(),
            };
            if let Some(input) = followed {
                nodes[vertex.index()] = nodes[problem.task_of(*input).index()];
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
    let node = |vertex: Rank| {
        let place = problem.place(vertex).0 as usize;
        let owner = owners[place.min(owners.len() - 1)];
        match problem.holders(vertex) {
            [] => owner,
            holders if holders.contains(&owner) => owner,
            holders => holders[0],
        }
    };
    problem.ranks().map(node).collect()
}
