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

/// An array of 8 GB, of which three elements are looked at.
#[test]
fn a_slice_of_a_formula_makes_only_the_blocks_that_it_reads() {
    let session = Session::builder().nodes(2).block_bytes_max(1 << 20).embedded().unwrap();
    let x = session.arange(0.0, 1e9, 1.0).unwrap();
    let ends = nums::concatenate(&[&x.slice(s![..2]).unwrap(), &x.slice(s![-1..]).unwrap()], 0);
    let ends = ends.unwrap().fetch::<f64>().wait().unwrap();
    assert_eq!(ends, array![0.0, 1.0, 999_999_999.0].into_dyn());
    let stored: u64 = session.status().wait().unwrap().iter().map(|node| node.stored_bytes).sum();
    assert!(stored <= 3 * 8 * 3, "{stored} bytes are kept");
}
