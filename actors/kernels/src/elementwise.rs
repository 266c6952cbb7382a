//! Element-wise programs, interpreted in tiles that stay in the first-level cache.
//!
//! Every instruction is one loop over a tile of contiguous elements, compiled for its function and dtype (`table.rs`);
//! an input that is broadcast is packed into a tile first where its elements do not lie in a row. The only memory
//! beside inputs and output is a tile for each value that is alive at a time.

mod cast;
mod evaluator;
mod float;
mod integer;
mod kernel;
mod lane;
mod math;
mod source;
mod table;

pub(crate) use evaluator::Evaluator;
#[cfg(target_arch = "x86_64")]
pub(crate) use kernel::has_avx2_fma;
pub(crate) use lane::{Bool, Lane, view, view_mut};

use crate::{Block, KernelError};
use nums_lshs::Program;

/// Elements of a tile: 8 KiB of float64, so that some operands and a result fit a first-level cache of 32 KiB. A
/// constant, because a tile size that depends on the machine could change what is computed.
pub(crate) const TILE_LEN: usize = 1024;

/// Computes `result` = program(inputs), with inputs broadcast to its shape.
///
/// # Errors
/// When a function has no kernel for its dtype, or an integer is raised to a negative power.
pub(crate) fn map(
    program: &Program,
    inputs: &[&Block],
    result: &mut Block,
) -> Result<(), KernelError> {
    let spec = result.spec().clone();
    let mut evaluator = Evaluator::new(program, inputs, &spec.shape)?;
    let tile_bytes = TILE_LEN * spec.dtype.item_bytes() as usize;
    let tiles = result.bytes_mut().chunks_mut(tile_bytes);
    tiles.enumerate().try_for_each(|(tile, out)| evaluator.write(tile * TILE_LEN, out))
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
