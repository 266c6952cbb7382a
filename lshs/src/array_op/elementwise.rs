//! Element-wise programs: block by block where the grids agree.

use super::gather::aligned;
use super::{ArraySpec, BlockArray, Builder, Cost, Operation, misfit, name};
use crate::{ArrayId, GraphError, Grid, Op, Program, ShapeError, TaskGraph};
use serde::{Deserialize, Serialize};

/// A program on arrays that are broadcast together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Elementwise {
    /// What is computed of each element.
    pub program: Program,
}

impl Operation for Elementwise {
    const NAME: &'static str = "elementwise";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let dtypes = operands.iter().map(|operand| operand.dtype);
        match self.program.dtype() {
            Some(dtype) if dtypes.clone().eq(self.program.input_dtypes().iter().copied()) => {
                ArraySpec::elementwise(operands, dtype)
            }
            _ => {
                let dtypes: Vec<_> = dtypes.map(|dtype| dtype.name()).collect();
                let reason = format!("{} of arrays of {}", self.program, dtypes.join(", "));
                Err(misfit(Self::NAME, reason))
            }
        }
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        elementwise(&mut into.graph, array, &self.program, operands, spec)
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::Cheap
    }

    fn may_refuse(&self) -> bool {
        self.program.may_refuse()
    }
}

/// Adds the result of a program on arrays that are broadcast together; `spec` is
/// [`ArraySpec::elementwise`] of the inputs and the program's dtype. An input that is cut otherwise is cut anew first.
///
/// # Errors
/// When the program does not take that many inputs.
pub fn elementwise(
    graph: &mut TaskGraph,
    array: ArrayId,
    program: &Program,
    inputs: &[&BlockArray],
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let inputs = inputs
        .iter()
        .map(|input| {
            let wanted = broadcast_source(&input.spec.grid, &spec.grid);
            aligned(graph, input, &wanted)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let counts = spec.grid.counts();
    let stretches: Vec<_> = inputs.iter().map(|input| input.spec.grid.counts() != counts).collect();
    let op = Op::Map(program.clone());
    let mut read = Vec::with_capacity(inputs.len());
    let places = spec.places().into_iter().enumerate();
    let blocks = places
        .map(|(index, place)| {
            read.clear();
            read.extend(inputs.iter().zip(&stretches).map(|(input, &stretches)| {
                let own = if stretches {
                    source_index(&input.spec.grid, &spec.grid.coordinates(index))
                } else {
                    index
                };
                input.blocks[own]
            }));
            graph.task(&op, &read, place, name(array, index))
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
}

/// The grid that an input needs: the cuts of the result on its own axes, and one block on an axis that stretches.
fn broadcast_source(input: &Grid, result: &Grid) -> Grid {
    let (shape, result_shape) = (input.shape(), result.shape());
    let missing = result_shape.len() - shape.len();
    let axes: Vec<_> = (0..shape.len())
        .map(|axis| {
            let stretches = shape[axis] != result_shape[axis + missing];
            if stretches { (input, axis) } else { (result, axis + missing) }
        })
        .collect();
    Grid::from_axes(&axes)
}

/// The input block that the result block at some coordinates reads.
fn source_index(input: &Grid, at: &[usize]) -> usize {
    let counts = input.counts();
    let missing = at.len() - counts.len();
    let own: Vec<_> = counts
        .iter()
        .zip(&at[missing..])
        .map(|(&count, &at)| if count == 1 { 0 } else { at })
        .collect();
    input.index(&own)
}
