//! What NumPy's functions take: arrays, shapes, axes.

use super::array_from;
use crate::{
    array::Array, context::Context, error::Error, function::Arguments, kind::Kind,
    numbers::to_float, operators::operand, value::Value, wording::shape_text,
};
use nums::DistArray;

/// An argument as an array: numbers, lists and tuples become one.
pub(super) fn array_argument(
    context: &Context,
    arguments: &Arguments,
    name: &str,
) -> Result<DistArray, Error> {
    to_array(context, arguments.get(name))
}

/// A value as an array: numbers, lists and tuples become one.
pub(crate) fn to_array(context: &Context, value: &Value) -> Result<DistArray, Error> {
    match value {
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => {
            array_from(context, value, None)?.read()
        }
        other => operand(context, other)?.ok_or_else(|| {
            let message = format!("'{}' object is no array and no number", other.type_name());
            Error::new(Kind::Type, message)
        }),
    }
}

/// The array itself, so that the result may be a view of it; anything else becomes a new array.
pub(super) fn array_of(context: &Context, value: &Value) -> Result<Array, Error> {
    match value {
        Value::Array(array) => Ok(array.clone()),
        other => Ok(context.array(to_array(context, other)?)),
    }
}

/// A shape: one length or several, none negative.
pub(crate) fn shape_argument(value: &Value) -> Result<Vec<usize>, Error> {
    let lengths = int_arguments(value)?;
    lengths
        .into_iter()
        .map(|len| {
            usize::try_from(len)
                .map_err(|_| Error::new(Kind::Value, "negative dimensions are not allowed"))
        })
        .collect()
}

/// Several whole numbers: one, or those of a tuple or list.
pub(super) fn int_arguments(value: &Value) -> Result<Vec<isize>, Error> {
    let int = |value: &Value| Ok(value.as_int()? as isize);
    match value {
        Value::Tuple(values) | Value::List(values) => values.iter().map(int).collect(),
        Value::Array(array) if array.ndim() == 1 => {
            let elements = array.elements()?;
            let whole =
                elements.iter().map(|number| number.as_integer().map(|value| value as isize));
            whole.collect::<Option<_>>().ok_or_else(|| {
                let message = "only integer scalar arrays can be converted to a scalar index";
                Error::new(Kind::Type, message)
            })
        }
        one => Ok(vec![int(one)?]),
    }
}

/// `(2, 3)` and `2, 3` say the same.
pub(super) fn one_or_many(arguments: &Arguments) -> Value {
    match arguments.rest.as_slice() {
        [] => Value::None,
        [one] => one.clone(),
        many => Value::tuple(many.to_vec()),
    }
}

/// The axes of an argument, counted from the first; all when it is `None`.
pub(super) fn axes_argument(value: &Value, ndim: usize) -> Result<Vec<usize>, Error> {
    if let Value::None = value {
        return Ok((0..ndim).collect());
    }
    if let Value::Bool(_) = value {
        return Err(Error::new(Kind::Type, "an integer is required for the axis"));
    }
    let mut axes = Vec::new();
    for axis in int_arguments(value)? {
        let axis = axis_of(axis, ndim)?;
        if axes.contains(&axis) {
            return Err(Error::new(Kind::Value, "duplicate value in 'axis'"));
        }
        axes.push(axis);
    }
    Ok(axes)
}

/// One axis as it was given: a truth value is none.
pub(super) fn one_axis(value: &Value) -> Result<isize, Error> {
    match value {
        Value::Bool(_) => Err(Error::new(Kind::Type, "an integer is required for the axis")),
        axis => Ok(axis.as_int()? as isize),
    }
}

/// An axis counted from the first.
pub(super) fn axis_of(axis: isize, ndim: usize) -> Result<usize, Error> {
    let from_start = if axis < 0 { axis.saturating_add(ndim as isize) } else { axis };
    let found = usize::try_from(from_start).ok().filter(|position| *position < ndim);
    Ok(found.ok_or(nums::Error::AxisOutOfRange { axis, ndim })?)
}

/// A truth value, or what stands for it.
pub(super) fn truth_or(arguments: &Arguments, name: &str, default: bool) -> Result<bool, Error> {
    arguments.given(name).map_or(Ok(default), Value::truth)
}

/// A whole number, or what stands for it.
pub(super) fn int_or(arguments: &Arguments, name: &str, default: i64) -> Result<i64, Error> {
    arguments.given(name).map_or(Ok(default), Value::as_int)
}

/// A float, or what stands for it; waits for a scalar.
pub(super) fn float_or(arguments: &Arguments, name: &str, default: f64) -> Result<f64, Error> {
    let Some(value) = arguments.given(name) else { return Ok(default) };
    to_float(value)?.ok_or_else(|| {
        let message = format!("must be real number, not {}", value.type_name());
        Error::new(Kind::Type, message)
    })
}

/// A text, or what stands for it.
pub(super) fn text_or(arguments: &Arguments, name: &str, default: &str) -> Result<String, Error> {
    match arguments.given(name) {
        None => Ok(default.to_owned()),
        Some(Value::Str(text)) => Ok(text.to_string()),
        Some(other) => {
            let message = format!("'{name}' must be a string, not '{}'", other.type_name());
            Err(Error::new(Kind::Type, message))
        }
    }
}

/// The arrays of a list or tuple, or the rows of an array.
pub(super) fn arrays_of(context: &Context, value: &Value) -> Result<Vec<DistArray>, Error> {
    value.items()?.iter().map(|item| to_array(context, item)).collect()
}

/// NumPy's words for arrays that do not broadcast together.
pub(super) fn misfit(shapes: &[Vec<usize>]) -> Error {
    let shapes: Vec<String> = shapes.iter().map(|shape| shape_text(shape)).collect();
    // The space at the end is NumPy's.
    let message =
        format!("operands could not be broadcast together with shapes {} ", shapes.join(" "));
    Error::new(Kind::Value, message)
}
