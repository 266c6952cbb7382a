//! Elements that masks and positions choose, read and written.

use super::{
    arguments::{
        array_argument, arrays_of, axis_of, int_or, misfit, one_axis, shape_argument, text_or,
        to_array,
    },
    elementwise::keep_in_range,
    mesh::common_shape,
    selection::positions,
};
use crate::{
    array::Array,
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    operators::keeps_kind,
    subscript::{assign, item},
    value::Value,
    wording::shape_text,
};
use nums::{DType, DistArray};

const PUT: &[Parameter] = &[
    Parameter::required("a"),
    Parameter::required("ind"),
    Parameter::required("v"),
    Parameter::defaulted("mode", "'raise'"),
];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "argwhere",
        parameters: &[Parameter::required("a")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "a")?;
            if array.ndim() == 0 {
                let held = context.lazy(array).value()?.truth();
                let made = context.session().full_dtype([usize::from(held), 0], 0, DType::Int64)?;
                return Ok(Value::Array(context.array(made)));
            }
            let found = arrays_of(context, &Value::list(positions(context, &array)?))?;
            Ok(Value::Array(context.array(nums::stack(&found, 1)?)))
        },
    },
    Function {
        name: "choose",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("choices"),
            Parameter::optional("out"),
            Parameter::defaulted("mode", "'raise'"),
        ],
        body: choose,
    },
    Function {
        name: "compress",
        parameters: &[
            Parameter::required("condition"),
            Parameter::required("a"),
            Parameter::optional("axis"),
        ],
        body: compress,
    },
    Function {
        name: "copyto",
        parameters: &[
            Parameter::required("dst"),
            Parameter::required("src"),
            Parameter::defaulted("casting", "'same_kind'"),
            Parameter::defaulted("where", "True"),
        ],
        body: copy_to,
    },
    Function {
        name: "extract",
        parameters: &[Parameter::required("condition"), Parameter::required("arr")],
        body: |context, arguments| {
            let condition = array_argument(context, &arguments, "condition")?.ravel();
            let array = array_argument(context, &arguments, "arr")?.ravel();
            masked(context, &array, &condition)
        },
    },
    Function {
        name: "place",
        parameters: &[
            Parameter::required("arr"),
            Parameter::required("mask"),
            Parameter::required("vals"),
        ],
        body: place,
    },
    Function { name: "put", parameters: PUT, body: put },
    Function {
        name: "put_along_axis",
        parameters: &[
            Parameter::required("arr"),
            Parameter::required("indices"),
            Parameter::required("values"),
            Parameter::required("axis"),
        ],
        body: |context, arguments| {
            let Value::Array(array) = arguments.get("arr") else { return Err(no_array()) };
            let indices = along(context, &arguments, array)?;
            let (array, index) = match arguments.get("axis") {
                Value::None => (array.reshape(&[-1])?, Value::Array(context.array(indices))),
                _ => (array.clone(), along_axis(context, &arguments, array, indices)?),
            };
            assign(&array, &index, arguments.get("values"))?;
            Ok(Value::None)
        },
    },
    Function {
        name: "putmask",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("mask"),
            Parameter::required("values"),
        ],
        body: |context, arguments| {
            let Value::Array(array) = arguments.get("a") else { return Err(no_array()) };
            let mask = array_argument(context, &arguments, "mask")?.astype(DType::Bool)?;
            let present = array.read()?;
            if mask.size() != present.size() {
                let message = "putmask: mask and data must be the same size";
                return Err(Error::new(Kind::Value, message));
            }
            let mask = mask.reshape(&present.shape())?;
            let values = array_argument(context, &arguments, "values")?;
            let values = match values.size() {
                0 => return Ok(Value::None),
                1 => values.reshape(())?,
                // The values are repeated over all places, chosen or not.
                own => {
                    let count = present.size();
                    let stop = Some(count as isize);
                    let whole = nums::Index::Slice { start: None, stop, step: 1 };
                    let all = values.ravel().tile([count.div_ceil(own)])?.index(&[whole])?;
                    all.reshape(&present.shape())?
                }
            };
            let values = values.astype(array.dtype())?;
            array.write(mask.where_(&values, &present)?)?;
            Ok(Value::None)
        },
    },
    Function {
        name: "ravel_multi_index",
        parameters: &[
            Parameter::required("multi_index"),
            Parameter::required("dims"),
            Parameter::defaulted("mode", "'raise'"),
            Parameter::defaulted("order", "'C'"),
        ],
        body: ravel_multi_index,
    },
    Function {
        name: "select",
        parameters: &[
            Parameter::required("condlist"),
            Parameter::required("choicelist"),
            Parameter::defaulted("default", "0"),
        ],
        body: select,
    },
    Function {
        name: "take_along_axis",
        parameters: &[
            Parameter::required("arr"),
            Parameter::required("indices"),
            Parameter::defaulted("axis", "-1"),
        ],
        body: take_along_axis,
    },
    Function {
        name: "unravel_index",
        parameters: &[
            Parameter::required("indices"),
            Parameter::required("shape"),
            Parameter::defaulted("order", "'C'"),
        ],
        body: unravel_index,
    },
];

pub(super) static METHODS: &[Function] = &[
    Function {
        name: "choose",
        parameters: &[
            Parameter::positional("a"),
            Parameter::required("choices"),
            Parameter::optional("out"),
            Parameter::defaulted("mode", "'raise'"),
        ],
        body: choose,
    },
    Function {
        name: "compress",
        parameters: &[
            Parameter::positional("a"),
            Parameter::required("condition"),
            Parameter::optional("axis"),
        ],
        body: compress,
    },
    Function {
        name: "put",
        parameters: &[
            Parameter::positional("a"),
            Parameter::required("ind"),
            Parameter::required("v"),
            Parameter::defaulted("mode", "'raise'"),
        ],
        body: put,
    },
];

fn no_array() -> Error {
    Error::new(Kind::Type, "the first argument must be an array, which is written to")
}

/// `array[mask]` of lines of equal length, or a shorter mask.
fn masked(context: &Context, array: &DistArray, mask: &DistArray) -> Result<Value, Error> {
    let found = positions(context, &mask.astype(DType::Bool)?)?;
    item(&context.array(array.clone()), &Value::tuple(found))
}

fn compress(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let condition = array_argument(context, &arguments, "condition")?;
    if condition.ndim() != 1 {
        return Err(Error::new(Kind::Value, "condition must be a 1-d array"));
    }
    let mut array = array_argument(context, &arguments, "a")?;
    let axis = match arguments.get("axis") {
        Value::None => {
            array = array.ravel();
            0
        }
        axis => axis_of(one_axis(axis)?, array.ndim())?,
    };
    let found = positions(context, &condition)?.pop().unwrap_or_default();
    let mut index = vec![Value::Slice([Value::None, Value::None, Value::None].into()); axis];
    index.push(found);
    item(&context.array(array), &Value::tuple(index))
}

/// Positions along an axis, with the index of each element on the other axes.
fn along_axis(
    context: &Context,
    arguments: &Arguments,
    array: &Array,
    indices: DistArray,
) -> Result<Value, Error> {
    let axis = axis_of(int_or(arguments, "axis", -1)? as isize, array.ndim())?;
    let shape = array.shape().to_vec();
    let index = (0..shape.len()).map(|own| {
        if own == axis {
            return Ok(Value::Array(context.array(indices.clone())));
        }
        let mut lengths = vec![1; shape.len()];
        lengths[own] = -1;
        let line = context.session().arange(0, shape[own], 1)?.reshape(&lengths)?;
        Ok(Value::Array(context.array(line)))
    });
    Ok(Value::tuple(index.collect::<Result<Vec<_>, Error>>()?))
}

/// The positions of `take_along_axis` and `put_along_axis`.
fn along(context: &Context, arguments: &Arguments, array: &Array) -> Result<DistArray, Error> {
    let indices = array_argument(context, arguments, "indices")?;
    if !indices.dtype().is_integer() {
        return Err(Error::new(Kind::Index, "`indices` must be an integer array"));
    }
    let whole = matches!(arguments.given("axis"), Some(Value::None));
    let ndim = if whole { 1 } else { array.ndim() };
    if indices.ndim() != ndim {
        let message = match whole {
            true => "when axis=None, `indices` must have a single dimension.".to_owned(),
            false => "`indices` and `arr` must have the same number of dimensions".to_owned(),
        };
        return Err(Error::new(Kind::Value, message));
    }
    Ok(indices)
}

fn take_along_axis(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = super::arguments::array_of(context, arguments.get("arr"))?;
    let indices = along(context, &arguments, &array)?;
    let (array, axis) = match arguments.given("axis") {
        Some(Value::None) => (array.read()?.ravel(), 0),
        _ => (array.read()?, axis_of(int_or(&arguments, "axis", -1)? as isize, array.ndim())?),
    };
    // The other axes are broadcast together.
    let spread = |array: &DistArray, shape: &[usize]| {
        let mut own = shape.to_vec();
        own[axis] = array.shape()[axis];
        array.broadcast_to(&own)
    };
    let alike = |array: &DistArray| {
        let mut shape = array.shape();
        shape[axis] = 1;
        shape
    };
    let shape = common_shape(&[alike(&array), alike(&indices)])?;
    let (array, indices) = (spread(&array, &shape)?, spread(&indices, &shape)?);
    Ok(Value::Array(context.array(array.take_along_axis(&indices, axis)?)))
}

fn put(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let Value::Array(array) = arguments.get("a") else { return Err(no_array()) };
    let indices = array_argument(context, &arguments, "ind")?.ravel();
    let indices = in_range(&arguments, indices, array.size())?;
    let values = array_argument(context, &arguments, "v")?.ravel();
    let count = indices.size();
    let values = match values.size() {
        0 => return Ok(Value::None),
        1 => values.reshape(())?,
        own => {
            let stop = Some(count as isize);
            let whole = nums::Index::Slice { start: None, stop, step: 1 };
            values.tile([count.div_ceil(own)])?.index(&[whole])?
        }
    };
    let present = array.read()?;
    let line = context.array(present.ravel());
    let index = Value::Array(context.array(indices));
    assign(&line, &index, &Value::Array(context.array(values.astype(array.dtype())?)))?;
    array.write(line.read()?.reshape(&present.shape())?)?;
    Ok(Value::None)
}

/// Positions by the rule of `mode`: those outside are refused, wrapped around, or put at an end.
fn in_range(arguments: &Arguments, at: DistArray, len: usize) -> Result<DistArray, Error> {
    let at = at.astype(DType::Int64)?;
    match text_or(arguments, "mode", "raise")?.as_str() {
        "raise" => Ok(at),
        mode => keep_in_range(&at, len, mode),
    }
}

fn choose(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    if !matches!(arguments.get("out"), Value::None) {
        return Err(Error::unsupported("`out` of choose is"));
    }
    let at = array_argument(context, &arguments, "a")?;
    let choices = arrays_of(context, arguments.get("choices"))?;
    if choices.is_empty() {
        return Err(Error::new(Kind::Value, "need at least one array to choose from"));
    }
    if !(at.dtype().is_integer() || at.dtype() == DType::Bool) {
        let message = format!(
            "Cannot cast array data from dtype('{}') to dtype('int64') according to the rule 'safe'",
            at.dtype()
        );
        return Err(Error::new(Kind::Type, message));
    }
    let at = in_range(&arguments, at, choices.len())?;
    if text_or(&arguments, "mode", "raise")? == "raise" {
        let outside = at.try_less(0)?.try_bitor(at.try_greater_equal(choices.len() as i64)?)?;
        if context.lazy(outside.any()).value()?.truth() {
            return Err(Error::new(Kind::Value, "invalid entry in choice array"));
        }
    }
    let dtype = nums::common_type(choices.iter().map(DistArray::dtype)).unwrap_or(DType::Int64);
    let shapes: Vec<_> =
        std::iter::once(at.shape()).chain(choices.iter().map(DistArray::shape)).collect();
    let shape = common_shape(&shapes).map_err(|_| {
        let message = "shape mismatch: objects cannot be broadcast to a single shape";
        Error::new(Kind::Value, message)
    })?;
    let mut chosen = choices[0].astype(dtype)?.broadcast_to(&shape)?;
    for (position, choice) in choices.iter().enumerate().skip(1) {
        chosen = at.try_equal(position as i64)?.where_(choice.astype(dtype)?, &chosen)?;
    }
    Ok(context.computed(chosen))
}

fn select(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let conditions = arrays_of(context, arguments.get("condlist"))?;
    let choices = arrays_of(context, arguments.get("choicelist"))?;
    if conditions.len() != choices.len() {
        let message = "list of cases must be same length as list of conditions";
        return Err(Error::new(Kind::Value, message));
    }
    if conditions.is_empty() {
        let message = "select with an empty condition list is not possible";
        return Err(Error::new(Kind::Value, message));
    }
    if let Some((at, wrong)) =
        conditions.iter().enumerate().find(|(_, condition)| condition.dtype() != DType::Bool)
    {
        let message = format!(
            "invalid entry {at} in condlist: should be boolean ndarray, but has dtype {}",
            wrong.dtype()
        );
        return Err(Error::new(Kind::Type, message));
    }
    let default = match arguments.given("default") {
        Some(default) => to_array(context, default)?,
        None => context.session().full((), 0)?,
    };
    // A number of Python counts as its kind only.
    let weak = matches!(arguments.get("default"), Value::None | Value::Int(_) | Value::Bool(_));
    let given = choices.iter().map(DistArray::dtype);
    let dtype = match weak {
        true => nums::common_type(given.clone()),
        false => nums::common_type(given.chain([default.dtype()])),
    };
    let dtype = match dtype.unwrap_or(DType::Int64) {
        DType::Bool if weak && !matches!(arguments.get("default"), Value::Bool(_)) => DType::Int64,
        dtype => dtype,
    };
    let shapes: Vec<_> = conditions.iter().chain(&choices).map(DistArray::shape).collect();
    let shape = common_shape(&shapes)?;
    let mut chosen = default.astype(dtype)?.broadcast_to(&shape)?;
    for (condition, choice) in conditions.iter().zip(&choices).rev() {
        chosen = condition.where_(choice.astype(dtype)?, &chosen)?;
    }
    Ok(context.computed(chosen))
}

fn copy_to(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let Value::Array(array) = arguments.get("dst") else { return Err(no_array()) };
    let source = array_argument(context, &arguments, "src")?;
    let weak = matches!(arguments.get("src"), Value::Bool(_) | Value::Int(_) | Value::Float(_));
    let casting = text_or(&arguments, "casting", "same_kind")?;
    let allowed = match casting.as_str() {
        "unsafe" => true,
        "same_kind" => weak || keeps_kind(source.dtype(), array.dtype()),
        other => weak || super::can_cast(source.dtype(), array.dtype(), other),
    };
    if !allowed {
        let message = format!(
            "Cannot cast array data from dtype('{}') to dtype('{}') according to the rule \
             '{casting}'",
            source.dtype(),
            array.dtype()
        );
        return Err(Error::new(Kind::Type, message));
    }
    let present = array.read()?;
    let spread = |given: &DistArray| {
        given.broadcast_to(&present.shape()).map_err(|_| {
            let message = format!(
                "could not broadcast input array from shape {} into shape {}",
                shape_text(&given.shape()),
                shape_text(&present.shape())
            );
            Error::new(Kind::Value, message)
        })
    };
    let value = spread(&source.astype(array.dtype())?)?;
    let value = match arguments.given("where") {
        None | Some(Value::Bool(true)) => value,
        Some(mask) => {
            let mask = to_array(context, mask)?.astype(DType::Bool)?;
            spread(&mask)?.where_(&value, &present)?
        }
    };
    array.write(value)?;
    Ok(Value::None)
}

fn place(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let Value::Array(array) = arguments.get("arr") else {
        let given = arguments.get("arr").type_name();
        let message = format!("argument 1 must be numpy.ndarray, not {given}");
        return Err(Error::new(Kind::Type, message));
    };
    let mask = array_argument(context, &arguments, "mask")?.astype(DType::Bool)?;
    if mask.size() != array.size() {
        let message = "place: mask and data must be the same size";
        return Err(Error::new(Kind::Value, message));
    }
    let values = array_argument(context, &arguments, "vals")?.ravel();
    let found = positions(context, &mask.ravel())?.pop().unwrap_or_default();
    let count = super::to_array(context, &found)?.size();
    if count == 0 {
        return Ok(Value::None);
    }
    if values.size() == 0 {
        return Err(Error::new(Kind::Value, "Cannot insert from an empty array!"));
    }
    let stop = Some(count as isize);
    let whole = nums::Index::Slice { start: None, stop, step: 1 };
    let values = values.tile([count.div_ceil(values.size())])?.index(&[whole])?;
    let present = array.read()?;
    let line = context.array(present.ravel());
    assign(&line, &found, &Value::Array(context.array(values.astype(array.dtype())?)))?;
    array.write(line.read()?.reshape(&present.shape())?)?;
    Ok(Value::None)
}

/// Whether axes are counted from the last, which varies fastest, or from the first.
fn order(arguments: &Arguments, shape: &[usize]) -> Result<Vec<(usize, usize)>, Error> {
    let mut strides = vec![(0, 0); shape.len()];
    let mut step: usize = 1;
    let mut visit = |axis: usize| {
        strides[axis] = (step, shape[axis]);
        step = step.saturating_mul(shape[axis]);
    };
    match text_or(arguments, "order", "C")?.as_str() {
        "C" => (0..shape.len()).rev().for_each(&mut visit),
        "F" => (0..shape.len()).for_each(&mut visit),
        _ => return Err(Error::new(Kind::Value, "only 'C' or 'F' order is permitted")),
    }
    Ok(strides)
}

fn unravel_index(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let indices = array_argument(context, &arguments, "indices")?;
    let shape = shape_argument(arguments.get("shape"))?;
    let size: usize = shape.iter().product();
    if !indices.dtype().is_integer() && indices.size() > 0 {
        return Err(Error::new(Kind::Type, "only int indices permitted"));
    }
    let at = indices.astype(DType::Int64)?;
    let outside = at.try_less(0)?.try_bitor(at.try_greater_equal(size as i64)?)?;
    if at.size() > 0 && context.lazy(outside.any()).value()?.truth() {
        let elements = context.array(at.clone()).elements()?;
        let wrong = elements.iter().filter_map(|number| number.as_integer());
        let wrong = wrong.into_iter().find(|at| *at < 0 || *at >= size as i128).unwrap_or(0);
        let message = format!("index {wrong} is out of bounds for array with size {size}");
        return Err(Error::new(Kind::Value, message));
    }
    let parts = order(&arguments, &shape)?.into_iter().map(|(step, len)| {
        let part = at.try_floor_divide(step.max(1) as i64)?.try_rem(len.max(1) as i64)?;
        Ok(context.computed(part))
    });
    Ok(Value::tuple(parts.collect::<Result<Vec<_>, Error>>()?))
}

fn ravel_multi_index(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let given = arrays_of(context, arguments.get("multi_index"))?;
    let shape = shape_argument(arguments.get("dims"))?;
    if given.len() != shape.len() {
        let message = format!("parameter multi_index must be a sequence of length {}", shape.len());
        return Err(Error::new(Kind::Value, message));
    }
    let modes: Vec<String> = match arguments.given("mode") {
        Some(Value::Tuple(modes) | Value::List(modes)) => modes
            .iter()
            .map(|mode| match mode {
                Value::Str(mode) => Ok(mode.to_string()),
                _ => Err(Error::new(Kind::Type, "mode must be a string")),
            })
            .collect::<Result<_, _>>()?,
        _ => vec![text_or(&arguments, "mode", "raise")?; shape.len()],
    };
    let shapes: Vec<_> = given.iter().map(DistArray::shape).collect();
    common_shape(&shapes).map_err(|_| misfit(&shapes))?;
    let mut sum: Option<DistArray> = None;
    for ((index, (step, len)), mode) in given.iter().zip(order(&arguments, &shape)?).zip(&modes) {
        let at = index.astype(DType::Int64)?;
        let at = match mode.as_str() {
            "raise" => {
                let outside = at.try_less(0)?.try_bitor(at.try_greater_equal(len as i64)?)?;
                if at.size() > 0 && context.lazy(outside.any()).value()?.truth() {
                    return Err(Error::new(Kind::Value, "invalid entry in coordinates array"));
                }
                at
            }
            mode => keep_in_range(&at, len, mode)?,
        };
        let part = at.try_mul(step as i64)?;
        sum = Some(match sum {
            Some(sum) => sum.try_add(&part)?,
            None => part,
        });
    }
    match sum {
        Some(sum) => Ok(context.computed(sum)),
        None => Ok(Value::Int(0)),
    }
}
