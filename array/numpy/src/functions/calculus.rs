//! Differences, slopes and areas of neighbours; sums over windows; values between points.

use super::arguments::{array_argument, axis_of, float_or, int_or, one_axis, text_or, to_array};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    numbers::to_float,
    value::Value,
};
use nums::{DType, DistArray, Index, Operand, Overlap};

const MODE: &[Parameter] =
    &[Parameter::required("a"), Parameter::required("v"), Parameter::defaulted("mode", "'full'")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "convolve",
        parameters: MODE,
        body: |context, arguments| {
            let mode = overlap(&arguments, "full")?;
            let (a, v) = lines(context, &arguments, "a", "v")?;
            Ok(context.computed(a.convolve(&v, mode)?))
        },
    },
    Function {
        name: "correlate",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("v"),
            Parameter::defaulted("mode", "'valid'"),
        ],
        body: |context, arguments| {
            let mode = overlap(&arguments, "valid")?;
            let (a, v) = lines(context, &arguments, "a", "v")?;
            Ok(context.computed(a.correlate(&v, mode)?))
        },
    },
    Function {
        name: "diff",
        parameters: &[
            Parameter::required("a"),
            Parameter::defaulted("n", "1"),
            Parameter::defaulted("axis", "-1"),
            Parameter::optional("prepend"),
            Parameter::optional("append"),
        ],
        body: diff,
    },
    Function {
        name: "ediff1d",
        parameters: &[
            Parameter::required("ary"),
            Parameter::optional("to_end"),
            Parameter::optional("to_begin"),
        ],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "ary")?.ravel();
            if array.dtype() == DType::Bool {
                return Err(Error::new(
                    Kind::Type,
                    crate::wording::undefined("subtract", DType::Bool),
                ));
            }
            let dtype = array.dtype();
            let mut parts = vec![array.diff()?];
            for (name, at) in [("to_begin", 0), ("to_end", 1)] {
                if let Some(value) = arguments.given(name).filter(|one| !matches!(one, Value::None))
                {
                    let edge = to_array(context, value)?.ravel();
                    if !super::can_cast(edge.dtype(), dtype, "same_kind") {
                        let message = format!(
                            "dtype of `{name}` must be compatible with input `ary` under the \
                             `same_kind` rule."
                        );
                        return Err(Error::new(Kind::Type, message));
                    }
                    parts.insert(if at == 0 { 0 } else { parts.len() }, edge.astype(dtype)?);
                }
            }
            Ok(Value::Array(context.array(nums::concatenate(&parts, 0)?)))
        },
    },
    Function {
        name: "gradient",
        parameters: &[
            Parameter::required("f"),
            Parameter::rest("varargs"),
            Parameter::keyword("axis"),
            Parameter::keyword_defaulted("edge_order", "1"),
        ],
        body: gradient,
    },
    Function {
        name: "interp",
        parameters: &[
            Parameter::required("x"),
            Parameter::required("xp"),
            Parameter::required("fp"),
            Parameter::optional("left"),
            Parameter::optional("right"),
            Parameter::optional("period"),
        ],
        body: interp,
    },
    Function {
        name: "trapezoid",
        parameters: &[
            Parameter::required("y"),
            Parameter::optional("x"),
            Parameter::defaulted("dx", "1.0"),
            Parameter::defaulted("axis", "-1"),
        ],
        body: |context, arguments| {
            let y = array_argument(context, &arguments, "y")?;
            let axis = axis_of(int_or(&arguments, "axis", -1)? as isize, y.ndim())?;
            let spacing = match arguments.get("x") {
                Value::None => Operand::from(float_or(&arguments, "dx", 1.0)?),
                x => Operand::Array(to_array(context, x)?),
            };
            let y = if y.dtype() == DType::Bool { y.astype(DType::Float64)? } else { y };
            Ok(context.computed(y.trapezoid(spacing, axis)?))
        },
    },
    Function {
        name: "unwrap",
        parameters: &[
            Parameter::required("p"),
            Parameter::optional("discont"),
            Parameter::defaulted("axis", "-1"),
            Parameter::keyword_defaulted("period", "6.283185307179586"),
        ],
        body: unwrap,
    },
];

fn overlap(arguments: &Arguments, default: &str) -> Result<Overlap, Error> {
    match text_or(arguments, "mode", default)?.as_str() {
        "full" => Ok(Overlap::Full),
        "same" => Ok(Overlap::Same),
        "valid" => Ok(Overlap::Valid),
        other => {
            let message = format!("mode must be one of 'valid', 'same', or 'full' (got '{other}')");
            Err(Error::new(Kind::Value, message))
        }
    }
}

/// Two lines with elements.
fn lines(
    context: &Context,
    arguments: &Arguments,
    first: &str,
    second: &str,
) -> Result<(DistArray, DistArray), Error> {
    let line = |name: &str| -> Result<DistArray, Error> {
        let array = array_argument(context, arguments, name)?;
        let array = if array.ndim() == 0 { array.ravel() } else { array };
        match array.ndim() {
            1 if array.size() == 0 => {
                Err(Error::new(Kind::Value, format!("{name} cannot be empty")))
            }
            1 => Ok(array),
            _ => Err(Error::new(Kind::Value, "object too deep for desired array")),
        }
    };
    Ok((line(first)?, line(second)?))
}

fn diff(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let n = int_or(&arguments, "n", 1)?;
    if n == 0 {
        return Ok(arguments.get("a").clone());
    }
    if n < 0 {
        let message = format!("order must be non-negative but got {n}");
        return Err(Error::new(Kind::Value, message));
    }
    let mut array = array_argument(context, &arguments, "a")?;
    if array.ndim() == 0 {
        let message = "diff requires input that is at least one dimensional";
        return Err(Error::new(Kind::Value, message));
    }
    let axis = arguments.given("axis").map_or(Ok(-1), one_axis)?;
    let axis = axis_of(axis, array.ndim())?;
    let mut parts = vec![array.clone()];
    for (name, at) in [("prepend", 0), ("append", 1)] {
        let Some(value) = arguments.given(name).filter(|one| !matches!(one, Value::None)) else {
            continue;
        };
        let mut edge = to_array(context, value)?;
        if edge.ndim() == 0 {
            let mut shape = array.shape();
            shape[axis] = 1;
            edge = edge.broadcast_to(&shape)?;
        }
        parts.insert(if at == 0 { 0 } else { parts.len() }, edge);
    }
    if parts.len() > 1 {
        array = nums::concatenate(&parts, axis as isize)?;
    }
    for _ in 0..n {
        array = array.diff_axis(axis)?;
    }
    Ok(Value::Array(context.array(array)))
}

fn gradient(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let f = array_argument(context, &arguments, "f")?;
    let axes = match arguments.get("axis") {
        Value::None => (0..f.ndim()).collect(),
        axes => super::arguments::axes_argument(axes, f.ndim())?,
    };
    let given = &arguments.rest;
    let spacing = |at: usize| -> Result<Operand, Error> {
        let value = match given.len() {
            0 => return Ok(Operand::from(1.0)),
            1 => &given[0],
            _ => &given[at],
        };
        let array = to_array(context, value)?;
        match array.ndim() {
            0 => Ok(Operand::Array(array.astype(DType::Float64)?)),
            1 => Ok(Operand::Array(array)),
            _ => Err(Error::new(Kind::Value, "distances must be either scalars or 1d")),
        }
    };
    let one_for_all = given.len() == 1 && to_array(context, &given[0])?.ndim() == 0;
    if !(given.is_empty() || one_for_all || given.len() == axes.len()) {
        return Err(Error::new(Kind::Type, "invalid number of arguments"));
    }
    let order = match int_or(&arguments, "edge_order", 1)? {
        order @ (1 | 2) => order as usize,
        _ => {
            let message = "'edge_order' greater than 2 not supported";
            return Err(Error::new(Kind::Value, message));
        }
    };
    let mut slopes = Vec::with_capacity(axes.len());
    for (at, &axis) in axes.iter().enumerate() {
        let len = f.shape()[axis];
        if len < order + 1 {
            let message = "Shape of array too small to calculate a numerical gradient, at least \
                           (edge_order + 1) elements are required.";
            return Err(Error::new(Kind::Value, message));
        }
        let spacing = spacing(at)?;
        if let Operand::Array(points) = &spacing
            && points.ndim() == 1
            && points.size() != len
        {
            let message = "when 1d, distances must match the length of the corresponding dimension";
            return Err(Error::new(Kind::Value, message));
        }
        let slope = match order {
            1 => f.gradient(spacing, axis)?,
            _ => f.gradient_2(spacing, axis)?,
        };
        slopes.push(Value::Array(context.array(slope)));
    }
    match <[Value; 1]>::try_from(slopes) {
        Ok([slope]) => Ok(slope),
        Err(slopes) => Ok(Value::tuple(slopes)),
    }
}

/// Where the points are few, what `interp` costs is a search and two reads for each value.
fn interp(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let float = |name: &str| -> Result<DistArray, Error> {
        let array = array_argument(context, &arguments, name)?;
        let dtype = if array.dtype().is_complex() { DType::Complex128 } else { DType::Float64 };
        Ok(array.astype(dtype)?)
    };
    let (mut x, mut xp, mut fp) = (float("x")?, float("xp")?, float("fp")?);
    if xp.ndim() != 1 || fp.ndim() != 1 || xp.dtype().is_complex() {
        return Err(Error::new(Kind::Value, "Data points must be 1-D sequences"));
    }
    if let Some(period) = arguments.given("period").filter(|one| !matches!(one, Value::None)) {
        let period = to_float(period)?.unwrap_or(0.0).abs();
        if period == 0.0 {
            return Err(Error::new(Kind::Value, "period must be a non-zero value"));
        }
        (x, xp) = (x.try_rem(period)?, xp.try_rem(period)?);
        let order = context.array(xp.argsort(0)?);
        let sorted = |array: &DistArray| -> Result<DistArray, Error> {
            match crate::subscript::item(
                &context.array(array.clone()),
                &Value::Array(order.clone()),
            )? {
                Value::Array(sorted) => sorted.read(),
                other => to_array(context, &other),
            }
        };
        (xp, fp) = (sorted(&xp)?, sorted(&fp)?);
        let around = |array: &DistArray, off: f64| -> Result<[DistArray; 2], Error> {
            let at = |index| {
                array.index(&[Index::Slice {
                    start: Some(index),
                    stop: match index {
                        -1 => None,
                        index => Some(index + 1),
                    },
                    step: 1,
                }])
            };
            Ok([at(-1)?.try_sub(off)?, at(0)?.try_add(off)?])
        };
        let ([before, after], [low, high]) = (around(&xp, period)?, around(&fp, 0.0)?);
        xp = nums::concatenate([&before, &xp, &after], 0)?;
        fp = nums::concatenate([&low, &fp, &high], 0)?;
    }
    let count = xp.size();
    if count == 0 {
        return Err(Error::new(Kind::Value, "array of sample points is empty"));
    }
    if count != fp.size() {
        return Err(Error::new(Kind::Value, "fp and xp are not of the same length."));
    }
    let periodic = arguments.given("period").is_some_and(|one| !matches!(one, Value::None));
    let side = |name: &str, end: isize| -> Result<DistArray, Error> {
        match arguments.given(name) {
            Some(value) if !periodic && !matches!(value, Value::None) => to_array(context, value),
            _ => Ok(fp.index(&[Index::At(end)])?),
        }
    };
    let (left, right) = (side("left", 0)?, side("right", -1)?);
    let line = x.ravel();
    let at = xp.searchsorted(&line, true)?.try_sub(1)?;
    let below = at.clip(0, count.max(2) as i64 - 2)?;
    let next = below.try_add(1)?.minimum(count - 1);
    let read = |points: &DistArray, at: &DistArray| points.take_array(at, 0);
    let (x0, x1, y0, y1) =
        (read(&xp, &below)?, read(&xp, &next)?, read(&fp, &below)?, read(&fp, &next)?);
    let slope = y1.try_sub(&y0)?.try_div(x1.try_sub(&x0)?)?;
    let between = slope.try_mul(line.try_sub(&x0)?)?.try_add(&y0)?;
    // From the other end, where the first form gives NaN for points at infinity.
    let backwards = slope.try_mul(line.try_sub(&x1)?)?.try_add(&y1)?;
    let level = y0.try_equal(&y1)?;
    let nan = |array: &DistArray| array.try_not_equal(array);
    let unknown = nan(&between)?;
    let unknown_too = unknown.try_bitand(nan(&backwards)?)?.try_bitand(&level)?;
    let found = unknown.where_(&backwards, &between)?;
    let found = unknown_too.where_(&y0, &found)?;
    let found = line.try_equal(&x0)?.where_(&y0, &found)?;
    let first = xp.index(&[Index::At(0)])?;
    let last = xp.index(&[Index::At(-1)])?;
    let found = line.try_less(&first)?.where_(&left, &found)?;
    let found = line.try_equal(&last)?.where_(fp.index(&[Index::At(-1)])?, &found)?;
    let found = line.try_greater(&last)?.where_(&right, &found)?;
    let found = nan(&line)?.where_(f64::NAN, &found)?;
    let lengths: Vec<isize> = x.shape().iter().map(|len| *len as isize).collect();
    Ok(context.computed(found.reshape(&lengths)?))
}

fn unwrap(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let p = array_argument(context, &arguments, "p")?;
    let period = float_or(&arguments, "period", std::f64::consts::TAU)?;
    let axis = axis_of(int_or(&arguments, "axis", -1)? as isize, p.ndim())?;
    let whole = p.dtype().is_integer() && period.fract() == 0.0;
    if whole {
        return Err(Error::unsupported("`unwrap` of integers with an integer period is"));
    }
    let p = if p.dtype() == DType::Float32 { p } else { p.astype(DType::Float64)? };
    let steps = p.diff_axis(axis)?;
    let half = period / 2.0;
    let discont = match arguments.given("discont") {
        None | Some(Value::None) => half,
        Some(value) => to_float(value)?.unwrap_or(half),
    };
    let folded = steps.try_add(half)?.try_rem(period)?.try_sub(half)?;
    let at_edge = folded.try_equal(-half)?.try_bitand(steps.try_greater(0)?)?;
    let folded = at_edge.where_(half, &folded)?;
    let correction = folded.try_sub(&steps)?;
    let correction = steps.abs().try_less(discont)?.where_(0.0, &correction)?;
    let correction = correction.cumsum_axis(axis)?;
    let part = |start, stop| {
        let mut index = vec![Index::Slice { start: None, stop: None, step: 1 }; axis];
        index.push(Index::Slice { start, stop, step: 1 });
        p.index(&index)
    };
    let corrected = part(Some(1), None)?.try_add(&correction)?;
    let joined = nums::concatenate([&part(None, Some(1))?, &corrected], axis)?;
    Ok(Value::Array(context.array(joined)))
}
