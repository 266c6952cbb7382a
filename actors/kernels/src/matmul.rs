//! Products of blocks: C = op(A) op(B) or C += op(A) op(B).
//!
//! Floats and complex numbers go through faer, tile by tile of C where it is large, so that threads can share the tiles; a row by a column is
//! summed pairwise (`dot.rs`). Integers wrap and bools are "any of both", as in NumPy; their sums are exact in any order.

use crate::block::with_element;
use crate::crew::{Crew, Shares, try_run};
use crate::dot::dot;
use crate::memory::zeros;
use crate::{Block, Element, OutOfMemory};
use faer::linalg::matmul::matmul as faer_matmul;
use faer::{Accum, MatMut, MatRef, Par};
use num_complex::Complex;

/// The side of a tile of the result: a product of so many rows and columns is as fast as a larger one.
const TILE_ORDER: usize = 512;
/// Rows of the right operand that are used together while they are in the second-level cache.
const PANEL_ROWS: usize = 64;

/// Computes the product into `result`, or adds it to what `result` holds. A left operand of one axis is a row and a
/// right one a column.
///
/// # Errors
/// [`OutOfMemory`].
pub(crate) fn matmul(
    result: &mut Block,
    left: &Block,
    right: &Block,
    transpose: [bool; 2],
    accumulate: bool,
    crew: &dyn Crew,
) -> Result<(), OutOfMemory> {
    with_element!(result.spec().dtype, T => {
        let left = matrix::<T>(left, transpose[0], |len| (1, len));
        let right = matrix::<T>(right, transpose[1], |len| (len, 1));
        T::product(result.elements_mut(), left, right, accumulate, crew)
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

    /// The same matrix read transposed.
    pub(crate) fn turned(self) -> Matrix<'a, T> {
        Matrix { transpose: !self.transpose, ..self }
    }

    /// Rows and columns as they are read.
    fn shape(self) -> (usize, usize) {
        if self.transpose { (self.columns, self.rows) } else { (self.rows, self.columns) }
    }
}

/// Elements that can be multiplied and added.
pub(crate) trait Product: Element {
    /// Writes the product to `target`, row by row, or adds it.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    fn product(
        target: &mut [Self],
        left: Matrix<Self>,
        right: Matrix<Self>,
        accumulate: bool,
        crew: &dyn Crew,
    ) -> Result<(), OutOfMemory>;
}

macro_rules! floats {
    ($($float:ty => $one:expr),*) => {$(
        impl Product for $float {
            fn product(
                target: &mut [Self],
                left: Matrix<Self>,
                right: Matrix<Self>,
                accumulate: bool,
                crew: &dyn Crew,
            ) -> Result<(), OutOfMemory> {
                if left.shape().0 == 1 && right.shape().1 == 1 {
                    // Elements of a row or a column lie side by side, transposed or not.
                    let sum = dot(left.elements, right.elements, crew);
                    target[0] = if accumulate { target[0] + sum } else { sum };
                    return Ok(());
                }
                let [left, right] = [left, right].map(|operand| {
                    let Matrix { elements, rows, columns, transpose } = operand;
                    let matrix = MatRef::from_row_major_slice(elements, rows, columns);
                    if transpose { matrix.transpose() } else { matrix }
                });
                let (rows, columns) = (left.nrows(), right.ncols());
                let target = MatMut::from_row_major_slice_mut(target, rows, columns);
                let how = if accumulate { Accum::Add } else { Accum::Replace };
                let tiles = tiles(target);
                crew.run(tiles.len(), &|tile| {
                    let Tile { row, column, elements } = &mut *tiles.of(tile);
                    // C(i, j) = A(i, :) B(:, j)
                    let left = left.subrows(*row, elements.nrows());
                    let right = right.subcols(*column, elements.ncols());
                    faer_matmul(elements.as_mut(), how, left, right, $one, Par::Seq);
                });
                Ok(())
            }
        }
    )*};
}

/// A tile of a matrix and where it lies.
pub(crate) struct Tile<'a, T> {
    pub(crate) row: usize,
    pub(crate) column: usize,
    pub(crate) elements: MatMut<'a, T>,
}

/// The tiles of a matrix: all but the last rows and columns of them are squares of [`TILE_ORDER`].
pub(crate) fn tiles<T>(matrix: MatMut<'_, T>) -> Shares<Tile<'_, T>> {
    let mut tiles = Vec::new();
    let (mut below, mut row) = (matrix, 0);
    loop {
        let rows = TILE_ORDER.min(below.nrows());
        let (band, rest) = below.split_at_row_mut(rows);
        let (mut right, mut column) = (band, 0);
        loop {
            let columns = TILE_ORDER.min(right.ncols());
            let (elements, rest) = right.split_at_col_mut(columns);
            tiles.push(Tile { row, column, elements });
            column += TILE_ORDER;
            right = rest;
            if right.ncols() == 0 {
                break;
            }
        }
        row += TILE_ORDER;
        below = rest;
        if below.nrows() == 0 {
            return tiles.into_iter().collect();
        }
    }
}

macro_rules! exact {
    ($($element:ty => $multiply_add:expr),* $(,)?) => {$(
        impl Product for $element {
            fn product(
                target: &mut [Self],
                left: Matrix<Self>,
                right: Matrix<Self>,
                accumulate: bool,
                crew: &dyn Crew,
            ) -> Result<(), OutOfMemory> {
                let columns = right.shape().1;
                // Bands of rows; of no columns there is nothing to do.
                let bands = target.chunks_mut((TILE_ORDER * columns).max(1));
                let bands: Shares<&mut [Self]> = bands.collect();
                try_run(crew, bands.len(), |band| {
                    let target = &mut *bands.of(band);
                    if !accumulate {
                        target.fill(Self::default());
                    }
                    exact_product(target, band * TILE_ORDER, left, right, $multiply_add)
                })
            }
        }
    )*};
}

floats!(f32 => 1.0, f64 => 1.0, Complex<f32> => Complex::ONE, Complex<f64> => Complex::ONE);
exact! {
    i8 => |sum, left, right| left.wrapping_mul(right).wrapping_add(sum),
    i16 => |sum, left, right| left.wrapping_mul(right).wrapping_add(sum),
    i32 => |sum, left, right| left.wrapping_mul(right).wrapping_add(sum),
    i64 => |sum, left, right| left.wrapping_mul(right).wrapping_add(sum),
    u8 => |sum, left, right| left.wrapping_mul(right).wrapping_add(sum),
    u16 => |sum, left, right| left.wrapping_mul(right).wrapping_add(sum),
    u32 => |sum, left, right| left.wrapping_mul(right).wrapping_add(sum),
    u64 => |sum, left, right| left.wrapping_mul(right).wrapping_add(sum),
    bool => |sum, left, right| sum | (left & right),
}

/// Adds the product of elements whose sums are exact to the rows of the target from `first_row` on: rows of the right
/// operand, a few at a time, are added to every one of them.
fn exact_product<T: Element>(
    target: &mut [T],
    first_row: usize,
    left: Matrix<T>,
    right: Matrix<T>,
    multiply_add: impl Fn(T, T, T) -> T + Copy,
) -> Result<(), OutOfMemory> {
    let ((_, inner), (_, columns)) = (left.shape(), right.shape());
    if columns == 0 {
        return Ok(());
    }
    let factor = |row: usize, step: usize| match left.transpose {
        true => left.elements[step * left.columns + row],
        false => left.elements[row * left.columns + step],
    };
    let packed = if right.transpose { PANEL_ROWS.min(inner) * columns } else { 0 };
    let mut panel = zeros(packed)?;
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
                let factor = factor(first_row + row, start + step);
                let pairs = sums.iter_mut().zip(values);
                pairs.for_each(|(sum, &value)| *sum = multiply_add(*sum, factor, value));
            }
        }
    }
    Ok(())
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
