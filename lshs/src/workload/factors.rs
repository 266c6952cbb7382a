//! Factors of square matrices on a grid of nodes.

use super::{Bounds, Site, WorkloadError};
use crate::array_op::cholesky as add_cholesky;
use crate::{ArrayId, TaskGraph};

/// L of A = L Lᵀ.
pub(super) fn cholesky(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(3, 1)?;
    let side = site.side()?;
    let a = site.spec_on_node_grid(&[site.blocks; 2], &[side; 2])?;
    let Some(spec) = a.cholesky() else { unreachable!("blocks of one side make a square matrix") };
    let mut graph = TaskGraph::new(ArrayId(0));
    let source = site.source(&mut graph, &a);
    let array = graph.next_array();
    let kept = add_cholesky(&mut graph, array, &source, &spec)?;
    site.keep(&mut graph, &kept);
    Ok((graph, Bounds::UNKNOWN))
}
