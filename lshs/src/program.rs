//! Element-wise programs: straight-line code over the elements of some blocks.
//!
//! A single `+` is a program of one instruction; the fusion rewrite concatenates programs. Kernels interpret them
//! in cache-sized tiles, so a fused chain makes no temporary arrays.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A value of a program: inputs first, then the result of each instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Value(pub u16);

/// A float64 constant that is compared and hashed by its bits, so that programs are plain values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Constant(u64);

/// A function of one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the variants are NumPy's own names")]
pub enum UnaryOp {
    Negative,
    Absolute,
    Square,
    Sqrt,
    Exp,
    Log,
}

/// A function of two elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the variants are NumPy's own names")]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// One step of a program; its result is the next [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Instruction {
    /// A constant, the same for every element.
    Constant(Constant),
    /// A function of one earlier value.
    Unary(UnaryOp, Value),
    /// A function of two earlier values.
    Binary(BinaryOp, Value, Value),
}

/// A straight-line element-wise function of `inputs` blocks; the last value is the result.
///
/// ```
/// use nums_lshs::{BinaryOp, Program, UnaryOp};
/// let add = Program::binary(BinaryOp::Add);
/// let exp_of_sum = Program::unary(UnaryOp::Exp).after(0, &add);
/// assert_eq!(exp_of_sum.to_string(), "exp(add(x0, x1))");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Program {
    inputs: u16,
    instructions: Vec<Instruction>,
}

impl Program {
    /// The most instructions of a program: a bound on what a peer can send and on the tiles of a kernel.
    pub const INSTRUCTIONS_MAX: usize = 256;

    /// The program that gives its one input unchanged.
    pub fn identity() -> Program {
        Program { inputs: 1, instructions: Vec::new() }
    }

    /// A function of one input.
    pub fn unary(op: UnaryOp) -> Program {
        Program { inputs: 1, instructions: vec![Instruction::Unary(op, Value(0))] }
    }

    /// A function of two inputs.
    pub fn binary(op: BinaryOp) -> Program {
        Program { inputs: 2, instructions: vec![Instruction::Binary(op, Value(0), Value(1))] }
    }

    /// A function of one input and a constant on its right.
    pub fn with_constant(op: BinaryOp, constant: f64) -> Program {
        let constant = Instruction::Constant(Constant::new(constant));
        let apply = Instruction::Binary(op, Value(0), Value(1));
        Program { inputs: 1, instructions: vec![constant, apply] }
    }

    /// A function of a constant on the left and one input.
    pub fn of_constant(constant: f64, op: BinaryOp) -> Program {
        let constant = Instruction::Constant(Constant::new(constant));
        let apply = Instruction::Binary(op, Value(1), Value(0));
        Program { inputs: 1, instructions: vec![constant, apply] }
    }

    /// The number of blocks that it reads.
    pub fn inputs(&self) -> usize {
        usize::from(self.inputs)
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
        assert!(slot < self.inputs(), "input {slot} of {}", self.inputs);
        let (slot, inputs) = (slot as u16, self.inputs + first.inputs - 1);
        let first_results = inputs + first.instructions.len() as u16;
        let in_first = |Value(value): Value| {
            let input = value < first.inputs;
            Value(if input { value + slot } else { value - first.inputs + inputs })
        };
        let first_result = match first.instructions.len() as u16 {
            0 => Value(slot),
            len => Value(inputs + len - 1),
        };
        let in_second = |Value(value): Value| match value {
            value if value >= self.inputs => Value(value - self.inputs + first_results),
            value if value < slot => Value(value),
            value if value == slot => first_result,
            value => Value(value + first.inputs - 1),
        };
        let mut instructions: Vec<_> =
            first.instructions.iter().map(|step| step.renamed(in_first)).collect();
        instructions.extend(self.instructions.iter().map(|step| step.renamed(in_second)));
        Program { inputs, instructions }
    }

    /// This program over fewer inputs: its input number `slot` becomes number `sources[slot]` of `inputs`.
    ///
    /// # Panics
    /// When there is not one source below `inputs` for each input: the caller makes the list from the inputs.
    pub fn with_inputs(&self, inputs: usize, sources: &[usize]) -> Program {
        assert!(
            sources.len() == self.inputs() && sources.iter().all(|&source| source < inputs),
            "inputs {sources:?} of {inputs}"
        );
        let renamed = |Value(value): Value| match sources.get(usize::from(value)) {
            Some(&source) => Value(source as u16),
            None => Value(value - self.inputs + inputs as u16),
        };
        let instructions = self.instructions.iter().map(|step| step.renamed(renamed)).collect();
        Program { inputs: inputs as u16, instructions }
    }

    /// Whether every value is defined before it is used and the bounds hold; checked on what a peer sends.
    pub fn is_well_formed(&self) -> bool {
        let defined =
            |index: usize, Value(value): Value| usize::from(value) < self.inputs() + index;
        let steps = self.instructions.iter().enumerate();
        self.inputs >= 1
            && self.inputs() + self.instructions.len() <= Program::INSTRUCTIONS_MAX
            && steps.into_iter().all(|(index, step)| match *step {
                Instruction::Constant(_) => true,
                Instruction::Unary(_, value) => defined(index, value),
                Instruction::Binary(_, left, right) => {
                    defined(index, left) && defined(index, right)
                }
            })
    }

    /// Floating-point operations for one element; a transcendental counts as ten.
    pub fn flops_per_element(&self) -> u64 {
        let weight = |step: &Instruction| match step {
            Instruction::Constant(_) => 0,
            Instruction::Unary(UnaryOp::Exp | UnaryOp::Log | UnaryOp::Sqrt, _) => 10,
            Instruction::Unary(..) | Instruction::Binary(..) => 1,
        };
        self.instructions.iter().map(weight).sum()
    }
}

impl Instruction {
    fn renamed(&self, name: impl Fn(Value) -> Value) -> Instruction {
        match *self {
            Instruction::Constant(constant) => Instruction::Constant(constant),
            Instruction::Unary(op, value) => Instruction::Unary(op, name(value)),
            Instruction::Binary(op, left, right) => {
                Instruction::Binary(op, name(left), name(right))
            }
        }
    }
}

impl Constant {
    /// 0.
    pub const ZERO: Constant = Constant(0);

    /// A constant with these bits, NaN payload and sign of zero included.
    pub fn new(value: f64) -> Constant {
        Constant(value.to_bits())
    }

    /// The number.
    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl UnaryOp {
    /// NumPy's name.
    pub fn name(self) -> &'static str {
        match self {
            UnaryOp::Negative => "negative",
            UnaryOp::Absolute => "absolute",
            UnaryOp::Square => "square",
            UnaryOp::Sqrt => "sqrt",
            UnaryOp::Exp => "exp",
            UnaryOp::Log => "log",
        }
    }
}

impl BinaryOp {
    /// NumPy's name.
    pub fn name(self) -> &'static str {
        match self {
            BinaryOp::Add => "add",
            BinaryOp::Subtract => "subtract",
            BinaryOp::Multiply => "multiply",
            BinaryOp::Divide => "divide",
        }
    }
}

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.get())
    }
}

impl fmt::Display for Program {
    /// As nested calls over inputs `x0`, `x1`, ...; shared values are written out where they are used, up to a depth.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.inputs() + self.instructions.len() - 1;
        self.write_value(f, last, 0)
    }
}

impl Program {
    fn write_value(&self, f: &mut fmt::Formatter<'_>, value: usize, depth: usize) -> fmt::Result {
        const DEPTH_MAX: usize = 8;
        if value < self.inputs() {
            return write!(f, "x{value}");
        }
        if depth == DEPTH_MAX {
            return f.write_str("...");
        }
        match self.instructions[value - self.inputs()] {
            Instruction::Constant(constant) => write!(f, "{:?}", constant.get()),
            Instruction::Unary(op, Value(of)) => {
                write!(f, "{}(", op.name())?;
                self.write_value(f, usize::from(of), depth + 1)?;
                f.write_str(")")
            }
            Instruction::Binary(op, Value(left), Value(right)) => {
                write!(f, "{}(", op.name())?;
                self.write_value(f, usize::from(left), depth + 1)?;
                f.write_str(", ")?;
                self.write_value(f, usize::from(right), depth + 1)?;
                f.write_str(")")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composition_renames_inputs_and_results() {
        let divide = Program::binary(BinaryOp::Divide);
        let exp = Program::unary(UnaryOp::Exp);
        let shifted = Program::with_constant(BinaryOp::Add, 1.0).after(0, &exp);
        assert_eq!(shifted.to_string(), "add(exp(x0), 1.0)");
        let sigmoid_like = divide.after(1, &shifted);
        assert_eq!(sigmoid_like.to_string(), "divide(x0, add(exp(x1), 1.0))");
        let both = sigmoid_like.after(0, &Program::binary(BinaryOp::Multiply));
        assert_eq!(both.to_string(), "divide(multiply(x0, x1), add(exp(x2), 1.0))");
        assert_eq!(divide.after(1, &Program::identity()), divide);
        assert!(both.is_well_formed());
    }

    #[test]
    fn inputs_can_be_merged() {
        let product = Program::binary(BinaryOp::Multiply);
        let cube = product.after(0, &product).with_inputs(1, &[0, 0, 0]);
        assert_eq!(cube.to_string(), "multiply(multiply(x0, x0), x0)");
        let swapped = Program::binary(BinaryOp::Subtract).with_inputs(2, &[1, 0]);
        assert_eq!(swapped.to_string(), "subtract(x1, x0)");
        assert!(cube.is_well_formed() && swapped.is_well_formed());
    }

    #[test]
    fn values_must_be_defined_before_use() {
        let loops = Instruction::Unary(UnaryOp::Exp, Value(1));
        assert!(!Program { inputs: 1, instructions: vec![loops] }.is_well_formed());
    }
}
