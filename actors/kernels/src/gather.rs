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
            let first = piece.target_start.iter().zip(&to).map(|(start, apart)| start * apart).sum();
            copy_piece::<W>(piece, inputs[piece.input as usize], (result.words_mut(), first), &to);
        }
    });
}

/// Copies one piece to a position of a target; neighbours on each axis will be `to` apart.
pub(crate) fn copy_piece<W: Word>(
    piece: &Piece,
    input: &Block,
    target: (&mut [W], usize),
    to: &[usize],
) {
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
    let start = piece.source_start.iter().zip(&from).map(|(start, apart)| start * apart).sum();
    copy((input.words(), start), target, &axes);
}
