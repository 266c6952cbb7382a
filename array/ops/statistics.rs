//! Weighted means and covariances.

use crate::{Axes, DistArray, Error};
use nums_lshs::DType;

impl DistArray {
    /// The mean along axes, with the elements of `weights`, which are broadcast to the array, as weights; NaN where the
    /// weights of a mean add up to 0.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`] and [`Error::RepeatedAxis`], and when the shapes cannot be broadcast together.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let (x, w) = (session.array([1.0, 2.0, 4.0])?, session.array([1, 1, 2])?);
    /// assert_eq!(x.average(&w, 0)?.item::<f64>().wait()?, 2.75);
    /// # Ok(())
    /// # }
    /// ```
    pub fn average(&self, weights: &DistArray, axes: impl Into<Axes>) -> Result<DistArray, Error> {
        let axes = axes.into();
        let weights = weights.broadcast_to(self.shape())?;
        let sum = self.try_mul(&weights)?.sum_axis(axes.clone())?;
        sum.try_div(weights.sum_axis(axes)?)
    }

    /// The covariances of the variables in the rows of a matrix, whose columns are observations. `ddof` is taken off the
    /// number of observations before it divides.
    ///
    /// # Errors
    /// [`Error::Dimensions`] if the array does not have two axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.array([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]])?;
    /// assert_eq!(x.cov(1)?.to_vec::<f64>().wait()?, [1.0, -1.0, -1.0, 1.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cov(&self, ddof: u32) -> Result<DistArray, Error> {
        let [_, observations] = self.shape()[..] else {
            return Err(Error::Dimensions { want: 2, have: self.ndim() });
        };
        let x = match self.dtype() {
            DType::Complex64 | DType::Complex128 => self.astype(DType::Complex128)?,
            _ => self.astype(DType::Float64)?,
        };
        let x = x.try_sub(x.keepdims().mean_axis(1)?)?;
        let free = observations as f64 - f64::from(ddof);
        x.try_matmul(&x.conj().t())?.try_div(free.max(0.0))
    }

    /// Pearson's correlation coefficients of the variables in the rows of a matrix, whose columns are observations.
    ///
    /// # Errors
    /// Those of [`cov`](Self::cov).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.array([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]])?;
    /// assert_eq!(x.corrcoef()?.to_vec::<f64>().wait()?, [1.0, -1.0, -1.0, 1.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn corrcoef(&self) -> Result<DistArray, Error> {
        self.cov(1)?.correlations()
    }

    /// The correlation coefficients of a matrix of covariances.
    ///
    /// # Errors
    /// [`Error::Dimensions`] if the array does not have two axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let c = session.array([[4.0, 2.0], [2.0, 4.0]])?.correlations()?;
    /// assert_eq!(c.to_vec::<f64>().wait()?, [1.0, 0.5, 0.5, 1.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn correlations(&self) -> Result<DistArray, Error> {
        let deviations = self.diag()?.real().sqrt();
        let c = self.try_div(deviations.expand_dims(1)?)?.try_div(&deviations)?;
        // Rounding may take a coefficient beyond 1.
        match c.dtype().is_complex() {
            true => Ok(c),
            false => c.clip(-1.0, 1.0),
        }
    }
}
