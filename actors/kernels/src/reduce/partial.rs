//! Partial results of several numbers: how two meet, and what they give in the end.

use super::panels::{planes, planes_mut};
use super::{extreme, moments};
use crate::Block;
use crate::elementwise::{view, view_mut};
use num_complex::Complex;
use nums_lshs::{DType, PartialStep};

/// Computes a step into `result`.
pub(crate) fn step(step: PartialStep, inputs: &[&Block], result: &mut Block) {
    let dtype = result.spec().dtype;
    let out = result.bytes_mut();
    match step {
        PartialStep::JoinMoments => {
            let [left, right] = [inputs[0], inputs[1]].map(|input| view::<f64>(input.bytes()));
            let out = view_mut(out);
            out.copy_from_slice(left);
            moments::join(planes_mut(out), planes(right));
        }
        PartialStep::JoinExtremes => {
            let [left, right] = [inputs[0], inputs[1]].map(|input| view::<i64>(input.bytes()));
            let out = view_mut(out);
            out.copy_from_slice(left);
            extreme::join(planes_mut(out), planes(right));
        }
        PartialStep::Variance { ddof } => {
            of_moments(inputs[0], out, |count, squares, scale| {
                squares / (count - f64::from(ddof)).max(0.0) * scale * scale
            });
        }
        PartialStep::Deviation { ddof } => {
            of_moments(inputs[0], out, |count, squares, scale| {
                (squares / (count - f64::from(ddof)).max(0.0)).sqrt() * scale
            });
        }
        PartialStep::Norm => of_moments(inputs[0], out, |_, squares, scale| squares.sqrt() * scale),
        PartialStep::Index => {
            let [_, indices] = planes(view::<i64>(inputs[0].bytes()));
            view_mut(out).copy_from_slice(indices);
        }
        PartialStep::Scan { axis, product } => {
            let lengths = &inputs[0].spec().shape;
            let (len, inner) = (lengths[axis], lengths[axis + 1..].iter().product());
            macro_rules! scan {
                ($element:ty, $add:expr, $multiply:expr) => {{
                    let elements = view::<$element>(inputs[0].bytes());
                    let carry = inputs.get(1).map(|carry| view::<$element>(carry.bytes()));
                    let (out, lines) = (view_mut::<$element>(out), (len, inner));
                    match product {
                        false => scan(elements, carry, lines, out, $add),
                        true => scan(elements, carry, lines, out, $multiply),
                    }
                }};
            }
            match dtype {
                DType::Float64 => scan!(f64, |x, y| x + y, |x, y| x * y),
                DType::Float32 => scan!(f32, |x, y| x + y, |x, y| x * y),
                DType::Complex128 => scan!(Complex<f64>, |x, y| x + y, |x, y| x * y),
                DType::Complex64 => scan!(Complex<f32>, |x, y| x + y, |x, y| x * y),
                DType::UInt64 => scan!(u64, u64::wrapping_add, u64::wrapping_mul),
                _ => scan!(i64, i64::wrapping_add, i64::wrapping_mul),
            }
        }
    }
}

/// Combines each element with all before it on its line; `inner` lines of `len` elements lie side by side. A first
/// element is combined with the carry of its line, if there is one.
fn scan<T: Copy>(
    elements: &[T],
    carry: Option<&[T]>,
    (len, inner): (usize, usize),
    out: &mut [T],
    combine: impl Fn(T, T) -> T,
) {
    if elements.is_empty() {
        return;
    }
    let lines = elements.chunks_exact(len * inner).zip(out.chunks_exact_mut(len * inner));
    for (outer, (elements, out)) in lines.enumerate() {
        let (first, rest) = out.split_at_mut(inner);
        first.copy_from_slice(&elements[..inner]);
        if let Some(carry) = carry {
            let carry = &carry[outer * inner..][..inner];
            first.iter_mut().zip(carry).for_each(|(own, &carry)| *own = combine(carry, *own));
        }
        if inner == 1 {
            let mut so_far = first[0];
            for (own, &element) in rest.iter_mut().zip(&elements[1..]) {
                so_far = combine(so_far, element);
                *own = so_far;
            }
            continue;
        }
        let mut before: &[T] = first;
        for (own, row) in rest.chunks_exact_mut(inner).zip(elements[inner..].chunks_exact(inner)) {
            for ((own, &before), &element) in own.iter_mut().zip(before).zip(row) {
                *own = combine(before, element);
            }
            before = own;
        }
    }
}

/// Writes what counts, sums of squares and their scales give.
fn of_moments(moments: &Block, out: &mut [u8], value: impl Fn(f64, f64, f64) -> f64) {
    let [counts, _, squares, scales] = planes(view::<f64>(moments.bytes()));
    let moments = counts.iter().zip(squares).zip(scales);
    for (out, ((&count, &squares), &scale)) in view_mut::<f64>(out).iter_mut().zip(moments) {
        *out = value(count, squares, scale);
    }
}
