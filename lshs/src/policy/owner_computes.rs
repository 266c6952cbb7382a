//! Owner computes: a task runs on the node that owns the place of its block, as in High Performance Fortran and
//! ScaLAPACK.

use super::Policy;
use crate::{NodeId, Problem};

/// Each task runs where its layout puts its result.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnerComputes;

impl Policy for OwnerComputes {
    fn name(&self) -> &'static str {
        "owner-computes"
    }

    fn place(&self, problem: &Problem<'_>) -> Vec<NodeId> {
        let owners = problem.cluster().owners();
        let place = |vertex| match problem.holders(vertex) {
            [] => owners[(problem.place(vertex).0 as usize).min(owners.len() - 1)],
            [first, ..] => *first,
        };
        problem.ranks().map(place).collect()
    }
}
