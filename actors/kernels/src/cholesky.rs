//! A = L Lᵀ of one block, and what follows from it for the blocks below and right of it. A large block is factorised panel
//! by panel, and threads share what follows from each panel.
//!
//! Source: the right-looking blocked algorithm, J. Dongarra et al., "Solving linear systems on vector and shared memory
//! computers", 1991. The squares on the diagonal are factorised by faer.

use crate::copy::{Axis, copy};
use crate::crew::{Crew, Shares};
use crate::linalg::{Real, in_strips};
use crate::matmul::{Tile, tiles};
use crate::memory::{scratch, zeros};
use crate::{Block, KernelError, OutOfMemory, spread};
use faer::dyn_stack::MemStack;
use faer::linalg::cholesky::llt::factor::{LltError, cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::{Accum, MatMut, MatRef, Par};
use nums_lshs::{DType, LinalgStep};

/// The order up to which a block is one panel: there is little to share.
const WHOLE_ORDER: usize = 512;
/// Columns of the panels of a larger block: products over so many steps are fast.
const PANEL_COLUMNS: usize = 256;

/// Computes a step of a Cholesky factor over the block that it overwrites; `inputs` are the others.
///
/// # Errors
/// [`KernelError::NotPositiveDefinite`] with the pivot of the whole matrix, [`KernelError::OutOfMemory`], and
/// [`KernelError::Unsupported`] for a dtype without a kernel.
pub(crate) fn step(
    step: LinalgStep,
    inputs: &[&Block],
    crew: &dyn Crew,
    target: &mut Block,
) -> Result<(), KernelError> {
    match target.spec().dtype {
        DType::Float32 => compute::<f32>(step, inputs, crew, target),
        DType::Float64 => compute::<f64>(step, inputs, crew, target),
        dtype => Err(KernelError::Unsupported { op: format!("{step:?}"), dtype }),
    }
}

fn compute<T: Real>(
    step: LinalgStep,
    inputs: &[&Block],
    crew: &dyn Crew,
    target: &mut Block,
) -> Result<(), KernelError> {
    let (rows, columns) = (target.spec().shape[0], target.spec().shape[1]);
    let elements = target.elements_mut::<T>();
    match step {
        LinalgStep::Cholesky { pivots_before } => cholesky(elements, rows, pivots_before, crew),
        LinalgStep::CholeskyPanel => {
            let factor = MatRef::from_row_major_slice(inputs[0].elements::<T>(), columns, columns);
            let panel = MatMut::from_row_major_slice_mut(elements, rows, columns);
            Ok(solve_panel(panel, factor, crew)?)
        }
        LinalgStep::Downdate { symmetric } => {
            let [left, right] = [inputs[0], inputs[inputs.len() - 1]].map(matrix::<T>);
            let target = MatMut::from_row_major_slice_mut(elements, rows, columns);
            downdate(target, left, right, symmetric, crew);
            Ok(())
        }
        _ => unreachable!("the other steps overwrite nothing"),
    }
}

fn matrix<T: Real>(block: &Block) -> MatRef<'_, T> {
    let shape = &block.spec().shape;
    MatRef::from_row_major_slice(block.elements::<T>(), shape[0], shape[1])
}

/// Overwrites the rows of a symmetric matrix, of which the lower half is read, with those of L; or says which pivot is
/// the first that is not positive. What is not finite spreads.
fn cholesky<T: Real>(
    rows: &mut [T],
    order: usize,
    pivots_before: usize,
    crew: &dyn Crew,
) -> Result<(), KernelError> {
    // Columns are factorised in half the time of rows.
    let mut columns = zeros::<T>(order * order)?;
    let mut factor = MatMut::from_column_major_slice_mut(&mut columns, order, order);
    factor.copy_from_triangular_lower(MatRef::from_row_major_slice(rows, order, order));
    factorise(factor, pivots_before, crew)?;
    // The factorisation may leave numbers above the diagonal.
    for (column, elements) in columns.chunks_mut(order.max(1)).enumerate() {
        elements[..column].fill(T::default());
    }
    let axes =
        [Axis { len: order, from: 1, to: order }, Axis { len: order, from: order as isize, to: 1 }];
    copy((&columns, 0), (rows, 0), &axes);
    Ok(())
}

fn not_positive(pivots_before: usize, pivot: usize) -> KernelError {
    KernelError::NotPositiveDefinite { pivot: pivots_before.saturating_add(pivot) }
}

/// Overwrites the lower triangle with L, or says which pivot is the first that is not positive.
fn factorise<T: Real>(
    matrix: MatMut<T>,
    pivots_before: usize,
    crew: &dyn Crew,
) -> Result<(), KernelError> {
    let order = matrix.nrows();
    let width = if order > WHOLE_ORDER { PANEL_COLUMNS } else { order };
    let mut memory = scratch(cholesky_in_place_scratch::<T>(width, Par::Seq, Default::default()))?;
    let (mut rest, mut done) = (matrix, 0);
    while done < order {
        let columns = width.min(order - done);
        let (mut diagonal, _, mut below, mut trailing) = rest.split_at_mut(columns, columns);
        // A(k, k) = L(k, k) L(k, k)ᵀ
        factorise_panel(diagonal.as_mut(), MemStack::new(&mut memory))
            .map_err(|pivot| not_positive(pivots_before, done + pivot))?;
        // L(i, k) = A(i, k) L(k, k)⁻ᵀ
        solve_panel(below.as_mut(), diagonal.as_ref(), crew)?;
        // A(i, j) -= L(i, k) L(j, k)ᵀ for j not after i
        downdate(trailing.as_mut(), below.as_ref(), below.as_ref(), true, crew);
        (rest, done) = (trailing, done + columns);
    }
    Ok(())
}

/// Overwrites the lower triangle of a square on the diagonal with L, or gives the first pivot that is not positive.
fn factorise_panel<T: Real>(square: MatMut<T>, stack: &mut MemStack) -> Result<(), usize> {
    let order = square.nrows();
    let finite = |row: usize| (0..=row).all(|column| square[(row, column)].finite());
    if (0..order).all(finite) {
        return cholesky_in_place(square, Default::default(), Par::Seq, stack, Default::default())
            .map(|_| ())
            .map_err(|LltError::NonPositivePivot { index }| index);
    }
    spread::cholesky(square)
}

/// Overwrites B with X of X Lᵀ = B.
fn solve_panel<T: Real>(
    panel: MatMut<'_, T>,
    factor: MatRef<'_, T>,
    crew: &dyn Crew,
) -> Result<(), OutOfMemory> {
    in_strips(panel.transpose_mut(), crew, |strip| {
        solve_lower_triangular_in_place(factor, strip, Par::Seq);
        Ok(())
    })
}

/// C -= A Bᵀ; of a symmetric C the lower half.
fn downdate<T: Real>(
    target: MatMut<'_, T>,
    left: MatRef<'_, T>,
    right: MatRef<'_, T>,
    symmetric: bool,
    crew: &dyn Crew,
) {
    let wanted = tiles(target).into_all().filter(|tile| !symmetric || tile.row >= tile.column);
    let wanted: Shares<Tile<'_, T>> = wanted.collect();
    crew.run(wanted.len(), &|tile| {
        let Tile { row, column, elements } = &mut *wanted.of(tile);
        let left = left.subrows(*row, elements.nrows());
        let right = right.subrows(*column, elements.ncols()).transpose();
        let elements = elements.as_mut();
        if !symmetric || row > column {
            return matmul(elements, Accum::Add, left, right, -T::ONE, Par::Seq);
        }
        let (lower, whole) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
        triangular::matmul(
            elements,
            lower,
            Accum::Add,
            left,
            whole,
            right,
            whole,
            -T::ONE,
            Par::Seq,
        );
    });
}
