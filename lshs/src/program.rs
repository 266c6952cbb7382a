//! Element-wise programs: straight-line code over the elements of some blocks.
//!
//! A single `+` is a program of one instruction. The fusion rewrite concatenates programs. Kernels interpret programs in
//! cache-sized tiles, so a fused chain makes no temporary arrays. Every value has a dtype, which follows from the dtypes of
//! the inputs. The operands of an instruction have the same dtype, and casts are instructions.

mod constant;
mod function;

pub use constant::Constant;
pub use function::{BinaryOp, UnaryOp};

use crate::DType;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A value of a program: inputs first, then the result of each instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Value(pub u16);

/// One step of a program; its result is the next [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Instruction {
    /// A constant, the same for every element.
    Constant(Constant),
    /// A function of one earlier value.
    Unary(UnaryOp, Value),
    /// A function of two earlier values of one dtype.
    Binary(BinaryOp, Value, Value),
    /// Where the first value, a bool, is true the second one, elsewhere the third, which has the same dtype.
    Select(Value, Value, Value),
    /// An earlier value as another dtype, as NumPy's `astype` gives it.
    Cast(DType, Value),
}

/// A straight-line element-wise function of blocks of some dtypes; the last value is the result.
///
/// ```
/// use nums_lshs::{BinaryOp, DType, Program, UnaryOp};
/// let add = Program::binary(BinaryOp::Add, DType::Float64);
/// let exp_of_sum = Program::unary(UnaryOp::Exp, DType::Float64).after(0, &add);
/// assert_eq!(exp_of_sum.to_string(), "exp(add(x0, x1))");
/// assert_eq!(exp_of_sum.dtype(), Some(DType::Float64));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Program {
    inputs: Vec<DType>,
    instructions: Vec<Instruction>,
}

impl Program {
    /// The most values of a program, inputs and instructions together: a bound on what a peer can send and on the
    /// tiles of a kernel.
    pub const INSTRUCTIONS_MAX: usize = 256;

    /// The program that gives its one input unchanged.
    pub fn identity(dtype: DType) -> Program {
        Program { inputs: vec![dtype], instructions: Vec::new() }
    }

    /// A program of instructions, perhaps not well formed.
    pub(crate) fn unchecked(inputs: Vec<DType>, instructions: Vec<Instruction>) -> Program {
        Program { inputs, instructions }
    }

    /// A program of instructions over inputs of some dtypes; `None` when it is not well formed.
    ///
    /// ```
    /// use nums_lshs::{BinaryOp, Constant, DType, Instruction, Program, Value};
    /// let clip = [
    ///     Instruction::Constant(Constant::float64(-1.0)),
    ///     Instruction::Constant(Constant::float64(1.0)),
    ///     Instruction::Binary(BinaryOp::Maximum, Value(0), Value(1)),
    ///     Instruction::Binary(BinaryOp::Minimum, Value(3), Value(2)),
    /// ];
    /// let clip = Program::new(vec![DType::Float64], clip.to_vec()).unwrap();
    /// assert_eq!(clip.to_string(), "minimum(maximum(x0, -1.0), 1.0)");
    /// ```
    pub fn new(inputs: Vec<DType>, instructions: Vec<Instruction>) -> Option<Program> {
        let program = Program { inputs, instructions };
        program.is_well_formed().then_some(program)
    }

    /// A function of one input. Whether it is defined on the dtype shows in [`dtype`](Self::dtype).
    pub fn unary(op: UnaryOp, dtype: DType) -> Program {
        Program { inputs: vec![dtype], instructions: vec![Instruction::Unary(op, Value(0))] }
    }

    /// A function of two inputs of one dtype.
    pub fn binary(op: BinaryOp, dtype: DType) -> Program {
        let apply = Instruction::Binary(op, Value(0), Value(1));
        Program { inputs: vec![dtype; 2], instructions: vec![apply] }
    }

    /// A function of one input and a constant on its right.
    pub fn with_constant(op: BinaryOp, constant: Constant) -> Program {
        let apply = Instruction::Binary(op, Value(0), Value(1));
        let instructions = vec![Instruction::Constant(constant), apply];
        Program { inputs: vec![constant.dtype()], instructions }
    }

    /// A function of a constant on the left and one input.
    pub fn of_constant(constant: Constant, op: BinaryOp) -> Program {
        let apply = Instruction::Binary(op, Value(1), Value(0));
        let instructions = vec![Instruction::Constant(constant), apply];
        Program { inputs: vec![constant.dtype()], instructions }
    }

    /// The input as another dtype; the identity when it is the same.
    pub fn cast(from: DType, to: DType) -> Program {
        let step = Instruction::Cast(to, Value(0));
        Program { inputs: vec![from], instructions: Vec::from_iter((from != to).then_some(step)) }
    }

    /// A constant wherever there is an input of a dtype, whatever it holds.
    pub fn constant(input: DType, constant: Constant) -> Program {
        Program { inputs: vec![input], instructions: vec![Instruction::Constant(constant)] }
    }

    /// NumPy's `where`: of a bool and two inputs of a dtype.
    pub fn select(dtype: DType) -> Program {
        let select = Instruction::Select(Value(0), Value(1), Value(2));
        Program { inputs: vec![DType::Bool, dtype, dtype], instructions: vec![select] }
    }

    /// The number of blocks that it reads.
    pub fn inputs(&self) -> usize {
        self.inputs.len()
    }

    /// The function, when the program is one function of its two inputs in order and nothing else.
    pub fn sole_binary(&self) -> Option<BinaryOp> {
        match (&self.inputs[..], &self.instructions[..]) {
            ([_, _], &[Instruction::Binary(op, Value(0), Value(1))]) => Some(op),
            _ => None,
        }
    }

    /// The dtypes of the blocks that it reads.
    pub fn input_dtypes(&self) -> &[DType] {
        &self.inputs
    }

    /// The dtype of the result; `None` for a program that is not well formed.
    pub fn dtype(&self) -> Option<DType> {
        self.value_dtypes()?.last().copied()
    }

    /// The dtypes of all values: the inputs and the result of each instruction. `None` when a value is used before it
    /// is defined, a function is not defined on its operands, or a bound does not hold; checked on what a peer sends.
    pub fn value_dtypes(&self) -> Option<Vec<DType>> {
        let values = self.inputs() + self.instructions.len();
        if self.inputs.is_empty() || values > Program::INSTRUCTIONS_MAX {
            return None;
        }
        let mut dtypes = self.inputs.clone();
        for step in &self.instructions {
            let of = |Value(value): Value| dtypes.get(usize::from(value)).copied();
            let same = |left, right| of(left).filter(|&dtype| of(right) == Some(dtype));
            dtypes.push(match *step {
                Instruction::Constant(constant) => {
                    constant.is_well_formed().then_some(constant.dtype())?
                }
                Instruction::Unary(op, value) => op.output(of(value)?)?,
                Instruction::Binary(op, left, right) => op.output(same(left, right)?)?,
                Instruction::Select(condition, left, right) => {
                    let dtype = same(left, right)?;
                    (of(condition)? == DType::Bool).then_some(dtype)?
                }
                Instruction::Cast(dtype, value) => of(value).map(|_| dtype)?,
            });
        }
        Some(dtypes)
    }

    /// The steps, in order.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// This program with the result of another as its input number `slot`: the inputs of the other take the place
    /// of that input.
    ///
    /// # Panics
    /// When there is no such input: the caller counts inputs before it fuses.
    pub fn after(&self, slot: usize, first: &Program) -> Program {
        assert!(slot < self.inputs(), "input {slot} of {}", self.inputs());
        let mut inputs = self.inputs.clone();
        inputs.splice(slot..=slot, first.inputs.iter().copied());
        let (own_len, first_len, len) = (self.inputs(), first.inputs(), inputs.len());
        let first_results = len + first.instructions.len();
        let in_first = |value: usize| {
            if value < first_len { value + slot } else { value - first_len + len }
        };
        let first_result = match first.instructions.len() {
            0 => slot,
            steps => len + steps - 1,
        };
        let in_second = |value: usize| match value {
            value if value >= own_len => value - own_len + first_results,
            value if value < slot => value,
            value if value == slot => first_result,
            value => value + first_len - 1,
        };
        let mut instructions: Vec<_> =
            first.instructions.iter().map(|step| step.renamed(in_first)).collect();
        instructions.extend(self.instructions.iter().map(|step| step.renamed(in_second)));
        Program { inputs, instructions }
    }

    /// This program over fewer inputs: its input number `slot` becomes number `sources[slot]` of `inputs`. Inputs
    /// that become one have the same dtype.
    ///
    /// # Panics
    /// When there is not one source below `inputs` for each input, or not one input for each source: the caller makes
    /// the list from the inputs.
    pub fn with_inputs(&self, inputs: usize, sources: &[usize]) -> Program {
        assert!(
            sources.len() == self.inputs() && sources.iter().all(|&source| source < inputs),
            "inputs {sources:?} of {inputs}"
        );
        let dtypes = (0..inputs).map(|input| {
            let slot = sources.iter().position(|&source| source == input);
            slot.map(|slot| self.inputs[slot]).unwrap_or_else(|| panic!("nothing reads {input}"))
        });
        let own_len = self.inputs();
        let renamed = |value: usize| match sources.get(value) {
            Some(&source) => source,
            None => value - own_len + inputs,
        };
        let instructions = self.instructions.iter().map(|step| step.renamed(renamed)).collect();
        Program { inputs: dtypes.collect(), instructions }
    }

    /// Whether every value is defined before it is used, every function on its operands, and the bounds hold; checked
    /// on what a peer sends.
    pub fn is_well_formed(&self) -> bool {
        self.value_dtypes().is_some()
    }

    /// Whether it may refuse the numbers that it is given: a power of integers whose exponent is no constant may be
    /// below 0, which is no integer.
    ///
    /// ```
    /// use nums_lshs::{BinaryOp, Constant, DType, Program};
    /// let cube = Constant::from_integer(DType::Int64, 3).unwrap();
    /// assert!(!Program::with_constant(BinaryOp::Power, cube).may_refuse());
    /// assert!(Program::of_constant(cube, BinaryOp::Power).may_refuse());
    /// assert!(!Program::binary(BinaryOp::Power, DType::Float64).may_refuse());
    /// ```
    pub fn may_refuse(&self) -> bool {
        let Some(dtypes) = self.value_dtypes() else { return true };
        self.instructions.iter().any(|step| match *step {
            Instruction::Binary(BinaryOp::Power, _, Value(exponent)) => {
                let exponent = usize::from(exponent);
                let step = exponent.checked_sub(self.inputs()).map(|step| self.instructions[step]);
                let fixed = match step {
                    Some(Instruction::Constant(constant)) => constant.to_i64(),
                    _ => None,
                };
                dtypes[exponent].is_integer() && fixed.is_none_or(|fixed| fixed < 0)
            }
            _ => false,
        })
    }

    /// Floating-point operations for one element; a transcendental counts as ten.
    pub fn flops_per_element(&self) -> u64 {
        let weight = |step: &Instruction| match step {
            Instruction::Constant(_) => 0,
            Instruction::Unary(op, _) => op.flops(),
            Instruction::Binary(op, ..) => op.flops(),
            Instruction::Select(..) | Instruction::Cast(..) => 1,
        };
        self.instructions.iter().map(weight).sum()
    }
}

impl Instruction {
    /// The instruction with its operands under other numbers.
    fn renamed(&self, number: impl Fn(usize) -> usize) -> Instruction {
        let name = |Value(value): Value| Value(number(usize::from(value)) as u16);
        match *self {
            Instruction::Constant(constant) => Instruction::Constant(constant),
            Instruction::Unary(op, value) => Instruction::Unary(op, name(value)),
            Instruction::Binary(op, left, right) => {
                Instruction::Binary(op, name(left), name(right))
            }
            Instruction::Select(condition, left, right) => {
                Instruction::Select(name(condition), name(left), name(right))
            }
            Instruction::Cast(dtype, value) => Instruction::Cast(dtype, name(value)),
        }
    }

    /// The values that it reads, in order.
    pub fn operands(&self) -> impl Iterator<Item = Value> + use<> {
        let operands = match *self {
            Instruction::Constant(_) => [None; 3],
            Instruction::Unary(_, value) | Instruction::Cast(_, value) => [Some(value), None, None],
            Instruction::Binary(_, left, right) => [Some(left), Some(right), None],
            Instruction::Select(condition, left, right) => {
                [Some(condition), Some(left), Some(right)]
            }
        };
        operands.into_iter().flatten()
    }
}

impl fmt::Display for Program {
    /// As nested calls over inputs `x0`, `x1`, ...; shared values are written out where they are used, up to a depth.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Over { program: self, names: &[] })
    }
}

impl Program {
    /// The program written over inputs of some names.
    pub(crate) fn over<'a>(&'a self, names: &'a [String]) -> impl fmt::Display + 'a {
        Over { program: self, names }
    }
}

/// A program over inputs of some names; those without one are called by their number.
struct Over<'a> {
    program: &'a Program,
    names: &'a [String],
}

impl fmt::Display for Over<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.program.inputs() + self.program.instructions.len();
        self.write_value(f, values.saturating_sub(1), 0)
    }
}

impl Over<'_> {
    fn write_value(&self, f: &mut fmt::Formatter<'_>, value: usize, depth: usize) -> fmt::Result {
        const DEPTH_MAX: usize = 8;
        let inputs = self.program.inputs();
        if value < inputs {
            return match self.names.get(value) {
                Some(name) => f.write_str(name),
                None => write!(f, "x{value}"),
            };
        }
        // What is not well formed is also written, in the error that refuses it.
        let step = match self.program.instructions.get(value - inputs) {
            Some(step) if depth < DEPTH_MAX => *step,
            _ => return f.write_str("..."),
        };
        match step {
            Instruction::Constant(constant) => return write!(f, "{constant:?}"),
            Instruction::Unary(op, _) => f.write_str(op.name())?,
            Instruction::Binary(op, ..) => f.write_str(op.name())?,
            Instruction::Select(..) => f.write_str("where")?,
            Instruction::Cast(dtype, _) => f.write_str(dtype.name())?,
        }
        for (position, Value(operand)) in step.operands().enumerate() {
            f.write_str(if position == 0 { "(" } else { ", " })?;
            self.write_value(f, usize::from(operand), depth + 1)?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DType::{Bool, Float32, Float64, Int64};

    #[test]
    fn composition_renames_inputs_and_results() {
        let divide = Program::binary(BinaryOp::Divide, Float64);
        let exp = Program::unary(UnaryOp::Exp, Float64);
        let one = Constant::float64(1.0);
        let shifted = Program::with_constant(BinaryOp::Add, one).after(0, &exp);
        assert_eq!(shifted.to_string(), "add(exp(x0), 1.0)");
        let sigmoid_like = divide.after(1, &shifted);
        assert_eq!(sigmoid_like.to_string(), "divide(x0, add(exp(x1), 1.0))");
        let both = sigmoid_like.after(0, &Program::binary(BinaryOp::Multiply, Float64));
        assert_eq!(both.to_string(), "divide(multiply(x0, x1), add(exp(x2), 1.0))");
        assert_eq!(divide.after(1, &Program::identity(Float64)), divide);
        assert!(both.is_well_formed());
    }

    #[test]
    fn inputs_can_be_merged() {
        let product = Program::binary(BinaryOp::Multiply, Float64);
        let cube = product.after(0, &product).with_inputs(1, &[0, 0, 0]);
        assert_eq!(cube.to_string(), "multiply(multiply(x0, x0), x0)");
        let swapped = Program::binary(BinaryOp::Subtract, Float64).with_inputs(2, &[1, 0]);
        assert_eq!(swapped.to_string(), "subtract(x1, x0)");
        assert!(cube.is_well_formed() && swapped.is_well_formed());
    }

    #[test]
    fn dtypes_follow_from_the_inputs() {
        let mean = Program::binary(BinaryOp::Divide, Float64)
            .after(1, &Program::cast(Int64, Float64))
            .after(0, &Program::cast(Float32, Float64));
        assert_eq!(mean.to_string(), "divide(float64(x0), float64(x1))");
        assert_eq!((mean.input_dtypes(), mean.dtype()), (&[Float32, Int64][..], Some(Float64)));
        let relu = Program::select(Float32)
            .after(0, &Program::with_constant(BinaryOp::Greater, Constant::float32(0.0)))
            .with_inputs(2, &[0, 0, 1]);
        assert_eq!(relu.to_string(), "where(greater(x0, 0.0), x0, x1)");
        assert_eq!(relu.dtype(), Some(Float32));
        assert_eq!(Program::cast(Bool, Bool), Program::identity(Bool));
        let mixed = Program::binary(BinaryOp::Add, Float64).after(0, &Program::identity(Int64));
        assert_eq!(mixed.dtype(), None);
        assert_eq!(Program::unary(UnaryOp::Negative, Bool).dtype(), None);
        assert_eq!(Program::unary(UnaryOp::Sigmoid, DType::Complex64).dtype(), None);
    }

    #[test]
    fn values_must_be_defined_before_use() {
        let program = |instruction| Program { inputs: vec![Bool], instructions: vec![instruction] };
        let (own, far) = (Value(1), Value(u16::MAX));
        for malformed in [
            Instruction::Unary(UnaryOp::LogicalNot, own),
            Instruction::Binary(BinaryOp::LogicalAnd, Value(0), far),
            Instruction::Select(Value(0), Value(0), own),
            Instruction::Cast(Float64, far),
        ] {
            assert!(!program(malformed).is_well_formed(), "{malformed:?}");
        }
        assert!(!Program { inputs: vec![], instructions: vec![] }.is_well_formed());
        let long = vec![Instruction::Unary(UnaryOp::Absolute, Value(0)); Program::INSTRUCTIONS_MAX];
        assert!(!Program { inputs: vec![Bool], instructions: long }.is_well_formed());
    }
}
