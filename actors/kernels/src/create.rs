//! Blocks that follow from the position of their elements.

use nums_lshs::{Creation, Region, Shape};

/// Fills the block that holds `region` of an array of `shape`.
pub(crate) fn create(out: &mut [f64], creation: Creation, shape: &Shape, region: &Region) {
    match creation {
        Creation::Full(value) => out.fill(value.to_f64()),
        Creation::Arange { start, step } => {
            let (start, step) = (start.to_f64(), step.to_f64());
            // NumPy fills arange from the difference of its first two elements, which is not always `step`.
            let delta = (start + step) - start;
            let mut rest = out;
            for (first, len) in region.runs(shape) {
                let (row, tail) = rest.split_at_mut(len);
                row.iter_mut()
                    .zip(first..)
                    .for_each(|(element, index)| *element = start + index as f64 * delta);
                rest = tail;
            }
        }
    }
}
