//! Linear algebra of matrices that hold one NaN or infinity: NaN where NumPy gives NaN, an error where NumPy raises.

use ndarray::{Array2, ArrayD};
use nums::linalg::{cholesky, inv, qr, solve};
use nums::{DistArray, Error, Session};

/// Made by `golden/nonfinite.py`.
const GOLDEN: &str = include_str!("../golden/nonfinite.txt");

/// As of `golden/nonfinite.py`.
fn matrix(rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        ((row * 37 + column * 101) % 41) as f64 / 8.0 - 2.0
    })
}

fn clean(name: &str, rows: usize, columns: usize) -> Array2<f64> {
    let a = matrix(rows, columns);
    match name {
        "cholesky" => a.dot(&a.t()) + 4.0 * Array2::<f64>::eye(rows),
        "inv" | "solve" | "sides" => a + 4.0 * Array2::<f64>::eye(rows),
        _ => a,
    }
}

fn compute(name: &str, spoilt: &DistArray, clean: &DistArray) -> Result<Vec<DistArray>, Error> {
    Ok(match name {
        "cholesky" => vec![cholesky(spoilt)?],
        "inv" => vec![inv(spoilt)?],
        "solve" => vec![solve(spoilt, clean)?],
        "sides" => vec![solve(clean, spoilt)?],
        "qr" => {
            let (q, r) = qr(spoilt)?;
            vec![q, r]
        }
        "norm" => vec![spoilt.norm(), spoilt.norm_axis(&[0])?, spoilt.norm_axis(&[1])?],
        "matmul" => vec![spoilt.dot(clean), clean.dot(spoilt), spoilt.dot(&spoilt.t())],
        _ => panic!("no function is called {name}"),
    })
}

fn values(arrays: &[DistArray]) -> Result<Vec<ArrayD<f64>>, Error> {
    arrays.iter().map(|array| array.fetch::<f64>().wait()).collect()
}

#[test]
fn linear_algebra_is_nan_where_numpys_is_and_refuses_what_it_refuses() {
    let tiny = Session::builder().nodes(4).places(16).block_bytes_min(24).block_bytes_max(24);
    let sessions = [Session::embedded(1).unwrap(), tiny.embedded().unwrap()];
    let mut raised = 0;
    for line in GOLDEN.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let [name, rows, columns, bad, row, column, ref expected @ ..] = fields[..] else {
            panic!("{line}")
        };
        let number = |field: &str| field.parse::<usize>().unwrap();
        let (rows, columns) = (number(rows), number(columns));
        let (row, column) = (number(row), number(column));
        let clean = clean(name, rows, columns);
        let mut spoilt = clean.clone();
        spoilt[[row, column]] = bad.parse().unwrap();
        for session in &sessions {
            let arrays = [&spoilt, &clean].map(|matrix| session.from_ndarray(matrix).unwrap());
            let found = compute(name, &arrays[0], &arrays[1]).and_then(|found| values(&found));
            let blocks = arrays[0].grid().blocks();
            let story = format!("{line}, {blocks} blocks");
            if expected == ["raise"] {
                let refused = found.map(|found| panic!("{story}: {found:?}")).unwrap_err();
                let refused = refused.to_string();
                let wanted = if name == "cholesky" { "not positive definite" } else { "singular" };
                assert!(refused.contains(wanted), "{story}: {refused}");
                raised += 1;
                continue;
            }
            let found = found.unwrap_or_else(|error| panic!("{story}: {error}"));
            for (found, expected) in found.iter().zip(expected) {
                let classes = expected.chars().filter(|&class| class != '/');
                for (at, (x, class)) in found.iter().zip(classes).enumerate() {
                    assert!(class != 'n' || x.is_nan(), "{story}: element {at} of {found}");
                }
            }
            check_what_stays(name, &clean, (row, column), &found, blocks, &story);
        }
    }
    // Every line that says so, in both sessions.
    let wanted = GOLDEN.lines().filter(|line| line.ends_with("raise")).count();
    assert!(raised == 2 * wanted && wanted > 30, "{raised} of 2 x {wanted}");
}

/// What the element that is spoilt has no part in.
fn check_what_stays(
    name: &str,
    clean: &Array2<f64>,
    (row, column): (usize, usize),
    found: &[ArrayD<f64>],
    blocks: usize,
    story: &str,
) {
    match name {
        // The columns before its own, of both factors; of several blocks Q is a product with those that are NaN.
        "qr" => {
            let [q, r] = found else { panic!("{story}") };
            let square = clean.nrows().min(clean.ncols());
            let before = |matrix: &ArrayD<f64>| {
                let columns = matrix.shape()[1];
                let cells = matrix.iter().enumerate();
                cells.filter(|(at, _)| at % columns < column).all(|(_, x)| x.is_finite())
            };
            assert!(before(r) && (blocks > 1 || column >= square || before(q)), "{story}: {q} {r}");
        }
        // The rows above its own; all of them where it is in the half that is not read.
        "cholesky" => {
            let above = if row < column { clean.nrows() } else { row };
            let stays = found[0].iter().take(above * clean.ncols()).all(|x| x.is_finite());
            assert!(stays, "{story}: {}", found[0]);
        }
        // Right sides do not know of each other.
        "sides" => {
            let others = found[0].iter().enumerate().filter(|(at, _)| at % clean.ncols() != column);
            assert!(others.into_iter().all(|(_, x)| x.is_finite()), "{story}: {}", found[0]);
        }
        _ => {}
    }
}
