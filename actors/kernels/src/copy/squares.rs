//! Matrices that the source holds column by column and the target row by row.
//!
//! They are copied in squares whose lines fill vectors or cache lines, so that every line is used whole on both sides.

use super::vector::{Vector, turn};
use super::{Axis, Target};
use crate::elementwise::{Vectors, vectorised};
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64;

/// Bytes of a cache line.
const LINE_BYTES: usize = 64;
/// Cache lines of a tile along the source and along the target: 32 places of the source are read at a time, each for long
/// enough that the processor reads ahead there.
const TILE_LINES: [usize; 2] = [32, 4];

/// How a square is turned whose lines are `from` and `to` bytes apart.
trait Square {
    /// Its lines, and the words of each.
    const SIDE: usize;
    /// # Safety
    /// The processor can do it, all lines lie where bytes may be read and written, and nobody else uses those of the
    /// target.
    unsafe fn turn(source: (*const u8, isize), target: (*mut u8, usize));
}

/// A square that turns in registers.
struct Held<V, const SIDE: usize>(V);

impl<V: Vector, const SIDE: usize> Square for Held<V, SIDE> {
    const SIDE: usize = SIDE;
    #[inline(always)]
    unsafe fn turn(source: (*const u8, isize), target: (*mut u8, usize)) {
        // SAFETY: what the caller promises.
        unsafe { turn::<V, SIDE>(source, target) }
    }
}

/// A square that turns in a buffer, on any processor.
struct Buffered<W, const SIDE: usize>(W);

impl<W: Copy + Default, const SIDE: usize> Square for Buffered<W, SIDE> {
    const SIDE: usize = SIDE;
    #[inline(always)]
    unsafe fn turn((source, from): (*const u8, isize), (target, to): (*mut u8, usize)) {
        let mut square = [[W::default(); SIDE]; SIDE];
        // SAFETY: what the caller promises.
        unsafe {
            for (line, held) in square.iter_mut().enumerate() {
                *held = source.offset(line as isize * from).cast::<[W; SIDE]>().read();
            }
            for line in 0..SIDE {
                let words = target.add(line * to).cast::<W>();
                for (word, read) in square.iter().enumerate() {
                    words.add(word).write(read[line]);
                }
            }
        }
    }
}

/// Copies a matrix; `rows` lie without a gap in the source, `columns` in the target.
///
/// # Safety
/// Nobody else uses these elements of the target.
pub(super) unsafe fn swap_axes<W: Copy + Default>(
    source: &[W],
    target: Target<'_, W>,
    start: (isize, usize),
    rows: Axis,
    columns: Axis,
) {
    let matrix = Matrix { source, target, start, rows, columns };
    let vectors = Vectors::of_processor();
    vectorised(
        #[inline(always)]
        || {
            // SAFETY: what the caller promises, and the code is compiled for the vectors of this processor.
            unsafe {
                match (size_of::<W>(), vectors) {
                    #[cfg(target_arch = "x86_64")]
                    (4, Vectors::Bits512) => matrix.copy::<Held<x86_64::__m512i, 16>>(),
                    #[cfg(target_arch = "x86_64")]
                    (8, Vectors::Bits512) => matrix.copy::<Held<x86_64::__m512i, 8>>(),
                    #[cfg(target_arch = "x86_64")]
                    (4, Vectors::Bits256) => matrix.copy::<Held<x86_64::__m256i, 8>>(),
                    #[cfg(target_arch = "x86_64")]
                    (8, Vectors::Bits256) => matrix.copy::<Held<x86_64::__m256i, 4>>(),
                    (1, _) => matrix.copy::<Buffered<W, 64>>(),
                    (2, _) => matrix.copy::<Buffered<W, 32>>(),
                    (4, _) => matrix.copy::<Buffered<W, 16>>(),
                    (8, _) => matrix.copy::<Buffered<W, 8>>(),
                    _ => matrix.copy::<Buffered<W, 4>>(),
                }
            }
        },
    );
}

/// A matrix while it is copied.
struct Matrix<'a, W> {
    source: &'a [W],
    target: Target<'a, W>,
    /// Where it begins on both sides.
    start: (isize, usize),
    rows: Axis,
    columns: Axis,
}

impl<W: Copy> Matrix<'_, W> {
    /// # Safety
    /// The squares are of such words, the processor can turn them, and nobody else uses these elements of the target.
    #[inline(always)]
    unsafe fn copy<S: Square>(&self) {
        let side = S::SIDE;
        let line = LINE_BYTES / size_of::<W>();
        let [tile_rows, tile_columns] = TILE_LINES.map(|lines| lines * line);
        let whole = |len: usize| len - len % side;
        let (whole_rows, whole_columns) = (whole(self.rows.len), whole(self.columns.len));
        for row_tile in (0..whole_rows).step_by(tile_rows) {
            for column_tile in (0..whole_columns).step_by(tile_columns) {
                let columns = column_tile..whole_columns.min(column_tile + tile_columns);
                for row in (row_tile..whole_rows.min(row_tile + tile_rows)).step_by(side) {
                    for column in columns.clone().step_by(side) {
                        // SAFETY: what the caller promises.
                        unsafe { self.turn::<S>(row, column) };
                    }
                }
            }
        }
        // The edges: what is left on the right of every row, then the last rows.
        for row in 0..self.rows.len {
            let first = if row < whole_rows { whole_columns } else { 0 };
            for column in first..self.columns.len {
                let (from, to) = self.at(row, column);
                // SAFETY: nobody else uses the element, as the caller promises.
                unsafe { self.target.write(to, self.source[from]) };
            }
        }
    }

    /// Where an element lies on both sides.
    #[inline(always)]
    fn at(&self, row: usize, column: usize) -> (usize, usize) {
        let (from, to) = self.start;
        let from = from + row as isize + column as isize * self.columns.from;
        (from as usize, to + row * self.rows.to + column)
    }

    /// # Safety
    /// As for [`copy`](Matrix::copy).
    #[inline(always)]
    unsafe fn turn<S: Square>(&self, row: usize, column: usize) {
        let last = S::SIDE - 1;
        let (from, to) = self.at(row, column);
        let (_, to_last) = self.at(row + last, column + last);
        // Its first and its last line inside of the source hold the square inside.
        let (from_last, _) = self.at(row, column + last);
        assert!(from.max(from_last) < self.source.len().saturating_sub(last));
        let target = self.target.run(to, to_last - to + 1);
        let item = size_of::<W>();
        // SAFETY: both sides are checked above; the rest is what the caller promises.
        unsafe {
            S::turn(
                (self.source.as_ptr().add(from).cast(), self.columns.from * item as isize),
                (target.cast(), self.rows.to * item),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Copies a matrix of which the source has a column in `apart` words, by one kind of squares.
    fn copied<W: Copy + Default, S: Square>(
        source: &[W],
        [rows, columns, apart]: [usize; 3],
        backwards: bool,
    ) -> Vec<W> {
        let mut target = vec![W::default(); rows * columns];
        let (from, start) = match backwards {
            false => (apart as isize, 0),
            true => (-(apart as isize), (columns - 1) * apart),
        };
        let matrix = Matrix {
            source,
            target: Target::new(&mut target),
            start: (start as isize, 0),
            rows: Axis { len: rows, from: 1, to: columns },
            columns: Axis { len: columns, from, to: 1 },
        };
        // SAFETY: the callers look whether the processor can do it, and nobody else has the target.
        vectorised(
            #[inline(always)]
            || unsafe { matrix.copy::<S>() },
        );
        target
    }

    fn check<W: Copy + Default + PartialEq, S: Square>(word: impl Fn(usize) -> W) {
        for sizes in [[1, 1, 1], [3, 70, 5], [16, 32, 16], [65, 66, 70], [300, 37, 301]] {
            let [_, columns, apart] = sizes;
            let source: Vec<W> = (0..columns * apart).map(&word).collect();
            for backwards in [false, true] {
                let found = copied::<W, S>(&source, sizes, backwards);
                for (at, found) in found.into_iter().enumerate() {
                    let (row, column) = (at / columns, at % columns);
                    let column = if backwards { columns - 1 - column } else { column };
                    let wanted = word(column * apart + row);
                    assert!(found == wanted, "{sizes:?}, backwards: {backwards}, at {at}");
                }
            }
        }
    }

    #[test]
    fn every_kind_of_square_turns() {
        check::<u8, Buffered<u8, 64>>(|at| (at * 7) as u8);
        check::<u16, Buffered<u16, 32>>(|at| at as u16);
        check::<u32, Buffered<u32, 16>>(|at| at as u32);
        check::<u64, Buffered<u64, 8>>(|at| at as u64);
        check::<u128, Buffered<u128, 4>>(|at| at as u128);
        #[cfg(target_arch = "x86_64")]
        {
            let vectors = Vectors::of_processor();
            if vectors != Vectors::Any {
                check::<u32, Held<x86_64::__m256i, 8>>(|at| at as u32);
                check::<u64, Held<x86_64::__m256i, 4>>(|at| at as u64);
            }
            if vectors == Vectors::Bits512 {
                check::<u32, Held<x86_64::__m512i, 16>>(|at| at as u32);
                check::<u64, Held<x86_64::__m512i, 8>>(|at| at as u64);
            }
        }
    }
}
