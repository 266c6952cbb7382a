//! Newton's method with a line search.

use super::objective::{Point, Problem};
use super::{Convergence, Options, Reason};
use crate::Error;
use nums_actors::KernelError;

/// How often a step may be halved. A step of 2⁻³⁰ of its length has no relevant effect.
const HALVINGS_MAX: usize = 30;

/// Minimizes from zero. The evaluation of a point includes its Hessian, so a step without halving takes one pass.
///
/// The method ends with [`Reason::Singular`] if the Hessian is not positive definite.
pub(super) async fn minimise(
    problem: &Problem,
    options: Options,
) -> Result<(Vec<f64>, Convergence), Error> {
    let mut point = problem.at_zero(true).await?;
    let (mut objectives, mut passes) = (vec![point.objective], 1);
    let reason = loop {
        if point.steepness() <= options.tolerance {
            break Reason::Converged;
        }
        if objectives.len() > options.iterations_max {
            break Reason::IterationsMax;
        }
        match step(problem, &point, &mut passes).await {
            Ok(Some(next)) => point = next,
            Ok(None) => break Reason::NoDecrease,
            Err(error) => match error.kernel() {
                Some(KernelError::NotPositiveDefinite { .. }) => break Reason::Singular,
                _ => return Err(error),
            },
        }
        objectives.push(point.objective);
    };
    Ok(Convergence::of(point, reason, passes, objectives))
}

/// The next point, or `None` when no step along Newton's direction is good enough.
async fn step(
    problem: &Problem,
    point: &Point,
    passes: &mut usize,
) -> Result<Option<Point>, Error> {
    let full = problem.newton(point).await?;
    *passes += 1;
    let direction: Vec<f64> =
        full.beta.iter().zip(&point.beta).map(|(next, value)| next - value).collect();
    let slope: f64 = direction.iter().zip(&point.gradient).map(|(step, slope)| step * slope).sum();
    if point.accepts(&full, slope) {
        return Ok(Some(full));
    }
    // Where the decrease that the slope promises cannot be seen, the place is at the bottom, and so is a shorter step.
    if point.hides(slope) || !slope.is_finite() {
        return Ok(None);
    }
    let mut share = 1.0;
    for _ in 0..HALVINGS_MAX {
        share /= 2.0;
        let steps = point.beta.iter().zip(&direction);
        let beta: Vec<f64> = steps.map(|(value, step)| value + share * step).collect();
        if beta == point.beta {
            break;
        }
        let next = problem.at(beta, true).await?;
        *passes += 1;
        if point.accepts(&next, share * slope) {
            return Ok(Some(next));
        }
    }
    Ok(None)
}
