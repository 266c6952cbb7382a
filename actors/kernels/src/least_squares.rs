//! Least squares of a small dense matrix, with a look at its rank.

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::qr::no_pivoting::factor::{
    qr_in_place, qr_in_place_scratch, recommended_block_size,
};
use faer::linalg::svd::{ComputeSvdVectors, svd, svd_scratch};
use faer::linalg::triangular_inverse::invert_upper_triangular;
use faer::linalg::triangular_solve::solve_upper_triangular_in_place;
use faer::{Mat, MatRef, Par};

/// How far a column may take part in the directions that are not determined before it counts as dependent; what
/// rounding makes of one that does not is some powers of ten smaller.
const PART: f64 = 1e-6;

/// What minimises |A w - b|² + ridge |w|².
#[derive(Clone, Debug, PartialEq)]
pub struct LeastSquares {
    /// The shortest such w.
    pub solution: Vec<f64>,
    /// The rank of A, and of A over the root of the penalty where there is one.
    pub rank: usize,
    /// The columns that others of them combine to, in their order: w is not determined by A and b there.
    pub dependent: Vec<usize>,
}

/// Solves |A w - b|² + ridge |w|² → min for A (*m* × `columns`, row by row), b (*m*) and w (`columns`), by Householder's
/// QR and, where the rank is in doubt, by singular values. Columns of zeros get 0.
///
/// Singular values below `tolerance` times the largest count as 0. They are those of A with its columns scaled to length
/// 1, so that the units of columns do not decide the rank; the length of w that is minimised is that without the
/// scales. The work is some (*m* + `columns`) `columns`² flops, and about ten times as much by singular values, on one
/// thread; the bits depend on the numbers alone.
///
/// `None` when the numbers are not finite, or no singular values are found.
pub fn least_squares(
    a: &[f64],
    columns: usize,
    b: &[f64],
    ridge: f64,
    tolerance: f64,
) -> Option<LeastSquares> {
    let rows = b.len();
    let none = LeastSquares { solution: vec![0.0; columns], rank: 0, dependent: Vec::new() };
    if a.iter().chain(b).any(|value| !value.is_finite()) {
        return None;
    }
    let lengths: Vec<f64> = (0..columns)
        .map(|column| length(a.iter().skip(column).step_by(columns.max(1)).copied()))
        .collect();
    if lengths.iter().any(|length| !length.is_finite()) {
        return None;
    }
    let kept: Vec<usize> = (0..columns).filter(|&column| lengths[column] > 0.0).collect();
    let unit = b.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    if kept.is_empty() {
        return Some(none);
    }
    let unit = if unit > 0.0 { unit } else { 1.0 };

    // The columns of length 1, the penalty below them, and b beside them.
    let order = kept.len();
    let penalty = if ridge > 0.0 { order } else { 0 };
    let height = (rows + penalty).max(order + 1);
    let mut stacked = Mat::from_fn(height, order + 1, |row, at| match kept.get(at) {
        Some(&column) if row < rows => a[row * columns + column] / lengths[column],
        Some(&column) if row - rows == at && penalty > 0 => ridge.sqrt() / lengths[column],
        None if row < rows => b[row] / unit,
        _ => 0.0,
    });
    triangle(&mut stacked);
    let r = Mat::from_fn(
        order,
        order,
        |row, column| {
            if row <= column { stacked[(row, column)] } else { 0.0 }
        },
    );
    let mut scaled = Mat::from_fn(order, 1, |row, _| stacked[(row, order)]);

    let mut inverse = Mat::zeros(order, order);
    invert_upper_triangular(inverse.as_mut(), r.as_ref(), Par::Seq);
    // The largest singular value over the smallest is at most this, so no singular value counts as 0.
    let condition = length(all(r.as_ref())) * length(all(inverse.as_ref()));
    let (rank, parts) = if condition * tolerance < 1.0 {
        solve_upper_triangular_in_place(r.as_ref(), scaled.as_mut(), Par::Seq);
        (order, Vec::new())
    } else {
        shortest(&r, &mut scaled, tolerance, |at| lengths[kept[at]])?
    };
    let mut solution = none.solution;
    for (at, &column) in kept.iter().enumerate() {
        solution[column] = scaled[(at, 0)] / lengths[column] * unit;
    }
    let dependent = parts.iter().zip(&kept).filter(|(part, _)| **part > PART);
    let dependent = dependent.map(|(_, &column)| column).collect();
    Some(LeastSquares { solution, rank, dependent })
}

/// Replaces z = R⁻¹ z by the z with the shortest w = z / lengths among those that R sends to the same place; gives the rank,
/// and how far each column takes part in what R sends to 0.
fn shortest(
    r: &Mat<f64>,
    right: &mut Mat<f64>,
    tolerance: f64,
    lengths: impl Fn(usize) -> f64,
) -> Option<(usize, Vec<f64>)> {
    let order = r.nrows();
    let [mut u, mut v] = [(), ()].map(|()| Mat::<f64>::zeros(order, order));
    let mut values = Diag::<f64>::zeros(order);
    let vectors = ComputeSvdVectors::Full;
    let scratch = svd_scratch::<f64>(order, order, vectors, vectors, Par::Seq, Default::default());
    let mut memory = MemBuffer::new(scratch);
    svd(
        r.as_ref(),
        values.as_mut(),
        Some(u.as_mut()),
        Some(v.as_mut()),
        Par::Seq,
        MemStack::new(&mut memory),
        Default::default(),
    )
    .ok()?;
    let values: Vec<f64> = values.column_vector().iter().copied().collect();
    let rank = values.iter().take_while(|&&value| value > tolerance * values[0]).count();
    let mut z = vec![0.0; order];
    for (at, value) in values[..rank].iter().enumerate() {
        let share: f64 = (0..order).map(|row| u[(row, at)] * right[(row, 0)]).sum();
        z.iter_mut().enumerate().for_each(|(row, z)| *z += v[(row, at)] * (share / value));
    }
    let parts = (0..order).map(|row| length((rank..order).map(|at| v[(row, at)]))).collect();

    // Without scales, w may go along these directions; the shortest has no part in any of them.
    let least = (0..order).map(&lengths).fold(f64::INFINITY, f64::min);
    let scale = |row: usize| least / lengths(row);
    let mut w: Vec<f64> = z.iter().enumerate().map(|(row, z)| z * scale(row)).collect();
    let mut free: Vec<Vec<f64>> = Vec::with_capacity(order - rank);
    for at in rank..order {
        let mut direction: Vec<f64> = (0..order).map(|row| v[(row, at)] * scale(row)).collect();
        // Twice, so that rounding leaves no part of the others.
        for _ in 0..2 {
            free.iter().for_each(|other| remove(&mut direction, other));
        }
        let own = length(direction.iter().copied());
        if own > 0.0 {
            direction.iter_mut().for_each(|value| *value /= own);
            free.push(direction);
        }
    }
    for _ in 0..2 {
        free.iter().for_each(|direction| remove(&mut w, direction));
    }
    for (row, w) in w.iter().enumerate() {
        right[(row, 0)] = w / scale(row);
    }
    Some((rank, parts))
}

/// Takes the part along a direction of length 1 away.
fn remove(vector: &mut [f64], direction: &[f64]) {
    let part: f64 = vector.iter().zip(direction).map(|(value, own)| value * own).sum();
    vector.iter_mut().zip(direction).for_each(|(value, own)| *value -= part * own);
}

/// Puts R into the upper triangle of a matrix with at least as many rows as columns.
fn triangle(matrix: &mut Mat<f64>) {
    let (rows, columns) = (matrix.nrows(), matrix.ncols());
    let block = recommended_block_size::<f64>(rows, columns).clamp(1, columns);
    let mut coefficients = Mat::zeros(block, columns);
    let scratch = qr_in_place_scratch::<f64>(rows, columns, block, Par::Seq, Default::default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    qr_in_place(matrix.as_mut(), coefficients.as_mut(), Par::Seq, stack, Default::default());
}

fn all(matrix: MatRef<'_, f64>) -> impl Iterator<Item = f64> + Clone {
    let (rows, columns) = (matrix.nrows(), matrix.ncols());
    (0..columns).flat_map(move |column| (0..rows).map(move |row| matrix[(row, column)]))
}

/// The root of the sum of squares, which neither overflows nor vanishes on the way.
fn length(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = values.clone().fold(0.0, |most: f64, value| most.max(value.abs()));
    if most == 0.0 || !most.is_finite() {
        return most;
    }
    most * values.map(|value| (value / most).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: &[f64], wanted: &[f64]) {
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-12 * wanted.abs().max(1.0), "{found} {wanted}");
        }
    }

    #[test]
    fn full_rank_is_solved_exactly_in_any_units() {
        // w = (2, -3) of three rows that fit, with columns of 1e200 and 1e-200.
        for (left, right) in [(1.0, 1.0), (1e200, 1e-200)] {
            let rows = [[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]];
            let a: Vec<f64> = rows.iter().flat_map(|row| [row[0] * left, row[1] * right]).collect();
            let b: Vec<f64> = rows.iter().map(|row| 2.0 * row[0] - 3.0 * row[1]).collect();
            let found = least_squares(&a, 2, &b, 0.0, 1e-14).unwrap();
            assert_eq!((found.rank, found.dependent), (2, vec![]));
            close(&[found.solution[0] * left, found.solution[1] * right], &[2.0, -3.0]);
        }
    }

    #[test]
    fn dependent_columns_share_the_shortest_solution_and_are_named() {
        // Column 2 is column 0 + column 3 and column 1 is free; numpy.linalg.lstsq gives the same.
        let rows = [
            [1.0, 5.0, 3.0, 2.0],
            [0.0, 1.0, 1.0, 1.0],
            [2.0, 0.0, 5.0, 3.0],
            [1.0, 1.0, 0.0, -1.0],
        ];
        let a = rows.concat();
        let b = [1.0, 2.0, 3.0, 4.0];
        let found = least_squares(&a, 4, &b, 0.0, 1e-14).unwrap();
        assert_eq!((found.rank, &found.dependent[..]), (3, &[0, 2, 3][..]));
        // What the dependent columns are not determined in, the solution does not use.
        let [w0, _, w2, w3] = found.solution[..] else { panic!() };
        assert!((w0 - w2 + w3).abs() < 1e-12, "{:?}", found.solution);
    }

    #[test]
    fn a_wide_matrix_has_its_shortest_solution() {
        let found = least_squares(&[3.0, 4.0, 0.0], 3, &[5.0], 0.0, 1e-14).unwrap();
        close(&found.solution, &[0.6, 0.8, 0.0]);
        assert_eq!((found.rank, found.dependent), (1, vec![0, 1]));
    }

    #[test]
    fn a_penalty_determines_everything() {
        // (AᵀA + 2 I) w = Aᵀb of two equal columns of three ones, and b of twos: (3 + 3 + 2) w = 6.
        let found = least_squares(&[1.0; 6], 2, &[2.0; 3], 2.0, 1e-14).unwrap();
        close(&found.solution, &[0.75, 0.75]);
        assert_eq!(found.rank, 2);
    }

    #[test]
    fn what_is_not_finite_has_no_solution() {
        assert_eq!(least_squares(&[f64::NAN], 1, &[1.0], 0.0, 1e-14), None);
        assert_eq!(least_squares(&[1.0], 1, &[f64::INFINITY], 0.0, 1e-14), None);
        let zero = least_squares(&[0.0, 0.0], 1, &[1.0, 2.0], 0.0, 1e-14).unwrap();
        assert_eq!((zero.solution, zero.rank), (vec![0.0], 0));
    }
}
