//! A block of an array that is another array read in C order.

use crate::Block;
use crate::block::{Word, with_word};
use crate::crew::{Crew, run_over};
use nums_lshs::{Region, Shape};

/// Copies the stretches of C order that the target region shares with each source region.
pub(crate) fn reshape(
    (source_shape, sources): (&Shape, &[Region]),
    (target_shape, target): (&Shape, &Region),
    inputs: &[&Block],
    crew: &dyn Crew,
    result: &mut Block,
) {
    let target_runs = with_offsets(target.runs(target_shape));
    let sources: Vec<_> = sources
        .iter()
        .zip(inputs)
        .map(|(region, input)| (with_offsets(region.runs(source_shape)), *input))
        .collect();
    with_word!(result.spec().dtype, W => {
        run_over(crew, result.words_mut::<W>(), 1, |start, part| {
            let part_runs = cut(&target_runs, start, part.len());
            for (runs, input) in &sources {
                copy_runs::<W>(input.words(), runs, part, &part_runs);
            }
        });
    });
}

/// Copies what two lists of runs have in common.
fn copy_runs<W: Word>(elements: &[W], source_runs: &[Run], out: &mut [W], target_runs: &[Run]) {
    // Both lists rise, so one pass over the two meets every overlap.
    let start = target_runs.first().map_or(0, |run| run.first);
    let (mut from, mut to) = (source_runs.partition_point(|run| run.end() <= start), 0);
    while let (Some(source), Some(target)) = (source_runs.get(from), target_runs.get(to)) {
        let start = source.first.max(target.first);
        let end = source.end().min(target.end());
        if start < end {
            let read = source.offset + start - source.first;
            let write = target.offset + start - target.first;
            out[write..write + end - start].copy_from_slice(&elements[read..read + end - start]);
        }
        if source.end() < target.end() { from += 1 } else { to += 1 }
    }
}

/// A stretch of C order and where it begins in its block.
#[derive(Clone, Copy)]
struct Run {
    first: usize,
    len: usize,
    offset: usize,
}

impl Run {
    fn end(&self) -> usize {
        self.first + self.len
    }
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

/// The runs of `len` elements of a block from number `start` on, whose offsets count from there.
fn cut(runs: &[Run], start: usize, len: usize) -> Vec<Run> {
    let from = runs.partition_point(|run| run.offset + run.len <= start);
    let inside = runs[from..].iter().take_while(|run| run.offset < start + len);
    inside
        .map(|run| {
            let skipped = start.saturating_sub(run.offset);
            let end = run.len.min(start + len - run.offset);
            let offset = run.offset + skipped - start;
            Run { first: run.first + skipped, len: end - skipped, offset }
        })
        .collect()
}
