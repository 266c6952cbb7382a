//! Integers of every width, complex numbers, and casts between all dtypes, against NumPy.

use crate::golden::dtype;
use ndarray::Array1;
use nums::{Complex, DType, DistArray, Element, Error, Session};

/// Made by `golden/dtypes.py`.
const GOLDEN: &str = include_str!("../golden/dtypes.txt");

/// Runs a piece of code with the Rust type of a dtype.
macro_rules! with_type {
    ($dtype:expr, $type:ident => $body:expr) => {
        match $dtype {
            DType::Bool => {
                type $type = bool;
                $body
            }
            DType::Int8 => {
                type $type = i8;
                $body
            }
            DType::Int16 => {
                type $type = i16;
                $body
            }
            DType::Int32 => {
                type $type = i32;
                $body
            }
            DType::Int64 => {
                type $type = i64;
                $body
            }
            DType::UInt8 => {
                type $type = u8;
                $body
            }
            DType::UInt16 => {
                type $type = u16;
                $body
            }
            DType::UInt32 => {
                type $type = u32;
                $body
            }
            DType::UInt64 => {
                type $type = u64;
                $body
            }
            DType::Float32 => {
                type $type = f32;
                $body
            }
            DType::Float64 => {
                type $type = f64;
                $body
            }
            DType::Complex64 => {
                type $type = Complex<f32>;
                $body
            }
            DType::Complex128 => {
                type $type = Complex<f64>;
                $body
            }
        }
    };
}

/// Elements as the golden file writes them.
trait Written: Element + PartialEq + std::fmt::Debug {
    fn read(text: &str) -> Self;
    /// Whether it is the same element; NaN is.
    fn is(self, other: Self) -> bool {
        self == other
    }
    /// Whether it is the same but for the last digits.
    fn is_near(self, other: Self) -> bool {
        self.is(other)
    }
}

macro_rules! written {
    ($($number:ty),*) => {$(
        impl Written for $number {
            fn read(text: &str) -> $number {
                text.to_lowercase().parse().unwrap_or_else(|_| panic!("{text}"))
            }
        }
    )*};
}

macro_rules! written_complex {
    ($($float:ty),*) => {$(
        impl Written for Complex<$float> {
            fn read(text: &str) -> Complex<$float> {
                let (re, im) = text.split_once(',').unwrap();
                let part = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text}"));
                Complex::new(part(re), part(im))
            }
            fn is(self, other: Self) -> bool {
                let same = |left: $float, right: $float| left == right || left.is_nan() && right.is_nan();
                same(self.re, other.re) && same(self.im, other.im)
            }
            fn is_near(self, other: Self) -> bool {
                let size = other.re.abs().max(other.im.abs()).min(<$float>::MAX);
                let close = |left: $float, right: $float| match right.is_finite() && right != 0.0 {
                    true => (left - right).abs() <= 16.0 * (<$float>::EPSILON * size + <$float>::from_bits(1)),
                    // Of zeros the sign counts too.
                    false => left.to_bits() == right.to_bits() || left.is_nan() && right.is_nan(),
                };
                close(self.re, other.re) && close(self.im, other.im)
            }
        }
    )*};
}

written!(bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64);
written_complex!(f32, f64);

fn read<T: Written>(texts: &[&str]) -> Vec<T> {
    texts.iter().map(|text| T::read(text)).collect()
}

fn array(session: &Session, dtype: DType, texts: &[&str]) -> DistArray {
    with_type!(dtype, T => session.from_ndarray(&Array1::from_vec(read::<T>(texts))).unwrap())
}

fn check<T: Written>(found: &DistArray, texts: &[&str], near: bool, story: &str) {
    let found: Vec<T> = found.fetch::<T>().wait().unwrap().into_iter().collect();
    let expected = read::<T>(texts);
    let same = found.len() == expected.len()
        && found.iter().zip(&expected).all(|(&found, &expected)| {
            if near { found.is_near(expected) } else { found.is(expected) }
        });
    assert!(same, "{story}: {found:?} instead of {expected:?}");
}

fn compute(what: &str, a: &DistArray, b: &DistArray) -> Result<DistArray, Error> {
    let square = |x: &DistArray| x.reshape(&[4, 4]);
    Ok(match what {
        "a" => a.clone(),
        "b" => b.clone(),
        "add" => a.try_add(b)?,
        "subtract" => a.try_sub(b)?,
        "multiply" => a.try_mul(b)?,
        "floor_divide" => a.floor_divide(b),
        "remainder" => a.try_rem(b)?,
        "maximum" => a.maximum(b),
        "minimum" => a.minimum(b),
        "bitwise_and" => a.try_bitand(b)?,
        "bitwise_or" => a.try_bitor(b)?,
        "bitwise_xor" => a.try_bitxor(b)?,
        "left_shift" => a.try_shl(b)?,
        "right_shift" => a.try_shr(b)?,
        "equal" => a.equal(b),
        "not_equal" => a.not_equal(b),
        "less_equal" => a.less_equal(b),
        "greater" => a.greater(b),
        "logical_or" => a.logical_or(b),
        "logical_xor" => a.logical_xor(b),
        "divide" => a / b,
        "conjugate" => a.conj(),
        "real" => a.real(),
        "imag" => a.imag()?,
        "isnan" => a.isnan(),
        "isfinite" => a.isfinite(),
        "all" => a.all(),
        "count_nonzero" => a.count_nonzero(),
        "nanmin" => a.try_nanmin()?,
        "nanmax" => a.try_nanmax()?,
        "nansum" => a.nansum(),
        "cube" => a.power(3),
        "small_prod" => a.slice(ndarray::s![1..5])?.prod(),
        "searchsorted" => a.sort(0)?.searchsorted(b, false)?,
        "less" => a.less(b),
        "greater_equal" => a.greater_equal(b),
        "logical_and" => a.logical_and(b),
        "negative" => a.try_neg()?,
        "absolute" => a.abs(),
        "sign" => a.sign()?,
        "square" => a.square(),
        "invert" => a.try_not()?,
        "logical_not" => a.logical_not(),
        "power" => a.power(b.try_bitand(3)?),
        "sum" => a.sum(),
        "prod" => a.prod(),
        "min" => a.try_min()?,
        "max" => a.try_max()?,
        "argmin" => a.argmin()?,
        "argmax" => a.argmax()?,
        "cumsum" => a.cumsum_axis(0)?,
        "sort" => a.sort(0)?,
        "argsort" => a.argsort(0)?,
        "any" => a.any(),
        "mean" => a.mean(),
        "sqrt" => a.sqrt(),
        "exp" => a.exp(),
        "exp2" => a.exp2(),
        "expm1" => a.expm1(),
        "log" => a.log(),
        "log2" => a.log2(),
        "log10" => a.log10(),
        "log1p" => a.log1p(),
        "sin" => a.sin(),
        "cos" => a.cos(),
        "tan" => a.tan(),
        "sinh" => a.sinh(),
        "cosh" => a.cosh(),
        "tanh" => a.tanh(),
        "arcsin" => a.asin(),
        "arccos" => a.acos(),
        "arctan" => a.atan(),
        "arcsinh" => a.asinh(),
        "arccosh" => a.acosh(),
        "arctanh" => a.atanh(),
        "rint" => a.rint(),
        "round" => a.round(1)?,
        "round_to_tens" => a.round(-1)?,
        "matmul" => square(a)?.try_matmul(&square(b)?)?.ravel(),
        _ => panic!("nothing is called {what}"),
    })
}

#[test]
fn integers_and_complex_numbers_compute_as_numpys() {
    let tiny = Session::builder().nodes(3).places(16).block_bytes_min(24).block_bytes_max(24);
    for session in [Session::embedded(1).unwrap(), tiny.embedded().unwrap()] {
        let lines: Vec<Vec<&str>> = GOLDEN.lines().map(|line| line.split(' ').collect()).collect();
        let operand = |name: &str, which: &str| {
            let line = lines.iter().find(|line| line[0] == name && line[1] == which);
            line.map(|line| array(&session, dtype(name), &line[3..]))
        };
        for line in &lines {
            let (name, what, output) = (line[0], line[1], dtype(line[2]));
            let a = operand(name, "a").unwrap();
            let story = format!("{what} of {name}");
            let near = what.strip_prefix("near_");
            let found = match near.unwrap_or(what) {
                "c" | "nan" => operand(name, what).unwrap(),
                "astype" if dtype(name).is_integer() => a.astype(output).unwrap(),
                // Negative floats have no place among unsigned integers.
                "astype" => {
                    let unsigned = output.is_integer() && line[2].starts_with('u');
                    (if unsigned { a.real().abs() } else { a }).astype(output).unwrap()
                }
                what => {
                    let (what, a) = match what.strip_prefix("nan_") {
                        Some(what) => (what, operand(name, "nan").unwrap()),
                        None => (what, a.clone()),
                    };
                    let second = if what == "divide" { "c" } else { "b" };
                    let b = operand(name, second).unwrap_or_else(|| a.clone());
                    compute(what, &a, &b).unwrap_or_else(|error| panic!("{story}: {error}"))
                }
            };
            assert_eq!(found.dtype(), output, "{story}");
            with_type!(output, T => check::<T>(&found, &line[3..], near.is_some(), &story));
        }
    }
}

#[test]
fn numbers_beside_integers_are_weak() {
    let session = Session::embedded(2).unwrap();
    let x = session.from_ndarray(&ndarray::arr1(&[1_u8, 200])).unwrap();
    assert_eq!((&x + 100).fetch::<u8>().wait().unwrap(), ndarray::arr1(&[101, 44]).into_dyn());
    let refused = x.try_add(256).unwrap_err().to_string();
    assert!(refused.contains("256") && refused.contains("uint8"), "{refused}");
    assert_eq!((&x * 0.5).dtype(), DType::Float64);
    let filled = session.full_dtype(&[2], 7, DType::UInt64).unwrap();
    assert_eq!(x.try_add(&filled).unwrap().dtype(), DType::UInt64);
    assert_eq!(
        session.zeros_dtype(&[2], DType::Int8).unwrap().fetch::<i8>().wait().unwrap()[[1]],
        0
    );
}

#[test]
fn functions_of_floats_take_integers_to_the_floats_of_numpy() {
    let session = Session::embedded(1).unwrap();
    for (dtype, of_sqrt) in [
        (DType::Int16, DType::Float32),
        (DType::UInt16, DType::Float32),
        (DType::Int32, DType::Float64),
        (DType::UInt64, DType::Float64),
    ] {
        let four = session.full_dtype(&[2], 4, dtype).unwrap();
        assert_eq!((four.sqrt().dtype(), (&four / &four).dtype()), (of_sqrt, DType::Float64));
        assert_eq!(
            four.sqrt().sum().astype(DType::Int64).unwrap().fetch::<i64>().wait().unwrap()[[]],
            4
        );
    }
}

#[test]
fn moments_of_complex_numbers_are_those_of_their_parts() {
    let session = Session::builder().nodes(2).block_bytes_max(32).embedded().unwrap();
    let numbers = [(1.0, 2.0), (-3.0, 0.5), (0.0, -1.0), (2.0, 2.0)];
    let numbers = numbers.map(|(re, im)| Complex::new(re, im));
    let x = session.from_ndarray(&ndarray::arr1(&numbers)).unwrap();
    let value = |x: DistArray| x.fetch::<f64>().wait().unwrap()[[]];
    // NumPy: np.var, np.std(ddof=1), np.linalg.norm.
    assert_eq!(value(x.var(0)), 5.046875);
    assert!((value(x.std(1)) - 2.5940637360455634).abs() < 1e-15);
    assert!((value(x.norm()) - 4.8218253804964775).abs() < 1e-15);
    let scaled = (&x * Complex::new(0.0, 1.0)).fetch::<Complex<f64>>().wait().unwrap();
    assert_eq!(scaled[[0]], Complex::new(-2.0, 1.0));
    let powers = x.power(Complex::new(0.5, 0.0)).fetch::<Complex<f64>>().wait().unwrap();
    assert!((powers[[0]] - Complex::new(1.272019649514069, 0.7861513777574233)).norm() < 1e-15);
    assert_eq!(x.astype(DType::Complex64).unwrap().try_add(1.0).unwrap().dtype(), DType::Complex64);
    let single = session.ones_dtype(&[2], DType::Float32).unwrap();
    assert_eq!((&single * Complex::new(1.0, 1.0)).dtype(), DType::Complex64);
    assert!(session.arange(Complex::new(0.0, 1.0), 3, 1).is_err());
}

#[test]
fn functions_of_bools_that_numpy_computes_in_int8_are() {
    let session = Session::embedded(2).unwrap();
    let x = session.from_ndarray(&ndarray::arr1(&[true, false])).unwrap();
    let one = session.from_ndarray(&ndarray::arr1(&[true, true])).unwrap();
    for (result, expected) in [
        (x.square(), [1, 0]),
        (x.try_floor_divide(&one).unwrap(), [1, 0]),
        (x.try_rem(&one).unwrap(), [0, 0]),
        (x.try_power(&one).unwrap(), [1, 0]),
        (x.try_shl(&one).unwrap(), [2, 0]),
        (x.try_shr(&one).unwrap(), [0, 0]),
    ] {
        assert_eq!(result.fetch::<i8>().wait().unwrap().as_slice(), Some(&expected[..]));
    }
}

#[test]
fn integers_of_uint64_are_counted_and_filled_in() {
    let session = Session::embedded(2).unwrap();
    let high = 1_u64 << 63;
    let x = session.arange(high, high + 5, 2_u64).unwrap();
    let expected = [high, high + 2, high + 4];
    assert_eq!(x.fetch::<u64>().wait().unwrap().as_slice(), Some(&expected[..]));
    let full = session.full(&[2], u64::MAX).unwrap();
    assert_eq!(full.fetch::<u64>().wait().unwrap().as_slice(), Some(&[u64::MAX; 2][..]));
    assert!(session.arange(0, 3, 1).unwrap().try_add(high).is_err());
    assert!(session.arange(-1, high, 1).is_err());
}

#[test]
fn what_complex_numbers_do_not_have_is_refused() {
    let session = Session::embedded(2).unwrap();
    let x = session.full(&[3, 3], Complex::new(1.0, 2.0)).unwrap();
    let y = session.arange(0.0, 3.0, 1.0).unwrap().greater(0.5).astype(DType::Float64).unwrap();
    let refusals = [
        nums::linalg::cholesky(&x).err(),
        nums::linalg::inv(&x).err(),
        nums::linalg::solve(&x, &y).err(),
        nums::linalg::qr(&x).err(),
        nums::linalg::qr_r(&x).err(),
        nums::preprocessing::StandardScaler::new().fit(&x).wait().err(),
        nums::models::LinearRegression::new().fit(&x, &y).wait().err(),
        nums::models::LogisticRegression::new().fit(&x, &y).wait().err(),
        nums::metrics::r2(&x.index(&[nums::Index::At(0)]).unwrap(), &y).wait().err(),
        x.try_rem(2.0).err(),
        x.try_atan2(&y).err(),
        x.try_hypot(1.0).err(),
        x.try_bitand(1).err(),
    ];
    for (index, refusal) in refusals.into_iter().enumerate() {
        let message = refusal.map(|error| error.to_string()).unwrap_or_default();
        assert!(message.contains("complex128"), "refusal {index}: {message}");
    }
}
