//! Columns of mean 0 and standard deviation 1.

use crate::{DistArray, Error, Pending, Session};
use ndarray::Array1;
use nums_lshs::DType;

/// Learns the mean and the standard deviation of each column, as scikit-learn's `StandardScaler`.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.random(7).normal(5.0, 3.0, &[1000, 2])?;
/// let scaled = nums::preprocessing::StandardScaler::new().fit(&x).wait()?.transform(&x)?;
/// assert!(scaled.mean().fetch::<f64>().wait()?[[]].abs() < 1e-12);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StandardScaler;

/// The means and scales of some columns. Plain data: it outlives its session.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.from_ndarray(&ndarray::arr2(&[[1.0, 5.0], [3.0, 5.0]]))?;
/// let fitted = nums::preprocessing::StandardScaler::new().fit(&x).wait()?;
/// assert_eq!((fitted.mean, fitted.scale), (ndarray::arr1(&[2.0, 5.0]), ndarray::arr1(&[1.0, 1.0])));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FittedScaler {
    /// The mean of each column.
    pub mean: Array1<f64>,
    /// The variance of each column, over *n* and not *n* - 1.
    pub variance: Array1<f64>,
    /// What each column is divided by: its standard deviation, or 1 where it is constant up to rounding.
    pub scale: Array1<f64>,
}

impl StandardScaler {
    /// A scaler.
    ///
    /// ```
    /// use nums::preprocessing::StandardScaler;
    /// assert_eq!(StandardScaler::new(), StandardScaler);
    /// ```
    pub fn new() -> StandardScaler {
        StandardScaler
    }

    /// Begins to learn from X (*n* × *c*), and returns at once. The variance is that of the differences from the mean,
    /// so it keeps its digits where the mean is large; two passes over X, and 2 *c* numbers come to the client.
    ///
    /// The `Pending` gives [`Error::NotMatrix`] and [`Error::NoRows`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.from_ndarray(&ndarray::arr2(&[[1.0, 5.0], [3.0, 5.0]]))?;
    /// let scaler = nums::preprocessing::StandardScaler::new().fit(&x).wait()?;
    /// let scaled = scaler.transform(&x)?;
    /// assert_eq!(scaled.fetch::<f64>().wait()?, ndarray::arr2(&[[-1.0, 0.0], [1.0, 0.0]]).into_dyn());
    /// let back = scaler.inverse_transform(&scaled)?;
    /// assert_eq!(back.fetch::<f64>().wait()?, x.fetch::<f64>().wait()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fit(self, x: &DistArray) -> Pending<FittedScaler> {
        let x = x.clone();
        Pending::begin(&x.session().clone(), async move {
            let shape = x.spec().shape();
            if shape.len() != 2 {
                return Err(Error::NotMatrix { op: "StandardScaler", shape });
            }
            if shape[0] == 0 {
                return Err(Error::NoRows { op: "StandardScaler" });
            }
            let (rows, x) = (shape[0] as f64, x.astype(DType::Float64)?);
            let mean = x.sum_axes(&[0])? / rows;
            let variance = (&x - &mean).square().sum_axes(&[0])? / rows;
            let variance = column(&variance).await?;
            let mean = column(&mean).await?;
            let pairs = variance.iter().zip(&mean);
            let scale = pairs.map(|(&variance, &mean)| scale(variance, mean, rows)).collect();
            Ok(FittedScaler { mean, variance, scale })
        })
    }
}

impl FittedScaler {
    /// X (*n* × *c*) less the means, divided by the scales; computed together with what reads it.
    ///
    /// # Errors
    /// When X has another number of columns.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// let x = session.from_ndarray(&ndarray::arr2(&[[1.0], [3.0]]))?;
    /// let scaler = nums::preprocessing::StandardScaler::new().fit(&x).wait()?;
    /// let scaled = scaler.transform(&x)?.fetch::<f64>().wait()?;
    /// assert_eq!(scaled, ndarray::arr2(&[[-1.0], [1.0]]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn transform(&self, x: &DistArray) -> Result<DistArray, Error> {
        let session = Session { inner: x.session().clone() };
        let (mean, scale) = (session.from_ndarray(&self.mean)?, session.from_ndarray(&self.scale)?);
        x.try_sub(&mean)?.try_div(&scale)
    }

    /// What [`transform`](Self::transform) was given, up to rounding.
    ///
    /// # Errors
    /// When X has another number of columns.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// # let session = nums::Session::embedded(2)?;
    /// let x = session.from_ndarray(&ndarray::arr2(&[[1.0], [3.0]]))?;
    /// let scaler = nums::preprocessing::StandardScaler::new().fit(&x).wait()?;
    /// let far = scaler.inverse_transform(&session.zeros(&[1, 1])?)?.fetch::<f64>().wait()?;
    /// assert_eq!(far[[0, 0]], 2.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn inverse_transform(&self, x: &DistArray) -> Result<DistArray, Error> {
        let session = Session { inner: x.session().clone() };
        let (mean, scale) = (session.from_ndarray(&self.mean)?, session.from_ndarray(&self.scale)?);
        x.try_mul(&scale)?.try_add(&mean)
    }
}

async fn column(array: &DistArray) -> Result<Array1<f64>, Error> {
    Ok(array.fetch::<f64>().await?.iter().copied().collect())
}

/// The standard deviation, or 1 where the variance is no more than what rounding makes of a constant column: the bound
/// of Chan, Golub and LeVeque (1983) for the two-pass algorithm, which scikit-learn uses as well.
fn scale(variance: f64, mean: f64, rows: f64) -> f64 {
    let rounding = rows * f64::EPSILON;
    let bound = rounding * variance + (rounding * mean).powi(2);
    if variance <= bound { 1.0 } else { variance.sqrt() }
}
