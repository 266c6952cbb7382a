//! Dense linear algebra of matrices that fit one block: their blocks are gathered to one first.

use super::gather::aligned;
use super::{ArraySpec, BlockArray, Builder, Cost, Operation, misfit, name};
use crate::{ArrayId, GraphError, LinalgStep, Op, ShapeError, TaskGraph};
use serde::{Deserialize, Serialize};

/// A step on a square matrix, or on one and right-hand sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Linalg {
    /// The step.
    pub step: LinalgStep,
}

impl Operation for Linalg {
    const NAME: &'static str = "linalg";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let square = |a: &ArraySpec| matches!(a.shape()[..], [rows, columns] if rows == columns);
        match operands {
            [a] if square(a) => Ok(a.with_whole_axes(&[0, 1])),
            [a, b] if square(a) && b.shape().first() == a.shape().first() => {
                Ok(b.with_whole_axes(&[0]))
            }
            _ => {
                let shapes: Vec<_> =
                    operands.iter().map(|operand| operand.shape().to_string()).collect();
                Err(misfit(Self::NAME, format!("shapes {} do not match", shapes.join(", "))))
            }
        }
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        _: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        linalg(&mut into.graph, array, self.step, operands)
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::Dear
    }

    fn may_refuse(&self) -> bool {
        self.step.may_refuse()
    }
}

/// Adds the result of a step on one matrix, or on a matrix and right-hand sides. The matrix becomes one block;
/// right-hand sides keep the cuts of their columns, and each block of columns is solved for itself.
///
/// # Errors
/// When the shapes or dtypes do not fit the step.
pub fn linalg(
    graph: &mut TaskGraph,
    array: ArrayId,
    step: LinalgStep,
    operands: &[&BlockArray],
) -> Result<BlockArray, GraphError> {
    let mut read = Vec::with_capacity(operands.len());
    for (position, operand) in operands.iter().enumerate() {
        let whole = if position == 0 { &[0, 1][..] } else { &[0] };
        read.push(aligned(graph, operand, &operand.spec.with_whole_axes(whole).grid)?);
    }
    let Some(last) = read.last() else {
        return Err(super::refused(graph, "linalg", "no operand".into()));
    };
    let spec: ArraySpec = last.spec.clone();
    let blocks = (0..last.blocks.len())
        .map(|index| {
            let inputs: Vec<_> = match &read[..] {
                [matrix, sides] => vec![matrix.blocks[0], sides.blocks[index]],
                all => all.iter().map(|operand| operand.blocks[index]).collect(),
            };
            graph.task(Op::Linalg(step), &inputs, spec.place(index), name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec, blocks })
}
