//! Which of several placements is taken: the one that is done first, and of those that are done at about the same time
//! the one that moves the fewest bytes.
//!
//! The seconds of a placement are those that its plan takes in the simulator, which knows what the objective does not:
//! tasks wait for each other and for copies, and a copy has a latency. In a large graph, where that would cost more
//! than the search itself, they are those of its busiest resource; and so in a short plan of products, sums and TSQR,
//! which brings into no node more than owners that compute and the published form do.

use super::Lshs;
use super::promise;
use super::score::{Limits, Score};
use crate::{NodeId, Plan, Problem, SimulationOptions};

/// Seconds within this factor of the fewest are a tie.
const TIE_WITHIN: f64 = 1.01;

/// So many seconds tie in any case, less than a message takes to arrive: nobody would gain by them, and what the plan
/// keeps is better off where the layout puts it.
const TIE_S: f64 = 20e-6;

/// A plan of products, sums and TSQR that takes less than this is judged by its objective, which knows no latency and
/// no tie: to break the promise of the layout would gain nothing that anybody could see.
const SHORT_S: f64 = 1e-3;

/// Bytes beyond this factor of what the layout's own placement moves have to pay.
const FRUGAL_WITHIN: u64 = 2;

/// What they have to bring the seconds down to, as a fraction of those of the layout's own placement.
const PAYS_BELOW: f64 = 0.95;

/// The vertices of all placements that are simulated for one plan: some milliseconds.
const SIMULATED_VERTICES_MAX: usize = 1 << 14;

/// However small the graph is, no more placements are simulated.
pub(super) const SIMULATIONS_MAX: usize = 64;

/// Whether a plan of some seconds ties with one that takes the fewest.
pub(super) fn ties(seconds: f64, fewest_s: f64) -> bool {
    seconds <= longest_tie_s(fewest_s)
}

fn longest_tie_s(fewest_s: f64) -> f64 {
    fewest_s * TIE_WITHIN + TIE_S
}

/// Compares placements by their seconds and bytes.
pub(super) struct Judge<'a> {
    problem: &'a Problem<'a>,
    /// Whether it simulates; otherwise the objective counts.
    simulates: bool,
    /// Whether it keeps what the layout of a short plan promises.
    is_short: bool,
    simulations_left: usize,
    /// What the layout's own placement takes and moves.
    layout: Cost,
}

struct Cost {
    seconds: f64,
    bytes: u64,
    /// Into the node that receives most.
    bytes_in: u64,
}

impl<'a> Judge<'a> {
    /// A judge that knows what the placement costs in which owners compute, and simulates if it may.
    pub(super) fn new(
        problem: &'a Problem<'a>,
        (nodes, score): (&[NodeId], &Score),
        simulates: bool,
    ) -> Judge<'a> {
        let simulations_left = (SIMULATED_VERTICES_MAX / problem.len().max(1)).min(SIMULATIONS_MAX);
        let layout = Cost {
            seconds: score.objective_s,
            bytes: score.total_bytes,
            bytes_in: score.max_bytes_in,
        };
        let mut judge = Judge { problem, simulates, is_short: false, simulations_left, layout };
        if let Some(seconds) = judge.seconds(nodes, score) {
            if simulates && seconds < SHORT_S && promise::is_possible(problem) {
                (judge.simulates, judge.is_short) = (false, true);
            } else {
                judge.layout.seconds = seconds;
            }
        }
        judge
    }

    /// The most seconds that tie with the fewest.
    fn tie_s(&self, fewest_s: f64) -> f64 {
        if self.simulates { longest_tie_s(fewest_s) } else { fewest_s * TIE_WITHIN }
    }

    /// The index of the placement to take, with its seconds, then those of the others, the soonest first. Those of less
    /// objective come first as they are given.
    pub(super) fn rank<'b>(
        &mut self,
        placements: impl Iterator<Item = (&'b [NodeId], &'b Score)>,
        published_bytes_in: u64,
    ) -> Vec<(usize, f64)> {
        // The promise of a short plan: into no node more than owners that compute and the published form bring.
        let bytes_in_max =
            if self.is_short { self.layout.bytes_in.min(published_bytes_in) } else { u64::MAX };
        let mut fewest_s = f64::INFINITY;
        let mut judged: Vec<(usize, f64, u64)> = Vec::new();
        for (index, (nodes, score)) in placements.enumerate() {
            // No plan is done before its busiest resource is. So a placement cannot win any more if it comes too late,
            // or if it moves no less than one that ties with the soonest that it can be done.
            let too_late = score.objective_s > self.tie_s(fewest_s);
            let too_much = score.max_bytes_in > bytes_in_max;
            let soonest_tie_s = self.tie_s(score.objective_s);
            let no_better = judged
                .iter()
                .any(|&(_, seconds, moves)| seconds <= soonest_tie_s && moves <= score.moves());
            let never_pays = !self.pays(score.total_bytes, score.objective_s);
            if too_late || too_much || no_better || never_pays {
                continue;
            }
            let Some(seconds) = self.seconds(nodes, score) else { break };
            if self.pays(score.total_bytes, seconds) {
                fewest_s = fewest_s.min(seconds);
                judged.push((index, seconds, score.moves()));
            }
        }
        let tied = judged.iter().filter(|(_, seconds, _)| *seconds <= self.tie_s(fewest_s));
        let taken = tied
            .min_by(|left, right| left.2.cmp(&right.2).then(left.1.total_cmp(&right.1)))
            .map(|&(index, ..)| index);
        judged.sort_by(|left, right| {
            (Some(left.0) != taken).cmp(&(Some(right.0) != taken)).then(left.1.total_cmp(&right.1))
        });
        judged.into_iter().map(|(index, seconds, _)| (index, seconds)).collect()
    }

    /// Whether it simulates plans, and does not compare their objectives alone.
    pub(super) fn simulates(&self) -> bool {
        self.simulates
    }

    /// Allows as many simulations as a small graph may have.
    pub(super) fn allow_simulations(&mut self) {
        self.simulations_left = SIMULATIONS_MAX;
    }

    /// The seconds of a placement that is done notably earlier than some seconds, and whose bytes pay.
    pub(super) fn sooner_s(
        &mut self,
        nodes: &[NodeId],
        owners: &[NodeId],
        than_s: f64,
    ) -> Option<f64> {
        let limits = Limits { objective_s: than_s / TIE_WITHIN, ..Limits::none() };
        let score = Score::of(self.problem, nodes, owners, limits)?;
        if !self.pays(score.total_bytes, score.objective_s) {
            return None;
        }
        let seconds = self.seconds(nodes, &score)?;
        (self.tie_s(seconds) < than_s && self.pays(score.total_bytes, seconds)).then_some(seconds)
    }

    /// Whether the bytes that a placement moves are few, or make it notably faster.
    fn pays(&self, bytes: u64, seconds: f64) -> bool {
        bytes <= self.layout.bytes.saturating_mul(FRUGAL_WITHIN)
            || seconds <= self.layout.seconds * PAYS_BELOW
    }

    /// The seconds that a placement takes; `None` when no more may be simulated, or the cluster cannot be.
    fn seconds(&mut self, nodes: &[NodeId], score: &Score) -> Option<f64> {
        if !self.simulates {
            return Some(score.objective_s);
        }
        self.simulations_left = self.simulations_left.checked_sub(1)?;
        simulated_s(self.problem, nodes)
    }
}

/// The seconds that the plan of a placement takes in the simulator; `None` where the cluster cannot be simulated.
pub(super) fn simulated_s(problem: &Problem<'_>, nodes: &[NodeId]) -> Option<f64> {
    let plan = Plan::placed(problem, &Lshs, nodes.to_vec());
    let options = SimulationOptions::default();
    let run = plan.simulate(problem.graph(), problem.cluster(), &options).ok()?;
    Some(run.makespan_s)
}
