//! The same elements in another order along axes: `flip`, `roll`, `rot90`. Only selected parts of blocks move.

use crate::{Axes, DistArray, Error, concatenate};

impl DistArray {
    /// The elements in reverse order along axes; `..` reverses all axes.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`] and [`Error::RepeatedAxis`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 4, 1)?.reshape((2, 2))?;
    /// assert_eq!(x.flip(..)?.to_vec::<i64>().wait()?, [3, 2, 1, 0]);
    /// assert_eq!(x.flip(1)?.to_vec::<i64>().wait()?, [1, 0, 3, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn flip(&self, axes: impl Into<Axes>) -> Result<DistArray, Error> {
        let axes = axes.into().resolve(self.ndim())?;
        axes.into_iter().try_fold(self.clone(), |x, axis| x.slice_axis(axis, None, None, -1))
    }

    /// The elements shifted by `shift` places along an axis; those that pass an end enter at the other one. To shift in C
    /// order, as NumPy's `roll` without an axis, shift `ravel()` and reshape.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 5, 1)?.roll(2, 0)?;
    /// assert_eq!(x.to_vec::<i64>().wait()?, [3, 4, 0, 1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn roll(&self, shift: isize, axis: impl Into<Axes>) -> Result<DistArray, Error> {
        let axis = axis.into().resolve_one(self.ndim())?;
        let len = self.shape()[axis] as isize;
        if len == 0 || shift.rem_euclid(len) == 0 {
            return Ok(self.clone());
        }
        let cut = Some(len - shift.rem_euclid(len));
        let end = self.slice_axis(axis, cut, None, 1)?;
        let start = self.slice_axis(axis, None, cut, 1)?;
        concatenate([&end, &start], axis)
    }

    /// The array turned by `times` quarter turns in the plane of two axes, from the first axis to the second.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`] and [`Error::RepeatedAxis`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 6, 1)?.reshape((2, 3))?.rot90(1, (0, 1))?;
    /// assert_eq!(x.shape(), [3, 2]);
    /// assert_eq!(x.to_vec::<i64>().wait()?, [2, 5, 1, 4, 0, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rot90(&self, times: isize, axes: (isize, isize)) -> Result<DistArray, Error> {
        let plane = Axes::from(axes).resolve(self.ndim())?;
        let (from, to) = (plane[0], plane[1]);
        match times.rem_euclid(4) {
            0 => Ok(self.clone()),
            1 => self.flip(to)?.swapaxes(from, to),
            2 => self.flip([from, to]),
            _ => self.swapaxes(from, to)?.flip(to),
        }
    }
}
