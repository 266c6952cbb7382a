//! Products of blocks: C = op(A) op(B) or C += op(A) op(B), on one thread.
//!
//! Floats go through faer. Integers wrap and bools are "any of both", as in NumPy; their sums are exact in any order.

use crate::block::with_element;
use crate::{Block, Element};
use faer::linalg::matmul::matmul as faer_matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// Rows of the right operand that are used together while they are in the second-level cache.
const PANEL_ROWS: usize = 64;

/// Computes the product into `result`, or adds it to what `result` holds. A left operand of one axis is a row and a
/// right one a column. `None` when the dtype has no kernel.
pub(crate) fn matmul(
    result: &mut Block,
    left: &Block,
    right: &Block,
    transpose: [bool; 2],
    accumulate: bool,
) -> Option<()> {
    with_element!(result.spec().dtype, T => {
        let left = matrix::<T>(left, transpose[0], |len| (1, len));
        let right = matrix::<T>(right, transpose[1], |len| (len, 1));
        T::product(result.elements_mut(), left, right, accumulate);
    })
}

/// A matrix in a slice, row by row; read transposed or not.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a, T> {
    elements: &'a [T],
    /// Rows and columns as the elements lie.
    rows: usize,
    columns: usize,
    transpose: bool,
}

impl<'a, T> Matrix<'a, T> {
    /// A matrix read as it lies.
    pub(crate) fn new(elements: &'a [T], rows: usize, columns: usize) -> Matrix<'a, T> {
        Matrix { elements, rows, columns, transpose: false }
    }

    /// Rows and columns as they are read.
    fn shape(self) -> (usize, usize) {
        if self.transpose { (self.columns, self.rows) } else { (self.rows, self.columns) }
    }
}

/// Elements that can be multiplied and added.
pub(crate) trait Product: Element {
    /// Writes the product to `target`, row by row, or adds it.
    fn product(target: &mut [Self], left: Matrix<Self>, right: Matrix<Self>, accumulate: bool);
}

macro_rules! floats {
    ($($float:ty),*) => {$(
        impl Product for $float {
            fn product(target: &mut [Self], left: Matrix<Self>, right: Matrix<Self>, accumulate: bool) {
                let [left, right] = [left, right].map(|operand| {
                    let Matrix { elements, rows, columns, transpose } = operand;
                    let matrix = MatRef::from_row_major_slice(elements, rows, columns);
                    if transpose { matrix.transpose() } else { matrix }
                });
                let target = MatMut::from_row_major_slice_mut(target, left.nrows(), right.ncols());
                let how = if accumulate { Accum::Add } else { Accum::Replace };
                faer_matmul(target, how, left, right, 1.0, Par::Seq);
            }
        }
    )*};
}

macro_rules! exact {
    ($($element:ty => $multiply_add:expr),* $(,)?) => {$(
        impl Product for $element {
            fn product(target: &mut [Self], left: Matrix<Self>, right: Matrix<Self>, accumulate: bool) {
                if !accumulate {
                    target.fill(Self::default());
                }
                exact_product(target, left, right, $multiply_add);
            }
        }
    )*};
}

floats!(f32, f64);
exact! {
    i32 => |sum, left, right| left.wrapping_mul(right).wrapping_add(sum),
    i64 => |sum, left, right| left.wrapping_mul(right).wrapping_add(sum),
    bool => |sum, left, right| sum | (left & right),
}

/// Adds the product of elements whose sums are exact: rows of the right operand, a few at a time, are added to every row
/// of the target.
fn exact_product<T: Element>(
    target: &mut [T],
    left: Matrix<T>,
    right: Matrix<T>,
    multiply_add: impl Fn(T, T, T) -> T + Copy,
) {
    let ((_, inner), (_, columns)) = (left.shape(), right.shape());
    if columns == 0 {
        return;
    }
    let factor = |row: usize, step: usize| match left.transpose {
        true => left.elements[step * left.columns + row],
        false => left.elements[row * left.columns + step],
    };
    let mut panel = vec![T::default(); PANEL_ROWS.min(inner) * columns];
    for start in (0..inner).step_by(PANEL_ROWS) {
        let steps = PANEL_ROWS.min(inner - start);
        let panel = match right.transpose {
            false => &right.elements[start * columns..][..steps * columns],
            true => {
                for (column, values) in right.elements.chunks(right.columns).enumerate() {
                    for (step, &value) in values[start..start + steps].iter().enumerate() {
                        panel[step * columns + column] = value;
                    }
                }
                &panel[..steps * columns]
            }
        };
        for (row, sums) in target.chunks_mut(columns).enumerate() {
            for (step, values) in panel.chunks(columns).enumerate() {
                let factor = factor(row, start + step);
                let pairs = sums.iter_mut().zip(values);
                pairs.for_each(|(sum, &value)| *sum = multiply_add(*sum, factor, value));
            }
        }
    }
}

fn matrix<T: Element>(
    block: &Block,
    transpose: bool,
    vector: fn(usize) -> (usize, usize),
) -> Matrix<'_, T> {
    match block.spec().shape[..] {
        [rows, columns] => Matrix { elements: block.elements(), rows, columns, transpose },
        [len] => {
            let (rows, columns) = vector(len);
            Matrix::new(block.elements(), rows, columns)
        }
        _ => unreachable!("only matrices and vectors pass the check of the operation"),
    }
}
