//! Several arrays into one, and one into several.

use super::arguments::{
    array_argument, axis_of, int_arguments, one_axis, shape_argument, to_array,
};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    value::Value,
};
use nums::DistArray;

const ARRAYS: &[Parameter] = &[Parameter::required("arrays"), Parameter::optional("axis")];
const SPLIT: &[Parameter] = &[
    Parameter::required("ary"),
    Parameter::required("indices_or_sections"),
    Parameter::optional("axis"),
];

/// NumPy's words for what is no sequence of arrays.
const STACK: &str = "arrays to stack must be passed as a \"sequence\" type such as list or tuple.";
const CONCATENATE: &str = "The first input argument needs to be a sequence";

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "append",
        parameters: &[
            Parameter::required("arr"),
            Parameter::required("values"),
            Parameter::optional("axis"),
        ],
        body: |context, arguments| {
            let mut first = array_argument(context, &arguments, "arr")?;
            let mut second = array_argument(context, &arguments, "values")?;
            let axis = match arguments.get("axis") {
                Value::None => {
                    (first, second) = (first.ravel(), second.ravel());
                    0
                }
                axis => axis.as_int()? as isize,
            };
            joined(context, &[first, second], axis, |arrays| nums::concatenate(arrays, axis))
        },
    },
    Function {
        name: "array_split",
        parameters: SPLIT,
        body: |context, arguments| split(context, &arguments, false),
    },
    Function {
        name: "broadcast_to",
        parameters: &[Parameter::required("array"), Parameter::required("shape")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "array")?;
            let shape = shape_argument(arguments.get("shape"))?;
            let stretched = array.broadcast_to(&shape).map_err(|_| {
                let message = format!(
                    "operands could not be broadcast together with remapped shapes \
                     [original->remapped]: {}  and requested shape {}",
                    crate::wording::shape_text(&array.shape()),
                    crate::wording::shape_text(&shape)
                );
                Error::new(Kind::Value, message)
            })?;
            match arguments.get("array") {
                Value::Array(base) => Ok(Value::Array(base.broadcast_to(&shape)?)),
                _ => Ok(Value::Array(context.array(stretched).read_only())),
            }
        },
    },
    Function {
        name: "column_stack",
        parameters: &[Parameter::required("tup")],
        body: |context, arguments| {
            let arrays = arrays(context, arguments.get("tup"), STACK)?;
            let columns = arrays.iter().map(|array| match array.ndim() {
                0 | 1 => array.ravel().expand_dims(&[1]),
                _ => Ok(array.clone()),
            });
            let columns = columns.collect::<Result<Vec<_>, nums::Error>>()?;
            joined(context, &columns, 1, |arrays| nums::concatenate(arrays, 1))
        },
    },
    Function { name: "concat", parameters: ARRAYS, body: concatenate },
    Function { name: "concatenate", parameters: ARRAYS, body: concatenate },
    Function {
        name: "hstack",
        parameters: &[Parameter::required("tup")],
        body: |context, arguments| {
            let arrays = arrays(context, arguments.get("tup"), STACK)?;
            let axis = isize::from(arrays.first().is_some_and(|first| first.ndim() > 1));
            joined(context, &arrays, axis, |arrays| nums::hstack(arrays))
        },
    },
    Function {
        name: "repeat",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("repeats"),
            Parameter::optional("axis"),
        ],
        body: |context, arguments| {
            let mut array = array_argument(context, &arguments, "a")?;
            if array.ndim() == 0 {
                array = array.ravel();
            }
            let (array, axis) = match arguments.get("axis") {
                Value::None => (array.ravel(), 0),
                axis => {
                    let axis = axis_of(one_axis(axis)?, array.ndim())?;
                    (array, axis)
                }
            };
            let counts = int_arguments(arguments.get("repeats"))?.into_iter().map(|count| {
                usize::try_from(count).map_err(|_| {
                    Error::new(Kind::Value, "repeats may not contain negative values.")
                })
            });
            let counts = counts.collect::<Result<Vec<_>, _>>()?;
            if let [times] = counts[..] {
                return Ok(context.computed(array.repeat(times, axis)?));
            }
            let len = array.shape()[axis];
            if counts.len() != len {
                let message = format!(
                    "operands could not be broadcast together with shape ({len},) ({},)",
                    counts.len()
                );
                return Err(Error::new(Kind::Value, message));
            }
            let each = counts.iter().enumerate();
            let indices: Vec<isize> =
                each.flat_map(|(at, count)| std::iter::repeat_n(at as isize, *count)).collect();
            Ok(context.computed(array.take(&indices, axis)?))
        },
    },
    Function {
        name: "split",
        parameters: SPLIT,
        body: |context, arguments| split(context, &arguments, true),
    },
    Function {
        name: "stack",
        parameters: ARRAYS,
        body: |context, arguments| {
            let arrays = arrays(context, arguments.get("arrays"), STACK)?;
            if arrays.windows(2).any(|pair| pair[0].shape() != pair[1].shape()) {
                let message = "all input arrays must have the same shape";
                return Err(Error::new(Kind::Value, message));
            }
            let axis = axis(&arguments, 0)?;
            joined(context, &arrays, axis, |arrays| nums::stack(arrays, axis))
        },
    },
    Function {
        name: "tile",
        parameters: &[Parameter::required("A"), Parameter::required("reps")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "A")?;
            let repeats = shape_argument(arguments.get("reps"))?;
            Ok(context.computed(array.tile(&repeats)?))
        },
    },
    Function {
        name: "vstack",
        parameters: &[Parameter::required("tup")],
        body: |context, arguments| {
            joined(context, &arrays(context, arguments.get("tup"), STACK)?, 0, |arrays| {
                nums::vstack(arrays)
            })
        },
    },
];

fn concatenate(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let arrays = arrays(context, arguments.get("arrays"), CONCATENATE)?;
    if arrays.is_empty() {
        return Err(Error::new(Kind::Value, "need at least one array to concatenate"));
    }
    if let Some(Value::None) = arguments.given("axis") {
        let lines: Vec<DistArray> = arrays.iter().map(DistArray::ravel).collect();
        return joined(context, &lines, 0, |arrays| nums::concatenate(arrays, 0));
    }
    if arrays.iter().any(|array| array.ndim() == 0) {
        let message = "zero-dimensional arrays cannot be concatenated";
        return Err(Error::new(Kind::Value, message));
    }
    let axis = axis(&arguments, 0)?;
    joined(context, &arrays, axis, |arrays| nums::concatenate(arrays, axis))
}

/// The arrays of a list, a tuple, or the rows of an array, in one type.
fn arrays(context: &Context, value: &Value, refusal: &str) -> Result<Vec<DistArray>, Error> {
    let items = match value {
        Value::List(_) | Value::Tuple(_) | Value::Range(_) | Value::Array(_) => value.items()?,
        _ => return Err(Error::new(Kind::Type, refusal)),
    };
    let arrays = items.iter().map(|item| to_array(context, item));
    let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
    let dtypes = arrays.iter().map(DistArray::dtype);
    let Some(dtype) = nums::common_type(dtypes) else { return Ok(arrays) };
    Ok(arrays.iter().map(|array| array.astype(dtype)).collect::<Result<_, nums::Error>>()?)
}

/// Joins arrays; where they do not fit, what is told takes them to be joined along `axis`.
fn joined(
    context: &Context,
    arrays: &[DistArray],
    axis: isize,
    join: impl Fn(&[&DistArray]) -> Result<DistArray, nums::Error>,
) -> Result<Value, Error> {
    if arrays.is_empty() {
        return Err(Error::new(Kind::Value, "need at least one array to stack"));
    }
    let references: Vec<&DistArray> = arrays.iter().collect();
    let shapes: Vec<Vec<usize>> = arrays.iter().map(DistArray::shape).collect();
    let joined = join(&references).map_err(|error| joining(error, axis, &shapes))?;
    Ok(Value::Array(context.array(joined)))
}

/// NumPy's words for arrays that do not fit together: what tells the first one from another.
fn joining(error: nums::Error, axis: isize, shapes: &[Vec<usize>]) -> Error {
    if let nums::Error::AxisOutOfRange { .. } = error {
        return error.into();
    }
    let Some((first, others)) = shapes.split_first() else { return error.into() };
    let joined = if axis < 0 { axis + first.len() as isize } else { axis };
    for (index, other) in (1..).zip(others) {
        let index: usize = index;
        if first.len() != other.len() {
            let message = format!(
                "all the input arrays must have same number of dimensions, but the array at index 0 \
                 has {} dimension(s) and the array at index {index} has {} dimension(s)",
                first.len(),
                other.len()
            );
            return Error::new(Kind::Value, message);
        }
        let mut lengths = first.iter().zip(other).enumerate();
        let differ = lengths.find(|(at, (own, len))| *at as isize != joined && own != len);
        if let Some((at, (own, len))) = differ {
            let message = format!(
                "all the input array dimensions except for the concatenation axis must match \
                 exactly, but along dimension {at}, the array at index 0 has size {own} and the \
                 array at index {index} has size {len}"
            );
            return Error::new(Kind::Value, message);
        }
    }
    Error::new(Kind::Value, error.to_string())
}

fn axis(arguments: &Arguments, otherwise: isize) -> Result<isize, Error> {
    match arguments.given("axis") {
        Some(axis) => one_axis(axis),
        None => Ok(otherwise),
    }
}

/// `split` and `array_split`: parts of equal length, or between positions.
fn split(context: &Context, arguments: &Arguments, equal: bool) -> Result<Value, Error> {
    let array = array_argument(context, arguments, "ary")?;
    if array.ndim() == 0 {
        return Err(Error::new(Kind::Index, "tuple index out of range"));
    }
    let axis = axis_of(axis(arguments, 0)?, array.ndim())?;
    let len = array.shape()[axis];
    let positions = match arguments.get("indices_or_sections") {
        Value::Int(parts) => {
            let parts = usize::try_from(*parts)
                .ok()
                .filter(|parts| *parts > 0)
                .ok_or_else(|| Error::new(Kind::Value, "number sections must be larger than 0."))?;
            if equal && len % parts != 0 {
                let message = "array split does not result in an equal division";
                return Err(Error::new(Kind::Value, message));
            }
            // The first parts are longer by one where the division leaves a rest.
            let (size, more) = (len / parts, len % parts);
            (1..parts).map(|part| (part * size + part.min(more)) as isize).collect()
        }
        positions => int_arguments(positions)?,
    };
    let parts = array.split(&positions, axis as isize)?;
    Ok(Value::list(parts.into_iter().map(|part| Value::Array(context.array(part))).collect()))
}
