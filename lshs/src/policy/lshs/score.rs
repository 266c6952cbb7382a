//! What a placement costs, and which of two is better.

use crate::plan::Router;
use crate::{CopyRule, NodeId, Problem};
use std::cmp::Ordering;

/// The cost of a whole placement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Score {
    /// Seconds of the busiest resource of any node.
    pub(super) objective_s: f64,
    /// Seconds of flops of the node that has most.
    pub(super) compute_s: f64,
    /// Seconds of the busiest network link.
    pub(super) network_s: f64,
    /// The most bytes that any node receives.
    pub(super) max_bytes_in: u64,
    /// All bytes that move.
    pub(super) total_bytes: u64,
    /// The bytes of results that are not where their layout puts them: a later operation may move them.
    pub(super) displaced_bytes: u64,
    /// Falls when any busy node gets less busy, also when others remain as busy as they are.
    pub(super) unevenness: f64,
}

/// A fraction of the objective that is worth moving bytes for.
const NOTABLE: f64 = 0.02;

/// Above these a placement is of no interest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) objective_s: f64,
    pub(super) max_bytes_in: u64,
    pub(super) total_bytes: u64,
}

impl Limits {
    pub(super) fn none() -> Limits {
        Limits { objective_s: f64::INFINITY, max_bytes_in: u64::MAX, total_bytes: u64::MAX }
    }

    /// Whether a placement uses no more.
    pub(super) fn allow(&self, score: &Score) -> bool {
        score.objective_s <= self.objective_s
            && score.max_bytes_in <= self.max_bytes_in
            && score.total_bytes <= self.total_bytes
    }
}

/// Simulated seconds closer than this fraction are equal: they are sums of the same numbers in another order.
const SAME: f64 = 1e-9;

impl Score {
    /// The cost of a placement, or `None` as soon as it exceeds a limit.
    pub(super) fn of(
        problem: &Problem<'_>,
        nodes: &[NodeId],
        owners: &[NodeId],
        limits: Limits,
    ) -> Option<Score> {
        let limit_s = limits.objective_s * (1.0 + SAME);
        let mut router = Router::new(problem, CopyRule::LeastLoaded);
        let (mut displaced_bytes, mut total_bytes) = (0, 0);
        for task in problem.tasks() {
            let node = nodes[task.index()];
            let mut sender_s: f64 = 0.0;
            router.run(task, node, |input, _, out_s| {
                sender_s = sender_s.max(out_s);
                total_bytes += problem.bytes(input);
            });
            if sender_s.max(router.busiest_s(node)) > limit_s
                || router.costs()[node.index()].loads.bytes_in > limits.max_bytes_in
                || total_bytes > limits.total_bytes
            {
                return None;
            }
            let displaced =
                |output: &crate::Rank| problem.is_kept(*output) && node != owners[output.index()];
            let displaced = problem.outputs(task).filter(displaced);
            displaced_bytes += displaced.map(|output| problem.bytes(output)).sum::<u64>();
        }
        let costs = router.costs();
        let most = |seconds: fn(&crate::plan::NodeCost) -> f64| {
            costs.iter().map(seconds).fold(0.0, f64::max)
        };
        let objective_s = most(|cost| cost.busiest_s());
        let unit_s = objective_s.max(f64::MIN_POSITIVE);
        let unevenness = |seconds: f64| (seconds / unit_s).powi(4) * unit_s;
        Some(Score {
            objective_s,
            compute_s: most(|cost| cost.flops_s),
            network_s: most(|cost| cost.in_s.max(cost.out_s)),
            max_bytes_in: costs.iter().map(|cost| cost.loads.bytes_in).max().unwrap_or(0),
            total_bytes,
            displaced_bytes,
            unevenness: costs
                .iter()
                .map(|cost| {
                    unevenness(cost.flops_s) + unevenness(cost.in_s) + unevenness(cost.out_s)
                })
                .sum(),
        })
    }

    /// Orders by objective, then by the busiest link, then by bytes that move now or later.
    pub(super) fn compare(&self, other: &Score) -> Ordering {
        compare_s(self.objective_s, other.objective_s)
            .then(compare_s(self.network_s, other.network_s))
            .then(self.moves().cmp(&other.moves()))
    }

    /// Whether a search that is at `other` should move here: if the objective falls notably, or if nothing gets worse
    /// and some node gets less busy, so that the search gets off a plateau. Seconds that hardly count buy no bytes.
    pub(super) fn improves(&self, other: &Score) -> bool {
        let notable = self.objective_s < other.objective_s * (1.0 - NOTABLE);
        let no_worse = self.objective_s <= other.objective_s * (1.0 + SAME);
        let more_even = compare_s(self.unevenness, other.unevenness);
        let fewer_bytes = self.moves().cmp(&other.moves());
        notable
            || (no_worse
                && more_even.is_le()
                && fewer_bytes.is_le()
                && more_even.then(fewer_bytes).is_lt())
    }

    /// Whether no bytes move, now or later.
    pub(super) fn moves_nothing(&self) -> bool {
        self.moves() == 0
    }

    /// All bytes that move now, or later to where the layout puts results.
    pub(super) fn moves(&self) -> u64 {
        self.total_bytes + self.displaced_bytes
    }
}

fn compare_s(left: f64, right: f64) -> Ordering {
    if (left - right).abs() <= SAME * left.max(right) {
        Ordering::Equal
    } else {
        left.total_cmp(&right)
    }
}
