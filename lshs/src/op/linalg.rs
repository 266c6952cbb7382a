//! Dense linear algebra of one block, and the steps of a Cholesky factor by blocks.

use super::{BlockSpec, OpError, require};
use serde::{Deserialize, Serialize};

/// A factorization of a square float block, or a solution with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LinalgStep {
    /// The lower L with A = L Lᵀ, zeros above its diagonal; only the lower half of A is read.
    Cholesky {
        /// The pivots of the whole matrix that come before this block, which errors count.
        pivots_before: usize,
    },
    /// The blocks of the factor below L: X with X Lᵀ = B, of L and B (*m* × *n*). Only the lower half of L is read, and
    /// what is not finite spreads.
    CholeskyPanel,
    /// C - A Bᵀ, of C, A and B: what is left of a matrix when some columns of its factors are known. What is not finite
    /// spreads.
    Downdate {
        /// C - A Aᵀ, of C and A: only the lower half of C is read and computed.
        symmetric: bool,
    },
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
            LinalgStep::Cholesky { .. } | LinalgStep::Inverse => 1,
            LinalgStep::Downdate { symmetric: false } => 3,
            _ => 2,
        };
        if inputs.len() != expected {
            return Err(OpError::Arity { expected });
        }
        let dtype = super::common_dtype(inputs)?;
        require(dtype.is_real_floating(), || format!("{} of {dtype}", self.kind()))?;
        if let LinalgStep::Downdate { .. } = self {
            return downdated(inputs[0], inputs[1], inputs[expected - 1]);
        }
        let [matrix, last] = [inputs[0], inputs[expected - 1]];
        let square = matrix.shape.len() == 2 && matrix.shape[0] == matrix.shape[1];
        require(square, || format!("expected a square matrix, got shape {}", matrix.shape))?;
        let fits = match self {
            LinalgStep::CholeskyPanel => last.shape.len() == 2 && last.shape[1] == matrix.shape[0],
            _ => (1..=2).contains(&last.shape.len()) && last.shape[0] == matrix.shape[0],
        };
        require(fits, || {
            format!("a matrix of shape {} and a right-hand side of {}", matrix.shape, last.shape)
        })?;
        Ok(last.clone())
    }

    /// The leading terms: n³/3 for Cholesky, 2n³/3 for LU, n²k for each triangle, 2n³ for an inverse; a symmetric
    /// downdate has half those of a product.
    pub(super) fn flops(self, inputs: &[&BlockSpec]) -> u64 {
        let (Some(first), Some(last)) = (inputs.first(), inputs.last()) else { return 0 };
        let order = first.shape.first().copied().unwrap_or(0) as u64;
        let square = order.saturating_mul(order);
        let cube = square.saturating_mul(order);
        let triangle = order.saturating_mul(last.shape.elements() as u64);
        match self {
            LinalgStep::Cholesky { .. } => cube / 3,
            LinalgStep::Downdate { symmetric } => {
                let inner = last.shape.last().copied().unwrap_or(0) as u64;
                let products = inner.saturating_mul(first.shape.elements() as u64);
                products.saturating_mul(if symmetric { 1 } else { 2 })
            }
            LinalgStep::CholeskySolve => triangle.saturating_mul(2),
            LinalgStep::SolveTriangular { .. } | LinalgStep::CholeskyPanel => triangle,
            LinalgStep::Solve => (cube / 3).saturating_add(triangle).saturating_mul(2),
            LinalgStep::Inverse => cube.saturating_mul(2),
        }
    }

    /// Whether it may refuse the numbers that it is given: a matrix may be singular, or not positive definite.
    pub fn may_refuse(self) -> bool {
        match self {
            LinalgStep::Cholesky { .. }
            | LinalgStep::CholeskySolve
            | LinalgStep::SolveTriangular { .. }
            | LinalgStep::Solve
            | LinalgStep::Inverse => true,
            LinalgStep::CholeskyPanel | LinalgStep::Downdate { .. } => false,
        }
    }

    /// The input whose buffer the result may take over.
    pub(super) fn in_place_inputs(self) -> &'static [usize] {
        match self {
            LinalgStep::Cholesky { .. } | LinalgStep::Downdate { .. } => &[0],
            LinalgStep::CholeskyPanel => &[1],
            _ => &[],
        }
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            LinalgStep::Cholesky { .. } => "cholesky",
            LinalgStep::CholeskyPanel => "cholesky-panel",
            LinalgStep::Downdate { symmetric: false } => "downdate",
            LinalgStep::Downdate { symmetric: true } => "symmetric-downdate",
            LinalgStep::CholeskySolve => "cholesky-solve",
            LinalgStep::SolveTriangular { .. } => "solve-triangular",
            LinalgStep::Solve => "solve",
            LinalgStep::Inverse => "inverse",
        }
    }
}

/// C - A Bᵀ
fn downdated(c: &BlockSpec, a: &BlockSpec, b: &BlockSpec) -> Result<BlockSpec, OpError> {
    let fits = match (&c.shape[..], &a.shape[..], &b.shape[..]) {
        ([rows, columns], [left, inner], [right, other]) => {
            rows == left && columns == right && inner == other
        }
        _ => false,
    };
    require(fits, || format!("{} - {} @ the transpose of {}", c.shape, a.shape, b.shape))?;
    Ok(c.clone())
}
