//! The report of a fit.

use super::objective::Point;
use std::fmt;

/// The most columns that a warning names.
const NAMED_MAX: usize = 16;

/// The convergence report of a fit.
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
    /// Why the fit stopped.
    pub reason: Reason,
    /// The number of steps.
    pub iterations: usize,
    /// The number of passes over the rows. A step whose length had to be reduced takes more than one pass.
    pub passes: usize,
    /// The objective before the first step and after each step: the penalized negative log-likelihood divided by the
    /// number of rows.
    pub objectives: Vec<f64>,
    /// The largest absolute entry of the gradient of the objective after the last step.
    pub gradient: f64,
    /// Warnings about the fit. They also go to `tracing`, and the prompt prints them.
    pub warnings: Vec<FitWarning>,
}

/// A warning about a fit.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// use nums::models::{FitWarning, LinearRegression};
/// let session = nums::Session::embedded(2)?;
/// let once = session.arange(0.0, 10.0, 1.0)?.reshape(&[-1, 1])?;
/// let twice = nums::hstack(&[&once, &once])?;
/// let model = LinearRegression::new().fit(&twice, &once.reshape(&[-1])?).wait()?;
/// let warning = FitWarning::Dependent { rank: 1, columns: 2, dependent: vec![0, 1], constant: vec![] };
/// assert_eq!(model.convergence.warnings, [warning]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FitWarning {
    /// The fit ended before the gradient was below the tolerance.
    NotConverged {
        /// The method.
        solver: &'static str,
        /// Why the fit ended.
        reason: Reason,
        /// The number of steps.
        iterations: usize,
        /// The largest absolute entry of the gradient.
        gradient: f64,
        /// The tolerance.
        tolerance: f64,
    },
    /// The Hessian was not positive definite, so L-BFGS continued the fit instead of Newton's method.
    SingularHessian,
    /// Columns are linearly dependent, so the fit returns the coefficients of least norm.
    Dependent {
        /// The rank of X.
        rank: usize,
        /// The number of columns.
        columns: usize,
        /// The columns that are linear combinations of each other.
        dependent: Vec<usize>,
        /// The columns that are zero, or constant in a fit with an intercept. Their coefficients are 0.
        constant: Vec<usize>,
    },
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
    /// The fit reached the maximum number of steps.
    IterationsMax,
    /// No step along the direction decreases the objective at working precision.
    NoDecrease,
    /// The Hessian is not positive definite.
    Singular,
}

impl Convergence {
    /// Where a method ended, and how it came there.
    pub(super) fn of(
        point: Point,
        reason: Reason,
        passes: usize,
        objectives: Vec<f64>,
    ) -> (Vec<f64>, Convergence) {
        let (iterations, gradient) = (objectives.len() - 1, point.steepness());
        let warnings = Vec::new();
        (point.beta, Convergence { reason, iterations, passes, objectives, gradient, warnings })
    }

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
    ///     warnings: vec![],
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
            Reason::IterationsMax => "it reached the maximum number of iterations",
            Reason::NoDecrease => "no step decreases the objective further",
            Reason::Singular => "the Hessian is not positive definite",
        })
    }
}

impl fmt::Display for Convergence {
    /// Prints the reason, then one line for each warning and each step.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Convergence { reason, iterations, passes, objectives, gradient, warnings } = self;
        writeln!(f, "{reason}: {iterations} iterations, {passes} passes, gradient {gradient:.3e}")?;
        for warning in warnings {
            writeln!(f, "  warning: {warning}")?;
        }
        for (iteration, objective) in objectives.iter().enumerate() {
            writeln!(f, "  {iteration:>3}  objective {objective:.12}")?;
        }
        Ok(())
    }
}

impl fmt::Display for FitWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FitWarning::NotConverged { solver, reason, iterations, gradient, tolerance } => {
                write!(
                    f,
                    "{solver} failed to converge after {iterations} iteration(s): {reason}, and the largest entry of \
                     the gradient is {gradient:.3e}, above the tolerance of {tolerance:.3e}. "
                )?;
                f.write_str(match reason {
                    Reason::IterationsMax => {
                        "Increase the number of iterations (max_iter) or scale the data \
                         (StandardScaler)"
                    }
                    _ => "Scale the data (StandardScaler) or increase the tolerance (tol)",
                })
            }
            FitWarning::SingularHessian => f.write_str(
                "newton stopped and lbfgs continued the fit: the Hessian is not positive definite, for example because \
                 columns are linearly dependent; a penalty makes it positive definite",
            ),
            FitWarning::Dependent { rank, columns, dependent, constant } => {
                write!(f, "X has rank {rank} in {columns} columns: ")?;
                let mut parts = Vec::new();
                if !dependent.is_empty() {
                    let named = listed(dependent);
                    parts.push(format!("{named} are linear combinations of each other"));
                }
                if let [column] = constant[..] {
                    parts.push(format!("column {column} is constant"));
                } else if !constant.is_empty() {
                    parts.push(format!("{} are constant", listed(constant)));
                }
                let which = parts.join(" and ");
                write!(f, "{which}; the fit returns the coefficients of least norm")
            }
        }
    }
}

/// The numbers of some columns, cut to a readable length.
fn listed(columns: &[usize]) -> String {
    let named: Vec<String> = columns.iter().take(NAMED_MAX).map(usize::to_string).collect();
    let more = match columns.len().saturating_sub(NAMED_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("columns {}{more}", named.join(", "))
}
