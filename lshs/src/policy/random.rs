//! Every task goes to a node that a seed decides, in proportion to nothing: the lower bar.

use super::Policy;
use crate::{NodeId, Problem, SplitMix};

/// A node drawn for each task.
#[derive(Clone, Copy, Debug)]
pub struct Random {
    /// The same seed gives the same placement.
    pub seed: u64,
}

impl Default for Random {
    fn default() -> Random {
        Random { seed: 1 }
    }
}

impl Policy for Random {
    fn name(&self) -> &'static str {
        "random"
    }

    fn place(&self, problem: &Problem<'_>) -> Vec<NodeId> {
        let mut random = SplitMix::new(self.seed);
        let place = |vertex| match problem.holders(vertex) {
            [] => NodeId(random.below(problem.cluster().len() as u64) as u32),
            [first, ..] => *first,
        };
        problem.ranks().map(place).collect()
    }
}
