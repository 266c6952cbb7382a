//! Merging two sorted lines, and keeping one half, in the memory of one of them.
//!
//! The half is cut into regions by rank: where each begins in both lines is found by bisection (S. G. Akl, N. Santoro,
//! "Optimal parallel merging and sorting without memory conflicts", 1987). The elements of the line that is overwritten
//! go to the ends of their regions first; merging from the front then never writes over what it has not read. Regions
//! do not depend on each other: threads share them, and one thread merges a few in turns, because each element that is
//! written waits for the one before it.

use super::order::Ordered;
use crate::crew::{Crew, PART_LEN, run_over};
use std::cell::Cell;
use std::ops::Range;

/// Regions that one thread merges in turns.
const STREAMS: usize = 4;
/// Elements of a region; those of a part of the kernel are merged together.
const REGION_LEN: usize = PART_LEN / STREAMS;

/// The elements of both lines that make up a region.
struct Region {
    own: Range<usize>,
    other: Range<usize>,
    /// Where the region ends in the result.
    end: usize,
}

/// Leaves in `words` as many elements as it has of its own line and another one together, the least or the `upper` ones.
/// Its own line is what it holds, or a line of a block that others read.
pub(super) fn merge<T: Ordered>(
    upper: bool,
    shared: Option<&[T::Word]>,
    other: &[T::Word],
    crew: &dyn Crew,
    words: &mut [T::Word],
) {
    let regions = regions::<T>(upper, shared.unwrap_or(words), other);
    match shared {
        Some(own) => {
            for Region { own: from, end, .. } in &regions {
                words[end - from.len()..*end].copy_from_slice(&own[from.clone()]);
            }
        }
        // What goes to the lower half moves up, from behind; the upper half is made of what moves down.
        None if upper => regions.iter().for_each(|region| region.place(words)),
        None => regions.iter().rev().for_each(|region| region.place(words)),
    }
    run_over(crew, words, 1, |start, words| {
        let first = start / REGION_LEN;
        let count = words.len().div_ceil(REGION_LEN);
        let streams = regions[first..first + count].iter().map(|region| {
            let own = region.end - region.own.len() - start..region.end - start;
            Stream { to: own.start - region.other.len(), own, other: region.other.clone() }
        });
        interleave::<T>(&mut streams.collect::<Vec<_>>(), other, words);
    });
}

impl Region {
    /// Moves the region's elements of the own line to its end.
    fn place<W: Copy>(&self, words: &mut [W]) {
        let to = self.end - self.own.len();
        if to != self.own.start {
            words.copy_within(self.own.clone(), to);
        }
    }
}

/// How many elements of the first of two lines belong to the lower half of what merging them gives.
pub(super) fn first_of_lower<T: Ordered>(first: &[T::Word], second: &[T::Word]) -> usize {
    split::<T>(first, second, first.len())
}

/// The regions of the half that stays.
fn regions<T: Ordered>(upper: bool, own: &[T::Word], other: &[T::Word]) -> Vec<Region> {
    let skipped = if upper { other.len() } else { 0 };
    let mut from = split::<T>(own, other, skipped);
    let ends = (1..=own.len().div_ceil(REGION_LEN)).map(|at| own.len().min(at * REGION_LEN));
    ends.map(|end| {
        let to = split::<T>(own, other, skipped + end);
        let rank = [from, to];
        from = to;
        let before = [skipped + (end - 1) / REGION_LEN * REGION_LEN, skipped + end];
        let other = before[0] - rank[0]..before[1] - rank[1];
        Region { own: rank[0]..rank[1], other, end }
    })
    .collect()
}

/// How many of the `rank` least elements of both lines come from the first; equal ones from the first before.
fn split<T: Ordered>(own: &[T::Word], other: &[T::Word], rank: usize) -> usize {
    let (mut least, mut most) = (rank.saturating_sub(other.len()), rank.min(own.len()));
    while least < most {
        let middle = least.midpoint(most);
        // Below the bound of the other line, because fewer than all of the own are taken, and at least one of it.
        if T::key(other[rank - middle - 1]) >= T::key(own[middle]) {
            least = middle + 1;
        } else {
            most = middle;
        }
    }
    least
}

/// A region while it is merged.
struct Stream {
    own: Range<usize>,
    other: Range<usize>,
    to: usize,
}

/// Merges streams, one element of each in turn; `own` and `to` count in `words`. Which line is next is a coin toss, so
/// the choice must not become a branch.
fn interleave<T: Ordered>(streams: &mut [Stream], other: &[T::Word], words: &mut [T::Word]) {
    let words = Cell::from_mut(words).as_slice_of_cells();
    if let Ok(streams) = <&mut [Stream; STREAMS]>::try_from(&mut *streams) {
        while let Some(steps) = streams.iter().map(Stream::sure).min().filter(|&steps| steps > 0) {
            let own = streams.each_ref().map(|stream| &words[stream.own.clone()][..steps]);
            let others = streams.each_ref().map(|stream| &other[stream.other.clone()][..steps]);
            let to = streams.each_ref().map(|stream| &words[stream.to..][..steps]);
            // How many elements of the other line each has taken: all positions follow, so that they stay in registers.
            let mut taken = [0; STREAMS];
            for at in 0..steps {
                for stream in 0..STREAMS {
                    // SAFETY: no more have been taken than steps were made, and all slices have one for each step.
                    let (left, right, to) = unsafe {
                        (
                            own[stream].get_unchecked(at - taken[stream]).get(),
                            *others[stream].get_unchecked(taken[stream]),
                            to[stream].get_unchecked(at),
                        )
                    };
                    let takes_right = T::key(right) < T::key(left);
                    to.set(if takes_right { right } else { left });
                    taken[stream] += usize::from(takes_right);
                }
            }
            for (stream, taken) in streams.iter_mut().zip(taken) {
                stream.advance(steps, taken);
            }
        }
    }
    for stream in streams {
        while stream.sure() > 0 {
            (0..stream.sure()).for_each(|_| stream.step::<T>(other, words));
        }
        // What is left of the own line is where it belongs.
        let left = words[stream.to..].iter().zip(&other[stream.other.clone()]);
        left.for_each(|(to, &word)| to.set(word));
    }
}

impl Stream {
    /// Steps for which neither line can end.
    fn sure(&self) -> usize {
        self.own.len().min(self.other.len())
    }

    /// Writes the next element.
    fn step<T: Ordered>(&mut self, other: &[T::Word], words: &[Cell<T::Word>]) {
        let (left, right) = (words[self.own.start].get(), other[self.other.start]);
        let takes_right = T::key(right) < T::key(left);
        words[self.to].set(if takes_right { right } else { left });
        self.advance(1, usize::from(takes_right));
    }

    /// Some steps have been made, in which some elements of the other line were taken.
    fn advance(&mut self, steps: usize, taken: usize) {
        self.own.start += steps - taken;
        self.other.start += taken;
        self.to += steps;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Alone;

    /// Both halves of two lines, in place and not, against a plain sort.
    fn check(left: &[i64], right: &[i64]) {
        let words = |line: &[i64]| line.iter().map(|x| x.cast_unsigned()).collect::<Vec<_>>();
        let [mut left, mut right] = [left, right].map(<[i64]>::to_vec);
        left.sort_unstable();
        right.sort_unstable();
        let mut all = [&left[..], &right[..]].concat();
        all.sort_unstable();
        let (lower, upper) = all.split_at(left.len());
        for (is_upper, own, other, expected) in
            [(false, &left, &right, lower), (true, &right, &left, upper)]
        {
            let (own, other) = (words(own), words(other));
            let mut in_place = own.clone();
            merge::<i64>(is_upper, None, &other, &Alone, &mut in_place);
            assert!(in_place == words(expected), "{left:?} and {right:?} in place, {is_upper}");
            let mut apart = vec![0; own.len()];
            merge::<i64>(is_upper, Some(&own), &other, &Alone, &mut apart);
            assert!(apart == in_place, "{left:?} and {right:?}, {is_upper}");
        }
    }

    #[test]
    fn halves_of_short_lines() {
        // All pairs of sorted lines of three values.
        let lines = |len: usize| {
            (0..=len).flat_map(move |zeros| {
                (0..=len - zeros).map(move |ones| {
                    let value = |at| i64::from(at >= zeros) + i64::from(at >= zeros + ones);
                    (0..len).map(value).collect::<Vec<_>>()
                })
            })
        };
        for (left_len, right_len) in [(0, 3), (3, 0), (1, 1), (4, 4), (5, 3), (3, 5)] {
            for left in lines(left_len) {
                lines(right_len).for_each(|right| check(&left, &right));
            }
        }
    }

    #[test]
    fn halves_of_many_regions() {
        let scattered = |len: usize, seed: u64| -> Vec<i64> {
            let hash = |at: usize| (at as u64 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            (0..len).map(|at| (hash(at) >> 40) as i64 - (1 << 22)).collect()
        };
        let len = 2 * PART_LEN + REGION_LEN / 2;
        for (left, right) in [(len, len), (len, 17), (len, len / 3), (PART_LEN, 3 * PART_LEN)] {
            check(&scattered(left, 1), &scattered(right, 2));
        }
        let rising: Vec<i64> = (0..len as i64).collect();
        let above: Vec<i64> = rising.iter().map(|x| x + len as i64).collect();
        check(&rising, &above);
        check(&above, &rising);
        check(&vec![7; len], &vec![7; len]);
    }
}
