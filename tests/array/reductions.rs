//! Reductions of every dtype along all kinds of axes, against NumPy.

use crate::golden::{File, read};
use crate::harness::{check, check_error};
use ndarray::{ArrayD, Axis, IxDyn, array};
use nums::{DType, DistArray, Error, Session};

fn file() -> File {
    read(include_str!("../golden/reductions.json"))
}

/// NumPy's name and axes as the method that they are here.
fn reduce(name: &str, x: &DistArray, axes: &[isize]) -> Result<DistArray, Error> {
    let axis = axes.first().map_or(Axis(0), |&axis| Axis(axis as usize));
    let whole = axes.is_empty();
    macro_rules! form {
        ($all:expr, $axes:expr) => {
            if whole { $all } else { $axes }
        };
    }
    match name {
        "sum" => form!(Ok(x.sum()), x.sum_axis(axes)),
        "prod" => form!(Ok(x.prod()), x.prod_axis(axes)),
        "min" => form!(x.try_min(), x.min_axis(axes)),
        "max" => form!(x.try_max(), x.max_axis(axes)),
        "any" => form!(Ok(x.any()), x.any_axis(axes)),
        "all" => form!(Ok(x.all()), x.all_axis(axes)),
        "argmin" => form!(x.argmin(), x.argmin_axis(axis)),
        "argmax" => form!(x.argmax(), x.argmax_axis(axis)),
        "mean" => form!(Ok(x.mean()), x.mean_axis(axes)),
        "var" => form!(Ok(x.var(0)), x.var_axis(axes, 0)),
        "std" => form!(Ok(x.std(0)), x.std_axis(axes, 0)),
        "nansum" => form!(Ok(x.nansum()), x.nansum_axis(axes)),
        "nanprod" => form!(Ok(x.nanprod()), x.nanprod_axis(axes)),
        "nanmin" => form!(x.try_nanmin(), x.nanmin_axis(axes)),
        "nanmax" => form!(x.try_nanmax(), x.nanmax_axis(axes)),
        "nanmean" => form!(Ok(x.nanmean()), x.nanmean_axis(axes)),
        "nanvar" => form!(Ok(x.nanvar(0)), x.nanvar_axis(axes, 0)),
        "nanstd" => form!(Ok(x.nanstd(0)), x.nanstd_axis(axes, 0)),
        "nanargmin" => form!(x.nanargmin(), x.nanargmin_axis(axis)),
        "nanargmax" => form!(x.nanargmax(), x.nanargmax_axis(axis)),
        "count_nonzero" => form!(Ok(x.count_nonzero()), x.count_nonzero_axis(axes)),
        other => panic!("{other}"),
    }
}

#[test]
fn reductions_along_all_kinds_of_axes() {
    let file = file();
    let mut checked = 0;
    for (story, golden) in file.iter().filter(|(story, _)| !story.starts_with("input ")) {
        let (name, rest) = story.split_once(' ').unwrap();
        let (input, axes) = rest.split_once(' ').unwrap();
        let axes: Vec<isize> = axes
            .split(|letter: char| !letter.is_ascii_digit())
            .filter_map(|axis| axis.parse().ok())
            .collect();
        let input = file[&format!("input {input}")].clone().unwrap();
        // What NumPy gives as float16, and the index of an extreme where there are NaN alone, have no counterpart.
        let Some(golden) = golden else { continue };
        // Few elements: their sums are nearly exact, and products of float32 in another order differ a little.
        let error = if golden.dtype() == DType::Float32 { 4e-6 } else { 1e-14 };
        golden.check(story, error, |session| reduce(name, &input.upload(session)?, &axes));
        checked += 1;
    }
    assert!(checked > 400, "{checked}");
}

#[test]
fn axes_that_stay() {
    let x = ArrayD::from_shape_fn(IxDyn(&[4, 5]), |at| (at[0] * 5 + at[1]) as f64);
    let means = x.mean_axis(Axis(1)).unwrap().insert_axis(Axis(1));
    check("mean", &means, &|session| session.from_ndarray(&x)?.keepdims().mean_axis(&[-1]));
    check("max", &array![[19.0]].into_dyn(), &|session| {
        session.from_ndarray(&x)?.keepdims().max_axis(&[0, 1])
    });
    check("centred", &(&x - &means), &|session| {
        let x = session.from_ndarray(&x)?;
        x.try_sub(x.keepdims().mean_axis(&[1])?)
    });
    check("ddof", &array![2.5, 2.5, 2.5, 2.5].into_dyn(), &|session| {
        session.from_ndarray(&x)?.var_axis(Axis(1), 1)
    });
}

#[test]
fn no_elements() {
    let zeros = |shape: &[usize]| ArrayD::<f64>::zeros(IxDyn(shape));
    let empty = zeros(&[3, 0, 2]);
    check("sum", &zeros(&[3, 2]), &|session| session.from_ndarray(&empty)?.sum_axis(&[1]));
    check("all sum", &zeros(&[]), &|session| Ok(session.from_ndarray(&empty)?.sum()));
    check("prod", &(zeros(&[3, 2]) + 1.0), &|session| {
        session.from_ndarray(&empty)?.prod_axis(&[1])
    });
    check("mean", &(zeros(&[3, 2]) + f64::NAN), &|session| {
        session.from_ndarray(&empty)?.mean_axis(&[1])
    });
    check("max of none", &zeros(&[3, 0]), &|session| session.from_ndarray(&empty)?.max_axis(&[2]));
    check("all", &ndarray::arr0(true).into_dyn(), &|session| {
        Ok(session.from_ndarray(&empty)?.all())
    });
    check_error("min of an empty array (shape (3, 0, 2))", &|session| {
        session.from_ndarray(&empty)?.min_axis(&[1])
    });
    check_error("argmax of an empty array (shape (3, 0, 2))", &|session| {
        session.from_ndarray(&empty)?.argmax()
    });
    check_error("axis -4 is out of bounds for array of dimension 3", &|session| {
        session.from_ndarray(&empty)?.sum_axis(&[-4])
    });
    check_error("axis -3 is given twice", &|session| {
        session.from_ndarray(&empty)?.sum_axis(&[0, -3])
    });
}

#[test]
fn scans_are_those_of_one_block() {
    let x = ArrayD::from_shape_fn(IxDyn(&[7, 5, 9]), |at| (at[0] * 45 + at[1] * 9 + at[2]) as i64);
    for axis in 0..3 {
        let mut expected = x.clone();
        for mut line in expected.lanes_mut(Axis(axis)) {
            let mut sum = 0;
            line.iter_mut().for_each(|element| {
                sum += *element;
                *element = sum;
            });
        }
        check("cumsum", &expected, &|session| session.from_ndarray(&x)?.cumsum_axis(axis as isize));
    }
    let shapes = |shape: &[usize]| ArrayD::<f64>::zeros(IxDyn(shape));
    for shape in [&[0][..], &[3, 0], &[0, 3]] {
        let empty = shapes(shape);
        check("cumprod", &empty, &|session| session.from_ndarray(&empty)?.cumprod_axis(-1));
    }
    check_error("axis 1 is out of bounds for array of dimension 1", &|session| {
        session.ones(&[3])?.cumsum_axis(1)
    });
}

/// A line of k blocks on k nodes moves k - 1 edges.
#[test]
fn a_scan_moves_edges_alone() {
    let session = Session::builder().nodes(4).places(4).block_bytes_min(8).embedded().unwrap();
    let x = session.random(7).normal(0.0, 1.0, &[400, 50]).unwrap().rechunk(&[100, 50]).unwrap();
    x.eval().wait().unwrap();
    let before = session.plans().wait().unwrap().len();
    let scanned = x.cumsum_axis(0).unwrap();
    scanned.eval().wait().unwrap();
    let plans = session.plans().wait().unwrap();
    let moved: u64 = plans[before].nodes.iter().map(|(_, _, measured)| measured.bytes_in).sum();
    assert_eq!((plans.len(), moved), (before + 1, 3 * 50 * 8));
    let found = scanned.fetch::<f64>().wait().unwrap();
    let mut expected = x.fetch::<f64>().wait().unwrap();
    expected.accumulate_axis_inplace(Axis(0), |&before, own| *own += before);
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() <= 1e-12, "{found} for {expected}");
    }
}
