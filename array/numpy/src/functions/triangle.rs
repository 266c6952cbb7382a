//! Triangles and diagonals of matrices, and the positions of their elements.

use super::{
    arguments::{array_argument, axis_of, int_or, shape_argument, truth_or},
    dtype_of,
    selection::positions,
};
use crate::{
    context::Context,
    element::element,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    scalar::weak,
    subscript::assign,
    value::Value,
};
use nums::{DType, DistArray, Scalar};

const TRIANGLE: &[Parameter] = &[Parameter::required("m"), Parameter::defaulted("k", "0")];
const INDICES: &[Parameter] =
    &[Parameter::required("n"), Parameter::defaulted("k", "0"), Parameter::optional("m")];
const INDICES_OF: &[Parameter] = &[Parameter::required("arr"), Parameter::defaulted("k", "0")];
const DIAGONAL: &[Parameter] = &[
    Parameter::required("a"),
    Parameter::defaulted("offset", "0"),
    Parameter::defaulted("axis1", "0"),
    Parameter::defaulted("axis2", "1"),
];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "diag",
        parameters: &[Parameter::required("v"), Parameter::defaulted("k", "0")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "v")?;
            let k = int_or(&arguments, "k", 0)? as isize;
            Ok(Value::Array(context.array(match array.ndim() {
                1 => context.session().from_diag(&array, k)?,
                2 => array.diagonal(k, (0, 1))?,
                _ => return Err(Error::new(Kind::Value, "Input must be 1- or 2-d.")),
            })))
        },
    },
    Function {
        name: "diag_indices",
        parameters: &[Parameter::required("n"), Parameter::defaulted("ndim", "2")],
        body: |context, arguments| {
            let n = usize::try_from(arguments.get("n").as_int()?).unwrap_or(0);
            diagonal_indices(context, n, int_or(&arguments, "ndim", 2)?)
        },
    },
    Function {
        name: "diag_indices_from",
        parameters: &[Parameter::required("arr")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "arr")?;
            let shape = array.shape();
            if shape.len() < 2 {
                return Err(Error::new(Kind::Value, "input array must be at least 2-d"));
            }
            if shape.iter().any(|len| *len != shape[0]) {
                let message = "All dimensions of input must be of equal length";
                return Err(Error::new(Kind::Value, message));
            }
            diagonal_indices(context, shape[0], shape.len() as i64)
        },
    },
    Function {
        name: "diagflat",
        parameters: &[Parameter::required("v"), Parameter::defaulted("k", "0")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "v")?.ravel();
            let k = int_or(&arguments, "k", 0)? as isize;
            Ok(Value::Array(context.array(context.session().from_diag(&array, k)?)))
        },
    },
    Function { name: "diagonal", parameters: DIAGONAL, body: diagonal },
    Function {
        name: "fill_diagonal",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("val"),
            Parameter::defaulted("wrap", "False"),
        ],
        body: fill_diagonal,
    },
    Function {
        name: "trace",
        parameters: &[
            Parameter::required("a"),
            Parameter::defaulted("offset", "0"),
            Parameter::defaulted("axis1", "0"),
            Parameter::defaulted("axis2", "1"),
            Parameter::optional("dtype"),
        ],
        body: trace,
    },
    Function {
        name: "tri",
        parameters: &[
            Parameter::required("N"),
            Parameter::optional("M"),
            Parameter::defaulted("k", "0"),
            Parameter::defaulted("dtype", "float"),
        ],
        body: |context, arguments| {
            let rows = arguments.get("N");
            let columns = arguments.given("M").filter(|value| !matches!(value, Value::None));
            let shape = Value::tuple([rows.clone(), columns.unwrap_or(rows).clone()]);
            let dtype = dtype_of(arguments.get("dtype"))?.unwrap_or(DType::Float64);
            let ones = context.session().full_dtype(shape_argument(&shape)?, true, DType::Bool)?;
            let made = ones.tril(int_or(&arguments, "k", 0)?)?.astype(dtype)?;
            Ok(Value::Array(context.made(made)))
        },
    },
    Function {
        name: "tril",
        parameters: TRIANGLE,
        body: |context, arguments| triangle(context, &arguments, DistArray::tril),
    },
    Function {
        name: "tril_indices",
        parameters: INDICES,
        body: |context, arguments| indices(context, &arguments, DistArray::tril),
    },
    Function {
        name: "tril_indices_from",
        parameters: INDICES_OF,
        body: |context, arguments| indices_of(context, &arguments, DistArray::tril),
    },
    Function {
        name: "triu",
        parameters: TRIANGLE,
        body: |context, arguments| triangle(context, &arguments, DistArray::triu),
    },
    Function {
        name: "triu_indices",
        parameters: INDICES,
        body: |context, arguments| indices(context, &arguments, DistArray::triu),
    },
    Function {
        name: "triu_indices_from",
        parameters: INDICES_OF,
        body: |context, arguments| indices_of(context, &arguments, DistArray::triu),
    },
];

pub(super) static METHODS: &[Function] = &[
    Function { name: "diagonal", parameters: DIAGONAL, body: diagonal },
    Function {
        name: "trace",
        parameters: &[
            Parameter::positional("a"),
            Parameter::defaulted("offset", "0"),
            Parameter::defaulted("axis1", "0"),
            Parameter::defaulted("axis2", "1"),
            Parameter::optional("dtype"),
        ],
        body: trace,
    },
];

/// The functions of `numpy.linalg`: of the last two axes.
pub(super) static LINALG: &[Function] = &[
    Function {
        name: "diagonal",
        parameters: &[Parameter::positional("x"), Parameter::keyword_defaulted("offset", "0")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "x")?;
            let found = last_diagonal(&arguments, &array)?;
            Ok(Value::Array(context.array(found).read_only()))
        },
    },
    Function {
        name: "trace",
        parameters: &[
            Parameter::positional("x"),
            Parameter::keyword_defaulted("offset", "0"),
            Parameter::keyword("dtype"),
        ],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "x")?;
            let found = last_diagonal(&arguments, &array)?;
            Ok(context.computed(match dtype_of(arguments.get("dtype"))? {
                Some(dtype) => found.astype(dtype)?.sum_axis(-1)?.astype(dtype)?,
                None => found.sum_axis(-1)?,
            }))
        },
    },
];

fn last_diagonal(arguments: &Arguments, array: &DistArray) -> Result<DistArray, Error> {
    if array.ndim() < 2 {
        let message = "diag requires an array of at least two dimensions";
        return Err(Error::new(Kind::Value, message));
    }
    let offset = int_or(arguments, "offset", 0)? as isize;
    Ok(array.diagonal(offset, (-2, -1))?)
}

type Half = fn(&DistArray, i64) -> Result<DistArray, nums::Error>;

fn triangle(context: &Context, arguments: &Arguments, half: Half) -> Result<Value, Error> {
    let mut array = array_argument(context, arguments, "m")?;
    match array.ndim() {
        0 => {
            return Err(Error::new(
                Kind::Type,
                "tri() missing 1 required positional argument: 'N'",
            ));
        }
        // NumPy repeats a line as the rows of a square.
        1 => array = array.broadcast_to((array.size(), array.size()))?,
        _ => {}
    }
    Ok(Value::Array(context.array(half(&array, int_or(arguments, "k", 0)?)?)))
}

/// Where a half of a matrix of ones is.
fn half_positions(
    context: &Context,
    shape: Vec<usize>,
    k: i64,
    half: Half,
) -> Result<Value, Error> {
    let mask = half(&context.session().full_dtype(shape, true, DType::Bool)?, k)?;
    Ok(Value::tuple(positions(context, &mask)?))
}

fn indices(context: &Context, arguments: &Arguments, half: Half) -> Result<Value, Error> {
    let rows = arguments.get("n");
    let columns = match arguments.get("m") {
        Value::None => rows,
        columns => columns,
    };
    let shape = shape_argument(&Value::tuple([rows.clone(), columns.clone()]))?;
    half_positions(context, shape, int_or(arguments, "k", 0)?, half)
}

fn indices_of(context: &Context, arguments: &Arguments, half: Half) -> Result<Value, Error> {
    let array = array_argument(context, arguments, "arr")?;
    if array.ndim() != 2 {
        return Err(Error::new(Kind::Value, "input array must be 2-d"));
    }
    half_positions(context, array.shape(), int_or(arguments, "k", 0)?, half)
}

fn diagonal_indices(context: &Context, n: usize, ndim: i64) -> Result<Value, Error> {
    let line = context.session().arange(0, n, 1)?;
    let line = Value::Array(context.made(line));
    Ok(Value::tuple(vec![line; usize::try_from(ndim).unwrap_or(0)]))
}

/// The diagonal that an offset and two axes name.
fn named_diagonal(
    arguments: &Arguments,
    array: &DistArray,
    name: &str,
) -> Result<DistArray, Error> {
    let ndim = array.ndim();
    if ndim < 2 {
        let message = format!("{name} requires an array of at least two dimensions");
        return Err(Error::new(Kind::Value, message));
    }
    let axis = |name: &str, default| axis_of(int_or(arguments, name, default)? as isize, ndim);
    let (first, second) = (axis("axis1", 0)?, axis("axis2", 1)?);
    if first == second {
        return Err(Error::new(Kind::Value, "axis1 and axis2 cannot be the same"));
    }
    let offset = int_or(arguments, "offset", 0)? as isize;
    Ok(array.diagonal(offset, (first as isize, second as isize))?)
}

fn diagonal(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_argument(context, &arguments, "a")?;
    let found = named_diagonal(&arguments, &array, "diag")?;
    Ok(Value::Array(context.array(found).read_only()))
}

fn trace(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_argument(context, &arguments, "a")?;
    let mut found = named_diagonal(&arguments, &array, "diag")?;
    if let Some(dtype) = dtype_of(arguments.get("dtype"))? {
        found = found.astype(dtype)?.sum_axis(-1)?.astype(dtype)?;
        return Ok(context.computed(found));
    }
    Ok(context.computed(found.sum_axis(-1)?))
}

fn fill_diagonal(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let Value::Array(array) = arguments.get("a") else {
        let message =
            format!("'{}' object has no attribute 'ndim'", arguments.get("a").type_name());
        return Err(Error::new(Kind::Attribute, message));
    };
    let shape = array.shape();
    if shape.len() < 2 {
        return Err(Error::new(Kind::Value, "array must be at least 2-d"));
    }
    if shape.len() > 2 && shape.iter().any(|len| *len != shape[0]) {
        let message = "All dimensions of input must be of equal length";
        return Err(Error::new(Kind::Value, message));
    }
    let wrap = truth_or(&arguments, "wrap", false)?;
    let (rows, columns) = (shape[0], shape[1]);
    if let (2, false, Ok(Some(number))) =
        (shape.len(), wrap, element(arguments.get("val"), array.dtype()))
    {
        // One number on the diagonal of a matrix is an element-wise choice.
        let on = context.session().eye(rows, columns, 0)?.astype(DType::Bool)?;
        let number: Scalar = weak(number);
        array.write(on.where_(number, &array.read()?)?.astype(array.dtype())?)?;
        return Ok(Value::None);
    }
    // Of a tall matrix that wraps, the diagonal goes on below a row of none.
    let steps = |len: usize| context.session().arange(0, len, 1);
    let index = match (shape.len(), wrap && rows > columns) {
        (2, true) => {
            let step = columns + 1;
            let flat = steps((rows * columns).div_ceil(step))?.try_mul(step)?;
            vec![flat.try_floor_divide(columns)?, flat.try_rem(columns)?]
        }
        _ => {
            let len = shape.iter().copied().min().unwrap_or(0);
            vec![steps(len)?; shape.len()]
        }
    };
    let index = index.into_iter().map(|line| Value::Array(context.made(line)));
    let count = match index.clone().next() {
        Some(Value::Array(line)) => line.size(),
        _ => 0,
    };
    let index = Value::tuple(index.collect::<Vec<_>>());
    // A value with several elements is repeated along the diagonal.
    let value = super::to_array(context, arguments.get("val"))?;
    let value = match value.size() {
        1 | 0 => value.reshape(())?,
        own => {
            let repeats = count.div_ceil(own);
            let whole = nums::Index::Slice { start: None, stop: Some(count as isize), step: 1 };
            value.ravel().tile(&[repeats])?.index(&[whole])?
        }
    };
    assign(array, &index, &Value::Array(context.made(value)))?;
    Ok(Value::None)
}
