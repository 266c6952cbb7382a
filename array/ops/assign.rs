//! Replacing elements. Arrays are immutable, so each function returns a new array.

use crate::index::Taken;
use crate::{Axes, DistArray, Error, Index, IntoSlices, Operand};
use nums_lshs::array_op::Assign;
use nums_lshs::{DType, Shape, ShapeError};

impl DistArray {
    /// A copy of the array in which a value replaces the elements selected by the indices. The value is broadcast to the
    /// selection and cast to the array's dtype, as in NumPy. Blocks without selected elements do not move.
    ///
    /// # Errors
    /// Those of [`index`](Self::index), and [`Error::Shape`] with both shapes if the value cannot be broadcast.
    ///
    /// ```
    /// use nums::Index;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 4, 1)?.assign(&[Index::At(-1)], 9)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[0, 1, 2, 9][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn assign(&self, indices: &[Index], value: impl Into<Operand>) -> Result<DistArray, Error> {
        self.assign_taken(Taken::of_indices(&self.spec().shape(), indices)?, value.into())
    }

    /// Like [`assign`](Self::assign), with ndarray's `s![]`.
    ///
    /// # Errors
    /// Those of [`assign`](Self::assign).
    ///
    /// ```
    /// use ndarray::s;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 4, 1)?.assign_slice(s![..;2], -1)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[-1, 1, -1, 3][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn assign_slice(
        &self,
        part: impl IntoSlices,
        value: impl Into<Operand>,
    ) -> Result<DistArray, Error> {
        self.assign_taken(
            Taken::of_slices(&self.spec().shape(), &part.into_slices())?,
            value.into(),
        )
    }

    /// A copy of the array in which a value replaces the elements where a mask is true. The value is broadcast to the array
    /// and cast to its dtype. A mask with fewer axes than the array applies to the first axes.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if the mask does not have the shape of the first axes, and those of
    /// [`broadcast_to`](Self::broadcast_to) for the value.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 4, 1)?;
    /// let x = x.assign_mask(&x.greater(1), 0)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[0, 1, 0, 0][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn assign_mask(
        &self,
        mask: &DistArray,
        value: impl Into<Operand>,
    ) -> Result<DistArray, Error> {
        self.check_mask(mask)?;
        let value = self.element_of(value.into())?;
        let stretched = value.spec().shape().broadcast(&self.spec().shape())?;
        if stretched != self.spec().shape() {
            let (left, right) = (value.spec().shape(), self.spec().shape());
            return Err(ShapeError::Broadcast { left, right }.into());
        }
        let trailing: Vec<_> = (mask.ndim()..self.ndim()).collect();
        mask.expand_dims(trailing)?.where_(value, self)
    }

    /// A copy of the array in which a value replaces the slices along an axis at a list of indices. The value is broadcast
    /// to these slices and cast to the array's dtype. If an index appears twice, the last value is kept. The slices of the
    /// value move to the nodes of the replaced slices.
    ///
    /// # Errors
    /// Those of [`take`](Self::take), and [`Error::Shape`] with both shapes if the value cannot be broadcast.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 4, 1)?.assign_take(&[-1, 0], 0, session.arange(7, 9, 1)?)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[8, 1, 2, 7][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn assign_take(
        &self,
        indices: &[isize],
        axis: impl Into<Axes>,
        value: impl Into<Operand>,
    ) -> Result<DistArray, Error> {
        let axis = axis.into().resolve_one(self.ndim())?;
        let indices = self.on_axis(indices, axis)?;
        let value = self.element_of(value.into())?;
        let mut lengths = self.shape();
        let len = std::mem::replace(&mut lengths[axis], indices.len());
        let (shape, lengths) = (value.spec().shape(), Shape::new(lengths)?);
        if shape.broadcast(&lengths).ok().as_ref() != Some(&lengths) {
            return Err(ShapeError::Broadcast { left: shape, right: lengths }.into());
        }
        if indices.is_empty() {
            return Ok(self.clone());
        }
        let (mut named, mut slices) = (vec![false; len], vec![0; len]);
        for (slice, &index) in indices.iter().enumerate() {
            (named[index], slices[index]) = (true, slice);
        }
        let own = (shape.len() + axis).checked_sub(self.ndim()).filter(|&own| shape[own] > 1);
        let value = match own {
            Some(own) => value.take_resolved(slices, own)?,
            None => value,
        };
        let session = self.session();
        let mut column = vec![1; self.ndim() - axis];
        column[0] = len;
        let mask = session.from_ndarray(&ndarray::arr1(&named))?.reshape_to(Shape::new(column)?)?;
        mask.where_(value, self)
    }

    /// Checks that an array is a mask of the first axes.
    pub(crate) fn check_mask(&self, mask: &DistArray) -> Result<(), Error> {
        self.check_session("mask", mask)?;
        if mask.dtype() != DType::Bool {
            return Err(Error::DType { have: mask.dtype(), want: DType::Bool });
        }
        if !self.shape().starts_with(&mask.shape()) {
            let (left, right) = (self.spec().shape(), mask.spec().shape());
            return Err(Error::ShapeMismatch { op: "mask", left, right });
        }
        Ok(())
    }

    /// A value as an array of this one's dtype.
    fn element_of(&self, value: Operand) -> Result<DistArray, Error> {
        let value = match value {
            Operand::Array(value) => value,
            Operand::Scalar(scalar) => self.session().full((), scalar)?,
        };
        self.check_session("assign", &value)?;
        value.astype(self.dtype())
    }

    fn assign_taken(&self, taken: Taken, value: Operand) -> Result<DistArray, Error> {
        let value = self.element_of(value)?;
        let (shape, lengths) = (value.spec().shape(), Shape::new(taken.lengths())?);
        // Axes of length 1 in front of those that are assigned to do not count.
        let surplus = shape.len().saturating_sub(lengths.len());
        let stretches = shape[..surplus].iter().all(|&len| len == 1)
            && Shape::new(&shape[surplus..])?.broadcast(&lengths).ok().as_ref() == Some(&lengths);
        if !stretches {
            return Err(ShapeError::Broadcast { left: shape, right: lengths }.into());
        }
        // The value with an axis for each of the array: of length 1 where one element of the array is taken.
        let mut full = vec![1; self.ndim()];
        let own = shape[surplus..].iter().rev();
        for (axis, &len) in taken.axes.iter().rev().zip(own) {
            if let Some(axis) = axis {
                full[*axis] = len;
            }
        }
        let value = value.reshape_to(Shape::new(full)?)?;
        DistArray::new(
            self.session_inner(),
            Assign { selections: taken.selections },
            &[self, &value],
        )
    }
}
