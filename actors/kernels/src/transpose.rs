//! A block with its axes in another order.

use crate::Block;
use ndarray::{ArrayViewD, ArrayViewMutD, IxDyn};

/// Copies the block so that axis `i` of the result is axis `order[i]` of the input.
pub(crate) fn transpose(order: &[usize], input: &Block, result: &mut Block) {
    let shape = result.spec().shape.clone();
    let source = ArrayViewD::from_shape(IxDyn(&input.spec().shape), input.elements::<f64>());
    let target = ArrayViewMutD::from_shape(IxDyn(&shape), result.elements_mut::<f64>());
    match (source, target) {
        // ndarray walks both sides in an order that suits their strides.
        (Ok(source), Ok(mut target)) => target.assign(&source.permuted_axes(IxDyn(order))),
        _ => unreachable!("a block has as many elements as its shape says"),
    }
}
