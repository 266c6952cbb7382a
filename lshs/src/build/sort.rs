//! Sorting along an axis that one block holds, and searching in a sorted line.

use super::gather::aligned;
use super::{ArraySpec, BlockArray, name};
use crate::{ArrayId, DType, GraphError, Op, SortStep, TaskGraph};

/// Adds the array sorted along an axis, or the int64 indices that sort it. An array that is cut along the axis is cut
/// anew first, so that each line lies in one block.
///
/// # Errors
/// When the axis does not exist or the dtype has no order.
pub fn sort(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    axis: usize,
    indices: bool,
) -> Result<BlockArray, GraphError> {
    let step = if indices { SortStep::ArgSort { axis } } else { SortStep::Sort { axis } };
    let input = aligned(graph, input, &input.spec.with_whole_axes(&[axis]).grid)?;
    let dtype = if indices { DType::Int64 } else { input.spec.dtype };
    let spec = ArraySpec { dtype, ..input.spec.clone() };
    block_by_block(graph, array, step, &[], &input, spec)
}

/// Adds, for each element of `values`, the int64 number of elements of the line `sorted` that come before it; elements
/// that are equal count with `right`. The line is gathered to one block first.
///
/// # Errors
/// When `sorted` is not one axis, or the dtypes differ.
pub fn search_sorted(
    graph: &mut TaskGraph,
    array: ArrayId,
    sorted: &BlockArray,
    values: &BlockArray,
    right: bool,
) -> Result<BlockArray, GraphError> {
    let sorted = aligned(graph, sorted, &sorted.spec.with_whole_axes(&[0]).grid)?;
    let spec = ArraySpec { dtype: DType::Int64, ..values.spec.clone() };
    let step = SortStep::SearchSorted { right };
    block_by_block(graph, array, step, &sorted.blocks, values, spec)
}

fn block_by_block(
    graph: &mut TaskGraph,
    array: ArrayId,
    step: SortStep,
    shared: &[crate::VertexId],
    input: &BlockArray,
    spec: ArraySpec,
) -> Result<BlockArray, GraphError> {
    let blocks = (input.blocks.iter().enumerate())
        .map(|(index, &block)| {
            let read: Vec<_> = shared.iter().copied().chain([block]).collect();
            graph.task(Op::Sort(step), &read, spec.place(index), name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec, blocks })
}
