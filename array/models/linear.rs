//! Linear regression by least squares.

use super::objective::Problem;
use super::{Convergence, Options, Predictor, Solver, check_shapes, minimise};
use crate::{DistArray, Error, Pending};
use nums_lshs::GlmFamily;

/// Least squares, perhaps with a penalty on the squares of the coefficients.
///
/// It minimises |y - X w - b|² / 2 + ridge |w|² / 2. The normal equations are summed in one pass over the rows and
/// solved by Cholesky; a second pass finds what rounding has left over, and the step that it asks for.
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

    /// The weight of the penalty, scikit-learn's `alpha` of `Ridge`; 0 unless said. The intercept is never penalised.
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

    /// How the minimum is looked for; [`Solver::Newton`], which is direct here, unless said.
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

    /// The largest entry of the gradient of the objective, divided by the rows, at which the fit ends; 1e-10 unless
    /// said. It is measured after each pass.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LinearRegression;
    /// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])? * 2.0 + 1.0;
    /// let model = LinearRegression::new().tolerance(1e-6).fit(&x, &y).wait()?;
    /// assert!(model.convergence.gradient <= 1e-6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn tolerance(mut self, tolerance: f64) -> LinearRegression {
        self.options.tolerance = tolerance;
        self
    }

    /// The most steps; 100 unless said.
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
    /// The `Pending` gives [`Error::ShapeMismatch`], [`Error::NotFinite`] for NaN or infinities in the data, and a
    /// kernel's error when columns are linearly dependent and there is no penalty.
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
            let problem = Problem::new(GlmFamily::Normal, &x, &y, options)?;
            let (predictor, convergence) = minimise(problem, options).await?;
            Ok(LinearModel { predictor, convergence })
        })
    }
}

impl LinearModel {
    /// The predicted values for each row of X (*n* × *c*).
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] when X has another number of columns.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LinearRegression;
    /// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])? * 2.0 + 1.0;
    /// let model = LinearRegression::new().fit(&x, &y).wait()?;
    /// let next = model.predict(&(session.ones(&[1, 1])? * 10.0))?.fetch::<f64>().wait()?;
    /// assert!((next[[0]] - 21.0).abs() < 1e-9);
    /// # Ok(())
    /// # }
    /// ```
    pub fn predict(&self, x: &DistArray) -> Result<DistArray, Error> {
        self.predictor.apply(x)
    }

    /// The share of the variance of y (*n*) that the predictions for X (*n* × *c*) explain: R².
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
        let (model, x, y) = (self.clone(), x.clone(), y.clone());
        Pending::begin(&x.session().clone(), async move {
            check_shapes("score", &x, &y)?;
            let total = y.sum().fetch::<f64>().await?[[]];
            let mean = total / y.size() as f64;
            let left = (&y - &model.predict(&x)?).square().sum().fetch::<f64>();
            let all = (&y - mean).square().sum().fetch::<f64>();
            Ok(1.0 - left.await?[[]] / all.await?[[]])
        })
    }
}
