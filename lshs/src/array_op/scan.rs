//! Running sums and products along an axis.

use super::{ArraySpec, BlockArray, Builder, Operation, Temporaries, exactly, misfit, name};
use crate::{ArrayId, Fold, GraphError, Op, PartialStep, Program, ShapeError, TaskGraph, VertexId};
use serde::{Deserialize, Serialize};

/// The sum, or the product, of the elements up to each one along an axis. The operand has the dtype of the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scan {
    /// The axis.
    pub axis: usize,
    /// Products instead of sums.
    pub product: bool,
}

impl Operation for Scan {
    const NAME: &'static str = "scan";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [operand] = exactly(Self::NAME, operands)?;
        let (dtype, shape) = (operand.dtype, operand.shape());
        if self.axis >= shape.len() || self.fold().output(dtype) != Some(dtype) {
            return Err(misfit(Self::NAME, format!("axis {} of {dtype} of {shape}", self.axis)));
        }
        Ok(operand.clone())
    }

    /// Each block but the last along the axis gives its total; the totals are combined from block to block, where the
    /// blocks lie; then each block is scanned, from what all before it give. A line of k blocks on k nodes moves k - 1
    /// edges, blocks without the axis. Within a block elements are combined one after the other.
    ///
    /// Source: G. E. Blelloch, "Prefix sums and their applications", 1990.
    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        let (graph, input) = (&mut into.graph, operands[0]);
        let mut names = Temporaries::new(graph);
        let mut carries: Vec<Option<VertexId>> = vec![None; input.blocks.len()];
        for index in 0..input.blocks.len() {
            let mut at = spec.grid.coordinates(index);
            at[self.axis] += 1;
            if at[self.axis] < spec.grid.counts()[self.axis] {
                let total = self.total(graph, input, index, carries[index], &mut names)?;
                carries[spec.grid.index(&at)] = Some(total);
            }
        }
        let step = PartialStep::Scan { axis: self.axis, product: self.product };
        let blocks = (input.blocks.iter().zip(carries).enumerate())
            .map(|(index, (&block, carry))| {
                let read: Vec<_> = [block].into_iter().chain(carry).collect();
                graph.task(Op::Partial(step), &read, spec.place(index), name(array, index))
            })
            .collect::<Result<_, _>>()?;
        Ok(BlockArray { spec: spec.clone(), blocks })
    }
}

impl Scan {
    fn fold(&self) -> Fold {
        if self.product { Fold::Product } else { Fold::Sum }
    }

    /// What all elements up to the end of a block give, from what those before it give.
    fn total(
        &self,
        graph: &mut TaskGraph,
        input: &BlockArray,
        index: usize,
        carry: Option<VertexId>,
        names: &mut Temporaries,
    ) -> Result<VertexId, GraphError> {
        let (dtype, place) = (input.spec.dtype, input.spec.place(index));
        let program = Program::identity(dtype);
        let reduce = Op::Reduce { program, kind: self.fold(), axes: vec![self.axis] };
        let own = graph.task(reduce, &[input.blocks[index]], place, names.next())?;
        match carry {
            Some(carry) => graph.task(self.fold().join(dtype), &[carry, own], place, names.next()),
            None => Ok(own),
        }
    }
}
