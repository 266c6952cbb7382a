//! Reductions: one partial a block, the partials of a place in block order, then a binary tree over places.

use super::{BlockArray, Partial, Temporaries, name};
use crate::{
    ArrayId, BinaryOp, BlockName, GraphError, Op, Place, Program, Reduction, TaskGraph, VertexId,
};
use std::collections::BTreeMap;

/// Adds the array reduced along some axes (rising); the axes disappear.
///
/// With as many places as nodes, blocks laid out contiguously and outputs of n bytes, the tree moves (k - 1) n bytes
/// at depth ceil(log2 k), for any number of blocks.
///
/// # Errors
/// When an axis does not exist.
pub fn reduce(
    graph: &mut TaskGraph,
    array: ArrayId,
    input: &BlockArray,
    kind: Reduction,
    axes: &[usize],
) -> Result<BlockArray, GraphError> {
    let spec = input.spec.reduced(axes);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); spec.grid.blocks()];
    for index in 0..input.spec.grid.blocks() {
        let at = input.spec.grid.coordinates(index);
        let kept: Vec<_> =
            (0..at.len()).filter(|axis| !axes.contains(axis)).map(|axis| at[axis]).collect();
        members[spec.grid.index(&kept)].push(index);
    }
    let mut temporaries = Temporaries::new(graph);
    let leaf =
        Op::Reduce { program: Program::identity(input.spec.dtype), kind, axes: axes.to_vec() };
    let mut blocks = Vec::with_capacity(members.len());
    for (index, members) in members.iter().enumerate() {
        let result = name(array, index);
        let mut partials = Vec::with_capacity(members.len());
        for &member in members {
            let own = if members.len() == 1 { result } else { temporaries.next() };
            let place = input.spec.place(member);
            partials.push((place, graph.task(leaf.clone(), &[input.blocks[member]], place, own)?));
        }
        let target = Target { name: result, place: spec.place(index) };
        blocks.push(combine(graph, &partials, kind, target, &mut temporaries)?);
    }
    Ok(BlockArray { spec, blocks })
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
    kind: Reduction,
    target: Target,
    temporaries: &mut Temporaries,
) -> Result<VertexId, GraphError> {
    let op = match kind {
        Reduction::Sum => {
            let dtype = graph.spec(partials[0].1).dtype;
            Op::Map(Program::binary(BinaryOp::Add, dtype))
        }
    };
    tree(partials, target, |join| {
        let own = if join.last { target.name } else { temporaries.next() };
        graph.task(op.clone(), &[join.left, join.right], join.place, own)
    })
}

/// Two partial results that meet.
#[derive(Clone, Copy)]
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
