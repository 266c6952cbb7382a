//! Arrays from formulas and random numbers.

use crate::harness::{check, check_error};
use ndarray::{Array, Array2, ArrayD, IxDyn, array};
use nums::{DType, Session};

#[test]
fn ranges() {
    // NumPy: np.arange(0.1, 1.0, 0.3), np.arange(10, -5, -4), np.arange(3, 3)
    check("floats", &array![0.1, 0.4, 0.7000000000000001].into_dyn(), &|session| {
        session.arange(0.1, 1.0, 0.3)
    });
    check("integers", &array![10_i64, 6, 2, -2].into_dyn(), &|session| session.arange(10, -5, -4));
    check("none", &ArrayD::<i64>::zeros(IxDyn(&[0])), &|session| session.arange(3, 3, 1));
    check("the last integers", &array![i64::MAX - 2, i64::MAX - 1].into_dyn(), &|session| {
        session.arange(i64::MAX - 2, i64::MAX, 1)
    });
    check("linspace", &array![0.0, 0.25, 0.5, 0.75].into_dyn(), &|session| {
        session.linspace(0.0, 1.0, 4, false)
    });
    check("reshaped", &array![[0.0, 0.25], [0.5, 0.75]].into_dyn(), &|session| {
        session.linspace(0.0, 1.0, 4, false)?.reshape(&[2, 2])
    });
    check_error("arange: cannot compute the length of 0..5 with step 0", &|session| {
        session.arange(0, 5, 0)
    });
}

#[test]
fn one_number_everywhere() {
    check("full", &Array::from_elem((10, 7), true).into_dyn(), &|session| {
        session.full(&[10, 7], true)
    });
    check("float32", &Array::from_elem((10, 7), 0.1_f32).into_dyn(), &|session| {
        session.full_dtype(&[10, 7], 0.1, DType::Float32)
    });
    check("like", &Array::from_elem((10, 7), 3_i32).into_dyn(), &|session| {
        session.full_dtype(&[10, 7], 0, DType::Int32)?.full_like(3)
    });
    check("empty", &ArrayD::<f64>::zeros(IxDyn(&[3, 2])), &|session| session.empty(&[3, 2]));
    check("ones of bool", &Array::from_elem(4, true).into_dyn(), &|session| {
        session.ones_dtype(&[4], DType::Bool)
    });
    check("like of int32", &Array::from_elem((10, 7), 0_i32).into_dyn(), &|session| {
        let x = session.full(&[10, 7], 1.5)?;
        assert_eq!(x.empty_like()?.dtype(), DType::Float64);
        x.zeros_like_dtype(DType::Int32)
    });
    let eye = Array2::from_shape_fn((5, 7), |(row, column)| f64::from(u8::from(row == column + 2)));
    check("eye", &eye.into_dyn(), &|session| session.eye(5, 7, -2));
    check("identity", &Array2::<f64>::eye(6).into_dyn(), &|session| session.identity(6));
    check_error(
        "an array of shape [18446744073709551615, 2] is too large to address",
        &|session| session.zeros(&[usize::MAX, 2]),
    );
    check_error("1.5 is out of bounds for int32", &|session| {
        session.full_dtype(&[], 1.5, DType::Int32)
    });
    check_error("arange is not defined for complex128", &|session| {
        session.arange(0.0, nums::Complex::new(1.0, 1.0), 1.0)
    });
}

#[test]
fn random_numbers() {
    // NumPy: np.random.Generator(np.random.Philox(key=7)).random(5)
    let expected = PHILOX_KEY_7;
    check("random", &ndarray::arr1(&expected).into_dyn(), &|session| {
        session.random(7).random(&[5])
    });
    // All cuts give the same elements: the local array is that of one session with one block.
    let local = |build: &dyn Fn(&Session) -> nums::DistArray| {
        build(&Session::embedded(1).unwrap()).fetch::<f64>().wait().unwrap()
    };
    let normal = |session: &Session| session.random(3).normal(1.0, 2.0, &[10, 7]).unwrap();
    check("normal", &local(&normal), &|session| Ok(normal(session)));
    check("streams", &array![false].into_dyn(), &|session| {
        let random = session.random(1);
        let (x, y) = (random.random(&[9])?, random.random(&[9])?);
        x.equal(&y).any().reshape(&[1])
    });
    let sorted = Array::from_iter(0..50_i64).into_dyn();
    check("permutation", &sorted, &|session| session.random(1).permutation(50)?.sort(0));
    check("shuffle", &sorted, &|session| {
        session.random(1).shuffle(&session.arange(0, 50, 1)?)?.sort(0)
    });
    check("integers", &array![-2_i64, 2].into_dyn(), &|session| {
        let x = session.random(1).integers(-2, 3, &[500])?;
        nums::stack(&[&x.try_min()?, &x.try_max()?], 0)
    });
    check_error("expected low < high, got the empty range 3..3", &|session| {
        session.random(1).integers(3, 3, &[1])
    });
}

const PHILOX_KEY_7: [f64; 5] = [
    0.8720734548204873,
    0.29536538151378355,
    0.4200976785072422,
    0.4053922457839946,
    0.0828426870273763,
];
