//! Coordinates of grids: `meshgrid` and `indices`. They are formulas and views, so nothing is stored.

use crate::{DistArray, Error, IntoShape, Session};

/// The coordinates of the grid that one-dimensional arrays span: for each array one of as many axes, in which the elements
/// of the array lie along its own axis and are repeated along the others, as NumPy's `meshgrid` with `indexing="ij"`.
///
/// # Errors
/// [`Error::OtherSession`], and a shape error when the grid is too large.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let mesh = nums::meshgrid([&session.arange(0, 2, 1)?, &session.arange(0, 3, 1)?])?;
/// assert_eq!(mesh[0].to_vec::<i64>().wait()?, [0, 0, 0, 1, 1, 1]);
/// assert_eq!(mesh[1].to_vec::<i64>().wait()?, [0, 1, 2, 0, 1, 2]);
/// # Ok(())
/// # }
/// ```
pub fn meshgrid(
    arrays: impl IntoIterator<Item: AsRef<DistArray>>,
) -> Result<Vec<DistArray>, Error> {
    let arrays: Vec<DistArray> = arrays.into_iter().map(|array| array.as_ref().ravel()).collect();
    if let [first, others @ ..] = &arrays[..] {
        others.iter().try_for_each(|other| first.check_session("meshgrid", other))?;
    }
    let shape: Vec<usize> = arrays.iter().map(DistArray::size).collect();
    let axes = arrays.iter().enumerate();
    axes.map(|(axis, array)| along(array, axis, shape.len())?.broadcast_to(&shape)).collect()
}

/// A line along one of `ndim` axes, of which the others have length 1.
fn along(line: &DistArray, axis: usize, ndim: usize) -> Result<DistArray, Error> {
    let mut lengths = vec![1; ndim];
    lengths[axis] = -1;
    line.reshape(&lengths)
}

impl Session {
    /// The index of each element of an array of a shape along each of its axes, as int64 arrays of that shape.
    ///
    /// # Errors
    /// A shape error when the size overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let indices = session.indices((2, 2))?;
    /// assert_eq!(indices[0].to_vec::<i64>().wait()?, [0, 0, 1, 1]);
    /// assert_eq!(indices[1].to_vec::<i64>().wait()?, [0, 1, 0, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn indices(&self, shape: impl IntoShape) -> Result<Vec<DistArray>, Error> {
        let lines = shape.into_shape().into_iter().map(|len| self.arange(0, len, 1));
        meshgrid(lines.collect::<Result<Vec<_>, _>>()?)
    }
}
