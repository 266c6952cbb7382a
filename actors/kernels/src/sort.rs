//! Sorting along an axis and searching in a sorted line, in NumPy's order: rising, NaN last, equal elements in their
//! old order.

use crate::block::with_element;
use crate::copy::strides;
use crate::crew::{Crew, run_over};
use crate::{Block, Element};
use nums_lshs::SortStep;
use std::cmp::Ordering;

/// Computes a step into `result`; `None` when the dtype has no kernel.
pub(crate) fn step(
    step: SortStep,
    inputs: &[&Block],
    crew: &dyn Crew,
    result: &mut Block,
) -> Option<()> {
    with_element!(inputs[0].spec().dtype, T => match step {
        SortStep::Sort { axis } => sort::<T>(axis, inputs[0], crew, result),
        SortStep::ArgSort { axis } => arg_sort::<T>(axis, inputs[0], result),
        SortStep::SearchSorted { right } => search_sorted::<T>(right, inputs, crew, result),
    })
}

/// Elements with NumPy's order.
trait Ordered: Element {
    fn order(self, other: Self) -> Ordering;
    /// Sorts without a copy.
    fn sort_line(line: &mut [Self]);
}

macro_rules! ordered {
    ($($integer:ty),*) => {$(
        impl Ordered for $integer {
            fn order(self, other: Self) -> Ordering {
                self.cmp(&other)
            }
            fn sort_line(line: &mut [Self]) {
                line.sort_unstable();
            }
        }
    )*};
}

macro_rules! ordered_floats {
    ($($float:ty),*) => {$(
        impl Ordered for $float {
            fn order(self, other: Self) -> Ordering {
                // Without an order one is NaN: it is the greater, and NaN are equal.
                self.partial_cmp(&other).unwrap_or_else(|| self.is_nan().cmp(&other.is_nan()))
            }
            fn sort_line(line: &mut [Self]) {
                let (mut nans, mut numbers) = (Vec::new(), 0);
                for at in 0..line.len() {
                    if line[at].is_nan() {
                        nans.push(line[at]);
                    } else {
                        line[numbers] = line[at];
                        numbers += 1;
                    }
                }
                let (line, tail) = line.split_at_mut(numbers);
                tail.copy_from_slice(&nans);
                // Equal numbers are the same but for the signs of zeros, which are put back in their old order.
                let zeros: Vec<$float> = line.iter().copied().filter(|x| *x == 0.0).collect();
                // Without NaN a comparison is one instruction, and the sort has no branches to mispredict.
                line.sort_unstable_by(|left, right| {
                    left.partial_cmp(right).unwrap_or(Ordering::Equal)
                });
                let first = line.partition_point(|x| *x < 0.0);
                line[first..first + zeros.len()].copy_from_slice(&zeros);
            }
        }
    )*};
}

ordered!(bool, i32, i64);
ordered_floats!(f32, f64);

fn sort<T: Ordered>(axis: usize, input: &Block, crew: &dyn Crew, result: &mut Block) {
    let (elements, stride) = (input.elements::<T>(), strides(&input.spec().shape)[axis]);
    let len = input.spec().shape[axis];
    let out = result.elements_mut::<T>();
    if stride == 1 {
        return run_over(crew, out, len, |start, lines| {
            lines.copy_from_slice(&elements[start..start + lines.len()]);
            let lines = lines.chunks_mut(len.max(1));
            lines.for_each(T::sort_line);
        });
    }
    let mut line = Vec::with_capacity(len);
    for first in lines(elements.len(), len, stride) {
        line.clear();
        line.extend((0..len).map(|at| elements[first + at * stride]));
        T::sort_line(&mut line);
        line.iter().enumerate().for_each(|(at, &element)| out[first + at * stride] = element);
    }
}

fn arg_sort<T: Ordered>(axis: usize, input: &Block, result: &mut Block) {
    let (elements, stride) = (input.elements::<T>(), strides(&input.spec().shape)[axis]);
    let len = input.spec().shape[axis];
    let out = result.elements_mut::<i64>();
    let mut order: Vec<usize> = Vec::with_capacity(len);
    for first in lines(elements.len(), len, stride) {
        order.clear();
        order.extend(0..len);
        order.sort_by(|&left, &right| {
            elements[first + left * stride].order(elements[first + right * stride])
        });
        order.iter().enumerate().for_each(|(at, &index)| out[first + at * stride] = index as i64);
    }
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

#[cfg(test)]
mod tests {
    use super::Ordered;

    #[test]
    fn equal_elements_stay_in_their_old_order() {
        let nan = |payload: u64| f64::from_bits(f64::NAN.to_bits() | payload);
        let mut line = vec![nan(1), 0.0, 2.0, -0.0, -nan(2), -1.0, -0.0, nan(3), 0.0, 1.0];
        let mut stable = line.clone();
        stable.sort_by(|left, right| left.order(*right));
        f64::sort_line(&mut line);
        let bits = |line: &[f64]| line.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&line), bits(&stable));
    }
}
