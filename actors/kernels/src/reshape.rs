//! A block of an array that is another array read in C order.

use crate::Block;
use crate::block::{Word, with_word};
use nums_lshs::{Region, Shape};

/// Copies the stretches of C order that the target region shares with each source region.
pub(crate) fn reshape(
    (source_shape, sources): (&Shape, &[Region]),
    (target_shape, target): (&Shape, &Region),
    inputs: &[&Block],
    result: &mut Block,
) {
    with_word!(result.spec().dtype, W => {
        let out = result.words_mut::<W>();
        copy_runs(out, (source_shape, sources), (target_shape, target), inputs);
    });
}

fn copy_runs<W: Word>(
    out: &mut [W],
    (source_shape, sources): (&Shape, &[Region]),
    (target_shape, target): (&Shape, &Region),
    inputs: &[&Block],
) {
    let target_runs = with_offsets(target.runs(target_shape));
    for (region, input) in sources.iter().zip(inputs) {
        let elements = input.words::<W>();
        let source_runs = with_offsets(region.runs(source_shape));
        // Both lists rise, so one pass over the two meets every overlap.
        let (mut from, mut to) = (0, 0);
        while let (Some(source), Some(target)) = (source_runs.get(from), target_runs.get(to)) {
            let start = source.first.max(target.first);
            let end = (source.first + source.len).min(target.first + target.len);
            if start < end {
                let read = source.offset + start - source.first;
                let write = target.offset + start - target.first;
                out[write..write + end - start]
                    .copy_from_slice(&elements[read..read + end - start]);
            }
            if source.first + source.len < target.first + target.len { from += 1 } else { to += 1 }
        }
    }
}

/// A stretch of C order and where it begins in its block.
struct Run {
    first: usize,
    len: usize,
    offset: usize,
}

fn with_offsets(runs: Vec<(usize, usize)>) -> Vec<Run> {
    let mut offset = 0;
    let place = |(first, len)| {
        let run = Run { first, len, offset };
        offset += len;
        run
    };
    runs.into_iter().map(place).collect()
}
