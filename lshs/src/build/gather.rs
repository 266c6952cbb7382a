//! Blocks put together from boxes of other blocks: basic slicing and new cuts.

use super::create::empty_block;
use super::{ArraySpec, BlockArray, name};
use crate::{ArrayId, GraphError, Grid, Op, Piece, Region, TaskGraph, VertexId};

/// The elements of one axis that a slice takes: `start`, `start + step`, ..., `len` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The first index.
    pub start: usize,
    /// The distance of neighbours; may be negative, and with 0 one element is repeated.
    pub step: isize,
    /// How many elements.
    pub len: usize,
}

impl Selection {
    /// All elements of an axis.
    pub fn all(len: usize) -> Selection {
        Selection { start: 0, step: 1, len }
    }
}

/// The part of a selection that lies in one block of the input, for one block of the output.
#[derive(Clone, Copy)]
struct Overlap {
    block: usize,
    source_start: usize,
    target_start: usize,
    len: usize,
}

/// Adds the array that a selection on each axis gives. `working` cuts the result with all its axes; the axes in
/// `dropped` (of length 1) are left out of `spec`. Only the boxes that a block needs are copied from each input.
///
/// # Errors
/// None for selections inside the array.
pub fn gather(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    selections: &[Selection],
    working: &Grid,
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let blocks = (0..spec.grid.blocks())
        .map(|index| {
            if spec.grid.block_shape(index).elements() == 0 {
                return empty_block(graph, array, spec, index);
            }
            let mut read = Vec::new();
            let pieces = pieces(input, selections, &working.region(index), &mut read);
            let (working, shape) = (working.block_shape(index), spec.grid.block_shape(index));
            let op = Op::Gather { working, shape, pieces };
            graph.task(op, &read, spec.place(index), name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
}

/// Adds the same array with other cuts or another layout.
///
/// # Errors
/// None when `spec` has the shape of the input.
pub fn rechunk(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let all: Vec<_> = input.spec.shape().iter().map(|&len| Selection::all(len)).collect();
    gather(graph, array, input, &all, &spec.grid, spec)
}

/// The same blocks with axes of length 1 in front, up to a rank, as pieces count them.
pub(super) fn with_rank(input: &BlockArray, rank: usize) -> BlockArray {
    let ArraySpec { dtype, grid, layout } = &input.spec;
    let spec = ArraySpec::with_grid(*dtype, grid.with_rank(rank), layout.places());
    BlockArray { spec, blocks: input.blocks.clone() }
}

/// The array itself when it is cut as `grid` says, or else a temporary that is.
pub(super) fn aligned(
    graph: &mut TaskGraph,
    input: &BlockArray,
    grid: &Grid,
) -> Result<BlockArray, GraphError> {
    let axes = 0..grid.counts().len();
    if axes.into_iter().all(|axis| grid.axis_equal(axis, &input.spec.grid, axis)) {
        return Ok(input.clone());
    }
    let array = graph.next_array();
    let spec = ArraySpec::with_grid(input.spec.dtype, grid.clone(), input.spec.layout.places());
    rechunk(graph, array, input, &spec)
}

/// The boxes of the input's blocks that make a region of what the selections give; the blocks are appended to `read`.
pub(super) fn pieces(
    input: &BlockArray,
    selections: &[Selection],
    region: &Region,
    read: &mut Vec<VertexId>,
) -> Vec<Piece> {
    let source = &input.spec.grid;
    let mut boxes: Vec<Vec<Overlap>> = vec![Vec::new()];
    for (axis, selection) in selections.iter().enumerate() {
        let found = overlaps(selection, region.start[axis], region.len[axis], &source.bounds(axis));
        boxes = boxes
            .iter()
            .flat_map(|prefix| {
                found.iter().map(move |&overlap| {
                    let mut extended = prefix.clone();
                    extended.push(overlap);
                    extended
                })
            })
            .collect();
    }
    boxes
        .iter()
        .map(|axes| {
            let at: Vec<_> = axes.iter().map(|overlap| overlap.block).collect();
            read.push(input.blocks[source.index(&at)]);
            Piece {
                input: read.len() as u32 - 1,
                source_start: axes.iter().map(|overlap| overlap.source_start).collect(),
                source_step: selections.iter().map(|selection| selection.step).collect(),
                target_start: axes.iter().map(|overlap| overlap.target_start).collect(),
                len: axes.iter().map(|overlap| overlap.len).collect(),
            }
        })
        .collect()
}

/// Which blocks of an axis hold the elements `first..first + len` of a selection.
fn overlaps(selection: &Selection, first: usize, len: usize, bounds: &[usize]) -> Vec<Overlap> {
    let source = |offset: usize| {
        (selection.start as isize + selection.step * (first + offset) as isize) as usize
    };
    let mut found: Vec<Overlap> = Vec::new();
    let mut offset = 0;
    while offset < len {
        let index = source(offset);
        let block = bounds.partition_point(|&bound| bound <= index) - 1;
        let (low, high) = (bounds[block], bounds[block + 1]);
        // How many further steps stay inside this block.
        let room = if selection.step > 0 { high - 1 - index } else { index - low };
        let further = room.checked_div(selection.step.unsigned_abs()).unwrap_or(len);
        let steps = (further + 1).min(len - offset);
        found.push(Overlap { block, source_start: index - low, target_start: offset, len: steps });
        offset += steps;
    }
    found
}
