//! Placement policies, which choose a node for each task: a trait, and one file for each policy.

mod bottom_up;
mod data_local;
mod lshs;
mod lshs_paper;
mod name;
mod owner_computes;
mod random;
mod round_robin;

pub use bottom_up::BottomUp;
pub use data_local::DataLocal;
pub use lshs::Lshs;
pub use lshs_paper::LshsPaper;
pub use name::{NAMES, PolicyName};
pub use owner_computes::OwnerComputes;
pub use random::Random;
pub use round_robin::RoundRobin;

use crate::plan::Router;
use crate::{Cluster, CopyRule, NodeId, PlanError, Problem, Rank, TaskGraph};

/// A policy chooses a node for each vertex of a graph.
pub trait Policy {
    /// The name of the policy.
    fn name(&self) -> &'static str;

    /// The node of each vertex. For a source, it is a node that holds the source. Entries of further outputs are ignored:
    /// they are on the node of their task. The same input gives the same placement, also in another process.
    fn place(&self, problem: &Problem<'_>) -> Vec<NodeId>;

    /// Further placements, best first, for the case that the first one needs too much memory.
    fn alternatives(&self, _problem: &Problem<'_>) -> Vec<Vec<NodeId>> {
        Vec::new()
    }

    /// The graph in the form that the policy was published for, with the node of each vertex; `None` where that is
    /// the graph itself. It is for studies: it may compute other bits, which [`Plan::new`](crate::Plan::new) never
    /// does.
    fn own_form(&self, _graph: &TaskGraph, _cluster: &Cluster) -> Option<(TaskGraph, Vec<NodeId>)> {
        None
    }

    /// Which replica a copy is taken from.
    fn copies(&self) -> CopyRule {
        CopyRule::LeastLoaded
    }
}

/// The policy with a name.
///
/// # Errors
/// [`PlanError::UnknownPolicy`] with the known names.
pub fn by_name(name: &str) -> Result<Box<dyn Policy + Send + Sync>, PlanError> {
    Ok(name.parse::<PolicyName>()?.policy())
}

/// The nodes that hold an input of a task, each once: of a source any holder, of a task's block the node that made it.
fn candidates_of_inputs(
    problem: &Problem<'_>,
    router: &Router<'_>,
    vertex: Rank,
    candidates: &mut Vec<NodeId>,
) {
    candidates.clear();
    for &input in problem.inputs(vertex) {
        let home = [router.home(input)];
        let holders = problem.holders(input);
        for &node in if holders.is_empty() { &home } else { holders } {
            if !candidates.contains(&node) {
                candidates.push(node);
            }
        }
    }
}
