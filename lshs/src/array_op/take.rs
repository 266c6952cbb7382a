//! Slices along an axis by a list of indices that is known when the graph is built.

use super::gather::aligned;
use super::{
    ArraySpec, BlockArray, Builder, Operation, Temporaries, exactly, misfit, name, refused,
};
use crate::{ArrayId, GraphError, Grid, IndexStep, Op, Pick, ShapeError, TaskGraph};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The slices along an axis that indices name, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Take {
    /// The axis.
    pub axis: usize,
    /// The indices, each below the length of the axis.
    pub indices: Vec<usize>,
}

impl Operation for Take {
    const NAME: &'static str = "take";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [operand] = exactly(Self::NAME, operands)?;
        let (axis, len) = (self.axis, self.indices.len());
        operand.taken(axis, len).ok_or_else(|| {
            let shape = operand.shape();
            misfit(Self::NAME, format!("{len} indices on axis {axis} of shape {shape}"))
        })
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        take(&mut into.graph, array, operands[0], self.axis, &self.indices, spec)
    }
}

/// Adds the slices of an array along an axis that `indices` name, in their order; `spec` is [`ArraySpec::taken`] of
/// the array or the same with other cuts.
///
/// Each block of the array hands on only the slices that a block of the result needs, so no slice moves that is not
/// in the result.
///
/// # Errors
/// When an index is not below the length of the axis, or the shape of `spec` is another.
pub fn take(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    axis: usize,
    indices: &[usize],
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let shape = input.spec.shape();
    let taken = input.spec.taken(axis, indices.len());
    if taken.is_none_or(|taken| taken.shape() != spec.shape()) {
        let reason = format!(
            "{} indices on axis {axis} of {shape} do not give {}",
            indices.len(),
            spec.shape()
        );
        return Err(refused(graph, "take", reason));
    }
    if let Some(index) = indices.iter().find(|&&index| index >= shape[axis]) {
        let reason = format!("index {index} on an axis of length {}", shape[axis]);
        return Err(refused(graph, "take", reason));
    }
    let axes: Vec<_> = (0..shape.len())
        .map(|own| if own == axis { (&input.spec.grid, own) } else { (&spec.grid, own) })
        .collect();
    let input = aligned(graph, input, &Grid::from_axes(&axes))?;
    let bounds = input.spec.grid.bounds(axis);
    let mut temporaries = Temporaries::new(graph);
    let blocks = (0..spec.grid.blocks())
        .map(|index| {
            let region = spec.grid.region(index);
            let own = &indices[region.start[axis]..region.start[axis] + region.len[axis]];
            let mut at = spec.grid.coordinates(index);
            let mut block_at = |block: usize| {
                at[axis] = block;
                input.spec.grid.index(&at)
            };
            let places: Vec<(usize, usize)> = own
                .iter()
                .map(|&index| {
                    let block = bounds.partition_point(|&bound| bound <= index) - 1;
                    (block, index - bounds[block])
                })
                .collect();
            let mut parts: BTreeMap<usize, Vec<Pick>> = BTreeMap::new();
            for &(block, index) in &places {
                parts.entry(block).or_default().push(Pick { input: 0, index });
            }
            let (place, own_name) = (spec.place(index), name(array, index));
            if parts.len() < 2 {
                // With no slice at all, any block tells the dtype and the other axes.
                let (block, picks) = parts.pop_first().unwrap_or_default();
                let op = Op::Index(IndexStep::Take { axis, picks });
                return graph.task(op, &[input.blocks[block_at(block)]], place, own_name);
            }
            let numbers: BTreeMap<usize, u32> = parts.keys().copied().zip(0..).collect();
            let mut read = Vec::with_capacity(parts.len());
            for (block, picks) in parts {
                let source = block_at(block);
                let op = Op::Index(IndexStep::Take { axis, picks });
                let at = input.spec.place(source);
                read.push(graph.task(op, &[input.blocks[source]], at, temporaries.next())?);
            }
            // Each part holds its slices in the order in which they are asked for.
            let mut next = vec![0; read.len()];
            let picks = places
                .iter()
                .map(|(block, _)| {
                    let input = numbers[block];
                    let index = next[input as usize];
                    next[input as usize] += 1;
                    Pick { input, index }
                })
                .collect();
            graph.task(Op::Index(IndexStep::Take { axis, picks }), &read, place, own_name)
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
}
