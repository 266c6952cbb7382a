//! Products: `matmul`, `dot`, `einsum` and their kin, and `numpy.linalg`.

use super::arguments::{array_argument, axes_argument, axis_of, int_arguments};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    operators,
    value::Value,
    wording::shape_text,
};
use nums::DistArray;

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "dot",
        parameters: &[Parameter::required("a"), Parameter::required("b")],
        body: dot,
    },
    Function {
        name: "inner",
        parameters: &[Parameter::positional("a"), Parameter::positional("b")],
        body: |context, arguments| {
            let left = array_argument(context, &arguments, "a")?;
            let right = array_argument(context, &arguments, "b")?;
            if left.ndim() == 0 || right.ndim() == 0 {
                return Ok(context.computed(left.try_mul(&right)?));
            }
            let (own, others) = (left.shape(), right.shape());
            if own.last() != others.last() {
                let (first, second) = (own.len() - 1, others.len() - 1);
                let message = format!(
                    "shapes {} and {} not aligned: {} (dim {first}) != {} (dim {second})",
                    shape_text(&own),
                    shape_text(&others),
                    own[first],
                    others[second]
                );
                return Err(Error::new(Kind::Value, message));
            }
            if left.ndim() == 1 && right.ndim() == 1 {
                return dot(context, arguments);
            }
            let last = |array: &DistArray| vec![array.ndim() as isize - 1];
            Ok(context.computed(tensordot(&left, &right, (last(&left), last(&right)))?))
        },
    },
    Function {
        name: "matmul",
        parameters: &[Parameter::positional("a"), Parameter::positional("b")],
        body: matmul,
    },
    Function {
        name: "outer",
        parameters: &[Parameter::required("a"), Parameter::required("b")],
        body: |context, arguments| {
            let left = array_argument(context, &arguments, "a")?;
            let right = array_argument(context, &arguments, "b")?;
            Ok(context.computed(left.outer(&right)?))
        },
    },
    Function {
        name: "tensordot",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("b"),
            Parameter::optional("axes"),
        ],
        body: |context, arguments| {
            let left = array_argument(context, &arguments, "a")?;
            let right = array_argument(context, &arguments, "b")?;
            let pairs = match arguments.given("axes") {
                None => last_and_first(&left, 2),
                Some(Value::Int(count)) => {
                    last_and_first(&left, usize::try_from(*count).unwrap_or(0))
                }
                Some(pairs) => {
                    let [own, others] = pairs.items()?.try_into().map_err(|_| {
                        Error::new(Kind::Value, "too many values to unpack (expected 2)")
                    })?;
                    (int_arguments(&own)?, int_arguments(&others)?)
                }
            };
            let product = tensordot(&left, &right, pairs)?;
            // NumPy gives an array also when no axis is left.
            Ok(Value::Array(context.array(product)))
        },
    },
];

/// The functions of `numpy.linalg`.
pub(super) static LINALG: &[Function] = &[
    Function {
        name: "matmul",
        parameters: &[Parameter::positional("x1"), Parameter::positional("x2")],
        body: |context, arguments| {
            let given = vec![arguments.get("x1").clone(), arguments.get("x2").clone()];
            crate::call(context, "numpy", "matmul", given, Vec::new())
        },
    },
    Function {
        name: "outer",
        parameters: &[Parameter::positional("x1"), Parameter::positional("x2")],
        body: |context, arguments| {
            let left = array_argument(context, &arguments, "x1")?;
            let right = array_argument(context, &arguments, "x2")?;
            if left.ndim() != 1 || right.ndim() != 1 {
                let message = format!(
                    "Input arrays must be one-dimensional, but they are x1.ndim={} and x2.ndim={}.",
                    left.ndim(),
                    right.ndim()
                );
                return Err(Error::new(Kind::Value, message));
            }
            Ok(context.computed(left.outer(&right)?))
        },
    },
    Function {
        name: "tensordot",
        parameters: &[
            Parameter::positional("x1"),
            Parameter::positional("x2"),
            Parameter::keyword_defaulted("axes", "2"),
        ],
        body: |context, arguments| {
            let mut given = vec![arguments.get("x1").clone(), arguments.get("x2").clone()];
            given.extend(arguments.given("axes").cloned());
            crate::call(context, "numpy", "tensordot", given, Vec::new())
        },
    },
    Function {
        name: "cholesky",
        parameters: &[Parameter::required("a")],
        body: |context, arguments| {
            let a = array_argument(context, &arguments, "a")?;
            Ok(context.computed(nums::linalg::cholesky(&a)?))
        },
    },
    Function {
        name: "inv",
        parameters: &[Parameter::required("a")],
        body: |context, arguments| {
            let a = array_argument(context, &arguments, "a")?;
            Ok(context.computed(nums::linalg::inv(&a)?))
        },
    },
    Function {
        name: "norm",
        parameters: &[
            Parameter::required("x"),
            Parameter::optional("ord"),
            Parameter::optional("axis"),
            Parameter::optional("keepdims"),
        ],
        body: norm,
    },
    Function {
        name: "qr",
        parameters: &[Parameter::required("a")],
        body: |context, arguments| {
            let a = array_argument(context, &arguments, "a")?;
            let (q, r) = nums::linalg::qr(&a)?;
            Ok(Value::tuple([context.computed(q), context.computed(r)]))
        },
    },
    Function {
        name: "solve",
        parameters: &[Parameter::required("a"), Parameter::required("b")],
        body: |context, arguments| {
            let a = array_argument(context, &arguments, "a")?;
            let b = array_argument(context, &arguments, "b")?;
            if b.ndim() > 2 {
                return Err(Error::unsupported("`solve` of a stack of right sides is"));
            }
            Ok(context.computed(nums::linalg::solve(&a, &b)?))
        },
    },
];

pub(super) static METHODS: &[Function] = &[Function {
    name: "dot",
    parameters: &[Parameter::positional("a"), Parameter::required("b")],
    body: dot,
}];

/// The last axes of one array and the first ones of another, in order.
fn last_and_first(left: &DistArray, count: usize) -> (Vec<isize>, Vec<isize>) {
    let count = count as isize;
    let ndim = left.ndim() as isize;
    ((ndim - count..ndim).collect(), (0..count).collect())
}

/// The sum of products over pairs of axes: those that are left of the first array, then those of the second.
fn tensordot(
    left: &DistArray,
    right: &DistArray,
    (own, others): (Vec<isize>, Vec<isize>),
) -> Result<DistArray, Error> {
    let misfit = || Error::new(Kind::Value, "shape-mismatch for sum");
    if own.len() != others.len() {
        return Err(misfit());
    }
    let on = |array: &DistArray, axes: Vec<isize>| {
        let ndim = array.ndim();
        axes.into_iter().map(|axis| axis_of(axis, ndim)).collect::<Result<Vec<_>, _>>()
    };
    let too_few = own.len() > left.ndim() || own.len() > right.ndim();
    let (own, others) = match too_few {
        true => return Err(misfit()),
        false => (on(left, own)?, on(right, others)?),
    };
    let lengths =
        own.iter().zip(&others).all(|(&own, &other)| left.shape()[own] == right.shape()[other]);
    if !lengths {
        return Err(misfit());
    }
    // Letters of einsum: those of the first array, and new ones for what only the second has.
    let letter = |number: usize| {
        let mut letters = ('a'..='z').chain('A'..='Z');
        letters.nth(number).ok_or_else(|| Error::unsupported("so many axes are"))
    };
    let (mut first, mut second, mut rest) = (String::new(), String::new(), String::new());
    for axis in 0..left.ndim() {
        first.push(letter(axis)?);
        if !own.contains(&axis) {
            rest.push(letter(axis)?);
        }
    }
    for axis in 0..right.ndim() {
        match others.iter().position(|&other| other == axis) {
            Some(pair) => second.push(letter(own[pair])?),
            None => {
                second.push(letter(left.ndim() + axis)?);
                rest.push(letter(left.ndim() + axis)?);
            }
        }
    }
    let dtype = nums::result_type(left.dtype(), right.dtype());
    let (left, right) = (left.astype(dtype)?, right.astype(dtype)?);
    Ok(nums::einsum(&format!("{first},{second}->{rest}"), &[&left, &right])?)
}

fn matmul(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let left = array_argument(context, &arguments, "a")?;
    let right = array_argument(context, &arguments, "b")?;
    Ok(context.computed(operators::matmul(&left, &right)?))
}

/// `dot` is a product with a number, or else sums over the last axis of `a` and the last but one of `b`.
fn dot(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let left = array_argument(context, &arguments, "a")?;
    let right = array_argument(context, &arguments, "b")?;
    let (left_shape, right_shape) = (left.shape(), right.shape());
    if left_shape.is_empty() || right_shape.is_empty() {
        return Ok(context.computed(left.try_mul(&right)?));
    }
    let axis = right_shape.len().saturating_sub(2);
    let (inner, outer) = (left_shape[left_shape.len() - 1], right_shape[axis]);
    if inner != outer {
        let message = format!(
            "shapes {} and {} not aligned: {inner} (dim {}) != {outer} (dim {axis})",
            shape_text(&left_shape),
            shape_text(&right_shape),
            left_shape.len() - 1
        );
        return Err(Error::new(Kind::Value, message));
    }
    Ok(context.computed(left.try_dot(&right)?))
}

/// The root of the sum of squares, of all elements or along axes.
fn norm(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_argument(context, &arguments, "x")?;
    let axes = axes_argument(arguments.get("axis"), array.ndim())?;
    match arguments.get("ord") {
        Value::None => {}
        Value::Int(2) if axes.len() == 1 => {}
        Value::Str(name) if name.as_ref() == "fro" => match axes.len() {
            2 => {}
            1 => {
                let message = "Invalid norm order 'fro' for vectors";
                return Err(Error::new(Kind::Value, message));
            }
            _ => {
                let message = "Improper number of dimensions to norm.";
                return Err(Error::new(Kind::Value, message));
            }
        },
        _ => return Err(Error::unsupported("a norm other than the root of squares is")),
    }
    let axes: Vec<isize> = axes.into_iter().map(|axis| axis as isize).collect();
    Ok(context.computed(if arguments.get("keepdims").truth()? {
        array.keepdims().norm_axis(&axes)?
    } else {
        array.norm_axis(&axes)?
    }))
}
