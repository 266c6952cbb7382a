//! The same elements in another order: `flip`, `roll`, `rot90`, `rollaxis`.

use super::arguments::{array_argument, array_of, axes_argument, axis_of, int_arguments, int_or};
use crate::{
    array::Array,
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    value::Value,
};
use nums::{DistArray, Index};

const M: &[Parameter] = &[Parameter::required("m")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "flip",
        parameters: &[Parameter::required("m"), Parameter::optional("axis")],
        body: |context, arguments| {
            let array = array_of(context, arguments.get("m"))?;
            let axes = axes_argument(arguments.get("axis"), array.ndim())?;
            Ok(Value::Array(flipped(&array, &axes)?))
        },
    },
    Function {
        name: "fliplr",
        parameters: M,
        body: |context, arguments| side(context, &arguments, 1),
    },
    Function {
        name: "flipud",
        parameters: M,
        body: |context, arguments| side(context, &arguments, 0),
    },
    Function {
        name: "roll",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("shift"),
            Parameter::optional("axis"),
        ],
        body: roll,
    },
    Function {
        name: "rollaxis",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("axis"),
            Parameter::defaulted("start", "0"),
        ],
        body: |context, arguments| {
            let array = array_of(context, arguments.get("a"))?;
            let ndim = array.ndim();
            let axis = axis_of(arguments.get("axis").as_int()? as isize, ndim)?;
            let given = int_or(&arguments, "start", 0)?;
            let start = if given < 0 { given + ndim as i64 } else { given };
            let start = usize::try_from(start).ok().filter(|start| *start <= ndim);
            let start = start.ok_or_else(|| {
                let message = format!(
                    "'start' arg requires {} <= start < {}, but {given} was passed in",
                    -(ndim as i64),
                    ndim + 1
                );
                Error::new(Kind::Axis, message)
            })?;
            let mut order: Vec<usize> = (0..ndim).filter(|own| *own != axis).collect();
            order.insert(if axis < start { start - 1 } else { start }, axis);
            Ok(Value::Array(array.transpose(&order)?))
        },
    },
    Function {
        name: "rot90",
        parameters: &[
            Parameter::required("m"),
            Parameter::defaulted("k", "1"),
            Parameter::defaulted("axes", "(0, 1)"),
        ],
        body: |context, arguments| {
            let array = array_of(context, arguments.get("m"))?;
            let axes = arguments.given("axes").map_or(Ok(vec![0, 1]), int_arguments)?;
            let [from, to] = axes[..] else {
                return Err(Error::new(Kind::Value, "len(axes) must be 2."));
            };
            let (from, to) = (axis_of(from, array.ndim()), axis_of(to, array.ndim()));
            let (Ok(from), Ok(to)) = (from, to) else {
                let message =
                    format!("Axes={axes:?} out of range for array of ndim={}.", array.ndim());
                return Err(Error::new(Kind::Value, message.replace('[', "(").replace(']', ")")));
            };
            if from == to {
                return Err(Error::new(Kind::Value, "Axes must be different."));
            }
            let mut order: Vec<usize> = (0..array.ndim()).collect();
            order.swap(from, to);
            let turned = match int_or(&arguments, "k", 1)?.rem_euclid(4) {
                0 => flipped(&array, &[])?,
                1 => flipped(&array, &[to])?.transpose(&order)?,
                2 => flipped(&array, &[from, to])?,
                _ => flipped(&array.transpose(&order)?, &[to])?,
            };
            Ok(Value::Array(turned))
        },
    },
];

/// A view with axes in reverse order.
fn flipped(array: &Array, axes: &[usize]) -> Result<Array, Error> {
    let index = |axis| {
        let step = if axes.contains(&axis) { -1 } else { 1 };
        Index::Slice { start: None, stop: None, step }
    };
    array.index((0..array.ndim()).map(index).collect())
}

fn side(context: &Context, arguments: &Arguments, axis: usize) -> Result<Value, Error> {
    let array = array_of(context, arguments.get("m"))?;
    if array.ndim() <= axis {
        return Err(Error::new(Kind::Value, format!("Input must be >= {}-d.", axis + 1)));
    }
    Ok(Value::Array(flipped(&array, &[axis])?))
}

fn roll(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_argument(context, &arguments, "a")?;
    let shifts = int_arguments(arguments.get("shift"))?;
    let rolled = match arguments.get("axis") {
        Value::None => {
            let lengths: Vec<isize> = array.shape().iter().map(|len| *len as isize).collect();
            let shift = shifts.iter().fold(0, |sum: isize, shift| sum.wrapping_add(*shift));
            array.ravel().roll(shift, 0)?.reshape(&lengths)?
        }
        axes => {
            let axes = int_arguments(axes)?;
            let axes = axes.into_iter().map(|axis| axis_of(axis, array.ndim()));
            let axes = axes.collect::<Result<Vec<_>, _>>()?;
            let count = shifts.len().max(axes.len());
            if [shifts.len(), axes.len()].iter().any(|len| *len != 1 && *len != count) {
                let message = "'shift' and 'axis' should be scalars or 1D sequences";
                return Err(Error::new(Kind::Value, message));
            }
            let pick = |list: &[isize], at: usize| list[if list.len() == 1 { 0 } else { at }];
            (0..count).try_fold(array, |array, at| -> Result<DistArray, Error> {
                let axis = axes[if axes.len() == 1 { 0 } else { at }];
                Ok(array.roll(pick(&shifts, at), axis)?)
            })?
        }
    };
    Ok(Value::Array(context.array(rolled)))
}
