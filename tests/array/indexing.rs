//! Parts of arrays.

use crate::harness::{check, check_error};
use ndarray::{Array2, ArrayD, IxDyn, array, s};
use nums::{Index, Session};

fn local() -> Array2<i64> {
    Array2::from_shape_vec((10, 7), (0..70).collect()).unwrap()
}

#[test]
fn slices_of_ndarray() {
    let x = local();
    macro_rules! same {
        ($($index:tt)*) => {
            check(stringify!($($index)*), &x.slice(s![$($index)*]).to_owned().into_dyn(), &|session| {
                session.from_ndarray(&x)?.slice(s![$($index)*])
            });
        };
    }
    same!(3, 4);
    same!(.., 2);
    same!(-1, ..;-1);
    same!(1..9;3, -4..;2);
    same!(ndarray::NewAxis, .., 1..2);
    same!(5..5, ..);
    same!(..;-4, ..;-2);
    check("rows", &x.slice(s![2..4, ..]).to_owned().into_dyn(), &|session| {
        session.from_ndarray(&x)?.slice(s![2..4])
    });
    check_error("index 11 is out of bounds for axis 0 with size 10", &|session| {
        session.from_ndarray(&x)?.slice(s![2..11, ..])
    });
    check_error(
        "too many indices for array: array is 2-dimensional, but 3 were indexed",
        &|session| session.from_ndarray(&x)?.slice(s![0, 0, 0]),
    );
}

#[test]
fn slices_of_python() {
    let x = local();
    let slice = |start, stop, step| Index::Slice { start, stop, step };
    // NumPy: x[-2:-100:-3, 1]
    check("x[-2:-100:-3, 1]", &array![57_i64, 36, 15].into_dyn(), &|session| {
        session.from_ndarray(&x)?.index(&[slice(Some(-2), Some(-100), -3), Index::At(1)])
    });
    // NumPy: x[..., None, -1]
    let last = x.slice(s![.., ndarray::NewAxis, -1]).to_owned().into_dyn();
    check("x[..., None, -1]", &last, &|session| {
        session.from_ndarray(&x)?.index(&[Index::Ellipsis, Index::NewAxis, Index::At(-1)])
    });
    check("x[20:]", &ArrayD::<i64>::zeros(IxDyn(&[0, 7])), &|session| {
        session.from_ndarray(&x)?.index(&[slice(Some(20), None, 1)])
    });
    check_error("slice step cannot be zero", &|session| {
        session.from_ndarray(&x)?.index(&[slice(None, None, 0)])
    });
    check_error("index -11 is out of bounds for axis 0 with size 10", &|session| {
        session.from_ndarray(&x)?.index(&[Index::At(-11)])
    });
    check_error("an index can only have a single ellipsis ('...')", &|session| {
        session.from_ndarray(&x)?.index(&[Index::Ellipsis, Index::Ellipsis])
    });
}

/// Arrays of 8 GB, of which a few elements are looked at: these are made, and nothing else is.
#[test]
fn a_slice_of_a_formula_makes_its_elements_alone() {
    let session = Session::embedded(2).unwrap();
    let peak = |session: &Session| {
        let plans = session.plans().wait().unwrap();
        let costs = plans[plans.len() - 1].nodes.iter().map(|(_, _, cost)| cost.peak_bytes);
        costs.sum::<u64>()
    };
    const LEN: usize = 1_000_000_000;
    let x = session.arange(0, LEN as i64, 1).unwrap();
    let six = x.slice(s![-6..]).unwrap().fetch::<i64>().wait().unwrap();
    let last = LEN as i64;
    assert_eq!(six, ndarray::Array1::from_iter(last - 6..last).into_dyn());
    assert!(peak(&session) <= 2 * 6 * 8, "{}", peak(&session));
    let apart = x.slice(s![..;-200_000_000]).unwrap().fetch::<i64>().wait().unwrap();
    assert_eq!(
        apart,
        ndarray::Array1::from_iter((1..6).rev().map(|i| i * 200_000_000 - 1)).into_dyn()
    );
    assert!(peak(&session) <= 2 * 5 * 8, "{}", peak(&session));

    let rows = x.reshape(&[31_250, 32_000]).unwrap();
    let corner = rows.slice(s![-2..;-1, 31_998..]).unwrap().fetch::<i64>().wait().unwrap();
    assert_eq!(corner, array![[last - 2, last - 1], [last - 32_002, last - 32_001]].into_dyn());
    let number = rows.index(&[Index::At(1), Index::At(-1)]).unwrap().fetch::<i64>().wait().unwrap();
    assert_eq!(number[[]], 63_999);
    assert!(peak(&session) <= 2 * 8, "{}", peak(&session));

    let full = session.full(&[LEN], 7).unwrap().slice(s![5..9]).unwrap().fetch::<i64>();
    assert_eq!(full.wait().unwrap(), array![7_i64, 7, 7, 7].into_dyn());
    assert!(peak(&session) <= 4 * 8, "{}", peak(&session));
    // The same elements as those of a short array of the same stream.
    let random = |len| session.random(7).normal(0.0, 1.0, &[len]).unwrap();
    let few = random(9).slice(s![3..7]).unwrap().fetch::<f64>().wait().unwrap();
    let of_many = random(LEN).slice(s![3..7]).unwrap().fetch::<f64>().wait().unwrap();
    assert_eq!(few, of_many);
    assert!(peak(&session) <= 4 * 8, "{}", peak(&session));

    let ends = nums::concatenate(&[&x.slice(s![..2]).unwrap(), &x.slice(s![-1..]).unwrap()], 0);
    let ends = ends.unwrap().fetch::<i64>().wait().unwrap();
    assert_eq!(ends, array![0, 1, last - 1].into_dyn());
    let stored: u64 = session.status().wait().unwrap().iter().map(|node| node.stored_bytes).sum();
    assert_eq!(stored, 0, "what was looked at is let go");
}

/// A slice of a formula is what the same slice of the whole array is.
#[test]
fn slices_of_formulas_are_those_of_arrays() {
    let x = local();
    let formula = |session: &Session| session.arange(0, 70, 1)?.reshape(&[10, 7]);
    macro_rules! same {
        ($($index:tt)*) => {
            check(stringify!($($index)*), &x.slice(s![$($index)*]).to_owned().into_dyn(), &|session| {
                formula(session)?.slice(s![$($index)*])
            });
        };
    }
    same!(3, 4);
    same!(.., 2);
    same!(1..9;3, -4..;2);
    same!(ndarray::NewAxis, 2..5, 1..2);
    same!(5..5, ..);
    same!(..;-4, ..;-2);
    check("with the whole", &(&x + &x.slice(s![..1, ..])).into_dyn(), &|session| {
        let x = formula(session)?;
        x.try_add(x.slice(s![..1, ..])?)
    });
}
