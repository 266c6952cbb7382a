//! The promise of a layout: of products, sums and TSQR it is a theorem which placement brings the fewest bytes into a
//! node, and a plan of these brings no more.
//!
//! On equal nodes, where all sources lie where their layout says, owners that compute move the 2-D volume of a product,
//! one partial result of each node but one in a sum, and as many triangles in a TSQR; nobody who shares out the work
//! can move less. So such a plan stays within these bytes, whatever that means for the balance of flops. Of other
//! graphs nothing of the kind is known. Where arrays arise in the plan itself, to make all of them on one node moves
//! nothing and is no better for it; where they are cut anew, sorted or put together, a few bytes more may save much
//! time.

use super::greedy;
use super::score::{Limits, Score};
use crate::{Op, PartialStep, Problem, Rank, node_of_place};

/// A layout whose objective is within this factor of a lower bound is kept.
const OPTIMAL_WITHIN: f64 = 1.25;

/// A layout that brings into no node more than this times what any other placement does is frugal.
const FRUGAL_WITHIN: f64 = 1.1;

/// A layout may deal out units this unevenly: 7 x 7 blocks on 6 x 6 nodes give one node 4 and most 1.
const EVEN_WITHIN: f64 = 2.25;

/// Fewer tasks than this are no evidence of a layout.
const LAYOUT_TASKS_MIN: usize = 12;

/// Whether a layout can promise anything: nodes are equal, every source lies where its layout says, and all tasks are
/// steps of products, sums, TSQR and what is computed element by element.
pub(super) fn is_possible(problem: &Problem<'_>) -> bool {
    let cluster = problem.cluster();
    let at_home = |source: Rank| {
        let owner = node_of_place(problem.place(source), cluster.places, cluster.len());
        problem.holders(source).contains(&owner)
    };
    cluster.is_uniform()
        && problem.graph().ops().iter().all(has_bound)
        && problem.sources().all(at_home)
}

fn has_bound(op: &Op) -> bool {
    match op {
        Op::Source
        | Op::Map(_)
        | Op::Reduce { .. }
        | Op::MatMul { .. }
        | Op::Transpose { .. }
        | Op::Contract { .. }
        | Op::Partial(_)
        | Op::Symmetric(_)
        | Op::Qr(_)
        | Op::Glm(_) => true,
        Op::Create { .. }
        | Op::Formula(_)
        | Op::Gather { .. }
        | Op::Reshape { .. }
        | Op::Index(_)
        | Op::Sort(_)
        | Op::Linalg(_)
        | Op::Opaque { .. } => false,
    }
}

/// What no placement may exceed, if the promise binds: the layout is as good as any placement could be within a quarter,
/// or it deals out the flops as evenly as whole units can be dealt within a factor, and is a layout for this graph. Then
/// no placement moves fewer bytes in all, and either most tasks accumulate into a result, which is to stay where it is,
/// or no placement keeps all nodes clearly below what the layout brings into one. A few tasks say nothing about a layout.
pub(super) fn binding(
    problem: &Problem<'_>,
    layout: &Score,
    scores: impl Iterator<Item = Score> + Clone,
) -> Option<Limits> {
    let least_in = scores.clone().map(|score| score.max_bytes_in).min().unwrap_or(0);
    let least_total = scores.map(|score| score.total_bytes).min().unwrap_or(0);
    let optimal = layout.objective_s <= greedy::fair_share_s(problem) * OPTIMAL_WITHIN;
    // A scan passes edges from block to block: to gather them saves latencies, and moves nearly twice as many.
    let scans = |op: &Op| matches!(op, Op::Partial(PartialStep::Scan { .. }));
    let many = problem.tasks().len() >= LAYOUT_TASKS_MIN || problem.graph().ops().iter().any(scans);
    let even = layout.compute_s <= greedy::fair_units_s(problem) * EVEN_WITHIN;
    let laid_out = many && even;
    if !optimal && !laid_out {
        return None;
    }
    let accumulated = problem.tasks().filter(|&task| problem.unit(task) != task).count();
    let stays = accumulated * 2 >= problem.tasks().len();
    let frugal = layout.max_bytes_in as f64 <= least_in as f64 * FRUGAL_WITHIN;
    let bind = |binds: bool, bytes: u64| if binds { bytes } else { u64::MAX };
    Some(Limits {
        objective_s: f64::INFINITY,
        max_bytes_in: bind(optimal || stays || frugal, layout.max_bytes_in),
        total_bytes: bind(layout.total_bytes <= least_total, layout.total_bytes),
    })
}
