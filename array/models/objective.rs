//! The function that a fit minimizes, evaluated on the cluster.

use super::Options;
use crate::finite::{float64, refuse_not_finite};
use crate::{DistArray, Error, Index};
use nums_lshs::array_op::{GlmSum, NewtonModel, NewtonUpdate};
use nums_lshs::{Constant, GlmFamily, Grid};

/// The penalized negative log-likelihood of a generalized linear model over some rows, divided by their number.
pub(super) struct Problem {
    x: DistArray,
    y: DistArray,
    model: NewtonModel,
    ridge: f64,
    /// Coefficients, with the intercept.
    pub(super) features: usize,
}

/// The function at one point.
pub(super) struct Point {
    /// The coefficients, here and on the cluster.
    pub(super) beta: Vec<f64>,
    pub(super) on_cluster: DistArray,
    /// What was summed over the rows, on the cluster.
    sum: DistArray,
    pub(super) objective: f64,
    pub(super) gradient: Vec<f64>,
}

impl Problem {
    /// Takes the rows in the blocks of X, each row in one block; shapes fit.
    pub(super) fn new(
        family: GlmFamily,
        x: &DistArray,
        y: &DistArray,
        options: Options,
    ) -> Result<Problem, Error> {
        let Options { intercept, ridge, .. } = options;
        let whole = Grid::single(&x.spec().shape());
        let rows = Grid::from_axes(&[(x.grid(), 0), (&whole, 1)]);
        let labels = Grid::from_axes(&[(x.grid(), 0)]);
        // Every step reads them, so the first one keeps them.
        let x = float64("fit", x)?.with_grid(rows).persist();
        let y = float64("fit", y)?.with_grid(labels).persist();
        let features = x.spec().shape()[1] + usize::from(intercept);
        let model = NewtonModel { family, intercept, ridge: Constant::float64(ridge) };
        Ok(Problem { x, y, model, ridge, features })
    }

    /// Evaluates the function at zero.
    ///
    /// # Errors
    /// When it is no number there: [`Error::ContainsNan`] and [`Error::ContainsInfinity`] with the input that holds
    /// them, and [`Error::Overflow`] when both inputs are finite.
    pub(super) async fn at_zero(&self, curvature: bool) -> Result<Point, Error> {
        let point = self.at(vec![0.0; self.features], curvature).await?;
        if point.is_finite() {
            return Ok(point);
        }
        refuse_not_finite(&[("X", &self.x), ("y", &self.y)]).await?;
        Err(Error::Overflow { what: "the objective of a linear model" })
    }

    /// Evaluates the function, and with `curvature` also sums its Hessian, in one pass over the rows. Far from the
    /// minimum it may be no number.
    ///
    /// # Errors
    /// What goes wrong on the cluster.
    pub(super) async fn at(&self, beta: Vec<f64>, curvature: bool) -> Result<Point, Error> {
        let session = self.x.session();
        let on_cluster = session.from_ndarray(&ndarray::ArrayView1::from(&beta))?;
        // However small the blocks of the session are: a step of Newton's method reads all coefficients.
        let on_cluster = on_cluster.with_grid(Grid::single(&on_cluster.spec().shape()));
        let (sum, sums) = self.sums(&on_cluster, curvature)?;
        let sums: Vec<f64> = sums.fetch::<f64>().await?.iter().copied().collect();
        Ok(self.point(beta, on_cluster, sum, &sums))
    }

    /// How fast the function changes with each coefficient: the root of what the diagonal of the Hessian is thought to be
    /// at the minimum, divided by the rows. 1 where a column and the penalty say nothing. Two passes over X.
    pub(super) async fn scales(&self) -> Result<Vec<f64>, Error> {
        let rows = self.x.spec().shape()[0] as f64;
        // Divided first, so that squares neither overflow nor vanish.
        let largest = self.x.abs().max_axis(0)?;
        let largest: Vec<f64> = largest.fetch::<f64>().await?.iter().copied().collect();
        let units: Vec<f64> =
            largest.iter().map(|most| if *most > 0.0 { *most } else { 1.0 }).collect();
        let session = self.x.session();
        let scaled = self.x.try_div(&session.from_ndarray(&ndarray::ArrayView1::from(&units))?)?;
        let squares = scaled.square().sum_axis(0)?.fetch::<f64>().await?;
        // The second derivative of a row. That of a class is 1/4 at zero; at the minimum most rows are predicted well and
        // have a small part of that, so that the penalty counts for more. With 1/4 digits take three times the passes.
        let weight = match self.model.family {
            GlmFamily::Bernoulli => 0.25 / 100.0,
            GlmFamily::Normal | GlmFamily::Poisson => 1.0,
        };
        let mut scales: Vec<f64> = (units.iter().zip(&squares))
            .map(|(unit, sum)| {
                let of_data = unit * (weight * sum / rows).sqrt();
                of_data.hypot((self.ridge / rows).sqrt())
            })
            .map(|scale| if scale > 0.0 { scale } else { 1.0 })
            .collect();
        scales.resize(self.features, f64::sqrt(weight));
        Ok(scales)
    }

    /// Evaluates the function where a full step of Newton's method leads from a point.
    ///
    /// # Errors
    /// Those of [`at`](Self::at), and a kernel's when the Hessian is not positive definite.
    pub(super) async fn newton(&self, from: &Point) -> Result<Point, Error> {
        let next = self.update(&from.sum, &from.on_cluster);
        let (sum, sums) = self.sums(&next, true)?;
        // One graph: `next` has a handle and is kept on the way.
        let sums: Vec<f64> = sums.fetch::<f64>().await?.iter().copied().collect();
        let beta = next.fetch::<f64>().await?.iter().copied().collect();
        Ok(self.point(beta, next, sum, &sums))
    }

    /// The next coefficients of the first step of Newton's method, not computed yet.
    pub(super) fn first_step(&self) -> Result<DistArray, Error> {
        let session = self.x.session();
        let zero = session.zeros(&[self.features])?;
        let (sum, _) = self.sums(&zero, true)?;
        Ok(self.update(&sum, &zero))
    }

    fn update(&self, sum: &DistArray, beta: &DistArray) -> DistArray {
        DistArray::fitting(NewtonUpdate { model: self.model }, &[sum, beta])
    }

    /// The sums over all rows at some coefficients, and the part of them that comes to the client.
    fn sums(&self, beta: &DistArray, curvature: bool) -> Result<(DistArray, DistArray), Error> {
        let NewtonModel { family, intercept, .. } = self.model;
        let sums = GlmSum { family, intercept, curvature };
        let sum = DistArray::new(self.x.session_inner(), sums, &[&self.x, &self.y, beta])?;
        let start = Some(-(self.features as isize + 2));
        let sums = sum.index(&[Index::Slice { start, stop: None, step: 1 }])?;
        Ok((sum, sums))
    }

    /// Adds the penalty to the gradient, the loss and the number of rows in `sums`, and divides by the rows.
    fn point(&self, beta: Vec<f64>, on_cluster: DistArray, sum: DistArray, sums: &[f64]) -> Point {
        let (slopes, rest) = sums.split_at(self.features);
        let (loss, rows) = (rest[0], rest[1]);
        let penalised = self.features - usize::from(self.model.intercept);
        let norm: f64 = beta[..penalised].iter().map(|value| value * value).sum();
        let objective = (loss + self.ridge / 2.0 * norm) / rows;
        let mut gradient = slopes.to_vec();
        for (slope, value) in gradient.iter_mut().zip(&beta[..penalised]) {
            *slope += self.ridge * value;
        }
        gradient.iter_mut().for_each(|slope| *slope /= rows);
        Point { beta, on_cluster, sum, objective, gradient }
    }
}

impl Point {
    /// Whether the function and its gradient are numbers here.
    pub(super) fn is_finite(&self) -> bool {
        self.objective.is_finite() && self.gradient.iter().all(|slope| slope.is_finite())
    }

    /// The largest absolute entry of the gradient.
    pub(super) fn steepness(&self) -> f64 {
        self.gradient.iter().fold(0.0, |most, slope| slope.abs().max(most))
    }

    /// Whether a step in a direction of this slope leads to a point that is good enough: the decrease that Armijo asks
    /// for, or, where the change is lost in rounding, a flatter place.
    pub(super) fn accepts(&self, next: &Point, slope: f64) -> bool {
        const SHARE: f64 = 1e-4;
        let change = next.objective - self.objective;
        let good = change <= SHARE * slope && slope < 0.0
            || self.hides(change) && next.steepness() < self.steepness();
        good && next.is_finite()
    }

    /// Whether a change of the objective is lost in its rounding.
    pub(super) fn hides(&self, change: f64) -> bool {
        change.abs() <= 16.0 * f64::EPSILON * self.objective.abs()
    }
}
