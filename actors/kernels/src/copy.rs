//! Strided copies of elements of any type: what transposes, gathers, assignments and stretched axes come down to.
//!
//! Elements are moved as words of their size. Axes that are contiguous on both sides are merged; a copy that reads one
//! axis in order and writes another goes in squares of one cache line a side, so that every line is used whole.

/// One axis of a copy: how far apart its elements lie on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    pub(crate) len: usize,
    /// The distance in the source: 0 repeats one element, below 0 reads backwards.
    pub(crate) from: isize,
    /// The distance in the target.
    pub(crate) to: usize,
}

/// A square has this many lines a side in the order of the walk: 64 rows of 512 bytes stay in the first-level cache and
/// in its table of pages.
const SQUARES: usize = 8;

/// Copies a box of elements; `axes` go from the farthest apart in the target to the nearest.
pub(crate) fn copy<W: Copy + Default>(
    (source, source_start): (&[W], usize),
    (target, target_start): (&mut [W], usize),
    axes: &[Axis],
) {
    if axes.iter().any(|axis| axis.len == 0) {
        return;
    }
    let axes = merged(axes);
    let Some((&last, outer)) = axes.split_last() else {
        target[target_start] = source[source_start];
        return;
    };
    let start = (source_start as isize, target_start);
    match outer.iter().position(|axis| axis.from == 1) {
        _ if last.to != 1 => starts(outer, start, &mut |(from, to)| {
            for at in 0..last.len {
                target[to + at * last.to] = source[(from + at as isize * last.from) as usize];
            }
        }),
        _ if last.from == 1 => starts(outer, start, &mut |(from, to)| {
            let from = from as usize;
            target[to..to + last.len].copy_from_slice(&source[from..from + last.len]);
        }),
        _ if last.from == 0 => starts(outer, start, &mut |(from, to)| {
            target[to..to + last.len].fill(source[from as usize]);
        }),
        Some(rows) => {
            let mut rest = outer.to_vec();
            let rows = rest.remove(rows);
            starts(&rest, start, &mut |start| swap_axes(source, target, start, rows, last));
        }
        None => starts(outer, start, &mut |(from, to)| {
            for (at, element) in target[to..to + last.len].iter_mut().enumerate() {
                *element = source[(from + at as isize * last.from) as usize];
            }
        }),
    }
}

/// The distances of neighbours on each axis of a block in C order.
pub(crate) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    strides
}

/// The same box with fewer axes: those of length 1 go, and neighbours that lie without a gap on both sides become one.
fn merged(axes: &[Axis]) -> Vec<Axis> {
    let mut found: Vec<Axis> = Vec::with_capacity(axes.len());
    for &axis in axes.iter().filter(|axis| axis.len != 1) {
        match found.last_mut() {
            Some(outer)
                if outer.from == axis.from * axis.len as isize
                    && outer.to == axis.to * axis.len =>
            {
                *outer = Axis { len: outer.len * axis.len, ..axis };
            }
            _ => found.push(axis),
        }
    }
    found
}

/// Calls `visit` with the first positions in source and target of every line of a box. At most 63 axes are longer than
/// 1 in a block that can be addressed, so the recursion is shallow.
fn starts(axes: &[Axis], (from, to): (isize, usize), visit: &mut impl FnMut((isize, usize))) {
    match axes.split_first() {
        None => visit((from, to)),
        Some((axis, inner)) => {
            for at in 0..axis.len {
                starts(inner, (from + at as isize * axis.from, to + at * axis.to), visit);
            }
        }
    }
}

/// Copies a matrix that the source holds column by column: `rows` lie without a gap in the source, `columns` in the
/// target.
fn swap_axes<W: Copy + Default>(
    source: &[W],
    target: &mut [W],
    start: (isize, usize),
    rows: Axis,
    columns: Axis,
) {
    // Words of a cache line.
    match size_of::<W>() {
        1 => swap_in_squares::<W, 64>(source, target, start, rows, columns),
        2 => swap_in_squares::<W, 32>(source, target, start, rows, columns),
        4 => swap_in_squares::<W, 16>(source, target, start, rows, columns),
        8 => swap_in_squares::<W, 8>(source, target, start, rows, columns),
        _ => swap_in_squares::<W, 4>(source, target, start, rows, columns),
    }
}

fn swap_in_squares<W: Copy + Default, const LINE: usize>(
    source: &[W],
    target: &mut [W],
    (from, to): (isize, usize),
    rows: Axis,
    columns: Axis,
) {
    let source_at =
        |row: usize, column: usize| (from + row as isize + column as isize * columns.from) as usize;
    let target_at = |row: usize, column: usize| to + row * rows.to + column;
    let (whole_rows, whole_columns) = (rows.len / LINE * LINE, columns.len / LINE * LINE);
    let mut square = [[W::default(); LINE]; LINE];
    for row_tile in (0..whole_rows).step_by(SQUARES * LINE) {
        for column_tile in (0..whole_columns).step_by(SQUARES * LINE) {
            for row in (row_tile..whole_rows.min(row_tile + SQUARES * LINE)).step_by(LINE) {
                let ends = whole_columns.min(column_tile + SQUARES * LINE);
                for column in (column_tile..ends).step_by(LINE) {
                    for (offset, line) in square.iter_mut().enumerate() {
                        let at = source_at(row, column + offset);
                        line.copy_from_slice(&source[at..at + LINE]);
                    }
                    for offset in 0..LINE {
                        let at = target_at(row + offset, column);
                        let line = &mut target[at..at + LINE];
                        line.iter_mut()
                            .zip(&square)
                            .for_each(|(element, read)| *element = read[offset]);
                    }
                }
            }
        }
    }
    // The edges: what is left on the right of every row, then the last rows.
    for row in 0..rows.len {
        let first = if row < whole_rows { whole_columns } else { 0 };
        for column in first..columns.len {
            target[target_at(row, column)] = source[source_at(row, column)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plain loop.
    fn expected(source: &[u32], start: usize, len: usize, axes: &[Axis]) -> Vec<u32> {
        let mut target = vec![u32::MAX; len];
        let boxes: usize = axes.iter().map(|axis| axis.len).product();
        for index in 0..boxes {
            let (mut rest, mut from, mut to) = (index, start as isize, 0);
            for axis in axes.iter().rev() {
                let at = rest % axis.len;
                rest /= axis.len;
                from += at as isize * axis.from;
                to += at * axis.to;
            }
            target[to] = source[from as usize];
        }
        target
    }

    fn check(start: usize, target_len: usize, axes: &[[isize; 3]]) {
        let axes: Vec<_> = axes
            .iter()
            .map(|&[len, from, to]| Axis { len: len as usize, from, to: to as usize })
            .collect();
        let source: Vec<u32> = (0..20_000).collect();
        let mut target = vec![u32::MAX; target_len];
        copy((&source, start), (&mut target, 0), &axes);
        assert!(target == expected(&source, start, target_len, &axes), "{axes:?}");
    }

    #[test]
    fn every_path_copies_what_the_plain_loop_copies() {
        check(7, 1, &[]);
        check(3, 24, &[[4, 6, 6], [6, 1, 1]]);
        check(3, 24, &[[4, 100, 6], [6, 1, 1]]);
        check(3, 24, &[[4, 100, 6], [6, 0, 1]]);
        check(19_000, 24, &[[4, -100, 6], [6, -2, 1]]);
        check(0, 48, &[[4, 1, 12], [6, 4, 2]]);
        for (rows, columns) in [(3, 5), (16, 16), (33, 70), (140, 129), (1, 40), (40, 1)] {
            check(0, (rows * columns) as usize, &[[rows, 1, columns], [columns, rows, 1]]);
            let reach = (columns - 1) * rows;
            check(
                reach as usize,
                (rows * columns) as usize,
                &[[rows, 1, columns], [columns, -rows, 1]],
            );
        }
        check(0, 300, &[[10, 1, 30], [5, 10, 6], [6, 50, 1]]);
        check(0, 0, &[[0, 1, 1], [5, 1, 1]]);
    }

    #[test]
    fn contiguous_axes_are_merged() {
        let axis = |len, from, to| Axis { len, from, to };
        let axes = [axis(2, 12, 12), axis(1, 0, 7), axis(3, 4, 4), axis(4, 1, 1)];
        assert_eq!(merged(&axes), [axis(24, 1, 1)]);
        assert_eq!(merged(&[axis(2, 0, 3), axis(3, 0, 1)]), [axis(6, 0, 1)]);
        assert_eq!(merged(&[axis(2, 1, 3), axis(3, 2, 1)]).len(), 2);
    }
}
