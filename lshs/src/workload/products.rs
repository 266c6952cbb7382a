//! Products of square matrices on a grid of nodes.

use super::bounds::two_d_volume;
use super::{Bounds, Setting, WorkloadError};
use crate::build::{ArraySpec, BlockArray, matmul as add_matmul};
use crate::{ArrayId, TaskGraph};

/// C = A B.
pub(super) fn matmul(setting: &Setting) -> Result<(TaskGraph, Bounds), WorkloadError> {
    let (mut graph, spec) = square(setting, 1)?;
    let (a, b) = (setting.source(&mut graph, &spec), setting.source(&mut graph, &spec));
    product(&mut graph, &a, &b, &spec)?.keep(&mut graph);
    let bounds = two_d_volume(&graph, setting, &a, &b, &spec);
    Ok((graph, bounds))
}

/// (A B) C.
pub(super) fn chain_left(setting: &Setting) -> Result<(TaskGraph, Bounds), WorkloadError> {
    let (mut graph, spec) = square(setting, 2)?;
    let [a, b, c] = [(); 3].map(|()| setting.source(&mut graph, &spec));
    let ab = product(&mut graph, &a, &b, &spec)?;
    product(&mut graph, &ab, &c, &spec)?.keep(&mut graph);
    Ok((graph, Bounds::UNKNOWN))
}

/// A (B C).
pub(super) fn chain_right(setting: &Setting) -> Result<(TaskGraph, Bounds), WorkloadError> {
    let (mut graph, spec) = square(setting, 2)?;
    let [a, b, c] = [(); 3].map(|()| setting.source(&mut graph, &spec));
    let bc = product(&mut graph, &b, &c, &spec)?;
    product(&mut graph, &a, &bc, &spec)?.keep(&mut graph);
    Ok((graph, Bounds::UNKNOWN))
}

/// An empty graph and the spec of Q x Q square blocks, once it is known that some products of them fit.
fn square(setting: &Setting, products: usize) -> Result<(TaskGraph, ArraySpec), WorkloadError> {
    setting.bound_tasks(3, products)?;
    let side = setting.side()?;
    let spec = setting.spec_on_node_grid(&[setting.blocks; 2], &[side; 2])?;
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
