//! A block put together from boxes of other blocks.

use crate::Block;
use crate::block::{Word, with_word};
use crate::copy::{Axis, copy, strides};
use nums_lshs::{Piece, Shape};

/// Copies every piece from its input to its place in the working shape.
pub(crate) fn gather(working: &Shape, pieces: &[Piece], inputs: &[&Block], result: &mut Block) {
    let to = strides(working);
    with_word!(result.spec().dtype, W => {
        for piece in pieces {
            copy_piece::<W>(piece, inputs[piece.input as usize], result.words_mut(), &to);
        }
    });
}

/// Copies one piece to a target whose neighbours on each axis are `to` apart.
pub(crate) fn copy_piece<W: Word>(piece: &Piece, input: &Block, target: &mut [W], to: &[usize]) {
    let shape = &input.spec().shape;
    // An input with fewer axes counts as one with axes of length 1 in front.
    let missing = to.len() - shape.len();
    let from: Vec<_> = vec![0; missing].into_iter().chain(strides(shape)).collect();
    let axes: Vec<_> = (0..to.len())
        .map(|axis| Axis {
            len: piece.len[axis],
            from: piece.source_step[axis] * from[axis] as isize,
            to: to[axis],
        })
        .collect();
    let first = |start: &[usize], strides: &[usize]| -> usize {
        start.iter().zip(strides).map(|(start, stride)| start * stride).sum()
    };
    let starts = (first(&piece.source_start, &from), first(&piece.target_start, to));
    copy((input.words(), starts.0), (target, starts.1), &axes);
}
