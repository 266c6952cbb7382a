//! Broadcasting to a larger shape.

use crate::{DistArray, Error, IntoShape};
use nums_lshs::Shape;
use nums_lshs::array_op::{ArraySpec, Gather, Selection};

impl DistArray {
    /// The array broadcast to a shape by NumPy's rule: axes are matched from the last, and axes of length 1 are repeated.
    /// Element-wise operations broadcast their operands themselves, so they do not need this function.
    ///
    /// # Errors
    /// [`Error::Shape`] with both shapes if the array cannot be broadcast to the shape.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 2, 1)?.broadcast_to(&[2, 2])?;
    /// assert_eq!(x.fetch::<i64>().wait()?, ndarray::arr2(&[[0, 1], [0, 1]]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn broadcast_to(&self, shape: impl IntoShape) -> Result<DistArray, Error> {
        let (own, shape) = (self.spec().shape(), Shape::new(shape.into_shape())?);
        if own.broadcast(&shape).ok().as_ref() != Some(&shape) {
            return Err(nums_lshs::ShapeError::Broadcast { left: own, right: shape }.into());
        }
        if own == shape {
            return Ok(self.clone());
        }
        let missing = shape.len() - own.len();
        let lengths = std::iter::repeat_n(&1, missing).chain(own.iter()).copied();
        let apart = self.reshape_to(Shape::new(lengths.clone().collect::<Vec<_>>())?)?;
        let stretched = lengths.zip(shape.iter()).map(|(own, &len)| match own {
            own if own == len => Selection::all(len),
            _ => Selection { start: 0, step: 0, len },
        });
        let selections = stretched.collect();
        let spec = ArraySpec::automatic(&shape, self.dtype(), &self.session_inner().rule);
        let gather = Gather { selections, working: spec.grid, dropped: Vec::new() };
        DistArray::new(self.session_inner(), gather, &[&apart])
    }
}
