//! Workloads for studies of policies: graphs of one operation or algorithm, made with the builders that arrays use.
//!
//! A workload is a graph whose sources are on the nodes of the session's layout, and the communication bound of the
//! operation if one is known. Elements are float64. Each workload documents the meaning of the number of blocks Q and the
//! elements of a block N.

mod bounds;
mod factors;
mod maps;
mod models;
mod products;
mod program;
mod reductions;
mod setting;
mod skew;
mod tensors;

pub use bounds::Bounds;
pub use program::RandomProgram;
pub use setting::{Setting, WorkloadError};
pub use skew::Skew;

use crate::graph_file::totals_fit;
use crate::{ArrayId, Cluster, TaskGraph};
use setting::Site;
use std::collections::BTreeMap;

/// A graph to plan, with what is known about it.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The name by which it was chosen.
    pub name: &'static str,
    /// The tasks; every result is kept.
    pub graph: TaskGraph,
    /// The number of blocks on each axis of every source and result, to draw them.
    pub block_counts: BTreeMap<ArrayId, Vec<usize>>,
    /// The nodes that hold the sources.
    pub cluster: Cluster,
    /// The bytes that must or may move.
    pub bounds: Bounds,
}

type Builder = fn(&Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError>;

/// Every workload: its name, what it computes, and its builder.
const WORKLOADS: [(&str, &str, Builder); 16] = [
    ("elementwise", "c = a + b, Q blocks of N elements", maps::elementwise),
    ("transpose", "Q x Q blocks of N elements, moved to the transposed layout", maps::transpose),
    ("sum", "Q blocks of 16 x N elements, summed to N elements", reductions::sum),
    ("xtx", "X.T @ X of Q row blocks, result of N elements", reductions::xtx),
    ("matvec", "X @ b of Q row blocks, b of N elements on node 0", reductions::matvec),
    ("matmul", "A @ B of Q x Q blocks of N elements", products::matmul),
    ("chain-left", "(A @ B) @ C of Q x Q blocks of N elements", products::chain_left),
    ("chain-right", "A @ (B @ C) of Q x Q blocks of N elements", products::chain_right),
    ("cholesky", "L of A = L @ L.T of Q x Q blocks of N elements", factors::cholesky),
    ("outer", "two vectors of Q blocks of N elements to Q x Q blocks", tensors::outer),
    ("tensordot", "ijk,kf->ijf, Q^3 blocks of N elements, rank F", tensors::tensordot),
    (
        "double-contraction",
        "ijk,jkf->if, Q^3 blocks of N elements, rank F",
        tensors::double_contraction,
    ),
    ("mttkrp", "ijk,jf,kf->if, Q^3 blocks of N elements, rank F", tensors::mttkrp),
    ("tsqr", "R of Q row blocks, R of N elements", models::tsqr),
    ("newton", "one Newton step of logistic regression, d*d = N", models::newton),
    (
        "logistic-regression",
        "X and y made, then 3 Newton steps of logistic regression, d*d = N",
        models::logistic_regression,
    ),
];

/// The names of all workloads.
pub fn names() -> impl ExactSizeIterator<Item = &'static str> {
    WORKLOADS.iter().map(|(name, ..)| *name)
}

/// What a workload computes, in one line; `None` for a name that no workload has.
pub fn description(name: &str) -> Option<&'static str> {
    WORKLOADS.iter().find(|(own, ..)| *own == name).map(|(_, text, _)| *text)
}

/// Builds the workload of a name.
///
/// ```
/// use nums_lshs::workload::{self, Setting};
/// let sum = workload::build("sum", &Setting { blocks: 48, nodes: 4, ..Setting::default() })?;
/// assert_eq!(sum.bounds.total_bytes, Some(3 * 4096 * 8));
/// # Ok::<(), workload::WorkloadError>(())
/// ```
///
/// # Errors
/// When no workload has that name, or the setting does not describe one: nothing is allocated before the sizes are
/// known to fit.
pub fn build(name: &str, setting: &Setting) -> Result<Workload, WorkloadError> {
    let Some(&(name, _, builder)) = WORKLOADS.iter().find(|(own, ..)| *own == name) else {
        let known = names().collect::<Vec<_>>().join(", ");
        return Err(WorkloadError::Unknown { name: name.to_owned(), known });
    };
    setting.validate()?;
    let site = Site::new(setting);
    let (graph, bounds) = builder(&site)?;
    // Loads are sums over the graph: they must not overflow, whatever a policy does.
    if !totals_fit(&graph, setting.nodes) {
        return Err(WorkloadError::TooLarge { elements: setting.block_elements });
    }
    let mut cluster = setting.cluster();
    if setting.skew == Some(Skew::Memory) {
        skew::limit_memory(&mut cluster, &graph);
    }
    let block_counts = site.into_block_counts();
    Ok(Workload { name, graph, block_counts, cluster, bounds })
}
