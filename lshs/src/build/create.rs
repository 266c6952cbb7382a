//! Blocks that follow from their position alone.

use super::{ArraySpec, BlockArray, name};
use crate::{ArrayId, Creation, GraphError, Op, TaskGraph};

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
