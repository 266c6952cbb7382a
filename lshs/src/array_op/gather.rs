//! Blocks put together from boxes of other blocks: basic slicing and new cuts.

use super::create::{create_box, empty_block};
use super::{ArraySpec, BlockArray, Builder, Cost, Operation, Temporaries, exactly, misfit, name};
use crate::{
    ArrayId, Creation, GraphError, Grid, Op, Piece, Place, Region, Shape, ShapeError, TaskGraph,
    VertexId,
};
use serde::{Deserialize, Serialize};

/// The elements of one axis that a slice takes: `start`, `start + step`, ..., `len` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// What a selection on each axis gives: slices, single elements, axes that are stretched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gather {
    /// What is taken on each axis.
    pub selections: Vec<Selection>,
    /// The cuts of the result with all axes.
    pub working: Grid,
    /// The axes, of length 1 in `working`, that the result does not have.
    pub dropped: Vec<usize>,
}

impl Operation for Gather {
    const NAME: &'static str = "gather";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [operand] = exactly(Self::NAME, operands)?;
        selected(Self::NAME, operand, &self.selections, &self.working, &self.dropped)
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        gather(&mut into.graph, array, operands[0], &self.selections, &self.working, spec)
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::View
    }
}

/// The same array with other cuts or another layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rechunk {
    /// The result.
    pub spec: ArraySpec,
    /// Each block must lie on the node of its place.
    pub pinned: bool,
}

impl Operation for Rechunk {
    const NAME: &'static str = "rechunk";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [operand] = exactly(Self::NAME, operands)?;
        if (operand.dtype, operand.shape()) != (self.spec.dtype, self.spec.shape()) {
            let (own, wanted) = (operand.shape(), self.spec.shape());
            return Err(misfit(Self::NAME, format!("shape {own} cannot become {wanted}")));
        }
        Ok(self.spec.clone())
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        let build = if self.pinned { redistribute } else { rechunk };
        build(&mut into.graph, array, operands[0], spec)
    }
}

/// What selections give of an array, with the cuts of `working` on the axes that stay.
pub(super) fn selected(
    op: &'static str,
    of: &ArraySpec,
    selections: &[Selection],
    working: &Grid,
    dropped: &[usize],
) -> Result<ArraySpec, ShapeError> {
    let (shape, lengths) = (of.shape(), working.shape());
    let inside = |(&len, selection): (&usize, &Selection)| {
        let Selection { start, step, len: taken } = *selection;
        let reach =
            isize::try_from(taken.saturating_sub(1)).ok().and_then(|last| last.checked_mul(step));
        let last = reach.and_then(|reach| start.checked_add_signed(reach));
        taken == 0 || start < len && last.is_some_and(|last| last < len)
    };
    let fits = selections.len() == shape.len()
        && shape.iter().zip(selections).all(inside)
        && selections.iter().map(|selection| &selection.len).eq(lengths.iter())
        && dropped.iter().all(|&axis| lengths.get(axis) == Some(&1));
    if !fits {
        let reason = format!("{selections:?} of shape {shape} do not give {lengths}");
        return Err(misfit(op, reason));
    }
    Ok(ArraySpec::with_grid(of.dtype, working.without(dropped), of.layout.places()))
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
/// `dropped` (of length 1) are left out of `spec`. A block that is put together from several sends for the boxes that it
/// needs, which are cut out where they lie.
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
    put_together(graph, array, (working, spec), |graph, index, names| {
        let mut read = Vec::new();
        let mut pieces = pieces(input, selections, &working.region(index), &mut read);
        // A block that comes from one other can be made where that lies.
        if pieces.len() > 1 {
            cut_out(graph, &mut pieces, &mut read, spec.place(index), names)?;
        }
        Ok((pieces, read))
    })
}

/// Adds the array that a selection on each axis gives of an array that a formula gives, cut as `source`; see [`gather`].
/// Nothing else of that array is made.
///
/// # Errors
/// Those of [`gather`].
pub fn gather_created(
    graph: &mut TaskGraph,
    array: ArrayId,
    (creation, source): (Creation, &ArraySpec),
    selections: &[Selection],
    working: &Grid,
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let shape = source.shape();
    // Elements that are not neighbours are made block by block, so that a long step makes no long boxes.
    let bounds: Vec<_> = (selections.iter().enumerate())
        .map(|(axis, selection)| match selection.step {
            -1..=1 => vec![0, shape[axis]],
            _ => source.grid.bounds(axis),
        })
        .collect();
    let contiguous = selections.iter().all(|selection| selection.step == 1);
    if contiguous && *working == spec.grid {
        let blocks = (0..spec.grid.blocks())
            .map(|index| {
                let Region { mut start, len } = spec.grid.region(index);
                let firsts = start.iter_mut().zip(selections);
                firsts.for_each(|(start, selection)| *start += selection.start);
                let (region, own) = (Region { start, len }, name(array, index));
                create_box(graph, creation, &shape, region, (spec.place(index), own))
            })
            .collect::<Result<_, _>>()?;
        return Ok(BlockArray { spec: spec.clone(), blocks });
    }
    put_together(graph, array, (working, spec), |graph, index, names| {
        let mut read = Vec::new();
        let mut pieces = Vec::new();
        for (at, mut piece) in boxes(&bounds, selections, &working.region(index)) {
            let mut region = Region { start: Vec::new(), len: Vec::new() };
            for (axis, first) in piece.source_start.iter_mut().enumerate() {
                let reach = (piece.len[axis] - 1) * piece.source_step[axis].unsigned_abs();
                let low = if piece.source_step[axis] < 0 { *first - reach } else { *first };
                region.start.push(bounds[axis][at[axis]] + low);
                region.len.push(reach + 1);
                *first -= low;
            }
            piece.input = read.len() as u32;
            let own = names.get_or_insert_with(|| Temporaries::new(graph)).next();
            let target = (spec.place(index), own);
            read.push(create_box(graph, creation, &shape, region, target)?);
            pieces.push(piece);
        }
        Ok((pieces, read))
    })
}

/// Adds blocks each of which is put together from the pieces that a function gives, with what they are read from.
fn put_together(
    graph: &mut TaskGraph,
    array: ArrayId,
    (working, spec): (&Grid, &ArraySpec),
    mut pieces_of: impl FnMut(
        &mut TaskGraph,
        usize,
        &mut Option<Temporaries>,
    ) -> Result<(Vec<Piece>, Vec<VertexId>), GraphError>,
) -> Result<BlockArray, GraphError> {
    let mut names = None;
    let blocks = (0..spec.grid.blocks())
        .map(|index| {
            if spec.grid.block_shape(index).elements() == 0 {
                return empty_block(graph, array, spec, index);
            }
            let (pieces, read) = pieces_of(graph, index, &mut names)?;
            let (working, shape) = (working.block_shape(index), spec.grid.block_shape(index));
            let op = Op::Gather { working, shape, pieces };
            graph.task(op, &read, spec.place(index), name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
}

/// Cuts pieces out of the blocks of other places first, where they are parts of these, so that only the pieces move.
pub(super) fn cut_out(
    graph: &mut TaskGraph,
    pieces: &mut [Piece],
    read: &mut [VertexId],
    place: Place,
    names: &mut Option<Temporaries>,
) -> Result<(), GraphError> {
    for piece in pieces {
        let from = &mut read[piece.input as usize];
        let elements: usize = piece.len.iter().product();
        if graph.place(*from) == place || elements >= graph.spec(*from).shape.elements() {
            continue;
        }
        let Ok(shape) = Shape::new(piece.len.clone()) else { continue };
        let origin = vec![0; piece.len.len()];
        let own = Piece { input: 0, target_start: origin.clone(), ..piece.clone() };
        let op = Op::Gather { working: shape.clone(), shape, pieces: vec![own] };
        let cut = names.get_or_insert_with(|| Temporaries::new(graph)).next();
        *from = graph.task(op, &[*from], graph.place(*from), cut)?;
        piece.source_step = vec![1; origin.len()];
        piece.source_start = origin;
    }
    Ok(())
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

/// Adds the same array with other cuts, and each block on the node of its place: each node sends another one just the
/// boxes that it is missing.
///
/// # Errors
/// Those of [`rechunk`].
pub fn redistribute(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let all: Vec<_> = input.spec.shape().iter().map(|&len| Selection::all(len)).collect();
    let made = put_together(graph, array, (&spec.grid, spec), |graph, index, names| {
        let mut read = Vec::new();
        let mut pieces = pieces(input, &all, &spec.grid.region(index), &mut read);
        cut_out(graph, &mut pieces, &mut read, spec.place(index), names)?;
        Ok((pieces, read))
    })?;
    made.blocks.iter().for_each(|&block| graph.pin(block));
    Ok(made)
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
    let spec = input.spec.recut(grid);
    if spec == input.spec {
        return Ok(input.clone());
    }
    let array = graph.next_array();
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
    let bounds: Vec<_> = (0..selections.len()).map(|axis| source.bounds(axis)).collect();
    let found = boxes(&bounds, selections, region).into_iter();
    found
        .map(|(at, piece)| {
            read.push(input.blocks[source.index(&at)]);
            Piece { input: read.len() as u32 - 1, ..piece }
        })
        .collect()
}

/// The boxes that make a region of what the selections give of an array that is cut at `bounds`, each with the block
/// that it lies in.
fn boxes(
    bounds: &[Vec<usize>],
    selections: &[Selection],
    region: &Region,
) -> Vec<(Vec<usize>, Piece)> {
    let mut boxes: Vec<Vec<Overlap>> = vec![Vec::new()];
    for (axis, selection) in selections.iter().enumerate() {
        let found = overlaps(selection, region.start[axis], region.len[axis], &bounds[axis]);
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
    let piece = |axes: &Vec<Overlap>| Piece {
        input: 0,
        source_start: axes.iter().map(|overlap| overlap.source_start).collect(),
        source_step: selections.iter().map(|selection| selection.step).collect(),
        target_start: axes.iter().map(|overlap| overlap.target_start).collect(),
        len: axes.iter().map(|overlap| overlap.len).collect(),
    };
    let block = |axes: &Vec<Overlap>| axes.iter().map(|overlap| overlap.block).collect();
    boxes.iter().map(|axes| (block(axes), piece(axes))).collect()
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
