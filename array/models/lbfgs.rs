//! The limited-memory BFGS method: gradients are summed on the cluster, directions follow from a few of them here.

use super::objective::{Point, Problem};
use super::{Convergence, Options, Reason};
use crate::Error;
use std::collections::VecDeque;

/// How many changes of place and gradient are remembered; scikit-learn remembers as many.
const MEMORY_LEN: usize = 10;
/// How often a step may be halved.
const HALVINGS_MAX: usize = 40;

/// A step and how it changed the gradient.
struct Change {
    step: Vec<f64>,
    gradient: Vec<f64>,
    /// Their product, which is positive.
    curvature: f64,
}

/// Minimises from zero.
pub(super) async fn minimise(
    problem: &Problem,
    options: Options,
) -> Result<(Vec<f64>, Convergence), Error> {
    let mut point = problem.at_zero(false).await?;
    let (mut objectives, mut passes) = (vec![point.objective], 1);
    let mut memory: VecDeque<Change> = VecDeque::with_capacity(MEMORY_LEN);
    let reason = loop {
        if point.steepness() <= options.tolerance {
            break Reason::Converged;
        }
        if objectives.len() > options.iterations_max {
            break Reason::IterationsMax;
        }
        let direction = direction(&point.gradient, &memory);
        let Some(next) = search(problem, &point, &direction, &memory, &mut passes).await? else {
            if memory.is_empty() {
                break Reason::NoDecrease;
            }
            // What is remembered has been spoilt by rounding: once more from the steepest descent.
            memory.clear();
            continue;
        };
        let step = difference(&next.beta, &point.beta);
        let gradient = difference(&next.gradient, &point.gradient);
        let curvature = dot(&step, &gradient);
        // The objective is convex, so only rounding can make the product negative.
        if curvature > f64::EPSILON * dot(&gradient, &gradient) {
            if memory.len() == MEMORY_LEN {
                memory.pop_front();
            }
            memory.push_back(Change { step, gradient, curvature });
        }
        point = next;
        objectives.push(point.objective);
    };
    let (iterations, gradient) = (objectives.len() - 1, point.steepness());
    Ok((point.beta, Convergence { reason, iterations, passes, objectives, gradient }))
}

/// The first point along a direction that is good enough; the step is halved until then.
async fn search(
    problem: &Problem,
    point: &Point,
    direction: &[f64],
    memory: &VecDeque<Change>,
    passes: &mut usize,
) -> Result<Option<Point>, Error> {
    let slope = dot(direction, &point.gradient);
    // Without a memory the direction has the length of a gradient, which says nothing about a step.
    let sum: f64 = direction.iter().map(|step| step.abs()).sum();
    let mut share = if memory.is_empty() { sum.recip().min(1.0) } else { 1.0 };
    for _ in 0..HALVINGS_MAX {
        let steps = point.beta.iter().zip(direction);
        let beta: Vec<f64> = steps.map(|(value, step)| value + share * step).collect();
        if beta == point.beta {
            break;
        }
        let next = problem.at(beta, false).await?;
        *passes += 1;
        if point.accepts(&next, share * slope) {
            return Ok(Some(next));
        }
        share /= 2.0;
    }
    Ok(None)
}

/// Minus the gradient times the inverse Hessian that the memory stands for (Nocedal's two loops).
fn direction(gradient: &[f64], memory: &VecDeque<Change>) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
    let mut weights = Vec::with_capacity(memory.len());
    for change in memory.iter().rev() {
        let weight = dot(&change.step, &direction) / change.curvature;
        add(&mut direction, -weight, &change.gradient);
        weights.push(weight);
    }
    if let Some(last) = memory.back() {
        let scale = last.curvature / dot(&last.gradient, &last.gradient);
        direction.iter_mut().for_each(|step| *step *= scale);
    }
    for (change, weight) in memory.iter().zip(weights.into_iter().rev()) {
        let back = dot(&change.gradient, &direction) / change.curvature;
        add(&mut direction, weight - back, &change.step);
    }
    direction
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn difference(left: &[f64], right: &[f64]) -> Vec<f64> {
    left.iter().zip(right).map(|(left, right)| left - right).collect()
}

fn add(target: &mut [f64], weight: f64, vector: &[f64]) {
    target.iter_mut().zip(vector).for_each(|(target, value)| *target += weight * value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_changes_of_a_quadratic_give_newtons_direction() {
        // f = x² + 5 y² / 2 has the Hessian diag(2, 5); the steps are conjugate, so the memory knows it exactly.
        let change = |step: [f64; 2]| {
            let gradient = vec![2.0 * step[0], 5.0 * step[1]];
            let curvature = dot(&step, &gradient);
            Change { step: step.to_vec(), gradient, curvature }
        };
        let memory = VecDeque::from([change([0.5, 0.0]), change([0.0, -2.0])]);
        let found = direction(&[4.0, -10.0], &memory);
        assert!((found[0] + 2.0).abs() < 1e-15 && (found[1] - 2.0).abs() < 1e-15, "{found:?}");
    }
}
