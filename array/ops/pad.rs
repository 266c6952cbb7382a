//! Padding at the ends of axes. Only the edge that a pad repeats moves.

use crate::promotion::constant;
use crate::{DistArray, Error, Scalar, concatenate};
use nums_lshs::Creation;

/// What a pad holds, with NumPy's names.
///
/// ```
/// use nums::Pad;
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(1)?;
/// let x = session.array([1, 2, 3])?;
/// assert_eq!(x.pad(&[(2, 1)], Pad::Edge)?.to_vec::<i32>().wait()?, [1, 1, 1, 2, 3, 3]);
/// assert_eq!(x.pad(&[(2, 1)], Pad::Reflect)?.to_vec::<i32>().wait()?, [3, 2, 1, 2, 3, 2]);
/// assert_eq!(x.pad(&[(2, 1)], Pad::Symmetric)?.to_vec::<i32>().wait()?, [2, 1, 1, 2, 3, 3]);
/// assert_eq!(x.pad(&[(2, 1)], Pad::Wrap)?.to_vec::<i32>().wait()?, [2, 3, 1, 2, 3, 1]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pad {
    /// One number.
    Constant(Scalar),
    /// The element at the end.
    Edge,
    /// The elements next to the end in reverse order, without the one at the end.
    Reflect,
    /// The elements next to the end in reverse order, with the one at the end.
    Symmetric,
    /// The elements of the other end.
    Wrap,
}

impl DistArray {
    /// The array with as many more elements before and after each axis as `widths` gives for it.
    ///
    /// # Errors
    /// [`Error::Dimensions`] if `widths` does not have a pair for each axis, [`Error::ScalarOutOfBounds`] for a number that
    /// the dtype cannot represent, and [`Error::NoElements`] if an axis without elements is to be repeated.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.ones((1, 2))?.pad(&[(1, 0), (0, 1)], nums::Pad::Constant(7.into()))?;
    /// assert_eq!(x.to_vec::<f64>().wait()?, [7.0, 7.0, 7.0, 1.0, 1.0, 7.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pad(&self, widths: &[(usize, usize)], mode: Pad) -> Result<DistArray, Error> {
        if widths.len() != self.ndim() {
            return Err(Error::Dimensions { want: widths.len(), have: self.ndim() });
        }
        let axes = widths.iter().enumerate().filter(|(_, width)| **width != (0, 0));
        axes.into_iter().try_fold(self.clone(), |x, (axis, width)| x.padded(axis, *width, mode))
    }

    fn padded(
        &self,
        axis: usize,
        (before, after): (usize, usize),
        mode: Pad,
    ) -> Result<DistArray, Error> {
        let len = self.shape()[axis];
        let part = |width: usize, indices: &dyn Fn(usize) -> usize| match mode {
            Pad::Constant(number) => {
                let mut shape = self.shape();
                shape[axis] = width;
                let number = Creation::Full(constant(number, self.dtype())?);
                self.session().create(&shape, self.dtype(), number)
            }
            _ if len == 0 && width > 0 => {
                Err(Error::NoElements { op: "pad", shape: self.spec().shape() })
            }
            _ => self.take_resolved((0..width).map(indices).collect(), axis),
        };
        // The element that an index beyond the ends stands for.
        let source = |index: isize| -> usize {
            let len = len as isize;
            let at = match mode {
                Pad::Reflect if len == 1 => 0,
                Pad::Reflect => {
                    let at = index.rem_euclid(2 * (len - 1));
                    at.min(2 * (len - 1) - at)
                }
                Pad::Symmetric => {
                    let at = index.rem_euclid(2 * len);
                    at.min(2 * len - 1 - at)
                }
                Pad::Wrap => index.rem_euclid(len),
                Pad::Edge | Pad::Constant(_) => index.clamp(0, len - 1),
            };
            at as usize
        };
        let first = part(before, &|at| source(at as isize - before as isize))?;
        let last = part(after, &|at| source((len + at) as isize))?;
        let parts = [(before, &first), (len.max(1), self), (after, &last)];
        concatenate(parts.into_iter().filter(|(len, _)| *len > 0).map(|(_, part)| part), axis)
    }
}
