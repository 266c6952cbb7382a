//! Elements that are chosen: boxes that are assigned to, lists of indices, masks.

use crate::block::{Word, with_word};
use crate::crew::{Crew, run_over};
use crate::gather::Boxes;
use crate::{Block, KernelError};
use nums_lshs::{Pick, Piece};

/// Overwrites boxes of a block, whose elements lie `step` apart on each axis, with boxes of the values.
pub(crate) fn assign(
    step: &[usize],
    pieces: &[Piece],
    values: &[&Block],
    crew: &dyn Crew,
    base: &mut Block,
) {
    let boxes = Boxes { pieces, inputs: values, step };
    let shape = base.spec().shape.clone();
    with_word!(base.spec().dtype, W => boxes.copy::<W>(&shape, crew, base.words_mut()));
}

/// Copies the slices along an axis that a list names.
pub(crate) fn take(
    axis: usize,
    picks: &[Pick],
    inputs: &[&Block],
    crew: &dyn Crew,
    result: &mut Block,
) {
    let inner: usize = result.spec().shape[axis + 1..].iter().product();
    with_word!(result.spec().dtype, W => {
        let sources: Vec<(&[W], usize)> =
            inputs.iter().map(|input| (input.words(), input.spec().shape[axis])).collect();
        run_over(crew, result.words_mut::<W>(), inner, |start, slices| {
            // A result without elements has no parts.
            for (at, slice) in (start / inner..).zip(slices.chunks_mut(inner)) {
                let (row, pick) = (at / picks.len(), &picks[at % picks.len()]);
                let (source, len) = sources[pick.input as usize];
                let first = (row * len + pick.index) * inner;
                slice.copy_from_slice(&source[first..first + inner]);
            }
        });
    });
}

/// Copies the elements of a part of an axis at positions, and those of other parts from a block that has them.
///
/// # Errors
/// [`KernelError::IndexOutOfBounds`] for a position that is not on the axis.
pub(crate) fn take_along(
    axis: usize,
    (start, len): (usize, usize),
    inputs: &[&Block],
    result: &mut Block,
) -> Result<(), KernelError> {
    let (positions, part) = (inputs[0], inputs[1]);
    let shape = &result.spec().shape;
    let inner: usize = shape[axis + 1..].iter().product();
    let (own, taken) = (part.spec().shape[axis], shape[axis]);
    let positions: &[i64] = positions.elements();
    with_word!(result.spec().dtype, W => {
        let out = result.words_mut::<W>();
        if let Some(others) = inputs.get(2) {
            out.copy_from_slice(others.words());
        }
        let source = part.words::<W>();
        for (at, (element, &index)) in out.iter_mut().zip(positions).enumerate() {
            let from_start = if index < 0 { index.saturating_add(len as i64) } else { index };
            let found = usize::try_from(from_start).ok().filter(|&found| found < len);
            let found = found.ok_or(KernelError::IndexOutOfBounds { index, axis, len })?;
            if let Some(found) = found.checked_sub(start).filter(|&found| found < own) {
                let row = at / (taken * inner);
                *element = source[(row * own + found) * inner + at % inner];
            }
        }
    });
    Ok(())
}

/// Counts the elements of a mask that are true.
pub(crate) fn count_true(mask: &Block) -> usize {
    mask.bytes().iter().map(|&byte| usize::from(byte)).sum()
}

/// Copies the slices along the first axis at which a mask is true.
///
/// # Errors
/// [`KernelError::Count`] when there are not as many as the result holds.
pub(crate) fn compress(
    mask: &Block,
    values: &Block,
    result: &mut Block,
) -> Result<(), KernelError> {
    let (expected, found) = (result.spec().shape[0], count_true(mask));
    if found != expected {
        return Err(KernelError::Count { expected, found });
    }
    let inner: usize = result.spec().shape[1..].iter().product();
    with_word!(result.spec().dtype, W => {
        chosen::<W>(mask.elements(), values.words(), inner, result.words_mut());
    });
    Ok(())
}

fn chosen<W: Word>(mask: &[bool], values: &[W], inner: usize, out: &mut [W]) {
    let mut slices = out.chunks_mut(inner.max(1));
    for (row, _) in mask.iter().enumerate().filter(|(_, chosen)| **chosen) {
        if let Some(slice) = slices.next() {
            slice.copy_from_slice(&values[row * inner..(row + 1) * inner]);
        }
    }
}
