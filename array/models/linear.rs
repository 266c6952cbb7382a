//! Linear regression by least squares.

use super::objective::Problem;
use super::{Convergence, Options, Predictor, Solver, check_shapes, least_squares, minimise};
use crate::{DistArray, Pending, metrics};
use nums_lshs::GlmFamily;
use std::ops::Deref;

/// Least squares, with an optional penalty on the squares of the coefficients.
///
/// The fit minimizes |y - X w - b|² / 2 + ridge |w|² / 2. It factorizes the rows, minus the means of the columns, by TSQR,
/// so the rounding error depends on X and not on XᵀX. If columns are linearly dependent, or if there are more columns than
/// rows, the fit returns the coefficients of least norm, with a warning that names the columns. It takes about
/// 2 *n* *c*² flops in two passes over X.
///
/// Source: J. Demmel, L. Grigori, M. Hoemmen, J. Langou, "Communication-optimal parallel and sequential QR and LU
/// factorizations", 2012.
///
/// ```
/// use nums::models::LinearRegression;
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.arange(0.0, 20.0, 1.0)?.square().reshape(&[10, 2])?;
/// let y = x.dot(&session.from_ndarray(&ndarray::arr1(&[2.0, -1.0]))?) + 3.0;
/// let model = LinearRegression::new().fit(&x, &y).wait()?;
/// assert!((model.predictor.coefficients[1] + 1.0).abs() < 1e-9);
/// assert!((model.predictor.intercept - 3.0).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearRegression {
    options: Options,
}

/// A fitted linear regression.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
/// let y = x.reshape(&[-1])? * 2.0 + 1.0;
/// let model = nums::models::LinearRegression::new().fit(&x, &y).wait()?;
/// assert!(model.convergence.converged());
/// assert!((model.predictor.intercept - 1.0).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LinearModel {
    /// The linear function.
    pub predictor: Predictor,
    /// How the fit ended.
    pub convergence: Convergence,
}

impl Default for LinearRegression {
    fn default() -> LinearRegression {
        let options = Options {
            solver: Solver::Newton,
            intercept: true,
            ridge: 0.0,
            tolerance: 1e-10,
            iterations_max: 100,
        };
        LinearRegression { options }
    }
}

impl LinearRegression {
    /// With an intercept and without a penalty.
    ///
    /// ```
    /// use nums::models::LinearRegression;
    /// assert_eq!(LinearRegression::new(), LinearRegression::default().ridge(0.0).intercept(true));
    /// ```
    pub fn new() -> LinearRegression {
        LinearRegression::default()
    }

    /// Sets the weight of the penalty, scikit-learn's `alpha` of `Ridge`. The intercept is never penalized. A fit refuses a
    /// weight that is negative or not finite. Default: 0.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LinearRegression;
    /// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])? * 2.0 + 1.0;
    /// let model = LinearRegression::new().ridge(82.5).fit(&x, &y).wait()?;
    /// assert!((model.predictor.coefficients[0] - 1.0).abs() < 1e-9);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ridge(mut self, ridge: f64) -> LinearRegression {
        self.options.ridge = ridge;
        self
    }

    /// Sets whether the model has an intercept. Default: `true`.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LinearRegression;
    /// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])? * 2.0 + 1.0;
    /// let model = LinearRegression::new().intercept(false).fit(&x, &y).wait()?;
    /// assert_eq!(model.predictor.intercept, 0.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn intercept(mut self, intercept: bool) -> LinearRegression {
        self.options.intercept = intercept;
        self
    }

    /// Sets the optimization method. Default: [`Solver::Newton`], which takes one factorization for this model.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::{LinearRegression, Solver};
    /// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])? * 2.0 + 1.0;
    /// let model = LinearRegression::new().solver(Solver::Lbfgs).fit(&x, &y).wait()?;
    /// assert!((model.predictor.intercept - 1.0).abs() < 1e-6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn solver(mut self, solver: Solver) -> LinearRegression {
        self.options.solver = solver;
        self
    }

    /// Sets the tolerance of [`Solver::Lbfgs`]: it ends when no entry of the gradient of the objective, divided by the
    /// number of rows, is larger. Default: 1e-10.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::{LinearRegression, Solver};
    /// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])? * 2.0 + 1.0;
    /// let model = LinearRegression::new().solver(Solver::Lbfgs).tolerance(1e-6).fit(&x, &y).wait()?;
    /// assert!(model.convergence.gradient <= 1e-6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn tolerance(mut self, tolerance: f64) -> LinearRegression {
        self.options.tolerance = tolerance;
        self
    }

    /// Sets the maximum number of steps of [`Solver::Lbfgs`]. Default: 100.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::{LinearRegression, Reason, Solver};
    /// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])? * 2.0 + 1.0;
    /// let model = LinearRegression::new().solver(Solver::Lbfgs).iterations_max(1);
    /// let model = model.fit(&x, &y).wait()?;
    /// assert_eq!(model.convergence.reason, Reason::IterationsMax);
    /// # Ok(())
    /// # }
    /// ```
    pub fn iterations_max(mut self, iterations: usize) -> LinearRegression {
        self.options.iterations_max = iterations;
        self
    }

    /// Starts the fit to X (*n* × *c*) and y (*n*) and returns at once.
    ///
    /// The `Pending` gives [`Error::ShapeMismatch`](crate::Error::ShapeMismatch), [`Error::Parameter`](crate::Error::Parameter), [`Error::ContainsNan`](crate::Error::ContainsNan) and
    /// [`Error::ContainsInfinity`](crate::Error::ContainsInfinity) with the input that holds them, and [`Error::Overflow`](crate::Error::Overflow).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LinearRegression;
    /// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])? * 2.0 + 1.0;
    /// let model = LinearRegression::new().fit(&x, &y).wait()?;
    /// assert!((model.predictor.coefficients[0] - 2.0).abs() < 1e-12);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fit(&self, x: &DistArray, y: &DistArray) -> Pending<LinearModel> {
        let (options, x, y) = (self.options, x.clone(), y.clone());
        Pending::begin(&x.session_inner().clone(), async move {
            check_shapes("LinearRegression", &x, &y)?;
            options.check("ridge")?;
            let (predictor, convergence) = match options.solver {
                Solver::Newton => least_squares::fit(&x, &y, options).await?,
                Solver::Lbfgs => {
                    minimise(Problem::new(GlmFamily::Normal, &x, &y, options)?, options).await?
                }
            };
            Ok(LinearModel { predictor, convergence })
        })
    }
}

/// The coefficients and the intercept, as fields of the model.
impl Deref for LinearModel {
    type Target = Predictor;

    fn deref(&self) -> &Predictor {
        &self.predictor
    }
}

impl LinearModel {
    /// Starts to predict a value for each row of X (*n* × *c*) and returns at once. The array of *n* values is computed when
    /// the `Pending` is done.
    ///
    /// The `Pending` gives [`Error::Features`](crate::Error::Features) if X has a different number of columns than in the fit, [`Error::NotMatrix`](crate::Error::NotMatrix),
    /// [`Error::ContainsNan`](crate::Error::ContainsNan) and [`Error::ContainsInfinity`](crate::Error::ContainsInfinity).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LinearRegression;
    /// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])? * 2.0 + 1.0;
    /// let model = LinearRegression::new().fit(&x, &y).wait()?;
    /// let next = model.predict(&(session.ones(&[1, 1])? * 10.0)).wait()?.fetch::<f64>().wait()?;
    /// assert!((next[[0]] - 21.0).abs() < 1e-9);
    /// # Ok(())
    /// # }
    /// ```
    pub fn predict(&self, x: &DistArray) -> Pending<DistArray> {
        let (predictor, x) = (self.predictor.clone(), x.clone());
        Pending::begin(&x.session_inner().clone(), async move {
            predictor.checked("LinearRegression", &x).await
        })
    }

    /// The coefficient of determination R² of the predictions for X (*n* × *c*) and y (*n*), as
    /// [`r2`](crate::metrics::r2).
    ///
    /// The `Pending` gives [`Error::ShapeMismatch`](crate::Error::ShapeMismatch), and the errors of [`predict`](Self::predict) for X and y.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LinearRegression;
    /// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])? * 2.0 + 1.0;
    /// let model = LinearRegression::new().fit(&x, &y).wait()?;
    /// assert!(model.score(&x, &y).wait()? > 1.0 - 1e-12);
    /// # Ok(())
    /// # }
    /// ```
    pub fn score(&self, x: &DistArray, y: &DistArray) -> Pending<f64> {
        let (predictor, x, y) = (self.predictor.clone(), x.clone(), y.clone());
        Pending::begin(&x.session_inner().clone(), async move {
            check_shapes("score", &x, &y)?;
            let predicted = predictor.checked("LinearRegression", &x).await?;
            metrics::r2(&y, &predicted).await
        })
    }
}
