//! QR of a tall and skinny matrix by a tree of small factorizations (TSQR).
//!
//! Source: Demmel, Grigori, Hoemmen, Langou, "Communication-optimal parallel and sequential QR and LU", 2012.

use super::gather::aligned;
use super::reduce::{Join, Target, tree};
use super::{ArraySpec, BlockArray, Builder, Cost, Operation, Partial, Temporaries, exactly};
use super::{misfit, name, refused};
use crate::packed_len;
use crate::{ArrayId, GraphError, Grid, Op, QrStep, Shape, ShapeError, TaskGraph, VertexId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;

/// A factor of a tall matrix whose columns are not cut.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Qr {
    /// The factor with orthonormal columns.
    Q,
    /// The upper triangle.
    R,
}

impl Operation for Qr {
    const NAME: &'static str = "qr";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [a] = exactly(Self::NAME, operands)?;
        let shape = a.shape();
        let [_, columns] = shape[..] else {
            return Err(misfit(Self::NAME, format!("expected a matrix, got shape {shape}")));
        };
        match self {
            Qr::Q => Ok(a.with_whole_axes(&[1])),
            Qr::R => {
                let grid = Grid::single(&Shape::new([columns, columns])?);
                Ok(ArraySpec::with_grid(a.dtype, grid, a.layout.places()))
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
        let Builder { graph, trees } = into;
        let tree = match trees.entry(operands[0].blocks[0]) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(FactorTree::new(graph, operands[0])?),
        };
        match self {
            Qr::Q => tree.q(graph, array),
            Qr::R => tree.r(graph, array),
        }
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::Dear
    }
}

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
    Ok(factor_tree(graph, array, x, false)?.r)
}

/// Adds the factors Q (*n* × *d*, cut as the rows of X) and R (*d* × *d*, one block) of an *n* × *d* matrix.
///
/// # Errors
/// Those of [`tsqr_r`].
pub fn tsqr(
    graph: &mut TaskGraph,
    q_array: ArrayId,
    r_array: ArrayId,
    x: &BlockArray,
) -> Result<(BlockArray, BlockArray), GraphError> {
    let tree = FactorTree::new(graph, x)?;
    Ok((tree.q(graph, q_array)?, tree.r(graph, r_array)?))
}

/// The way up the tree of a TSQR, from which both factors follow; what neither needs is dead.
#[derive(Clone, Debug)]
pub struct FactorTree {
    /// The matrix, cut into rows of blocks.
    x: BlockArray,
    /// The R of each block, in block order; Q of the block is the next output.
    leaves: Vec<Partial>,
    /// The joins in the order in which they were added, each with the R that it gives; the halves of Q are the next
    /// outputs.
    joins: Vec<(Join, VertexId)>,
    /// The R of the matrix, packed.
    r: BlockArray,
}

impl FactorTree {
    /// Adds the way up the tree.
    ///
    /// # Errors
    /// Those of [`tsqr_r`].
    pub fn new(graph: &mut TaskGraph, x: &BlockArray) -> Result<FactorTree, GraphError> {
        let packed = graph.next_array();
        factor_tree(graph, packed, x, true)
    }

    /// Adds Q, *n* × *d*, cut as the rows of X.
    ///
    /// It is built by going down the tree again: each join multiplies the halves of its Q by what it is handed, and hands
    /// a *d* × *d* factor to both of its sides, so on k nodes (k - 1) d² elements move down. Q is as orthogonal as
    /// Householder reflections make it. The Q of the blocks wait for it, so it takes the memory of one more block than the
    /// result.
    ///
    /// # Errors
    /// None for the graph in which the tree was made.
    pub fn q(&self, graph: &mut TaskGraph, array: ArrayId) -> Result<BlockArray, GraphError> {
        let mut temporaries = Temporaries::new(graph);
        // What each R hands down to the block or join that it came from; the root hands down nothing.
        let mut carried: BTreeMap<VertexId, VertexId> = BTreeMap::new();
        for (join, joined) in self.joins.iter().rev() {
            for (slot, side) in [(1, join.left), (2, join.right)] {
                let half = graph.output(*joined, slot);
                let handed = match carried.get(joined) {
                    Some(&above) => {
                        graph.task(product(), &[half, above], join.place, temporaries.next())?
                    }
                    None => half,
                };
                carried.insert(side, handed);
            }
        }
        let spec = &self.x.spec;
        let mut blocks = Vec::with_capacity(self.leaves.len());
        for (index, (place, leaf)) in self.leaves.iter().enumerate() {
            let (q, own) = (graph.output(*leaf, 1), name(array, index));
            blocks.push(match carried.get(leaf) {
                Some(&above) => graph.task(product(), &[q, above], *place, own)?,
                // The Q of the only block is that of the matrix, unless it is already that of another array.
                None if graph.is_kept(q) => {
                    graph.task(Op::Transpose { order: vec![0, 1] }, &[q], *place, own)?
                }
                None => {
                    graph.rename(q, own);
                    q
                }
            });
        }
        Ok(BlockArray { spec: spec.clone(), blocks })
    }

    /// Adds R, *d* × *d*, as one block.
    ///
    /// # Errors
    /// None for the graph in which the tree was made.
    pub fn r(&self, graph: &mut TaskGraph, array: ArrayId) -> Result<BlockArray, GraphError> {
        let (dtype, columns) = (self.x.spec.dtype, self.x.spec.shape()[1]);
        let grid = Grid::single(&shape(graph, &[columns, columns])?);
        let spec = ArraySpec::with_grid(dtype, grid, self.x.spec.layout.places());
        let op = Op::Qr(QrStep::Unpack);
        let full = graph.task(op, &[self.r.blocks[0]], spec.place(0), name(array, 0))?;
        Ok(BlockArray { spec, blocks: vec![full] })
    }
}

/// The way up, with or without what Q is built of.
fn factor_tree(
    graph: &mut TaskGraph,
    array: ArrayId,
    x: &BlockArray,
    q: bool,
) -> Result<FactorTree, GraphError> {
    let source_shape = x.spec.shape();
    let [_, columns] = source_shape[..] else {
        return Err(refused(graph, "tsqr", format!("expected a matrix, got shape {source_shape}")));
    };
    let x = aligned(graph, x, &x.spec.with_whole_axes(&[1]).grid)?;
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
        let mut outputs = vec![(place, own)];
        outputs.extend(q.then(|| (place, temporaries.next())));
        let factor = Op::Qr(QrStep::Factor { q });
        leaves.push((place, graph.task_giving(factor, &[block], &outputs)?));
    }
    let mut joins = Vec::new();
    let target = Target { name: name(array, 0), place: spec.place(0) };
    let root = tree(&leaves, target, |join| {
        let own = if join.last { target.name } else { temporaries.next() };
        let op = Op::Qr(QrStep::Combine { q });
        let halves = if q { 2 } else { 0 };
        let mut outputs = vec![(join.place, own)];
        outputs.extend((0..halves).map(|_| (join.place, temporaries.next())));
        let joined = graph.task_giving(op, &[join.left, join.right], &outputs)?;
        joins.push((join, joined));
        Ok(joined)
    })?;
    Ok(FactorTree { x, leaves, joins, r: BlockArray { spec, blocks: vec![root] } })
}

fn product() -> Op {
    Op::MatMul { transpose_left: false, transpose_right: false, accumulate: false }
}

fn shape(graph: &TaskGraph, lengths: &[usize]) -> Result<Shape, GraphError> {
    Shape::new(lengths).map_err(|error| refused(graph, "tsqr", error.to_string()))
}
