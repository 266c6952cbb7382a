//! Slices along the first axis by a mask: a count of each block first, then the slices.

use super::gather::aligned;
use super::{ArraySpec, BlockArray, Builder, Operation, exactly, misfit, name, refused};
use crate::{ArrayId, DType, GraphError, Grid, IndexStep, Op, Shape, ShapeError, TaskGraph};
use serde::{Deserialize, Serialize};

/// How many elements of each block of a mask are true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountTrue;

impl Operation for CountTrue {
    const NAME: &'static str = "count_true";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [mask] = exactly(Self::NAME, operands)?;
        let grid = Grid::uniform(&Shape::new([mask.grid.blocks()])?, &[1]);
        Ok(ArraySpec::with_grid(DType::Int64, grid, mask.layout.places()))
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        _: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        count_true(&mut into.graph, array, operands[0])
    }
}

/// The slices of the first array along its first axis at which the second, a mask, is true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compress {
    /// How many elements of each block of the mask are true.
    pub counts: Vec<usize>,
}

impl Operation for Compress {
    const NAME: &'static str = "compress";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [array, mask] = exactly(Self::NAME, operands)?;
        array.compressed(&self.counts).ok_or_else(|| {
            let (shape, mask) = (array.shape(), mask.shape());
            misfit(Self::NAME, format!("an array of shape {shape} by a mask of shape {mask}"))
        })
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        compress(&mut into.graph, array, operands[0], operands[1], &self.counts, spec)
    }
}

/// Adds the number of true elements of each block of a mask: one axis, an int64 for each block in its order, each in
/// a block of its own.
///
/// # Errors
/// When the mask is not of bool.
pub fn count_true(
    graph: &mut TaskGraph,
    array: ArrayId,
    mask: &BlockArray,
) -> Result<BlockArray, GraphError> {
    let ones = vec![1; mask.blocks.len()];
    let grid = Grid::single(&mask.spec.shape()).with_rank(1);
    let grid = Grid::from_axes(&[(&grid, 0)])
        .with_block_lengths(0, &ones)
        .map_err(|error| refused(graph, "count_true", error.to_string()))?;
    let spec = ArraySpec::with_grid(DType::Int64, grid, mask.spec.layout.places());
    let blocks = (mask.blocks.iter().enumerate())
        .map(|(index, &block)| {
            let place = mask.spec.place(index);
            graph.task(Op::Index(IndexStep::CountTrue), &[block], place, name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec, blocks })
}

/// Adds the slices of an array along its first axis at which `mask`, one axis of bool, is true. `counts` says how many
/// each block of the mask has, as [`count_true`] gives them; `spec` is [`ArraySpec::compressed`] of these. Block by
/// block, nothing moves where array and mask are cut alike.
///
/// # Errors
/// When mask and array, or the numbers of blocks and counts, do not fit.
pub fn compress(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    mask: &BlockArray,
    counts: &[usize],
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let (shape, mask_shape) = (input.spec.shape(), mask.spec.shape());
    let wanted = input.spec.compressed(counts);
    let fits = mask_shape.len() == 1
        && shape.first() == mask_shape.first()
        && mask.blocks.len() == counts.len()
        && wanted.is_some_and(|wanted| wanted == *spec);
    if !fits {
        let reason = format!(
            "{shape} by a mask of {mask_shape} in {} blocks with {} counts",
            mask.blocks.len(),
            counts.len()
        );
        return Err(refused(graph, "compress", reason));
    }
    let axes: Vec<_> = (0..shape.len())
        .map(|axis| if axis == 0 { (&mask.spec.grid, 0) } else { (&input.spec.grid, axis) })
        .collect();
    let input = aligned(graph, input, &Grid::from_axes(&axes))?;
    let blocks = (0..spec.grid.blocks())
        .map(|index| {
            let row = spec.grid.coordinates(index)[0];
            let op = Op::Index(IndexStep::Compress { count: counts[row] });
            let read = [mask.blocks[row], input.blocks[index]];
            graph.task(op, &read, spec.place(index), name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
}
