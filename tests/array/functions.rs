//! Element-wise functions and their promotion against NumPy, on every dtype and pair of dtypes.

use crate::golden::{File, read};
use crate::harness::{check, check_error};
use ndarray::array;
use nums::{DType, DistArray, Error, Operand};

/// The relative error of functions that are not rounded exactly: four units in the last place of their dtype.
fn error(dtype: DType) -> f64 {
    if dtype == DType::Float32 { 4.0 * f64::from(f32::EPSILON) } else { 4.0 * f64::EPSILON }
}

fn file() -> File {
    read(include_str!("../golden/functions.json"))
}

fn unary(name: &str, x: &DistArray) -> Result<DistArray, Error> {
    Ok(match name {
        "negative" => return x.try_neg(),
        "sign" => return x.sign(),
        "square" => x.square(),
        "invert" => return x.try_not(),
        "absolute" => x.abs(),
        "sqrt" => x.sqrt(),
        "reciprocal" => x.reciprocal(),
        "exp" => x.exp(),
        "exp2" => x.exp2(),
        "expm1" => x.expm1(),
        "log" => x.log(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "log1p" => x.log1p(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "arcsin" => x.asin(),
        "arccos" => x.acos(),
        "arctan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "arcsinh" => x.asinh(),
        "arccosh" => x.acosh(),
        "arctanh" => x.atanh(),
        "floor" => x.floor(),
        "ceil" => x.ceil(),
        "trunc" => x.trunc(),
        "rint" => x.rint(),
        "isnan" => x.isnan(),
        "isinf" => x.isinf(),
        "isfinite" => x.isfinite(),
        "signbit" => x.signbit(),
        "logical_not" => x.logical_not(),
        other => panic!("{other}"),
    })
}

fn binary(name: &str, x: &DistArray, y: impl Into<Operand>) -> Result<DistArray, Error> {
    match name {
        "add" => x.try_add(y),
        "subtract" => x.try_sub(y),
        "multiply" => x.try_mul(y),
        "divide" => x.try_div(y),
        "floor_divide" => x.try_floor_divide(y),
        "remainder" => x.try_rem(y),
        "power" => x.try_power(y),
        "maximum" => x.try_maximum(y),
        "minimum" => x.try_minimum(y),
        "fmax" => x.try_fmax(y),
        "fmin" => x.try_fmin(y),
        "arctan2" => x.try_atan2(y),
        "hypot" => x.try_hypot(y),
        "copysign" => x.try_copysign(y),
        "logaddexp" => x.try_logaddexp(y),
        "equal" => x.try_equal(y),
        "not_equal" => x.try_not_equal(y),
        "less" => x.try_less(y),
        "less_equal" => x.try_less_equal(y),
        "greater" => x.try_greater(y),
        "greater_equal" => x.try_greater_equal(y),
        "logical_and" => x.try_logical_and(y),
        "logical_or" => x.try_logical_or(y),
        "logical_xor" => x.try_logical_xor(y),
        "bitwise_and" => x.try_bitand(y),
        "bitwise_or" => x.try_bitor(y),
        "bitwise_xor" => x.try_bitxor(y),
        "left_shift" => x.try_shl(y),
        "right_shift" => x.try_shr(y),
        other => panic!("{other}"),
    }
}

/// What the golden file leaves out of NumPy's results for bools: those of int8 and float16.
fn is_known_gap(name: &str, dtypes: &[&str]) -> bool {
    dtypes.iter().all(|dtype| *dtype == "bool") && name != "sign"
}

#[test]
fn functions_of_one_array() {
    let file = file();
    let mut checked = 0;
    for (story, golden) in &file {
        let [name, dtype] = story.split(' ').collect::<Vec<_>>()[..] else { continue };
        if ["inputs", "others"].contains(&name) || name == "reciprocal" && golden_is_integer(golden)
        {
            continue;
        }
        let input = file[&format!("inputs {dtype}")].clone().unwrap();
        match golden {
            Some(golden) => {
                let error = error(golden.dtype());
                golden.check(story, error, |session| unary(name, &input.upload(session)?));
            }
            // NumPy gives float16 or int8 for bools.
            None if is_known_gap(name, &[dtype]) => {}
            None => {
                let message = format!("{name} is not defined for {dtype}");
                check_error(&message, &|session| unary(name, &input.upload(session)?));
            }
        }
        checked += 1;
    }
    assert!(checked > 150, "{checked}");
}

/// NumPy's reciprocal of integers is an integer, which is 0 for nearly all; here it is computed in float64.
fn golden_is_integer(golden: &Option<crate::golden::Golden>) -> bool {
    golden.as_ref().is_none_or(|golden| [DType::Int32, DType::Int64].contains(&golden.dtype()))
}

#[test]
fn functions_of_two_arrays() {
    let file = file();
    let mut checked = 0;
    for (story, golden) in &file {
        let [name, left, right] = story.split(' ').collect::<Vec<_>>()[..] else { continue };
        let (x, y) = (&file[&format!("inputs {left}")], &file[&format!("others {right}")]);
        let (x, y) = (x.clone().unwrap(), y.clone().unwrap());
        let case = |session: &nums::Session| {
            let y = y.upload(session)?;
            // NumPy refuses a whole array for one negative exponent or shift, and so does the golden file.
            let counts = ["power", "left_shift", "right_shift"].contains(&name);
            let integers = [DType::Int32, DType::Int64].contains(&y.dtype());
            binary(name, &x.upload(session)?, if counts && integers { y.abs() } else { y })
        };
        match golden {
            Some(golden) => golden.check(story, error(golden.dtype()), case),
            None if is_known_gap(name, &[left, right]) => {}
            None => {
                let dtype =
                    nums::result_type(crate::golden::dtype(left), crate::golden::dtype(right));
                check_error(&format!("{name} is not defined for {dtype}"), &case);
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 29 * 25);
}

#[test]
fn numbers_on_both_sides() {
    let x = array![1_i64, -2, 3].into_dyn();
    check("x + 1", &array![2_i64, -1, 4].into_dyn(), &|session| Ok(session.from_ndarray(&x)? + 1));
    check("1 - x", &array![0_i64, 3, -2].into_dyn(), &|session| Ok(1 - session.from_ndarray(&x)?));
    check(
        "x / 2",
        &array![0.5, -1.0, 1.5].into_dyn(),
        &|session| Ok(session.from_ndarray(&x)? / 2),
    );
    check("x % 2", &array![1_i64, 0, 1].into_dyn(), &|session| Ok(session.from_ndarray(&x)? % 2));
    check("-x % 3", &array![2_i64, 2, 0].into_dyn(), &|session| Ok(-session.from_ndarray(&x)? % 3));
    check("x << 2", &array![4_i64, -8, 12].into_dyn(), &|session| {
        Ok(session.from_ndarray(&x)? << 2)
    });
    check("!x ^ 1", &array![-1_i64, 0, -3].into_dyn(), &|session| {
        Ok(!session.from_ndarray(&x)? ^ 1)
    });
    check("2.0 ** x", &array![1_f64, 4.0, 9.0].into_dyn(), &|session| {
        Ok(session.from_ndarray(&x)?.power(2.0))
    });
    let narrow = array![0.1_f32, 0.7].into_dyn();
    check("float32 * 3.0", &array![0.1_f32 * 3.0, 0.7 * 3.0].into_dyn(), &|session| {
        Ok(3.0 * session.from_ndarray(&narrow)?)
    });
}

#[test]
fn chosen_and_converted_elements() {
    let x = array![1.5, f64::NAN, -3.0, f64::INFINITY].into_dyn();
    check("where", &array![1.5, 0.0, -3.0, f64::INFINITY].into_dyn(), &|session| {
        let x = session.from_ndarray(&x)?;
        x.isnan().where_(0, &x)
    });
    check("where of numbers", &array![-1_i64, -1, 1, -1].into_dyn(), &|session| {
        session.from_ndarray(&x)?.less(0).where_(1, -1)
    });
    let scalars = array![[1_i64, 2, 3]].into_dyn();
    check("where broadcasts", &array![[1_i64, 0, 3], [0, 2, 0]].into_dyn(), &|session| {
        let condition = session.from_ndarray(&array![[true, false, true], [false, true, false]])?;
        condition.where_(session.from_ndarray(&scalars)?, 0)
    });
    check("clip", &array![1.0, f64::NAN, -2.0, 1.0].into_dyn(), &|session| {
        session.from_ndarray(&x)?.clip(-2, 1)
    });
    check("astype", &array![true, true, true, true].into_dyn(), &|session| {
        session.from_ndarray(&x)?.astype(DType::Bool)
    });
    check("int32 of float64", &array![1, i32::MIN, -3, i32::MIN].into_dyn(), &|session| {
        session.from_ndarray(&x)?.astype(DType::Int32)
    });
    check("round", &array![2.68, -0.0, 1234.57, 0.0].into_dyn(), &|session| {
        session.from_ndarray(&array![2.676, -0.001, 1234.5678, 0.005])?.round(2)
    });
}

#[test]
fn refusals_hold_their_values() {
    check_error("operands could not be broadcast together with shapes (2, 3) (2,)", &|session| {
        session.ones(&[2, 3])?.try_less(session.ones(&[2])?)
    });
    check_error("3000000000 is out of bounds for int32", &|session| {
        session.from_ndarray(&array![1_i32])?.try_add(3_000_000_000_i64)
    });
    check_error(
        "integers to negative integer powers are not allowed: the exponent is -1",
        &|session| session.from_ndarray(&array![1_i32])?.try_power(-1),
    );
    check_error("invert is not defined for float64", &|session| session.ones(&[1])?.try_not());
}

#[test]
#[should_panic(expected = "operands could not be broadcast together with shapes (2,) (3,)")]
fn operators_panic_with_both_shapes() {
    let session = nums::Session::embedded(1).unwrap();
    let _ = session.ones(&[2]).unwrap() + session.ones(&[3]).unwrap();
}

#[test]
fn comparisons_with_numbers_out_of_range_have_answers() {
    check("int32 < 3e9", &array![true, true].into_dyn(), &|session| {
        Ok(session.from_ndarray(&array![i32::MIN, i32::MAX])?.less(3_000_000_000_i64))
    });
}
