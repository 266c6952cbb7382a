//! The canonical links: what a row's linear predictor and label say of the likelihood.

use crate::elementwise::{exp, log, vectorised};

/// A family with its canonical link, as a type, so that a loop over it is compiled for it alone.
pub(super) trait Link {
    /// The mean less the label, its derivative by the predictor, and the negative log-likelihood of one row, up to a
    /// constant. Without branches, so that a loop over it becomes vector code.
    fn row(predictor: f64, label: f64) -> [f64; 3];
}

/// Linear regression.
pub(super) struct Normal;
/// Logistic regression.
pub(super) struct Bernoulli;
/// Counts.
pub(super) struct Poisson;

impl Link for Normal {
    #[inline(always)]
    fn row(predictor: f64, label: f64) -> [f64; 3] {
        let residual = predictor - label;
        [residual, 1.0, residual * residual / 2.0]
    }
}

impl Link for Bernoulli {
    #[inline(always)]
    fn row(predictor: f64, label: f64) -> [f64; 3] {
        // The power is never positive, so nothing overflows, and both tails keep their digits.
        let small = exp(-predictor.abs());
        let sum = 1.0 + small;
        let near = 1.0 / sum;
        let far = small * near;
        let [mean, complement] = if predictor < 0.0 { [far, near] } else { [near, far] };
        // mean - label, without a difference of nearly equal numbers where the label is 1.
        let residual = (1.0 - label) * mean - label * complement;
        // The logarithm of what rounding lost of the sum is its share of the sum.
        let log_of_sum = log(sum) + (small - (sum - 1.0)) * near;
        let positive = if predictor > 0.0 { predictor } else { 0.0 };
        [residual, mean * complement, positive + log_of_sum - label * predictor]
    }
}

impl Link for Poisson {
    #[inline(always)]
    fn row(predictor: f64, label: f64) -> [f64; 3] {
        let mean = exp(predictor);
        [mean - label, mean, mean - label * predictor]
    }
}

/// Sums that run side by side, so that they are one vector.
const LANES: usize = 8;

/// Turns the linear predictors of some rows into residuals, writes their weights, and gives the sum of their losses,
/// which it writes one by one first: a loop without sums becomes vector code.
pub(super) fn apply<L: Link>(
    predictors: &mut [f64],
    labels: &[f64],
    weights: &mut [f64],
    losses: &mut [f64],
) -> f64 {
    vectorised(
        #[inline(always)]
        || {
            let rows = predictors.iter_mut().zip(labels).zip(weights.iter_mut().zip(&mut *losses));
            for ((predictor, &label), (weight, loss)) in rows {
                [*predictor, *weight, *loss] = L::row(*predictor, label);
            }
            let (eights, rest) = losses.as_chunks::<LANES>();
            let mut sums = [0.0; LANES];
            for losses in eights {
                for lane in 0..LANES {
                    sums[lane] += losses[lane];
                }
            }
            let [a, b, c, d, e, f, g, h] = sums;
            let sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
            rest.iter().fold(sum, |sum, loss| sum + loss)
        },
    )
}
