//! Reductions: one partial a block, the partials of a place in block order, then a binary tree over places.

use super::elementwise::elementwise;
use super::{
    ArraySpec, BlockArray, Builder, Operation, Partial, Temporaries, exactly, misfit, name,
};
use crate::reduction::{Recipe, present};
use crate::{
    ArrayId, BinaryOp, BlockName, Fold, GraphError, Grid, Op, Place, Program, Reduction,
    ShapeError, TaskGraph, VertexId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An array reduced along axes, which disappear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reduce {
    /// How elements are combined.
    pub kind: Reduction,
    /// The axes, rising.
    pub axes: Vec<usize>,
}

impl Operation for Reduce {
    const NAME: &'static str = "reduce";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [operand] = exactly(Self::NAME, operands)?;
        let shape = operand.shape();
        let exist = self.axes.iter().all(|&axis| axis < shape.len());
        match self.kind.output(operand.dtype) {
            Some(dtype) if exist => Ok(operand.reduced(&self.axes, dtype)),
            _ => {
                let (dtype, axes) = (operand.dtype, &self.axes);
                Err(misfit(self.kind.name(), format!("axes {axes:?} of {dtype} of shape {shape}")))
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
        reduce(&mut into.graph, array, operands[0], self.kind, &self.axes)
    }
}

/// Adds the array reduced along some axes (rising); the axes disappear.
///
/// With as many places as nodes, blocks laid out contiguously and partial results of n bytes, the tree moves (k - 1) n
/// bytes at depth ceil(log2 k), for any number of blocks. A partial result is three float64 for a variance, two int64 for
/// the index of an extreme, and otherwise one number.
///
/// # Errors
/// When an axis does not exist, or the dtype has no such reduction.
pub fn reduce(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    kind: Reduction,
    axes: &[usize],
) -> Result<BlockArray, GraphError> {
    let dtype = input.spec.dtype;
    let shape = input.spec.shape();
    let reason = |reason| GraphError::Inputs {
        vertex: VertexId(graph.len() as u32),
        op: kind.name().to_owned(),
        reason,
    };
    if axes.iter().any(|&axis| axis >= shape.len()) {
        return Err(reason(format!("axes {axes:?} of {shape}")));
    }
    let count = axes.iter().map(|&axis| shape[axis]).product();
    let (Some(recipe), Some(output)) = (kind.recipe(dtype, count), kind.output(dtype)) else {
        return Err(reason(format!("elements of {dtype}")));
    };
    let spec = input.spec.reduced(axes, output);
    let has_nan = dtype.is_real_floating() || dtype.is_complex();
    if kind == Reduction::NanMean && has_nan {
        let [sum, count] = present(dtype).map(|recipe| {
            let array = graph.next_array();
            fold(graph, array, input, &recipe, axes, &spec)
        });
        let divide = Program::binary(BinaryOp::Divide, dtype);
        return elementwise(graph, array, &divide, &[&sum?, &count?], &spec);
    }
    fold(graph, array, input, &recipe, axes, &spec)
}

/// The elements prepared, folded along axes, and finished, into an array of `spec`.
fn fold(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    recipe: &Recipe,
    axes: &[usize],
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let grid = &input.spec.grid;
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); spec.grid.blocks()];
    for index in 0..grid.blocks() {
        let at = grid.coordinates(index);
        let kept: Vec<_> =
            (0..at.len()).filter(|axis| !axes.contains(axis)).map(|axis| at[axis]).collect();
        members[spec.grid.index(&kept)].push(index);
    }
    let lengths: Vec<_> = axes.iter().map(|&axis| grid.shape()[axis]).collect();
    let mut temporaries = Temporaries::new(graph);
    let mut blocks = Vec::with_capacity(members.len());
    for (index, members) in members.iter().enumerate() {
        let (result, place) = (name(array, index), spec.place(index));
        let folded = if recipe.finish.is_empty() { result } else { temporaries.next() };
        let mut partials = Vec::with_capacity(members.len());
        for &member in members {
            let own = if members.len() == 1 { folded } else { temporaries.next() };
            let place = input.spec.place(member);
            let leaf = Op::Reduce {
                program: recipe.prepare.clone(),
                kind: of_block(&recipe.fold, grid, member, axes, &lengths),
                axes: axes.to_vec(),
            };
            partials.push((place, graph.task(leaf, &[input.blocks[member]], place, own)?));
        }
        let target = Target { name: folded, place };
        let mut block = combine(graph, &partials, &recipe.fold, target, &mut temporaries)?;
        for (step, op) in recipe.finish.iter().enumerate() {
            let last = step + 1 == recipe.finish.len();
            let own = if last { result } else { temporaries.next() };
            block = graph.task(op.clone(), &[block], place, own)?;
        }
        blocks.push(block);
    }
    Ok(BlockArray { spec: spec.clone(), blocks })
}

/// A fold of the elements of one block, which an extreme counts from where the block starts.
fn of_block(fold: &Fold, grid: &Grid, block: usize, axes: &[usize], lengths: &[usize]) -> Fold {
    match fold {
        Fold::Extreme { greatest, .. } => {
            let region = grid.region(block);
            Fold::Extreme {
                greatest: *greatest,
                start: axes.iter().map(|&axis| region.start[axis]).collect(),
                lengths: lengths.to_vec(),
            }
        }
        fold => fold.clone(),
    }
}

/// Where the result of a reduction belongs.
#[derive(Clone, Copy)]
pub(super) struct Target {
    /// The name of its block.
    pub name: BlockName,
    /// The place that its layout gives it.
    pub place: Place,
}

/// Combines partials, given in block order, into one block. The order of combination depends on the places of the
/// partials and on nothing else.
pub(super) fn combine(
    graph: &mut TaskGraph,
    partials: &[Partial],
    fold: &Fold,
    target: Target,
    temporaries: &mut Temporaries,
) -> Result<VertexId, GraphError> {
    let op = fold.join(graph.spec(partials[0].1).dtype);
    tree(partials, target, |join| {
        let own = if join.last { target.name } else { temporaries.next() };
        graph.task(op.clone(), &[join.left, join.right], join.place, own)
    })
}

/// Two partial results that meet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Join {
    /// Where they meet best: the place of one of them.
    pub place: Place,
    pub left: VertexId,
    pub right: VertexId,
    /// Nothing is left to do after this one.
    pub last: bool,
}

/// The one order in which partials meet: those of a place in block order, then a binary tree over places.
///
/// Two places meet at the one towards the target, so that a result ends where it belongs. Elsewhere the results of an
/// array take turns, so that the joins of many trees do not all fall to the same places. None of that changes what is
/// combined with what.
pub(super) fn tree(
    partials: &[Partial],
    target: Target,
    mut add: impl FnMut(Join) -> Result<VertexId, GraphError>,
) -> Result<VertexId, GraphError> {
    let mut left_to_do = partials.len() - 1;
    let mut join = |place: Place, left: VertexId, right: VertexId| {
        left_to_do -= 1;
        add(Join { place, left, right, last: left_to_do == 0 })
    };
    let mut by_place: BTreeMap<Place, VertexId> = BTreeMap::new();
    for &(place, partial) in partials {
        let joined = match by_place.get(&place) {
            Some(&earlier) => join(place, earlier, partial)?,
            None => partial,
        };
        by_place.insert(place, joined);
    }
    let mut level: Vec<_> = by_place.into_iter().collect();
    let mut turn = target.name.index;
    while level.len() > 1 {
        let mut next = Vec::with_capacity(level.len().div_ceil(2));
        for pair in level.chunks(2) {
            next.push(match *pair {
                [(left_place, left), (right_place, right)] => {
                    let goes_right = turn % 2 == 1;
                    let place = match target.place {
                        wanted if wanted == left_place => left_place,
                        wanted if wanted == right_place || goes_right => right_place,
                        _ => left_place,
                    };
                    (place, join(place, left, right)?)
                }
                _ => pair[0],
            });
        }
        level = next;
        turn /= 2;
    }
    Ok(level[0].1)
}
