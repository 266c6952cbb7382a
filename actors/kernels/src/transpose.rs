//! A block with its axes in another order.

use crate::block::with_word;
use crate::copy::{Axis, copy_shared, strides};
use crate::{Block, Crew};

/// Copies the block so that axis `i` of the result is axis `order[i]` of the input.
pub(crate) fn transpose(order: &[usize], input: &Block, crew: &dyn Crew, result: &mut Block) {
    let (from, to) = (strides(&input.spec().shape), strides(&result.spec().shape));
    let axis = |(&source, &to): (&usize, &usize)| Axis {
        len: input.spec().shape[source],
        from: from[source] as isize,
        to,
    };
    let axes: Vec<_> = order.iter().zip(&to).map(axis).collect();
    with_word!(input.spec().dtype, W => {
        copy_shared::<W>((input.words(), 0), (result.words_mut(), 0), &axes, crew);
    });
}
