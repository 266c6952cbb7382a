//! Workloads whose result is small and whose input is one tall array of row blocks.

use super::bounds::nodes_of;
use super::{Bounds, Setting, Site, WorkloadError};
use crate::array_op::{matmul, reduce, transpose};
use crate::{ArrayId, NodeId, Reduction, TaskGraph};

/// The sum over the rows of a matrix of N columns.
pub(super) fn sum(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(1, 2)?;
    let elements = site.block_elements;
    let mut graph = TaskGraph::new(ArrayId(0));
    let spec = site.spec_on_node_grid(&[site.blocks, 1], &[Setting::TALL, elements])?;
    let x = site.source(&mut graph, &spec);
    let array = graph.next_array();
    let kept = reduce(&mut graph, array, &x, Reduction::Sum, &[0])?;
    site.keep(&mut graph, &kept);
    Ok((graph, Bounds::tree(nodes_of(site, &spec).len(), elements)))
}

/// X.T @ X with a result of d x d = N elements.
pub(super) fn xtx(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(1, 3)?;
    let columns = site.side()?;
    let mut graph = TaskGraph::new(ArrayId(0));
    let block = [columns.saturating_mul(Setting::TALL), columns];
    let spec = site.spec_on_node_grid(&[site.blocks, 1], &block)?;
    let x = site.source(&mut graph, &spec);
    let transposed = graph.next_array();
    let xt = transpose(&mut graph, transposed, &x, &[1, 0])?;
    let array = graph.next_array();
    let result = site.spec(&[1, 1], &[columns, columns])?;
    let kept = matmul(&mut graph, array, &xt, &x, &result)?;
    site.keep(&mut graph, &kept);
    Ok((graph, Bounds::tree(nodes_of(site, &spec).len(), site.block_elements)))
}

/// X @ b with b in one block of N elements on node 0.
pub(super) fn matvec(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(1, 1)?;
    let elements = site.block_elements;
    let mut graph = TaskGraph::new(ArrayId(0));
    let spec = site.spec_on_node_grid(&[site.blocks, 1], &[Setting::TALL, elements])?;
    let x = site.source(&mut graph, &spec);
    let b = site.source(&mut graph, &site.spec(&[1], &[elements])?);
    let array = graph.next_array();
    let result = site.spec(&[site.blocks], &[Setting::TALL])?;
    let kept = matmul(&mut graph, array, &x, &b, &result)?;
    site.keep(&mut graph, &kept);
    let readers = nodes_of(site, &spec);
    let without = readers.iter().filter(|&&node| node != NodeId(0)).count();
    Ok((graph, Bounds::broadcast(without, elements)))
}
