//! How two elements become one, and the loops over them that become vector code.
//!
//! Sums are pairwise over [`BASE_LEN`] elements in [`LANES`] lanes, so that the error grows with the logarithm of the
//! length (N. J. Higham, "The accuracy of floating point summation", 1993), and the order is fixed by the length.

use crate::elementwise::{Lane, vectorised};

/// Below this length elements are folded straight through; NumPy's own choice.
const BASE_LEN: usize = 128;
/// Partial results that run side by side: one AVX-512 register of float64.
pub(super) const LANES: usize = 8;

/// A way to fold elements, as a type, so that loops over it are compiled for it alone.
pub(super) trait Folding {
    type Input: Lane;
    type Output: Lane;
    /// What is known of the result before: the mean when squares about it are summed.
    type Context: Copy;
    /// What changes nothing when it is joined.
    const IDENTITY: Self::Output;
    /// What an element counts; `position` is its index in C order of what is reduced.
    fn lift(x: Self::Input, context: Self::Context, position: usize) -> Self::Output;
    fn join(left: Self::Output, right: Self::Output) -> Self::Output;
}

/// Elements in a row, pairwise; the identity for none. `position` is that of the first one.
pub(super) fn run<F: Folding>(
    elements: &[F::Input],
    context: F::Context,
    position: usize,
) -> F::Output {
    if elements.len() <= BASE_LEN {
        return lanes::<F>(elements, context, position);
    }
    let (left, right) = elements.split_at(half(elements.len()));
    let middle = position + left.len();
    F::join(run::<F>(left, context, position), run::<F>(right, context, middle))
}

/// Where a row of elements is cut in two.
pub(super) fn half(len: usize) -> usize {
    (len / 2).next_multiple_of(LANES)
}

/// Few elements in a row, in lanes.
fn lanes<F: Folding>(elements: &[F::Input], context: F::Context, position: usize) -> F::Output {
    vectorised(
        #[inline(always)]
        || {
            let mut lanes = [F::IDENTITY; LANES];
            let (chunks, rest) = elements.as_chunks::<LANES>();
            for (chunk, elements) in chunks.iter().enumerate() {
                for lane in 0..LANES {
                    let x = F::lift(elements[lane], context, position + chunk * LANES + lane);
                    lanes[lane] = F::join(lanes[lane], x);
                }
            }
            let [a, b, c, d, e, f, g, h] = lanes;
            let left = F::join(F::join(a, b), F::join(c, d));
            let right = F::join(F::join(e, f), F::join(g, h));
            let mut folded = F::join(left, right);
            for (index, &x) in rest.iter().enumerate() {
                let x = F::lift(x, context, position + chunks.len() * LANES + index);
                folded = F::join(folded, x);
            }
            folded
        },
    )
}

/// Joins each element of a row to the result of its column.
pub(super) fn add_row<F: Folding>(
    out: &mut [F::Output],
    row: &[F::Input],
    contexts: &[F::Context],
    position: usize,
) {
    vectorised(
        #[inline(always)]
        || {
            let elements = row.iter().zip(contexts).enumerate();
            for (out, (column, (&x, &context))) in out.iter_mut().zip(elements) {
                *out = F::join(*out, F::lift(x, context, position + column));
            }
        },
    );
}

/// Joins results column by column.
pub(super) fn join_rows<F: Folding>(out: &mut [F::Output], right: &[F::Output]) {
    vectorised(
        #[inline(always)]
        || out.iter_mut().zip(right).for_each(|(out, &right)| *out = F::join(*out, right)),
    );
}
