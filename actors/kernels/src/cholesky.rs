//! A = L Lᵀ of one block. A large one is factorised panel by panel, and threads share what follows from each panel.
//!
//! Source: the right-looking blocked algorithm, J. Dongarra et al., "Solving linear systems on vector and shared memory
//! computers", 1991. The squares on the diagonal are factorised by faer.

use crate::KernelError;
use crate::copy::{Axis, copy};
use crate::crew::{Crew, Shares};
use crate::linalg::{Real, in_strips};
use crate::matmul::{Tile, tiles};
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{LltError, cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::{Accum, MatMut, MatRef, Par};

/// The order up to which a block is one panel: there is little to share.
const WHOLE_ORDER: usize = 512;
/// Columns of the panels of a larger block: products over so many steps are fast.
const PANEL_COLUMNS: usize = 256;

/// Writes the rows of L to `target`.
///
/// # Errors
/// [`KernelError::NotPositiveDefinite`] with the pivot.
pub(crate) fn cholesky<T: Real>(
    matrix: MatRef<T>,
    crew: &dyn Crew,
    target: &mut [T],
) -> Result<(), KernelError> {
    let order = matrix.nrows();
    // Columns are factorised in half the time of rows.
    let mut columns = vec![T::default(); order * order];
    let mut factor = MatMut::from_column_major_slice_mut(&mut columns, order, order);
    factor.copy_from_triangular_lower(matrix);
    factorise(factor, crew)?;
    // The factorisation may leave numbers above the diagonal.
    for (column, elements) in columns.chunks_mut(order.max(1)).enumerate() {
        elements[..column].fill(T::default());
    }
    let axes =
        [Axis { len: order, from: 1, to: order }, Axis { len: order, from: order as isize, to: 1 }];
    copy((&columns, 0), (target, 0), &axes);
    Ok(())
}

/// Overwrites the lower triangle with L.
fn factorise<T: Real>(matrix: MatMut<T>, crew: &dyn Crew) -> Result<(), KernelError> {
    let order = matrix.nrows();
    let width = if order > WHOLE_ORDER { PANEL_COLUMNS } else { order };
    let mut memory =
        MemBuffer::new(cholesky_in_place_scratch::<T>(width, Par::Seq, Default::default()));
    let (mut rest, mut done) = (matrix, 0);
    while done < order {
        let columns = width.min(order - done);
        let (mut diagonal, _, mut below, mut trailing) = rest.split_at_mut(columns, columns);
        // A(k, k) = L(k, k) L(k, k)ᵀ
        let stack = MemStack::new(&mut memory);
        cholesky_in_place(
            diagonal.as_mut(),
            Default::default(),
            Par::Seq,
            stack,
            Default::default(),
        )
        .map_err(|LltError::NonPositivePivot { index }| {
            KernelError::NotPositiveDefinite { pivot: done + index }
        })?;
        // L(i, k) = A(i, k) L(k, k)⁻ᵀ
        let diagonal = diagonal.as_ref();
        in_strips(below.as_mut().transpose_mut(), crew, |strip| {
            solve_lower_triangular_in_place(diagonal, strip, Par::Seq);
        });
        // A(i, j) -= L(i, k) L(j, k)ᵀ for j not after i
        let below = below.as_ref();
        let lower = tiles(trailing.as_mut()).into_all().filter(|tile| tile.row >= tile.column);
        let lower: Shares<Tile<'_, T>> = lower.collect();
        crew.run(lower.len(), &|tile| subtract(&mut lower.of(tile), below));
        (rest, done) = (trailing, done + columns);
    }
    Ok(())
}

/// Subtracts the product of the rows of a panel from a tile of what is right of it.
fn subtract<T: Real>(tile: &mut Tile<'_, T>, panel: MatRef<T>) {
    let elements = tile.elements.as_mut();
    let left = panel.subrows(tile.row, elements.nrows());
    let right = panel.subrows(tile.column, elements.ncols()).transpose();
    if tile.row > tile.column {
        return matmul(elements, Accum::Add, left, right, -T::ONE, Par::Seq);
    }
    let (lower, whole) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
    triangular::matmul(elements, lower, Accum::Add, left, whole, right, whole, -T::ONE, Par::Seq);
}
