//! The same elements in C order under another shape.

use super::create::empty_block;
use super::{ArraySpec, BlockArray, Builder, Cost, Operation, exactly, misfit, name};
use crate::{ArrayId, GraphError, Grid, Op, Region, Shape, ShapeError, TaskGraph};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The elements in C order under another shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reshape {
    /// The result: its cuts are free.
    pub spec: ArraySpec,
}

impl Operation for Reshape {
    const NAME: &'static str = "reshape";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [operand] = exactly(Self::NAME, operands)?;
        let (own, wanted) = (operand.shape(), self.spec.shape());
        if own.elements() != wanted.elements() || operand.dtype != self.spec.dtype {
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
        reshape(&mut into.graph, array, operands[0], spec)
    }

    /// Where only axes of length 1 come or go each block is one block of the operand.
    fn cost(&self, operands: &[&ArraySpec]) -> Cost {
        let cuts = |spec: &ArraySpec| {
            let shape = spec.shape();
            let long = (0..shape.len()).filter(|&axis| shape[axis] != 1);
            long.map(|axis| spec.grid.bounds(axis)).collect::<Vec<_>>()
        };
        match operands {
            [operand] if cuts(operand) == cuts(&self.spec) => Cost::View,
            _ => Cost::Moderate,
        }
    }
}

/// Adds the array read in C order under the shape of `spec`. Each block fetches just the input blocks that hold some
/// of its elements.
///
/// # Errors
/// When the number of elements differs.
pub fn reshape(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let (source_shape, target_shape) = (input.spec.shape(), spec.shape());
    let blocks = (0..spec.grid.blocks())
        .map(|index| {
            let target = spec.grid.region(index);
            if target.len.contains(&0) {
                return empty_block(graph, array, spec, index);
            }
            let met = blocks_met(&input.spec.grid, &source_shape, &target_shape, &target);
            let read: Vec<_> = met.iter().map(|&block| input.blocks[block]).collect();
            let op = Op::Reshape {
                source_shape: source_shape.clone(),
                sources: met.iter().map(|&block| input.spec.grid.region(block)).collect(),
                target_shape: target_shape.clone(),
                target,
            };
            graph.task(op, &read, spec.place(index), name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
}

/// The blocks of the source that hold elements of a region of the target.
fn blocks_met(
    grid: &Grid,
    source: &Shape,
    target_shape: &Shape,
    target: &Region,
) -> BTreeSet<usize> {
    let mut met = BTreeSet::new();
    for (start, len) in target.runs(target_shape) {
        let mut flat = start;
        while flat < start + len {
            let at = source.unravel(flat);
            let block = grid.index(&block_coordinates(grid, &at));
            met.insert(block);
            // The rest of this row of the block follows in C order without a gap.
            flat += match source.len() {
                0 => 1,
                rank => {
                    let region = grid.region(block);
                    region.start[rank - 1] + region.len[rank - 1] - at[rank - 1]
                }
            };
        }
    }
    met
}

fn block_coordinates(grid: &Grid, at: &[usize]) -> Vec<usize> {
    let find = |(axis, &at): (usize, &usize)| {
        let bounds = grid.bounds(axis);
        bounds.partition_point(|&bound| bound <= at) - 1
    };
    at.iter().enumerate().map(find).collect()
}
