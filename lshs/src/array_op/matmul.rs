//! Products of matrices and vectors, block by block.

use super::gather::aligned;
use super::reduce::{Target, combine};
use super::symmetric::Symmetric;
use super::{ArraySpec, BlockArray, Builder, Cost, Operation, Temporaries, exactly, misfit, name};
use crate::{ArrayId, Fold, GraphError, Grid, Op, Place, ShapeError, TaskGraph};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The product of two arrays of one or two axes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatMul;

impl Operation for MatMul {
    const NAME: &'static str = "matmul";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [left, right] = exactly(Self::NAME, operands)?;
        let product = left.matmul(right).filter(|_| left.dtype == right.dtype);
        product.ok_or_else(|| {
            let (left, right) = (left.shape(), right.shape());
            misfit(Self::NAME, format!("shapes {left} and {right} do not match"))
        })
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        matmul(&mut into.graph, array, operands[0], operands[1], spec)
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::Dear
    }
}

/// Adds the product of two arrays of one or two axes; `spec` is [`ArraySpec::matmul`] of them.
///
/// The order of summation over the inner axis is fixed by the layouts:
/// - with at least as many output blocks as places, or as blocks of the larger operand, each output is one chain C(i, j) += A(i, k) B(k, j) in order of
///   k, which keeps C where it is;
/// - with fewer, the inner axis is split as the larger operand's layout splits it over places. Each place has a
///   chain of its own and a binary tree adds their results, so the large operand stays where it is.
///
/// Of a matrix of floats and its own transpose only one half is computed, so the result is symmetric to the last bit, and
/// the sums of blocks on the diagonal travel packed: (k - 1) d(d + 1)/2 elements on k nodes for Xᵀ X of d columns.
///
/// # Errors
/// When the shapes do not fit.
pub fn matmul(
    graph: &mut TaskGraph,
    array: ArrayId,
    left: &BlockArray,
    right: &BlockArray,
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    if let Some(symmetric) = Symmetric::of(graph, left, right) {
        return symmetric.build(graph, array, spec);
    }
    let inner = left.spec.grid.counts().len() - 1;
    let left_is_larger = left.spec.bytes() >= right.spec.bytes();
    // The larger operand keeps its cuts of the inner axis; the smaller one follows.
    let (left, right) = if left_is_larger {
        let wanted = with_axis(&right.spec.grid, 0, &left.spec.grid, inner);
        (left.clone(), aligned(graph, right, &wanted)?)
    } else {
        let wanted = with_axis(&left.spec.grid, inner, &right.spec.grid, 0);
        (aligned(graph, left, &wanted)?, right.clone())
    };
    let product = Product { left: &left, right: &right, left_is_larger, inner };
    let mut temporaries = Temporaries::new(graph);
    let larger = if left_is_larger { &left } else { &right };
    let one_chain = spec.grid.blocks() >= larger.blocks.len().min(spec.layout.places() as usize);
    let blocks = (0..spec.grid.blocks())
        .map(|index| {
            let result = name(array, index);
            let (row, column) = product.row_and_column(&spec.grid.coordinates(index));
            let mut groups: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
            for k in 0..product.inner_count() {
                let place = if one_chain {
                    spec.place(index)
                } else {
                    product.stationary_place(row, k, column)
                };
                groups.entry(place).or_default().push(k);
            }
            let single = groups.len() == 1;
            let mut partials = Vec::with_capacity(groups.len());
            for (&place, chain) in &groups {
                let mut sum = None;
                for (step, &k) in chain.iter().enumerate() {
                    let last = single && step + 1 == chain.len();
                    let own = if last { result } else { temporaries.next() };
                    let op = Op::MatMul {
                        transpose_left: false,
                        transpose_right: false,
                        accumulate: sum.is_some(),
                    };
                    let [a, b] = product.operands(row, k, column);
                    let read: Vec<_> = sum.into_iter().chain([a, b]).collect();
                    sum = Some(graph.task(op, &read, place, own)?);
                }
                partials.extend(sum.map(|sum| (place, sum)));
            }
            let target = Target { name: result, place: spec.place(index) };
            combine(graph, &partials, &Fold::Sum, target, &mut temporaries)
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
}

/// Index arithmetic for operands of one or two axes.
struct Product<'a> {
    left: &'a BlockArray,
    right: &'a BlockArray,
    left_is_larger: bool,
    /// The inner axis of the left operand.
    inner: usize,
}

impl Product<'_> {
    fn inner_count(&self) -> usize {
        self.left.spec.grid.counts()[self.inner]
    }

    /// The block row and column of an output block; 0 for an axis that a vector does not have.
    fn row_and_column(&self, at: &[usize]) -> (usize, usize) {
        let mut at = at.iter().copied();
        let row = if self.inner == 1 { at.next() } else { None };
        (row.unwrap_or(0), at.next().unwrap_or(0))
    }

    fn left_index(&self, row: usize, k: usize) -> usize {
        row * self.inner_count() + k
    }

    fn right_index(&self, k: usize, column: usize) -> usize {
        k * self.right.spec.grid.counts().get(1).copied().unwrap_or(1) + column
    }

    fn operands(&self, row: usize, k: usize, column: usize) -> [crate::VertexId; 2] {
        [self.left.blocks[self.left_index(row, k)], self.right.blocks[self.right_index(k, column)]]
    }

    /// The place of the larger operand's block that takes part in step `k`.
    fn stationary_place(&self, row: usize, k: usize, column: usize) -> Place {
        if self.left_is_larger {
            self.left.spec.place(self.left_index(row, k))
        } else {
            self.right.spec.place(self.right_index(k, column))
        }
    }
}

/// A grid with one axis cut as an axis of another grid.
fn with_axis(grid: &Grid, axis: usize, other: &Grid, other_axis: usize) -> Grid {
    let axes: Vec<_> = (0..grid.counts().len())
        .map(|own| if own == axis { (other, other_axis) } else { (grid, own) })
        .collect();
    Grid::from_axes(&axes)
}
