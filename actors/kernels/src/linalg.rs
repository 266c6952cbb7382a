//! Dense linear algebra of one block, by faer on one thread. What is not finite is an error before anything runs.

use crate::copy::{Axis, copy};
use crate::{Block, Element, KernelError};
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt;
use faer::linalg::lu::partial_pivoting as lu;
use faer::linalg::triangular_solve;
use faer::traits::RealField;
use faer::{Conj, Mat, MatMut, MatRef, Par};
use nums_lshs::{DType, LinalgStep};
use std::ops::Neg;

/// Computes a step into `result`.
///
/// # Errors
/// [`KernelError::NonFinite`], [`KernelError::NotPositiveDefinite`], [`KernelError::Singular`], and
/// [`KernelError::Unsupported`] for a dtype without a kernel.
pub(crate) fn step(
    step: LinalgStep,
    inputs: &[&Block],
    result: &mut Block,
) -> Result<(), KernelError> {
    match result.spec().dtype {
        DType::Float32 => compute::<f32>(step, inputs, result),
        DType::Float64 => compute::<f64>(step, inputs, result),
        dtype => Err(KernelError::Unsupported { op: format!("{step:?}"), dtype }),
    }
}

/// The floats that are factorised.
pub(crate) trait Real: Element + RealField + Neg<Output = Self> {
    const ONE: Self;
    fn finite(self) -> bool;
}

impl Real for f32 {
    const ONE: f32 = 1.0;
    fn finite(self) -> bool {
        self.is_finite()
    }
}

impl Real for f64 {
    const ONE: f64 = 1.0;
    fn finite(self) -> bool {
        self.is_finite()
    }
}

fn compute<T: Real>(
    step: LinalgStep,
    inputs: &[&Block],
    result: &mut Block,
) -> Result<(), KernelError> {
    for (input, block) in inputs.iter().enumerate() {
        if let Some(index) = block.elements::<T>().iter().position(|element| !element.finite()) {
            return Err(KernelError::NonFinite { input, index });
        }
    }
    let order = inputs[0].spec().shape[0];
    let matrix = MatRef::from_row_major_slice(inputs[0].elements::<T>(), order, order);
    let sides = result.spec().shape.get(1).copied().unwrap_or(1);
    if let Some(right) = inputs.get(1) {
        result.elements_mut::<T>().copy_from_slice(right.elements());
    }
    let out = result.elements_mut::<T>();
    if step == LinalgStep::Cholesky {
        return cholesky(matrix, out);
    }
    let target = MatMut::from_row_major_slice_mut(out, order, sides);
    match step {
        LinalgStep::Cholesky => unreachable!("done above"),
        LinalgStep::CholeskySolve => {
            regular(matrix)?;
            let stack = MemStack::new(&mut []);
            llt::solve::solve_in_place_with_conj(matrix, Conj::No, target, Par::Seq, stack);
        }
        LinalgStep::SolveTriangular { lower, transpose } => {
            regular(matrix)?;
            let triangle = if transpose { matrix.transpose() } else { matrix };
            if lower != transpose {
                triangular_solve::solve_lower_triangular_in_place(triangle, target, Par::Seq);
            } else {
                triangular_solve::solve_upper_triangular_in_place(triangle, target, Par::Seq);
            }
        }
        LinalgStep::Solve => solve(matrix, target)?,
        LinalgStep::Inverse => {
            let mut target = target;
            target.fill(T::default());
            (0..order).for_each(|at| target[(at, at)] = T::ONE);
            solve(matrix, target)?;
        }
    }
    Ok(())
}

/// A = L Lᵀ, in columns, which are factorised in half the time, and then turned into rows.
fn cholesky<T: Real>(matrix: MatRef<T>, target: &mut [T]) -> Result<(), KernelError> {
    let order = matrix.nrows();
    let mut columns = vec![T::default(); order * order];
    let mut factor = MatMut::from_column_major_slice_mut(&mut columns, order, order);
    factor.copy_from_triangular_lower(matrix);
    let scratch = llt::factor::cholesky_in_place_scratch::<T>(order, Par::Seq, Default::default());
    let mut memory = MemBuffer::new(scratch);
    let factored = llt::factor::cholesky_in_place(
        factor.as_mut(),
        Default::default(),
        Par::Seq,
        MemStack::new(&mut memory),
        Default::default(),
    );
    factored.map_err(|error| match error {
        llt::factor::LltError::NonPositivePivot { index } => {
            KernelError::NotPositiveDefinite { pivot: index }
        }
    })?;
    // The factorisation may leave numbers above the diagonal.
    for (column, elements) in columns.chunks_mut(order.max(1)).enumerate() {
        elements[..column].fill(T::default());
    }
    let axes =
        [Axis { len: order, from: 1, to: order }, Axis { len: order, from: order as isize, to: 1 }];
    copy((&columns, 0), (target, 0), &axes);
    Ok(())
}

/// P A = L U, and X = U⁻¹ L⁻¹ P B
fn solve<T: Real>(matrix: MatRef<T>, target: MatMut<T>) -> Result<(), KernelError> {
    let order = matrix.nrows();
    let mut factors = Mat::<T>::zeros(order, order);
    factors.copy_from(matrix);
    let (mut forward, mut backward) = (vec![0_usize; order], vec![0_usize; order]);
    let scratch =
        lu::factor::lu_in_place_scratch::<usize, T>(order, order, Par::Seq, Default::default())
            .or(lu::solve::solve_in_place_scratch::<usize, T>(order, target.ncols(), Par::Seq));
    let mut memory = MemBuffer::new(scratch);
    let (_, permutation) = lu::factor::lu_in_place(
        factors.as_mut(),
        &mut forward,
        &mut backward,
        Par::Seq,
        MemStack::new(&mut memory),
        Default::default(),
    );
    regular(factors.as_ref())?;
    lu::solve::solve_in_place(
        factors.as_ref(),
        factors.as_ref(),
        permutation,
        target,
        Par::Seq,
        MemStack::new(&mut memory),
    );
    Ok(())
}

/// Refuses a triangle with a zero on its diagonal.
fn regular<T: Real>(triangle: MatRef<T>) -> Result<(), KernelError> {
    let zero = (0..triangle.nrows()).find(|&at| triangle[(at, at)] == T::default());
    zero.map_or(Ok(()), |pivot| Err(KernelError::Singular { pivot }))
}
