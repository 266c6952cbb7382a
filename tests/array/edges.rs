//! Arrays of no elements, of one, without axes, and of numbers that are none; and what does not fit a node.

use crate::harness::{check, check_error};
use ndarray::{ArrayD, IxDyn, arr0, arr1, array};
use nums::{ClusterError, DistArray, Error, Session};
use std::f64::consts::PI;

fn zeros(shape: &[usize]) -> ArrayD<f64> {
    ArrayD::zeros(IxDyn(shape))
}

#[test]
fn no_elements_go_through_every_operation() {
    type Case = fn(DistArray) -> Result<DistArray, Error>;
    let cases: [(&str, &[usize], Case); 14] = [
        ("x + 1", &[0, 3], |x| Ok(x + 1)),
        ("x + row", &[0, 3], |x| x.try_add(x.sum_axis(&[0])?)),
        ("exp", &[0, 3], |x| Ok(x.exp())),
        ("x.T", &[3, 0], |x| Ok(x.t())),
        ("x @ x.T", &[0, 0], |x| x.try_matmul(&x.t())),
        ("x.T @ x", &[3, 3], |x| x.t().try_matmul(&x)),
        ("x[::-1]", &[0, 3], |x| x.slice(ndarray::s![..;-1, ..])),
        ("x[:, 1]", &[0], |x| x.slice(ndarray::s![.., 1])),
        ("x.reshape(-1)", &[0], |x| Ok(x.ravel())),
        ("concatenate", &[0, 6], |x| nums::concatenate(&[&x, &x], 1)),
        ("sort", &[0, 3], |x| x.sort(0)),
        ("take", &[0, 3], |x| x.take(&[], 0)),
        ("where", &[0, 3], |x| x.equal(0).where_(1.0, &x)),
        ("x[...] = 1", &[0, 3], |x| x.assign(&[nums::Index::Ellipsis], 1)),
    ];
    for (story, shape, case) in cases {
        check(story, &zeros(shape), &|session| case(session.from_ndarray(&zeros(&[0, 3]))?));
    }
    check("x[x > 0]", &zeros(&[0]), &|session| {
        let x = session.from_ndarray(&zeros(&[0, 3]))?;
        x.compress(&x.greater(0)).wait()
    });
}

#[test]
fn one_element_with_and_without_axes() {
    for shape in [&[][..], &[1], &[1, 1, 1]] {
        let x = ArrayD::from_elem(IxDyn(shape), PI);
        let whole = |value: f64| ArrayD::from_elem(IxDyn(shape), value);
        check("x", &x, &|session| session.from_ndarray(&x));
        check("x - x", &whole(0.0), &|session| {
            let x = session.from_ndarray(&x)?;
            Ok(&x - &x)
        });
        check("x.T", &x, &|session| Ok(session.from_ndarray(&x)?.t()));
        check("sum", &arr0(PI).into_dyn(), &|session| Ok(session.from_ndarray(&x)?.sum()));
        check("var", &arr0(0.0).into_dyn(), &|session| Ok(session.from_ndarray(&x)?.var(0)));
        // NumPy: np.var of one element with ddof=1 divides by 0.
        check("var(1)", &arr0(f64::NAN).into_dyn(), &|session| {
            Ok(session.from_ndarray(&x)?.var(1))
        });
        check("argmax", &arr0(0_i64).into_dyn(), &|session| session.from_ndarray(&x)?.argmax());
        check("x[...]", &x, &|session| session.from_ndarray(&x)?.index(&[nums::Index::Ellipsis]));
        check("x[None]", &x.clone().insert_axis(ndarray::Axis(0)), &|session| {
            session.from_ndarray(&x)?.index(&[nums::Index::NewAxis])
        });
    }
    check_error("axis 0 is out of bounds for array of dimension 0", &|session| {
        session.full(&[], 1)?.sum_axis(&[0])
    });
    check_error(
        "too many indices for array: array is 0-dimensional, but 1 were indexed",
        &|session| session.full(&[], 1)?.index(&[nums::Index::At(0)]),
    );
}

/// The expected numbers are NumPy's.
#[test]
fn numbers_that_are_none_go_where_numpy_has_them() {
    const NAN: f64 = f64::NAN;
    const INF: f64 = f64::INFINITY;
    let x = array![1.0, NAN, INF, -INF, -0.0];
    type Case = fn(&DistArray) -> Result<DistArray, Error>;
    let cases: [(&str, Vec<f64>, Case); 9] = [
        ("x + x", vec![2.0, NAN, INF, -INF, -0.0], |x| Ok(x + x)),
        ("x - x", vec![0.0, NAN, NAN, NAN, 0.0], |x| Ok(x - x)),
        ("1 / x", vec![1.0, NAN, 0.0, -0.0, -INF], |x| Ok(1.0 / x)),
        ("x % 2", vec![1.0, NAN, NAN, NAN, 0.0], |x| Ok(x % 2)),
        ("maximum", vec![1.0, NAN, INF, 0.5, 0.5], |x| Ok(x.maximum(0.5))),
        ("fmax", vec![1.0, 0.5, INF, 0.5, 0.5], |x| Ok(x.fmax(0.5))),
        ("sum", vec![NAN], |x| x.keepdims().sum_axis(&[0])),
        ("nansum", vec![NAN], |x| x.keepdims().nansum_axis(&[0])),
        ("nanmax", vec![INF], |x| x.keepdims().nanmax_axis(&[0])),
    ];
    for (story, expected, case) in cases {
        check(story, &arr1(&expected).into_dyn(), &|session| case(&session.from_ndarray(&x)?));
    }
    check("argmax", &arr0(1_i64).into_dyn(), &|session| session.from_ndarray(&x)?.argmax());
    check("nanargmax", &arr0(2_i64).into_dyn(), &|session| session.from_ndarray(&x)?.nanargmax());
    check("x == x", &array![true, false, true, true, true].into_dyn(), &|session| {
        let x = session.from_ndarray(&x)?;
        x.try_equal(&x)
    });
    check("x @ x", &arr0(NAN).into_dyn(), &|session| {
        let x = session.from_ndarray(&x)?;
        x.try_matmul(&x)
    });
}

#[test]
fn more_nodes_than_blocks() {
    let session = Session::embedded(7).unwrap();
    let x = session.from_ndarray(&array![[1.0, 2.0], [3.0, 4.0]]).unwrap();
    assert_eq!(x.grid().blocks(), 1);
    let y = x.dot(&x.t()) + &x.sum_axis(&[0]).unwrap();
    assert_eq!(y.fetch::<f64>().wait().unwrap(), array![[9.0, 17.0], [15.0, 31.0]].into_dyn());
}

#[test]
fn a_plan_that_will_never_fit_is_refused_before_it_runs() {
    let session = Session::builder().nodes(2).memory_bytes(1 << 20).embedded().unwrap();
    let x = session.ones(&[1 << 20]).unwrap();
    let refused = x.eval().wait().unwrap_err();
    // Which of two equal nodes is named is the plan's to say.
    let Error::Cluster(ClusterError::ExceedsMemory { array, need_bytes, budget_bytes, .. }) =
        refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!((array, need_bytes, budget_bytes), (0, 1 << 22, 1 << 20));
    let status = session.status().wait().unwrap();
    assert!(status.iter().all(|node| (node.tasks, node.stored_bytes) == (0, 0)), "{status:?}");
    // What fits is computed all the same, and so is the sum of that array, block by block.
    assert_eq!(session.ones(&[1 << 10]).unwrap().sum().fetch::<f64>().wait().unwrap()[[]], 1024.0);
}
