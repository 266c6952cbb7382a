//! Strided copies of elements of any type: what transposes, gathers, assignments and stretched axes come down to.
//!
//! Elements are moved as words of their size. Axes that are contiguous on both sides are merged; a copy that reads one
//! axis in order and writes another goes in squares (`squares.rs`).

mod squares;
mod vector;

use crate::crew::{Crew, PART_LEN};
use squares::swap_axes;
use std::marker::PhantomData;

/// One axis of a copy: how far apart its elements lie on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    pub(crate) len: usize,
    /// The distance in the source: 0 repeats one element, below 0 reads backwards.
    pub(crate) from: isize,
    /// The distance in the target.
    pub(crate) to: usize,
}

/// Longer axes are cut at multiples of this, so that whole cache lines go to either side.
const CUT_LEN: usize = 64;

/// Copies a box of elements; `axes` go from the farthest apart in the target to the nearest.
pub(crate) fn copy<W: Copy + Default>(
    (source, source_start): (&[W], usize),
    (target, target_start): (&mut [W], usize),
    axes: &[Axis],
) {
    let part = Part { axes: merged(axes), start: (source_start as isize, target_start) };
    // SAFETY: the target is borrowed here alone.
    unsafe { part.copy(source, Target::new(target)) }
}

/// The same for a box that threads share.
///
/// # Panics
/// When the lines of the target are not apart from each other.
pub(crate) fn copy_shared<W: Copy + Default + Send + Sync>(
    (source, source_start): (&[W], usize),
    (target, target_start): (&mut [W], usize),
    axes: &[Axis],
    crew: &dyn Crew,
) {
    if axes.iter().any(|axis| axis.len == 0) {
        return;
    }
    let axes = merged(axes);
    let inside = |reach: usize, axis: &Axis| {
        assert!(axis.len <= 1 || axis.to > reach, "{axis:?} crosses what lies inside of it");
        reach + axis.len.saturating_sub(1) * axis.to
    };
    axes.iter().rfold(0, inside);
    let mut parts = Vec::new();
    Part { axes, start: (source_start as isize, target_start) }.cut(&mut parts);
    let target = Target::new(target);
    // SAFETY: the target is borrowed here alone, and parts have no element in common: they are boxes of different places
    // of one box, whose lines are apart.
    crew.run(parts.len(), &|part| unsafe { parts[part].copy(source, target) });
}

/// Elements that several threads write, each its own.
struct Target<'a, W> {
    first: *mut W,
    len: usize,
    elements: PhantomData<&'a mut [W]>,
}

// SAFETY: elements are written only by functions whose callers promise that nobody else uses them.
unsafe impl<W: Send> Sync for Target<'_, W> {}

impl<W> Clone for Target<'_, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<W> Copy for Target<'_, W> {}

impl<'a, W: Copy> Target<'a, W> {
    fn new(elements: &'a mut [W]) -> Target<'a, W> {
        Target { first: elements.as_mut_ptr(), len: elements.len(), elements: PhantomData }
    }

    /// Where `len` elements from number `at` on begin, which are checked to be there.
    #[inline(always)]
    fn run(self, at: usize, len: usize) -> *mut W {
        assert!(at <= self.len && len <= self.len - at, "{len} elements at {at} of {}", self.len);
        self.first.wrapping_add(at)
    }

    /// # Safety
    /// Nobody else uses the element.
    #[inline(always)]
    unsafe fn write(self, at: usize, element: W) {
        // SAFETY: `run` checks that it is there, and the caller promises the rest.
        unsafe { self.run(at, 1).write(element) }
    }

    /// # Safety
    /// Nobody else uses these elements while they are borrowed.
    #[inline(always)]
    unsafe fn slice(self, at: usize, len: usize) -> &'a mut [W] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts_mut(self.run(at, len), len) }
    }
}

/// A box of elements, whose axes are merged, and where it begins on both sides.
#[derive(Clone)]
struct Part {
    axes: Vec<Axis>,
    start: (isize, usize),
}

impl Part {
    /// The outer axis that the source has in order, when the innermost is not: both make squares.
    fn rows(&self) -> Option<usize> {
        let (last, outer) = self.axes.split_last()?;
        let squares = last.to == 1 && ![0, 1].contains(&last.from);
        if squares { outer.iter().position(|axis| axis.from == 1) } else { None }
    }

    /// Cuts the box in halves until they are short enough: across axes that make neither lines nor squares as long as
    /// there are any.
    fn cut(mut self, parts: &mut Vec<Part>) {
        let len: usize = self.axes.iter().map(|axis| axis.len).product();
        let (rows, last) = (self.rows(), self.axes.len().saturating_sub(1));
        let longest = (0..self.axes.len()).max_by_key(|&axis| {
            let outer = axis != last && Some(axis) != rows && self.axes[axis].len > 1;
            (outer, self.axes[axis].len)
        });
        let Some(longest) = longest.filter(|_| len > PART_LEN) else {
            return parts.push(self);
        };
        let axis = self.axes[longest];
        let half = axis.len / 2;
        let half = if half > CUT_LEN { half - half % CUT_LEN } else { half };
        let mut later = self.clone();
        self.axes[longest].len = half;
        later.axes[longest].len = axis.len - half;
        let (from, to) = self.start;
        later.start = (from + half as isize * axis.from, to + half * axis.to);
        self.cut(parts);
        later.cut(parts);
    }

    /// # Safety
    /// Nobody else uses these elements of the target.
    unsafe fn copy<W: Copy + Default>(&self, source: &[W], target: Target<'_, W>) {
        if self.axes.iter().any(|axis| axis.len == 0) {
            return;
        }
        let Some((&last, outer)) = self.axes.split_last() else {
            let (from, to) = self.start;
            // SAFETY: what the caller promises; so for all of these.
            return unsafe { target.write(to, source[from as usize]) };
        };
        let element = |from: isize, at: usize| source[(from + at as isize * last.from) as usize];
        if let Some(rows) = self.rows() {
            let mut rest = outer.to_vec();
            let rows = rest.remove(rows);
            // SAFETY: as above.
            return starts(&rest, self.start, &mut |start| unsafe {
                swap_axes(source, target, start, rows, last);
            });
        }
        starts(outer, self.start, &mut |(from, to)| {
            if last.to != 1 {
                for at in 0..last.len {
                    // SAFETY: as above.
                    unsafe { target.write(to + at * last.to, element(from, at)) };
                }
                return;
            }
            // SAFETY: as above.
            let line = unsafe { target.slice(to, last.len) };
            match last.from {
                1 => line.copy_from_slice(&source[from as usize..][..last.len]),
                0 => line.fill(source[from as usize]),
                _ => line.iter_mut().enumerate().for_each(|(at, to)| *to = element(from, at)),
            }
        });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Alone;

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
        let wanted = expected(&source, start, target_len, &axes);
        assert!(target == wanted, "{axes:?}");
        target.fill(u32::MAX);
        copy_shared((&source, start), (&mut target, 0), &axes, &Alone);
        assert!(target == wanted, "shared, {axes:?}");
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
        check(0, 0, &[[3, 1, 0], [0, 3, 1]]);
    }

    #[test]
    fn parts_of_a_copy_cover_it_once() {
        // A crew that takes the last part first.
        struct Backwards;
        impl Crew for Backwards {
            fn run(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
                assert!(parts > 1);
                (0..parts).rev().for_each(work);
            }
        }
        for lengths in [[1, 1000, 701], [3, 600, 500], [130, 1, 5000], [7, 300_001, 1]] {
            let [outer, rows, columns] = lengths;
            let elements: usize = lengths.iter().product();
            let source: Vec<u32> = (0..elements as u32).collect();
            let axis = |len, from, to| Axis { len, from, to };
            let straight = [axis(elements, 1, 1)];
            let turned = [
                axis(rows, 1, columns * outer),
                axis(outer, (rows * columns) as isize, columns),
                axis(columns, rows as isize, 1),
            ];
            for axes in [&straight[..], &turned] {
                let mut target = vec![u32::MAX; elements];
                copy_shared((&source, 0), (&mut target, 0), axes, &Backwards);
                assert!(target == expected(&source, 0, elements, axes), "{axes:?}");
            }
        }
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
