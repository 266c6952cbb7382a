//! The same elements under another shape.

use crate::expression::Operation;
use crate::{DistArray, Error};
use nums_lshs::Shape;
use nums_lshs::build::ArraySpec;

impl DistArray {
    /// The same elements in C order under another shape; one length may be -1 and follows from the others. An array
    /// that a formula gives is made in the new shape at once, and moves nothing.
    ///
    /// # Errors
    /// [`Error::Reshape`] when the sizes differ or do not divide.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.arange(0.0, 6.0, 1.0)?.reshape(&[-1, 2])?.shape(), [3, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn reshape(&self, shape: &[isize]) -> Result<DistArray, Error> {
        let wrong = || Error::Reshape { size: self.size(), into: shape.to_vec() };
        let given = shape.iter().filter(|&&len| len >= 0).map(|&len| len as usize);
        let product = given.clone().try_fold(1, usize::checked_mul).ok_or_else(wrong)?;
        let inferred = match shape.iter().filter(|&&len| len < 0).count() {
            0 => 1,
            1 if shape.contains(&-1) && product > 0 && self.size().is_multiple_of(product) => {
                self.size() / product
            }
            _ => return Err(wrong()),
        };
        if product * inferred != self.size() {
            return Err(wrong());
        }
        let lengths = shape.iter().map(|&len| usize::try_from(len).unwrap_or(inferred));
        self.reshape_to(Shape::new(lengths.collect::<Vec<_>>())?)
    }

    /// The array under a shape of the same size.
    pub(crate) fn reshape_to(&self, shape: Shape) -> Result<DistArray, Error> {
        if shape == self.spec().shape() {
            return Ok(self.clone());
        }
        let spec = ArraySpec::automatic(&shape, self.dtype(), &self.session().rule);
        let operation = match self.expression.operation() {
            // A formula gives an element from its index in C order, which a reshape keeps.
            Some(Operation::Create(creation)) => Operation::Create(creation),
            _ => Operation::Reshape { operand: self.expression.clone() },
        };
        Ok(DistArray::new(self.session(), spec, operation))
    }

    /// The array with its axes in reverse order.
    pub fn t(&self) -> DistArray {
        self.permuted((0..self.ndim()).rev().collect())
    }

    /// The array with its axes in another order: axis `i` of the result is axis `axes[i]` of this array.
    ///
    /// # Errors
    /// [`Error::Axes`] when `axes` is no permutation.
    pub fn transpose(&self, axes: &[usize]) -> Result<DistArray, Error> {
        let mut sorted = axes.to_vec();
        sorted.sort_unstable();
        if !sorted.into_iter().eq(0..self.ndim()) {
            return Err(Error::Axes { axes: axes.to_vec(), ndim: self.ndim() });
        }
        Ok(self.permuted(axes.to_vec()))
    }

    fn permuted(&self, order: Vec<usize>) -> DistArray {
        let spec = self.spec().transposed(&order);
        let operand = self.expression.clone();
        DistArray::new(self.session(), spec, Operation::Transpose { operand, order })
    }
}
