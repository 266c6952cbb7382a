//! Integers of every width, and casts between all dtypes, against NumPy.

use crate::golden::dtype;
use ndarray::Array1;
use nums::{DType, DistArray, Element, Error, Session};

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
            DType::Complex64 | DType::Complex128 => panic!("no integers"),
        }
    };
}

fn read<T: std::str::FromStr>(texts: &[&str]) -> Vec<T> {
    let lowered = texts.iter().map(|text| text.to_lowercase());
    lowered.map(|text| text.parse().unwrap_or_else(|_| panic!("{text}"))).collect()
}

fn array(session: &Session, dtype: DType, texts: &[&str]) -> DistArray {
    with_type!(dtype, T => session.from_ndarray(&Array1::from_vec(read::<T>(texts))).unwrap())
}

fn check<T: Element + std::str::FromStr + PartialEq + std::fmt::Debug>(
    found: &DistArray,
    texts: &[&str],
    story: &str,
) {
    let found: Vec<T> = found.fetch::<T>().wait().unwrap().into_iter().collect();
    assert_eq!(found, read::<T>(texts), "{story}");
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
        "min" => a.min()?,
        "max" => a.max()?,
        "argmin" => a.argmin()?,
        "argmax" => a.argmax()?,
        "cumsum" => a.cumsum(0)?,
        "sort" => a.sort(0)?,
        "argsort" => a.argsort(0)?,
        "any" => a.any(),
        "mean" => a.mean(),
        "matmul" => square(a)?.try_matmul(&square(b)?)?.ravel(),
        _ => panic!("nothing is called {what}"),
    })
}

#[test]
fn integers_of_every_width_compute_as_numpys() {
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
            let found = match what {
                "astype" if dtype(name).is_integer() => a.astype(output).unwrap(),
                // Negative floats have no place among unsigned integers.
                "astype" => {
                    let unsigned = output.is_integer() && line[2].starts_with('u');
                    (if unsigned { a.abs() } else { a }).astype(output).unwrap()
                }
                _ => {
                    let b = operand(name, "b").unwrap_or_else(|| a.clone());
                    compute(what, &a, &b).unwrap_or_else(|error| panic!("{story}: {error}"))
                }
            };
            assert_eq!(found.dtype(), output, "{story}");
            with_type!(output, T => check::<T>(&found, &line[3..], &story));
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
