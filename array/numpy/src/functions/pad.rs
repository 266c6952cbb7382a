//! Padding at the ends of axes.

use super::arguments::{array_argument, text_or};
use crate::{
    context::Context,
    element::element,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    number::Number,
    scalar::weak,
    value::Value,
};
use nums::{DistArray, Index, Pad};

pub(super) static FUNCTIONS: &[Function] = &[Function {
    name: "pad",
    parameters: &[
        Parameter::required("array"),
        Parameter::required("pad_width"),
        Parameter::defaulted("mode", "'constant'"),
        Parameter::keyword("constant_values"),
        Parameter::keyword("end_values"),
        Parameter::keyword("stat_length"),
        Parameter::keyword("reflect_type"),
    ],
    body: pad,
}];

fn pad(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_argument(context, &arguments, "array")?;
    let ndim = array.ndim();
    let widths = pairs(context, arguments.get("pad_width"), &array)?
        .into_iter()
        .map(|pair| {
            pair.map(|number| number.as_integer().and_then(|whole| i64::try_from(whole).ok()))
        })
        .map(|pair| match pair {
            [Some(before), Some(after)] => Ok([before, after]),
            _ => {
                let message = "`pad_width` must be of integral type.";
                Err(Error::new(Kind::Type, message))
            }
        })
        .collect::<Result<Vec<_>, _>>()?;
    let lengths = widths
        .iter()
        .map(|[before, after]| usize::try_from(*before).ok().zip(usize::try_from(*after).ok()));
    let widths: Vec<(usize, usize)> = lengths
        .collect::<Option<_>>()
        .ok_or_else(|| Error::new(Kind::Value, "index can't contain negative values"))?;
    let mode = text_or(&arguments, "mode", "constant")?;
    let allowed: &[&str] = match mode.as_str() {
        "constant" => &["constant_values"],
        "linear_ramp" => &["end_values"],
        "maximum" | "mean" | "median" | "minimum" => &["stat_length"],
        "reflect" | "symmetric" => &["reflect_type"],
        "edge" | "wrap" | "empty" => &[],
        other => {
            return Err(Error::new(Kind::Value, format!("mode '{other}' is not supported")));
        }
    };
    for name in ["constant_values", "end_values", "stat_length", "reflect_type"] {
        if arguments.given(name).is_some() && !allowed.contains(&name) {
            let message = format!("unsupported keyword arguments for mode '{mode}': {{'{name}'}}");
            return Err(Error::new(Kind::Value, message));
        }
    }
    if let Some(Value::Str(kind)) = arguments.given("reflect_type")
        && kind.as_ref() != "even"
    {
        return Err(Error::unsupported("`pad` with reflect_type='odd' is"));
    }
    let empty = (0..ndim).find(|axis| array.shape()[*axis] == 0 && widths[*axis] != (0, 0));
    if let Some(axis) = empty.filter(|_| !matches!(mode.as_str(), "constant" | "empty")) {
        let message =
            format!("can't extend empty axis {axis} using modes other than 'constant' or 'empty'");
        return Err(Error::new(Kind::Value, message));
    }
    let padded = match mode.as_str() {
        "constant" | "empty" => {
            let values = match arguments.given("constant_values") {
                Some(values) => pairs(context, values, &array)?,
                None => vec![[Number::Bool(false); 2]; ndim],
            };
            let dtype = array.dtype();
            let axes = widths.iter().zip(&values).enumerate();
            axes.into_iter().try_fold(array, |array, (axis, ((before, after), values))| {
                let side = |array: &DistArray, number: Number, width| {
                    let mut only = vec![(0, 0); ndim];
                    only[axis] = width;
                    let number = element(&Value::number(number), dtype)?;
                    let number = number.map_or(nums::Scalar::Int(0), weak);
                    Ok::<_, Error>(array.pad(&only, Pad::Constant(number))?)
                };
                side(&side(&array, values[0], (*before, 0))?, values[1], (0, *after))
            })?
        }
        "edge" => array.pad(&widths, Pad::Edge)?,
        "reflect" => array.pad(&widths, Pad::Reflect)?,
        "symmetric" => array.pad(&widths, Pad::Symmetric)?,
        "wrap" => array.pad(&widths, Pad::Wrap)?,
        "linear_ramp" => ramp(context, &arguments, array, &widths)?,
        statistic => by_statistic(context, &arguments, array, &widths, statistic)?,
    };
    Ok(Value::Array(context.array(padded)))
}

/// Two numbers for each axis: of one number, of one pair, or of a pair for each axis.
fn pairs(context: &Context, value: &Value, array: &DistArray) -> Result<Vec<[Number; 2]>, Error> {
    let ndim = array.ndim();
    let given = context.array(super::to_array(context, value)?);
    let shape = given.shape().to_vec();
    let numbers: Vec<Number> = given.elements()?.iter().copied().collect();
    let misfit = || {
        let message = format!(
            "operands could not be broadcast together with remapped shapes [original->remapped]: \
             {} and requested shape ({ndim},2)",
            crate::wording::shape_text(&shape)
        );
        Error::new(Kind::Value, message)
    };
    Ok(match (shape.as_slice(), numbers.as_slice()) {
        (_, [one]) => vec![[*one, *one]; ndim],
        ([2] | [1, 2], [before, after]) => vec![[*before, *after]; ndim],
        ([rows, 1], each) if *rows == ndim => each.iter().map(|one| [*one, *one]).collect(),
        ([rows, 2], each) if *rows == ndim => {
            each.chunks(2).map(|pair| [pair[0], pair[1]]).collect()
        }
        _ => return Err(misfit()),
    })
}

/// The ends of an axis, `count` elements each.
fn end(array: &DistArray, axis: usize, count: usize, last: bool) -> Result<DistArray, nums::Error> {
    let len = array.shape()[axis];
    let count = count.min(len) as isize;
    let mut index = vec![Index::Slice { start: None, stop: None, step: 1 }; axis];
    index.push(match last {
        false => Index::Slice { start: None, stop: Some(count), step: 1 },
        true => Index::Slice { start: Some(len as isize - count), stop: None, step: 1 },
    });
    array.index(&index)
}

/// Numbers at equal distances from the elements at the ends to other numbers.
fn ramp(
    context: &Context,
    arguments: &Arguments,
    array: DistArray,
    widths: &[(usize, usize)],
) -> Result<DistArray, Error> {
    let ends = match arguments.given("end_values") {
        Some(values) => pairs(context, values, &array)?,
        None => vec![[Number::Int(0, nums::DType::Int64); 2]; array.ndim()],
    };
    let dtype = array.dtype();
    let mut padded = array;
    for (axis, (width, ends)) in widths.iter().zip(ends).enumerate() {
        let side = |array: &DistArray, width: usize, number: Number, last: bool| {
            let mut lengths = vec![1; array.ndim()];
            lengths[axis] = -1;
            let edge = end(array, axis, 1, last)?.astype(nums::DType::Float64)?;
            // From the far number to the edge, which is left out.
            let share = context.session().arange(0, width, 1)?.try_div(width as f64)?;
            let share = if last { share.flip(0)? } else { share }.reshape(&lengths)?;
            let far = number.as_f64();
            let steps = edge.try_sub(far)?.try_mul(&share)?.try_add(far)?;
            let steps = if dtype.is_integer() { steps.floor() } else { steps };
            steps.astype(dtype)
        };
        let before = side(&padded, width.0.max(1), ends[0], false)?;
        let after = side(&padded, width.1.max(1), ends[1], true)?;
        padded = joined(axis, *width, before, padded, after)?;
    }
    Ok(padded)
}

/// The array between two parts, of which one of no width is left out.
fn joined(
    axis: usize,
    width: (usize, usize),
    before: DistArray,
    array: DistArray,
    after: DistArray,
) -> Result<DistArray, nums::Error> {
    let mut parts = vec![array];
    if width.0 > 0 {
        parts.insert(0, before);
    }
    if width.1 > 0 {
        parts.push(after);
    }
    nums::concatenate(&parts, axis)
}

/// A statistic of the elements near each end.
fn by_statistic(
    context: &Context,
    arguments: &Arguments,
    array: DistArray,
    widths: &[(usize, usize)],
    statistic: &str,
) -> Result<DistArray, Error> {
    let lengths = match arguments.given("stat_length") {
        None | Some(Value::None) => None,
        Some(lengths) => Some(pairs(context, lengths, &array)?),
    };
    let dtype = array.dtype();
    let mut padded = array;
    for (axis, width) in widths.iter().enumerate() {
        let side = |array: &DistArray, width: usize, last: bool| -> Result<DistArray, Error> {
            let count = match &lengths {
                Some(lengths) => lengths[axis][usize::from(last)].as_integer().unwrap_or(0),
                None => i128::from(u32::MAX),
            };
            let near = end(array, axis, usize::try_from(count).unwrap_or(0), last)?;
            let kept = near.keepdims();
            let value = match statistic {
                "maximum" => kept.max_axis(axis)?,
                "minimum" => kept.min_axis(axis)?,
                "mean" => kept.mean_axis(axis)?,
                _ => near.median_axis(axis)?.expand_dims(axis)?,
            };
            let value = if dtype.is_integer() && value.dtype() != dtype {
                value.rint().astype(dtype)?
            } else {
                value.astype(dtype)?
            };
            let mut shape = array.shape();
            shape[axis] = width;
            Ok(value.broadcast_to(&shape)?)
        };
        let (before, after) = (side(&padded, width.0, false)?, side(&padded, width.1, true)?);
        padded = joined(axis, *width, before, padded, after)?;
    }
    Ok(padded)
}
