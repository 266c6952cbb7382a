//! Factorisations and solutions of matrices.

use crate::harness::{check, check_close, check_error};
use ndarray::{Array2, ArrayD, Axis, array};
use nums::linalg::{cholesky, inv, qr, solve};
use nums::{DType, DistArray, Error, KernelError, Session};

/// A lower triangle of small integers with powers of two on its diagonal, so that its products are exact.
fn triangle(order: usize) -> Array2<f64> {
    Array2::from_shape_fn((order, order), |(row, column)| match row.cmp(&column) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => f64::from(1 << (row % 3)),
        std::cmp::Ordering::Greater => ((row * 3 + column * 5) % 7) as f64 - 3.0,
    })
}

fn upload(session: &Session, matrix: &Array2<f64>) -> Result<DistArray, Error> {
    session.from_ndarray(matrix)
}

#[test]
fn positive_definite_matrices_have_a_triangle() {
    for order in [0, 1, 2, 7] {
        let l = triangle(order);
        let a = l.dot(&l.t());
        check_close("cholesky", &l.clone().into_dyn(), 1e-12, &|session| {
            cholesky(&upload(session, &a)?)
        });
    }
    check("integers", &array![[2.0, 0.0], [1.0, 3.0]].into_dyn(), &|session| {
        cholesky(&session.from_ndarray(&array![[4, 2], [2, 10]])?)
    });
    check("float32", &array![[2.0_f32]].into_dyn(), &|session| {
        cholesky(&session.full_dtype(&[1, 1], 4, DType::Float32)?)
    });
    check_error("cholesky: expected a square matrix, got shape (2, 3)", &|session| {
        cholesky(&session.ones(&[2, 3])?)
    });
}

/// Of a matrix of 7 blocks a side, the first, a middle and the last.
#[test]
fn a_matrix_that_is_not_positive_definite_names_the_pivot_of_the_whole_matrix() {
    const ORDER: usize = 27;
    let eye = Array2::<f64>::eye(ORDER);
    for nodes in [1, 2, 4] {
        let builder = Session::builder().nodes(nodes).places(16).block_bytes_max(4 * 4 * 8);
        let session = builder.block_bytes_min(4 * 4 * 8).embedded().unwrap();
        for pivot in [0, 14, ORDER - 1] {
            for element in [-1.0, 0.0, f64::NEG_INFINITY] {
                let mut a = eye.clone();
                a[[pivot, pivot]] = element;
                let a = upload(&session, &a).unwrap();
                assert!(a.grid().counts()[0] > 3);
                let refused = cholesky(&a).unwrap().eval().wait().unwrap_err();
                let wanted = KernelError::NotPositiveDefinite { pivot };
                assert_eq!(refused.kernel(), Some(&wanted), "{nodes} nodes, {element} at {pivot}");
            }
        }
        // Nothing of the plans that failed is in the way.
        let l = cholesky(&upload(&session, &(eye.clone() * 4.0)).unwrap()).unwrap();
        assert_eq!(l.fetch::<f64>().wait().unwrap(), (eye.clone() * 2.0).into_dyn());
    }
}

/// Upper halves, and what is not the matrix's own type.
#[test]
fn a_cholesky_factor_reads_the_lower_half_and_meets_other_arrays() {
    let (order, l) = (23, triangle(23));
    let full = l.dot(&l.t());
    let mut lower = full.clone();
    for row in 0..order {
        (row + 1..order).for_each(|column| lower[[row, column]] = f64::NAN);
    }
    check_close("nan above", &l.clone().into_dyn(), 1e-9, &|session| {
        cholesky(&upload(session, &lower)?)
    });
    // Rows and columns that are cut in different ways.
    check_close("tall blocks", &l.clone().into_dyn(), 1e-9, &|session| {
        cholesky(&upload(session, &lower)?.rechunk(&[7, 2])?)
    });
    let holds = ndarray::arr0(true).into_dyn();
    check("back", &holds, &|session| {
        let a = upload(session, &full)?;
        let l = cholesky(&a)?;
        Ok((l.dot(&l.t()) - a).abs().less(1e-9).all())
    });
}

#[test]
fn systems_have_solutions() {
    let l = triangle(7);
    let a = l.dot(&l.t()) + Array2::<f64>::eye(7);
    let x = Array2::from_shape_fn((7, 5), |(row, column)| (row + 2 * column) as f64 - 5.5);
    let b = a.dot(&x);
    check_close("matrix", &x.clone().into_dyn(), 1e-10, &|session| {
        solve(&upload(session, &a)?, &upload(session, &b)?)
    });
    check_close("vector", &x.column(2).to_owned().into_dyn(), 1e-10, &|session| {
        solve(&upload(session, &a)?, &session.from_ndarray(&b.column(2))?)
    });
    let shift = Array2::from_shape_fn((7, 7), |(row, column)| {
        f64::from(u8::from((row + 1) % 7 == column)) * (1 << row) as f64
    });
    let inverse = shift.t().mapv(|x: f64| if x == 0.0 { 0.0 } else { 1.0 / x });
    check("inv", &inverse.into_dyn(), &|session| {
        // A zero of any sign is one.
        Ok(inv(&upload(session, &shift)?)?.abs())
    });
    check("nothing", &ArrayD::<f64>::zeros(vec![0, 0]), &|session| inv(&session.zeros(&[0, 0])?));
    check_error("solve: shapes (7, 7) and (5,) do not match", &|session| {
        solve(&upload(session, &a)?, &session.ones(&[5])?)
    });
    check_error("inv: expected a square matrix, got shape (7,)", &|session| {
        inv(&session.ones(&[7])?)
    });
}

#[test]
fn what_has_no_answer_says_so() {
    type Operation = fn(&DistArray) -> Result<DistArray, Error>;
    let singular = KernelError::Singular { pivot: 0 };
    let indefinite = KernelError::NotPositiveDefinite { pivot: 0 };
    let cases: [(&str, KernelError, Operation); 3] = [
        (
            "cholesky: the matrix is not positive definite: pivot 0 is not positive",
            indefinite,
            cholesky,
        ),
        ("inverse: the matrix is singular: pivot 0 is zero", singular.clone(), inv),
        ("solve: the matrix is singular: pivot 0 is zero", singular, |a| solve(a, a)),
    ];
    for nodes in [1, 2] {
        let session = Session::embedded(nodes).unwrap();
        for (story, error, operation) in &cases {
            let zeros = session.zeros(&[3, 3]).unwrap();
            let refused = operation(&zeros).unwrap().eval().wait().unwrap_err();
            assert_eq!(refused.kernel(), Some(error));
            // The operation and the array are named, and no block.
            let array = "(for an array of shape (3, 3) and dtype float64, on node-";
            let text = refused.to_string();
            assert!(text.starts_with(&format!("{story} {array}")), "{text}");
            // Whoever reads what follows from it hears the same, of the array that he waits for.
            let zeros = operation(&zeros).unwrap();
            let later = (&zeros + 1.0).sum().fetch::<f64>().wait().unwrap_err();
            assert_eq!(later.kernel(), Some(error));
            assert!(later.to_string().contains("an array of shape () and"), "{later}");
        }
    }
    let session = Session::embedded(2).unwrap();
    // Of several arrays it is the one that failed which is told.
    let (fine, bad) = (session.ones(&[2]).unwrap(), inv(&session.zeros(&[4, 4]).unwrap()).unwrap());
    let refused = session.eval(&[&fine, &bad]).wait().unwrap_err();
    assert!(matches!(&refused, Error::Task { shape, .. } if shape[..] == [4, 4]), "{refused}");
}

#[test]
fn factors_are_orthonormal_and_triangular() {
    // The first one has just rank 2, which shows only where Q is not orthonormal by itself.
    for (rows, columns) in [(10, 7), (29, 3), (7, 7), (1, 1), (5, 1), (3, 8), (0, 3), (3, 0)] {
        let a = Array2::from_shape_fn((rows, columns), |(row, column)| {
            ((row * 37 + column * 101) % 41) as f64 / 8.0 - 2.0
        });
        let story = format!("{rows} x {columns}");
        let both = |session: &Session| qr(&upload(session, &a)?);
        let least = rows.min(columns);
        let near =
            |x: DistArray, y: &DistArray| x.try_sub(y).map(|gap| gap.abs().less(1e-13).all());
        let holds = ndarray::arr0(true).into_dyn();
        check(&format!("{story}: Q R"), &holds, &|session| {
            let (q, r) = both(session)?;
            assert_eq!((q.shape(), r.shape()), (vec![rows, least], vec![least, columns]));
            near(q.try_matmul(&r)?, &upload(session, &a)?)
        });
        check(&format!("{story}: Q' Q"), &holds, &|session| {
            let q = both(session)?.0;
            near(q.t().try_matmul(&q)?, &session.identity(least)?)
        });
        check(&format!("{story}: below the diagonal of R"), &holds, &|session| {
            let r = both(session)?.1;
            let rows = session.arange(0, least as i64, 1)?.expand_dims(&[1])?;
            let below = session.arange(0, columns as i64, 1)?.try_less(rows)?;
            Ok(below.where_(&r, 0.0)?.equal(0.0).all())
        });
    }
    check_error(
        "qr: expected a matrix, got shape (3,)",
        &|session| Ok(qr(&session.ones(&[3])?)?.0),
    );
}

/// R of n numbers a column on two nodes: one packed triangle moves up, and one square down.
#[test]
fn a_tall_matrix_moves_triangles_alone() {
    let session = Session::builder().nodes(2).places(2).block_bytes_min(64).embedded().unwrap();
    let a = session.random(1).normal(0.0, 1.0, &[1000, 8]).unwrap();
    a.eval().wait().unwrap();
    let (q, r) = qr(&a).unwrap();
    session.eval(&[&q, &r]).wait().unwrap();
    let plans = session.plans().wait().unwrap();
    let moved: u64 = plans[1].nodes.iter().map(|(_, _, cost)| cost.bytes_in).sum();
    assert!(moved <= 8 * (8 * 9 / 2 + 8 * 8), "{moved} bytes moved");
    // Both factors came of one plan, in which nothing was factorised twice: a block, a join and a Q each.
    assert_eq!(plans.len(), 2);
    let r = r.fetch::<f64>().wait().unwrap();
    assert!(r.into_dimensionality::<ndarray::Ix2>().unwrap().diag().iter().all(|&x| x >= 0.0));
    assert_eq!(q.fetch::<f64>().wait().unwrap().len_of(Axis(0)), 1000);
}
