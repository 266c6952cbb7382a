//! Reductions of a program's result along some axes, tile by tile: what is reduced is never stored.
//!
//! Elements meet in an order that follows from the shape alone (`walk.rs`), so a fused program gives the bits of its
//! parts.

mod extreme;
mod folding;
mod moments;
mod panels;
mod partial;
mod table;
mod walk;

pub(crate) use partial::step;

use crate::crew::Crew;
use crate::elementwise::{Evaluator, Input};
use crate::{Block, KernelError};
use nums_lshs::{Fold, Program, Shape};
use panels::Work;
use walk::Pass;

/// Computes the program over the inputs and folds it along axes (rising), which disappear.
///
/// # Errors
/// When there is no kernel for a dtype, or the program has no result.
pub(crate) fn reduce(
    program: &Program,
    kind: &Fold,
    axes: &[usize],
    inputs: &[Input<'_>],
    crew: &dyn Crew,
    result: &mut Block,
) -> Result<(), KernelError> {
    let mut shape = Shape::scalar();
    for input in inputs {
        match shape.broadcast(&input.spec().shape) {
            Ok(wider) => shape = wider,
            Err(error) => unreachable!("checked with the operation: {error}"),
        }
    }
    let Some(dtype) = program.dtype() else {
        unreachable!("{program} was checked with the operation")
    };
    let pass = || Ok::<_, KernelError>(Pass::new(Evaluator::new(program, inputs, &shape, None)?)?);
    let work = &Work { pass: &pass, levels: &walk::levels(&shape, axes), crew };
    let out = result.bytes_mut();
    match kind {
        Fold::Moments { skip_nan, central } => moments::moments(work, *skip_nan, *central, out),
        Fold::Extreme { greatest, start, lengths } => {
            let axes = extreme::Axes { axes, start, lengths };
            extreme::extreme(work, dtype, *greatest, &shape, &axes, out)
        }
        kind => match table::fold(kind, dtype) {
            Some(fold) => fold(work, out),
            None => Err(KernelError::Unsupported { op: format!("{kind:?}"), dtype }),
        },
    }
}
