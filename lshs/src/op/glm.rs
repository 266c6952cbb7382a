//! The block operations of Newton's method for generalized linear models.
//!
//! One pass over a block of rows gives everything that a Newton step sums over all rows, as one vector: the packed
//! upper triangle of X' W X (d(d + 1)/2 elements, row by row), the gradient X' (mu - y) (d), the negative
//! log-likelihood and the number of rows. So X is read once, and one tree of sums carries all of it. Source:
//! McCullagh, Nelder, "Generalized Linear Models", 1989, section 2.5.

use super::{BlockSpec, OpError, checked, packed_len, require};
use crate::{Constant, DType};
use serde::{Deserialize, Serialize};

/// A distribution with its canonical link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GlmFamily {
    /// Linear regression: the identity.
    Normal,
    /// Logistic regression: the logit, with y in 0..=1.
    Bernoulli,
    /// Counts: the logarithm.
    Poisson,
}

/// A step of Newton's method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GlmStep {
    /// Of X (*m* × *c*), y (*m*) and beta (*d*): the summands of a block of rows, as one vector.
    Partial {
        /// The distribution.
        family: GlmFamily,
        /// A last column of ones is thought to follow those of X, so d = c + 1.
        intercept: bool,
        /// Whether the Hessian is among the summands.
        curvature: bool,
    },
    /// Of the sum of all partials and beta (*d*): the next beta, that is beta - (H + ridge I)⁻¹ (g + ridge beta),
    /// with 0 for ridge at an intercept.
    Update {
        /// The weight of the penalty ridge/2 |beta|².
        ridge: Constant,
        /// The last coefficient is an intercept, which is not penalized.
        intercept: bool,
    },
}

/// The scalars that follow the gradient in a partial: the negative log-likelihood and the number of rows.
const SCALARS: usize = 2;

/// The length of a partial for `features` coefficients, with the Hessian or without, or `None` when it cannot be
/// counted.
pub fn glm_partial_len(features: usize, curvature: bool) -> Option<usize> {
    let hessian = if curvature { packed_len(features)? } else { 0 };
    hessian.checked_add(features)?.checked_add(SCALARS)
}

impl GlmStep {
    pub(super) fn output(self, inputs: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
        let expected = match self {
            GlmStep::Partial { .. } => 3,
            GlmStep::Update { .. } => 2,
        };
        if inputs.len() != expected {
            return Err(OpError::Arity { expected });
        }
        let dtype = super::common_dtype(inputs)?;
        let real = matches!(dtype, DType::Float32 | DType::Float64);
        require(real, || format!("a linear model of {dtype}"))?;
        let beta = inputs[inputs.len() - 1];
        let [features] = beta.shape[..] else {
            return Err(OpError::Inputs(format!("beta of {}", beta.shape)));
        };
        let curvature = !matches!(self, GlmStep::Partial { curvature: false, .. });
        let len = glm_partial_len(features, curvature)
            .ok_or_else(|| OpError::Inputs(format!("{features} coefficients")))?;
        match self {
            GlmStep::Partial { intercept, .. } => {
                let (x, y) = (&inputs[0].shape, &inputs[1].shape);
                let fits = x.len() == 2
                    && y[..] == x[..1]
                    && x[1].checked_add(usize::from(intercept)) == Some(features);
                require(fits, || format!("X of {x}, y of {y} and {features} coefficients"))?;
                Ok(BlockSpec::new(dtype, checked(&[len])?))
            }
            GlmStep::Update { .. } => {
                let sum = &inputs[0].shape;
                require(sum[..] == [len], || {
                    format!("a sum of {sum} for {features} coefficients")
                })?;
                Ok(beta.clone())
            }
        }
    }

    /// A row counts d(d + 1) for the Hessian where it is asked for, 4d for the linear predictor and the gradient, and 20 for the link; an
    /// update d³/3 for Cholesky and 4d² for the triangular solves.
    pub(super) fn flops(self, inputs: &[&BlockSpec]) -> u64 {
        let [.., beta] = inputs else { return 0 };
        let features = beta.shape.elements() as u64;
        let square = features.saturating_mul(features);
        match self {
            GlmStep::Partial { curvature, .. } => {
                let rows = inputs[0].shape.first().copied().unwrap_or(0) as u64;
                let hessian = if curvature { square.saturating_add(features) } else { 0 };
                rows.saturating_mul(hessian.saturating_add(4 * features + 20))
            }
            GlmStep::Update { .. } => square.saturating_mul(features / 3 + 4),
        }
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            GlmStep::Partial { .. } => "glm-partial",
            GlmStep::Update { .. } => "newton-update",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;

    #[test]
    fn a_partial_is_smaller_than_a_full_hessian_and_fits_the_update() {
        let spec = |lengths: &[usize]| BlockSpec::new(DType::Float64, Shape::new(lengths).unwrap());
        let family = GlmFamily::Bernoulli;
        let partial = GlmStep::Partial { family, intercept: false, curvature: true };
        let (x, y, beta) = (spec(&[100, 4]), spec(&[100]), spec(&[4]));
        let sum = partial.output(&[&x, &y, &beta]).unwrap();
        assert_eq!(sum, spec(&[10 + 4 + 2]));
        let flat = GlmStep::Partial { family, intercept: false, curvature: false };
        assert_eq!(flat.output(&[&x, &y, &beta]), Ok(spec(&[4 + 2])));
        let update = GlmStep::Update { ridge: Constant::float64(0.0), intercept: false };
        assert_eq!(update.output(&[&sum, &beta]), Ok(beta.clone()));
        let intercept = GlmStep::Partial { family, intercept: true, curvature: true };
        assert!(intercept.output(&[&x, &y, &beta]).is_err());
        assert!(intercept.output(&[&x, &y, &spec(&[5])]).is_ok());
        assert!(update.output(&[&beta, &beta]).is_err());
        assert_eq!(update.output(&[&sum]), Err(OpError::Arity { expected: 2 }));
        assert!(partial.output(&[&x, &y, &spec(&[4, 1])]).is_err());
    }
}
