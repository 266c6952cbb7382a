//! Products and fits: what is bound by arithmetic.

use crate::{Outcome, Run, number, uniform};
use nums::models::{Convergence, LogisticRegression, Reason, Solver};
use nums::{DistArray, Index, Session, linalg};

/// Steps of a fit, each of which reads all rows. Where rounding ends one earlier, another takes the steps that are left;
/// the step that it refused has read all rows too.
const STEPS: usize = 10;

pub(crate) fn matmul(session: &Session, n: usize) -> Outcome<Run> {
    let (a, b) = (uniform(session, 1, &[n, n])?, uniform(session, 2, &[n, n])?);
    let session = session.clone();
    Ok(Box::new(move || {
        let c = a.dot(&b);
        let sum = c.sum();
        session.eval(&[&c, &sum]).wait()?;
        number(&sum)
    }))
}

pub(crate) fn xtx(session: &Session, rows: usize, columns: usize) -> Outcome<Run> {
    let x = uniform(session, 1, &[rows, columns])?;
    let session = session.clone();
    Ok(Box::new(move || {
        let product = x.t().dot(&x);
        let sum = product.sum();
        session.eval(&[&product, &sum]).wait()?;
        number(&sum)
    }))
}

pub(crate) fn newton(session: &Session, rows: usize, columns: usize) -> Outcome<Run> {
    fit(session, rows, columns, Solver::Newton)
}

pub(crate) fn lbfgs(session: &Session, rows: usize, columns: usize) -> Outcome<Run> {
    fit(session, rows, columns, Solver::Lbfgs)
}

fn fit(session: &Session, rows: usize, columns: usize, solver: Solver) -> Outcome<Run> {
    let x = uniform(session, 1, &[rows, columns])?;
    let y = labels(session, &x)?;
    // It is to take its steps, not to converge.
    let model = LogisticRegression::new().solver(solver).intercept(false);
    let model = model.tolerance(0.0).iterations_max(STEPS);
    Ok(Box::new(move || {
        let fitted = model.fit(&x, &y).wait()?;
        let mut steps = taken(&fitted.convergence);
        while steps < STEPS {
            let rest = model.iterations_max(STEPS - steps).fit(&x, &y).wait()?;
            steps += taken(&rest.convergence);
        }
        Ok(fitted.predictor.coefficients.iter().map(|value| value.abs()).sum())
    }))
}

/// The steps of a fit: those that went down, and the one that was refused at its end.
fn taken(convergence: &Convergence) -> usize {
    let refused = usize::from(convergence.reason == Reason::NoDecrease);
    (convergence.iterations + refused).max(1)
}

/// Classes that a linear rule with noise gives, as `data.py` makes them.
fn labels(session: &Session, x: &DistArray) -> Outcome<DistArray> {
    let [rows, columns] = x.shape()[..] else { return Err("X is a matrix".into()) };
    let weights = session.linspace(-1.0, 1.0, columns, true)?;
    let noise = session.random(99).random(&[rows])? - 0.5;
    let score = (x - 0.5).dot(&weights) + noise * 2.0;
    let labels = score.greater(0.0).astype(nums::DType::Float64)?;
    labels.eval().wait()?;
    Ok(labels)
}

/// The matricised tensor times the Khatri-Rao product of two factors, along the first axis.
pub(crate) fn mttkrp(session: &Session, n: usize, rank: usize) -> Outcome<Run> {
    let x = uniform(session, 1, &[n, n, n])?;
    let (b, c) = (uniform(session, 2, &[n, rank])?, uniform(session, 3, &[n, rank])?);
    let session = session.clone();
    Ok(Box::new(move || {
        let product = nums::einsum("ijk,kr,jr->ir", &[&x, &c, &b])?;
        let sum = product.sum();
        session.eval(&[&product, &sum]).wait()?;
        number(&sum)
    }))
}

pub(crate) fn tensordot(session: &Session, n: usize, rank: usize) -> Outcome<Run> {
    let (x, y) = (uniform(session, 1, &[n, n, n])?, uniform(session, 2, &[n, n, rank])?);
    let session = session.clone();
    Ok(Box::new(move || {
        let product = x.tensordot(&y, 2)?;
        let sum = product.sum();
        session.eval(&[&product, &sum]).wait()?;
        number(&sum)
    }))
}

pub(crate) fn qr_r(session: &Session, rows: usize, columns: usize) -> Outcome<Run> {
    let x = uniform(session, 1, &[rows, columns])?;
    Ok(Box::new(move || number(&linalg::qr_r(&x)?.abs().sum())))
}

pub(crate) fn qr(session: &Session, rows: usize, columns: usize) -> Outcome<Run> {
    let x = uniform(session, 1, &[rows, columns])?;
    let session = session.clone();
    Ok(Box::new(move || {
        let (q, r) = linalg::qr(&x)?;
        session.eval(&[&q, &r]).wait()?;
        let last = q.index(&[Index::At(-1), Index::At(-1)])?;
        Ok(number(&r.abs().sum())? + number(&last)?.abs())
    }))
}

/// Of a matrix whose diagonal dominates.
pub(crate) fn cholesky(session: &Session, n: usize) -> Outcome<Run> {
    let x = uniform(session, 1, &[n, n])?;
    let a = &x + &x.t() + session.identity(n)? * n as f64;
    a.eval().wait()?;
    Ok(Box::new(move || {
        let factor = linalg::cholesky(&a)?;
        factor.eval().wait()?;
        number(&factor.sum())
    }))
}
