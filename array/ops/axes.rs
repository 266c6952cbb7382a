//! Transposes.

use super::unary::expect;
use crate::{Axes, DistArray, Error};
use nums_lshs::array_op::Transpose;

impl DistArray {
    /// The array with its axes in reverse order. Products read it in place, without a copy.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros(&[3, 2])?.t().shape(), [2, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn t(&self) -> DistArray {
        self.permuted((0..self.ndim()).rev().collect())
    }

    /// The array with its axes in reverse order, like [`t`](Self::t); [`permuted_axes`](Self::permuted_axes) gives any
    /// other order.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros((3, 2, 4))?.transpose().shape(), [4, 2, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn transpose(&self) -> DistArray {
        self.t()
    }

    /// The array with its axes in another order: axis `i` of the result is axis `order[i]` of this array.
    ///
    /// # Panics
    /// If `order` is not a permutation of the axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros((3, 2, 4))?.permuted_axes([1, 2, 0]).shape(), [2, 4, 3]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn permuted_axes(&self, order: impl Into<Axes>) -> DistArray {
        expect(self.try_permuted_axes(order))
    }

    /// Like [`permuted_axes`](Self::permuted_axes), but returns the error.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], [`Error::RepeatedAxis`], and [`Error::Axes`] if an axis is missing.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert!(session.zeros((3, 2, 4))?.try_permuted_axes([1, 2]).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_permuted_axes(&self, order: impl Into<Axes>) -> Result<DistArray, Error> {
        let axes = order.into().resolve(self.ndim())?;
        if axes.len() != self.ndim() {
            return Err(Error::Axes { axes, ndim: self.ndim() });
        }
        Ok(self.permuted(axes))
    }

    /// The array with two axes swapped.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros(&[3, 2, 4])?.swapaxes(0, -1)?.shape(), [4, 2, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn swapaxes(
        &self,
        first: impl Into<Axes>,
        second: impl Into<Axes>,
    ) -> Result<DistArray, Error> {
        let ndim = self.ndim();
        let mut order: Vec<_> = (0..ndim).collect();
        order.swap(first.into().resolve_one(ndim)?, second.into().resolve_one(ndim)?);
        Ok(self.permuted(order))
    }

    /// The array with some axes moved to other positions; the others keep their order.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], [`Error::RepeatedAxis`], and [`Error::Axes`] if the numbers of axes and positions differ.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros(&[3, 2, 4])?.moveaxis(&[0], &[-1])?.shape(), [2, 4, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn moveaxis(
        &self,
        source: impl Into<Axes>,
        destination: impl Into<Axes>,
    ) -> Result<DistArray, Error> {
        let ndim = self.ndim();
        let (source, destination) =
            (source.into().resolve(ndim)?, destination.into().resolve(ndim)?);
        if source.len() != destination.len() {
            return Err(Error::Axes { axes: destination, ndim });
        }
        let mut order: Vec<_> = (0..ndim).filter(|axis| !source.contains(axis)).collect();
        let mut moves: Vec<_> = destination.into_iter().zip(source).collect();
        moves.sort_unstable();
        moves.into_iter().for_each(|(position, axis)| order.insert(position, axis));
        Ok(self.permuted(order))
    }

    pub(crate) fn permuted(&self, order: Vec<usize>) -> DistArray {
        DistArray::fitting(Transpose { order }, &[self])
    }
}
