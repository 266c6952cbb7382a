//! Arrays with their axes in another order: one task a block, no exchange.

use super::{ArraySpec, BlockArray, Builder, Cost, Operation, exactly, misfit, name};
use crate::{ArrayId, GraphError, Op, ShapeError, TaskGraph};
use serde::{Deserialize, Serialize};

/// An array with its axes in another order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transpose {
    /// Axis `i` of the result is axis `order[i]` of the operand.
    pub order: Vec<usize>,
}

impl Operation for Transpose {
    const NAME: &'static str = "transpose";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [operand] = exactly(Self::NAME, operands)?;
        let (shape, order) = (operand.shape(), &self.order);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        if !sorted.into_iter().eq(0..shape.len()) {
            return Err(misfit(Self::NAME, format!("axes {order:?} of shape {shape}")));
        }
        Ok(operand.transposed(order))
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        _: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        transpose(&mut into.graph, array, operands[0], &self.order)
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::View
    }
}

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
