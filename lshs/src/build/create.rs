//! Blocks that follow from their position alone.

use super::{ArraySpec, BlockArray, name};
use crate::VertexId;
use crate::{
    ArrayId, BlockName, Constant, Creation, GraphError, Op, Place, Region, Shape, TaskGraph,
};

/// Adds an array that a formula gives.
///
/// # Errors
/// None for a spec that exists; the signature is that of every builder.
pub fn create(
    graph: &mut TaskGraph,
    array: ArrayId,
    creation: Creation,
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let shape = spec.shape();
    let blocks = (0..spec.grid.blocks())
        .map(|index| {
            let target = (spec.place(index), name(array, index));
            create_box(graph, creation, &shape, spec.grid.region(index), target)
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
}

/// Adds a box of an array of a shape that a formula gives, at a place and under a name.
pub(super) fn create_box(
    graph: &mut TaskGraph,
    creation: Creation,
    shape: &Shape,
    region: Region,
    (place, own): (Place, BlockName),
) -> Result<VertexId, GraphError> {
    let op = Op::Create { creation, shape: shape.clone(), region };
    graph.task(op, &[], place, own)
}

/// Adds a block without elements: no block of another array is read for it, so its dtype has to be told.
pub(super) fn empty_block(
    graph: &mut TaskGraph,
    array: ArrayId,
    spec: &ArraySpec,
    index: usize,
) -> Result<VertexId, GraphError> {
    // Complex dtypes have no constants, and no kernels either.
    let zero = Constant::from_i64(spec.dtype, 0).unwrap_or(Constant::float64(0.0));
    let target = (spec.place(index), name(array, index));
    let (creation, region) = (Creation::Full(zero), spec.grid.region(index));
    create_box(graph, creation, &spec.shape(), region, target)
}
