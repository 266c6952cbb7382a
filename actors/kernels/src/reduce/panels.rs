//! The upper part of every fold: blocks are cut into parts, which threads share, and parts into panels.
//!
//! Where elements meet follows from the shape alone, and so does where they are cut. A fold that needs two passes reads a
//! panel, or what was evaluated of it, twice while the second-level cache holds it.

use super::folding::half;
use super::walk::{Level, Pass};
use crate::KernelError;
use crate::crew::{Crew, Shares, try_run};
use crate::elementwise::TILE_LEN;
use crate::memory::filled;
use std::ops::Range;

/// Elements of a panel: 256 KiB of float64.
const PANEL_LEN: usize = 1 << 15;
/// Elements of a part, at most: many more than it costs to hand one to a thread.
const PART_LEN: usize = 1 << 18;

/// The numbers of a partial result, one behind the other, for some elements of the result.
pub(super) type Planes<'o, T, const COUNT: usize> = [&'o mut [T]; COUNT];

/// A fold whose partial result is some numbers.
pub(super) trait Summary<const COUNT: usize>: Sync {
    type Number: Copy + Send;
    /// What memory for partial results is filled with.
    const BLANK: Self::Number;

    /// Folds the elements in `levels` from `first` on.
    ///
    /// # Errors
    /// When an element has no value.
    fn panel(
        &self,
        pass: &mut Pass<'_>,
        levels: &[Level],
        first: usize,
        out: Planes<'_, Self::Number, COUNT>,
    ) -> Result<(), KernelError>;

    /// Joins what comes later to what came before.
    fn join(&self, out: Planes<'_, Self::Number, COUNT>, later: [&[Self::Number]; COUNT]);
}

/// What is folded, and by whom.
pub(super) struct Work<'w> {
    /// What makes a pass over all elements, for each thread its own.
    pub(super) pass: &'w (dyn Fn() -> Result<Pass<'w>, KernelError> + Sync),
    pub(super) levels: &'w [Level],
    pub(super) crew: &'w dyn Crew,
}

/// Folds all elements into planes that lie one behind the other.
///
/// # Errors
/// When the program has no kernel, and as [`Summary::panel`].
pub(super) fn summarise<S: Summary<COUNT>, const COUNT: usize>(
    summary: &S,
    work: &Work<'_>,
    out: &mut [S::Number],
) -> Result<(), KernelError> {
    let out = planes_mut(out);
    if work.levels.iter().any(|level| level.len == 0) {
        return summary.panel(&mut (work.pass)()?, work.levels, 0, out);
    }
    let mut parts = Vec::new();
    cut(work.levels, 0, &mut parts);
    if let [_] = parts[..] {
        return fold(summary, &mut (work.pass)()?, work.levels, 0, out);
    }
    let results: Shares<Vec<S::Number>> = parts.iter().map(|_| Vec::new()).collect();
    try_run(work.crew, parts.len(), |part| {
        let (levels, first) = &parts[part];
        let mut numbers = filled(S::BLANK, COUNT * kept(levels))?;
        fold(summary, &mut (work.pass)()?, levels, *first, planes_mut(&mut numbers))?;
        *results.of(part) = numbers;
        Ok::<(), KernelError>(())
    })?;
    assemble(summary, work.levels, out, &mut results.into_all())
}

/// The planes of a partial result.
pub(super) fn planes<T, const COUNT: usize>(all: &[T]) -> [&[T]; COUNT] {
    let len = all.len() / COUNT;
    std::array::from_fn(|plane| &all[plane * len..][..len])
}

/// The planes of a partial result, to be written.
pub(super) fn planes_mut<T, const COUNT: usize>(all: &mut [T]) -> Planes<'_, T, COUNT> {
    let len = all.len() / COUNT;
    let mut rest = all;
    std::array::from_fn(|_| {
        let (plane, tail) = std::mem::take(&mut rest).split_at_mut(len);
        rest = tail;
        plane
    })
}

/// How elements are cut once.
enum Cut {
    /// Two halves that are joined, and the distance of the second.
    Halves([Vec<Level>; 2], usize),
    /// Pieces for different elements of the result, with their distances and these elements.
    Pieces(Vec<(Vec<Level>, usize, Range<usize>)>),
}

/// The next cut of elements that are more than a limit, by the rules of the walk.
fn next_cut(levels: &[Level], limit: usize) -> Option<Cut> {
    let elements: usize = levels.iter().map(|level| level.len).product();
    let (&outer, rest) = levels.split_first().filter(|_| elements > limit)?;
    let with_len = |len| [&[Level { len, ..outer }], rest].concat();
    Some(match *rest {
        _ if outer.len == 1 => Cut::Pieces(vec![(rest.to_vec(), 0, 0..kept(levels))]),
        [columns] if outer.reduced && columns.len > TILE_LEN => {
            let width = (limit / outer.len / TILE_LEN * TILE_LEN).max(TILE_LEN);
            let starts = (0..columns.len).step_by(width);
            Cut::Pieces(
                starts
                    .map(|start| {
                        let len = width.min(columns.len - start);
                        (vec![outer, Level { len, ..columns }], start, start..start + len)
                    })
                    .collect(),
            )
        }
        _ if outer.reduced => {
            let left = if rest.is_empty() { half(outer.len) } else { outer.len / 2 };
            Cut::Halves([with_len(left), with_len(outer.len - left)], left * outer.span)
        }
        _ => {
            // As many steps as fill a piece, at least one.
            let steps = (limit * outer.len / elements).max(1);
            let starts = (0..outer.len).step_by(steps);
            Cut::Pieces(
                starts
                    .map(|start| {
                        let len = steps.min(outer.len - start);
                        let own = start * outer.kept..(start + len) * outer.kept;
                        (with_len(len), start * outer.span, own)
                    })
                    .collect(),
            )
        }
    })
}

/// The elements of the result for some levels.
fn kept(levels: &[Level]) -> usize {
    levels.iter().filter(|level| !level.reduced).map(|level| level.len).product()
}

/// Cuts elements into parts, with where each starts.
fn cut(levels: &[Level], first: usize, parts: &mut Vec<(Vec<Level>, usize)>) {
    match next_cut(levels, PART_LEN) {
        None => parts.push((levels.to_vec(), first)),
        Some(Cut::Halves([left, right], middle)) => {
            cut(&left, first, parts);
            cut(&right, first + middle, parts);
        }
        Some(Cut::Pieces(pieces)) => {
            pieces.iter().for_each(|(levels, start, _)| cut(levels, first + start, parts));
        }
    }
}

/// Puts the results of the parts together, in the order of [`cut`].
///
/// # Errors
/// [`KernelError::OutOfMemory`].
fn assemble<S: Summary<COUNT>, const COUNT: usize>(
    summary: &S,
    levels: &[Level],
    mut out: Planes<'_, S::Number, COUNT>,
    results: &mut impl Iterator<Item = Vec<S::Number>>,
) -> Result<(), KernelError> {
    match next_cut(levels, PART_LEN) {
        None => {
            let numbers = results.next().unwrap_or_default();
            let parts: [&[S::Number]; COUNT] = planes(&numbers);
            out.iter_mut().zip(parts).for_each(|(out, part)| out.copy_from_slice(part));
        }
        Some(Cut::Halves([left, right], _)) => {
            let all = 0..out[0].len();
            assemble(summary, &left, part_of(&mut out, all), results)?;
            let mut later = filled(S::BLANK, COUNT * out[0].len())?;
            assemble(summary, &right, planes_mut(&mut later), results)?;
            summary.join(out, planes(&later));
        }
        Some(Cut::Pieces(pieces)) => {
            for (levels, _, own) in pieces {
                assemble(summary, &levels, part_of(&mut out, own), results)?;
            }
        }
    }
    Ok(())
}

/// Folds elements panel by panel.
fn fold<S: Summary<COUNT>, const COUNT: usize>(
    summary: &S,
    pass: &mut Pass<'_>,
    levels: &[Level],
    first: usize,
    mut out: Planes<'_, S::Number, COUNT>,
) -> Result<(), KernelError> {
    match next_cut(levels, PANEL_LEN) {
        None => summary.panel(pass, levels, first, out),
        Some(Cut::Halves([left, right], middle)) => {
            let all = 0..out[0].len();
            fold(summary, pass, &left, first, part_of(&mut out, all))?;
            let mut later = filled(S::BLANK, COUNT * out[0].len())?;
            fold(summary, pass, &right, first + middle, planes_mut(&mut later))?;
            summary.join(out, planes(&later));
            Ok(())
        }
        Some(Cut::Pieces(pieces)) => pieces.into_iter().try_for_each(|(levels, start, own)| {
            fold(summary, pass, &levels, first + start, part_of(&mut out, own))
        }),
    }
}

/// Some elements of each plane.
fn part_of<'o, T, const COUNT: usize>(
    planes: &'o mut Planes<'_, T, COUNT>,
    range: Range<usize>,
) -> Planes<'o, T, COUNT> {
    planes.each_mut().map(|plane| &mut plane[range.clone()])
}
