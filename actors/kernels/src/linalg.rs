//! Solutions and inverses of one block, by faer. What is not finite spreads, as in NumPy; threads share the columns of
//! right sides.

use crate::crew::{Crew, Shares, try_run};
use crate::memory::{filled, matrix, scratch, with_capacity};
use crate::{Block, Element, KernelError, OutOfMemory, spread};
use faer::dyn_stack::MemStack;
use faer::linalg::cholesky::llt;
use faer::linalg::lu::partial_pivoting as lu;
use faer::linalg::triangular_solve;
use faer::traits::RealField;
use faer::{Conj, MatMut, MatRef, Par};
use nums_lshs::{DType, LinalgStep};
use std::ops::{Div, Mul, Neg, Sub};

/// Columns of a strip of right sides: so many are solved as fast as more of them.
const STRIP_COLUMNS: usize = 256;

/// Computes a step that overwrites nothing into `result`.
///
/// # Errors
/// [`KernelError::Singular`], [`KernelError::OutOfMemory`], and [`KernelError::Unsupported`] for a dtype without a kernel.
pub(crate) fn step(
    step: LinalgStep,
    inputs: &[&Block],
    crew: &dyn Crew,
    result: &mut Block,
) -> Result<(), KernelError> {
    match result.spec().dtype {
        DType::Float32 => compute::<f32>(step, inputs, crew, result),
        DType::Float64 => compute::<f64>(step, inputs, crew, result),
        dtype => Err(KernelError::Unsupported { op: format!("{step:?}"), dtype }),
    }
}

/// The floats that are factorised.
pub(crate) trait Real:
    Element
    + RealField
    + Neg<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + PartialOrd
{
    const ONE: Self;
    const NAN: Self;
    fn finite(self) -> bool;
    fn is_nan(self) -> bool;
    fn size(self) -> Self;
    fn root(self) -> Self;
}

macro_rules! real {
    ($($float:ident),*) => {$(
        impl Real for $float {
            const ONE: $float = 1.0;
            const NAN: $float = $float::NAN;
            fn finite(self) -> bool {
                self.is_finite()
            }
            fn is_nan(self) -> bool {
                $float::is_nan(self)
            }
            fn size(self) -> $float {
                $float::abs(self)
            }
            fn root(self) -> $float {
                $float::sqrt(self)
            }
        }
    )*};
}

real!(f32, f64);

fn compute<T: Real>(
    step: LinalgStep,
    inputs: &[&Block],
    crew: &dyn Crew,
    result: &mut Block,
) -> Result<(), KernelError> {
    let order = inputs[0].spec().shape[0];
    let own = MatRef::from_row_major_slice(inputs[0].elements::<T>(), order, order);
    let sides = result.spec().shape.get(1).copied().unwrap_or(1);
    if let Some(right) = inputs.get(1) {
        result.elements_mut::<T>().copy_from_slice(right.elements());
    }
    let out = result.elements_mut::<T>();
    let target = MatMut::from_row_major_slice_mut(out, order, sides);
    match step {
        LinalgStep::Cholesky { .. } | LinalgStep::CholeskyPanel | LinalgStep::Downdate { .. } => {
            unreachable!("these overwrite an input")
        }
        LinalgStep::CholeskySolve => {
            regular(own)?;
            in_strips(target, crew, |strip| {
                let stack = MemStack::new(&mut []);
                llt::solve::solve_in_place_with_conj(own, Conj::No, strip, Par::Seq, stack);
                Ok(())
            })?;
        }
        LinalgStep::SolveTriangular { lower, transpose } => {
            regular(own)?;
            let triangle = if transpose { own.transpose() } else { own };
            let solve = match lower != transpose {
                true => triangular_solve::solve_lower_triangular_in_place,
                false => triangular_solve::solve_upper_triangular_in_place,
            };
            in_strips(target, crew, |strip| {
                solve(triangle, strip, Par::Seq);
                Ok(())
            })?;
        }
        LinalgStep::Solve => solve(own, target, crew)?,
        LinalgStep::Inverse => {
            let mut target = target;
            target.fill(T::default());
            (0..order).for_each(|at| target[(at, at)] = T::ONE);
            solve(own, target, crew)?;
        }
    }
    Ok(())
}

/// P A = L U, and X = U⁻¹ L⁻¹ P B
fn solve<T: Real>(own: MatRef<T>, target: MatMut<T>, crew: &dyn Crew) -> Result<(), KernelError> {
    let order = own.nrows();
    if !all_finite(own) {
        let mut factors = in_rows(own)?;
        let mut sides = in_rows(target.as_ref())?;
        spread::solve(&mut factors, order, &mut sides)
            .map_err(|pivot| KernelError::Singular { pivot })?;
        let mut target = target;
        let columns = target.ncols();
        target.copy_from(MatRef::from_row_major_slice(&sides, order, columns));
        return Ok(());
    }
    let mut factors = matrix(order, order, |row, column| own[(row, column)])?;
    let (mut forward, mut backward) = (filled(0_usize, order)?, filled(0_usize, order)?);
    let need =
        lu::factor::lu_in_place_scratch::<usize, T>(order, order, Par::Seq, Default::default());
    let mut memory = scratch(need)?;
    let (_, permutation) = lu::factor::lu_in_place(
        factors.as_mut(),
        &mut forward,
        &mut backward,
        Par::Seq,
        MemStack::new(&mut memory),
        Default::default(),
    );
    regular(factors.as_ref())?;
    let factors = factors.as_ref();
    in_strips(target, crew, |strip| {
        let columns = strip.ncols();
        let need = lu::solve::solve_in_place_scratch::<usize, T>(order, columns, Par::Seq);
        let mut memory = scratch(need)?;
        let stack = MemStack::new(&mut memory);
        lu::solve::solve_in_place(factors, factors, permutation, strip, Par::Seq, stack);
        Ok(())
    })?;
    Ok(())
}

/// Whether all elements are finite.
fn all_finite<T: Real>(matrix: MatRef<T>) -> bool {
    (0..matrix.nrows()).all(|row| (0..matrix.ncols()).all(|column| matrix[(row, column)].finite()))
}

/// The elements row by row.
fn in_rows<T: Real>(matrix: MatRef<T>) -> Result<Vec<T>, OutOfMemory> {
    let (rows, columns) = (matrix.nrows(), matrix.ncols());
    let mut elements = with_capacity(rows * columns)?;
    elements.extend((0..rows * columns).map(|at| matrix[(at / columns, at % columns)]));
    Ok(elements)
}

/// Solves right sides, which do not know of each other, in strips of some columns that threads share.
///
/// # Errors
/// As `solve`.
pub(crate) fn in_strips<T: Real>(
    target: MatMut<'_, T>,
    crew: &dyn Crew,
    solve: impl Fn(MatMut<'_, T>) -> Result<(), OutOfMemory> + Sync,
) -> Result<(), OutOfMemory> {
    let (mut strips, mut rest) = (Vec::new(), target);
    while rest.ncols() > STRIP_COLUMNS {
        let (strip, others) = rest.split_at_col_mut(STRIP_COLUMNS);
        strips.push(strip);
        rest = others;
    }
    strips.push(rest);
    let strips: Shares<MatMut<'_, T>> = strips.into_iter().collect();
    try_run(crew, strips.len(), |strip| solve(strips.of(strip).as_mut()))
}

/// Refuses a triangle with a zero on its diagonal.
fn regular<T: Real>(triangle: MatRef<T>) -> Result<(), KernelError> {
    let zero = (0..triangle.nrows()).find(|&at| triangle[(at, at)] == T::default());
    zero.map_or(Ok(()), |pivot| Err(KernelError::Singular { pivot }))
}
