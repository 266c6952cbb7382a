//! Blocks that follow from their position alone.

use super::{ArraySpec, BlockArray, name};
use crate::{ArrayId, Constant, Creation, GraphError, Op, TaskGraph, VertexId};

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
            let op = Op::Create { creation, shape: shape.clone(), region: spec.grid.region(index) };
            graph.task(op, &[], spec.place(index), name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
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
    let region = spec.grid.region(index);
    let op = Op::Create { creation: Creation::Full(zero), shape: spec.shape(), region };
    graph.task(op, &[], spec.place(index), name(array, index))
}
