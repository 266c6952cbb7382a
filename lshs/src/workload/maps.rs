//! Workloads in which each block of the result follows from one block of each input.

use super::{Bounds, Site, WorkloadError};
use crate::array_op::{
    ArraySpec, elementwise as add_elementwise, redistribute, transpose as add_transpose,
};
use crate::{ArrayId, BinaryOp, Program, TaskGraph};

/// c = a + b with three equal layouts.
pub(super) fn elementwise(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(1, 1)?;
    let mut graph = TaskGraph::new(ArrayId(0));
    let spec = site.spec_on_node_grid(&[site.blocks], &[site.block_elements])?;
    let (a, b) = (site.source(&mut graph, &spec), site.source(&mut graph, &spec));
    let result = ArraySpec::elementwise(&[&a.spec, &b.spec], spec.dtype)?;
    let array = graph.next_array();
    let add = Program::binary(BinaryOp::Add, spec.dtype);
    let kept = add_elementwise(&mut graph, array, &add, &[&a, &b], &result)?;
    site.keep(&mut graph, &kept);
    Ok((graph, Bounds::NOTHING))
}

/// B = A.T, with the blocks of B on the nodes that hold the blocks of A of the same coordinates.
pub(super) fn transpose(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(2, 2)?;
    let side = site.side()?;
    let mut graph = TaskGraph::new(ArrayId(0));
    let spec = site.spec_on_node_grid(&[site.blocks; 2], &[side; 2])?;
    let a = site.source(&mut graph, &spec);
    let in_place = graph.next_array();
    let transposed = add_transpose(&mut graph, in_place, &a, &[1, 0])?;
    let array = graph.next_array();
    let moved = redistribute(&mut graph, array, &transposed, &spec)?;
    site.keep(&mut graph, &moved);
    let reads = (0..moved.blocks.len()).map(|index| {
        let at = spec.grid.coordinates(index);
        (site.home(&spec, index), a.blocks[spec.grid.index(&[at[1], at[0]])])
    });
    let bounds = Bounds::missing_blocks(&graph, reads);
    Ok((graph, bounds))
}
