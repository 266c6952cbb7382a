//! Dense linear algebra of one block.

use super::{BlockSpec, OpError, require};
use serde::{Deserialize, Serialize};

/// A factorisation of a square float block, or a solution with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LinalgStep {
    /// The lower L with A = L Lᵀ, zeros above its diagonal; only the lower half of A is read.
    Cholesky,
    /// X with L Lᵀ X = B, of L and B (*n* × *k* or *n*).
    CholeskySolve,
    /// X with T X = B, of a triangle T and B; the other half of T is not read.
    SolveTriangular {
        /// T is the lower triangle.
        lower: bool,
        /// Solve Tᵀ X = B instead.
        transpose: bool,
    },
    /// X with A X = B, of A and B, by LU with partial pivoting.
    Solve,
    /// The inverse of A, by LU with partial pivoting.
    Inverse,
}

impl LinalgStep {
    pub(super) fn output(self, inputs: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
        let expected = match self {
            LinalgStep::Cholesky | LinalgStep::Inverse => 1,
            _ => 2,
        };
        if inputs.len() != expected {
            return Err(OpError::Arity { expected });
        }
        let dtype = super::common_dtype(inputs)?;
        require(dtype.is_real_floating(), || format!("{} of {dtype}", self.kind()))?;
        let [matrix, last] = [inputs[0], inputs[expected - 1]];
        let square = matrix.shape.len() == 2 && matrix.shape[0] == matrix.shape[1];
        require(square, || format!("{} is not a square matrix", matrix.shape))?;
        let fits = (1..=2).contains(&last.shape.len()) && last.shape[0] == matrix.shape[0];
        require(fits, || format!("{} and a right-hand side of {}", matrix.shape, last.shape))?;
        Ok(last.clone())
    }

    /// The leading terms: n³/3 for Cholesky, 2n³/3 for LU, n²k for each triangle, 2n³ for an inverse.
    pub(super) fn flops(self, inputs: &[&BlockSpec]) -> u64 {
        let (Some(first), Some(last)) = (inputs.first(), inputs.last()) else { return 0 };
        let order = first.shape.first().copied().unwrap_or(0) as u64;
        let square = order.saturating_mul(order);
        let cube = square.saturating_mul(order);
        let triangle = order.saturating_mul(last.shape.elements() as u64);
        match self {
            LinalgStep::Cholesky => cube / 3,
            LinalgStep::CholeskySolve => triangle.saturating_mul(2),
            LinalgStep::SolveTriangular { .. } => triangle,
            LinalgStep::Solve => (cube / 3).saturating_add(triangle).saturating_mul(2),
            LinalgStep::Inverse => cube.saturating_mul(2),
        }
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            LinalgStep::Cholesky => "cholesky",
            LinalgStep::CholeskySolve => "cholesky-solve",
            LinalgStep::SolveTriangular { .. } => "solve-triangular",
            LinalgStep::Solve => "solve",
            LinalgStep::Inverse => "inverse",
        }
    }
}
