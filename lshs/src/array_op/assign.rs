//! Arrays with some elements replaced.

use super::gather::{Selection, pieces, with_rank};
use super::{ArraySpec, BlockArray, Builder, Operation, exactly, misfit, name, refused};
use crate::{ArrayId, GraphError, IndexStep, Op, Region, ShapeError, TaskGraph};
use serde::{Deserialize, Serialize};

/// The first array with the elements that a selection on each axis names replaced by the second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assign {
    /// What is replaced on each axis.
    pub selections: Vec<Selection>,
}

impl Operation for Assign {
    const NAME: &'static str = "assign";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [base, value] = exactly(Self::NAME, operands)?;
        if base.dtype != value.dtype || self.selections.len() != base.shape().len() {
            let (shape, axes) = (base.shape(), self.selections.len());
            let reason = format!(
                "{axes} selections of {} in an array of {} of shape {shape}",
                value.dtype, base.dtype
            );
            return Err(misfit(Self::NAME, reason));
        }
        Ok(base.clone())
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        _: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        assign(&mut into.graph, array, operands[0], &self.selections, operands[1])
    }
}

/// Adds `base` with the elements that a selection on each axis names replaced by `value`, which is stretched to the
/// shape of the selection. ///
/// One task a block, in place where nothing else reads the block; a block reads just the blocks of the value that
/// fall on it.
///
/// # Errors
/// When the value has another dtype or does not stretch to the selection, or a step is 0.
pub fn assign(
    graph: &mut TaskGraph,
    array: ArrayId,
    base: &BlockArray,
    selections: &[Selection],
    value: &BlockArray,
) -> Result<BlockArray, GraphError> {
    let shape = value.spec.shape();
    let wanted: Vec<_> = selections.iter().map(|selection| selection.len).collect();
    let missing = wanted.len().checked_sub(shape.len());
    let stretches = missing.is_some_and(|missing| {
        shape.iter().zip(&wanted[missing..]).all(|(&own, &len)| own == len || own == 1)
    });
    if selections.iter().any(|selection| selection.step == 0) {
        return Err(refused(graph, "assign", "a selection with step 0".into()));
    }
    if !stretches {
        let reason = format!("{shape} does not stretch to a selection of {wanted:?}");
        return Err(refused(graph, "assign", reason));
    }
    let value = with_rank(value, wanted.len());
    let shape = value.spec.shape();
    let axes: Vec<Axis> = (selections.iter().zip(shape.iter()))
        .map(|(selection, &len)| Axis::new(selection, len))
        .collect();
    let read: Vec<Selection> = axes.iter().map(|axis| axis.value).collect();
    let blocks = (0..base.spec.grid.blocks())
        .map(|index| {
            let Region { start, len } = base.spec.grid.region(index);
            let met: Vec<_> = axes
                .iter()
                .zip(start.iter().zip(&len))
                .map(|(axis, (&start, &len))| axis.meet(start, len))
                .collect();
            let part = Region {
                start: met.iter().map(|met| met.first).collect(),
                len: met.iter().map(|met| met.len).collect(),
            };
            let mut inputs = Vec::new();
            let mut pieces = pieces(&value, &read, &part, &mut inputs);
            for piece in &mut pieces {
                // Positions in the selection become positions in the block.
                for (axis, at) in piece.target_start.iter_mut().enumerate() {
                    *at = met[axis].target + *at * axes[axis].step;
                }
            }
            let step = axes.iter().map(|axis| axis.step).collect();
            inputs.insert(0, base.blocks[index]);
            let op = Op::Index(IndexStep::Assign { step, pieces });
            graph.task(op, &inputs, base.spec.place(index), name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: base.spec.clone(), blocks })
}

/// A selection in rising order.
struct Axis {
    first: usize,
    step: usize,
    len: usize,
    /// The elements of the value in that order.
    value: Selection,
}

/// The part of a selection that lies in a block.
struct Met {
    /// Its first element, counted in the selection.
    first: usize,
    len: usize,
    /// The index in the block of that element.
    target: usize,
}

impl Axis {
    fn new(selection: &Selection, value_len: usize) -> Axis {
        let Selection { start, step, len } = *selection;
        let apart = step.unsigned_abs();
        let falls = step < 0;
        let last = len.saturating_sub(1);
        let value = match (value_len == len, falls) {
            (false, _) => Selection { start: 0, step: 0, len },
            (true, false) => Selection::all(len),
            (true, true) => Selection { start: last, step: -1, len },
        };
        let first = if falls { start - last * apart } else { start };
        Axis { first, step: apart, len, value }
    }

    fn meet(&self, start: usize, len: usize) -> Met {
        let before = |bound: usize| {
            let from_first = bound.saturating_sub(self.first);
            from_first.div_ceil(self.step).min(self.len)
        };
        let (first, end) = (before(start), before(start + len));
        let at = self.first + first * self.step;
        Met { first, len: end - first, target: at.saturating_sub(start) }
    }
}
