//! Symmetric products: the upper triangle of A Aᵀ or Aᵀ A, packed. Tiles on the diagonal are computed as triangles, others
//! as products of faer.

use crate::crew::{Crew, Shares, try_run};
use crate::gram::{CHUNK_ROWS, Gram, Real};
use crate::memory::zeros;
use crate::{Block, Element, OutOfMemory};
use faer::linalg::matmul::matmul;
use faer::traits::ComplexField;
use faer::{Accum, MatMut, MatRef, Par};
use nums_lshs::DType;

/// Steps of the inner axis that a tile beside the diagonal multiplies together.
const PANEL_STEPS: usize = 1024;

/// The side of a tile of the triangle.
const TILE_ORDER: usize = 512;
/// Steps of the inner axis that one part of the work sums.
const PART_STEPS: usize = 64 * PANEL_STEPS;

/// Computes a packed triangle into `packed`, or adds it to what it holds; `None` when the dtype has no kernel.
///
/// # Errors
/// [`OutOfMemory`], before anything is added.
pub(crate) fn rank_k(
    block: &Block,
    transpose: bool,
    accumulate: bool,
    crew: &dyn Crew,
    packed: &mut Block,
) -> Result<Option<()>, OutOfMemory> {
    match block.spec().dtype {
        DType::Float32 => rank_k_real(block, transpose, accumulate, 1.0_f32, crew, packed)?,
        DType::Float64 => rank_k_real(block, transpose, accumulate, 1.0_f64, crew, packed)?,
        _ => return Ok(None),
    }
    Ok(Some(()))
}

/// A part of the work: a tile on the diagonal or above it, summed over some steps of the inner axis.
struct Part<T> {
    row: usize,
    column: usize,
    start: usize,
    /// The sums, row by row.
    sums: Vec<T>,
}

fn rank_k_real<T: Element + Real + ComplexField + std::ops::AddAssign>(
    block: &Block,
    transpose: bool,
    accumulate: bool,
    one: T,
    crew: &dyn Crew,
    packed: &mut Block,
) -> Result<(), OutOfMemory> {
    let (rows, columns) = (block.spec().shape[0], block.spec().shape[1]);
    let elements = block.elements::<T>();
    let matrix = MatRef::from_row_major_slice(elements, rows, columns);
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
    try_run(crew, parts.len(), |part| {
        let part = &mut *parts.of(part);
        let (height, width) = (side(part.row), side(part.column));
        let end = inner.min(part.start + PART_STEPS);
        let steps = matrix.subcols(part.start, end - part.start);
        part.sums = zeros(height * width)?;
        if part.row == part.column {
            let whole = transpose && height == order;
            let own = if whole { &elements[part.start * order..end * order] } else { &[] };
            triangle(steps.subrows(part.row, height), own, &mut part.sums)?;
        } else {
            let [rows, columns] = [(part.row, height), (part.column, width)];
            let sums = MatMut::from_row_major_slice_mut(&mut part.sums, height, width);
            rectangle(
                steps.subrows(rows.0, rows.1),
                steps.subrows(columns.0, columns.1),
                sums,
                one,
            );
        }
        Ok(())
    })?;
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
    Ok(())
}

/// S(i, j) += P(i, :) P(j, :)ᵀ for j at least i. The elements of P are given too where its columns lie one behind the
/// other.
fn triangle<T: Real>(rows: MatRef<T>, elements: &[T], sums: &mut [T]) -> Result<(), OutOfMemory> {
    let (order, steps) = (rows.nrows(), rows.ncols());
    let mut gram = Gram::new(order)?;
    for start in (0..steps).step_by(CHUNK_ROWS) {
        let len = CHUNK_ROWS.min(steps - start);
        match elements.get(start * order..).filter(|_| !elements.is_empty()) {
            Some(elements) => {
                let behind = &elements[len * order..];
                gram.add_rows(elements, len, None, &behind[..behind.len().min(len * order)])?;
            }
            None => gram.add(rows.subcols(start, len).transpose())?,
        }
    }
    for row in 0..order {
        for column in row..order {
            sums[row * order + column] = gram.at(row, column);
        }
    }
    Ok(())
}

/// S += P Qᵀ
fn rectangle<T: ComplexField>(rows: MatRef<T>, columns: MatRef<T>, mut sums: MatMut<T>, one: T) {
    for start in (0..rows.ncols()).step_by(PANEL_STEPS) {
        let len = PANEL_STEPS.min(rows.ncols() - start);
        let (rows, columns) = (rows.subcols(start, len), columns.subcols(start, len).transpose());
        matmul(sums.as_mut(), Accum::Add, rows, columns, one.clone(), Par::Seq);
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
