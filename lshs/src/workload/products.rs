//! Products of square matrices on a grid of nodes.

use super::bounds::two_d_volume;
use super::{Bounds, Site, WorkloadError};
use crate::array_op::{ArraySpec, BlockArray, matmul as add_matmul};
use crate::{ArrayId, TaskGraph};

/// C = A B.
pub(super) fn matmul(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    let (mut graph, spec) = square(site, 1)?;
    let (a, b) = (site.source(&mut graph, &spec), site.source(&mut graph, &spec));
    let kept = product(&mut graph, &a, &b, &spec)?;
    site.keep(&mut graph, &kept);
    let bounds = two_d_volume(&graph, site, &a, &b, &spec);
    Ok((graph, bounds))
}

/// (A B) C.
pub(super) fn chain_left(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    let (mut graph, spec) = square(site, 2)?;
    let [a, b, c] = [(); 3].map(|()| site.source(&mut graph, &spec));
    let ab = product(&mut graph, &a, &b, &spec)?;
    let kept = product(&mut graph, &ab, &c, &spec)?;
    site.keep(&mut graph, &kept);
    Ok((graph, Bounds::UNKNOWN))
}

/// A (B C).
pub(super) fn chain_right(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    let (mut graph, spec) = square(site, 2)?;
    let [a, b, c] = [(); 3].map(|()| site.source(&mut graph, &spec));
    let bc = product(&mut graph, &b, &c, &spec)?;
    let kept = product(&mut graph, &a, &bc, &spec)?;
    site.keep(&mut graph, &kept);
    Ok((graph, Bounds::UNKNOWN))
}

/// An empty graph and the spec of Q x Q square blocks, once it is known that some products of them fit.
fn square(site: &Site<'_>, products: usize) -> Result<(TaskGraph, ArraySpec), WorkloadError> {
    site.bound_tasks(3, products)?;
    let side = site.side()?;
    let spec = site.spec_on_node_grid(&[site.blocks; 2], &[side; 2])?;
    Ok((TaskGraph::new(ArrayId(0)), spec))
}

fn product(
    graph: &mut TaskGraph,
    left: &BlockArray,
    right: &BlockArray,
    spec: &ArraySpec,
) -> Result<BlockArray, WorkloadError> {
    let array = graph.next_array();
    Ok(add_matmul(graph, array, left, right, spec)?)
}
