//! Linear regression by least squares.

use super::objective::Problem;
use super::{Convergence, Options, Predictor, Solver, check_shapes, least_squares, minimise};
use crate::{DistArray, Pending, metrics};
use nums_lshs::GlmFamily;

/// Least squares, perhaps with a penalty on the squares of the coefficients.
///
/// It minimises |y - X w - b|² / 2 + ridge |w|² / 2. The rows, less the means of the columns, are factorised by TSQR, so
/// what is lost to rounding is that of X and not of its square. Where columns are linear combinations of others, or
/// there are more columns than rows, the shortest coefficients are taken that fit, and the fit warns of it with the
/// columns. Some 2 *n* *c*² flops in two passes over X.
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

    /// The weight of the penalty, scikit-learn's `alpha` of `Ridge`; 0 unless said. The intercept is never penalised. A
    /// fit refuses one that is negative or not finite.
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

    /// Whether there is an intercept; there is unless said.
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

    /// How the minimum is looked for; [`Solver::Newton`], which is one factorisation here, unless said.
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

    /// The largest entry of the gradient of the objective, divided by the rows, at which [`Solver::Lbfgs`] ends; 1e-10
    /// unless said.
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

    /// The most steps of [`Solver::Lbfgs`]; 100 unless said.
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

    /// Begins to fit to X (*n* × *c*) and y (*n*), and returns at once.
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
        Pending::begin(&x.session().clone(), async move {
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

impl LinearModel {
    /// Begins to predict a value for each row of X (*n* × *c*), and returns at once; the array of *n* is computed when the
    /// `Pending` is done.
    ///
    /// The `Pending` gives [`Error::Features`](crate::Error::Features) when X has another number of columns, [`Error::NotMatrix`](crate::Error::NotMatrix),
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
        Pending::begin(&x.session().clone(), async move {
            predictor.checked("LinearRegression", &x).await
        })
    }

    /// The share of the variance of y (*n*) that the predictions for X (*n* × *c*) explain: R². As in scikit-learn it is 1
    /// for a y that is constant and predicted exactly, 0 for one that is constant and is not, and NaN for a single row.
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
        Pending::begin(&x.session().clone(), async move {
            check_shapes("score", &x, &y)?;
            let predicted = predictor.checked("LinearRegression", &x).await?;
            metrics::r2(&y, &predicted).await
        })
    }
}
