//! Contractions of arrays of any rank: outer products, `tensordot`, `einsum`, MTTKRP.

use super::gather::aligned;
use super::reduce::{Target, combine};
use super::{ArraySpec, BlockArray, Builder, Cost, Operation, Partial, Temporaries, misfit, name};
use crate::{ArrayId, Einsum, Fold, GraphError, Grid, Op, Place, ShapeError, TaskGraph, VertexId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// A product of arrays summed over shared axes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    /// Which axes are the same, and which stay.
    pub einsum: Einsum,
}

impl Operation for Contract {
    const NAME: &'static str = "einsum";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        ArraySpec::contracted(&self.einsum, operands).ok_or_else(|| {
            let shapes: Vec<_> =
                operands.iter().map(|operand| operand.shape().to_string()).collect();
            misfit(Self::NAME, format!("{} of shapes {}", self.einsum, shapes.join(", ")))
        })
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        contract(&mut into.graph, array, &self.einsum, operands, spec)
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::Dear
    }
}

/// Adds the contraction of some arrays; `spec` is [`ArraySpec::contracted`] of them.
///
/// Each block of the result is a sum over the blocks of the contracted axes. One array stays where it is, the result
/// or an operand: the one for which the busiest place would receive the fewest bytes, on ties the result. The
/// products of one place are one chain of multiply-accumulate in block order, and a binary tree adds the chains of
/// several places. Grids and layouts decide all of that, so the bits do not depend on the nodes.
///
/// # Errors
/// When the arrays do not fit the subscripts.
pub fn contract(
    graph: &mut TaskGraph,
    array: ArrayId,
    einsum: &Einsum,
    operands: &[&BlockArray],
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    fits(graph, einsum, operands, spec)?;
    let operands = cut_alike(graph, einsum, operands, spec)?;
    let loops = Loops::new(einsum, &operands, spec);
    let stationary = loops.stationary();
    let mut temporaries = Temporaries::new(graph);
    let mut blocks = Vec::with_capacity(loops.results);
    for result in 0..loops.results {
        let chains = loops.chains(result, stationary);
        let single = chains.len() == 1;
        let mut partials: Vec<Partial> = Vec::with_capacity(chains.len());
        for (&place, chain) in &chains {
            let mut sum: Option<VertexId> = None;
            for (position, &step) in chain.iter().enumerate() {
                let last = single && position + 1 == chain.len();
                let own = if last { name(array, result) } else { temporaries.next() };
                let op = Op::Contract { einsum: einsum.clone(), accumulate: sum.is_some() };
                let factors = (0..operands.len())
                    .map(|operand| operands[operand].blocks[loops.block(operand, result, step)]);
                let read: Vec<_> = sum.into_iter().chain(factors).collect();
                sum = Some(graph.task(op, &read, place, own)?);
            }
            partials.extend(sum.map(|sum| (place, sum)));
        }
        let target = Target { name: name(array, result), place: loops.result_places[result] };
        blocks.push(combine(graph, &partials, &Fold::Sum, target, &mut temporaries)?);
    }
    Ok(BlockArray { spec: spec.clone(), blocks })
}

/// Whether ranks and lengths fit the subscripts and the result.
fn fits(
    graph: &TaskGraph,
    einsum: &Einsum,
    operands: &[&BlockArray],
    spec: &ArraySpec,
) -> Result<(), GraphError> {
    let specs: Vec<_> = operands.iter().map(|operand| &operand.spec).collect();
    let shape = ArraySpec::contracted(einsum, &specs).map(|given| given.shape());
    if shape.as_ref() == Some(&spec.shape()) {
        return Ok(());
    }
    let shapes: Vec<_> = specs.iter().map(|spec| spec.shape().to_string()).collect();
    Err(GraphError::Inputs {
        vertex: VertexId(graph.len() as u32),
        op: einsum.to_string(),
        reason: format!("{} do not give {}", shapes.join(", "), spec.shape()),
    })
}

/// The operands with the same cuts wherever they share a label.
fn cut_alike(
    graph: &mut TaskGraph,
    einsum: &Einsum,
    operands: &[&BlockArray],
    spec: &ArraySpec,
) -> Result<Vec<BlockArray>, GraphError> {
    let specs: Vec<_> = operands.iter().map(|operand| &operand.spec).collect();
    let cut = |&label: &u8| match einsum.output().iter().position(|&own| own == label) {
        Some(axis) => Some((&spec.grid, axis)),
        None => ArraySpec::cut_of(einsum, &specs, label),
    };
    einsum
        .operands()
        .iter()
        .zip(operands)
        .map(|(labels, operand)| {
            let axes: Vec<_> = labels.iter().filter_map(cut).collect();
            aligned(graph, operand, &Grid::from_axes(&axes))
        })
        .collect()
}

/// Which array stays where it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stationary {
    Result,
    Operand(usize),
}

/// The loops over blocks: over the blocks of the result, and within each over the steps of the contracted axes.
///
/// The block of an operand is a sum of two parts, one that follows from the result's block and one from the step.
struct Loops {
    results: usize,
    steps: usize,
    result_bytes: Vec<u64>,
    result_places: Vec<Place>,
    operands: Vec<Operand>,
}

struct Operand {
    by_result: Vec<usize>,
    by_step: Vec<usize>,
    places: Vec<Place>,
    bytes: Vec<u64>,
}

impl Loops {
    fn new(einsum: &Einsum, operands: &[BlockArray], spec: &ArraySpec) -> Loops {
        let contracted = einsum.contracted();
        let count = |label: u8| {
            let at = |labels: &Vec<u8>| labels.iter().position(|&own| own == label);
            let found = einsum.operands().iter().zip(operands).find_map(|(labels, operand)| {
                at(labels).map(|axis| operand.spec.grid.counts()[axis])
            });
            found.unwrap_or(1)
        };
        let result_counts = spec.grid.counts();
        let step_counts: Vec<_> = contracted.iter().map(|&label| count(label)).collect();
        let operands = einsum
            .operands()
            .iter()
            .zip(operands)
            .map(|(labels, operand)| {
                let counts = operand.spec.grid.counts();
                let strides: BTreeMap<u8, usize> =
                    labels.iter().copied().zip(strides(&counts)).collect();
                let stride = |label: &u8| strides.get(label).copied().unwrap_or(0);
                let all = 0..operand.spec.grid.blocks();
                Operand {
                    by_result: offsets(
                        &result_counts,
                        &einsum.output().iter().map(stride).collect::<Vec<_>>(),
                    ),
                    by_step: offsets(
                        &step_counts,
                        &contracted.iter().map(stride).collect::<Vec<_>>(),
                    ),
                    places: all.clone().map(|index| operand.spec.place(index)).collect(),
                    bytes: all.map(|index| operand.spec.block(index).bytes()).collect(),
                }
            })
            .collect();
        let results = spec.grid.blocks();
        Loops {
            results,
            steps: step_counts.iter().product(),
            result_bytes: (0..results).map(|index| spec.block(index).bytes()).collect(),
            result_places: (0..results).map(|index| spec.place(index)).collect(),
            operands,
        }
    }

    /// The block of an operand that a step of a result reads.
    fn block(&self, operand: usize, result: usize, step: usize) -> usize {
        let operand = &self.operands[operand];
        operand.by_result[result] + operand.by_step[step]
    }

    fn place(&self, stationary: Stationary, result: usize, step: usize) -> Place {
        match stationary {
            Stationary::Result => self.result_places[result],
            Stationary::Operand(operand) => {
                self.operands[operand].places[self.block(operand, result, step)]
            }
        }
    }

    /// The steps of a result by the place where they are taken.
    fn chains(&self, result: usize, stationary: Stationary) -> BTreeMap<Place, Vec<usize>> {
        let mut chains: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
        for step in 0..self.steps {
            chains.entry(self.place(stationary, result, step)).or_default().push(step);
        }
        chains
    }

    fn stationary(&self) -> Stationary {
        let operands = (0..self.operands.len()).map(Stationary::Operand);
        let cost = |stationary: &Stationary| self.bytes_received(*stationary);
        [Stationary::Result]
            .into_iter()
            .chain(operands)
            .min_by_key(cost)
            .unwrap_or(Stationary::Result)
    }

    /// The bytes that the busiest place receives, and those of all places: blocks of operands once each, and
    /// partial results, which the places of a tree share evenly.
    fn bytes_received(&self, stationary: Stationary) -> (u64, u64) {
        let mut received: BTreeMap<Place, u64> = BTreeMap::new();
        let mut copied: HashSet<(usize, usize, Place)> = HashSet::new();
        for result in 0..self.results {
            let mut places: Vec<Place> = Vec::new();
            for step in 0..self.steps {
                let place = self.place(stationary, result, step);
                places.push(place);
                for (index, operand) in self.operands.iter().enumerate() {
                    let block = self.block(index, result, step);
                    if operand.places[block] != place && copied.insert((index, block, place)) {
                        *received.entry(place).or_default() += operand.bytes[block];
                    }
                }
            }
            places.sort_unstable();
            places.dedup();
            let moved = self.result_bytes[result] * (places.len() as u64 - 1);
            for &place in &places {
                *received.entry(place).or_default() += moved / places.len() as u64;
            }
        }
        let most = received.values().copied().max().unwrap_or(0);
        (most, received.values().sum())
    }
}

/// The distance in C order of neighbours on each axis.
fn strides(counts: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; counts.len()];
    for axis in (1..counts.len()).rev() {
        strides[axis - 1] = strides[axis] * counts[axis];
    }
    strides
}

/// For each cell of a box in C order, the sum of its coordinates times some strides.
fn offsets(counts: &[usize], strides: &[usize]) -> Vec<usize> {
    let mut offsets = vec![0];
    for (&count, &stride) in counts.iter().zip(strides) {
        offsets = offsets
            .iter()
            .flat_map(|offset| (0..count).map(move |at| offset + at * stride))
            .collect();
    }
    offsets
}
