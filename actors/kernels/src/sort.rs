//! Sorting along an axis, merging sorted lines, and searching in one. Values are sorted in a total order, and indices in
//! NumPy's: rising, NaN last, equal elements in their old order.

mod merge;
mod order;
#[cfg(target_arch = "x86_64")]
mod vector;

use crate::block::with_element;
use crate::copy::strides;
use crate::crew::{Crew, run_over};
use crate::memory::with_capacity;
use crate::{Allocate, Block, OutOfMemory};
use nums_lshs::SortStep;
use order::{Key, Ordered};
use std::cmp::Ordering;
use std::sync::Arc;

/// Computes a step that gives values, over the blocks that it may overwrite when these are the last references to them.
///
/// # Errors
/// [`OutOfMemory`].
pub(crate) fn in_place(
    step: SortStep,
    mut inputs: Vec<Arc<Block>>,
    crew: &dyn Crew,
    allocate: &mut Allocate,
) -> Result<Vec<Block>, OutOfMemory> {
    if step == SortStep::Merge {
        return merge_both(inputs, crew, allocate);
    }
    let position = usize::from(step == SortStep::MergeHalf { upper: true });
    let (mut result, shared) = own_or_new(inputs.remove(position), allocate)?;
    with_element!(result.spec().dtype, T => {
        let shape = result.spec().shape.clone();
        let shared = shared.as_ref().map(|block| block.words::<<T as Ordered>::Word>());
        let words = result.words_mut::<<T as Ordered>::Word>();
        match step {
            SortStep::Sort { axis } => {
                sort::<T>((shape[axis], strides(&shape)[axis]), shared, crew, words)?;
            }
            SortStep::MergeHalf { upper } => {
                merge::merge::<T>(upper, shared, inputs[0].words(), crew, words);
            }
            SortStep::Merge | SortStep::ArgSort { .. } | SortStep::SearchSorted { .. } => {
                unreachable!("only values of one block are left")
            }
        }
    });
    Ok(vec![result])
}

/// Both halves of what merging two lines gives. What the upper half takes of the first line is set aside before the lower
/// half is written over it.
fn merge_both(
    inputs: Vec<Arc<Block>>,
    crew: &dyn Crew,
    allocate: &mut Allocate,
) -> Result<Vec<Block>, OutOfMemory> {
    let mut inputs = inputs.into_iter();
    let (Some(first), Some(second)) = (inputs.next(), inputs.next()) else {
        unreachable!("a merge has two inputs, which was checked with the operation")
    };
    let (dtype, len) = (first.spec().dtype, first.spec().shape[0]);
    Ok(with_element!(dtype, T => {
        type Word = <T as Ordered>::Word;
        let stays = merge::first_of_lower::<T>(first.words(), second.words());
        let moves = len - stays;
        if moves == 0 {
            let first = Block::unwrap_or_copy(first, allocate)?;
            return Ok(vec![first, Block::unwrap_or_copy(second, allocate)?]);
        }
        let (mut lower, first) = own_or_new(first, allocate)?;
        let mut aside: Vec<Word> = Vec::new();
        if first.is_none() {
            aside = with_capacity(moves)?;
            aside.extend_from_slice(&lower.words::<Word>()[stays..]);
        }
        let shared = first.as_ref().map(|block| block.words::<Word>());
        merge::merge::<T>(false, shared, second.words(), crew, lower.words_mut());
        // A line that is merged with itself is shared still.
        let (mut upper, second) = own_or_new(second, allocate)?;
        let moving = shared.map_or(&aside[..], |first| &first[stays..]);
        let shared = second.as_ref().map(|block| block.words::<Word>());
        merge::merge::<T>(true, shared, moving, crew, upper.words_mut());
        vec![lower, upper]
    }))
}

/// A block that may be overwritten: the one at hand when this is the last reference to it, or a new one and the one that
/// others read, which is copied line by line while the new one is written.
///
/// # Errors
/// [`OutOfMemory`].
fn own_or_new(
    block: Arc<Block>,
    allocate: &mut Allocate,
) -> Result<(Block, Option<Arc<Block>>), OutOfMemory> {
    Ok(match Arc::try_unwrap(block) {
        Ok(block) => (block, None),
        Err(shared) => (Block::new(shared.spec().clone(), allocate)?, Some(shared)),
    })
}

/// Computes a step that gives indices into `result`.
///
/// # Errors
/// [`OutOfMemory`].
pub(crate) fn step(
    step: SortStep,
    inputs: &[&Block],
    crew: &dyn Crew,
    result: &mut Block,
) -> Result<(), OutOfMemory> {
    with_element!(inputs[0].spec().dtype, T => match step {
        SortStep::ArgSort { axis } => arg_sort::<T>(axis, inputs[0], result),
        SortStep::SearchSorted { right } => {
            search_sorted::<T>(right, inputs, crew, result);
            Ok(())
        }
        SortStep::Sort { .. } | SortStep::Merge | SortStep::MergeHalf { .. } => {
            unreachable!("values are sorted in place")
        }
    })
}

/// Sorts lines of `len` elements that lie `stride` apart, after copying them from a block that others read.
fn sort<T: Ordered>(
    (len, stride): (usize, usize),
    shared: Option<&[T::Word]>,
    crew: &dyn Crew,
    words: &mut [T::Word],
) -> Result<(), OutOfMemory> {
    if stride == 1 {
        run_over(crew, words, len, |start, lines| {
            if let Some(shared) = shared {
                lines.copy_from_slice(&shared[start..start + lines.len()]);
            }
            lines.chunks_mut(len.max(1)).for_each(sort_line::<T>);
        });
        return Ok(());
    }
    if let Some(shared) = shared {
        words.copy_from_slice(shared);
    }
    let mut line = with_capacity(len)?;
    for first in lines(words.len(), len, stride) {
        line.clear();
        line.extend((0..len).map(|at| words[first + at * stride]));
        sort_line::<T>(&mut line);
        line.iter().enumerate().for_each(|(at, &word)| words[first + at * stride] = word);
    }
    Ok(())
}

/// Sorts by keys that are integers and say all of an element: sorting them needs no scratch and leaves nothing open,
/// whichever way it is done on a processor.
fn sort_line<T: Ordered>(line: &mut [T::Word]) {
    line.iter_mut().for_each(|word| *word = T::key(*word));
    Key::sort(line);
    line.iter_mut().for_each(|key| *key = T::of_key(*key));
}

fn arg_sort<T: Ordered>(axis: usize, input: &Block, result: &mut Block) -> Result<(), OutOfMemory> {
    let (elements, stride) = (input.elements::<T>(), strides(&input.spec().shape)[axis]);
    let len = input.spec().shape[axis];
    let out = result.elements_mut::<i64>();
    let mut order = with_capacity::<usize>(len)?;
    for first in lines(elements.len(), len, stride) {
        order.clear();
        order.extend(0..len);
        // In place: a stable sort would take memory of its own.
        order.sort_unstable_by(|&left, &right| {
            let order = elements[first + left * stride].order(elements[first + right * stride]);
            order.then(left.cmp(&right))
        });
        order.iter().enumerate().for_each(|(at, &index)| out[first + at * stride] = index as i64);
    }
    Ok(())
}

/// The first positions of the lines along an axis whose neighbours are `stride` apart.
fn lines(elements: usize, len: usize, stride: usize) -> impl Iterator<Item = usize> {
    let count = elements.checked_div(len).unwrap_or(0);
    (0..count).map(move |line| line / stride * stride * len + line % stride)
}

fn search_sorted<T: Ordered>(right: bool, inputs: &[&Block], crew: &dyn Crew, result: &mut Block) {
    let (sorted, values) = (inputs[0].elements::<T>(), inputs[1].elements::<T>());
    run_over(crew, result.elements_mut::<i64>(), 1, |start, found| {
        for (found, &value) in found.iter_mut().zip(&values[start..]) {
            let before = |&element: &T| match element.order(value) {
                Ordering::Less => true,
                Ordering::Equal => right,
                Ordering::Greater => false,
            };
            *found = sorted.partition_point(before) as i64;
        }
    });
}
