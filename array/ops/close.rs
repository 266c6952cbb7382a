//! Comparisons of whole arrays, and within a tolerance.

use super::elementwise_dtype;
use crate::{DistArray, Error, Operand, result_type};
use nums_lshs::{DType, UnaryOp};

impl DistArray {
    /// Whether each element is near that of another array or a number: `|x - y| <= atol + rtol * |y|`, as NumPy's
    /// `isclose`. Infinities are near themselves alone, and NaN only to NaN, if `equal_nan` is true.
    ///
    /// # Errors
    /// When the shapes cannot be broadcast together, or the arrays belong to different sessions.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.array([1.0, 2.0, f64::NAN])?;
    /// let near = x.isclose(&x + 1e-9, 1e-5, 1e-8, false)?;
    /// assert_eq!(near.to_vec::<bool>().wait()?, [true, true, false]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn isclose(
        &self,
        other: impl Into<Operand>,
        rtol: f64,
        atol: f64,
        equal_nan: bool,
    ) -> Result<DistArray, Error> {
        let y = match other.into() {
            Operand::Array(y) => y,
            Operand::Scalar(number) => self.session().full((), number)?,
        };
        let y = match y.dtype() {
            dtype @ (DType::Float32 | DType::Float64 | DType::Complex64 | DType::Complex128) => {
                y.astype(dtype)?
            }
            dtype => y.astype(result_type(dtype, DType::Float64))?,
        };
        let bound = y.abs().try_mul(rtol)?.try_add(atol)?;
        let near = self.try_sub(&y)?.abs().try_less_equal(&bound)?;
        let near = near.try_bitand(y.isfinite())?.try_bitor(self.try_equal(&y)?)?;
        if !equal_nan {
            return Ok(near);
        }
        let [left, right] = [self, &y].map(|array| array.total(UnaryOp::IsNan));
        near.try_bitor(left.try_bitand(&right)?)
    }

    /// Whether all elements are near those of another array; see [`isclose`](Self::isclose). A bool without axes.
    ///
    /// # Errors
    /// Those of [`isclose`](Self::isclose).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.array([1.0, 2.0])?;
    /// assert!(x.allclose(&x + 1e-9, 1e-5, 1e-8, false)?.item::<bool>().wait()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn allclose(
        &self,
        other: impl Into<Operand>,
        rtol: f64,
        atol: f64,
        equal_nan: bool,
    ) -> Result<DistArray, Error> {
        Ok(self.isclose(other, rtol, atol, equal_nan)?.all())
    }

    /// Whether two arrays have the same shape and the same elements, as a bool without axes. NaN equals NaN if `equal_nan`
    /// is true.
    ///
    /// # Errors
    /// [`Error::OtherSession`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 4, 1)?;
    /// assert!(x.array_equal(&x, false)?.item::<bool>().wait()?);
    /// assert!(!x.array_equal(&x.reshape((2, 2))?, false)?.item::<bool>().wait()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn array_equal(&self, other: &DistArray, equal_nan: bool) -> Result<DistArray, Error> {
        self.check_session("array_equal", other)?;
        if self.shape() != other.shape() {
            return self.session().full((), false);
        }
        let equal = self.try_equal(other)?;
        let dtype = elementwise_dtype(&[self, other]);
        if !equal_nan || dtype == DType::Bool || dtype.is_integer() {
            return Ok(equal.all());
        }
        let [left, right] = [self, other].map(|array| array.total(UnaryOp::IsNan));
        Ok(equal.try_bitor(left.try_bitand(&right)?)?.all())
    }
}
