//! Scaling columns to mean 0 and standard deviation 1.

use crate::finite::{float64, refuse_infinite};
use crate::{DistArray, Error, Pending, Session};
use ndarray::Array1;
use nums_lshs::DType;

/// Computes the mean and the standard deviation of each column, as scikit-learn's `StandardScaler`.
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

/// The means and scales of columns. It is plain data, so it can outlive its session.
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
    /// The variance of each column, with divisor *n* (not *n* - 1).
    pub variance: Array1<f64>,
    /// The divisor of each column: its standard deviation, or 1 if the column is constant up to rounding.
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

    /// Starts to compute means and scales of X (*n* × *c*) and returns at once. The variance is computed from the
    /// differences to the mean, so it is accurate even if the mean is large. This takes two passes over X, and the client
    /// receives 3 *c* numbers.
    ///
    /// NaN marks a missing value, as in scikit-learn: the statistics of a column ignore NaN, and they are NaN if all values
    /// of the column are missing.
    ///
    /// The `Pending` gives [`Error::NotMatrix`], [`Error::NoRows`], [`Error::ContainsInfinity`], and [`Error::Overflow`] if
    /// the squares of finite numbers overflow.
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
        Pending::begin(&x.session_inner().clone(), async move {
            let shape = x.spec().shape();
            if shape.len() != 2 {
                return Err(Error::NotMatrix { op: "StandardScaler", shape });
            }
            if shape[0] == 0 {
                return Err(Error::NoRows { op: "StandardScaler" });
            }
            let x = float64("StandardScaler", &x)?;
            let session = Session { inner: x.session_inner().clone() };
            let counts = x.isnan().logical_not().astype(DType::Float64)?.sum_axis(0)?;
            let mean = x.nansum_axis(0)?.try_div(&counts)?;
            let variance = (&x - &mean).square().nansum_axis(0)?.try_div(&counts)?;
            session.eval(&[&counts, &mean, &variance]).await?;
            let [counts, mean, variance] =
                [column(&counts).await?, column(&mean).await?, column(&variance).await?];
            let learnt = |column: usize| counts[column] == 0.0 || variance[column].is_finite();
            if !(0..counts.len()).all(learnt) {
                refuse_infinite("X", &x).await?;
                return Err(Error::Overflow { what: "the variance of a column" });
            }
            let scale = (0..counts.len())
                .map(|column| scale(variance[column], mean[column], counts[column]))
                .collect();
            Ok(FittedScaler { mean, variance, scale })
        })
    }
}

impl FittedScaler {
    /// X (*n* × *c*) minus the means, divided by the scales. It is computed inside the tasks that read it. float32 stays
    /// float32, NaN stays NaN, and infinities do not change.
    ///
    /// # Errors
    /// [`Error::Features`] if X has a different number of columns than in the fit, and [`Error::NotMatrix`].
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
        let [mean, scale] = self.beside(x)?;
        as_given(x, float64("StandardScaler", x)?.try_sub(&mean)?.try_div(&scale)?)
    }

    /// The inverse of [`transform`](Self::transform), up to rounding.
    ///
    /// # Errors
    /// Those of [`transform`](Self::transform).
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
        let [mean, scale] = self.beside(x)?;
        as_given(x, float64("StandardScaler", x)?.try_mul(&scale)?.try_add(&mean)?)
    }

    /// Means and scales where X is, which must have a column for each.
    fn beside(&self, x: &DistArray) -> Result<[DistArray; 2], Error> {
        check_features("StandardScaler", x, self.mean.len())?;
        let session = Session { inner: x.session_inner().clone() };
        Ok([session.from_ndarray(&self.mean)?, session.from_ndarray(&self.scale)?])
    }
}

/// Checks that an array is a matrix with as many columns as in the fit.
pub(crate) fn check_features(
    model: &'static str,
    x: &DistArray,
    expected: usize,
) -> Result<(), Error> {
    let (shape, dtype) = (x.spec().shape(), x.dtype());
    match shape[..] {
        [_, _] if dtype.is_complex() => Err(Error::UndefinedFor { op: model, dtype }),
        [_, found] if found == expected => Ok(()),
        [_, found] => Err(Error::Features { model, found, expected }),
        _ => Err(Error::NotMatrix { op: model, shape }),
    }
}

/// The result in float32 where X is in float32.
fn as_given(x: &DistArray, result: DistArray) -> Result<DistArray, Error> {
    if x.dtype() == DType::Float32 { result.astype(DType::Float32) } else { Ok(result) }
}

async fn column(array: &DistArray) -> Result<Array1<f64>, Error> {
    Ok(array.fetch::<f64>().await?.iter().copied().collect())
}

/// The standard deviation, or 1 where the column is constant.
fn scale(variance: f64, mean: f64, rows: f64) -> f64 {
    if is_constant(variance, mean, rows) { 1.0 } else { variance.sqrt() }
}

/// Whether a variance is no more than what rounding makes of that of a constant column: the bound of Chan, Golub and
/// LeVeque (1983) for the two-pass algorithm, which scikit-learn uses as well.
pub(crate) fn is_constant(variance: f64, mean: f64, rows: f64) -> bool {
    let rounding = rows * f64::EPSILON;
    variance <= rounding * variance + (rounding * mean).powi(2)
}
