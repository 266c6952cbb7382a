//! Arrays from a formula.

use crate::expression::Operation;
use crate::{DistArray, Error, Session};
use nums_lshs::build::ArraySpec;
use nums_lshs::{Constant, Creation, DType, Shape};

impl Session {
    /// The numbers `start`, `start + step`, ... below `stop` (above it for a negative step), as float64, one axis.
    ///
    /// # Errors
    /// [`Error::Range`] when the length is not a finite number, and a shape error when it is too large.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.arange(1.0, 2.0, 0.25)?;
    /// assert_eq!(x.fetch::<f64>().wait()?.as_slice(), Some(&[1.0, 1.25, 1.5, 1.75][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arange(&self, start: f64, stop: f64, step: f64) -> Result<DistArray, Error> {
        let len = ((stop - start) / step).ceil();
        if !len.is_finite() || len > isize::MAX as f64 {
            let [start, stop, step] = [start, stop, step].map(|number| number.to_string());
            return Err(Error::Range { start, stop, step });
        }
        let [start, next] = [start, start + step].map(Constant::float64);
        let creation = Creation::Arange { start, next };
        self.create(&[len.max(0.0) as usize], creation)
    }

    /// An array of one number.
    ///
    /// # Errors
    /// When the size of the shape overflows.
    pub fn full(&self, shape: &[usize], value: f64) -> Result<DistArray, Error> {
        self.create(shape, Creation::Full(Constant::float64(value)))
    }

    /// An array of zeros.
    ///
    /// # Errors
    /// As [`full`](Self::full).
    pub fn zeros(&self, shape: &[usize]) -> Result<DistArray, Error> {
        self.full(shape, 0.0)
    }

    /// An array of ones.
    ///
    /// # Errors
    /// As [`full`](Self::full).
    pub fn ones(&self, shape: &[usize]) -> Result<DistArray, Error> {
        self.full(shape, 1.0)
    }

    fn create(&self, shape: &[usize], creation: Creation) -> Result<DistArray, Error> {
        let spec = ArraySpec::automatic(&Shape::new(shape)?, DType::Float64, &self.inner.rule);
        Ok(DistArray::new(&self.inner, spec, Operation::Create(creation)))
    }
}
