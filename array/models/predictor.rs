//! The fitted linear function of a model.

use crate::finite::refuse_not_finite;
use crate::preprocessing::check_features;
use crate::{DistArray, Error, Session};
use ndarray::Array1;

/// A linear function of the columns. It is plain data, so it can outlive its session.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let predictor = nums::models::Predictor { coefficients: ndarray::arr1(&[2.0]), intercept: 1.0 };
/// let y = predictor.apply(&session.ones(&[3, 1])?)?;
/// assert_eq!(y.fetch::<f64>().wait()?, ndarray::arr1(&[3.0, 3.0, 3.0]).into_dyn());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Predictor {
    /// A coefficient for each column.
    pub coefficients: Array1<f64>,
    /// The intercept; 0 for a model without one.
    pub intercept: f64,
}

impl Predictor {
    /// Makes a predictor from coefficients, with the intercept last if there is one.
    pub(super) fn new(mut beta: Vec<f64>, intercept: bool) -> Predictor {
        let intercept = if intercept { beta.pop().unwrap_or(0.0) } else { 0.0 };
        Predictor { coefficients: Array1::from_vec(beta), intercept }
    }

    /// The value of the function for each row of X (*n* × *c*), an array of *n* values. It is NaN for a row with NaN. Only
    /// the coefficients move.
    ///
    /// # Errors
    /// [`Error::Features`] if X has a different number of columns than the model, and [`Error::NotMatrix`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// let predictor = nums::models::Predictor {
    ///     coefficients: ndarray::arr1(&[1.0, -1.0]),
    ///     intercept: 0.5,
    /// };
    /// let x = session.arange(0.0, 4.0, 1.0)?.reshape(&[2, 2])?;
    /// let y = predictor.apply(&x)?.fetch::<f64>().wait()?;
    /// assert_eq!(y, ndarray::arr1(&[-0.5, -0.5]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn apply(&self, x: &DistArray) -> Result<DistArray, Error> {
        self.apply_as("Predictor", x)
    }

    fn apply_as(&self, model: &'static str, x: &DistArray) -> Result<DistArray, Error> {
        check_features(model, x, self.coefficients.len())?;
        let session = Session { inner: x.session_inner().clone() };
        let coefficients = session.from_ndarray(&self.coefficients)?;
        Ok(x.try_matmul(&coefficients)? + self.intercept)
    }

    /// The function for each row of X, computed and looked at: what is not finite in a row makes its value so, whatever
    /// the coefficients are.
    ///
    /// # Errors
    /// Those of [`apply`](Self::apply), [`Error::ContainsNan`] and [`Error::ContainsInfinity`].
    pub(super) async fn checked(
        &self,
        model: &'static str,
        x: &DistArray,
    ) -> Result<DistArray, Error> {
        let values = self.apply_as(model, x)?;
        if !values.isfinite().all().fetch::<bool>().await?[[]] {
            refuse_not_finite(&[("X", x)]).await?;
        }
        Ok(values)
    }
}
