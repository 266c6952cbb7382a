//! Arrays with parts left out, put in or repeated, and joined blocks.

use super::arguments::{
    array_argument, arrays_of, axis_of, one_axis, shape_argument, text_or, to_array,
};
use crate::{
    context::Context,
    element::element,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    subscript::{positions as positions_given, slice_parts},
    value::Value,
};
use nums::{DType, DistArray, Index};

const ARRAYS: &[Parameter] = &[Parameter::rest("arys")];
const SPLIT: &[Parameter] =
    &[Parameter::required("ary"), Parameter::required("indices_or_sections")];

macro_rules! at_least {
    ($name:literal, $ndim:literal) => {
        Function {
            name: $name,
            parameters: ARRAYS,
            body: |context, arguments| {
                let mut results = Vec::with_capacity(arguments.rest.len());
                for array in &arguments.rest {
                    results.push(Value::Array(
                        context.array(deep(&to_array(context, array)?, $ndim)?),
                    ));
                }
                match results.len() {
                    1 => Ok(results.remove(0)),
                    _ => Ok(Value::tuple(results)),
                }
            },
        }
    };
}

pub(super) static FUNCTIONS: &[Function] = &[
    at_least!("atleast_2d", 2),
    at_least!("atleast_3d", 3),
    Function {
        name: "block",
        parameters: &[Parameter::required("arrays")],
        body: |context, arguments| {
            let whole = arguments.get("arrays");
            let depth = depth(whole)?;
            let ndim = ndim_max(context, whole)?.max(depth);
            Ok(Value::Array(context.array(block(context, whole, depth, ndim)?)))
        },
    },
    Function {
        name: "delete",
        parameters: &[
            Parameter::required("arr"),
            Parameter::required("obj"),
            Parameter::optional("axis"),
        ],
        body: delete,
    },
    Function {
        name: "dstack",
        parameters: &[Parameter::required("tup")],
        body: |context, arguments| {
            let arrays = arrays_of(context, arguments.get("tup"))?;
            let arrays = arrays.iter().map(|array| deep(array, 3));
            let arrays = arrays.collect::<Result<Vec<_>, Error>>()?;
            joined(context, &arrays, 2)
        },
    },
    Function {
        name: "insert",
        parameters: &[
            Parameter::required("arr"),
            Parameter::required("obj"),
            Parameter::required("values"),
            Parameter::optional("axis"),
        ],
        body: insert,
    },
    Function {
        name: "resize",
        parameters: &[Parameter::required("a"), Parameter::required("new_shape")],
        body: |context, arguments| {
            let line = array_argument(context, &arguments, "a")?.ravel();
            let shape = shape_argument(arguments.get("new_shape")).map_err(|_| {
                let message = "all elements of `new_shape` must be non-negative";
                Error::new(Kind::Value, message)
            })?;
            let size: usize = shape.iter().product();
            let made = match line.size() {
                0 => context.session().full_dtype(&shape, false, line.dtype())?,
                own => {
                    let stop = Some(size as isize);
                    let whole = Index::Slice { start: None, stop, step: 1 };
                    line.tile([size.div_ceil(own).max(1)])?.index(&[whole])?.reshape(&shape)?
                }
            };
            Ok(Value::Array(context.array(made)))
        },
    },
    Function {
        name: "hsplit",
        parameters: SPLIT,
        body: |context, arguments| split(context, &arguments, "hsplit"),
    },
    Function {
        name: "vsplit",
        parameters: SPLIT,
        body: |context, arguments| split(context, &arguments, "vsplit"),
    },
    Function {
        name: "dsplit",
        parameters: SPLIT,
        body: |context, arguments| split(context, &arguments, "dsplit"),
    },
    Function {
        name: "trim_zeros",
        parameters: &[Parameter::required("filt"), Parameter::defaulted("trim", "'fb'")],
        body: |context, arguments| {
            let line = array_argument(context, &arguments, "filt")?;
            if line.ndim() != 1 {
                return Err(Error::unsupported("`trim_zeros` of several axes is"));
            }
            let trim = text_or(&arguments, "trim", "fb")?.to_lowercase();
            if trim.is_empty() || !trim.chars().all(|side| "fb".contains(side)) {
                let message = format!("unexpected character(s) in `trim`: '{trim}'");
                return Err(Error::new(Kind::Value, message));
            }
            let held = line.astype(DType::Bool)?;
            let some = !line.is_empty() && context.lazy(held.any()).value()?.truth();
            let (mut start, mut stop) = (0, line.size() as i128);
            if some {
                let at = |array: DistArray| {
                    Ok::<_, Error>(context.lazy(array).value()?.as_integer().unwrap_or(0))
                };
                if trim.contains('f') {
                    start = at(held.argmax()?)?;
                }
                if trim.contains('b') {
                    stop -= at(held.flip(0)?.argmax()?)?;
                }
            } else {
                stop = 0;
            }
            let (start, stop) = (Some(start as isize), Some(stop as isize));
            let kept = line.index(&[Index::Slice { start, stop, step: 1 }])?;
            Ok(Value::Array(context.array(kept)))
        },
    },
];

fn joined(context: &Context, arrays: &[DistArray], axis: isize) -> Result<Value, Error> {
    if arrays.is_empty() {
        return Err(Error::new(Kind::Value, "need at least one array to concatenate"));
    }
    let parts = in_one_type(arrays)?;
    let joined = nums::concatenate(&parts, axis)
        .map_err(|error| Error::new(Kind::Value, error.to_string()))?;
    Ok(Value::Array(context.array(joined)))
}

fn in_one_type(arrays: &[DistArray]) -> Result<Vec<DistArray>, Error> {
    let dtype = nums::common_type(arrays.iter().map(DistArray::dtype)).unwrap_or(DType::Float64);
    Ok(arrays.iter().map(|array| array.astype(dtype)).collect::<Result<_, nums::Error>>()?)
}

/// An array with at least two or three axes, as NumPy adds them.
fn deep(array: &DistArray, ndim: usize) -> Result<DistArray, Error> {
    let own = array.shape();
    let shape = match (own.as_slice(), ndim) {
        ([], _) => vec![1; ndim],
        ([len], 2) => vec![1, *len],
        ([len], 3) => vec![1, *len, 1],
        ([rows, columns], 3) => vec![*rows, *columns, 1],
        _ => own,
    };
    Ok(array.reshape(&shape)?)
}

fn split(context: &Context, arguments: &Arguments, name: &str) -> Result<Value, Error> {
    let array = array_argument(context, arguments, "ary")?;
    let (axis, least) = match (name, array.ndim()) {
        ("hsplit", 1) => (0, 1),
        ("hsplit", _) => (1, 1),
        ("vsplit", _) => (0, 2),
        _ => (2, 3),
    };
    if array.ndim() < least {
        let message = format!("{name} only works on arrays of {least} or more dimensions");
        return Err(Error::new(Kind::Value, message));
    }
    let given = vec![
        arguments.get("ary").clone(),
        arguments.get("indices_or_sections").clone(),
        Value::Int(axis),
    ];
    crate::call(context, "numpy", "split", given, Vec::new())
}

/// How deep the lists of `block` are nested.
fn depth(value: &Value) -> Result<usize, Error> {
    match value {
        Value::List(items) => {
            let Some(first) = items.first() else {
                let message = "List at arrays cannot be empty";
                return Err(Error::new(Kind::Value, message));
            };
            let own = depth(first)?;
            for (at, item) in items.iter().enumerate() {
                let other = depth(item)?;
                if other != own {
                    let message = format!(
                        "List depths are mismatched. First element was at depth {}, but there is an \
                         element at depth {} (arrays[{at}])",
                        own + 1,
                        other + 1
                    );
                    return Err(Error::new(Kind::Value, message));
                }
            }
            Ok(own + 1)
        }
        Value::Tuple(_) => {
            let message = "arrays is a tuple. Only lists can be used to arrange blocks, and np.block \
                           does not allow implicit conversion from tuple to ndarray.";
            Err(Error::new(Kind::Type, message))
        }
        _ => Ok(0),
    }
}

fn ndim_max(context: &Context, value: &Value) -> Result<usize, Error> {
    match value {
        Value::List(items) => {
            items.iter().try_fold(0, |most, item| Ok(most.max(ndim_max(context, item)?)))
        }
        one => Ok(to_array(context, one)?.ndim()),
    }
}

/// The blocks of a list joined: those of the innermost lists along the last axis.
fn block(context: &Context, value: &Value, level: usize, ndim: usize) -> Result<DistArray, Error> {
    match value {
        Value::List(items) => {
            let parts = items.iter().map(|item| block(context, item, level - 1, ndim));
            let parts = in_one_type(&parts.collect::<Result<Vec<_>, _>>()?)?;
            let axis = ndim - level;
            Ok(nums::concatenate(&parts, axis)
                .map_err(|error| Error::new(Kind::Value, error.to_string()))?)
        }
        one => {
            let array = to_array(context, one)?;
            let own = array.shape();
            Ok(array.reshape(&[vec![1; ndim - own.len()], own].concat())?)
        }
    }
}

/// The positions on an axis that a slice, a mask or integers name, and whether it was one integer.
fn named(value: &Value, len: usize) -> Result<(Vec<usize>, bool), Error> {
    if let Value::Slice(parts) = value {
        let [start, stop, step] = slice_parts(parts)?;
        let step = crate::subscript::checked_step(step)?;
        let (low, high) = if step > 0 { (0, len as isize) } else { (-1, len as isize - 1) };
        let bound = |given: Option<isize>, default: isize| match given {
            None => default,
            Some(at) if at < 0 => (at + len as isize).clamp(low, high),
            Some(at) => at.clamp(low, high),
        };
        let (near, far) = if step > 0 { (low, high) } else { (high, low) };
        let (mut at, stop) = (bound(start, near), bound(stop, far));
        let mut found = Vec::new();
        while if step > 0 { at < stop } else { at > stop } {
            found.push(at as usize);
            at += step;
        }
        return Ok((found, false));
    }
    let (given, single) = match value {
        Value::Int(at) => (vec![*at as isize], true),
        Value::Scalar(_) => (vec![value.as_int()? as isize], true),
        other => match positions_given(other)? {
            Some(given) => (given.iter().copied().collect(), false),
            None => {
                // A mask.
                let items = other.items()?;
                if items.len() != len {
                    let message = format!(
                        "boolean array argument obj to delete must be one dimensional and match the \
                         axis length of {len}"
                    );
                    return Err(Error::new(Kind::Value, message));
                }
                let mut given = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    if item.truth()? {
                        given.push(at as isize);
                    }
                }
                (given, false)
            }
        },
    };
    let resolved = given.into_iter().map(|at| {
        let own = if at < 0 { at + len as isize } else { at };
        usize::try_from(own).map_err(|_| out_of_bounds(at, len))
    });
    Ok((resolved.collect::<Result<_, _>>()?, single))
}

fn out_of_bounds(at: isize, len: usize) -> Error {
    let message = format!("index {at} is out of bounds for axis 0 with size {len}");
    Error::new(Kind::Index, message)
}

fn on_axis(context: &Context, arguments: &Arguments) -> Result<(DistArray, usize), Error> {
    let array = array_argument(context, arguments, "arr")?;
    Ok(match arguments.get("axis") {
        Value::None => (array.ravel(), 0),
        axis => {
            let axis = axis_of(one_axis(axis)?, array.ndim())?;
            (array, axis)
        }
    })
}

fn part(array: &DistArray, axis: usize, start: usize, stop: usize) -> Result<DistArray, Error> {
    let mut index = vec![Index::Slice { start: None, stop: None, step: 1 }; axis];
    let (start, stop) = (Some(start as isize), Some(stop as isize));
    index.push(Index::Slice { start, stop, step: 1 });
    Ok(array.index(&index)?)
}

fn delete(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let (array, axis) = on_axis(context, &arguments)?;
    let len = array.shape()[axis];
    let (mut named, _) = named(arguments.get("obj"), len).map_err(|error| match error.kind {
        Kind::Index => Error::new(
            Kind::Index,
            error.message.replace("for axis 0", &format!("for axis {axis}")),
        ),
        _ => error,
    })?;
    named.sort_unstable();
    named.dedup();
    if let Some(outside) = named.iter().find(|at| **at >= len) {
        let message = format!("index {outside} is out of bounds for axis {axis} with size {len}");
        return Err(Error::new(Kind::Index, message));
    }
    // What is kept lies between what is named.
    let mut parts = Vec::new();
    let mut start = 0;
    for at in named.iter().copied().chain([len]) {
        if at > start {
            parts.push(part(&array, axis, start, at)?);
        }
        start = at + 1;
    }
    let kept = match parts.is_empty() {
        true => part(&array, axis, 0, 0)?,
        false => nums::concatenate(&parts, axis)?,
    };
    Ok(Value::Array(context.array(kept)))
}

fn insert(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let (array, axis) = on_axis(context, &arguments)?;
    let len = array.shape()[axis];
    let (places, single) = match arguments.get("obj") {
        // A position may be the end.
        Value::Int(at) => {
            let own = if *at < 0 { *at + len as i64 } else { *at };
            let own = usize::try_from(own).ok().filter(|own| *own <= len);
            let own = own.ok_or_else(|| {
                let message =
                    format!("index {at} is out of bounds for axis {axis} with size {len}");
                Error::new(Kind::Index, message)
            })?;
            (vec![own], true)
        }
        other => named(other, len)?,
    };
    if let Some(outside) = places.iter().find(|at| **at > len) {
        let message = format!("index {outside} is out of bounds for axis {axis} with size {len}");
        return Err(Error::new(Kind::Index, message));
    }
    let dtype = array.dtype();
    let given = arguments.get("values");
    let values = match given {
        Value::Bool(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_) => {
            match element(given, dtype)? {
                Some(number) => crate::scalar::constant(context, number)?,
                None => to_array(context, given)?,
            }
        }
        _ => to_array(context, given)?,
    };
    let mut values = values.astype(dtype)?;
    // NumPy puts the values of one position along the axis, and gives it to each of several positions.
    if single && values.ndim() > 0 {
        let missing = array.ndim().saturating_sub(values.ndim());
        let own = values.shape();
        values = values.reshape(&[vec![1; missing], own].concat())?;
        values = values.moveaxis(0, axis)?;
    }
    let count = match (single, values.ndim()) {
        (true, 0) => 1,
        (true, _) => values.shape()[axis],
        (false, _) => places.len(),
    };
    let mut shape = array.shape();
    shape[axis] = count;
    let values = values.broadcast_to(&shape).map_err(|_| {
        let message = format!(
            "shape mismatch: value array of shape {} could not be broadcast to indexing result of \
             shape {}",
            crate::wording::shape_text(&values.shape()),
            crate::wording::shape_text(&shape)
        );
        Error::new(Kind::Value, message)
    })?;
    let mut order: Vec<(usize, usize)> = places.iter().copied().zip(0..).collect();
    order.sort_by_key(|(place, _)| *place);
    let mut parts = Vec::new();
    let mut start = 0;
    for (place, at) in order {
        if place > start {
            parts.push(part(&array, axis, start, place)?);
        }
        parts.push(if single { values.clone() } else { part(&values, axis, at, at + 1)? });
        start = place;
    }
    if start < len {
        parts.push(part(&array, axis, start, len)?);
    }
    let joined = match parts.is_empty() {
        true => array,
        false => nums::concatenate(&parts, axis)?,
    };
    Ok(Value::Array(context.array(joined)))
}
