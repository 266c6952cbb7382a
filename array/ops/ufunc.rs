//! The common part of all element-wise functions: the dtype of the computation, and the casts before it.
//!
//! Kernels take operands of one dtype. So a function of an int32 and a float32 array becomes one program that casts
//! both to float64 and applies it, and no cast array is ever stored.

use crate::promotion::{common_type, constant, result_type, result_type_with};
use crate::{DistArray, Error, Operand, Scalar};
use nums_lshs::array_op::Elementwise;
use nums_lshs::{BinaryOp, DType, Program, UnaryOp};

impl DistArray {
    /// A function of each element.
    ///
    /// # Errors
    /// When the function is not defined on the dtype.
    pub(crate) fn unary(&self, op: UnaryOp) -> Result<DistArray, Error> {
        let dtype =
            computing_dtype(op.name(), self.dtype(), &[self.dtype()], |dtype| op.output(dtype))?;
        Ok(self.mapped(Program::unary(op, dtype)))
    }

    /// A function of each element, of a dtype on which it is defined.
    ///
    /// # Panics
    /// At the caller's line where it is not.
    #[track_caller]
    pub(crate) fn total(&self, op: UnaryOp) -> DistArray {
        super::unary::expect(self.unary(op))
    }

    /// A function of each element and that of another array or a number.
    ///
    /// # Errors
    /// When the shapes cannot be broadcast together, the function is not defined on the dtypes, an integer does not fit
    /// the dtype, or the arrays belong to different sessions.
    pub(crate) fn binary(&self, op: BinaryOp, right: Operand) -> Result<DistArray, Error> {
        match right {
            Operand::Array(right) => {
                let common = result_type(self.dtype(), right.dtype());
                let given = [self.dtype(), right.dtype()];
                let dtype = computing_dtype(op.name(), common, &given, |dtype| op.output(dtype))?;
                self.zip(op.name(), Program::binary(op, dtype), &right)
            }
            Operand::Scalar(scalar) => {
                let dtype = self.dtype_with(op, scalar)?;
                let program = Program::with_constant(op, constant(scalar, dtype)?);
                Ok(self.mapped(program))
            }
        }
    }

    /// A function of a number on the left and each element.
    ///
    /// # Errors
    /// Those of [`binary`](Self::binary).
    pub(crate) fn binary_of(&self, scalar: Scalar, op: BinaryOp) -> Result<DistArray, Error> {
        let dtype = self.dtype_with(op, scalar)?;
        Ok(self.mapped(Program::of_constant(constant(scalar, dtype)?, op)))
    }

    /// A program of this array alone, with the cast that it needs before it: the result is laid out alike.
    pub(crate) fn mapped(&self, program: Program) -> DistArray {
        let program = cast_inputs(program, &[self.dtype()]);
        DistArray::fitting(Elementwise { program }, &[self])
    }

    /// A program of this array and another one, with the casts that it needs before it.
    fn zip(
        &self,
        name: &'static str,
        program: Program,
        right: &DistArray,
    ) -> Result<DistArray, Error> {
        elementwise(name, program, &[self, right])
    }

    /// The dtype that a function of this array and a weak number computes in.
    fn dtype_with(&self, op: BinaryOp, scalar: Scalar) -> Result<DType, Error> {
        let common = result_type_with(self.dtype(), scalar);
        let dtype = computing_dtype(op.name(), common, &[common], |dtype| op.output(dtype))?;
        // A comparison with an integer that the dtype does not hold has an answer all the same.
        let compares = op.output(DType::Float64) == Some(DType::Bool);
        let out_of_bounds = constant(scalar, dtype).is_err();
        Ok(if compares && out_of_bounds { result_type(dtype, DType::Int64) } else { dtype })
    }
}

/// The dtype that some arrays promote to.
pub(crate) fn elementwise_dtype(arrays: &[&DistArray]) -> DType {
    common_type(arrays.iter().map(|array| array.dtype())).unwrap_or(DType::Float64)
}

/// A program of arrays that are broadcast together, with the casts that it needs before it.
///
/// # Errors
/// When the shapes cannot be broadcast together, or the arrays belong to different sessions.
pub(crate) fn elementwise(
    name: &'static str,
    program: Program,
    operands: &[&DistArray],
) -> Result<DistArray, Error> {
    let first = operands[0];
    operands[1..].iter().try_for_each(|operand| first.check_session(name, operand))?;
    let dtypes: Vec<_> = operands.iter().map(|operand| operand.dtype()).collect();
    let program = cast_inputs(program, &dtypes);
    DistArray::new(first.session_inner(), Elementwise { program }, operands)
}

/// Functions that NumPy computes in int8 where their operands are bools.
const IN_INT8: [&str; 6] =
    ["floor_divide", "remainder", "power", "left_shift", "right_shift", "square"];

/// The dtype that a function computes in, where its operands promote to `common`: that one, or a float for a function
/// of real numbers that is defined on floats alone. As in NumPy that is float32 for integers of at most 16 bits, but
/// of quotients float64.
///
/// # Errors
/// [`Error::UndefinedFor`] when it is defined on neither.
fn computing_dtype(
    op: &'static str,
    common: DType,
    given: &[DType],
    output: impl Fn(DType) -> Option<DType>,
) -> Result<DType, Error> {
    let on_floats_alone = output(DType::Int64).is_none() && !common.is_complex();
    let widest = given.iter().map(|dtype| dtype.item_bytes()).max();
    let short = widest == Some(2) && op != BinaryOp::Divide.name();
    let float = if short { DType::Float32 } else { DType::Float64 };
    let of_bools = common == DType::Bool && IN_INT8.contains(&op);
    let candidates =
        [Some(common), of_bools.then_some(DType::Int8), on_floats_alone.then_some(float)];
    let found = candidates.into_iter().flatten().find(|&dtype| output(dtype).is_some());
    found.ok_or(Error::UndefinedFor { op, dtype: common })
}

/// The program for operands of other dtypes.
fn cast_inputs(program: Program, dtypes: &[DType]) -> Program {
    let wanted = program.input_dtypes().to_vec();
    let pairs = dtypes.iter().zip(wanted).enumerate();
    pairs.fold(program, |program, (slot, (&have, want))| {
        if have == want { program } else { program.after(slot, &Program::cast(have, want)) }
    })
}
