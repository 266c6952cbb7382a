//! Arrays that are joined, split, and contracted.

use crate::harness::{check, check_close, check_error};
use ndarray::{Array1, Array2, Array3, Axis, array, s};
use nums::DType;

fn local(rows: usize, columns: usize) -> Array2<i64> {
    let elements = (0..).take(rows * columns);
    Array2::from_shape_vec((rows, columns), elements.collect()).unwrap()
}

#[test]
fn arrays_join_along_an_axis() {
    let (x, y) = (local(4, 5), local(4, 3));
    let wide = ndarray::concatenate(Axis(1), &[x.view(), y.view(), x.view()]).unwrap();
    check("columns", &wide.into_dyn(), &|session| {
        let (x, y) = (session.from_ndarray(&x)?, session.from_ndarray(&y)?);
        nums::concatenate(&[&x, &y, &x], -1)
    });
    let (nothing, tall) = (local(0, 5), local(7, 5));
    let rows = ndarray::concatenate(Axis(0), &[x.view(), nothing.view(), tall.view()]).unwrap();
    check("rows and none", &rows.into_dyn(), &|session| {
        let parts = [&x, &nothing, &tall].map(|part| session.from_ndarray(part));
        let [x, nothing, tall] = parts;
        nums::vstack(&[&x?, &nothing?, &tall?])
    });
    check("nothing", &local(0, 5).into_dyn(), &|session| {
        let nothing = session.from_ndarray(&nothing)?;
        nums::concatenate(&[&nothing, &nothing], 0)
    });
    check("promoted", &array![1.0, 0.5].into_dyn(), &|session| {
        let x = nums::hstack(&[&session.from_ndarray(&array![1_i32])?, &session.full(&[], 0.5)?])?;
        assert_eq!(x.dtype(), DType::Float64);
        Ok(x)
    });
    let stacked = ndarray::stack(Axis(1), &[x.view(), x.view()]).unwrap();
    check("stack", &stacked.into_dyn(), &|session| {
        let x = session.from_ndarray(&x)?;
        nums::stack(&[&x, &x], 1)
    });
    check_error("concatenate: shapes (4, 5) and (4, 3) do not match", &|session| {
        nums::concatenate(&[&session.from_ndarray(&x)?, &session.from_ndarray(&y)?], 0)
    });
    check_error("concatenate: expected at least one array, got none", &|_| {
        nums::concatenate([] as [&nums::DistArray; 0], 0)
    });
}

#[test]
fn arrays_are_split() {
    let x = local(10, 3);
    for (part, range) in [(0, s![..2, ..]), (1, s![2..9, ..]), (2, s![9.., ..])] {
        check("split", &x.slice(range).to_owned().into_dyn(), &|session| {
            Ok(session.from_ndarray(&x)?.split(&[2, -1], 0)?[part].clone())
        });
    }
}

#[test]
fn products() {
    let x = Array2::from_shape_fn((9, 7), |(row, column)| (row * 3 + column * 5 % 7) as f64 / 8.0);
    let y = Array2::from_shape_fn((7, 5), |(row, column)| (row + 2 * column) as f64 / 4.0 - 1.0);
    let v = Array1::from_shape_fn(7, |index| index as f64 - 2.5);
    // Sums of few multiples of 1/32 are exact.
    check("matrix", &x.dot(&y).into_dyn(), &|session| {
        session.from_ndarray(&x)?.try_matmul(&session.from_ndarray(&y)?)
    });
    check("vector", &x.dot(&v).into_dyn(), &|session| {
        Ok(session.from_ndarray(&x)?.dot(&session.from_ndarray(&v)?))
    });
    check("gram", &x.t().dot(&x).into_dyn(), &|session| {
        let x = session.from_ndarray(&x)?;
        Ok(x.t().dot(&x))
    });
    check("inner", &ndarray::arr0(v.dot(&v)).into_dyn(), &|session| {
        let v = session.from_ndarray(&v)?;
        Ok(v.dot(&v))
    });
    check("scalar", &(&v * 2.0).into_dyn(), &|session| {
        Ok(session.from_ndarray(&v)?.dot(&session.full(&[], 2.0)?))
    });
    let outer = Array2::from_shape_fn((7, 7), |(row, column)| v[row] * v[column]);
    check("outer", &outer.into_dyn(), &|session| {
        let v = session.from_ndarray(&v)?;
        v.outer(&v)
    });
    check_error("matmul: shapes (9, 7) and (9, 7) do not match", &|session| {
        let x = session.from_ndarray(&x)?;
        x.try_matmul(&x)
    });
}

#[test]
fn contractions() {
    let x = Array3::from_shape_fn((4, 5, 3), |(i, j, k)| (i + 2 * j + 3 * k) as f64 / 4.0);
    let b = Array2::from_shape_fn((5, 6), |(j, f)| (j * f) as f64 / 2.0 - 1.0);
    let c = Array2::from_shape_fn((3, 6), |(k, f)| (k + f) as f64 / 2.0);
    let mttkrp = Array2::from_shape_fn((4, 6), |(i, f)| {
        let terms = (0..5).flat_map(|j| (0..3).map(move |k| (j, k)));
        terms.map(|(j, k)| x[[i, j, k]] * b[[j, f]] * c[[k, f]]).sum::<f64>()
    });
    check_close("three operands", &mttkrp.into_dyn(), 1e-14, &|session| {
        let arrays =
            [session.from_ndarray(&x)?, session.from_ndarray(&b)?, session.from_ndarray(&c)?];
        nums::einsum("ijk, jf, kf -> if", &arrays.each_ref())
    });
    let sums = x.sum_axis(Axis(1)).t().to_owned();
    check("one operand", &sums.into_dyn(), &|session| {
        nums::einsum("ijk->ki", &[&session.from_ndarray(&x)?])
    });
    let flat = x.to_shape((4, 15)).unwrap().to_owned();
    check("tensordot", &flat.dot(&flat.t()).into_dyn(), &|session| {
        let x = session.from_ndarray(&x)?;
        x.tensordot(&x.try_permuted_axes(&[1, 2, 0])?, 2)
    });
    check_error(
        "einsum subscripts \"ij,jk->ik\" do not match arrays of shapes (4, 5, 3) (5, 6)",
        &|session| {
            nums::einsum("ij,jk->ik", &[&session.from_ndarray(&x)?, &session.from_ndarray(&b)?])
        },
    );
}
