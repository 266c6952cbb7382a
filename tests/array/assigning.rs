//! Arrays with some elements replaced.

use crate::harness::{check, check_error};
use ndarray::{Array2, array, s};
use nums::Index;

fn local() -> Array2<i64> {
    Array2::from_shape_vec((10, 7), (0..70).collect()).unwrap()
}

#[test]
fn values_stretch_to_slices() {
    let x = local();
    let with = |change: &dyn Fn(&mut Array2<i64>)| {
        let mut x = x.clone();
        change(&mut x);
        x.into_dyn()
    };
    let row = array![1_i64, 2, 3, 4, 5, 6, 7];
    check("x[3] = row", &with(&|x| x.row_mut(3).assign(&row)), &|session| {
        session.from_ndarray(&x)?.assign(&[Index::At(3)], session.from_ndarray(&row)?)
    });
    check("x[::-3, 1:5:2] = -1", &with(&|x| x.slice_mut(s![..;-3, 1..5;2]).fill(-1)), &|session| {
        session.from_ndarray(&x)?.assign_slice(s![..;-3, 1..5;2], -1)
    });
    // The same positions in the other direction take the other values.
    let column = Array2::from_shape_fn((5, 1), |(index, _)| -(index as i64));
    let backwards = with(&|x| x.slice_mut(s![..;-2, 2..4]).assign(&column));
    check("x[::-2, 2:4] = column", &backwards, &|session| {
        session.from_ndarray(&x)?.assign_slice(s![..;-2, 2..4], session.from_ndarray(&column)?)
    });
    check(
        "x[:, 0] = x[:, 1]",
        &with(&|x| {
            let second = x.column(1).to_owned();
            x.column_mut(0).assign(&second);
        }),
        &|session| {
            let x = session.from_ndarray(&x)?;
            x.assign_slice(s![.., 0], x.slice(s![.., 1])?)
        },
    );
    check("x[5:5] = 1", &x.clone().into_dyn(), &|session| {
        session.from_ndarray(&x)?.assign_slice(s![5..5], 1)
    });
    check("x[...] = 1.9", &with(&|x| x.fill(1)), &|session| {
        session.from_ndarray(&x)?.assign(&[Index::Ellipsis], 1.9)
    });
    check("x[2, 3] = 1", &with(&|x| x[[2, 3]] = 1), &|session| {
        session.from_ndarray(&x)?.assign(&[Index::At(2), Index::At(3)], session.full(&[1, 1], 1)?)
    });
    check_error("operands could not be broadcast together with shapes (3,) (7,)", &|session| {
        session.from_ndarray(&x)?.assign(&[Index::At(0)], session.ones(&[3])?)
    });
}

#[test]
fn masks_are_assigned_to() {
    let x = local();
    check(
        "x[x % 3 == 0] = -1",
        &x.mapv(|x| if x % 3 == 0 { -1 } else { x }).into_dyn(),
        &|session| {
            let x = session.from_ndarray(&x)?;
            x.assign_mask(&(&x % 3).equal(0), -1)
        },
    );
    let mut rows = x.clone();
    rows.slice_mut(s![4.., ..]).fill(0);
    check("x[rows] = 0", &rows.into_dyn(), &|session| {
        let x = session.from_ndarray(&x)?;
        x.assign_mask(&session.arange(0, 10, 1)?.greater(3), 0.5)
    });
    check_error("mask: shapes (10, 7) and (7,) do not match", &|session| {
        let x = session.from_ndarray(&x)?;
        x.assign_mask(&session.full(&[7], true)?, 0)
    });
    check_error("the array has dtype int64, not bool", &|session| {
        let x = session.from_ndarray(&x)?;
        x.assign_mask(&x, 0)
    });
}

#[test]
fn lists_are_assigned_to() {
    let x = local();
    let with = |change: &dyn Fn(&mut Array2<i64>)| {
        let mut x = x.clone();
        change(&mut x);
        x.into_dyn()
    };
    check(
        "x[[3, -1]] = 0",
        &with(&|x| [3, 9].iter().for_each(|&row| x.row_mut(row).fill(0))),
        &|session| session.from_ndarray(&x)?.assign_take(&[3, -1], 0, 0),
    );
    let values = Array2::from_shape_fn((10, 3), |(row, column)| -((row * 3 + column) as i64));
    let columns = with(&|x| {
        x.column_mut(6).assign(&values.column(0));
        // The last of two values counts, as in NumPy.
        x.column_mut(2).assign(&values.column(2));
    });
    check("x[:, [6, 2, 2]] = values", &columns, &|session| {
        session.from_ndarray(&x)?.assign_take(&[6, 2, -5], 1, session.from_ndarray(&values)?)
    });
    let row = array![1_i64, 2, 3, 4, 5, 6, 7];
    check("x[[0]] = row", &with(&|x| x.row_mut(0).assign(&row)), &|session| {
        session.from_ndarray(&x)?.assign_take(&[0], 0, session.from_ndarray(&row)?)
    });
    check("x[[]] = 1", &x.clone().into_dyn(), &|session| {
        session.from_ndarray(&x)?.assign_take(&[], 0, 1)
    });
    check_error("index 7 is out of bounds for axis 1 with size 7", &|session| {
        session.from_ndarray(&x)?.assign_take(&[7], 1, 0)
    });
    check_error(
        "operands could not be broadcast together with shapes (10, 3) (10, 2)",
        &|session| {
            session.from_ndarray(&x)?.assign_take(&[0, 1], 1, session.from_ndarray(&values)?)
        },
    );
}
