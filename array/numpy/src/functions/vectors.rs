//! Products of vectors along an axis.

use super::arguments::{array_argument, axis_of, int_or, one_axis};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    value::Value,
    wording::shape_text,
};
use nums::DistArray;

const VECTORS: &[Parameter] = &[
    Parameter::positional("x1"),
    Parameter::positional("x2"),
    Parameter::keyword_defaulted("axis", "-1"),
];
const PAIR: &[Parameter] = &[Parameter::positional("x1"), Parameter::positional("x2")];
const TRANSPOSED: &[Parameter] = &[Parameter::positional("x")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "cross",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("b"),
            Parameter::defaulted("axisa", "-1"),
            Parameter::defaulted("axisb", "-1"),
            Parameter::defaulted("axisc", "-1"),
            Parameter::optional("axis"),
        ],
        body: cross,
    },
    Function {
        name: "kron",
        parameters: &[Parameter::required("a"), Parameter::required("b")],
        body: |context, arguments| {
            let a = array_argument(context, &arguments, "a")?;
            let b = array_argument(context, &arguments, "b")?;
            Ok(context.computed(a.kron(&b)?))
        },
    },
    Function { name: "matrix_transpose", parameters: TRANSPOSED, body: matrix_transpose },
    Function {
        name: "matvec",
        parameters: PAIR,
        body: |context, arguments| {
            let matrix = array_argument(context, &arguments, "x1")?;
            let vector = array_argument(context, &arguments, "x2")?;
            let sizes = (matrix.ndim() >= 2 && vector.ndim() >= 1)
                .then(|| (matrix.shape()[matrix.ndim() - 1], vector.shape()[vector.ndim() - 1]));
            check_core("matvec", "(m,n),(n)->(m)", sizes, 1)?;
            product(context, &matrix, &vector.expand_dims(-1)?, "matvec")
        },
    },
    Function {
        name: "vdot",
        parameters: &[Parameter::positional("a"), Parameter::positional("b")],
        body: |context, arguments| {
            let a = array_argument(context, &arguments, "a")?;
            let b = array_argument(context, &arguments, "b")?;
            let found = a.vdot(&b).map_err(|_| {
                let shapes = [a.size(), b.size()];
                let message = format!(
                    "shapes ({},) and ({},) not aligned: {} (dim 0) != {} (dim 0)",
                    shapes[0], shapes[1], shapes[0], shapes[1]
                );
                Error::new(Kind::Value, message)
            })?;
            Ok(context.computed(found))
        },
    },
    Function {
        name: "vecdot",
        parameters: VECTORS,
        body: |context, arguments| vecdot(context, &arguments),
    },
    Function {
        name: "vecmat",
        parameters: PAIR,
        body: |context, arguments| {
            let vector = array_argument(context, &arguments, "x1")?;
            let matrix = array_argument(context, &arguments, "x2")?;
            let sizes = (matrix.ndim() >= 2 && vector.ndim() >= 1)
                .then(|| (vector.shape()[vector.ndim() - 1], matrix.shape()[matrix.ndim() - 2]));
            check_core("vecmat", "(n),(n,m)->(m)", sizes, 1)?;
            let ndim = matrix.ndim();
            product(
                context,
                &matrix.swapaxes(ndim - 2, ndim - 1)?,
                &vector.conj().expand_dims(-1)?,
                "vecmat",
            )
        },
    },
];

pub(super) static LINALG: &[Function] = &[
    Function {
        name: "cross",
        parameters: VECTORS,
        body: |context, arguments| {
            let axis = arguments.given("axis").map_or(Ok(-1), one_axis)?;
            let a = array_argument(context, &arguments, "x1")?;
            let b = array_argument(context, &arguments, "x2")?;
            for array in [&a, &b] {
                let len = array.shape()[axis_of(axis, array.ndim())?];
                if len != 3 {
                    let message = format!(
                        "Both input arrays must be (arrays of) 3-dimensional vectors, but they are \
                         {} and {} dimensional instead.",
                        a.shape()[axis_of(axis, a.ndim())?],
                        b.shape()[axis_of(axis, b.ndim())?]
                    );
                    return Err(Error::new(Kind::Value, message));
                }
            }
            crossed(context, &a, &b, axis, axis, axis)
        },
    },
    Function { name: "matrix_transpose", parameters: TRANSPOSED, body: matrix_transpose },
    Function {
        name: "vecdot",
        parameters: VECTORS,
        body: |context, arguments| vecdot(context, &arguments),
    },
];

fn matrix_transpose(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = super::arguments::array_of(context, arguments.get("x"))?;
    let ndim = array.ndim();
    if ndim < 2 {
        let message = format!("Input array must be at least 2-dimensional, but it is {ndim}");
        return Err(Error::new(Kind::Value, message));
    }
    let mut order: Vec<usize> = (0..ndim).collect();
    order.swap(ndim - 2, ndim - 1);
    Ok(Value::Array(array.transpose(&order)?))
}

/// NumPy's words for core dimensions that a function lacks, or that differ.
fn check_core(
    name: &str,
    signature: &str,
    sizes: Option<(usize, usize)>,
    operand: usize,
) -> Result<(), Error> {
    let message = match sizes {
        None => format!(
            "{name}: an operand does not have enough dimensions (with gufunc core dimension \
             signature={signature})"
        ),
        Some((left, right)) if left != right => format!(
            "{name}: Input operand {operand} has a mismatch in its core dimension 0, with gufunc \
             signature {signature} (size {right} is different from {left})"
        ),
        Some(_) => return Ok(()),
    };
    Err(Error::new(Kind::Value, message))
}

/// Products of matrices and columns, of which the last axis is left out.
fn product(
    context: &Context,
    matrix: &DistArray,
    column: &DistArray,
    name: &str,
) -> Result<Value, Error> {
    let found = match (matrix.ndim(), column.ndim()) {
        (2, 2) => matrix.try_matmul(column)?,
        // A stack: the sum over the last axis of what is broadcast.
        _ => {
            let row = column.swapaxes(-1, -2)?;
            let dtype = nums::result_type(matrix.dtype(), column.dtype());
            let products = matrix.try_mul(&row).map_err(|_| {
                let message = format!(
                    "operands could not be broadcast together in {name}: {} and {}",
                    shape_text(&matrix.shape()),
                    shape_text(&column.shape())
                );
                Error::new(Kind::Value, message)
            })?;
            return Ok(context.computed(products.sum_axis(-1)?.astype(dtype)?));
        }
    };
    Ok(context.computed(found.squeeze_axis(-1)?))
}

fn vecdot(context: &Context, arguments: &Arguments) -> Result<Value, Error> {
    let axis = int_or(arguments, "axis", -1)? as isize;
    let last = |name: &str| -> Result<DistArray, Error> {
        let array = array_argument(context, arguments, name)?;
        if array.ndim() == 0 {
            check_core("vecdot", "(n),(n)->()", None, 0)?;
        }
        let axis = axis_of(axis, array.ndim())?;
        Ok(array.moveaxis(axis, -1)?)
    };
    let (left, right) = (last("x1")?, last("x2")?);
    let size = |array: &DistArray| array.shape()[array.ndim() - 1];
    check_core("vecdot", "(n),(n)->()", Some((size(&left), size(&right))), 1)?;
    let found = left.vecdot(&right).map_err(|error| match error {
        nums::Error::Shape(_) => super::arguments::misfit(&[left.shape(), right.shape()]),
        other => other.into(),
    })?;
    Ok(context.computed(found))
}

fn cross(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let a = array_argument(context, &arguments, "a")?;
    let b = array_argument(context, &arguments, "b")?;
    let axis = |name: &str| match arguments.get("axis") {
        Value::None => Ok(int_or(&arguments, name, -1)? as isize),
        axis => one_axis(axis),
    };
    crossed(context, &a, &b, axis("axisa")?, axis("axisb")?, axis("axisc")?)
}

fn crossed(
    context: &Context,
    a: &DistArray,
    b: &DistArray,
    axis_a: isize,
    axis_b: isize,
    axis_c: isize,
) -> Result<Value, Error> {
    if a.ndim() == 0 || b.ndim() == 0 {
        return Err(Error::new(Kind::Value, "At least one array has zero dimension"));
    }
    let last = |array: &DistArray, axis| -> Result<DistArray, Error> {
        Ok(array.moveaxis(axis_of(axis, array.ndim())?, -1)?)
    };
    let (a, b) = (last(a, axis_a)?, last(b, axis_b)?);
    let len = |array: &DistArray| array.shape()[array.ndim() - 1];
    match (len(&a), len(&b)) {
        (3, 3) => {
            let found = a.cross(&b).map_err(|error| match error {
                nums::Error::Shape(_) => super::arguments::misfit(&[a.shape(), b.shape()]),
                other => other.into(),
            })?;
            let axis = axis_of(axis_c, found.ndim())?;
            Ok(context.computed(found.moveaxis(-1, axis)?))
        }
        // Vectors of a plane: the third element is 0, and of two of them the third of the result is all there is.
        (left @ (2 | 3), right @ (2 | 3)) => {
            let third = |array: &DistArray, len: usize| {
                let mut widths = vec![(0, 0); array.ndim()];
                widths[array.ndim() - 1] = (0, 3 - len);
                array.pad(&widths, nums::Pad::Constant(false.into()))
            };
            let found = third(&a, left)?.cross(&third(&b, right)?)?;
            if (left, right) == (2, 2) {
                let last = [nums::Index::Ellipsis, nums::Index::At(2)];
                return Ok(context.computed(found.index(&last)?));
            }
            let axis = axis_of(axis_c, found.ndim())?;
            Ok(context.computed(found.moveaxis(-1, axis)?))
        }
        _ => {
            let message = "incompatible dimensions for cross product\n(dimension must be 2 or 3)";
            Err(Error::new(Kind::Value, message))
        }
    }
}
