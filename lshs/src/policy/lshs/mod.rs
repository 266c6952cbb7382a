//! Load-simulated hierarchical scheduling: a portfolio of placements, compared by simulated load.
//!
//! The published form places one task at a time and cannot take a step back: with many blocks a node its products
//! move 1.5 to 3.3 times the volume that is needed. So whole placements compete here: the outputs stay where their
//! layout puts them (stationary C), the tasks follow one of their operands (stationary A, stationary B), they follow
//! most bytes, or they are placed one after the other by simulating their effect. Each one is carried out on the
//! simulated cluster, which gives its objective: the seconds of the busiest resource of any node. Of the best ones single
//! units are moved as long as that helps and a budget lasts. In a graph of up to 512 vertices all other policies compete
//! as well. In one of up to 4,096 what counts in the end is the time that the plans take in the simulator, within a budget
//! of simulations; in a larger one, and in a short plan that a layout promises something of, it is the objective. A tie is
//! a tie within one percent: fewer bytes win (`judge.rs`). In graphs of a few tasks, tasks are moved once more as long as the
//! simulated time falls, where that gains more than it costs (`descend.rs`). Everything but the published form and the
//! simulations is linear in tasks.
//!
//! Nothing of this is done where a placement cannot be beaten: it moves nothing and shares out the flops, or it moves
//! nothing and is done as soon as any can be.
//!
//! **The promise of a layout** (`promise.rs`): of products, sums and TSQR on equal nodes, where all sources lie where
//! their layout says, a plan brings into no node more than owner-computes does. The communication bound of a product is
//! then met whatever the balance of flops is; balance is sought within it.
//!
//! Source: M. Elibol et al., "NumS: Scalable Array Programming for the Cloud", 2022, section 5.

mod descend;
mod greedy;
mod judge;
mod portfolio;
mod promise;
mod refine;
mod score;

use super::Policy;
use crate::{NodeId, Problem};
use portfolio::Portfolio;

/// Load-simulated hierarchical scheduling.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lshs;

impl Policy for Lshs {
    fn name(&self) -> &'static str {
        "lshs"
    }

    fn place(&self, problem: &Problem<'_>) -> Vec<NodeId> {
        let mut portfolio = Portfolio::new(problem);
        if portfolio.is_unbeatable() {
            return portfolio.into_best();
        }
        if let Some(nodes) = portfolio.satisfying() {
            return nodes;
        }
        portfolio.fill();
        portfolio.refine();
        portfolio.into_best()
    }

    /// All members of the portfolio and placements that pack by memory, best first.
    fn alternatives(&self, problem: &Problem<'_>) -> Vec<Vec<NodeId>> {
        let mut portfolio = Portfolio::new(problem);
        portfolio.fill();
        portfolio.fill_by_memory();
        portfolio.into_ranked()
    }
}
