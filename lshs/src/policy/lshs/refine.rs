//! Local search: units are moved as long as the placement gets better and a budget lasts.
//!
//! Moves off and onto the busiest node come first, since nothing else can lower the objective. The budget is counted
//! in vertices and edges visited and is the same for all graphs: a small graph is searched to a local optimum, a
//! large one hardly at all, and the time of scheduling stays linear.

use super::greedy::Units;
use super::score::{Limits, Score};
use crate::{NodeId, Problem, Rank};

/// What the search may still visit.
pub(super) struct Budget {
    left: usize,
}

/// Less than a millisecond.
const VISITS_MAX: usize = 1 << 16;

impl Budget {
    pub(super) fn new() -> Budget {
        Budget { left: VISITS_MAX }
    }

    fn spend(&mut self, visits: usize) -> bool {
        let enough = self.left >= visits;
        self.left = self.left.saturating_sub(visits);
        enough
    }
}

/// Improves a placement by moving units, one at a time and then in pairs.
pub(super) fn refine(
    problem: &Problem<'_>,
    units: &Units,
    owners: &[NodeId],
    start: (Vec<NodeId>, Score),
    promise: Limits,
    budget: &mut Budget,
) -> (Vec<NodeId>, Score) {
    let (nodes, score) = start;
    let mut search = Search { problem, owners, nodes, score, promise, budget, undo: Vec::new() };
    if problem.len() > VERTICES_MAX {
        return (search.nodes, search.score);
    }
    let movable = |unit: &&[Rank]| unit.iter().all(|&task| problem.pin(task).is_none());
    let units: Vec<&[Rank]> = units.iter().filter(movable).collect();
    while search.sweep(&units) || search.sweep_pairs(&units) {}
    (search.nodes, search.score)
}

struct Search<'a> {
    problem: &'a Problem<'a>,
    owners: &'a [NodeId],
    nodes: Vec<NodeId>,
    score: Score,
    promise: Limits,
    budget: &'a mut Budget,
    /// Where the tasks that are being moved were before.
    undo: Vec<(Rank, NodeId)>,
}

impl Search<'_> {
    /// Tries every unit on every other node; whether anything got better.
    fn sweep(&mut self, units: &[&[Rank]]) -> bool {
        let mut improved = false;
        for unit in units {
            for node in self.problem.cluster().ids() {
                match self.try_moves(&[(unit, node)]) {
                    Some(better) => improved |= better,
                    None => return false,
                }
            }
        }
        improved
    }

    /// Tries every two units on every two nodes; stops at the first improvement.
    fn sweep_pairs(&mut self, units: &[&[Rank]]) -> bool {
        for (index, first) in units.iter().enumerate() {
            for second in &units[index + 1..] {
                for first_node in self.problem.cluster().ids() {
                    for second_node in self.problem.cluster().ids() {
                        match self.try_moves(&[(first, first_node), (second, second_node)]) {
                            Some(true) => return true,
                            Some(false) => {}
                            None => return false,
                        }
                    }
                }
            }
        }
        false
    }

    /// Moves units if that is better; `None` when the budget is spent.
    fn try_moves(&mut self, moves: &[(&[Rank], NodeId)]) -> Option<bool> {
        let there = |&(unit, node): &(&[Rank], NodeId)| {
            unit.iter().all(|task| self.nodes[task.index()] == node)
        };
        if moves.iter().any(there) {
            return Some(false);
        }
        if !self.budget.spend(self.problem.len() * 2 + OVERHEAD_VISITS) {
            return None;
        }
        // The tasks of a unit need not be on one node before.
        self.undo.clear();
        for &(unit, node) in moves {
            for task in unit {
                self.undo.push((*task, self.nodes[task.index()]));
                self.nodes[task.index()] = node;
            }
        }
        let limits = Limits { objective_s: self.score.objective_s, ..self.promise };
        let better = Score::of(self.problem, &self.nodes, self.owners, limits)
            .filter(|score| score.improves(&self.score));
        match better {
            Some(score) => self.score = score,
            None => {
                let nodes = &mut self.nodes;
                self.undo.iter().for_each(|&(task, node)| nodes[task.index()] = node);
            }
        }
        Some(better.is_some())
    }
}

/// Larger graphs are left alone: the budget would not last for the moves of two nodes.
const VERTICES_MAX: usize = 1 << 11;

/// What a simulation costs however small the graph is.
const OVERHEAD_VISITS: usize = 32;
