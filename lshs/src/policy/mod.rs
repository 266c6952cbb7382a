//! Policies: which node runs which task. A trait, and one file for each policy.

mod lshs;
mod round_robin;

pub use lshs::Lshs;
pub use round_robin::RoundRobin;

use crate::{Cluster, NodeId, PlanError, TaskGraph};

/// A rule that gives each vertex of a graph a node.
pub trait Policy {
    /// The name by which users choose it.
    fn name(&self) -> &'static str;

    /// The node of each vertex, sources included (theirs is a node that holds them). The graph is valid and the
    /// cluster has nodes. The same input gives the same placement, also in another process.
    fn place(&self, graph: &TaskGraph, cluster: &Cluster) -> Vec<NodeId>;
}

/// The names of all policies.
pub const NAMES: [&str; 2] = ["lshs", "round-robin"];

/// The policy of a name.
///
/// # Errors
/// [`PlanError::UnknownPolicy`] with the names that exist.
pub fn by_name(name: &str) -> Result<Box<dyn Policy + Send + Sync>, PlanError> {
    match name {
        "lshs" => Ok(Box::new(Lshs)),
        "round-robin" => Ok(Box::new(RoundRobin)),
        _ => Err(PlanError::UnknownPolicy { name: name.to_owned(), known: NAMES.join(", ") }),
    }
}
