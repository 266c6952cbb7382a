//! Logistic regression for two classes.

use super::objective::Problem;
use super::{Convergence, Options, Predictor, Solver, check_shapes, minimise};
use crate::finite::{float64, refuse_not_finite};
use crate::{DistArray, Error, Pending, metrics};
use nums_lshs::{DType, GlmFamily};
use std::ops::Deref;

/// Logistic regression with an l2 penalty, as scikit-learn's `LogisticRegression`: it minimizes the negative
/// log-likelihood plus |w|² / (2 C). The intercept is never penalized.
///
/// A step of Newton's method reads each block of X once. For d coefficients on k nodes, at most
/// (k - 1)(d(d + 1)/2 + 2d + 2) numbers move between nodes, and the client receives d + 2 numbers and the new coefficients.
///
/// ```
/// use nums::models::LogisticRegression;
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
/// let y = session.from_ndarray(&ndarray::Array1::from_iter((0..20).map(|row| f64::from(row / 11))))?;
/// let model = LogisticRegression::new().c(10.0).fit(&x, &y).wait()?;
/// assert!(model.convergence.converged());
/// assert_eq!(model.score(&x, &y).wait()?, 1.0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogisticRegression {
    c: f64,
    options: Options,
}

/// A fitted logistic regression.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
/// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
/// let model = nums::models::LogisticRegression::new().fit(&x, &y).wait()?;
/// assert!(model.convergence.converged());
/// assert!(model.predictor.coefficients[0] > 0.0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LogisticModel {
    /// The logarithm of the odds of class 1, as a linear function.
    pub predictor: Predictor,
    /// How the fit ended.
    pub convergence: Convergence,
}

impl Default for LogisticRegression {
    fn default() -> LogisticRegression {
        let options = Options {
            solver: Solver::Newton,
            intercept: true,
            ridge: 1.0,
            tolerance: 1e-4,
            iterations_max: 100,
        };
        LogisticRegression { c: 1.0, options }
    }
}

impl LogisticRegression {
    /// A model with scikit-learn's defaults: C = 1, an intercept, a tolerance of 1e-4 and at most 100 iterations.
    ///
    /// ```
    /// use nums::models::LogisticRegression;
    /// assert_eq!(LogisticRegression::new(), LogisticRegression::default().c(1.0).tolerance(1e-4));
    /// ```
    pub fn new() -> LogisticRegression {
        LogisticRegression::default()
    }

    /// Sets C, the inverse of the weight of the penalty. Infinity means no penalty. Default: 1.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LogisticRegression;
    /// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
    /// let strong = LogisticRegression::new().c(1e-3).fit(&x, &y).wait()?;
    /// let weak = LogisticRegression::new().c(1e3).fit(&x, &y).wait()?;
    /// assert!(strong.predictor.coefficients[0] < weak.predictor.coefficients[0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn c(mut self, c: f64) -> LogisticRegression {
        (self.c, self.options.ridge) = (c, c.recip());
        self
    }

    /// Sets whether the model has an intercept. Default: `true`.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LogisticRegression;
    /// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
    /// let model = LogisticRegression::new().intercept(false).fit(&x, &y).wait()?;
    /// assert_eq!(model.predictor.intercept, 0.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn intercept(mut self, intercept: bool) -> LogisticRegression {
        self.options.intercept = intercept;
        self
    }

    /// Sets the optimization method. Default: [`Solver::Newton`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::{LogisticRegression, Solver};
    /// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
    /// let newton = LogisticRegression::new().tolerance(1e-9);
    /// let [a, b] = [newton, newton.solver(Solver::Lbfgs)].map(|model| model.fit(&x, &y));
    /// let difference = a.wait()?.predictor.intercept - b.wait()?.predictor.intercept;
    /// assert!(difference.abs() < 1e-6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn solver(mut self, solver: Solver) -> LogisticRegression {
        self.options.solver = solver;
        self
    }

    /// Sets the tolerance: the fit ends when no entry of the gradient of the objective, divided by the number of rows, is
    /// larger. Default: 1e-4.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LogisticRegression;
    /// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
    /// let model = LogisticRegression::new().tolerance(1e-10).fit(&x, &y).wait()?;
    /// assert!(model.convergence.gradient <= 1e-10);
    /// # Ok(())
    /// # }
    /// ```
    pub fn tolerance(mut self, tolerance: f64) -> LogisticRegression {
        self.options.tolerance = tolerance;
        self
    }

    /// Sets the maximum number of steps. Default: 100.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::{LogisticRegression, Reason};
    /// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
    /// let model = LogisticRegression::new().iterations_max(1).fit(&x, &y).wait()?;
    /// assert_eq!(model.convergence.reason, Reason::IterationsMax);
    /// # Ok(())
    /// # }
    /// ```
    pub fn iterations_max(mut self, iterations: usize) -> LogisticRegression {
        self.options.iterations_max = iterations;
        self
    }

    /// Starts the fit to X (*n* × *c*) and labels y (*n*) of 0 and 1, and returns at once.
    ///
    /// If the Hessian is not positive definite, L-BFGS continues the fit instead of Newton's method, with a warning.
    ///
    /// The `Pending` gives [`Error::ShapeMismatch`], [`Error::Parameter`] for a C that is not positive or a tolerance
    /// that is negative, [`Error::Labels`] for labels that are not 0 and 1 or all the same, [`Error::ContainsNan`] and
    /// [`Error::ContainsInfinity`] with the name of the input, and [`Error::Overflow`] if sums over finite inputs overflow.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LogisticRegression;
    /// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
    /// let model = LogisticRegression::new().fit(&x, &y).wait()?;
    /// assert!(model.convergence.converged());
    /// let refused = LogisticRegression::new().fit(&x, &(y * 2.0)).wait();
    /// assert!(matches!(refused, Err(nums::Error::Labels { others: 9, .. })));
    /// # Ok(())
    /// # }
    /// ```
    pub fn fit(&self, x: &DistArray, y: &DistArray) -> Pending<LogisticModel> {
        let (LogisticRegression { c, options }, x, y) = (*self, x.clone(), y.clone());
        Pending::begin(&x.session_inner().clone(), async move {
            check_shapes("LogisticRegression", &x, &y)?;
            if c.is_nan() || c <= 0.0 {
                return Err(Error::Parameter { name: "C", value: c.to_string(), want: "positive" });
            }
            options.check("1/C")?;
            check_labels(&y).await?;
            let problem = Problem::new(GlmFamily::Bernoulli, &x, &y, options)?;
            let (predictor, convergence) = minimise(problem, options).await?;
            Ok(LogisticModel { predictor, convergence })
        })
    }
}

impl LogisticRegression {
    /// The plan of the first step of Newton's method for X (*n* × *c*) and y (*n*), in the form of
    /// [`DistArray::explain`].
    ///
    /// The `Pending` gives an error when the shapes do not match or the policy finds no plan.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LogisticRegression;
    /// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
    /// let text = LogisticRegression::new().explain_step(&x, &y).wait()?;
    /// assert!(text.contains("glm-partial") && text.contains("newton-update"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn explain_step(&self, x: &DistArray, y: &DistArray) -> Pending<String> {
        let (options, x, y) = (self.options, x.clone(), y.clone());
        Pending::begin(&x.session_inner().clone(), async move {
            check_shapes("LogisticRegression", &x, &y)?;
            let problem = Problem::new(GlmFamily::Bernoulli, &x, &y, options)?;
            problem.first_step()?.explain().await
        })
    }
}

/// Counts the labels: all must be 0 or 1, with at least one of each.
async fn check_labels(y: &DistArray) -> Result<(), Error> {
    let known = y.equal(0.0).logical_or(y.equal(1.0));
    let count = |which: &DistArray| Ok::<_, Error>(float64("fit", which)?.sum().fetch::<f64>());
    let (known, ones) = (count(&known)?, count(&y.equal(1.0))?);
    let (known, ones) = (known.await?[[]] as usize, ones.await?[[]] as usize);
    if known < y.size() {
        refuse_not_finite(&[("y", y)]).await?;
    }
    if known < y.size() || ones == 0 || ones == known {
        return Err(Error::Labels { zeros: known - ones, ones, others: y.size() - known });
    }
    Ok(())
}

/// The coefficients and the intercept, as fields of the model.
impl Deref for LogisticModel {
    type Target = Predictor;

    fn deref(&self) -> &Predictor {
        &self.predictor
    }
}

impl LogisticModel {
    /// Starts to compute the probability of class 1 for each row of X (*n* × *c*), an array of *n* values, and returns at
    /// once.
    ///
    /// The `Pending` gives [`Error::Features`] if X has a different number of columns than in the fit, [`Error::NotMatrix`],
    /// [`Error::ContainsNan`] and [`Error::ContainsInfinity`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LogisticRegression;
    /// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
    /// let model = LogisticRegression::new().fit(&x, &y).wait()?;
    /// let p = model.predict_proba(&x).wait()?.fetch::<f64>().wait()?;
    /// assert!(p[[0]] < 0.1 && p[[19]] > 0.9);
    /// # Ok(())
    /// # }
    /// ```
    pub fn predict_proba(&self, x: &DistArray) -> Pending<DistArray> {
        self.with_odds(x, |odds| Ok(odds.sigmoid()))
    }

    /// Starts to predict the more likely class, 0 or 1 as float64, for each row of X (*n* × *c*), and returns at once.
    ///
    /// The `Pending` gives the errors of [`predict_proba`](Self::predict_proba).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LogisticRegression;
    /// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
    /// let model = LogisticRegression::new().fit(&x, &y).wait()?;
    /// let classes = model.predict(&x).wait()?.fetch::<f64>().wait()?;
    /// assert_eq!((classes[[0]], classes[[19]]), (0.0, 1.0));
    /// let refused = model.predict(&session.full(&[1, 1], f64::NAN)?).wait();
    /// assert!(matches!(refused, Err(nums::Error::ContainsNan { input: "X" })));
    /// # Ok(())
    /// # }
    /// ```
    pub fn predict(&self, x: &DistArray) -> Pending<DistArray> {
        self.with_odds(x, |odds| odds.greater(0.0).astype(DType::Float64))
    }

    /// A function of the log-odds of each row, after a check that they are finite.
    fn with_odds(
        &self,
        x: &DistArray,
        then: impl FnOnce(DistArray) -> Result<DistArray, Error> + Send + 'static,
    ) -> Pending<DistArray> {
        let (predictor, x) = (self.predictor.clone(), x.clone());
        Pending::begin(&x.session_inner().clone(), async move {
            then(predictor.checked("LogisticRegression", &x).await?)
        })
    }

    /// The share of the rows of X (*n* × *c*) for which the prediction equals the class in y (*n*).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// use nums::models::LogisticRegression;
    /// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
    /// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
    /// let model = LogisticRegression::new().c(100.0).fit(&x, &y).wait()?;
    /// assert_eq!(model.score(&x, &y).wait()?, 1.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn score(&self, x: &DistArray, y: &DistArray) -> Pending<f64> {
        let (model, x, y) = (self.clone(), x.clone(), y.clone());
        Pending::begin(&x.session_inner().clone(), async move {
            metrics::accuracy(&y, &model.predict(&x).await?).await
        })
    }
}
