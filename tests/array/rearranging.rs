//! Elements in other places: flips, rolls, triangles, diagonals, pads, and positions that are computed.

use crate::harness::{check, check_error};
use ndarray::{Array2, Axis, array, s};
use nums::{KernelError, Pad};

fn local() -> Array2<i64> {
    Array2::from_shape_vec((10, 7), (0..70).map(|x| x * 37 % 71).collect()).unwrap()
}

#[test]
fn flips_and_turns() {
    let x = local();
    check("flip rows", &x.slice(s![..;-1, ..]).to_owned().into_dyn(), &|session| {
        session.from_ndarray(&x)?.flip(0)
    });
    check("flip all", &x.slice(s![..;-1, ..;-1]).to_owned().into_dyn(), &|session| {
        session.from_ndarray(&x)?.flip(..)
    });
    let turned = x.t().slice(s![..;-1, ..]).to_owned().into_dyn();
    check("rot90", &turned, &|session| session.from_ndarray(&x)?.rot90(5, (0, 1)));
    check_error("axis 2 is out of bounds for array of dimension 2", &|session| {
        session.from_ndarray(&x)?.flip(2)
    });
}

#[test]
fn rolls() {
    let x = local();
    for (shift, axis) in [(0, 0), (3, 0), (-1, 0), (23, 1), (-7, 1)] {
        let len = x.len_of(Axis(axis)) as isize;
        let from: Vec<usize> = (0..len).map(|at| (at - shift).rem_euclid(len) as usize).collect();
        let expected = x.select(Axis(axis), &from).into_dyn();
        check(&format!("roll {shift}"), &expected, &|session| {
            session.from_ndarray(&x)?.roll(shift, axis)
        });
    }
}

#[test]
fn triangles_and_diagonals() {
    let x = local();
    for k in [-20, -3, 0, 2, 6, i64::MAX] {
        let half = |lower: bool| {
            let mut half = x.clone();
            half.indexed_iter_mut().for_each(|((row, column), element)| {
                let below = (column as i64 - row as i64) <= k;
                let above = (column as i64 - row as i64) >= k;
                if !(if lower { below } else { above }) {
                    *element = 0;
                }
            });
            half.into_dyn()
        };
        check(&format!("tril {k}"), &half(true), &|session| session.from_ndarray(&x)?.tril(k));
        check(&format!("triu {k}"), &half(false), &|session| session.from_ndarray(&x)?.triu(k));
    }
    for offset in [-9_isize, -2, 0, 1, 6] {
        let on = |((row, column), _): &((usize, usize), &i64)| {
            *column as isize - *row as isize == offset
        };
        let found: Vec<i64> = x.indexed_iter().filter(on).map(|(_, x)| *x).collect();
        check(&format!("diagonal {offset}"), &ndarray::arr1(&found).into_dyn(), &|session| {
            session.from_ndarray(&x)?.diagonal(offset, (0, 1))
        });
    }
    // The sign of a zero stays.
    check("diagonal of zeros", &array![-0.0, 0.0].into_dyn(), &|session| {
        session.array([[-0.0, 1.0], [f64::NAN, 0.0]])?.diag()
    });
    check("matrix of a diagonal", &array![[0_i64, 0], [5, 0]].into_dyn(), &|session| {
        session.from_diag(&session.array([5_i64])?, -1)
    });
}

#[test]
fn pads() {
    let line = array![1_i64, 2, 3];
    for (mode, expected) in [
        (Pad::Constant(9.into()), vec![9_i64, 9, 9, 9, 1, 2, 3, 9, 9, 9, 9, 9]),
        (Pad::Edge, vec![1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3]),
        (Pad::Reflect, vec![1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2]),
        (Pad::Symmetric, vec![3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 1, 2]),
        (Pad::Wrap, vec![3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2]),
    ] {
        check(&format!("{mode:?}"), &ndarray::arr1(&expected).into_dyn(), &|session| {
            session.from_ndarray(&line)?.pad(&[(4, 5)], mode)
        });
    }
    check_error("pad of an empty array (shape (0,))", &|session| {
        session.array([0.0; 0])?.pad(&[(1, 0)], Pad::Edge)
    });
}

#[test]
fn positions_on_the_cluster() {
    let x = local();
    let order = x.mapv(|x| (x * 5) % 7);
    let found = Array2::from_shape_fn((10, 7), |(row, at)| x[[row, order[[row, at]] as usize]]);
    check("along rows", &found.into_dyn(), &|session| {
        session.from_ndarray(&x)?.take_along_axis(&session.from_ndarray(&order)?, 1)
    });
    let list = array![9_i64, 0, -1, -10];
    let rows = x.select(Axis(0), &[9, 0, 9, 0]).into_dyn();
    check("rows", &rows, &|session| {
        session.from_ndarray(&x)?.take_array(&session.from_ndarray(&list)?, 0)
    });
    check("none", &Array2::<i64>::zeros((0, 7)).into_dyn(), &|session| {
        session.from_ndarray(&x)?.take_array(&session.arange(0, 0, 1)?, 0)
    });
    for outside in [10_i64, -11] {
        let session = nums::Session::embedded(2).unwrap();
        let positions = session.array([outside]).unwrap();
        let taken = session.from_ndarray(&x).unwrap().take_array(&positions, 0).unwrap();
        let refused = taken.eval().wait().unwrap_err();
        let expected = KernelError::IndexOutOfBounds { index: outside, axis: 0, len: 10 };
        assert_eq!(refused.kernel(), Some(&expected));
    }
    check_error("the array has dtype float64, not int64", &|session| {
        session.from_ndarray(&x)?.take_array(&session.ones(3)?, 0)
    });
}
