//! Local search by simulated seconds, in graphs so small that every task can be tried on every node.
//!
//! It reaches what the search by objective cannot see: tasks that wait for each other and for copies. Each of the best
//! placements is a start, from which single tasks move, and pairs of which one reads the other's block.

use super::greedy;
use super::judge::{self, Judge, SIMULATIONS_MAX};
use crate::{NodeId, Problem, Rank, SimulationOptions};

/// More tasks times nodes are not searched.
const MOVES_MAX: usize = 64;

/// How many placements are starts.
const STARTS: usize = 4;

/// A placement within this factor of what no plan can undercut is good enough.
const GOOD_WITHIN: f64 = 1.05;

/// What it takes to simulate a vertex, by order of magnitude: a search that costs more than it can gain is left out.
const VERTEX_S: f64 = 0.5e-6;

/// The first of some placements, with the seconds that each takes, or what is done notably earlier than it.
pub(super) fn descend(
    judge: &mut Judge<'_>,
    problem: &Problem<'_>,
    owners: &[NodeId],
    starts: impl IntoIterator<Item = (Vec<NodeId>, f64)>,
) -> Option<Vec<NodeId>> {
    let mut starts = starts.into_iter().take(STARTS);
    let mut best = starts.next()?;
    let too_many = problem.tasks().len() * problem.cluster().len() > MOVES_MAX;
    if too_many || !judge.simulates() {
        return Some(best.0);
    }
    let (soonest_s, search_s) =
        (soonest_s(problem), problem.len() as f64 * SIMULATIONS_MAX as f64 * VERTEX_S);
    if best.1 <= soonest_s * GOOD_WITHIN || best.1 - soonest_s <= search_s * STARTS as f64 {
        return Some(best.0);
    }
    let units = movable_units(problem);
    best = search(judge, problem, owners, &units, best);
    for start in starts {
        let found = search(judge, problem, owners, &units, start);
        if !judge::ties(best.1, found.1) {
            best = found;
        }
    }
    Some(best.0)
}

/// Moves units of a placement as long as the plan is done notably earlier and simulations are left.
fn search(
    judge: &mut Judge<'_>,
    problem: &Problem<'_>,
    owners: &[NodeId],
    units: &[Vec<Rank>],
    (mut nodes, mut seconds): (Vec<NodeId>, f64),
) -> (Vec<NodeId>, f64) {
    judge.allow_simulations();
    loop {
        let before_s = seconds;
        for unit in units {
            for node in problem.cluster().ids() {
                if unit.iter().all(|task| nodes[task.index()] == node) {
                    continue;
                }
                let mut moved = nodes.clone();
                unit.iter().for_each(|task| moved[task.index()] = node);
                if let Some(sooner) = judge.sooner_s(&moved, owners, seconds) {
                    (nodes, seconds) = (moved, sooner);
                }
            }
        }
        if seconds == before_s {
            return (nodes, seconds);
        }
    }
}

/// No plan is done earlier: the longest chain of tasks runs on the fastest worker, and all nodes share the flops.
pub(super) fn soonest_s(problem: &Problem<'_>) -> f64 {
    let rates = problem.cluster().nodes.iter().map(|node| node.flops_per_s);
    let fastest = rates.fold(f64::MIN_POSITIVE, f64::max);
    let mut done_s = vec![0.0_f64; problem.len()];
    for task in problem.tasks() {
        let inputs = problem.inputs(task).iter();
        let ready_s =
            inputs.map(|&input| done_s[problem.task_of(input).index()]).fold(0.0, f64::max);
        done_s[task.index()] = ready_s + problem.flops(task) as f64 / fastest;
    }
    let options = SimulationOptions::default();
    let chain_s = done_s.into_iter().fold(0.0, f64::max);
    options.driver_message_s + options.latency_s + chain_s.max(greedy::fair_share_s(problem))
}

/// What moves as one: single tasks, and tasks with one whose block they read.
fn movable_units(problem: &Problem<'_>) -> Vec<Vec<Rank>> {
    let movable = |task: Rank| !problem.is_source(task) && problem.pin(task).is_none();
    let tasks = || problem.tasks().rev().filter(|&task| movable(task));
    let pairs = tasks().flat_map(|task| {
        let makers = problem.inputs(task).iter().map(|&input| problem.task_of(input));
        makers.filter(|&maker| movable(maker)).map(move |maker| vec![maker, task])
    });
    tasks().map(|task| vec![task]).chain(pairs).collect()
}
