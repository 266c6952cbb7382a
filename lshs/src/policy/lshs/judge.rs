//! Which of several placements is taken: the one that is done first, and of those that are done at about the same time
//! the one that moves the fewest bytes.
//!
//! The seconds of a placement are those that its plan takes in the simulator, which knows what the objective does not:
//! tasks wait for each other and for copies, and a copy has a latency. In a large graph, where that would cost more
//! than the search itself, they are those of its busiest resource; and so in a short plan of products, sums and TSQR,
//! which brings into no node more than owners that compute and the published form do.

use super::Lshs;
use super::promise;
use super::score::Score;
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
const SIMULATIONS_MAX: usize = 64;

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
        fewest_s * TIE_WITHIN + if self.simulates { TIE_S } else { 0.0 }
    }

    /// The index of the placement to take; those of less objective come first. `None` where none comes.
    pub(super) fn choose<'b>(
        &mut self,
        placements: impl Iterator<Item = (&'b [NodeId], &'b Score)>,
        published_bytes_in: u64,
    ) -> Option<usize> {
        // The promise of a short plan: into no node more than owners that compute and the published form bring.
        let bytes_in_max =
            if self.is_short { self.layout.bytes_in.min(published_bytes_in) } else { u64::MAX };
        let mut fewest_s = f64::INFINITY;
        let mut judged = Vec::new();
        for (index, (nodes, score)) in placements.enumerate() {
            // No plan is done before its busiest resource is, so such a placement cannot win any more.
            let too_late = score.objective_s > self.tie_s(fewest_s);
            let too_much = score.max_bytes_in > bytes_in_max;
            if too_late || too_much || !self.pays(score.total_bytes, score.objective_s) {
                continue;
            }
            let Some(seconds) = self.seconds(nodes, score) else { break };
            if self.pays(score.total_bytes, seconds) {
                fewest_s = fewest_s.min(seconds);
                judged.push((index, seconds, score.moves()));
            }
        }
        let tied = judged.iter().filter(|(_, seconds, _)| *seconds <= self.tie_s(fewest_s));
        let fewest =
            tied.min_by(|left, right| left.2.cmp(&right.2).then(left.1.total_cmp(&right.1)));
        fewest.map(|&(index, ..)| index)
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
        let problem = self.problem;
        let plan = Plan::placed(problem, &Lshs, nodes.to_vec());
        let options = SimulationOptions::default();
        let run = plan.simulate(problem.graph(), problem.cluster(), &options).ok()?;
        Some(run.makespan_s)
    }
}
