//! Element-wise programs, interpreted in tiles that stay in the first-level cache.
//!
//! Every instruction is one loop over a tile of contiguous elements, which the compiler vectorises; an input that is
//! broadcast is packed into a tile first. The only memory beside inputs and output is one tile for each value.

use crate::Block;
use ndarray::{ArrayViewD, IxDyn};
use nums_lshs::{BinaryOp, DType, Instruction, Program, Shape, UnaryOp, Value};

/// Elements of a tile: 8 KiB of float64, so that some operands and a result fit a first-level cache of 32 KiB. A
/// constant, because a tile size that depends on the machine could change what is computed.
pub(crate) const TILE_LEN: usize = 1024;

/// Computes `result` = program(inputs), with inputs broadcast to its shape.
pub(crate) fn map(program: &Program, inputs: &[&Block], result: &mut Block) {
    let shape = result.spec().shape.clone();
    evaluate(program, inputs, &shape, result.elements_mut());
}

/// Whether there is a kernel for each instruction.
pub(crate) fn is_supported(program: &Program) -> bool {
    use {BinaryOp::*, UnaryOp::*};
    let float64 = program.input_dtypes().iter().all(|&dtype| dtype == DType::Float64);
    float64
        && program.instructions().iter().all(|instruction| match instruction {
            Instruction::Constant(constant) => constant.dtype() == DType::Float64,
            Instruction::Unary(op, _) => {
                matches!(op, Negative | Absolute | Square | Sqrt | Exp | Log)
            }
            Instruction::Binary(op, ..) => matches!(op, Add | Subtract | Multiply | Divide),
            Instruction::Select(..) | Instruction::Cast(..) => false,
        })
}

/// Computes the program over inputs that are broadcast to a shape, in C order.
pub(crate) fn evaluate(program: &Program, inputs: &[&Block], shape: &Shape, out: &mut [f64]) {
    let mut sources: Vec<_> = inputs.iter().map(|input| Source::new(input, shape)).collect();
    let mut packed = vec![vec![0.0; TILE_LEN]; inputs.len()];
    let mut values = vec![vec![0.0; TILE_LEN]; program.instructions().len()];
    for (tile, out) in out.chunks_mut(TILE_LEN).enumerate() {
        let (first, len) = (tile * TILE_LEN, out.len());
        let read: Vec<&[f64]> = sources
            .iter_mut()
            .zip(&mut packed)
            .map(|(source, packed)| source.tile(first, len, packed))
            .collect();
        for (step, instruction) in program.instructions().iter().enumerate() {
            let (earlier, rest) = values.split_at_mut(step);
            let target = &mut rest[0][..len];
            let operand = |Value(value): Value| match usize::from(value).checked_sub(read.len()) {
                None => read[usize::from(value)],
                Some(step) => &earlier[step][..len],
            };
            match *instruction {
                Instruction::Constant(constant) => target.fill(constant.to_f64()),
                Instruction::Unary(op, value) => unary(op, operand(value), target),
                Instruction::Binary(op, left, right) => {
                    binary(op, operand(left), operand(right), target);
                }
                Instruction::Select(..) | Instruction::Cast(..) => {
                    unreachable!("{instruction:?} has no kernel")
                }
            }
        }
        out.copy_from_slice(values.last().map_or(read[0], |last| &last[..len]));
    }
}

/// An input as the tiles of the broadcast shape.
enum Source<'a> {
    /// The input has the full shape: tiles are slices of it.
    Whole(&'a [f64]),
    /// The input is stretched along some axes: tiles are packed element by element.
    Stretched(ndarray::iter::Iter<'a, f64, IxDyn>),
}

impl<'a> Source<'a> {
    fn new(input: &'a Block, shape: &Shape) -> Source<'a> {
        let own = &input.spec().shape;
        if own.elements() == shape.elements() {
            return Source::Whole(input.elements());
        }
        let stretched = ArrayViewD::from_shape(IxDyn(own), input.elements())
            .ok()
            .and_then(|view| broadcast(view, shape));
        match stretched {
            Some(view) => Source::Stretched(view.into_iter()),
            None => unreachable!("{own} was broadcast to {shape} when the operation was checked"),
        }
    }

    fn tile<'t>(&mut self, first: usize, len: usize, packed: &'t mut [f64]) -> &'t [f64]
    where
        'a: 't,
    {
        match self {
            Source::Whole(elements) => &elements[first..first + len],
            Source::Stretched(elements) => {
                packed[..len].iter_mut().zip(elements).for_each(|(to, &from)| *to = from);
                &packed[..len]
            }
        }
    }
}

/// A view of a block stretched to a shape.
fn broadcast<'a>(view: ArrayViewD<'a, f64>, shape: &Shape) -> Option<ArrayViewD<'a, f64>> {
    let mut strides = vec![0; shape.len()];
    let missing = shape.len().checked_sub(view.ndim())?;
    for axis in 0..view.ndim() {
        let stretches = view.shape()[axis] != shape[axis + missing];
        strides[axis + missing] = if stretches { 0 } else { view.strides()[axis].unsigned_abs() };
    }
    let elements = view.to_slice()?;
    use ndarray::ShapeBuilder;
    ArrayViewD::from_shape(IxDyn(shape).strides(IxDyn(&strides)), elements).ok()
}

fn unary(op: UnaryOp, input: &[f64], out: &mut [f64]) {
    let apply = |function: fn(f64) -> f64, out: &mut [f64]| {
        out.iter_mut().zip(input).for_each(|(out, &x)| *out = function(x));
    };
    match op {
        UnaryOp::Negative => out.iter_mut().zip(input).for_each(|(out, &x)| *out = -x),
        UnaryOp::Absolute => out.iter_mut().zip(input).for_each(|(out, &x)| *out = x.abs()),
        UnaryOp::Square => out.iter_mut().zip(input).for_each(|(out, &x)| *out = x * x),
        UnaryOp::Sqrt => out.iter_mut().zip(input).for_each(|(out, &x)| *out = x.sqrt()),
        UnaryOp::Exp => apply(f64::exp, out),
        UnaryOp::Log => apply(f64::ln, out),
        _ => unreachable!("{op:?} has no kernel"),
    }
}

fn binary(op: BinaryOp, left: &[f64], right: &[f64], out: &mut [f64]) {
    let pairs = out.iter_mut().zip(left.iter().zip(right));
    match op {
        BinaryOp::Add => pairs.for_each(|(out, (x, y))| *out = x + y),
        BinaryOp::Subtract => pairs.for_each(|(out, (x, y))| *out = x - y),
        BinaryOp::Multiply => pairs.for_each(|(out, (x, y))| *out = x * y),
        BinaryOp::Divide => pairs.for_each(|(out, (x, y))| *out = x / y),
        _ => unreachable!("{op:?} has no kernel"),
    }
}

/// Folds the bits that `exp` and `log` of this platform give at many points: they come from its mathematical library,
/// and two libraries may differ in the last bit.
pub(crate) fn functions_probe() -> u64 {
    const POINTS: u64 = 4096;
    (1..=POINTS).fold(0, |fold: u64, point| {
        let x = point as f64 * 0.173;
        let bits = (x / 7.0).exp().to_bits() ^ x.ln().to_bits().rotate_left(32);
        fold.rotate_left(5) ^ bits.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}
