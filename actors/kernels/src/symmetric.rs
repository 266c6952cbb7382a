//! Symmetric products: the upper triangle of A Aᵀ or Aᵀ A, packed, by faer's triangular products.

use crate::crew::{Crew, Shares};
use crate::{Block, Element};
use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::traits::ComplexField;
use faer::{Accum, MatMut, MatRef, Par};
use nums_lshs::DType;

/// Steps of the inner axis that are multiplied together: with 100 columns they fill 800 kB, which a second-level cache
/// holds while the triangle is computed square by square.
const PANEL_STEPS: usize = 1024;

/// The side of a tile of the triangle.
const TILE_ORDER: usize = 512;
/// Steps of the inner axis that one part of the work sums.
const PART_STEPS: usize = 64 * PANEL_STEPS;

/// Computes a packed triangle into `packed`, or adds it to what it holds; `None` when the dtype has no kernel.
pub(crate) fn rank_k(
    block: &Block,
    transpose: bool,
    accumulate: bool,
    crew: &dyn Crew,
    packed: &mut Block,
) -> Option<()> {
    match block.spec().dtype {
        DType::Float32 => rank_k_real(block, transpose, accumulate, 1.0_f32, crew, packed),
        DType::Float64 => rank_k_real(block, transpose, accumulate, 1.0_f64, crew, packed),
        _ => return None,
    }
    Some(())
}

/// A part of the work: a tile on the diagonal or above it, summed over some steps of the inner axis.
struct Part<T> {
    row: usize,
    column: usize,
    start: usize,
    /// The sums, row by row.
    sums: Vec<T>,
}

fn rank_k_real<T: Element + ComplexField + std::ops::AddAssign>(
    block: &Block,
    transpose: bool,
    accumulate: bool,
    one: T,
    crew: &dyn Crew,
    packed: &mut Block,
) {
    let (rows, columns) = (block.spec().shape[0], block.spec().shape[1]);
    let matrix = MatRef::from_row_major_slice(block.elements::<T>(), rows, columns);
    let matrix = if transpose { matrix.transpose() } else { matrix };
    let (order, inner) = (matrix.nrows(), matrix.ncols());
    let side = |start: usize| TILE_ORDER.min(order - start);
    let tiles = (0..order)
        .step_by(TILE_ORDER)
        .flat_map(|row| (row..order).step_by(TILE_ORDER).map(move |column| (row, column)));
    let parts: Shares<Part<T>> = tiles
        .flat_map(|(row, column)| {
            let starts = (0..inner.max(1)).step_by(PART_STEPS);
            starts.map(move |start| Part { row, column, start, sums: Vec::new() })
        })
        .collect();
    crew.run(parts.len(), &|part| {
        let part = &mut *parts.of(part);
        let (height, width) = (side(part.row), side(part.column));
        part.sums = vec![T::default(); height * width];
        let structure = match part.row == part.column {
            true => BlockStructure::TriangularUpper,
            false => BlockStructure::Rectangular,
        };
        let end = inner.min(part.start + PART_STEPS);
        for start in (part.start..end).step_by(PANEL_STEPS) {
            let panel = matrix.subcols(start, PANEL_STEPS.min(end - start));
            // S(i, j) += P(i, :) P(j, :)ᵀ
            matmul(
                MatMut::from_row_major_slice_mut(&mut part.sums, height, width),
                structure,
                Accum::Add,
                panel.subrows(part.row, height),
                BlockStructure::Rectangular,
                panel.subrows(part.column, width).transpose(),
                BlockStructure::Rectangular,
                one,
                Par::Seq,
            );
        }
    });
    let out = packed.elements_mut::<T>();
    for Part { row, column, start, sums } in parts.into_all() {
        let width = side(column);
        for (offset, sums) in sums.chunks(width).enumerate() {
            let row = row + offset;
            let first = column.max(row);
            // Row r starts behind rows of lengths n, n - 1, ..., n - r + 1.
            let at = row * (2 * order + 1 - row) / 2 + first - row;
            let sums = &sums[first - column..];
            let pairs = out[at..at + sums.len()].iter_mut().zip(sums);
            if accumulate || start > 0 {
                pairs.for_each(|(sum, &value)| *sum += value);
            } else {
                pairs.for_each(|(sum, &value)| *sum = value);
            }
        }
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
