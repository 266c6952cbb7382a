//! Symmetric products: the upper triangle of A Aᵀ or Aᵀ A, packed, by faer's triangular products.

use crate::{Block, Element};
use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::traits::ComplexField;
use faer::{Accum, MatMut, MatRef, Par};
use nums_lshs::DType;

/// Steps of the inner axis that are multiplied together: with 100 columns they fill 800 kB, which a second-level cache
/// holds while the triangle is computed square by square.
const PANEL_STEPS: usize = 1024;

/// Computes a packed triangle into `packed`, or adds it to what it holds; `None` when the dtype has no kernel.
pub(crate) fn rank_k(
    block: &Block,
    transpose: bool,
    accumulate: bool,
    packed: &mut Block,
) -> Option<()> {
    match block.spec().dtype {
        DType::Float32 => rank_k_real(block, transpose, accumulate, 1.0_f32, packed),
        DType::Float64 => rank_k_real(block, transpose, accumulate, 1.0_f64, packed),
        _ => return None,
    }
    Some(())
}

fn rank_k_real<T: Element + ComplexField + std::ops::AddAssign>(
    block: &Block,
    transpose: bool,
    accumulate: bool,
    one: T,
    packed: &mut Block,
) {
    let (rows, columns) = (block.spec().shape[0], block.spec().shape[1]);
    let matrix = MatRef::from_row_major_slice(block.elements::<T>(), rows, columns);
    let matrix = if transpose { matrix.transpose() } else { matrix };
    let (order, inner) = (matrix.nrows(), matrix.ncols());
    let mut square = vec![T::default(); order * order];
    for start in (0..inner).step_by(PANEL_STEPS) {
        let panel = matrix.subcols(start, PANEL_STEPS.min(inner - start));
        // S += P Pᵀ, above the diagonal
        matmul(
            MatMut::from_row_major_slice_mut(&mut square, order, order),
            BlockStructure::TriangularUpper,
            Accum::Add,
            panel,
            BlockStructure::Rectangular,
            panel.transpose(),
            BlockStructure::Rectangular,
            one,
            Par::Seq,
        );
    }
    let upper = (0..order).flat_map(|row| &square[row * order + row..(row + 1) * order]);
    let pairs = packed.elements_mut::<T>().iter_mut().zip(upper);
    if accumulate {
        pairs.for_each(|(sum, &value)| *sum += value);
    } else {
        pairs.for_each(|(sum, &value)| *sum = value);
    }
}

/// A packed triangle as a symmetric matrix; `None` when the dtype has no kernel.
pub(crate) fn mirror(packed: &Block, result: &mut Block) -> Option<()> {
    match packed.spec().dtype {
        DType::Float32 => mirror_real::<f32>(packed, result),
        DType::Float64 => mirror_real::<f64>(packed, result),
        _ => return None,
    }
    Some(())
}

fn mirror_real<T: Element>(packed: &Block, result: &mut Block) {
    let order = result.spec().shape[0];
    let out = result.elements_mut::<T>();
    let mut rest = packed.elements::<T>();
    for row in 0..order {
        let (upper, tail) = rest.split_at(order - row);
        out[row * order + row..(row + 1) * order].copy_from_slice(upper);
        for (offset, &value) in upper.iter().enumerate() {
            out[(row + offset) * order + row] = value;
        }
        rest = tail;
    }
}
