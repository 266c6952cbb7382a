//! Linear models on distributed arrays.
//!
//! A fit is a control loop. Each step is a graph that reads the blocks of X once on the nodes that hold them, and returns
//! sums whose size depends only on the number of columns. [`LogisticRegression::fit`] returns at once, so independent fits
//! run at the same time.

mod lbfgs;
mod least_squares;
mod line_search;
mod linear;
mod logistic;
mod newton;
mod objective;
mod predictor;
mod report;

pub use linear::{LinearModel, LinearRegression};
pub use logistic::{LogisticModel, LogisticRegression};
pub use predictor::Predictor;
pub use report::{Convergence, FitWarning, Reason};

use crate::{DistArray, Error};
use objective::Problem;

/// The optimization method of a fit.
///
/// ```
/// use nums::models::{LinearRegression, Solver};
/// assert_eq!(Solver::default(), Solver::Newton);
/// assert_ne!(LinearRegression::new(), LinearRegression::new().solver(Solver::Lbfgs));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Solver {
    /// Newton's method: sums the *d* × *d* Hessian over the rows and factorizes it by Cholesky. It takes few steps and
    /// suits up to a few thousand columns. Source: McCullagh, Nelder, *Generalized Linear Models*, 1989, section 2.5.
    #[default]
    Newton,
    /// The limited-memory BFGS method, which sums only gradients. It takes more steps, each of which is cheaper. The units
    /// of columns do not matter. Sources: Liu, Nocedal, *On the limited memory BFGS method for large scale optimization*,
    /// 1989, with the line search of Moré, Thuente, *Line search algorithms with guaranteed sufficient decrease*, 1994.
    Lbfgs,
}

impl Solver {
    fn name(self) -> &'static str {
        match self {
            Solver::Newton => "newton",
            Solver::Lbfgs => "lbfgs",
        }
    }
}

/// The parameters that all fits have.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Options {
    solver: Solver,
    intercept: bool,
    /// The weight of the penalty ridge/2 |coefficients|².
    ridge: f64,
    tolerance: f64,
    iterations_max: usize,
}

/// Minimizes an objective, and returns the coefficients, with the intercept last if the model has one.
async fn minimise(problem: Problem, options: Options) -> Result<(Predictor, Convergence), Error> {
    let mut solver = options.solver;
    let mut warnings = Vec::new();
    let (mut beta, mut convergence) = match solver {
        Solver::Newton => newton::minimise(&problem, options).await?,
        Solver::Lbfgs => lbfgs::minimise(&problem, options).await?,
    };
    if convergence.reason == Reason::Singular {
        warnings.push(FitWarning::SingularHessian);
        let before = convergence.passes;
        solver = Solver::Lbfgs;
        (beta, convergence) = lbfgs::minimise(&problem, options).await?;
        convergence.passes += before;
    }
    if convergence.reason != Reason::Converged {
        warnings.push(FitWarning::NotConverged {
            solver: solver.name(),
            reason: convergence.reason,
            iterations: convergence.iterations,
            gradient: convergence.gradient,
            tolerance: options.tolerance,
        });
    }
    convergence.warnings = warnings;
    told(&convergence);
    Ok((Predictor::new(beta, options.intercept), convergence))
}

/// Logs the warnings.
fn told(convergence: &Convergence) {
    for warning in &convergence.warnings {
        tracing::warn!("{warning}");
    }
}

impl Options {
    /// Checks the parameters. Errors use the penalty's name in the model.
    fn check(&self, ridge: &'static str) -> Result<(), Error> {
        let within = |value: f64| (0.0..f64::INFINITY).contains(&value);
        for (name, value) in [(ridge, self.ridge), ("tolerance", self.tolerance)] {
            if !within(value) {
                let (value, want) = (value.to_string(), "finite and not negative");
                return Err(Error::Parameter { name, value, want });
            }
        }
        Ok(())
    }
}

/// The shapes of a fit: X (*n* × *c*) and y (*n*) with at least a row.
fn check_shapes(op: &'static str, x: &DistArray, y: &DistArray) -> Result<(), Error> {
    x.check_session(op, y)?;
    let (left, right) = (x.spec().shape(), y.spec().shape());
    if left.len() == 2 && left[0] > 0 && right[..] == left[..1] {
        return Ok(());
    }
    Err(Error::ShapeMismatch { op, left, right })
}
