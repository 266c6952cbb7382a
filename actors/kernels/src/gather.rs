//! A block put together from boxes of other blocks.

use crate::Block;
use ndarray::{ArrayViewD, ArrayViewMutD, IxDyn, Slice};
use nums_lshs::{Piece, Shape};

/// Copies every piece from its input to its place in the working shape.
pub(crate) fn gather(working: &Shape, pieces: &[Piece], inputs: &[&Block], result: &mut Block) {
    let Ok(mut target) = ArrayViewMutD::from_shape(IxDyn(working), result.elements_mut::<f64>())
    else {
        unreachable!("the working shape has the elements of the result");
    };
    for piece in pieces.iter().filter(|piece| !piece.len.contains(&0)) {
        let input = inputs[piece.input as usize];
        let Ok(source) =
            ArrayViewD::from_shape(IxDyn(&input.spec().shape), input.elements::<f64>())
        else {
            unreachable!("a block has as many elements as its shape says");
        };
        let source = source.slice_each_axis(|axis| {
            let axis = axis.axis.index();
            let (start, len, step) =
                (piece.source_start[axis], piece.len[axis], piece.source_step[axis]);
            // ndarray takes the range in rising order and walks it backwards for a negative step.
            let reach = (len - 1) * step.unsigned_abs();
            let low = if step < 0 { start - reach } else { start };
            Slice::new(low as isize, Some((low + reach + 1) as isize), step)
        });
        let mut target = target.slice_each_axis_mut(|axis| {
            let start = piece.target_start[axis.axis.index()];
            Slice::from(start..start + piece.len[axis.axis.index()])
        });
        target.assign(&source);
    }
}
