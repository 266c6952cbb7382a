//! The next coefficients from the sums over all rows.

use crate::memory::{matrix, scratch, with_capacity};
use crate::{Block, KernelError};
use faer::dyn_stack::MemStack;
use faer::linalg::cholesky::llt;
use faer::{Conj, Par};

/// beta - (H + ridge I)⁻¹ (g + ridge beta), by Cholesky, with no ridge at an intercept.
pub(super) fn update(
    ridge: f64,
    intercept: bool,
    inputs: &[&Block],
    result: &mut [f64],
) -> Result<(), KernelError> {
    let [sum, beta] = [inputs[0], inputs[1]].map(Block::elements::<f64>);
    let features = beta.len();
    let ridge = |row: usize| if intercept && row + 1 == features { 0.0 } else { ridge };
    let mut packed = sum.iter().copied();
    let mut hessian = matrix(features, features, |_, _| 0.0)?;
    for row in 0..features {
        for column in row..features {
            // Cholesky reads the lower triangle.
            hessian[(column, row)] = packed.next().unwrap_or(0.0);
        }
        hessian[(row, row)] += ridge(row);
    }
    let mut gradient = with_capacity(features)?;
    gradient.extend(packed.take(features));
    let mut step = matrix(features, 1, |row, _| gradient[row] + ridge(row) * beta[row])?;
    let need =
        llt::factor::cholesky_in_place_scratch::<f64>(features, Par::Seq, Default::default())
            .or(llt::solve::solve_in_place_scratch::<f64>(features, 1, Par::Seq));
    let mut memory = scratch(need)?;
    let stack = MemStack::new(&mut memory);
    llt::factor::cholesky_in_place(
        hessian.as_mut(),
        Default::default(),
        Par::Seq,
        stack,
        Default::default(),
    )
    .map_err(|error| match error {
        llt::factor::LltError::NonPositivePivot { index } => {
            KernelError::NotPositiveDefinite { pivot: index }
        }
    })?;
    llt::solve::solve_in_place_with_conj(
        hessian.as_ref(),
        Conj::No,
        step.as_mut(),
        Par::Seq,
        MemStack::new(&mut memory),
    );
    for (row, target) in result.iter_mut().enumerate() {
        *target = beta[row] - step[(row, 0)];
    }
    Ok(())
}
