//! Transposes.

use crate::axis::{resolve_axes, resolve_axis};
use crate::{DistArray, Error};
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

    /// The array with its axes in another order: axis `i` of the result is axis `axes[i]` of this array.
    ///
    /// # Errors
    /// [`Error::Axes`] if `axes` is not a permutation of the axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros(&[3, 2, 4])?.transpose(&[1, 2, 0])?.shape(), [2, 4, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn transpose(&self, axes: &[usize]) -> Result<DistArray, Error> {
        let mut sorted = axes.to_vec();
        sorted.sort_unstable();
        if !sorted.into_iter().eq(0..self.ndim()) {
            return Err(Error::Axes { axes: axes.to_vec(), ndim: self.ndim() });
        }
        Ok(self.permuted(axes.to_vec()))
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
    pub fn swapaxes(&self, first: isize, second: isize) -> Result<DistArray, Error> {
        let ndim = self.ndim();
        let mut order: Vec<_> = (0..ndim).collect();
        order.swap(resolve_axis(first, ndim)?, resolve_axis(second, ndim)?);
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
    pub fn moveaxis(&self, source: &[isize], destination: &[isize]) -> Result<DistArray, Error> {
        let ndim = self.ndim();
        let (source, destination) = (resolve_axes(source, ndim)?, resolve_axes(destination, ndim)?);
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
