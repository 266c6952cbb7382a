//! Products of blocks: C = op(A) op(B) or C += op(A) op(B), by faer on one thread.

use crate::Block;
use faer::linalg::matmul::matmul as faer_matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// Computes the product into `result`, or adds it to what `result` holds. A left operand of one axis is a row and a
/// right one a column.
pub(crate) fn matmul(
    result: &mut Block,
    left: &Block,
    right: &Block,
    transpose: [bool; 2],
    accumulate: bool,
) {
    let left = matrix(left, transpose[0], |len| (1, len));
    let right = matrix(right, transpose[1], |len| (len, 1));
    let (rows, columns) = (left.nrows(), right.ncols());
    let target = MatMut::from_row_major_slice_mut(result.elements_mut::<f64>(), rows, columns);
    let how = if accumulate { Accum::Add } else { Accum::Replace };
    faer_matmul(target, how, left, right, 1.0, Par::Seq);
}

fn matrix(block: &Block, transpose: bool, vector: fn(usize) -> (usize, usize)) -> MatRef<'_, f64> {
    let (rows, columns) = match block.spec().shape[..] {
        [rows, columns] => (rows, columns),
        [len] => vector(len),
        _ => unreachable!("only matrices and vectors pass the check of the operation"),
    };
    let matrix = MatRef::from_row_major_slice(block.elements::<f64>(), rows, columns);
    if transpose && block.spec().shape.len() == 2 { matrix.transpose() } else { matrix }
}
