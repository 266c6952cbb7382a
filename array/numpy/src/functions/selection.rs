//! Choosing and ordering elements: `where`, `sort`, `take`.

use super::arguments::{array_argument, axis_of, to_array};
use crate::{
    context::Context,
    element::element,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    number::Number,
    operators::{as_number, with_weak},
    scalar::weak,
    subscript::positions as positions_given,
    value::Value,
    wording::shape_text,
};
use nums::{DType, Operand};

const SORT: &[Parameter] = &[
    Parameter::required("a"),
    Parameter::defaulted("axis", "-1"),
    Parameter::optional("kind"),
    Parameter::keyword("stable"),
];
const PARTITION: &[Parameter] = &[
    Parameter::required("a"),
    Parameter::required("kth"),
    Parameter::defaulted("axis", "-1"),
    Parameter::defaulted("kind", "'introselect'"),
];
const TAKE: &[Parameter] =
    &[Parameter::required("a"), Parameter::required("indices"), Parameter::optional("axis")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "argsort",
        parameters: SORT,
        body: |context, arguments| sorted(context, &arguments, true),
    },
    Function {
        name: "argpartition",
        parameters: PARTITION,
        body: |context, arguments| partition(context, &arguments, true),
    },
    Function {
        name: "flatnonzero",
        parameters: &[Parameter::required("a")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "a")?.ravel();
            Ok(positions(context, &array)?.remove(0))
        },
    },
    Function { name: "ix_", parameters: &[Parameter::rest("args")], body: open_mesh },
    Function {
        name: "lexsort",
        parameters: &[Parameter::required("keys"), Parameter::defaulted("axis", "-1")],
        body: lexsort,
    },
    Function {
        name: "nonzero",
        parameters: &[Parameter::required("a")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "a")?;
            Ok(Value::tuple(positions(context, &array)?))
        },
    },
    Function {
        name: "partition",
        parameters: PARTITION,
        body: |context, arguments| partition(context, &arguments, false),
    },
    Function {
        name: "searchsorted",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("v"),
            Parameter::defaulted("side", "'left'"),
            Parameter::optional("sorter"),
        ],
        body: |context, arguments| {
            let right = match arguments.given("side") {
                None => false,
                Some(Value::Str(side)) if side.as_ref() == "left" => false,
                Some(Value::Str(side)) if side.as_ref() == "right" => true,
                Some(other) => {
                    let shown = crate::show::text(other, crate::show::Style::Str)?;
                    let message = format!("search side must be 'left' or 'right' (got '{shown}')");
                    return Err(Error::new(Kind::Value, message));
                }
            };
            let mut array = array_argument(context, &arguments, "a")?;
            if let Some(sorter) =
                arguments.given("sorter").filter(|one| !matches!(one, Value::None))
            {
                let sorter = to_array(context, sorter)?;
                if sorter.size() != array.size() {
                    let message = "sorter.size must be equal to a.size";
                    return Err(Error::new(Kind::Value, message));
                }
                array = array.take_array(&sorter, 0)?;
            }
            let values = array_argument(context, &arguments, "v")?;
            let dtype = nums::result_type(array.dtype(), values.dtype());
            let (array, values) = (array.astype(dtype)?, values.astype(dtype)?);
            Ok(context.computed(array.searchsorted(&values, right)?))
        },
    },
    Function {
        name: "sort",
        parameters: SORT,
        body: |context, arguments| sorted(context, &arguments, false),
    },
    Function {
        name: "sort_complex",
        parameters: &[Parameter::required("a")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "a")?;
            let short = matches!(
                array.dtype(),
                DType::Int8 | DType::Int16 | DType::UInt8 | DType::UInt16 | DType::Float32
            );
            let dtype = match array.dtype() {
                dtype if dtype.is_complex() => dtype,
                _ if short => DType::Complex64,
                _ => DType::Complex128,
            };
            Ok(Value::Array(context.array(array.sort(-1)?.astype(dtype)?)))
        },
    },
    Function { name: "take", parameters: TAKE, body: take },
    Function {
        name: "where",
        parameters: &[
            Parameter::positional("condition"),
            Parameter::optional_positional("x"),
            Parameter::optional_positional("y"),
        ],
        body: |context, arguments| {
            let condition = array_argument(context, &arguments, "condition")?;
            if arguments.given("x").is_none() && arguments.given("y").is_none() {
                return Ok(Value::tuple(positions(context, &condition)?));
            }
            if arguments.given("x").is_none() || arguments.given("y").is_none() {
                let message = "either both or neither of x and y should be given";
                return Err(Error::new(Kind::Value, message));
            }
            let condition = condition.astype(DType::Bool)?;
            // Numbers of Python count as their kind only, those of NumPy as what they are.
            let (x, y) = (arguments.get("x"), arguments.get("y"));
            let operand = |name: &str, other: &Value| -> Result<Operand, Error> {
                let value = arguments.get(name);
                let (Value::Bool(_)
                | Value::Int(_)
                | Value::BigInt(_)
                | Value::Float(_)
                | Value::Complex(_)) = value
                else {
                    return Ok(Operand::Array(array_argument(context, &arguments, name)?));
                };
                let kind = match value {
                    Value::BigInt(_) => DType::Int64,
                    value => as_number(value).map_or(DType::Int64, Number::dtype),
                };
                let dtype = match other {
                    Value::Array(array) => with_weak(array.dtype(), kind),
                    Value::Scalar(scalar) => with_weak(scalar.dtype(), kind),
                    Value::Float(_) | Value::Complex(_) => {
                        as_number(other).map_or(kind, |other| with_weak(other.dtype(), kind))
                    }
                    _ => kind,
                };
                match element(value, dtype)? {
                    Some(number) => Ok(weak(number).into()),
                    None => Ok(Operand::Array(array_argument(context, &arguments, name)?)),
                }
            };
            let (x, y) = (operand("x", y)?, operand("y", x)?);
            let shape = |operand: &Operand| match operand {
                Operand::Array(array) => shape_text(&array.shape()),
                Operand::Scalar(_) => shape_text::<usize>(&[]),
            };
            let shapes = [shape_text(&condition.shape()), shape(&x), shape(&y)].join(" ");
            let chosen = condition.where_(x, y).map_err(|error| match error {
                nums::Error::Shape(_) => {
                    // The space at the end is NumPy's.
                    let message =
                        format!("operands could not be broadcast together with shapes {shapes} ");
                    Error::new(Kind::Value, message)
                }
                other => other.into(),
            })?;
            Ok(context.computed(chosen))
        },
    },
];

pub(super) static METHODS: &[Function] = &[
    Function {
        name: "argsort",
        parameters: SORT,
        body: |context, arguments| sorted(context, &arguments, true),
    },
    Function {
        name: "nonzero",
        parameters: &[Parameter::positional("a")],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "a")?;
            Ok(Value::tuple(positions(context, &array)?))
        },
    },
    Function {
        name: "sort",
        parameters: SORT,
        body: |context, arguments| {
            let sorted = sorted(context, &arguments, false)?;
            if let (Value::Array(array), Value::Array(sorted)) = (arguments.get("a"), sorted) {
                array.write(sorted.read()?)?;
            }
            Ok(Value::None)
        },
    },
    Function { name: "take", parameters: TAKE, body: take },
];

/// `ix_`: lists of positions or truth values, each along an axis of its own.
fn open_mesh(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let lists = &arguments.rest;
    let mut meshes = Vec::with_capacity(lists.len());
    for (axis, list) in lists.iter().enumerate() {
        let array = to_array(context, list)?;
        if array.ndim() != 1 {
            return Err(Error::new(Kind::Value, "Cross index must be 1 dimensional"));
        }
        let positions = match (array.dtype(), array.size()) {
            (_, 0) => array.astype(DType::Int64)?,
            (DType::Bool, _) => match positions(context, &array)?.pop() {
                Some(Value::Array(found)) => found.read()?,
                _ => array,
            },
            _ => array,
        };
        let mut shape = vec![1; lists.len()];
        shape[axis] = -1;
        meshes.push(Value::Array(context.made(positions.reshape(&shape)?)));
    }
    Ok(Value::tuple(meshes))
}

fn sorted(context: &Context, arguments: &Arguments, indices: bool) -> Result<Value, Error> {
    if arguments.given("stable").is_some() && arguments.given("kind").is_some() {
        let message = "`kind` and `stable` parameters can't be provided at the same time. Use only \
                       one of them.";
        return Err(Error::new(Kind::Value, message));
    }
    // Every kind that NumPy knows gives what its stable one gives.
    match arguments.given("kind") {
        None | Some(Value::None) => {}
        Some(Value::Str(kind)) if kind.starts_with(['q', 'h', 'm', 's']) => {}
        Some(other) => {
            let shown = crate::show::text(other, crate::show::Style::Str)?;
            let message =
                format!("sort kind must be one of 'quick', 'heap', or 'stable' (got '{shown}')");
            return Err(Error::new(Kind::Value, message));
        }
    }
    let mut array = array_argument(context, arguments, "a")?;
    if indices && array.ndim() == 0 {
        array = array.ravel();
    }
    let axis = match arguments.given("axis") {
        Some(Value::None) => {
            array = array.ravel();
            0
        }
        Some(axis) => axis.as_int()? as isize,
        None => -1,
    };
    let sorted = if indices { array.argsort(axis)? } else { array.sort(axis)? };
    Ok(Value::Array(context.array(sorted)))
}

/// A sorted array is partitioned at every position.
fn partition(context: &Context, arguments: &Arguments, indices: bool) -> Result<Value, Error> {
    let mut array = array_argument(context, arguments, "a")?;
    let axis = match arguments.given("axis") {
        Some(Value::None) => {
            array = array.ravel();
            0
        }
        Some(axis) => axis_of(axis.as_int()? as isize, array.ndim())?,
        None => axis_of(-1, array.ndim())?,
    };
    let len = array.shape()[axis] as isize;
    for kth in super::arguments::int_arguments(arguments.get("kth"))? {
        if !(-len..len).contains(&kth) {
            let kth = if kth < 0 { kth + len } else { kth };
            return Err(Error::new(Kind::Value, format!("kth(={kth}) out of bounds ({len})")));
        }
    }
    Ok(Value::Array(context.array(match indices {
        true => array.argsort(axis)?,
        false => array.sort(axis)?,
    })))
}

/// By the last key first: stable sorts by the keys from the first to the last.
fn lexsort(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let keys = super::arguments::arrays_of(context, arguments.get("keys"))?;
    let Some(first) = keys.first() else {
        let message = "need sequence of keys with len > 0 in lexsort";
        return Err(Error::new(Kind::Type, message));
    };
    if keys.iter().any(|key| key.shape() != first.shape()) {
        return Err(Error::new(Kind::Value, "all keys need to be the same shape"));
    }
    if first.ndim() == 0 {
        return Ok(Value::Int(0));
    }
    let axis = super::arguments::int_or(&arguments, "axis", -1)? as isize;
    let axis = axis_of(axis, first.ndim())?;
    let mut order = first.argsort(axis)?;
    for key in &keys[1..] {
        let next = key.take_along_axis(&order, axis)?.argsort(axis)?;
        order = order.take_along_axis(&next, axis)?;
    }
    Ok(Value::Array(context.array(order)))
}

fn take(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let mut array = array_argument(context, &arguments, "a")?;
    let axis = match arguments.get("axis") {
        Value::None => {
            array = array.ravel();
            0
        }
        axis => axis.as_int()? as isize,
    };
    if array.ndim() == 0 {
        array = array.ravel();
    }
    let axis = axis_of(axis, array.ndim())?;
    let indices = arguments.get("indices");
    let indices = match indices {
        Value::Tuple(items) => Value::list(items.to_vec()),
        other => other.clone(),
    };
    let (positions, shape) = match positions_given(&indices)? {
        Some(given) => (given.iter().copied().collect(), given.shape().to_vec()),
        None => (vec![indices.as_int()? as isize], Vec::new()),
    };
    if array.shape()[axis] == 0 && !positions.is_empty() {
        let message = "cannot do a non-empty take from an empty axes.";
        return Err(Error::new(Kind::Index, message));
    }
    let taken = array.take(&positions, axis as isize)?;
    let mut lengths = taken.shape();
    lengths.splice(axis..=axis, shape);
    let lengths: Vec<isize> = lengths.into_iter().map(|len| len as isize).collect();
    Ok(context.computed(taken.reshape(&lengths)?))
}

/// Where an array is not zero, an array of positions for each axis. Waits for how many these are.
pub(super) fn positions(context: &Context, array: &nums::DistArray) -> Result<Vec<Value>, Error> {
    if array.ndim() == 0 {
        let mut message = "Calling nonzero on 0d arrays is not allowed. Use \
                           np.atleast_1d(scalar).nonzero() instead."
            .to_owned();
        if array.dtype() == DType::Bool {
            message += " If the context of this error is of the form `arr[nonzero(cond)]`, just use \
                        `arr[cond]`.";
        }
        return Err(Error::new(Kind::Value, message));
    }
    // The positions in C order are chosen on the nodes; only their count is waited for.
    let mask = array.astype(DType::Bool)?.ravel();
    let all = context.session().arange(0, array.size(), 1)?;
    let found = context.wait(all.compress(&mask))?;
    let shape = array.shape();
    let arrays = (0..shape.len()).map(|axis| {
        let step: usize = shape[axis + 1..].iter().product();
        let along = match axis {
            0 => found.try_floor_divide(step.max(1))?,
            _ => found.try_floor_divide(step.max(1))?.try_rem(shape[axis].max(1))?,
        };
        Ok(Value::Array(context.made(along)))
    });
    arrays.collect()
}
