//! A program made ready for its inputs: kernels, and the registers that they work in.
//!
//! A register holds a piece of a value. It is free again after the last use of its value, so a long program works in as
//! many registers as it has values at a time. The last instruction writes to where its result is wanted, without a copy.

use super::kernel::{Kernel, Pieces};
use super::source::{Input, Source};
use super::stream::Stream;
use super::table::{self, Refused};
use super::{TILE_LEN, cast};
use crate::{Buffer, KernelError, OutOfMemory};
use nums_lshs::{Constant, DType, Instruction, Program, Shape, Value};
use std::{ptr, slice};

/// Bytes of the widest value that pass through all steps of a longer program together: 64 of float64. So few that the
/// processor still computes one piece while it reads the next: with four times as many it waits for memory and for
/// results in turn. So many that the calls of a piece cost less than its elements.
const PIECE_BYTES: usize = 512;
/// How far ahead of its use an input of a longer program is asked for. Where memory answers fast the processor would
/// have it without being asked, and loses little; where it answers slowly, a third of the time is won.
const AHEAD_BYTES: usize = 2048;
/// Evaluates a program piece by piece, over inputs that are broadcast to one shape.
pub(crate) struct Evaluator<'a> {
    sources: Vec<(Source<'a>, usize)>,
    /// Elements that pass through all steps together.
    piece_len: usize,
    /// Pieces of values, one behind the other.
    registers: Buffer,
    register_bytes: usize,
    steps: Vec<Step>,
    /// The place of the last value, and the bytes of its elements.
    result: (usize, usize),
    /// Where the tile at hand lies, by place; kept for its memory alone.
    spots: Vec<Spot>,
    /// Where [`tile`](Self::tile) puts a result that has to be computed, from the first time on.
    scratch: Option<Buffer>,
    /// What writes the result past the caches, if that is wanted.
    stream: Option<Stream>,
}

/// The place where the caller wants the result of the last instruction. Inputs have the places behind it, and registers
/// those behind them.
const RESULT: usize = 0;

/// Where a place's next piece starts, and the bytes from there to the one behind it: none for a register.
#[derive(Clone, Copy)]
struct Spot {
    start: *mut u8,
    pitch: usize,
}

/// An instruction, and the pieces that it takes next.
struct Step {
    kernel: Kernel,
    /// Places of the operands, of as many as the function has, and of what it computes.
    operands: [usize; 3],
    target: usize,
    pieces: Pieces,
    /// How far each of the pieces moves.
    pitches: [usize; 4],
    /// What the second operand must not be, and the bytes of its elements.
    refused: Option<(Refused, usize)>,
}

impl Step {
    fn new(kernel: Kernel, operands: [usize; 3], target: usize) -> Step {
        let nowhere = Pieces { operands: [ptr::null(); 3], out: ptr::null_mut() };
        Step { kernel, operands, target, pieces: nowhere, pitches: [0; 4], refused: None }
    }

    fn start(&mut self, spots: &[Spot]) {
        let [a, b, c, out] = [
            spots[self.operands[0]],
            spots[self.operands[1]],
            spots[self.operands[2]],
            spots[self.target],
        ];
        self.pieces =
            Pieces { operands: [a, b, c].map(|spot| spot.start.cast_const()), out: out.start };
        self.pitches = [a, b, c, out].map(|spot| spot.pitch);
    }

    fn advance(&mut self) {
        let Pieces { operands: [a, b, c], out } = &mut self.pieces;
        let [to_a, to_b, to_c, to_out] = self.pitches;
        *a = a.wrapping_add(to_a);
        *b = b.wrapping_add(to_b);
        *c = c.wrapping_add(to_c);
        *out = out.wrapping_add(to_out);
    }
}

impl<'a> Evaluator<'a> {
    /// Makes a program ready for inputs that are broadcast to `shape`; all of it was checked with the operation. With a
    /// stream, results are written past the caches.
    ///
    /// # Errors
    /// [`KernelError::Unsupported`] when a function has no kernel.
    pub(crate) fn new(
        program: &Program,
        inputs: &[Input<'a>],
        shape: &Shape,
        stream: Option<Stream>,
    ) -> Result<Evaluator<'a>, KernelError> {
        let Some(dtypes) = program.value_dtypes() else {
            unreachable!("{program} was checked with the operation")
        };
        let dtype_of = |Value(value): Value| dtypes[usize::from(value)];
        let last_uses = last_uses(program);
        let constant = |step: &&Instruction| matches!(step, Instruction::Constant(_));
        let constants = program.instructions().iter().filter(constant).count();
        let long = program.instructions().len() - constants > 1;
        let widest = dtypes.iter().map(|&dtype| item(dtype)).max().unwrap_or(1);
        let longest = if long || stream.is_some() { PIECE_BYTES / widest } else { TILE_LEN };
        // Short inputs make do with short registers.
        let piece_len = longest.min(shape.elements().max(1));
        let mut registers = Registers::behind(RESULT + 1 + program.inputs());
        let mut places: Vec<usize> =
            (0..program.inputs()).map(|input| RESULT + 1 + input).collect();
        let mut steps = Vec::with_capacity(program.instructions().len());
        for (instruction, value) in program.instructions().iter().zip(program.inputs()..) {
            let Some(last_use) = last_uses[value] else {
                // Nothing reads it; the place is not looked at.
                places.push(RESULT);
                continue;
            };
            let mut refused = None;
            let (kernel, dtype) = match *instruction {
                Instruction::Constant(constant) => {
                    places.push(registers.constant(constant));
                    continue;
                }
                Instruction::Unary(op, of) => (table::unary(op, dtype_of(of)), dtype_of(of)),
                Instruction::Binary(op, left, _) => {
                    let dtype = dtype_of(left);
                    refused = table::refused(op, dtype).map(|refused| (refused, item(dtype)));
                    (table::binary(op, dtype), dtype)
                }
                Instruction::Select(_, left, _) => {
                    (Some(table::selection(dtype_of(left))), dtype_of(left))
                }
                Instruction::Cast(to, of) => (Some(cast::cast(dtype_of(of), to)), to),
            };
            let kernel = kernel
                .ok_or_else(|| KernelError::Unsupported { op: program.to_string(), dtype })?;
            // What is written past the caches is computed in them first.
            let place = match last_use {
                usize::MAX if stream.is_none() => RESULT,
                _ => registers.take(),
            };
            let mut operands = [RESULT; 3];
            for (operand, Value(of)) in operands.iter_mut().zip(instruction.operands()) {
                *operand = places[usize::from(of)];
            }
            steps.push(Step { refused, ..Step::new(kernel, operands, place) });
            places.push(place);
            for Value(operand) in instruction.operands() {
                let operand = usize::from(operand);
                if last_uses[operand] == Some(value) {
                    registers.free(places[operand]);
                }
            }
        }
        let (Some(&place), Some(&dtype)) = (places.last(), dtypes.last()) else {
            unreachable!("a program has an input")
        };
        let source = |input: &Input<'a>| {
            Source::new(input, shape).map(|source| (source, item(input.spec().dtype)))
        };
        Ok(Evaluator {
            sources: inputs.iter().map(source).collect::<Result<_, _>>()?,
            piece_len,
            registers: registers.into_memory(piece_len, piece_len * widest)?,
            register_bytes: piece_len * widest,
            steps,
            result: (place, item(dtype)),
            spots: Vec::new(),
            scratch: None,
            stream,
        })
    }

    /// Computes the elements from `first` on, in C order of the shape, as many as `out` holds.
    ///
    /// # Errors
    /// [`KernelError::NegativePower`].
    pub(crate) fn write(&mut self, first: usize, out: &mut [u8]) -> Result<(), KernelError> {
        let starts = (first..).step_by(TILE_LEN);
        let mut tiles = out.chunks_mut(TILE_LEN * self.result.1).zip(starts);
        tiles.try_for_each(|(out, first)| self.write_tile(first, out))
    }

    fn write_tile(&mut self, first: usize, out: &mut [u8]) -> Result<(), KernelError> {
        let (place, item) = self.result;
        let len = out.len() / item;
        self.spots.clear();
        self.spots.push(Spot { start: out.as_mut_ptr(), pitch: self.piece_len * item });
        for (source, item) in &mut self.sources {
            source.prepare(first, len, *item);
            let start = source.tile(first, len, *item).as_ptr().cast_mut();
            self.spots.push(Spot { start, pitch: self.piece_len * *item });
        }
        let registers = self.registers.as_bytes_mut().chunks_mut(self.register_bytes.max(1));
        let registers = registers.map(|register| Spot { start: register.as_mut_ptr(), pitch: 0 });
        self.spots.extend(registers);
        // Memory of blocks is aligned for their elements; kernels rely on it.
        let aligned = |spot: &Spot, item: usize| spot.start.addr().is_multiple_of(item);
        let items = std::iter::once(item).chain(self.sources.iter().map(|(_, item)| *item));
        assert!(self.spots.iter().zip(items).all(|(spot, item)| aligned(spot, item)));
        self.steps.iter_mut().for_each(|step| step.start(&self.spots));
        let [mut computed, mut wanted] = [self.spots[place], self.spots[RESULT]];
        for start in (0..len).step_by(self.piece_len) {
            let len = self.piece_len.min(len - start);
            if self.steps.len() > 1 {
                for (source, item) in &self.sources {
                    source.prefetch(first + start + AHEAD_BYTES / item, len, *item);
                }
            }
            // SAFETY: the steps have started with the places of this tile.
            unsafe { self.take_steps(len)? };
            if place != RESULT {
                // SAFETY: as many elements lie at both places, which are apart.
                let computed = unsafe { slice::from_raw_parts(computed.start, len * item) };
                // SAFETY: as above, and no step writes to where the result is wanted.
                let wanted = unsafe { slice::from_raw_parts_mut(wanted.start, len * item) };
                match &mut self.stream {
                    Some(stream) => stream.copy(computed, wanted),
                    None => wanted.copy_from_slice(computed),
                }
            }
            computed.start = computed.start.wrapping_add(computed.pitch);
            wanted.start = wanted.start.wrapping_add(wanted.pitch);
        }
        Ok(())
    }

    /// Takes `len` elements, at most a piece, through all steps.
    ///
    /// # Safety
    /// So many elements lie where the next piece of every step starts; those of the result and of registers may be
    /// written, and nobody else uses them.
    unsafe fn take_steps(&mut self, len: usize) -> Result<(), KernelError> {
        for step in &mut self.steps {
            if let Some((refused, item)) = step.refused {
                // SAFETY: the elements lie there.
                let right = unsafe { slice::from_raw_parts(step.pieces.operands[1], len * item) };
                if refused(right) {
                    return Err(KernelError::NegativePower);
                }
            }
            // SAFETY: the elements lie there, of the dtypes for which the kernel was chosen. The target is the result,
            // which nothing reads, or a register that none of the operands has.
            unsafe { step.kernel.run(&step.pieces, len) };
            step.advance();
        }
        Ok(())
    }

    /// Whether tiles are elements of a block as they lie there, so that they cost nothing.
    pub(crate) fn only_reads(&self) -> bool {
        let input = self.result.0.wrapping_sub(RESULT + 1);
        self.sources.get(input).is_some_and(|(source, _)| source.is_whole())
    }

    /// The bytes of an element of the result.
    pub(crate) fn item(&self) -> usize {
        self.result.1
    }

    /// The elements from `first` on, at most a tile: of an input where the program gives it unchanged.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(crate) fn tile(&mut self, first: usize, len: usize) -> Result<&[u8], KernelError> {
        let (place, item) = self.result;
        let input = place.wrapping_sub(RESULT + 1);
        if input < self.sources.len() {
            let (source, item) = &mut self.sources[input];
            source.prepare(first, len, *item);
            return Ok(source.tile(first, len, *item));
        }
        let bytes = len * item;
        let mut scratch = match self.scratch.take() {
            Some(scratch) => scratch,
            None => Buffer::zeroed((TILE_LEN * item) as u64)?,
        };
        let written = self.write(first, &mut scratch.as_bytes_mut()[..bytes]);
        let scratch = self.scratch.insert(scratch);
        written.map(|()| &scratch.as_bytes()[..bytes])
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
struct Registers {
    /// The place of the first register.
    first: usize,
    count: usize,
    free: Vec<usize>,
    /// Registers that are filled once and stay.
    constants: Vec<(Constant, usize)>,
}

impl Registers {
    /// None yet; the places before `first` belong to others.
    fn behind(first: usize) -> Registers {
        Registers { first, count: 0, free: Vec::new(), constants: Vec::new() }
    }

    /// The place of a new register.
    fn add(&mut self) -> usize {
        self.count += 1;
        self.first + self.count - 1
    }

    fn take(&mut self) -> usize {
        self.free.pop().unwrap_or_else(|| self.add())
    }

    /// Gives back a place after the last use of its value, if it is a register; constants stay.
    fn free(&mut self, place: usize) {
        let stays = self.constants.iter().any(|&(_, constant)| constant == place);
        if place >= self.first && !stays && !self.free.contains(&place) {
            self.free.push(place);
        }
    }

    fn constant(&mut self, constant: Constant) -> usize {
        let known = self.constants.iter().find(|&&(known, _)| known == constant);
        if let Some(&(_, place)) = known {
            return place;
        }
        let place = self.add();
        self.constants.push((constant, place));
        place
    }

    /// Memory for all of them, constants filled in.
    fn into_memory(self, piece_len: usize, register_bytes: usize) -> Result<Buffer, OutOfMemory> {
        let mut memory = Buffer::zeroed((self.count * register_bytes) as u64)?;
        for (constant, place) in self.constants {
            let bytes = constant.bits().to_ne_bytes();
            let len = item(constant.dtype());
            let element = if cfg!(target_endian = "little") {
                &bytes[..len]
            } else {
                &bytes[bytes.len() - len..]
            };
            let register = &mut memory.as_bytes_mut()[(place - self.first) * register_bytes..];
            let register = &mut register[..piece_len * len];
            register[..len].copy_from_slice(element);
            // What is filled is copied behind itself.
            let mut filled = len;
            while filled < register.len() {
                let more = filled.min(register.len() - filled);
                register.copy_within(..more, filled);
                filled += more;
            }
        }
        Ok(memory)
    }
}

fn item(dtype: DType) -> usize {
    dtype.item_bytes() as usize
}
