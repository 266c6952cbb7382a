//! QR of a tall and skinny matrix by a tree of small factorisations (TSQR).
//!
//! Source: Demmel, Grigori, Hoemmen, Langou, "Communication-optimal parallel and sequential QR and LU", 2012.

use super::gather::aligned;
use super::reduce::{Join, Target, tree};
use super::{ArraySpec, BlockArray, Partial, Temporaries, name, refused};
use crate::{ArrayId, GraphError, Grid, Op, QrStep, Shape, TaskGraph, VertexId, packed_len};
use std::collections::BTreeMap;

/// Adds the R factor of an *n* × *d* matrix as one packed block of d(d + 1)/2 elements, its upper triangle row by row.
///
/// A matrix whose columns are cut is cut anew into rows first. On k nodes with as many places the tree moves
/// (k - 1) d(d + 1)/2 elements at depth ceil(log2 k).
///
/// # Errors
/// When the array is not a matrix, or d is too large for R to be addressed.
pub fn tsqr_r(
    graph: &mut TaskGraph,
    array: ArrayId,
    x: &BlockArray,
) -> Result<BlockArray, GraphError> {
    Ok(factor_tree(graph, array, x)?.r)
}

/// Adds the factors Q (*n* × *d*, cut as the rows of X) and R (*d* × *d*, one block) of an *n* × *d* matrix.
///
/// Q is built by going down the tree again: each join hands a *d* × *d* factor to both of its sides, so on k nodes
/// (k - 1) d² elements move down. Q is as orthogonal as Householder reflections make it.
///
/// # Errors
/// As [`tsqr_r`].
pub fn tsqr(
    graph: &mut TaskGraph,
    q_array: ArrayId,
    r_array: ArrayId,
    x: &BlockArray,
) -> Result<(BlockArray, BlockArray), GraphError> {
    let packed = graph.next_array();
    let FactorTree { x, leaves, joins, r } = factor_tree(graph, packed, x)?;
    let columns = x.spec.shape()[1];
    let mut temporaries = Temporaries::new(graph);
    // What each R hands down to the block or join that it came from; the root hands down nothing.
    let mut carried: BTreeMap<VertexId, VertexId> = BTreeMap::new();
    for (join, joined) in joins.iter().rev() {
        for (lower, side) in [(false, join.left), (true, join.right)] {
            let read: Vec<_> =
                [join.left, join.right].into_iter().chain(carried.get(joined).copied()).collect();
            let op = Op::Qr(QrStep::CombineQ { lower });
            carried.insert(side, graph.task(op, &read, join.place, temporaries.next())?);
        }
    }
    let q_blocks = x
        .blocks
        .iter()
        .enumerate()
        .map(|(index, &block)| {
            let (_, leaf) = leaves[index];
            let handed = carried.get(&leaf).copied();
            let read: Vec<_> = [block].into_iter().chain(handed).collect();
            graph.task(Op::Qr(QrStep::FactorQ), &read, x.spec.place(index), name(q_array, index))
        })
        .collect::<Result<_, _>>()?;
    let spec = ArraySpec::with_grid(
        x.spec.dtype,
        Grid::single(&shape(graph, &[columns, columns])?),
        x.spec.layout.places(),
    );
    let unpack = Op::Qr(QrStep::Unpack);
    let full = graph.task(unpack, &[r.blocks[0]], spec.place(0), name(r_array, 0))?;
    Ok((
        BlockArray { spec: x.spec.clone(), blocks: q_blocks },
        BlockArray { spec, blocks: vec![full] },
    ))
}

/// What going up the tree gave.
struct FactorTree {
    /// The matrix, cut into rows of blocks.
    x: BlockArray,
    /// The R of each block, in block order.
    leaves: Vec<Partial>,
    /// The joins in the order in which they were added, each with what it gives.
    joins: Vec<(Join, VertexId)>,
    /// The R of the matrix, packed.
    r: BlockArray,
}

fn factor_tree(
    graph: &mut TaskGraph,
    array: ArrayId,
    x: &BlockArray,
) -> Result<FactorTree, GraphError> {
    let source_shape = x.spec.shape();
    let [_, columns] = source_shape[..] else {
        return Err(refused(graph, "tsqr", format!("{source_shape} is not a matrix")));
    };
    let whole = Grid::single(&source_shape);
    let x = aligned(graph, x, &Grid::from_axes(&[(&x.spec.grid, 0), (&whole, 1)]))?;
    let len = packed_len(columns)
        .ok_or_else(|| refused(graph, "tsqr", format!("an R of {columns} columns is too large")))?;
    let grid = Grid::single(&shape(graph, &[len])?);
    let spec = ArraySpec::with_grid(x.spec.dtype, grid, x.spec.layout.places());
    let mut temporaries = Temporaries::new(graph);
    let single = x.blocks.len() == 1;
    let mut leaves: Vec<Partial> = Vec::with_capacity(x.blocks.len());
    for (index, &block) in x.blocks.iter().enumerate() {
        let own = if single { name(array, 0) } else { temporaries.next() };
        let place = x.spec.place(index);
        leaves.push((place, graph.task(Op::Qr(QrStep::Factor), &[block], place, own)?));
    }
    let mut joins = Vec::new();
    let target = Target { name: name(array, 0), place: spec.place(0) };
    let root = tree(&leaves, target, |join| {
        let own = if join.last { target.name } else { temporaries.next() };
        let op = Op::Qr(QrStep::Combine);
        let joined = graph.task(op, &[join.left, join.right], join.place, own)?;
        joins.push((join, joined));
        Ok(joined)
    })?;
    Ok(FactorTree { x, leaves, joins, r: BlockArray { spec, blocks: vec![root] } })
}

fn shape(graph: &TaskGraph, lengths: &[usize]) -> Result<Shape, GraphError> {
    Shape::new(lengths).map_err(|error| refused(graph, "tsqr", error.to_string()))
}
