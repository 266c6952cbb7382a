//! Joining, splitting and repeating arrays along an axis.

use super::elementwise_dtype;
use crate::{Axes, DistArray, Error, Index, IntoShape};
use nums_lshs::Shape;
use nums_lshs::array_op::{ArraySpec, Concatenate};

/// Joins arrays along an existing axis. All other axes must have the same lengths. Only parts of blocks that belong to
/// another node move.
///
/// # Errors
/// [`Error::NoArrays`] for an empty list, [`Error::ShapeMismatch`] with the first shape and the one that differs,
/// [`Error::AxisOutOfRange`], and [`Error::OtherSession`].
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.arange(0.0, 3.0, 1.0)?;
/// let y = nums::concatenate([&x, &session.ones(2)?], 0)?;
/// assert_eq!(y.fetch::<f64>().wait()?.as_slice(), Some(&[0.0, 1.0, 2.0, 1.0, 1.0][..]));
/// # Ok(())
/// # }
/// ```
pub fn concatenate(
    arrays: impl IntoIterator<Item: AsRef<DistArray>>,
    axis: impl Into<Axes>,
) -> Result<DistArray, Error> {
    joined(&listed(arrays), &axis.into())
}

/// The arrays of any iteration.
fn listed(arrays: impl IntoIterator<Item: AsRef<DistArray>>) -> Vec<DistArray> {
    arrays.into_iter().map(|array| array.as_ref().clone()).collect()
}

fn joined(arrays: &[DistArray], axis: &Axes) -> Result<DistArray, Error> {
    let (first, rest) = arrays.split_first().ok_or(Error::NoArrays { op: "concatenate" })?;
    let axis = axis.resolve_one(first.ndim())?;
    let mut shape = first.shape();
    for array in rest {
        first.check_session("concatenate", array)?;
        let other = array.shape();
        let alike = other.len() == shape.len()
            && (0..shape.len()).all(|own| own == axis || other[own] == shape[own]);
        if !alike {
            let (left, right) = (first.spec().shape(), array.spec().shape());
            return Err(Error::ShapeMismatch { op: "concatenate", left, right });
        }
        shape[axis] = shape[axis].saturating_add(other[axis]);
    }
    let dtype = elementwise_dtype(&arrays.iter().collect::<Vec<_>>());
    let spec = ArraySpec::automatic(&Shape::new(shape)?, dtype, &first.session_inner().rule);
    let operands = arrays.iter().map(|array| array.astype(dtype)).collect::<Result<Vec<_>, _>>()?;
    let operands: Vec<_> = operands.iter().collect();
    DistArray::new(first.session_inner(), Concatenate { axis, spec }, &operands)
}

/// Joins arrays of one shape along a new axis.
///
/// # Errors
/// Those of [`concatenate`]. The axis refers to the result.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let (x, y) = (session.zeros(&[3])?, session.ones(&[3])?);
/// assert_eq!(nums::stack([&x, &y], -1)?.shape(), [3, 2]);
/// # Ok(())
/// # }
/// ```
pub fn stack(
    arrays: impl IntoIterator<Item: AsRef<DistArray>>,
    axis: impl Into<Axes>,
) -> Result<DistArray, Error> {
    let (arrays, axis) = (listed(arrays), axis.into());
    let first = arrays.first().ok_or(Error::NoArrays { op: "stack" })?;
    if let Some(other) = arrays.iter().find(|array| array.shape() != first.shape()) {
        let (left, right) = (first.spec().shape(), other.spec().shape());
        return Err(Error::ShapeMismatch { op: "stack", left, right });
    }
    let expanded = arrays.iter().map(|array| array.expand_dims(axis.clone()));
    joined(&expanded.collect::<Result<Vec<_>, _>>()?, &axis)
}

/// Joins arrays along the first axis. Vectors count as rows.
///
/// # Errors
/// Those of [`concatenate`].
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let (row, rows) = (session.zeros(&[3])?, session.ones(&[2, 3])?);
/// assert_eq!(nums::vstack([&row, &rows])?.shape(), [3, 3]);
/// # Ok(())
/// # }
/// ```
pub fn vstack(arrays: impl IntoIterator<Item: AsRef<DistArray>>) -> Result<DistArray, Error> {
    let arrays = listed(arrays);
    let rows = arrays.iter().map(|array| match array.ndim() {
        0 => array.reshape(&[1, 1]),
        1 => array.expand_dims(0),
        _ => Ok(array.clone()),
    });
    joined(&rows.collect::<Result<Vec<_>, _>>()?, &Axes::from(0))
}

/// Joins arrays along the second axis, and vectors along their only axis.
///
/// # Errors
/// Those of [`concatenate`].
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let (x, y) = (session.zeros(&[2, 3])?, session.ones(&[2, 1])?);
/// assert_eq!(nums::hstack([&x, &y])?.shape(), [2, 4]);
/// # Ok(())
/// # }
/// ```
pub fn hstack(arrays: impl IntoIterator<Item: AsRef<DistArray>>) -> Result<DistArray, Error> {
    let arrays = listed(arrays);
    let columns = arrays.iter().map(|array| match array.ndim() {
        0 => array.reshape(&[1]),
        _ => Ok(array.clone()),
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let axis = columns.first().map_or(0, |first| u8::from(first.ndim() > 1));
    joined(&columns, &Axes::from(axis))
}

impl DistArray {
    /// Splits the array at some positions of an axis, as NumPy's `split` with a list: `n` positions give `n + 1` parts.
    /// Positions beyond the end are clipped to the end, and negative positions count from the end.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let parts = session.arange(0, 5, 1)?.split(&[2], 0)?;
    /// assert_eq!(parts[1].fetch::<i64>().wait()?.as_slice(), Some(&[2, 3, 4][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn split(
        &self,
        positions: &[isize],
        axis: impl Into<Axes>,
    ) -> Result<Vec<DistArray>, Error> {
        let axis = axis.into().resolve_one(self.ndim())?;
        let starts = [None].into_iter().chain(positions.iter().copied().map(Some));
        let stops = positions.iter().copied().map(Some).chain([None]);
        let whole = Index::Slice { start: None, stop: None, step: 1 };
        let parts = starts.zip(stops).map(|(start, stop)| {
            let mut indices = vec![whole; axis];
            indices.push(Index::Slice { start, stop, step: 1 });
            self.index(&indices)
        });
        parts.collect()
    }

    /// The array repeated along each axis. If `repeats` has more entries than the array has axes, the result has new axes
    /// in front.
    ///
    /// # Errors
    /// When the size of the shape overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 2, 1)?.tile(&[2, 2])?;
    /// assert_eq!(x.fetch::<i64>().wait()?, ndarray::arr2(&[[0, 1, 0, 1], [0, 1, 0, 1]]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn tile(&self, repeats: impl IntoShape) -> Result<DistArray, Error> {
        let repeats = repeats.into_shape();
        let ndim = self.ndim().max(repeats.len());
        let missing = ndim - self.ndim();
        let new: Vec<_> = (0..missing).collect();
        // Between any two axes lies a new one along which the array is stretched.
        let shape = self.expand_dims(&new)?.shape();
        let repeats: Vec<_> =
            std::iter::repeat_n(1, ndim - repeats.len()).chain(repeats.iter().copied()).collect();
        let pairs = |first: &[usize]| {
            Shape::new(
                first.iter().zip(&shape).flat_map(|(&one, &len)| [one, len]).collect::<Vec<_>>(),
            )
        };
        let apart = self.reshape_to(pairs(&vec![1; ndim])?)?;
        let stretched = apart.broadcast_to(&pairs(&repeats)?)?;
        let lengths = shape.iter().zip(&repeats).map(|(len, times)| len * times);
        stretched.reshape_to(Shape::new(lengths.collect::<Vec<_>>())?)
    }

    /// Each element repeated along an axis.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], and when the size of the shape overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 2, 1)?.repeat(3, 0)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[0, 0, 0, 1, 1, 1][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn repeat(&self, times: usize, axis: impl Into<Axes>) -> Result<DistArray, Error> {
        let axis = axis.into().resolve_one(self.ndim())?;
        let mut shape = self.shape();
        shape.insert(axis + 1, 1);
        let apart = self.reshape_to(Shape::new(shape.clone())?)?;
        shape[axis + 1] = times;
        let stretched = apart.broadcast_to(&shape)?;
        let len = shape.remove(axis + 1);
        shape[axis] *= len;
        stretched.reshape_to(Shape::new(shape)?)
    }
}
