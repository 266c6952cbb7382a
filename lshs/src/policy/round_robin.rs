//! Tasks are dealt to the nodes in turn, wherever their inputs are: the baseline.

use super::Policy;
use crate::{NodeId, Problem};

/// Task `i` runs on node `i mod k`.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundRobin;

impl Policy for RoundRobin {
    fn name(&self) -> &'static str {
        "round-robin"
    }

    fn place(&self, problem: &Problem<'_>) -> Vec<NodeId> {
        let mut turns = problem.cluster().ids().cycle();
        let mut place = |vertex| match problem.holders(vertex) {
            [] => turns.next().unwrap_or(NodeId(0)),
            [first, ..] => *first,
        };
        problem.ranks().map(&mut place).collect()
    }
}
