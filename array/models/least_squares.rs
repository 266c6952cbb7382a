//! Linear regression by one factorization. It finds the rank, and its rounding error depends on X and not on XᵀX.
//!
//! [1 X y], minus the means of the columns, is factorized by TSQR. The part of its triangle after the first column is the
//! factor of the centered columns. The rest is a small dense problem whose size depends only on the number of columns.

use super::{Convergence, FitWarning, Options, Predictor, Reason, told};
use crate::finite::{float64, refuse_not_finite};
use crate::{DistArray, Error, Session, linalg};
use ndarray::Array2;
use nums_actors::{LeastSquares, least_squares};
use nums_lshs::array_op::{ArraySpec, Concatenate};
use nums_lshs::{DType, Grid, Shape};

/// Fits to X (*n* × *c*) and y (*n*), whose shapes fit.
///
/// Two passes over X, or one without an intercept. On k nodes some (k - 1)(c + 2)²/2 numbers move for the triangle, which
/// comes to the client. A matrix with no more rows than columns comes as it is, less its means.
pub(super) async fn fit(
    x: &DistArray,
    y: &DistArray,
    options: Options,
) -> Result<(Predictor, Convergence), Error> {
    let (x, y) = (float64("fit", x)?, float64("fit", y)?);
    // A penalty weighs the coefficients in their own units.
    let scales = if options.ridge == 0.0 { Scales::of(&x, &y).await? } else { None };
    let Some(scales) = scales else { return fit_in_range(&x, &y, options).await };
    let (x, y) = scales.applied(&x, &y)?;
    let (predictor, convergence) = fit_in_range(&x, &y, options).await?;
    Ok((scales.undone(predictor), scales.undone_of(convergence)))
}

/// Powers of two that bring columns and y near 1, so that no square leaves the range of float64.
struct Scales {
    of_x: Vec<i32>,
    of_y: i32,
}

impl Scales {
    /// Exponents beyond which squares, or their sums over many rows, may overflow or lose their digits.
    const SAFE: std::ops::RangeInclusive<i32> = -400..=400;

    /// The powers for X and y; `None` where all is within range, or not finite.
    async fn of(x: &DistArray, y: &DistArray) -> Result<Option<Scales>, Error> {
        if x.size() == 0 {
            return Ok(None);
        }
        let (of_x, of_y) = (x.abs().max_axis(0)?.fetch::<f64>(), y.abs().max().fetch::<f64>());
        let (of_x, of_y) = (of_x.await?, of_y.await?[[]]);
        let largest = of_x.iter().chain([&of_y]);
        if largest.clone().any(|size| !size.is_finite())
            || largest.clone().all(|&size| size == 0.0 || Scales::SAFE.contains(&exponent(size)))
        {
            return Ok(None);
        }
        let of_x = of_x.iter().map(|&size| exponent(size)).collect();
        Ok(Some(Scales { of_x, of_y: exponent(of_y) }))
    }

    fn applied(&self, x: &DistArray, y: &DistArray) -> Result<(DistArray, DistArray), Error> {
        let session = Session { inner: x.session_inner().clone() };
        // Two factors each, of which neither is out of range.
        let factors = |exponents: &[i32], half: fn(i32) -> i32| {
            let factors = exponents.iter().map(|&exponent| 2f64.powi(half(-exponent)));
            session.from_ndarray(&ndarray::Array1::from_iter(factors))
        };
        let halves: [fn(i32) -> i32; 2] =
            [|exponent| exponent / 2, |exponent| exponent - exponent / 2];
        let (mut scaled, mut scaled_y) = (x.clone(), y.clone());
        for half in halves {
            scaled = scaled.try_mul(&factors(&self.of_x, half)?)?;
            scaled_y = scaled_y.try_mul(2f64.powi(half(-self.of_y)))?;
        }
        Ok((scaled, scaled_y))
    }

    /// The predictor of what was scaled.
    fn undone(&self, predictor: Predictor) -> Predictor {
        let scaled = predictor.coefficients.iter().zip(&self.of_x);
        let coefficients = scaled.map(|(&w, &of_x)| times_power(w, self.of_y - of_x)).collect();
        Predictor { coefficients, intercept: times_power(predictor.intercept, self.of_y) }
    }

    /// The report in the units of y; the gradient is that of the scaled columns.
    fn undone_of(&self, mut convergence: Convergence) -> Convergence {
        let objectives = convergence.objectives.iter_mut();
        objectives.for_each(|objective| *objective = times_power(*objective, 2 * self.of_y));
        convergence
    }
}

/// The exponent of the power of two below a positive number, at least -1023; 0 for 0.
fn exponent(size: f64) -> i32 {
    if size == 0.0 { 0 } else { (size.to_bits() >> 52) as i32 - 1023 }
}

/// x times a power of two, in two steps of which neither leaves the range where the product does not.
fn times_power(x: f64, exponent: i32) -> f64 {
    x * 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2)
}

/// Like [`fit`], of numbers whose squares are within the range of float64.
async fn fit_in_range(
    x: &DistArray,
    y: &DistArray,
    options: Options,
) -> Result<(Predictor, Convergence), Error> {
    let (rows, columns) = (x.spec().shape()[0], x.spec().shape()[1]);
    let means = match options.intercept {
        true => Some(means(x, y).await?),
        false => None,
    };
    let factor = factor(x, y, means.as_ref())?.fetch::<f64>().await?;
    let factor = factor.into_dimensionality().map_err(internal)?;
    let small = Small { rows, columns, factor, means, ridge: options.ridge };
    if small.factor.iter().any(|value: &f64| !value.is_finite()) {
        refuse_not_finite(&[("X", x), ("y", y)]).await?;
        return Err(Error::Overflow { what: "a linear regression" });
    }
    let solved = x.session_inner().runtime().spawn_blocking(move || small.solve()).await;
    let (predictor, mut convergence) = solved.map_err(internal)??;
    convergence.passes = 1 + usize::from(options.intercept);
    told(&convergence);
    Ok((predictor, convergence))
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal { reason: error.to_string() }
}

/// The means of the columns and of y, up to rounding, which what follows takes away.
async fn means(x: &DistArray, y: &DistArray) -> Result<(Vec<f64>, f64), Error> {
    let rows = x.spec().shape()[0] as f64;
    let (of_x, of_y) = (x.sum_axis(0)?.fetch::<f64>(), y.sum().fetch::<f64>());
    let of_x = of_x.await?.iter().map(|sum| sum / rows).collect();
    Ok((of_x, of_y.await?[[]] / rows))
}

/// [1 X y], less the means, as the triangle of its factorization, or as it is where that has no more rows. Nobody holds
/// what is computed on the way when the work begins, so its blocks go as they are read.
fn factor(
    x: &DistArray,
    y: &DistArray,
    means: Option<&(Vec<f64>, f64)>,
) -> Result<DistArray, Error> {
    let session = Session { inner: x.session_inner().clone() };
    let _deferred = session.defer();
    let rows = x.spec().shape()[0];
    let y = y.expand_dims(&[1])?;
    let whole = match means {
        None => beside(x, &[x, &y])?,
        Some((of_x, of_y)) => {
            let of_x = session.from_ndarray(&ndarray::ArrayView1::from(of_x))?;
            let ones = session.ones(&[rows, 1])?;
            beside(x, &[&ones, &x.try_sub(&of_x)?, &y.try_sub(*of_y)?])?
        }
    };
    if rows <= whole.spec().shape()[1] { Ok(whole) } else { linalg::triangle(&whole) }
}

/// Columns beside each other, with the rows of each block where those of X are.
fn beside(x: &DistArray, parts: &[&DistArray]) -> Result<DistArray, Error> {
    let width = parts.iter().map(|part| part.spec().shape()[1]).sum();
    let whole = Grid::single(&Shape::new([x.spec().shape()[0], width])?);
    let grid = Grid::from_axes(&[(x.grid(), 0), (&whole, 1)]);
    let spec = ArraySpec::with_grid(DType::Float64, grid, x.session_inner().rule.places);
    DistArray::new(x.session_inner(), Concatenate { axis: 1, spec }, parts)
}

/// The problem that is left when the rows are factored away.
struct Small {
    rows: usize,
    columns: usize,
    /// A matrix of which AᵀA is that of [1 X y] less the means, with the first column where there is an intercept.
    factor: Array2<f64>,
    means: Option<(Vec<f64>, f64)>,
    ridge: f64,
}

impl Small {
    fn solve(&self) -> Result<(Predictor, Convergence), Error> {
        let (rows, columns) = (self.rows as f64, self.columns);
        let centred = self.centred()?;
        let height = centred.nrows();
        let mut a = centred.slice(ndarray::s![.., ..columns]).to_owned();
        let mut b = centred.column(columns).to_vec();
        // What is constant up to rounding says nothing beside an intercept.
        let mut constant = Vec::new();
        for column in 0..columns {
            let mean = self.means.as_ref().map_or(0.0, |(means, _)| means[column]);
            if is_constant(a.column(column).iter(), mean, rows) {
                a.column_mut(column).fill(0.0);
                constant.push(column);
            }
        }
        let mean = self.means.as_ref().map_or(0.0, |(_, mean)| *mean);
        if is_constant(b.iter(), mean, rows) {
            b.fill(0.0);
        }
        let flat: Vec<f64> = a.iter().copied().collect();
        let tolerance = f64::EPSILON * self.rows.max(columns) as f64;
        let found = least_squares(&flat, columns, &b, self.ridge, tolerance);
        let LeastSquares { solution, rank, dependent } =
            found.ok_or(Error::Overflow { what: "a linear regression" })?;

        let mut left = b;
        for (row, left) in left.iter_mut().enumerate() {
            let product: f64 = a.row(row).iter().zip(&solution).map(|(a, w)| a * w).sum();
            *left -= product;
        }
        let penalty = self.ridge * squares(&solution);
        let gradient = (0..columns).map(|column| {
            let slope: f64 = (0..height).map(|row| -a[(row, column)] * left[row]).sum();
            ((slope + self.ridge * solution[column]) / rows).abs()
        });
        let gradient = gradient.fold(0.0, f64::max);
        let objectives =
            vec![self.squares_of_y() / 2.0 / rows, (squares(&left) + penalty) / 2.0 / rows];
        let mut warnings = Vec::new();
        if rank < columns && self.ridge == 0.0 {
            warnings.push(FitWarning::Dependent { rank, columns, dependent, constant });
        }
        let (reason, iterations, passes) = (Reason::Converged, 1, 0);
        let intercept = self.intercept(&solution);
        let predictor = Predictor { coefficients: solution.into(), intercept };
        let convergence =
            Convergence { reason, iterations, passes, objectives, gradient, warnings };
        Ok((predictor, convergence))
    }

    /// The factor of the centered columns: what is left behind a first column of ones, after reflections where the rows
    /// are those of the data.
    fn centred(&self) -> Result<Array2<f64>, Error> {
        if self.means.is_none() {
            return Ok(self.factor.clone());
        }
        if self.factor.nrows() == self.factor.ncols() && self.rows > self.factor.nrows() {
            return Ok(self.factor.slice(ndarray::s![1.., 1..]).to_owned());
        }
        let mut centred = self.factor.slice(ndarray::s![.., 1..]).to_owned();
        for mut column in centred.columns_mut() {
            let mean = column.sum() / self.rows as f64;
            column -= mean;
        }
        Ok(centred)
    }

    /// How far the means are from those that the sums gave: those of X, then that of y.
    fn corrections(&self) -> Vec<f64> {
        let rows = self.rows as f64;
        let behind = self.factor.columns().into_iter().skip(1);
        if self.factor.nrows() == self.factor.ncols() && self.rows > self.factor.nrows() {
            // The first row of the triangle is the products with a column of ones of length 1.
            behind.map(|column| column[0] / rows.sqrt()).collect()
        } else {
            behind.map(|column| column.sum() / rows).collect()
        }
    }

    /// The intercept, with which the predictions have the mean of y.
    fn intercept(&self, solution: &[f64]) -> f64 {
        let Some((of_x, of_y)) = &self.means else { return 0.0 };
        let corrections = self.corrections();
        let means = of_x.iter().zip(&corrections).map(|(mean, correction)| mean + correction);
        let part: f64 = means.zip(solution).map(|(mean, w)| mean * w).sum();
        of_y + corrections[self.columns] - part
    }

    /// The squares of y, which a model that predicts 0 leaves.
    fn squares_of_y(&self) -> f64 {
        let column = self.factor.column(self.factor.ncols() - 1);
        let around = squares(column.as_slice().unwrap_or(&column.to_vec()));
        let Some((_, mean)) = &self.means else { return around };
        let correction = self.corrections()[self.columns];
        around + self.rows as f64 * mean * (2.0 * correction + mean)
    }
}

/// Whether a centered column is no more than what rounding makes of a constant one; the bound is that of Chan, Golub and
/// LeVeque (1983), as for the scaler.
fn is_constant<'a>(column: impl Iterator<Item = &'a f64>, mean: f64, rows: f64) -> bool {
    let variance = column.map(|value| value * value).sum::<f64>() / rows;
    crate::preprocessing::is_constant(variance, mean, rows)
}

fn squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}
