//! Arrays with their axes in another order: one task a block, no exchange.

use super::{BlockArray, name};
use crate::{ArrayId, GraphError, Op, TaskGraph};

/// Adds the array with its axes reordered: axis `i` of the result is axis `order[i]` of the input.
///
/// # Errors
/// When `order` is not a permutation of the axes.
pub fn transpose(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    order: &[usize],
) -> Result<BlockArray, GraphError> {
    let spec = input.spec.transposed(order);
    let blocks = (0..spec.grid.blocks())
        .map(|index| {
            let at = spec.grid.coordinates(index);
            let mut source = vec![0; at.len()];
            order.iter().zip(&at).for_each(|(&axis, &at)| source[axis] = at);
            let read = input.blocks[input.spec.grid.index(&source)];
            let op = Op::Transpose { order: order.to_vec() };
            graph.task(op, &[read], spec.place(index), name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec, blocks })
}
