//! A program made ready for its inputs: kernels, and the registers that they work in.
//!
//! A register holds a piece of a tile. It is free again after the last use of its value, so a long program works in as
//! many pieces as it has values at a time, which stay in the caches. The last instruction writes to where its result is
//! wanted, without a copy.

use super::kernel::{BinaryKernel, SelectKernel, UnaryKernel};
use super::source::Source;
use super::table::{self, Refused};
use super::{TILE_LEN, cast};
use crate::{Block, Buffer, KernelError};
use nums_lshs::{Constant, DType, Instruction, Program, Shape, Value};

/// Elements that pass through all steps of a longer program together. The shorter they are, the better reading, computing
/// and writing overlap, and the more values lie in the first-level cache beside what is read ahead; every step costs
/// some nanoseconds a piece.
const PIECE_LEN: usize = 256;

/// Evaluates a program tile by tile, over inputs that are broadcast to one shape.
pub(crate) struct Evaluator<'a> {
    sources: Vec<(Source<'a>, usize)>,
    /// Elements that pass through all steps together.
    piece_len: usize,
    /// Pieces of values; one is taken out while it is written.
    registers: Vec<Option<Buffer>>,
    steps: Vec<Step>,
    result: Operand,
    /// Where [`tile`](Self::tile) puts a result that has to be computed, from the first time on.
    scratch: Option<Buffer>,
}

/// Where a value is found, and the bytes of an element.
#[derive(Clone, Copy)]
struct Operand {
    place: Place,
    item: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Input(usize),
    Register(usize),
    /// Where the caller wants the result of the last instruction.
    Result,
}

struct Step {
    kernel: Kernel,
    target: Operand,
}

enum Kernel {
    Unary(UnaryKernel, Operand),
    Binary(BinaryKernel, [Operand; 2], Option<Refused>),
    Select(SelectKernel, [Operand; 3]),
}

impl<'a> Evaluator<'a> {
    /// Makes a program ready for inputs that are broadcast to `shape`; all of it was checked with the operation.
    ///
    /// # Errors
    /// [`KernelError::Unsupported`] when a function has no kernel.
    pub(crate) fn new(
        program: &Program,
        inputs: &[&'a Block],
        shape: &Shape,
    ) -> Result<Evaluator<'a>, KernelError> {
        let Some(dtypes) = program.value_dtypes() else {
            unreachable!("{program} was checked with the operation")
        };
        let dtype_of = |Value(value): Value| dtypes[usize::from(value)];
        let last_uses = last_uses(program);
        let constant = |step: &&Instruction| matches!(step, Instruction::Constant(_));
        let constants = program.instructions().iter().filter(constant).count();
        let long = program.instructions().len() - constants > 1;
        let longest = if long { PIECE_LEN } else { TILE_LEN };
        // Short inputs make do with short registers.
        let piece_len = longest.min(shape.elements().max(1));
        let mut registers = Registers { len: piece_len, ..Registers::default() };
        let mut places: Vec<Place> = (0..program.inputs()).map(Place::Input).collect();
        let mut steps = Vec::with_capacity(program.instructions().len());
        for (instruction, value) in program.instructions().iter().zip(program.inputs()..) {
            let Some(last_use) = last_uses[value] else {
                // Nothing reads it; the place is not looked at.
                places.push(Place::Result);
                continue;
            };
            let operand = |value: Value| Operand {
                place: places[usize::from(value.0)],
                item: item(dtype_of(value)),
            };
            let (kernel, dtype) = match *instruction {
                Instruction::Constant(constant) => {
                    places.push(Place::Register(registers.constant(constant)));
                    continue;
                }
                Instruction::Unary(op, of) => {
                    let kernel = table::unary(op, dtype_of(of));
                    (kernel.map(|kernel| Kernel::Unary(kernel, operand(of))), dtype_of(of))
                }
                Instruction::Binary(op, left, right) => {
                    let dtype = dtype_of(left);
                    let (kernel, refused) = (table::binary(op, dtype), table::refused(op, dtype));
                    let operands = [left, right].map(operand);
                    (kernel.map(|kernel| Kernel::Binary(kernel, operands, refused)), dtype)
                }
                Instruction::Select(condition, left, right) => {
                    let operands = [condition, left, right].map(operand);
                    let kernel = table::selection(dtype_of(left));
                    (kernel.map(|kernel| Kernel::Select(kernel, operands)), dtype_of(left))
                }
                Instruction::Cast(to, of) => {
                    let kernel = cast::cast(dtype_of(of), to);
                    (kernel.map(|kernel| Kernel::Unary(kernel, operand(of))), to)
                }
            };
            let kernel = kernel
                .ok_or_else(|| KernelError::Unsupported { op: program.to_string(), dtype })?;
            let place = if last_use == usize::MAX {
                Place::Result
            } else {
                Place::Register(registers.take())
            };
            steps.push(Step { kernel, target: Operand { place, item: item(dtypes[value]) } });
            places.push(place);
            for Value(operand) in instruction.operands() {
                let operand = usize::from(operand);
                if let (Place::Register(register), true) =
                    (places[operand], last_uses[operand] == Some(value))
                {
                    registers.free(register);
                }
            }
        }
        let (Some(&place), Some(&dtype)) = (places.last(), dtypes.last()) else {
            unreachable!("a program has an input")
        };
        let source = |input: &&'a Block| (Source::new(input, shape), item(input.spec().dtype));
        Ok(Evaluator {
            sources: inputs.iter().map(source).collect(),
            piece_len,
            registers: registers.buffers.into_iter().map(Some).collect(),
            steps,
            result: Operand { place, item: item(dtype) },
            scratch: None,
        })
    }

    /// Computes the elements from `first` on, in C order of the shape, as many as `out` holds: at most a tile.
    ///
    /// # Errors
    /// [`KernelError::NegativePower`].
    pub(crate) fn write(&mut self, first: usize, out: &mut [u8]) -> Result<(), KernelError> {
        let piece_len = self.piece_len;
        let mut pieces = out.chunks_mut(piece_len * self.result.item).enumerate();
        pieces.try_for_each(|(piece, out)| self.piece(first + piece * piece_len, out))
    }

    fn piece(&mut self, first: usize, out: &mut [u8]) -> Result<(), KernelError> {
        let len = out.len() / self.result.item;
        for (source, item) in &mut self.sources {
            source.prepare(first, len, *item);
            source.prefetch(first + len, len, *item);
        }
        for step in 0..self.steps.len() {
            let Step { kernel, target } = &self.steps[step];
            let mut taken = match target.place {
                Place::Register(register) => self.registers[register].take(),
                _ => None,
            };
            let target_bytes = match &mut taken {
                Some(register) => &mut register.as_bytes_mut()[..len * target.item],
                None => &mut *out,
            };
            let bytes = |operand: &Operand| self.bytes(operand, first, len);
            match kernel {
                Kernel::Unary(kernel, of) => kernel(bytes(of), target_bytes),
                Kernel::Binary(kernel, [left, right], refused) => {
                    if refused.is_some_and(|refused| refused(bytes(right))) {
                        return Err(KernelError::NegativePower);
                    }
                    kernel(bytes(left), bytes(right), target_bytes);
                }
                Kernel::Select(kernel, [condition, left, right]) => {
                    kernel(bytes(condition), bytes(left), bytes(right), target_bytes);
                }
            }
            if let (Place::Register(register), Some(buffer)) = (target.place, taken) {
                self.registers[register] = Some(buffer);
            }
        }
        if self.result.place != Place::Result {
            out.copy_from_slice(self.bytes(&self.result, first, len));
        }
        Ok(())
    }

    /// The elements from `first` on, at most a tile: of an input where the program gives it unchanged.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(crate) fn tile(&mut self, first: usize, len: usize) -> Result<&[u8], KernelError> {
        if let Place::Input(input) = self.result.place {
            let (source, item) = &mut self.sources[input];
            source.prepare(first, len, *item);
            return Ok(self.bytes(&self.result, first, len));
        }
        let bytes = len * self.result.item;
        let zeroed = || Buffer::zeroed((TILE_LEN * self.result.item) as u64);
        let mut scratch = self.scratch.take().unwrap_or_else(zeroed);
        let written = self.write(first, &mut scratch.as_bytes_mut()[..bytes]);
        let scratch = self.scratch.insert(scratch);
        written.map(|()| &scratch.as_bytes()[..bytes])
    }

    fn bytes(&self, operand: &Operand, first: usize, len: usize) -> &[u8] {
        match operand.place {
            Place::Input(input) => self.sources[input].0.tile(first, len, operand.item),
            Place::Register(register) => match &self.registers[register] {
                Some(register) => &register.as_bytes()[..len * operand.item],
                None => unreachable!("a register is not read while it is written"),
            },
            Place::Result => unreachable!("the last instruction has no reader"),
        }
    }
}

/// For each value the last one that is computed of it; `usize::MAX` for the result, and `None` where nothing needs it.
fn last_uses(program: &Program) -> Vec<Option<usize>> {
    let values = program.inputs() + program.instructions().len();
    let mut last_uses = vec![None; values];
    last_uses[values - 1] = Some(usize::MAX);
    for (instruction, value) in program.instructions().iter().zip(program.inputs()..values).rev() {
        if last_uses[value].is_some() {
            for Value(operand) in instruction.operands() {
                last_uses[usize::from(operand)].get_or_insert(value);
            }
        }
    }
    last_uses
}

/// The registers while they are given to values.
#[derive(Default)]
struct Registers {
    /// The elements of each.
    len: usize,
    buffers: Vec<Buffer>,
    free: Vec<usize>,
    /// Registers that are filled once and stay.
    constants: Vec<(Constant, usize)>,
}

impl Registers {
    /// The widest element that kernels compute with.
    const ITEM_MAX: usize = 8;

    fn add(&mut self) -> usize {
        self.buffers.push(Buffer::zeroed((self.len * Registers::ITEM_MAX) as u64));
        self.buffers.len() - 1
    }

    fn take(&mut self) -> usize {
        self.free.pop().unwrap_or_else(|| self.add())
    }

    /// Gives back the register of a value after its last use; constants stay.
    fn free(&mut self, register: usize) {
        let stays = self.constants.iter().any(|&(_, constant)| constant == register);
        if !stays && !self.free.contains(&register) {
            self.free.push(register);
        }
    }

    fn constant(&mut self, constant: Constant) -> usize {
        let known = self.constants.iter().find(|&&(known, _)| known == constant);
        if let Some(&(_, register)) = known {
            return register;
        }
        let register = self.add();
        let bytes = constant.bits().to_ne_bytes();
        let len = item(constant.dtype());
        let element =
            if cfg!(target_endian = "little") { &bytes[..len] } else { &bytes[8 - len..] };
        let tile = self.buffers[register].as_bytes_mut().chunks_exact_mut(len);
        tile.for_each(|target| target.copy_from_slice(element));
        self.constants.push((constant, register));
        register
    }
}

fn item(dtype: DType) -> usize {
    dtype.item_bytes() as usize
}
