//! The Cholesky factor of a symmetric positive definite matrix, block by block.

use super::create::create_box;
use super::gather::rechunk;
use super::{ArraySpec, BlockArray, Builder, Cost, Operation, Temporaries, exactly};
use super::{misfit, name, refused};
use crate::{
    ArrayId, Constant, Creation, GraphError, LinalgStep, Op, ShapeError, TaskGraph, VertexId,
};
use serde::{Deserialize, Serialize};

/// The lower triangle L of a symmetric positive definite matrix A = L Lᵀ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cholesky;

impl Operation for Cholesky {
    const NAME: &'static str = "cholesky";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [a] = exactly(Self::NAME, operands)?;
        let square = a.cholesky();
        square.ok_or_else(|| {
            misfit(Self::NAME, format!("expected a square matrix, got shape {}", a.shape()))
        })
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        cholesky(&mut into.graph, array, operands[0], spec)
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::Dear
    }

    fn may_refuse(&self) -> bool {
        true
    }
}

/// Adds the lower L with A = L Lᵀ; `spec` is [`ArraySpec::cholesky`] of A. Only blocks on the diagonal and below it are
/// read, of those on it the lower half.
///
/// Each block of L is one chain in one buffer: A(i, j) - L(i, 0) L(j, 0)ᵀ - ... - L(i, j - 1) L(j, j - 1)ᵀ in this order,
/// then a factor on the diagonal or a solution below it. So a plan holds A, L and the blocks of L that its node is sent
/// and still needs: of *q* × *q* blocks never more than *q*(*q* + 1)/2 come to a node, beside those of A that the layout of
/// L puts there.
///
/// The chains are pinned to the places of their blocks. A policy that shares out flops by their sum may leave a node
/// waiting through the first columns or the last; the layout deals out both.
///
/// Source: A. Buttari, J. Langou, J. Kurzak, J. Dongarra, "A class of parallel tiled linear algebra algorithms for
/// multicore architectures", 2009.
///
/// # Errors
/// When the array is not a square matrix of floats, or `spec` does not fit it.
pub fn cholesky(
    graph: &mut TaskGraph,
    array: ArrayId,
    a: &BlockArray,
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let shape = spec.shape();
    let square = shape.len() == 2 && spec.grid.axis_equal(0, &spec.grid, 1);
    if !square || shape != a.spec.shape() {
        let reason = format!("a factor of {shape} of a matrix of {}", a.spec.shape());
        return Err(refused(graph, "cholesky", reason));
    }
    let a = if a.spec.recut(&spec.grid) == a.spec {
        a.clone()
    } else {
        let recut = graph.next_array();
        rechunk(graph, recut, a, spec)?
    };
    let mut temporaries = Temporaries::new(graph);
    let (bounds, places) = (spec.grid.bounds(0), spec.places());
    let count = bounds.len() - 1;
    let mut rows: Vec<Vec<VertexId>> = Vec::with_capacity(count);
    for row in 0..count {
        let mut own: Vec<VertexId> = Vec::with_capacity(count);
        for column in 0..=row {
            let index = row * count + column;
            let (diagonal, place) = (row == column, places[index]);
            let mut left = a.blocks[index];
            let other = if diagonal { &own } else { &rows[column] };
            for (&x, &y) in own.iter().zip(other) {
                let op = Op::Linalg(LinalgStep::Downdate { symmetric: diagonal });
                let read = if diagonal { vec![left, x] } else { vec![left, x, y] };
                left = graph.task(op, &read, place, temporaries.next())?;
                graph.pin(left);
            }
            let (step, read) = if diagonal {
                (LinalgStep::Cholesky { pivots_before: bounds[column] }, vec![left])
            } else {
                (LinalgStep::CholeskyPanel, vec![rows[column][column], left])
            };
            let made = graph.task(Op::Linalg(step), &read, place, name(array, index))?;
            graph.pin(made);
            own.push(made);
        }
        rows.push(own);
    }
    // What nothing waits for comes last, and fills the time in which a node waits for others.
    let zero = Constant::from_integer(spec.dtype, 0).unwrap_or(Constant::float64(0.0));
    for (row, blocks) in rows.iter_mut().enumerate() {
        for column in row + 1..count {
            let index = row * count + column;
            let (region, target) = (spec.grid.region(index), (places[index], name(array, index)));
            blocks.push(create_box(graph, Creation::Full(zero), &shape, region, target)?);
        }
    }
    Ok(BlockArray { spec: spec.clone(), blocks: rows.concat() })
}
