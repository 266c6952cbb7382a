//! Slices of an axis by a list of indices.

use crate::axis::resolve_axis;
use crate::expression::Operation;
use crate::{DistArray, Error};

impl DistArray {
    /// The slices along an axis that some indices name, in their order; indices may repeat, and negative ones count from
    /// the end, as does a negative axis. Each block hands on only the slices that are taken.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], [`Error::IndexOutOfBounds`], and a shape error when the size overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 6, 1)?.reshape(&[3, 2])?;
    /// let y = x.take(&[2, 0, -1], 0)?.fetch::<i64>().wait()?;
    /// assert_eq!(y, ndarray::arr2(&[[4, 5], [0, 1], [4, 5]]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn take(&self, indices: &[isize], axis: isize) -> Result<DistArray, Error> {
        let axis = resolve_axis(axis, self.ndim())?;
        let len = self.spec().shape()[axis];
        let resolved = indices.iter().map(|&index| {
            let from_start = if index < 0 { index.checked_add(len as isize) } else { Some(index) };
            let found = from_start.and_then(|index| usize::try_from(index).ok());
            found.filter(|&at| at < len).ok_or(Error::IndexOutOfBounds { index, axis, len })
        });
        self.take_resolved(resolved.collect::<Result<_, _>>()?, axis)
    }

    /// The slices of indices below the length of an axis.
    pub(crate) fn take_resolved(
        &self,
        indices: Vec<usize>,
        axis: usize,
    ) -> Result<DistArray, Error> {
        let internal = || Error::Internal { story: format!("take on axis {axis}") };
        let spec = self.spec().taken(axis, indices.len()).ok_or_else(internal)?;
        let (operand, indices) = (self.expression.clone(), indices.into());
        Ok(DistArray::new(self.session(), spec, Operation::Take { operand, axis, indices }))
    }
}
