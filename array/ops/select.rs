//! Selecting and converting elements one by one: `where`, `clip`, `astype`.

use super::ufunc::elementwise;
use crate::promotion::{constant, result_type, result_type_with};
use crate::{DistArray, Error, Operand};
use nums_lshs::{DType, Program};

impl DistArray {
    /// NumPy's `where` with this array as the condition: the element of `if_true` where the condition is not 0, and the
    /// element of `if_false` elsewhere. All three are broadcast together.
    ///
    /// # Errors
    /// When the shapes cannot be broadcast together, an integer does not fit the dtype, or the arrays belong to
    /// different sessions.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.arange(0, 4, 1)?;
    /// let y = x.less(2).where_(&x, -1)?;
    /// assert_eq!(y.fetch::<i64>().wait()?.as_slice(), Some(&[0, 1, -1, -1][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn where_(
        &self,
        if_true: impl Into<Operand>,
        if_false: impl Into<Operand>,
    ) -> Result<DistArray, Error> {
        let (if_true, if_false) = (if_true.into(), if_false.into());
        let dtype = match (&if_true, &if_false) {
            (Operand::Array(left), Operand::Array(right)) => {
                result_type(left.dtype(), right.dtype())
            }
            (Operand::Array(array), Operand::Scalar(scalar))
            | (Operand::Scalar(scalar), Operand::Array(array)) => {
                result_type_with(array.dtype(), *scalar)
            }
            (Operand::Scalar(left), Operand::Scalar(right)) => {
                result_type(left.dtype(), right.dtype())
            }
        };
        let mut program = Program::select(dtype);
        let mut operands = vec![self.clone()];
        // Which operand each input of the program is; a number is a program of the condition that ignores it.
        let mut sources = vec![0];
        for (slot, operand) in [(1, if_true), (2, if_false)] {
            match operand {
                Operand::Array(array) => {
                    sources.push(operands.len());
                    operands.push(array);
                }
                Operand::Scalar(scalar) => {
                    let number = Program::constant(DType::Bool, constant(scalar, dtype)?);
                    program = program.after(slot, &number);
                    sources.push(0);
                }
            }
        }
        let program = program.with_inputs(operands.len(), &sources);
        elementwise("where", program, &operands.iter().collect::<Vec<_>>())
    }

    /// Each element clipped to `low` and `high`. NaN stays NaN.
    ///
    /// # Errors
    /// Those of [`try_maximum`](Self::try_maximum).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.arange(0, 5, 1)?.clip(1, 3)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[1, 1, 2, 3, 3][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn clip(
        &self,
        low: impl Into<Operand>,
        high: impl Into<Operand>,
    ) -> Result<DistArray, Error> {
        self.try_maximum(low)?.try_minimum(high)
    }

    /// The elements cast to another dtype. Floats are truncated to integers, integers keep the lowest bits, every value
    /// except 0 becomes true, and complex numbers lose their imaginary part. The cast runs inside the tasks that read the
    /// result, and moves nothing.
    ///
    /// # Errors
    /// None: every dtype can be cast to every other one.
    ///
    /// ```
    /// use nums::DType;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.full(&[], -1.5)?.astype(DType::Int32)?;
    /// assert_eq!(x.fetch::<i32>().wait()?[[]], -1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn astype(&self, dtype: DType) -> Result<DistArray, Error> {
        if dtype == self.dtype() {
            return Ok(self.clone());
        }
        Ok(self.mapped(Program::cast(self.dtype(), dtype)))
    }
}
