//! Products of matrices and vectors.

use crate::expression::Operation;
use crate::{DistArray, Error};

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
        let spec = self.spec().matmul(right.spec()).ok_or_else(|| Error::ShapeMismatch {
            op: "matmul",
            left: self.spec().shape(),
            right: right.spec().shape(),
        })?;
        let (left, right) = (self.expression.clone(), right.expression.clone());
        Ok(DistArray::new(self.session(), spec, Operation::MatMul { left, right }))
    }

    /// The matrix product, as [`try_matmul`](Self::try_matmul).
    ///
    /// # Panics
    /// When the shapes do not fit, at the caller's line.
    #[track_caller]
    pub fn dot(&self, right: &DistArray) -> DistArray {
        match self.try_matmul(right) {
            Ok(product) => product,
            Err(error) => panic!("{error}"),
        }
    }
}
