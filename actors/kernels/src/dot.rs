//! Products of a row and a column: pairwise sums of products, in the order of sums over elements.

use crate::block::Element;
use crate::crew::{Crew, Shares};
use crate::elementwise::vectorised;
use num_complex::Complex;

/// Below this length products are summed straight through, as the elements of a sum are.
const BASE_LEN: usize = 128;
/// Partial sums that run side by side: two registers of the widest vectors of float64, because a sum waits for the last one.
const LANES: usize = 16;
/// Elements of a part, which threads share: a constant, because it decides where products meet.
const PART_LEN: usize = 1 << 17;

/// Floats and complex numbers that are multiplied and added with one rounding.
pub(crate) trait Fused: Element + std::ops::Add<Output = Self> {
    fn fused(self, factor: Self, sum: Self) -> Self;
}

impl Fused for f32 {
    #[inline(always)]
    fn fused(self, factor: f32, sum: f32) -> f32 {
        self.mul_add(factor, sum)
    }
}

impl Fused for f64 {
    #[inline(always)]
    fn fused(self, factor: f64, sum: f64) -> f64 {
        self.mul_add(factor, sum)
    }
}

macro_rules! complex {
    ($($float:ident),*) => {$(
        impl Fused for Complex<$float> {
            /// Each part in two roundings instead of three.
            #[inline(always)]
            fn fused(self, factor: Complex<$float>, sum: Complex<$float>) -> Complex<$float> {
                let re = self.re.mul_add(factor.re, (-self.im).mul_add(factor.im, sum.re));
                let im = self.re.mul_add(factor.im, self.im.mul_add(factor.re, sum.im));
                Complex::new(re, im)
            }
        }
    )*};
}

complex!(f32, f64);

/// The sum of the products of two rows of one length. Its error grows with the logarithm of the length.
pub(crate) fn dot<T: Fused>(left: &[T], right: &[T], crew: &dyn Crew) -> T {
    let parts = left.len().div_ceil(PART_LEN);
    if parts <= 1 {
        return pairwise(left, right);
    }
    let sums: Shares<T> = (0..parts).map(|_| T::default()).collect();
    crew.run(parts, &|part| {
        let range = part * PART_LEN..left.len().min((part + 1) * PART_LEN);
        *sums.of(part) = pairwise(&left[range.clone()], &right[range]);
    });
    let sums: Vec<T> = sums.into_all().collect();
    tree(&sums)
}

/// The sum of some numbers, pairwise.
fn tree<T: Fused>(sums: &[T]) -> T {
    match *sums {
        [] => T::default(),
        [sum] => sum,
        _ => {
            let (left, right) = sums.split_at(sums.len().div_ceil(2));
            tree(left) + tree(right)
        }
    }
}

fn pairwise<T: Fused>(left: &[T], right: &[T]) -> T {
    if left.len() <= BASE_LEN {
        return lanes(left, right);
    }
    let half = (left.len() / 2).next_multiple_of(LANES);
    let (first, second) = (left.split_at(half), right.split_at(half));
    pairwise(first.0, second.0) + pairwise(first.1, second.1)
}

/// Few products, in lanes.
fn lanes<T: Fused>(left: &[T], right: &[T]) -> T {
    vectorised(
        #[inline(always)]
        || {
            let mut lanes = [T::default(); LANES];
            let (left, left_rest) = left.as_chunks::<LANES>();
            let (right, right_rest) = right.as_chunks::<LANES>();
            for (left, right) in left.iter().zip(right) {
                lanes = std::array::from_fn(|lane| left[lane].fused(right[lane], lanes[lane]));
            }
            let mut width = LANES / 2;
            while width > 0 {
                for lane in 0..width {
                    lanes[lane] = lanes[lane] + lanes[lane + width];
                }
                width /= 2;
            }
            let rest = left_rest.iter().zip(right_rest);
            rest.fold(lanes[0], |sum, (&x, &y)| x.fused(y, sum))
        },
    )
}
