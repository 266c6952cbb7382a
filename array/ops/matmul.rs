//! Products of matrices and vectors.

use super::unary::expect;
use crate::promotion::result_type;
use crate::{DistArray, Error};
use nums_lshs::array_op::MatMul;

impl DistArray {
    /// The matrix product: *m* × *k* by *k* × *n*, a vector counting as a row on the left and a column on the right.
    ///
    /// Square matrices on r × c nodes move what SUMMA moves: each node receives the rows of A and the columns of B
    /// that its blocks of C need and it does not have.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] with both shapes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let a = session.arange(0.0, 4.0, 1.0)?.reshape(&[2, 2])?;
    /// let ones = session.ones(&[2])?;
    /// assert_eq!(a.try_matmul(&ones)?.fetch::<f64>().wait()?, ndarray::arr1(&[1.0, 5.0]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_matmul(&self, right: &DistArray) -> Result<DistArray, Error> {
        self.check_session("matmul", right)?;
        if self.spec().matmul(right.spec()).is_none() {
            let (left, right) = (self.spec().shape(), right.spec().shape());
            return Err(Error::ShapeMismatch { op: "matmul", left, right });
        }
        let dtype = result_type(self.dtype(), right.dtype());
        let (left, right) = (self.astype(dtype)?, right.astype(dtype)?);
        DistArray::new(self.session(), MatMul, &[&left, &right])
    }

    /// NumPy's `dot`: the matrix product, and the product with a number where an array has no axes.
    ///
    /// # Panics
    /// When the shapes do not fit, at the caller's line; [`try_dot`](Self::try_dot) gives the error.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 3.0, 1.0)?;
    /// assert_eq!(x.dot(&x).fetch::<f64>().wait()?[[]], 5.0);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn dot(&self, right: &DistArray) -> DistArray {
        expect(self.try_dot(right))
    }

    /// As [`dot`](Self::dot), with the error as a value.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] with both shapes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.ones(&[2, 3])?;
    /// let refused = x.try_dot(&x).unwrap_err();
    /// assert_eq!(refused.to_string(), "matmul: shapes (2, 3) and (2, 3) do not fit");
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_dot(&self, right: &DistArray) -> Result<DistArray, Error> {
        let scalar = self.ndim() == 0 || right.ndim() == 0;
        if scalar { self.try_mul(right) } else { self.try_matmul(right) }
    }
}
