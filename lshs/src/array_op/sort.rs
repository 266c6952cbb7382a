//! Sorting along an axis, and searching in a sorted line.
//!
//! A line in several blocks is sorted in columns of equal length, each of which is sorted by itself. Then they go through
//! a sorting network: the odd-even merge sort of K. E. Batcher ("Sorting networks and their applications", 1968), whose
//! comparators merge two columns and keep the lower half in the first and the upper half in the second. A network that
//! sorts elements sorts columns in this way (D. E. Knuth, *The Art of Computer Programming* 3, 5.3.4, exercise 38).
//! What is merged with what is fixed by the number of columns, so the plan is known before a single element is.
//!
//! A last column that is shorter counts as filled up with elements that come after all others. Comparators keep what is
//! greater in the later column, so these never leave it, and need not be there.

use super::gather::aligned;
use super::{ArraySpec, BlockArray, Builder, Cost, Operation, Temporaries, exactly, misfit, name};
use crate::{ArrayId, DType, GraphError, Op, ShapeError, SortStep, TaskGraph};
use serde::{Deserialize, Serialize};

/// The elements sorted along an axis, or the indices that sort them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sort {
    /// The axis.
    pub axis: usize,
    /// The int64 indices instead of the elements.
    pub indices: bool,
}

impl Operation for Sort {
    const NAME: &'static str = "sort";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [operand] = exactly(Self::NAME, operands)?;
        let Sort { axis, indices } = *self;
        if axis >= operand.shape().len() {
            return Err(misfit(Self::NAME, format!("axis {axis} of shape {}", operand.shape())));
        }
        Ok(match indices {
            true => ArraySpec { dtype: DType::Int64, ..operand.with_whole_axes(&[axis]) },
            false => operand.sorted(axis),
        })
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        _: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        sort(&mut into.graph, array, operands[0], self.axis, self.indices)
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::Dear
    }
}

/// For each element of the second array, how many elements of the first, a sorted line, come before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchSorted {
    /// Elements that are equal count as before it.
    pub right: bool,
}

impl Operation for SearchSorted {
    const NAME: &'static str = "searchsorted";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [line, values] = exactly(Self::NAME, operands)?;
        if line.shape().len() != 1 || line.dtype != values.dtype {
            let (line, values) = (line.shape(), values.shape());
            return Err(misfit(
                Self::NAME,
                format!("values of shape {values} in a line of {line}"),
            ));
        }
        Ok(ArraySpec { dtype: DType::Int64, ..values.clone() })
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        _: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        search_sorted(&mut into.graph, array, operands[0], operands[1], self.right)
    }
}

/// Adds the array sorted along an axis, or the int64 indices that sort it.
///
/// One axis that is cut is sorted by columns ([`ArraySpec::sorted`]): s of r elements take s sorts of r elements, and
/// about s log₂² s / 4 comparators. Each column stays on the node of its place; a comparator of columns on two nodes
/// moves both, one each way, and each node makes its half. On one node a rewrite makes one task of both halves, which
/// works in the memory of the columns. So 16 columns, 63 comparators, move 1.9 times the line between 2 nodes and 4.4
/// times between 4. Beside its share of the input and the result a node holds two columns, and one where it is alone.
///
/// Otherwise an array that is cut along the axis is cut anew first, so that each line lies in one block.
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
    if indices {
        let input = aligned(graph, input, &input.spec.with_whole_axes(&[axis]).grid)?;
        let spec = ArraySpec { dtype: DType::Int64, ..input.spec.clone() };
        return block_by_block(graph, array, SortStep::ArgSort { axis }, &[], &input, spec);
    }
    let columns = aligned(graph, input, &input.spec.sorted(axis).grid)?;
    let spec = columns.spec.clone();
    let comparators = comparators(if spec.shape().len() == 1 { spec.grid.blocks() } else { 0 });
    if comparators.is_empty() {
        return block_by_block(graph, array, SortStep::Sort { axis }, &[], &columns, spec);
    }
    let mut names = Temporaries::new(graph);
    let mut blocks = Vec::with_capacity(columns.blocks.len());
    for (index, &column) in columns.blocks.iter().enumerate() {
        let sort = Op::Sort(SortStep::Sort { axis });
        let sorted = graph.task(sort, &[column], spec.place(index), names.next())?;
        // Merging where columns meet by chance would move less, and end with the line on one node.
        graph.pin(sorted);
        blocks.push(sorted);
    }
    let mut last = vec![0; blocks.len()];
    for (at, pair) in comparators.iter().enumerate() {
        pair.iter().for_each(|&column| last[column] = at);
    }
    for (at, &pair) in comparators.iter().enumerate() {
        let read = pair.map(|column| blocks[column]);
        for (column, upper) in pair.into_iter().zip([false, true]) {
            let own = if last[column] == at { name(array, column) } else { names.next() };
            let merge = Op::Sort(SortStep::MergeHalf { upper });
            blocks[column] = graph.task(merge, &read, spec.place(column), own)?;
            graph.pin(blocks[column]);
        }
    }
    Ok(BlockArray { spec, blocks })
}

/// The comparators of Batcher's odd-even merge sort of `len` elements, in order. Those of neighbours come first, so that
/// most columns meet where they are.
fn comparators(len: usize) -> Vec<[usize; 2]> {
    let mut pairs = Vec::new();
    let powers = |from: usize| std::iter::successors(Some(from), |&power| Some(power / 2));
    for sorted in std::iter::successors(Some(1), |&sorted| Some(2 * sorted)) {
        if sorted >= len {
            break;
        }
        // Sorted runs become one of twice their length.
        for distance in powers(sorted).take_while(|&distance| distance > 0) {
            for start in (distance % sorted..len).step_by(2 * distance) {
                let run = |at: usize| at / (2 * sorted);
                let lower = start..(start + distance).min(len.saturating_sub(distance));
                pairs.extend(
                    lower.filter(|&at| run(at) == run(at + distance)).map(|at| [at, at + distance]),
                );
            }
        }
    }
    pairs
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
