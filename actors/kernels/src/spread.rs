//! Factorisations of matrices that hold what is not finite, by plain loops, in which it spreads by the rules of arithmetic.
//! faer's compare and scale, and take for granted that numbers are finite.

use crate::linalg::Real;
use faer::MatMut;

/// Overwrites the lower triangle of a symmetric matrix with L, or gives the first pivot that is 0 or negative.
pub(crate) fn cholesky<T: Real>(mut matrix: MatMut<T>) -> Result<(), usize> {
    let order = matrix.nrows();
    for column in 0..order {
        for row in column..order {
            let rest = (0..column).fold(matrix[(row, column)], |rest, step| {
                rest - matrix[(row, step)] * matrix[(column, step)]
            });
            matrix[(row, column)] = if row > column {
                rest / matrix[(column, column)]
            } else if rest <= T::default() {
                return Err(column);
            } else {
                rest.root()
            };
        }
    }
    Ok(())
}

/// Solves A X = B for the rows of both by LU with partial pivoting: B becomes X, and A is overwritten; or gives the first
/// pivot that is 0. Pivots are found as the reference BLAS finds them: NaN is one only where there is no number, and no
/// multiple of 0 is subtracted. So a matrix that is singular whatever a NaN stands for is singular.
pub(crate) fn solve<T: Real>(matrix: &mut [T], order: usize, sides: &mut [T]) -> Result<(), usize> {
    let columns = sides.len() / order.max(1);
    for step in 0..order {
        let size = |row: usize| matrix[row * order + step].size();
        let greater = |best: usize, row: usize| {
            let replaced = size(row) > size(best) || (size(best).is_nan() && !size(row).is_nan());
            if replaced { row } else { best }
        };
        let pivot = (step + 1..order).fold(step, greater);
        if matrix[pivot * order + step] == T::default() {
            return Err(step);
        }
        swap_rows(matrix, order, step, pivot);
        swap_rows(sides, columns, step, pivot);
        let (known, rest) = matrix.split_at_mut((step + 1) * order);
        let known = &known[step * order..];
        let (known_side, rest_sides) = sides.split_at_mut((step + 1) * columns);
        let known_side = &known_side[step * columns..];
        for (at, row) in rest.chunks_mut(order).enumerate() {
            let factor = row[step] / known[step];
            for (element, &other) in row[step + 1..].iter_mut().zip(&known[step + 1..]) {
                let less = *element - factor * other;
                *element = if other == T::default() { *element } else { less };
            }
            let side = rest_sides[at * columns..][..columns].iter_mut();
            side.zip(known_side).for_each(|(x, &other)| *x -= factor * other);
        }
    }
    for row in (0..order).rev() {
        let (own, known) = sides.split_at_mut((row + 1) * columns);
        let own = &mut own[row * columns..];
        let factors = &matrix[row * order..][..order];
        for (&factor, known) in factors[row + 1..].iter().zip(known.chunks(columns.max(1))) {
            own.iter_mut().zip(known).for_each(|(x, &other)| *x -= factor * other);
        }
        own.iter_mut().for_each(|x| *x /= factors[row]);
    }
    Ok(())
}

fn swap_rows<T>(elements: &mut [T], columns: usize, first: usize, second: usize) {
    if first != second {
        (0..columns).for_each(|at| elements.swap(first * columns + at, second * columns + at));
    }
}
