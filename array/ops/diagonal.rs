//! Diagonals and triangles of matrices: the last two axes of an array, or two axes of choice.

use crate::promotion::constant;
use crate::{Axes, DistArray, Error, Scalar, Session};
use nums_lshs::{Constant, DType};

impl DistArray {
    /// The elements of the matrices of the last two axes on and below a diagonal, and 0 above it. 0 is the main diagonal,
    /// 1 the one above it. Nothing moves.
    ///
    /// # Errors
    /// [`Error::Dimensions`] for fewer than two axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.ones((2, 2))?.tril(0)?;
    /// assert_eq!(x.to_vec::<f64>().wait()?, [1.0, 0.0, 1.0, 1.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn tril(&self, diagonal: i64) -> Result<DistArray, Error> {
        self.below(diagonal)?.where_(self, false)
    }

    /// The elements of the matrices of the last two axes on and above a diagonal, and 0 below it. 0 is the main diagonal,
    /// 1 the one above it. Nothing moves.
    ///
    /// # Errors
    /// [`Error::Dimensions`] for fewer than two axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.ones((2, 2))?.triu(1)?;
    /// assert_eq!(x.to_vec::<f64>().wait()?, [0.0, 1.0, 0.0, 0.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn triu(&self, diagonal: i64) -> Result<DistArray, Error> {
        self.below(diagonal.saturating_sub(1))?.where_(false, self)
    }

    /// Whether an element of a matrix lies on or below a diagonal, for all of them.
    fn below(&self, diagonal: i64) -> Result<DistArray, Error> {
        let [.., rows, columns] = self.shape()[..] else {
            return Err(Error::Dimensions { want: 2, have: self.ndim() });
        };
        self.session().triangle(rows, columns, diagonal)
    }

    /// A diagonal of the matrices of two axes, which become the last axis of the result. Offset 0 is the main diagonal, 1
    /// the one above it. Each block gives its own part; partial results are combined by a tree, so nothing else moves.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`] and [`Error::RepeatedAxis`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 6, 1)?.reshape((2, 3))?;
    /// assert_eq!(x.diagonal(1, (0, 1))?.to_vec::<i64>().wait()?, [1, 5]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn diagonal(&self, offset: isize, axes: (isize, isize)) -> Result<DistArray, Error> {
        let plane = Axes::from(axes).resolve(self.ndim())?;
        let x = self.moveaxis(plane, (-2, -1))?;
        let (rows, columns) = (x.ndim() - 2, x.ndim() - 1);
        let (above, below) = (offset.max(0), offset.min(0).saturating_neg());
        let shape = x.shape();
        let left = |len: usize, taken: isize| len.saturating_sub(taken.unsigned_abs());
        let len = left(shape[rows], below).min(left(shape[columns], above)) as isize;
        let square = x
            .slice_axis(rows, Some(below), Some(below.saturating_add(len)), 1)?
            .slice_axis(columns, Some(above), Some(above.saturating_add(len)), 1)?;
        let dtype = self.dtype();
        let on = self.session().eye(len as usize, len as usize, 0)?.astype(DType::Bool)?;
        match dtype {
            // The maximum keeps the sign of a zero, which a sum may lose.
            DType::Float32 | DType::Float64 if len > 0 => {
                on.where_(&square, f64::NEG_INFINITY)?.max_axis(rows)
            }
            _ => on.where_(&square, false)?.sum_axis(rows)?.astype(dtype),
        }
    }

    /// The main diagonal of a matrix, as ndarray's `diag`.
    ///
    /// # Errors
    /// [`Error::Dimensions`] if the array does not have two axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.identity(3)?.diag()?.to_vec::<f64>().wait()?, [1.0; 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn diag(&self) -> Result<DistArray, Error> {
        match self.ndim() {
            2 => self.diagonal(0, (0, 1)),
            have => Err(Error::Dimensions { want: 2, have }),
        }
    }

    /// The sum of the main diagonal of a matrix.
    ///
    /// # Errors
    /// [`Error::Dimensions`] if the array does not have two axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.identity(3)?.trace()?.item::<f64>().wait()?, 3.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn trace(&self) -> Result<DistArray, Error> {
        Ok(self.diag()?.sum())
    }
}

impl Session {
    /// A square matrix with the elements of a one-dimensional array on a diagonal, and 0 elsewhere.
    ///
    /// # Errors
    /// [`Error::Dimensions`] if the array does not have one axis, and a shape error when the matrix is too large.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.from_diag(&session.array([1, 2])?, 0)?;
    /// assert_eq!(x.to_vec::<i32>().wait()?, [1, 0, 0, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_diag(&self, elements: &DistArray, offset: isize) -> Result<DistArray, Error> {
        let [len] = elements.shape()[..] else {
            return Err(Error::Dimensions { want: 1, have: elements.ndim() });
        };
        let more = offset.unsigned_abs();
        let on = self.eye(len.saturating_add(more), len.saturating_add(more), offset as i64)?;
        let dtype = elements.dtype();
        let zeros = self.create_zeros(more, dtype)?;
        // Above the main diagonal a row has the element of its index, below it a column.
        let line = match offset >= 0 {
            true => crate::concatenate([elements, &zeros], 0)?.expand_dims(1)?,
            false => crate::concatenate([elements, &zeros], 0)?,
        };
        on.astype(DType::Bool)?.where_(&line, false)
    }

    /// A matrix of bools: true on and below a diagonal.
    pub(crate) fn triangle(
        &self,
        rows: usize,
        columns: usize,
        diagonal: i64,
    ) -> Result<DistArray, Error> {
        let row = self.arange(0, rows, 1)?.expand_dims(1)?;
        let column = self.arange(0, columns, 1)?;
        // The bound is one that int64 holds.
        let reach = (rows.max(columns) as i64).saturating_add(1);
        row.try_add(diagonal.clamp(-reach, reach))?.try_greater_equal(&column)
    }

    fn create_zeros(&self, len: usize, dtype: DType) -> Result<DistArray, Error> {
        let zero: Constant = constant(Scalar::Bool(false), dtype)?;
        self.create(&[len], dtype, nums_lshs::Creation::Full(zero))
    }
}
