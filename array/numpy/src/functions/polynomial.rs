//! Polynomials by their coefficients, from the highest power to the constant.

use super::{
    arguments::{array_argument, int_or, to_array},
    windows::vander,
};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    value::Value,
};
use nums::{DType, DistArray, Overlap, Pad, linalg};

const TWO: &[Parameter] = &[Parameter::required("a1"), Parameter::required("a2")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "poly",
        parameters: &[Parameter::required("seq_of_zeros")],
        body: |context, arguments| {
            let zeros = array_argument(context, &arguments, "seq_of_zeros")?;
            match zeros.ndim() {
                0 => return Ok(Value::Float(1.0)),
                1 => {}
                2 => {
                    return Err(Error::unsupported(
                        "`poly` of a matrix (which needs eigenvalues) is",
                    ));
                }
                _ => {
                    let message = "input must be 1d or non-empty square 2d array.";
                    return Err(Error::new(Kind::Value, message));
                }
            }
            let zeros = match zeros.dtype() {
                dtype if dtype == DType::Bool || dtype.is_integer() => {
                    zeros.astype(DType::Float64)?
                }
                _ => zeros,
            };
            let one = context.session().full_dtype([1], 1, zeros.dtype())?;
            let product = zeros.outer_iter().try_fold(one.clone(), |product, zero| {
                let factor = nums::concatenate([&one, &zero.try_neg()?.ravel()], 0)?;
                product.convolve(&factor, Overlap::Full)
            })?;
            Ok(Value::Array(context.array(product)))
        },
    },
    Function {
        name: "polyadd",
        parameters: TWO,
        body: |context, arguments| sum(context, &arguments, DistArray::try_add),
    },
    Function {
        name: "polyder",
        parameters: &[Parameter::required("p"), Parameter::defaulted("m", "1")],
        body: |context, arguments| {
            let mut p = array_argument(context, &arguments, "p")?.ravel();
            let times = int_or(&arguments, "m", 1)?;
            if times < 0 {
                let message = "Order of derivative must be positive (see polyint)";
                return Err(Error::new(Kind::Value, message));
            }
            for _ in 0..times {
                let degree = p.size() as i64 - 1;
                let powers = context.session().arange(degree.max(0), 0, -1)?;
                let stop = Some(degree.max(0) as isize);
                let kept = p.index(&[nums::Index::Slice { start: None, stop, step: 1 }])?;
                p = kept.try_mul(&powers)?;
            }
            Ok(Value::Array(context.array(p)))
        },
    },
    Function {
        name: "polyfit",
        parameters: &[
            Parameter::required("x"),
            Parameter::required("y"),
            Parameter::required("deg"),
            Parameter::optional("rcond"),
            Parameter::defaulted("full", "False"),
            Parameter::optional("w"),
            Parameter::defaulted("cov", "False"),
        ],
        body: polyfit,
    },
    Function {
        name: "polyint",
        parameters: &[
            Parameter::required("p"),
            Parameter::defaulted("m", "1"),
            Parameter::optional("k"),
        ],
        body: |context, arguments| {
            let mut p = array_argument(context, &arguments, "p")?.ravel();
            let times = int_or(&arguments, "m", 1)?;
            if times < 0 {
                let message = "Order of integral must be positive (see polyder)";
                return Err(Error::new(Kind::Value, message));
            }
            let constants = match arguments.get("k") {
                Value::None => None,
                k => Some(to_array(context, k)?.ravel()),
            };
            for step in 0..times {
                let powers = context.session().arange(p.size() as i64, 0, -1)?;
                let risen = p.try_div(&powers)?;
                let constant = match &constants {
                    None => context.session().full_dtype([1], 0, risen.dtype())?,
                    Some(all) => {
                        let at = if all.size() == 1 { 0 } else { step as isize };
                        if all.size() < times as usize && all.size() != 1 {
                            let message = "k must be a scalar or a rank-1 array of length 1 or >m.";
                            return Err(Error::new(Kind::Value, message));
                        }
                        all.row(at).ravel().astype(risen.dtype())?
                    }
                };
                p = nums::concatenate([&risen, &constant], 0)?;
            }
            Ok(Value::Array(context.array(p)))
        },
    },
    Function {
        name: "polymul",
        parameters: TWO,
        body: |context, arguments| {
            let a = array_argument(context, &arguments, "a1")?.ravel();
            let b = array_argument(context, &arguments, "a2")?.ravel();
            Ok(Value::Array(context.array(a.convolve(&b, Overlap::Full)?)))
        },
    },
    Function {
        name: "polysub",
        parameters: TWO,
        body: |context, arguments| sum(context, &arguments, DistArray::try_sub),
    },
    Function {
        name: "polyval",
        parameters: &[Parameter::required("p"), Parameter::required("x")],
        body: |context, arguments| {
            let p = array_argument(context, &arguments, "p")?.ravel();
            let x = array_argument(context, &arguments, "x")?;
            let mut value = x.zeros_like()?;
            for coefficient in p.outer_iter() {
                value = value.try_mul(&x)?.try_add(&coefficient)?;
            }
            Ok(context.computed(value))
        },
    },
];

/// The sum of two polynomials, of which the shorter gets zeros for its higher powers.
fn sum(
    context: &Context,
    arguments: &Arguments,
    of: fn(&DistArray, DistArray) -> Result<DistArray, nums::Error>,
) -> Result<Value, Error> {
    let a = array_argument(context, arguments, "a1")?.ravel();
    let b = array_argument(context, arguments, "a2")?.ravel();
    let len = a.size().max(b.size());
    let long = |p: &DistArray| p.pad(&[(len - p.size(), 0)], Pad::Constant(false.into()));
    Ok(Value::Array(context.array(of(&long(&a)?, long(&b)?)?)))
}

/// By least squares of scaled powers, as NumPy fits.
fn polyfit(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    if arguments.get("full").truth()? || arguments.get("cov").truth()? {
        return Err(Error::unsupported("`polyfit` with full or cov is"));
    }
    if !matches!(arguments.get("rcond"), Value::None) {
        return Err(Error::unsupported("`rcond` of `polyfit` is"));
    }
    let degree = arguments.get("deg").as_int()?;
    let floats = |array: DistArray| match array.dtype().is_complex() {
        true => Err(Error::unsupported("`polyfit` of complex numbers is")),
        false => Ok(array.astype(DType::Float64)?),
    };
    let x = floats(array_argument(context, &arguments, "x")?)?;
    let y = floats(array_argument(context, &arguments, "y")?)?;
    let refused = |kind, message: &str| Err(Error::new(kind, message));
    if degree < 0 {
        return refused(Kind::Value, "expected deg >= 0");
    }
    if x.ndim() != 1 {
        return refused(Kind::Type, "expected 1D vector for x");
    }
    if x.size() == 0 {
        return refused(Kind::Type, "expected non-empty vector for x");
    }
    if !(1..=2).contains(&y.ndim()) {
        return refused(Kind::Type, "expected 1D or 2D array for y");
    }
    if x.size() != y.shape()[0] {
        return refused(Kind::Type, "expected x and y to have same length");
    }
    let mut powers = vander(context, &x, degree as usize + 1)?.flip(1)?;
    let mut right = y.clone();
    if let Some(weights) = arguments.given("w").filter(|one| !matches!(one, Value::None)) {
        let weights = floats(to_array(context, weights)?)?;
        if weights.ndim() != 1 {
            return refused(Kind::Type, "expected a 1-d array for weights");
        }
        if weights.size() != y.shape()[0] {
            return refused(Kind::Type, "expected w and y to have the same length");
        }
        let column = weights.expand_dims(1)?;
        powers = powers.try_mul(&column)?;
        right = match y.ndim() {
            1 => right.try_mul(&weights)?,
            _ => right.try_mul(&column)?,
        };
    }
    let scale = powers.square().sum_axis(0)?.sqrt();
    let solution = linalg::lstsq(&powers.try_div(&scale)?, &right)?;
    let coefficients = match y.ndim() {
        1 => solution.try_div(&scale)?,
        _ => solution.try_div(scale.expand_dims(1)?)?,
    };
    Ok(Value::Array(context.array(coefficients)))
}
