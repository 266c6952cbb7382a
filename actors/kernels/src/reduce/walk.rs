//! The order in which the elements of a block meet, as a function of its shape alone.
//!
//! Neighbouring axes that are alike count as one. Along the last one elements lie in a row and meet pairwise in lanes;
//! along another one rows meet pairwise, [`ROWS_BASE`] straight through. What is folded is evaluated once, in pieces of
//! at most a tile that are whole branches of that tree.

use super::folding::{Folding, add_row, half, join_rows, run};
use crate::elementwise::{Evaluator, TILE_LEN, view};
use crate::memory::filled;
use crate::{Buffer, KernelError, OutOfMemory};
use nums_lshs::Shape;

/// Rows that are joined straight through.
const ROWS_BASE: usize = 8;

/// A walk over the elements of a program's result, or over some of them, perhaps several times.
pub(super) struct Pass<'a> {
    evaluator: Evaluator<'a>,
    kept: Kept,
}

/// The tiles of a panel that is folded several times, in the order in which every fold asks for them.
struct Kept {
    state: Keeping,
    tiles: Buffer,
    /// Where the next tile is put, or stands.
    next: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeping {
    /// Tiles are evaluated and forgotten.
    Nothing,
    /// Tiles are evaluated and kept.
    Writing,
    /// Tiles are there.
    Reading,
}

/// An axis, or neighbours that are alike, without those of length 1.
#[derive(Clone, Copy)]
pub(super) struct Level {
    pub(super) len: usize,
    pub(super) reduced: bool,
    /// Elements for one step along it, and elements of the result among them.
    pub(super) span: usize,
    pub(super) kept: usize,
}

/// The axes of `shape` as levels; `axes` (rising) disappear.
pub(super) fn levels(shape: &Shape, axes: &[usize]) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::with_capacity(shape.len());
    let (mut span, mut kept) = (1, 1);
    for (axis, &len) in shape.iter().enumerate().rev() {
        let reduced = axes.contains(&axis);
        match levels.last_mut() {
            _ if len == 1 => {}
            Some(inner) if inner.reduced == reduced => inner.len *= len,
            _ => levels.push(Level { len, reduced, span, kept }),
        }
        span *= len;
        kept *= if reduced { 1 } else { len };
    }
    levels.reverse();
    levels
}

impl<'a> Pass<'a> {
    /// Over a program that is ready for its inputs.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub(super) fn new(evaluator: Evaluator<'a>) -> Result<Pass<'a>, OutOfMemory> {
        let kept = Kept { state: Keeping::Nothing, tiles: Buffer::zeroed(0)?, next: 0 };
        Ok(Pass { evaluator, kept })
    }

    /// Keeps what the next fold evaluates of elements, so that [`again`](Self::again) need not evaluate it anew. What
    /// is only read is read again instead.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub(super) fn keep(&mut self, levels: &[Level]) -> Result<(), OutOfMemory> {
        if self.evaluator.only_reads() {
            return Ok(());
        }
        let elements: usize = levels.iter().map(|level| level.len).product();
        let bytes = elements * self.evaluator.item();
        if self.kept.tiles.len() < bytes {
            self.kept.tiles = Buffer::zeroed(bytes as u64)?;
        }
        (self.kept.state, self.kept.next) = (Keeping::Writing, 0);
        Ok(())
    }

    /// The next fold is over the same elements, and so are their values.
    pub(super) fn again(&mut self) {
        if self.kept.state != Keeping::Nothing {
            (self.kept.state, self.kept.next) = (Keeping::Reading, 0);
        }
    }

    fn tile(&mut self, first: usize, len: usize) -> Result<&[u8], KernelError> {
        let Kept { state, tiles, next } = &mut self.kept;
        let own = *next..*next + len * self.evaluator.item();
        match state {
            Keeping::Nothing => return self.evaluator.tile(first, len),
            Keeping::Writing => {
                let tile = self.evaluator.tile(first, len)?;
                tiles.as_bytes_mut()[own.clone()].copy_from_slice(tile);
            }
            Keeping::Reading => {}
        }
        *next = own.end;
        Ok(&tiles.as_bytes()[own])
    }

    /// Folds the elements in `levels` from the element `first` on into `out`, with a context for each element of it.
    ///
    /// # Errors
    /// When an element has no value.
    pub(super) fn fold<F: Folding>(
        &mut self,
        levels: &[Level],
        first: usize,
        contexts: &[F::Context],
        out: &mut [F::Output],
    ) -> Result<(), KernelError> {
        if levels.iter().any(|level| level.len == 0) {
            out.fill(F::IDENTITY);
            return Ok(());
        }
        let mut walk = Walk::<F> { pass: self, spare: Vec::new() };
        walk.level(levels, first, contexts, out)
    }
}

struct Walk<'w, 'a, F: Folding> {
    pass: &'w mut Pass<'a>,
    /// Memory for the right halves of trees over rows, used again and again.
    spare: Vec<Vec<F::Output>>,
}

/// Rows one behind the other: their number, length, and the distance of their starts.
#[derive(Clone, Copy)]
struct Rows {
    first: usize,
    count: usize,
    width: usize,
    pitch: usize,
}

impl<F: Folding> Walk<'_, '_, F> {
    /// Folds what lies in the given levels from the element `first` on.
    fn level(
        &mut self,
        levels: &[Level],
        first: usize,
        contexts: &[F::Context],
        out: &mut [F::Output],
    ) -> Result<(), KernelError> {
        match *levels {
            [] => {
                // Joined to the identity like all others: 0 + -0 is 0.
                let x = F::lift(self.tile(first, 1)?[0], contexts[0], first);
                out[0] = F::join(F::IDENTITY, x);
            }
            [Level { reduced: true, len, .. }] => out[0] = self.run(first, len, contexts[0])?,
            [Level { reduced: false, len, .. }] => {
                for column in (0..len).step_by(TILE_LEN) {
                    let width = TILE_LEN.min(len - column);
                    let tile = self.tile(first + column, width)?;
                    let columns = column..column + width;
                    for (at, &x) in columns.zip(tile) {
                        out[at] = F::join(F::IDENTITY, F::lift(x, contexts[at], first + at));
                    }
                }
            }
            [Level { reduced: false, .. }, Level { reduced: true, len, .. }] if len <= TILE_LEN => {
                // Short rows: as many as fit are evaluated together.
                let batch = TILE_LEN / len;
                let targets = out.chunks_mut(batch).zip(contexts.chunks(batch));
                for (index, (out, contexts)) in targets.enumerate() {
                    let first = first + index * batch * len;
                    let tile = self.tile(first, out.len() * len)?;
                    let rows = tile.chunks_exact(len).zip(contexts).enumerate();
                    for (out, (row, (elements, &context))) in out.iter_mut().zip(rows) {
                        *out = run::<F>(elements, context, first + row * len);
                    }
                }
            }
            [Level { reduced: false, kept, span, .. }, ..] => {
                let targets = out.chunks_mut(kept).zip(contexts.chunks(kept));
                for (index, (out, contexts)) in targets.enumerate() {
                    self.level(&levels[1..], first + index * span, contexts, out)?;
                }
            }
            [Level { reduced: true, len, span: pitch, .. }, Level { len: columns, .. }] => {
                for column in (0..columns).step_by(TILE_LEN) {
                    let width = TILE_LEN.min(columns - column);
                    let rows = Rows { first: first + column, count: len, width, pitch };
                    let columns = column..column + width;
                    self.rows(rows, &contexts[columns.clone()], &mut out[columns])?;
                }
            }
            [Level { reduced: true, len, .. }, ..] => {
                self.nested(levels, first, len, contexts, out)?;
            }
        }
        Ok(())
    }

    /// The fold of `len` elements in a row.
    fn run(
        &mut self,
        first: usize,
        len: usize,
        context: F::Context,
    ) -> Result<F::Output, KernelError> {
        if len <= TILE_LEN {
            return Ok(run::<F>(self.tile(first, len)?, context, first));
        }
        let half = half(len);
        let left = self.run(first, half, context)?;
        Ok(F::join(left, self.run(first + half, len - half, context)?))
    }

    /// Folds rows of elements, pairwise.
    fn rows(
        &mut self,
        rows: Rows,
        contexts: &[F::Context],
        out: &mut [F::Output],
    ) -> Result<(), KernelError> {
        let Rows { first, count, width, pitch } = rows;
        let together = width == pitch && count * width <= TILE_LEN;
        if together {
            let tile = view(self.pass.tile(first, count * width)?);
            rows_of_tile::<F>(tile, first, contexts, out, &mut self.spare)?;
        } else if count <= ROWS_BASE {
            out.fill(F::IDENTITY);
            for row in 0..count {
                let first = first + row * pitch;
                add_row::<F>(out, self.tile(first, width)?, contexts, first);
            }
        } else {
            let half = count / 2;
            self.rows(Rows { count: half, ..rows }, contexts, out)?;
            let mut right = take::<F>(&mut self.spare, width)?;
            let lower = Rows { first: first + half * pitch, count: count - half, ..rows };
            self.rows(lower, contexts, &mut right[..width])?;
            join_rows::<F>(out, &right[..width]);
            self.spare.push(right);
        }
        Ok(())
    }

    /// Folds what the inner levels give, `count` times, pairwise.
    fn nested(
        &mut self,
        levels: &[Level],
        first: usize,
        count: usize,
        contexts: &[F::Context],
        out: &mut [F::Output],
    ) -> Result<(), KernelError> {
        let span = levels[0].span;
        let mut spare = take::<F>(&mut self.spare, out.len())?;
        let right = &mut spare[..out.len()];
        if count <= ROWS_BASE {
            out.fill(F::IDENTITY);
            for row in 0..count {
                self.level(&levels[1..], first + row * span, contexts, right)?;
                join_rows::<F>(out, right);
            }
        } else {
            let half = count / 2;
            self.nested(levels, first, half, contexts, out)?;
            let middle = first + half * span;
            self.nested(levels, middle, count - half, contexts, right)?;
            join_rows::<F>(out, right);
        }
        self.spare.push(spare);
        Ok(())
    }

    fn tile(&mut self, first: usize, len: usize) -> Result<&[F::Input], KernelError> {
        self.pass.tile(first, len).map(view)
    }
}

/// Folds the rows of a tile, as many as it holds, in the order of [`Walk::rows`].
fn rows_of_tile<F: Folding>(
    tile: &[F::Input],
    first: usize,
    contexts: &[F::Context],
    out: &mut [F::Output],
    spare: &mut Vec<Vec<F::Output>>,
) -> Result<(), KernelError> {
    let width = out.len();
    let count = tile.len() / width;
    if count <= ROWS_BASE {
        out.fill(F::IDENTITY);
        for (row, elements) in tile.chunks_exact(width).enumerate() {
            add_row::<F>(out, elements, contexts, first + row * width);
        }
        return Ok(());
    }
    let half = count / 2 * width;
    rows_of_tile::<F>(&tile[..half], first, contexts, out, spare)?;
    let mut right = take::<F>(spare, width)?;
    rows_of_tile::<F>(&tile[half..], first + half, contexts, &mut right[..width], spare)?;
    join_rows::<F>(out, &right[..width]);
    spare.push(right);
    Ok(())
}

/// Memory for `width` results or more, to be given back after use.
fn take<F: Folding>(
    spare: &mut Vec<Vec<F::Output>>,
    width: usize,
) -> Result<Vec<F::Output>, KernelError> {
    match spare.pop().filter(|taken| taken.len() >= width) {
        Some(taken) => Ok(taken),
        None => Ok(filled(F::IDENTITY, width)?),
    }
}
