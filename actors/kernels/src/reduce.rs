//! Reductions of a block along some axes.
//!
//! Sums are pairwise over [`BASE_LEN`] elements in [`LANES`] lanes, so the error grows with the logarithm of the
//! length (N. J. Higham, "The accuracy of floating point summation", 1993), and the order is fixed by the shape.

use crate::Block;
use crate::elementwise::map;
use crate::{Buffer, KernelError};
use nums_lshs::{BlockSpec, DType, Program, Reduction, Shape};

/// Below this length a sum runs straight through; NumPy's own choice.
const BASE_LEN: usize = 128;
/// Partial sums that run side by side: one AVX-512 register of float64.
const LANES: usize = 8;

/// Computes the program over the inputs and reduces it along axes (rising), which disappear.
pub(crate) fn reduce(
    program: &Program,
    kind: Reduction,
    axes: &[usize],
    inputs: &[&Block],
    result: &mut Block,
) -> Result<(), KernelError> {
    let mut shape = Shape::scalar();
    for input in inputs {
        match shape.broadcast(&input.spec().shape) {
            Ok(wider) => shape = wider,
            Err(error) => unreachable!("checked with the operation: {error}"),
        }
    }
    let spec = BlockSpec::new(DType::Float64, shape.clone());
    let mut values = Block::new(spec, &mut Buffer::zeroed);
    map(program, inputs, &mut values)?;
    reduce_elements(kind, axes, &shape, values.elements(), result.elements_mut());
    Ok(())
}

fn reduce_elements(kind: Reduction, axes: &[usize], shape: &Shape, input: &[f64], out: &mut [f64]) {
    let Reduction::Sum = kind;
    // Neighbouring axes are reduced as one; the last group goes first, over contiguous rows.
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for &axis in axes {
        match groups.last_mut() {
            Some((_, end)) if *end == axis => *end = axis + 1,
            _ => groups.push((axis, axis + 1)),
        }
    }
    let mut lengths = shape.to_vec();
    let mut partial: Option<Vec<f64>> = None;
    for &(start, end) in groups.iter().rev() {
        let outer: usize = lengths[..start].iter().product();
        let count: usize = lengths[start..end].iter().product();
        let inner: usize = lengths[end..].iter().product();
        let source = partial.as_deref().unwrap_or(input);
        let mut sums = vec![0.0; outer * inner];
        for (row, sum) in sums.chunks_mut(inner.max(1)).enumerate() {
            let rows = &source[row * count * inner..(row + 1) * count * inner];
            if inner == 1 {
                sum[0] = pairwise_sum(rows);
            } else {
                sum_rows(rows, inner, sum);
            }
        }
        lengths.drain(start..end);
        partial = Some(sums);
    }
    out.copy_from_slice(partial.as_deref().unwrap_or(input));
}

/// The sum of a slice, pairwise; 0 for an empty one.
fn pairwise_sum(elements: &[f64]) -> f64 {
    if elements.len() <= BASE_LEN {
        let mut lanes = [0.0; LANES];
        let chunks = elements.chunks_exact(LANES);
        let rest = chunks.remainder();
        for chunk in chunks {
            lanes.iter_mut().zip(chunk).for_each(|(lane, x)| *lane += x);
        }
        let [a, b, c, d, e, f, g, h] = lanes;
        let lanes = ((a + b) + (c + d)) + ((e + f) + (g + h));
        return rest.iter().fold(lanes, |sum, x| sum + x);
    }
    let half = (elements.len() / 2).next_multiple_of(LANES);
    let (left, right) = elements.split_at(half);
    pairwise_sum(left) + pairwise_sum(right)
}

/// The sum of rows of a length, pairwise over the rows, into `sum`.
fn sum_rows(rows: &[f64], len: usize, sum: &mut [f64]) {
    const ROWS_BASE: usize = 8;
    let count = rows.len() / len.max(1);
    if count <= ROWS_BASE {
        sum.fill(0.0);
        for row in rows.chunks_exact(len.max(1)) {
            sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        return;
    }
    let (left, right) = rows.split_at(count / 2 * len);
    sum_rows(left, len, sum);
    let mut other = vec![0.0; len];
    sum_rows(right, len, &mut other);
    sum.iter_mut().zip(&other).for_each(|(sum, x)| *sum += x);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(lengths: &[usize], axes: &[usize], input: &[f64]) -> Vec<f64> {
        let shape = Shape::new(lengths).unwrap();
        let mut out = vec![f64::NAN; shape.without(axes).elements()];
        reduce_elements(Reduction::Sum, axes, &shape, input, &mut out);
        out
    }

    #[test]
    fn sums_along_any_axes() {
        let input: Vec<f64> = (0..24).map(f64::from).collect();
        assert_eq!(sum(&[2, 3, 4], &[0, 1, 2], &input), [276.0]);
        assert_eq!(sum(&[2, 3, 4], &[1], &input), [12., 15., 18., 21., 48., 51., 54., 57.]);
        assert_eq!(sum(&[2, 3, 4], &[0, 2], &input), [60.0, 92.0, 124.0]);
        assert_eq!(sum(&[2, 3, 4], &[], &input), input);
        assert_eq!(sum(&[0, 3], &[0], &[]), [0.0, 0.0, 0.0]);
        assert_eq!(sum(&[], &[], &[5.0]), [5.0]);
    }

    #[test]
    fn the_error_of_a_sum_grows_with_the_logarithm_of_its_length() {
        let len = 1 << 20;
        let input = vec![0.1; len];
        let exact = 0.1 * len as f64;
        let bound = (2.0 * 20.0 + 8.0) * f64::EPSILON / 2.0 * exact;
        for found in [sum(&[len], &[0], &input)[0], sum(&[len / 4, 4], &[0], &input)[0] * 4.0] {
            assert!((found - exact).abs() <= bound, "{found} for {exact}");
        }
        let running: f64 = input.iter().sum();
        assert!((running - exact).abs() > bound, "the bound would also pass a running sum");
    }
}
