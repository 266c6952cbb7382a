//! Reductions along axes.

use crate::axis::resolve_axes;
use crate::expression::Operation;
use crate::{DistArray, Error};
use nums_lshs::Reduction;

impl DistArray {
    /// The sum of all elements, an array without axes. Sums are pairwise within a block, and the order over blocks
    /// follows from the layout alone, so the bits are the same on any number of nodes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(3)?;
    /// assert_eq!(session.arange(0.0, 1e5, 1.0)?.sum().fetch::<f64>().wait()?[[]], 4999950000.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sum(&self) -> DistArray {
        self.reduce((0..self.ndim()).collect())
    }

    /// The sums along some axes, which disappear; negative axes count from the end.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], and [`Error::RepeatedAxis`] for an axis that is named twice.
    pub fn sum_axes(&self, axes: &[isize]) -> Result<DistArray, Error> {
        let mut resolved = resolve_axes(axes, self.ndim())?;
        resolved.sort_unstable();
        Ok(self.reduce(resolved))
    }

    fn reduce(&self, axes: Vec<usize>) -> DistArray {
        let dtype = Reduction::Sum.output(self.dtype()).unwrap_or(self.dtype());
        let spec = self.spec().reduced(&axes, dtype);
        let operand = self.expression.clone();
        let operation = Operation::Reduce { operand, kind: Reduction::Sum, axes };
        DistArray::new(self.session(), spec, operation)
    }
}
