//! The operations of a program. Each takes arrays that fit it; where there are none it adds nothing.

use super::writer::Writer;
use super::{Variable, WorkloadError, rule};
use crate::array_op::{self, ArraySpec, NewtonModel, Selection};
use crate::{
    BinaryOp, Constant, DType, GlmFamily, GridRule, LinalgStep, Program, Reduction, Shape, UnaryOp,
};

/// A product of blocks gives at most this many tasks.
const PRODUCTS_MAX: usize = 1 << 11;
/// A result has at most this many elements: 800 MB.
const ELEMENTS_MAX: usize = 100_000_000;
/// Matrices that one node factorizes alone.
const GATHERED_SIDE_MAX: usize = 1_500;

type Added = Result<(), WorkloadError>;

impl Writer {
    /// Adds an operation that is drawn, with its operands.
    pub(super) fn add_operation(&mut self) -> Added {
        match self.below(24) {
            0..4 => self.add_chain(),
            4..8 => self.add_binary(),
            8..11 => self.add_reduction(),
            11..14 => self.add_product(),
            14 => self.add_transpose(),
            15 | 16 => self.add_slice(),
            17 => self.add_reshape(),
            18 => self.add_sort(),
            19 => self.add_qr(),
            20 => self.add_cholesky(),
            21 => self.add_glm(),
            22 => self.add_solution(),
            _ => self.add_joined(),
        }
    }

    fn add_map(&mut self, says: String, program: &Program, operands: &[&Variable]) -> Added {
        let arrays: Vec<_> = operands.iter().map(|operand| &operand.array).collect();
        let specs: Vec<_> = operands.iter().map(|operand| operand.spec()).collect();
        let spec = ArraySpec::elementwise(&specs, DType::Float64)?;
        let array = self.graph.next_array();
        let made = array_op::elementwise(&mut self.graph, array, program, &arrays, &spec)?;
        self.define(says, made);
        Ok(())
    }

    /// One to three functions of one array.
    fn add_chain(&mut self) -> Added {
        let Some(first) = self.pick(|_| true) else { return Ok(()) };
        let (mut program, mut says) = (Program::identity(DType::Float64), first.name.clone());
        for _ in 0..=self.below(3) {
            let op = self.choose(&[UnaryOp::Exp, UnaryOp::Sqrt, UnaryOp::Negative, UnaryOp::Tanh]);
            program = Program::unary(op, DType::Float64).after(0, &program);
            says = format!("{}({says})", op.name());
        }
        self.add_map(says, &program, &[&first])
    }

    fn add_binary(&mut self) -> Added {
        let Some(left) = self.pick(|_| true) else { return Ok(()) };
        let shape = left.array.spec.shape();
        let fits = |right: &Variable| {
            let result = shape.broadcast(&right.array.spec.shape());
            result.is_ok_and(|result| result.elements() <= ELEMENTS_MAX)
        };
        let Some(right) = self.pick(fits) else { return Ok(()) };
        let op = self.choose(&[BinaryOp::Add, BinaryOp::Multiply, BinaryOp::Subtract]);
        let says = format!("{}({}, {})", op.name(), left.name, right.name);
        self.add_map(says, &Program::binary(op, DType::Float64), &[&left, &right])
    }

    fn add_reduction(&mut self) -> Added {
        let Some(of) = self.pick(|of| !of.shape().is_empty()) else { return Ok(()) };
        let rank = of.shape().len();
        let kind = self.choose(&[
            Reduction::Sum,
            Reduction::Mean,
            Reduction::Max,
            Reduction::Std { ddof: 0 },
        ]);
        let one = self.below(rank);
        let axes = if self.below(2) == 0 { (0..rank).collect() } else { vec![one] };
        let array = self.graph.next_array();
        let made = array_op::reduce(&mut self.graph, array, &of.array, kind, &axes)?;
        self.define(format!("{}.{}(axis={axes:?})", of.name, kind.name()), made);
        Ok(())
    }

    /// A product of two arrays, or of a matrix and its own transpose.
    fn add_product(&mut self) -> Added {
        let Some(left) = self.pick(|left| (1..=2).contains(&left.shape().len())) else {
            return Ok(());
        };
        let other = self.below(3);
        if other < 2 && left.shape().len() == 2 {
            let array = self.graph.next_array();
            let transposed = array_op::transpose(&mut self.graph, array, &left.array, &[1, 0])?;
            let name = format!("{}.T", left.name);
            let transposed = Variable { name, array: transposed };
            let [left, right] = if other == 0 { [transposed, left] } else { [left, transposed] };
            if fits_product(&left, &right) {
                return self.add_matmul(&left, &right);
            }
            return Ok(());
        }
        let Some(right) = self.pick(|right| fits_product(&left, right)) else { return Ok(()) };
        self.add_matmul(&left, &right)
    }

    fn add_matmul(&mut self, left: &Variable, right: &Variable) -> Added {
        let Some(spec) = left.spec().matmul(right.spec()) else { return Ok(()) };
        let array = self.graph.next_array();
        let made = array_op::matmul(&mut self.graph, array, &left.array, &right.array, &spec)?;
        self.define(format!("{} @ {}", left.name, right.name), made);
        Ok(())
    }

    fn add_transpose(&mut self) -> Added {
        let Some(of) = self.pick(|of| of.shape().len() == 2) else { return Ok(()) };
        let array = self.graph.next_array();
        let made = array_op::transpose(&mut self.graph, array, &of.array, &[1, 0])?;
        self.define(format!("{}.T", of.name), made);
        Ok(())
    }

    /// A part of one axis: its front, what lies behind the first elements, or every other one.
    fn add_slice(&mut self) -> Added {
        let Some(of) = self.pick(|of| of.shape().iter().any(|&len| len > 3)) else {
            return Ok(());
        };
        let lengths = of.shape();
        let long: Vec<usize> = (0..lengths.len()).filter(|&axis| lengths[axis] > 3).collect();
        let axis = self.choose(&long);
        let len = lengths[axis];
        let (text, part) = match self.below(3) {
            0 => (format!("[:{}]", len / 2), Selection { start: 0, step: 1, len: len / 2 }),
            1 => ("[1:]".to_owned(), Selection { start: 1, step: 1, len: len - 1 }),
            _ => ("[::2]".to_owned(), Selection { start: 0, step: 2, len: len.div_ceil(2) }),
        };
        let mut selections: Vec<_> = lengths.iter().map(|&len| Selection::all(len)).collect();
        selections[axis] = part;
        let shape = Shape::new(selections.iter().map(|taken| taken.len).collect::<Vec<_>>())?;
        let spec = ArraySpec::automatic(&shape, DType::Float64, &rule());
        let array = self.graph.next_array();
        let made =
            array_op::gather(&mut self.graph, array, &of.array, &selections, &spec.grid, &spec)?;
        self.define(format!("{}{text} on axis {axis}", of.name), made);
        Ok(())
    }

    /// A matrix in one axis, or an even number of rows in pairs.
    fn add_reshape(&mut self) -> Added {
        let Some(of) = self.pick(|of| of.shape().len() == 2) else { return Ok(()) };
        let [rows, columns] = of.shape()[..] else { return Ok(()) };
        let paired = rows % 2 == 0 && self.below(2) == 0;
        let shape = if paired { vec![rows / 2, columns * 2] } else { vec![rows * columns] };
        let spec = ArraySpec::automatic(&Shape::new(&shape[..])?, DType::Float64, &rule());
        let array = self.graph.next_array();
        let made = array_op::reshape(&mut self.graph, array, &of.array, &spec)?;
        self.define(format!("{}.reshape({shape:?})", of.name), made);
        Ok(())
    }

    fn add_sort(&mut self) -> Added {
        let Some(of) = self.pick(|of| !of.shape().is_empty()) else { return Ok(()) };
        let axis = self.below(of.shape().len());
        let array = self.graph.next_array();
        let made = array_op::sort(&mut self.graph, array, &of.array, axis, false)?;
        self.define(format!("sort({}, axis={axis})", of.name), made);
        Ok(())
    }

    /// R of a tall matrix, Q, or both.
    fn add_qr(&mut self) -> Added {
        let tall = |of: &Variable| match of.shape()[..] {
            [rows, columns] => rows >= 4 * columns && columns <= GATHERED_SIDE_MAX,
            _ => false,
        };
        let Some(of) = self.pick(tall) else { return Ok(()) };
        let tree = array_op::FactorTree::new(&mut self.graph, &of.array)?;
        let factors = self.below(3);
        if factors != 0 {
            let array = self.graph.next_array();
            let q = tree.q(&mut self.graph, array)?;
            self.define(format!("qr({}).Q", of.name), q);
        }
        if factors != 1 {
            let array = self.graph.next_array();
            let r = tree.r(&mut self.graph, array)?;
            self.define(format!("qr({}).R", of.name), r);
        }
        Ok(())
    }

    fn add_cholesky(&mut self) -> Added {
        let Some(of) = self.pick(is_square) else { return Ok(()) };
        let Some(spec) = of.spec().cholesky() else { return Ok(()) };
        let array = self.graph.next_array();
        let made = array_op::cholesky(&mut self.graph, array, &of.array, &spec)?;
        self.define(format!("cholesky({})", of.name), made);
        Ok(())
    }

    /// One to three steps of logistic regression on a matrix, and the labels made where there are none.
    fn add_glm(&mut self) -> Added {
        let tall = |of: &Variable| match of.shape()[..] {
            [rows, columns] => rows >= 4 * columns && columns <= 250,
            _ => false,
        };
        let Some(x) = self.pick(tall) else { return Ok(()) };
        let [rows, columns] = x.shape()[..] else { return Ok(()) };
        let y = match self.pick(|y| y.shape() == [rows]) {
            Some(labels) => labels,
            None => self.add_input(&[rows])?,
        };
        let array = self.graph.next_array();
        let rule: GridRule = rule();
        let spec = ArraySpec::automatic(&Shape::new([columns])?, DType::Float64, &rule);
        let zero = Constant::float64(0.0);
        let zeros = crate::Creation::Full(zero);
        let mut beta = array_op::create(&mut self.graph, array, zeros, &spec)?;
        let model = NewtonModel { family: GlmFamily::Bernoulli, intercept: false, ridge: zero };
        let steps = 1 + self.below(3);
        for _ in 0..steps {
            let array = self.graph.next_array();
            beta = array_op::newton_step(&mut self.graph, array, model, &x.array, &y.array, &beta)?;
        }
        self.define(format!("logistic({}, {}), {steps} steps", x.name, y.name), beta);
        Ok(())
    }

    /// The solution of a system, or an inverse.
    fn add_solution(&mut self) -> Added {
        let small = |of: &Variable| is_square(of) && of.shape()[0] <= GATHERED_SIDE_MAX;
        let Some(matrix) = self.pick(small) else { return Ok(()) };
        let order = matrix.shape()[0];
        let array = self.graph.next_array();
        let sides =
            self.pick(|sides| (1..=2).contains(&sides.shape().len()) && sides.shape()[0] == order);
        let (says, step, operands) = match &sides {
            Some(sides) if self.below(2) == 0 => {
                let says = format!("solve({}, {})", matrix.name, sides.name);
                (says, LinalgStep::Solve, vec![&matrix.array, &sides.array])
            }
            _ => (format!("inv({})", matrix.name), LinalgStep::Inverse, vec![&matrix.array]),
        };
        let made = array_op::linalg(&mut self.graph, array, step, &operands)?;
        self.define(says, made);
        Ok(())
    }

    /// Two arrays one after the other.
    fn add_joined(&mut self) -> Added {
        let Some(first) = self.pick(|first| !first.shape().is_empty()) else { return Ok(()) };
        let shape = first.shape();
        let fits = |other: &Variable| {
            let own = other.shape();
            own.len() == shape.len()
                && own[1..] == shape[1..]
                && (own[0] + shape[0]) * own[1..].iter().product::<usize>() <= ELEMENTS_MAX
        };
        let Some(second) = self.pick(fits) else { return Ok(()) };
        let mut lengths = shape.clone();
        lengths[0] += second.shape()[0];
        let spec = ArraySpec::automatic(&Shape::new(lengths)?, DType::Float64, &rule());
        let array = self.graph.next_array();
        let parts = [&first.array, &second.array];
        let made = array_op::concatenate(&mut self.graph, array, &parts, 0, &spec)?;
        self.define(format!("concatenate({}, {})", first.name, second.name), made);
        Ok(())
    }
}

fn is_square(of: &Variable) -> bool {
    matches!(of.shape()[..], [rows, columns] if rows == columns)
}

/// Whether a product exists and is not too large.
fn fits_product(left: &Variable, right: &Variable) -> bool {
    let Some(spec) = left.spec().matmul(right.spec()) else { return false };
    let inner = |variable: &Variable, axis: usize| variable.spec().grid.counts()[axis];
    let depth = inner(left, left.shape().len() - 1).max(inner(right, 0));
    let products = spec.grid.blocks() * depth;
    products <= PRODUCTS_MAX && spec.shape().elements() <= ELEMENTS_MAX
}
