//! How a fit ended.

use std::fmt;

/// What a fit did, step by step.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
/// let fit = nums::models::LinearRegression::new().fit(&x, &x.reshape(&[-1])?);
/// let convergence = fit.wait()?.convergence;
/// assert_eq!(convergence.objectives.len(), convergence.iterations + 1);
/// println!("{convergence}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Convergence {
    /// Why it stopped.
    pub reason: Reason,
    /// The steps that were taken.
    pub iterations: usize,
    /// The passes over the rows, which are more than the steps where a step had to be cut.
    pub passes: usize,
    /// The objective before the first step and after each: the penalised negative log-likelihood divided by the rows.
    pub objectives: Vec<f64>,
    /// The largest absolute entry of the gradient of that objective, at the end.
    pub gradient: f64,
}

/// Why a fit stopped.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// use nums::models::{LogisticRegression, Reason};
/// let session = nums::Session::embedded(2)?;
/// let x = session.arange(-5.0, 5.0, 0.5)?.reshape(&[-1, 1])?;
/// let y = x.reshape(&[-1])?.greater(0.3).astype(nums::DType::Float64)?;
/// let hurried = LogisticRegression::new().iterations_max(1).tolerance(1e-12).fit(&x, &y).wait()?;
/// assert_eq!(hurried.convergence.reason, Reason::IterationsMax);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No entry of the gradient is larger than the tolerance.
    Converged,
    /// As many steps were taken as are allowed.
    IterationsMax,
    /// No step along the direction makes the objective smaller in the precision of the numbers.
    NoDecrease,
}

impl Convergence {
    /// Whether the tolerance was reached.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let convergence = nums::models::Convergence {
    ///     reason: nums::models::Reason::Converged,
    ///     iterations: 1,
    ///     passes: 2,
    ///     objectives: vec![0.5, 0.25],
    ///     gradient: 0.0,
    /// };
    /// assert!(convergence.converged());
    /// assert!(convergence.to_string().starts_with("converged: 1 iterations, 2 passes"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn converged(&self) -> bool {
        self.reason == Reason::Converged
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Converged => "converged",
            Reason::IterationsMax => "the most iterations that are allowed were taken",
            Reason::NoDecrease => "no step decreases the objective any more",
        })
    }
}

impl fmt::Display for Convergence {
    /// The reason, then a line for each step.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Convergence { reason, iterations, passes, objectives, gradient } = self;
        writeln!(f, "{reason}: {iterations} iterations, {passes} passes, gradient {gradient:.3e}")?;
        for (iteration, objective) in objectives.iter().enumerate() {
            writeln!(f, "  {iteration:>3}  objective {objective:.12}")?;
        }
        Ok(())
    }
}
