//! The limited-memory BFGS method: the cluster sums gradients, and the session computes directions from the last few.
//!
//! The method works with scaled coefficients. The scales are the square roots of an estimate of the Hessian's diagonal, so
//! the units of columns change neither the steps nor, up to rounding, the result.

use super::line_search::{LineSearch, Verdict};
use super::objective::{Point, Problem};
use super::{Convergence, Options, Reason};
use crate::Error;
use std::collections::VecDeque;

/// How many changes of place and gradient are remembered; scikit-learn remembers as many.
const MEMORY_LEN: usize = 10;
/// How many points one search along a direction may look at; SciPy's looks at as many.
const TRIALS_MAX: usize = 20;
/// What the first step is cut to where the function is no number at its end.
const CUT: f64 = 0.1;

/// A step and how it changed the gradient, both in scaled coefficients.
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
    // The scales take two more passes over X.
    let (scales, mut passes) = (problem.scales().await?, 3);
    let mut objectives = vec![point.objective];
    let mut memory: VecDeque<Change> = VecDeque::with_capacity(MEMORY_LEN);
    let reason = loop {
        if point.steepness() <= options.tolerance {
            break Reason::Converged;
        }
        if objectives.len() > options.iterations_max {
            break Reason::IterationsMax;
        }
        let gradient = scaled(&point, &scales);
        let direction = direction(&gradient, &memory);
        let line = Line { problem, scales: &scales, from: &point, gradient: &gradient, direction };
        let Some(next) = line.search(memory.is_empty(), &mut passes).await? else {
            if memory.is_empty() {
                break Reason::NoDecrease;
            }
            // What is remembered has been spoilt by rounding: once more from the steepest descent.
            memory.clear();
            continue;
        };
        let steps = next.beta.iter().zip(&point.beta).zip(&scales);
        let step: Vec<f64> = steps.map(|((next, value), scale)| (next - value) * scale).collect();
        let change = difference(&scaled(&next, &scales), &gradient);
        let curvature = dot(&step, &change);
        // The objective is convex, so only rounding can make the product negative.
        if curvature > f64::EPSILON * dot(&change, &change) {
            if memory.len() == MEMORY_LEN {
                memory.pop_front();
            }
            memory.push_back(Change { step, gradient: change, curvature });
        }
        point = next;
        objectives.push(point.objective);
    };
    Ok(Convergence::of(point, reason, passes, objectives))
}

/// The line from a point along a direction of scaled coefficients.
struct Line<'a> {
    problem: &'a Problem,
    scales: &'a [f64],
    from: &'a Point,
    gradient: &'a [f64],
    direction: Vec<f64>,
}

impl Line<'_> {
    /// A point that is good enough, or at least lower; `None` when there is none.
    async fn search(&self, first: bool, passes: &mut usize) -> Result<Option<Point>, Error> {
        let slope = dot(&self.direction, self.gradient);
        if !slope.is_finite() || slope >= 0.0 {
            return Ok(None);
        }
        // Both losses are at least 0. So a step down the gradient that brings a parabola to its lowest place is at most
        // twice the value over the squared slope; and where the scales are right it is 1.
        let mut step = if first { (2.0 * self.from.objective / -slope).min(1.0) } else { 1.0 };
        let mut search = LineSearch::new(self.from.objective, slope, step);
        let mut lowest: Option<Point> = None;
        for _ in 0..TRIALS_MAX {
            let steps = self.direction.iter().zip(self.scales).zip(&self.from.beta);
            let beta: Vec<f64> =
                steps.map(|((along, scale), value)| value + step * along / scale).collect();
            if beta == self.from.beta {
                break;
            }
            let next = self.problem.at(beta, false).await?;
            *passes += 1;
            if !next.is_finite() {
                // The search asks for values; it begins again nearer.
                step *= CUT;
                search = LineSearch::new(self.from.objective, slope, step);
                continue;
            }
            let along = dot(&self.direction, &scaled(&next, self.scales));
            let verdict = search.judge(next.objective, along);
            if verdict == Verdict::Accept {
                return Ok(Some(next));
            }
            let bar = lowest.as_ref().map_or(self.from.objective, |point| point.objective);
            if next.objective < bar {
                lowest = Some(next);
            }
            match verdict {
                Verdict::Try(next) => step = next,
                _ => break,
            }
        }
        Ok(lowest.filter(|lowest| !self.from.hides(lowest.objective - self.from.objective)))
    }
}

/// The gradient by scaled coefficients.
fn scaled(point: &Point, scales: &[f64]) -> Vec<f64> {
    point.gradient.iter().zip(scales).map(|(slope, scale)| slope / scale).collect()
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
