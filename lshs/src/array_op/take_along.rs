//! Elements along an axis at positions that are computed: the array of positions is an operand.

use super::gather::aligned;
use super::{ArraySpec, BlockArray, Builder, Operation, Temporaries, exactly, misfit, name};
use crate::{ArrayId, DType, GraphError, Grid, IndexStep, Op, ShapeError};
use serde::{Deserialize, Serialize};

/// The elements of the first array along an axis at the positions that the second one holds, of int64 and of the same
/// lengths on the other axes.
///
/// Each block of positions goes through the blocks of the array along the axis, one task for each, so a node holds one
/// of them at a time. What is smaller moves, by the policy's choice: the positions and the elements that are found, or
/// the block that is searched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakeAlong {
    /// The axis.
    pub axis: usize,
}

impl Operation for TakeAlong {
    const NAME: &'static str = "take_along_axis";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [array, positions] = exactly(Self::NAME, operands)?;
        let (shape, wanted) = (array.shape(), positions.shape());
        let fits = positions.dtype == DType::Int64
            && self.axis < shape.len()
            && shape.len() == wanted.len()
            && shape.without(&[self.axis]) == wanted.without(&[self.axis]);
        match fits {
            true => Ok(ArraySpec { dtype: array.dtype, ..positions.clone() }),
            false => Err(misfit(
                Self::NAME,
                format!("positions of shape {wanted} along axis {} of shape {shape}", self.axis),
            )),
        }
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        let (graph, axis, positions) = (&mut into.graph, self.axis, operands[1]);
        let len = operands[0].spec.shape()[axis];
        let axes: Vec<_> = (0..spec.shape().len())
            .map(|own| (if own == axis { &operands[0].spec.grid } else { &spec.grid }, own))
            .collect();
        let source = aligned(graph, operands[0], &Grid::from_axes(&axes))?;
        let bounds = source.spec.grid.bounds(axis);
        let parts = bounds.len().saturating_sub(1).max(1);
        let mut temporaries = Temporaries::new(graph);
        let mut blocks = Vec::with_capacity(positions.blocks.len());
        for (index, &block) in positions.blocks.iter().enumerate() {
            let mut at = spec.grid.coordinates(index);
            let mut read = vec![block];
            for part in 0..parts {
                at[axis] = part;
                let searched = source.blocks[source.spec.grid.index(&at)];
                read.insert(1, searched);
                let own_name = match part + 1 == parts {
                    true => name(array, index),
                    false => temporaries.next(),
                };
                let start = bounds.get(part).copied().unwrap_or(0);
                let op = Op::Index(IndexStep::TakeAlong { axis, start, len });
                let found = graph.task(op, &read, spec.place(index), own_name)?;
                read = vec![block, found];
            }
            blocks.push(read[1]);
        }
        Ok(BlockArray { spec: spec.clone(), blocks })
    }

    fn may_refuse(&self) -> bool {
        true
    }
}
