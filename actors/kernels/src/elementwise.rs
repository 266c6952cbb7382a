//! Element-wise programs, interpreted in pieces that stay in the first-level cache.
//!
//! Every instruction is one loop over a piece of contiguous elements, compiled for its function and dtype (`table.rs`);
//! an input that is broadcast is packed into a tile first where its elements do not lie in a row. The only memory
//! beside inputs and output is a piece for each value that is alive at a time.

mod cast;
mod complex;
mod evaluator;
mod float;
mod integer;
mod kernel;
mod lane;
mod math;
mod source;
mod stream;
mod table;

pub(crate) use complex::ComplexNumber;
pub(crate) use evaluator::Evaluator;
pub(crate) use kernel::{Vectors, prefetch, prefetch_line, vectorised};
pub(crate) use lane::{Bool, Lane, view, view_mut};
pub(crate) use math::{exp, log};
pub(crate) use source::Input;

use crate::crew::{Crew, Shares, try_run};
use crate::{Block, KernelError};
use nums_lshs::{BlockSpec, Program};
use stream::Stream;

/// Elements of a tile: 8 KiB of float64, so that some operands and a result fit a first-level cache of 32 KiB. A
/// constant, because a tile size that depends on the machine could change what is computed.
pub(crate) const TILE_LEN: usize = 1024;

/// Elements of a part of the work: whole tiles, and many more than it costs to hand a part to a thread.
const PART_LEN: usize = 256 * TILE_LEN;

/// Computes `result` = program(inputs), with inputs broadcast to its shape.
///
/// # Errors
/// When a function has no kernel for its dtype, or an integer is raised to a negative power.
pub(crate) fn map(
    program: &Program,
    inputs: &[Input<'_>],
    crew: &dyn Crew,
    result: &mut Block,
) -> Result<(), KernelError> {
    let BlockSpec { dtype, shape } = result.spec().clone();
    let item = dtype.item_bytes() as usize;
    let bytes = result.bytes().len();
    let parts: Shares<&mut [u8]> = result.bytes_mut().chunks_mut(PART_LEN * item).collect();
    try_run(crew, parts.len(), |part| {
        let mut evaluator = Evaluator::new(program, inputs, &shape, Stream::for_bytes(bytes))?;
        evaluator.write(part * PART_LEN, &mut parts.of(part))
    })
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
