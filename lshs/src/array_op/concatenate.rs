//! Arrays joined along an axis: blocks put together from boxes of the blocks of several arrays.

use super::create::empty_block;
use super::gather::{Selection, cut_out, pieces};
use super::{ArraySpec, BlockArray, Builder, Operation, misfit, name};
use crate::{ArrayId, GraphError, Op, ShapeError, TaskGraph};
use serde::{Deserialize, Serialize};

/// Arrays one after the other along an axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Concatenate {
    /// The axis.
    pub axis: usize,
    /// The result: its cuts are free.
    pub spec: ArraySpec,
}

impl Operation for Concatenate {
    const NAME: &'static str = "concatenate";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let (axis, shape) = (self.axis, self.spec.shape());
        let len = operands.iter().map(|operand| operand.shape().get(axis).copied());
        let len = len.sum::<Option<usize>>().filter(|_| axis < shape.len());
        let alike = operands.iter().all(|operand| {
            operand.dtype == self.spec.dtype
                && operand.shape().without(&[axis]) == shape.without(&[axis])
        });
        if len != shape.get(axis).copied() || !alike {
            let shapes: Vec<_> =
                operands.iter().map(|operand| operand.shape().to_string()).collect();
            let reason =
                format!("arrays of shapes {} do not join to shape {shape}", shapes.join(", "));
            return Err(misfit(Self::NAME, reason));
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
        concatenate(&mut into.graph, array, operands, self.axis, spec)
    }
}

/// Adds the arrays one after the other along an axis; `spec` has the shape of the result. A block that lies within one
/// block of one array is a copy of it; only the boxes that a block needs move.
///
/// # Errors
/// When the arrays differ in dtype, or on another axis.
pub fn concatenate(
    graph: &mut TaskGraph,
    array: ArrayId,
    inputs: &[&BlockArray],
    axis: usize,
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let mut names = None;
    let blocks = (0..spec.grid.blocks())
        .map(|index| {
            let region = spec.grid.region(index);
            if region.len.contains(&0) {
                return empty_block(graph, array, spec, index);
            }
            let (first, last) = (region.start[axis], region.start[axis] + region.len[axis]);
            let (mut read, mut copied) = (Vec::new(), Vec::new());
            let mut start = 0;
            for input in inputs {
                let shape = input.spec.shape();
                let end = start + shape[axis];
                let (from, to) = (first.max(start), last.min(end));
                if from < to {
                    // The part of this array that the block holds, in coordinates of the array.
                    let mut part = region.clone();
                    (part.start[axis], part.len[axis]) = (from - start, to - from);
                    let all: Vec<_> = shape.iter().map(|&len| Selection::all(len)).collect();
                    for mut piece in pieces(input, &all, &part, &mut read) {
                        piece.target_start[axis] += from - first;
                        copied.push(piece);
                    }
                }
                start = end;
            }
            if copied.len() > 1 {
                cut_out(graph, &mut copied, &mut read, spec.place(index), &mut names)?;
            }
            let shape = spec.grid.block_shape(index);
            let op = Op::Gather { working: shape.clone(), shape, pieces: copied };
            graph.task(op, &read, spec.place(index), name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
}
