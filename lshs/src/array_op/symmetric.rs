//! Products of a matrix and its own transpose: half the work, half the bytes of the sums.

use super::reduce::{Target, combine};
use super::{ArraySpec, BlockArray, Partial, Temporaries, name};
use crate::{ArrayId, BlockName, Fold, GraphError, Op, Place, SymmetricStep, TaskGraph, VertexId};
use std::collections::BTreeMap;

/// A matrix X of which one operand is the transpose of the other.
pub(super) struct Symmetric {
    x: BlockArray,
    /// The product is Xᵀ X, and X Xᵀ otherwise.
    transpose: bool,
}

impl Symmetric {
    /// The matrix behind two operands when one holds the transposed blocks of the other. It is read from the graph, so
    /// it does not depend on what is rewritten later.
    pub(super) fn of(
        graph: &TaskGraph,
        left: &BlockArray,
        right: &BlockArray,
    ) -> Option<Symmetric> {
        let matrices = left.spec.shape().len() == 2 && right.spec.shape().len() == 2;
        if !matrices || !left.spec.dtype.is_real_floating() {
            return None;
        }
        let transposed = |of: &BlockArray, x: &BlockArray| {
            of.blocks.iter().enumerate().all(|(index, &block)| {
                let at = of.spec.grid.coordinates(index);
                let transposes =
                    matches!(graph.op(block), Op::Transpose { order } if *order == [1, 0]);
                let source = x.spec.grid.index(&[at[1], at[0]]);
                transposes && x.blocks.get(source) == graph.inputs(block).first()
            })
        };
        if transposed(left, right) {
            Some(Symmetric { x: right.clone(), transpose: true })
        } else if transposed(right, left) {
            Some(Symmetric { x: left.clone(), transpose: false })
        } else {
            None
        }
    }

    /// Adds the product. Blocks on the diagonal are sums of packed triangles, those above it sums of products, and
    /// those below it transposes of these; the order of summation is that of [`matmul`](super::matmul).
    pub(super) fn build(
        &self,
        graph: &mut TaskGraph,
        array: ArrayId,
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        let blocks = spec.grid.blocks();
        let places = spec.layout.places() as usize;
        let one_chain = blocks >= self.x.blocks.len().min(places);
        let mut temporaries = Temporaries::new(graph);
        let mut made: Vec<VertexId> = Vec::with_capacity(blocks);
        for index in 0..blocks {
            let at = spec.grid.coordinates(index);
            let (row, column) = (at[0], at[1]);
            let (place, own) = (spec.place(index), name(array, index));
            made.push(if row > column {
                let upper = made[spec.grid.index(&[column, row])];
                graph.task(Op::Transpose { order: vec![1, 0] }, &[upper], place, own)?
            } else {
                let still = one_chain.then_some(place);
                let diagonal = row == column;
                let sum_name = if diagonal { temporaries.next() } else { own };
                let target = Target { name: sum_name, place };
                let sum = self.sum(graph, [row, column], still, target, &mut temporaries)?;
                if diagonal {
                    graph.task(Op::Symmetric(SymmetricStep::Mirror), &[sum], place, own)?
                } else {
                    sum
                }
            });
        }
        Ok(BlockArray { spec: spec.clone(), blocks: made })
    }

    /// The sum over the inner axis of one block, packed on the diagonal: a chain a place, then a tree.
    fn sum(
        &self,
        graph: &mut TaskGraph,
        [row, column]: [usize; 2],
        still: Option<Place>,
        target: Target,
        temporaries: &mut Temporaries,
    ) -> Result<VertexId, GraphError> {
        let mut chains: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
        let inner = self.x.spec.grid.counts()[usize::from(!self.transpose)];
        for step in 0..inner {
            let place = still.unwrap_or_else(|| self.x.spec.place(self.block(row, step)));
            chains.entry(place).or_default().push(step);
        }
        let single = chains.len() == 1;
        let mut partials: Vec<Partial> = Vec::with_capacity(chains.len());
        for (&place, chain) in &chains {
            let mut sum: Option<VertexId> = None;
            for (position, &step) in chain.iter().enumerate() {
                let last = single && position + 1 == chain.len();
                let own: BlockName = if last { target.name } else { temporaries.next() };
                let accumulate = sum.is_some();
                let factors = [self.block(row, step), self.block(column, step)]
                    .map(|block| self.x.blocks[block]);
                let (op, factors) = if row == column {
                    let transpose = self.transpose;
                    let step = SymmetricStep::RankK { transpose, accumulate };
                    (Op::Symmetric(step), &factors[..1])
                } else {
                    let op = Op::MatMul {
                        transpose_left: self.transpose,
                        transpose_right: !self.transpose,
                        accumulate,
                    };
                    (op, &factors[..])
                };
                let read: Vec<_> = sum.into_iter().chain(factors.iter().copied()).collect();
                sum = Some(graph.task(op, &read, place, own)?);
            }
            partials.extend(sum.map(|sum| (place, sum)));
        }
        combine(graph, &partials, &Fold::Sum, target, temporaries)
    }

    /// The block of X at a position of the outer axis and a step of the inner one.
    fn block(&self, outer: usize, step: usize) -> usize {
        let at = if self.transpose { [step, outer] } else { [outer, step] };
        self.x.spec.grid.index(&at)
    }
}
