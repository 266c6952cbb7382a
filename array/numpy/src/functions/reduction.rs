//! Reductions: many elements become one.

use super::arguments::{array_argument, axes_argument, axis_of, one_axis, to_array};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    operators::put,
    value::Value,
    wording::shape_text,
};
use nums::{DType, DistArray};

const AXIS: Parameter = Parameter::optional("axis");
const OUT: Parameter = Parameter::keyword("out");
const KEEPDIMS: Parameter = Parameter::keyword("keepdims");
const DTYPE: Parameter = Parameter::optional("dtype");
const DDOF: Parameter = Parameter::keyword("ddof");
const CORRECTION: Parameter = Parameter::keyword("correction");
const INITIAL: Parameter = Parameter::keyword("initial");
const WHERE: Parameter = Parameter::keyword_defaulted("where", "True");
const FUNCTION_WHERE: &[Parameter] = &[Parameter::required("a"), AXIS, OUT, KEEPDIMS, WHERE];
const FUNCTION_INITIAL: &[Parameter] =
    &[Parameter::required("a"), AXIS, OUT, KEEPDIMS, INITIAL, WHERE];
const FUNCTION_SUM: &[Parameter] =
    &[Parameter::required("a"), AXIS, DTYPE, OUT, KEEPDIMS, INITIAL, WHERE];
const FUNCTION_MEAN: &[Parameter] = &[Parameter::required("a"), AXIS, DTYPE, OUT, KEEPDIMS, WHERE];
const METHOD_WHERE: &[Parameter] = &[Parameter::positional("a"), AXIS, OUT, KEEPDIMS, WHERE];
const METHOD_INITIAL: &[Parameter] =
    &[Parameter::positional("a"), AXIS, OUT, KEEPDIMS, INITIAL, WHERE];
const METHOD_SUM: &[Parameter] =
    &[Parameter::positional("a"), AXIS, DTYPE, OUT, KEEPDIMS, INITIAL, WHERE];
const METHOD_MEAN: &[Parameter] = &[Parameter::positional("a"), AXIS, DTYPE, OUT, KEEPDIMS, WHERE];
const FUNCTION: &[Parameter] = &[Parameter::required("a"), AXIS, OUT, KEEPDIMS];
const FUNCTION_COUNTING: &[Parameter] = &[Parameter::required("a"), AXIS, KEEPDIMS];
const FUNCTION_TYPED: &[Parameter] = &[Parameter::required("a"), AXIS, DTYPE, OUT, KEEPDIMS];
const FUNCTION_SPREAD: &[Parameter] =
    &[Parameter::required("a"), AXIS, DTYPE, OUT, KEEPDIMS, DDOF, CORRECTION];
const METHOD: &[Parameter] = &[Parameter::positional("a"), AXIS, OUT, KEEPDIMS];
const METHOD_SPREAD: &[Parameter] = &[Parameter::positional("a"), AXIS, DTYPE, OUT, KEEPDIMS, DDOF];

const SCAN: &[Parameter] = &[
    Parameter::positional("a"),
    Parameter::optional("axis"),
    Parameter::optional("dtype"),
    Parameter::optional("out"),
];
const CUMULATIVE: &[Parameter] = &[
    Parameter::positional("x"),
    Parameter::keyword("axis"),
    Parameter::keyword("dtype"),
    Parameter::keyword("include_initial"),
];

/// Running sums or products, under both names that NumPy has for them.
macro_rules! scan {
    ($name:literal, $parameters:expr, $along:expr) => {
        Function {
            name: $name,
            parameters: $parameters,
            body: |context, arguments| scan(context, &arguments, $name, $along),
        }
    };
}

/// A reduction along any axes.
macro_rules! along_axes {
    ($name:literal, $parameters:expr, $function:expr) => {
        Function {
            name: $name,
            parameters: $parameters,
            body: |context, arguments| reduce(context, &arguments, $name, $function),
        }
    };
}

/// A position along one axis or in the whole array.
macro_rules! position {
    ($name:literal, $parameters:expr, $whole:path, $along:path) => {
        Function {
            name: $name,
            parameters: $parameters,
            body: |context, arguments| position(context, &arguments, $name, $whole, $along),
        }
    };
}

pub(super) static FUNCTIONS: &[Function] = &[
    along_axes!("all", FUNCTION_WHERE, |x, axes, _| x.all_axis(axes)),
    along_axes!("amax", FUNCTION_INITIAL, |x, axes, _| x.max_axis(axes)),
    along_axes!("amin", FUNCTION_INITIAL, |x, axes, _| x.min_axis(axes)),
    along_axes!("any", FUNCTION_WHERE, |x, axes, _| x.any_axis(axes)),
    position!("argmax", FUNCTION, DistArray::argmax, DistArray::argmax_axis),
    position!("argmin", FUNCTION, DistArray::argmin, DistArray::argmin_axis),
    along_axes!("count_nonzero", FUNCTION_COUNTING, |x, axes, _| x.count_nonzero_axis(axes)),
    scan!("cumprod", SCAN, DistArray::cumprod_axis),
    scan!("cumsum", SCAN, DistArray::cumsum_axis),
    scan!("nancumprod", SCAN, |x, axis| numbers_or(x, true)?.cumprod_axis(axis)),
    scan!("nancumsum", SCAN, |x, axis| numbers_or(x, false)?.cumsum_axis(axis)),
    scan!("cumulative_prod", CUMULATIVE, DistArray::cumprod_axis),
    scan!("cumulative_sum", CUMULATIVE, DistArray::cumsum_axis),
    along_axes!("max", FUNCTION_INITIAL, |x, axes, _| x.max_axis(axes)),
    along_axes!("mean", FUNCTION_MEAN, |x, axes, _| x.mean_axis(axes)),
    along_axes!("min", FUNCTION_INITIAL, |x, axes, _| x.min_axis(axes)),
    position!("nanargmax", FUNCTION, DistArray::nanargmax, DistArray::nanargmax_axis),
    position!("nanargmin", FUNCTION, DistArray::nanargmin, DistArray::nanargmin_axis),
    along_axes!("nanmax", FUNCTION_INITIAL, |x, axes, _| x.nanmax_axis(axes)),
    along_axes!("nanmean", FUNCTION_TYPED, |x, axes, _| x.nanmean_axis(axes)),
    along_axes!("nanmin", FUNCTION_INITIAL, |x, axes, _| x.nanmin_axis(axes)),
    along_axes!("nanprod", FUNCTION_SUM, |x, axes, _| x.nanprod_axis(axes)),
    along_axes!("nanstd", FUNCTION_SPREAD, |x, axes, ddof| x.nanstd_axis(axes, ddof)),
    along_axes!("nansum", FUNCTION_SUM, |x, axes, _| x.nansum_axis(axes)),
    along_axes!("nanvar", FUNCTION_SPREAD, |x, axes, ddof| x.nanvar_axis(axes, ddof)),
    along_axes!("prod", FUNCTION_SUM, |x, axes, _| x.prod_axis(axes)),
    along_axes!("ptp", FUNCTION, |x, axes, _| x.max_axis(axes)?.try_sub(&x.min_axis(axes)?)),
    along_axes!("std", FUNCTION_SPREAD, |x, axes, ddof| x.std_axis(axes, ddof)),
    along_axes!("sum", FUNCTION_SUM, |x, axes, _| x.sum_axis(axes)),
    along_axes!("var", FUNCTION_SPREAD, |x, axes, ddof| x.var_axis(axes, ddof)),
];

pub(super) static METHODS: &[Function] = &[
    along_axes!("all", METHOD_WHERE, |x, axes, _| x.all_axis(axes)),
    along_axes!("any", METHOD_WHERE, |x, axes, _| x.any_axis(axes)),
    position!("argmax", METHOD, DistArray::argmax, DistArray::argmax_axis),
    position!("argmin", METHOD, DistArray::argmin, DistArray::argmin_axis),
    scan!("cumprod", SCAN, DistArray::cumprod_axis),
    scan!("cumsum", SCAN, DistArray::cumsum_axis),
    along_axes!("max", METHOD_INITIAL, |x, axes, _| x.max_axis(axes)),
    along_axes!("mean", METHOD_MEAN, |x, axes, _| x.mean_axis(axes)),
    along_axes!("min", METHOD_INITIAL, |x, axes, _| x.min_axis(axes)),
    along_axes!("prod", METHOD_SUM, |x, axes, _| x.prod_axis(axes)),
    along_axes!("std", METHOD_SPREAD, |x, axes, ddof| x.std_axis(axes, ddof)),
    along_axes!("sum", METHOD_SUM, |x, axes, _| x.sum_axis(axes)),
    along_axes!("var", METHOD_SPREAD, |x, axes, ddof| x.var_axis(axes, ddof)),
];

type Reduction = fn(&DistArray, &[isize], u32) -> Result<DistArray, nums::Error>;

fn reduce(
    context: &Context,
    arguments: &Arguments,
    name: &str,
    function: Reduction,
) -> Result<Value, Error> {
    let array = array_argument(context, arguments, "a")?;
    let dtype = super::dtype_of(arguments.get("dtype"))?;
    let is_float = |dtype: DType| matches!(dtype, DType::Float32 | DType::Float64);
    if (name.ends_with("std") || name.ends_with("var"))
        && let Some(dtype) = dtype.filter(|dtype| !is_float(*dtype) || array.dtype().is_complex())
    {
        return Err(Error::unsupported(format!("`{name}` computed in {dtype} is")));
    }
    let given = array.dtype();
    let array = match dtype {
        Some(dtype) => array.astype(dtype)?,
        None => array,
    };
    let mask = mask_of(context, arguments, &array)?;
    let initial = match arguments.get("initial") {
        Value::None => None,
        initial => Some(to_array(context, initial)?),
    };
    let all = array.clone();
    let array = match &mask {
        Some(mask) => filled(&array, mask, name, initial.as_ref())?,
        None => array,
    };
    let free = match (arguments.given("ddof"), arguments.given("correction")) {
        (Some(ddof), Some(correction)) if given_ddof(ddof)? == 0.0 => given_ddof(correction)?,
        (Some(_), Some(_)) => {
            let message = "ddof and correction can't be provided simultaneously.";
            return Err(Error::new(Kind::Value, message));
        }
        (Some(ddof), None) | (None, Some(ddof)) => given_ddof(ddof)?,
        (None, None) => 0.0,
    };
    let whole = free >= 0.0 && free.fract() == 0.0 && free <= f64::from(u32::MAX);
    let ddof = if whole { free as u32 } else { 0 };
    let axes = match arguments.get("axis") {
        // These NumPy makes of a ufunc, which takes a number for a line of one.
        axis if array.ndim() == 0 && !is_average(name, given) => {
            axes_argument(axis, 1)?;
            Vec::new()
        }
        axis => axes_argument(axis, array.ndim())?,
    };
    let signed: Vec<isize> = axes.iter().map(|axis| *axis as isize).collect();
    let empty = axes.iter().any(|axis| array.shape()[*axis] == 0);
    let result = match &initial {
        // An extreme of nothing is what the reduction begins with.
        Some(initial) if empty && !matches!(name, "sum" | "prod" | "nansum" | "nanprod") => {
            let own = array.shape();
            let kept = (0..own.len()).filter(|axis| !axes.contains(axis)).map(|axis| own[axis]);
            initial.astype(array.dtype())?.broadcast_to(kept.collect::<Vec<_>>())?
        }
        _ => function(&array, &signed, ddof).map_err(|error| no_elements(error, name))?,
    };
    let result = match (&mask, name) {
        // The mean of what is chosen: the sum has 0 for the rest.
        (Some(mask), "mean") => {
            let dtype = result.dtype();
            array.sum_axis(&signed)?.try_div(mask.sum_axis(&signed)?)?.astype(dtype)?
        }
        _ => result,
    };
    let result = match (&initial, name) {
        (None, _) => result,
        (Some(initial), "sum" | "nansum") => result.try_add(&initial.astype(result.dtype())?)?,
        (Some(initial), "prod" | "nanprod") => result.try_mul(&initial.astype(result.dtype())?)?,
        (Some(initial), "max" | "amax") => result.try_maximum(&initial.astype(result.dtype())?)?,
        (Some(initial), "nanmax") => result.try_fmax(&initial.astype(result.dtype())?)?,
        (Some(initial), "nanmin") => result.try_fmin(&initial.astype(result.dtype())?)?,
        (Some(initial), _) => result.try_minimum(&initial.astype(result.dtype())?)?,
    };
    let result = match whole {
        true => result,
        // Other degrees of freedom than a whole number rescale the spread.
        false => {
            let count: usize = axes.iter().map(|axis| all.shape()[*axis]).product();
            let scale = count as f64 / (count as f64 - free).max(0.0);
            match name.ends_with("std") {
                true => result.try_mul(scale.sqrt())?,
                false => result.try_mul(scale)?,
            }
        }
    };
    let result = match dtype {
        Some(dtype) => result.astype(dtype)?,
        None => result,
    };
    // With no degree of freedom left, the forms that look for NaN have no spread.
    let result = if ddof > 0 && name.starts_with("nan") && has_nan(given) {
        let count = array.isnan().logical_not().sum_axis(&signed)?;
        count.try_greater(i64::from(ddof))?.where_(result, f64::NAN)?
    } else {
        result
    };
    finish(context, arguments, name, (&result, &array.shape(), &axes))
}

/// NumPy's `cumsum` reads an array of several axes in C order where no axis is named; `cumulative_sum` refuses.
fn scan(
    context: &Context,
    arguments: &Arguments,
    name: &str,
    along: fn(&DistArray, isize) -> Result<DistArray, nums::Error>,
) -> Result<Value, Error> {
    let cumulative = name.starts_with("cumulative");
    let array = array_argument(context, arguments, if cumulative { "x" } else { "a" })?;
    let array = match super::dtype_of(arguments.get("dtype"))? {
        Some(dtype) => array.astype(dtype)?,
        None => array,
    };
    let (array, axis) = match arguments.get("axis") {
        Value::None if cumulative && array.ndim() != 1 => {
            let message = format!(
                "axis needs to be specified when the input array has more than one dimension: \
                 {name} of an array of {} dimensions",
                array.ndim()
            );
            return Err(Error::new(Kind::Value, message));
        }
        Value::None => (array.ravel(), 0),
        axis if array.ndim() == 0 => {
            axis_of(one_axis(axis)?, 1)?;
            (array.ravel(), 0)
        }
        axis => {
            let axis = one_axis(axis)?;
            (array.clone(), axis_of(axis, array.ndim())? as isize)
        }
    };
    let scanned = along(&array, axis)?;
    // Whole numbers are combined in 64 bits; of fewer, as many are kept.
    let scanned = match super::dtype_of(arguments.get("dtype"))? {
        Some(dtype) => scanned.astype(dtype)?,
        None => scanned,
    };
    match arguments.get("out") {
        Value::None => {}
        Value::Array(out) => {
            put(out, &scanned, name)?;
            return Ok(Value::Array(out.clone()));
        }
        _ => return Err(Error::new(Kind::Type, "return arrays must be of ArrayType")),
    }
    if !(cumulative && arguments.get("include_initial").truth()?) {
        return Ok(context.computed(scanned));
    }
    let mut edge = scanned.shape();
    edge[axis as usize] = 1;
    let identity = i64::from(name.ends_with("prod"));
    let edge = context.session().full_dtype(&edge, identity, scanned.dtype())?;
    Ok(context.computed(nums::concatenate(&[&edge, &scanned], axis)?))
}

/// Whether NumPy makes a reduction of several functions, so that a number has no axis for it: one that divides by a
/// count, but for the forms that look for NaN.
fn is_average(name: &str, dtype: DType) -> bool {
    let looks_for_nan = has_nan(dtype) && name.starts_with("nan");
    !looks_for_nan && ["mean", "std", "var"].contains(&name.trim_start_matches("nan"))
}

/// Whether NaN is an element of a type.
fn has_nan(dtype: DType) -> bool {
    dtype.is_complex() || matches!(dtype, DType::Float32 | DType::Float64)
}

/// What is taken off a count.
fn given_ddof(ddof: &Value) -> Result<f64, Error> {
    crate::numbers::to_float(ddof)?.ok_or_else(|| {
        let message = format!("ddof must be a number, not {}", ddof.type_name());
        Error::new(Kind::Type, message)
    })
}

/// The mask of the elements that count, in the shape of the array; nothing where all do.
fn mask_of(
    context: &Context,
    arguments: &Arguments,
    array: &DistArray,
) -> Result<Option<DistArray>, Error> {
    match arguments.get("where") {
        Value::None | Value::Bool(true) => Ok(None),
        mask => {
            let mask = to_array(context, mask)?.astype(DType::Bool)?;
            let spread = mask
                .broadcast_to(array.shape())
                .map_err(|_| super::arguments::misfit(&[array.shape(), mask.shape()]))?;
            Ok(Some(spread))
        }
    }
}

/// The array with what changes nothing where a mask does not hold.
fn filled(
    array: &DistArray,
    mask: &DistArray,
    name: &str,
    initial: Option<&DistArray>,
) -> Result<DistArray, Error> {
    match name {
        "sum" | "nansum" | "any" | "mean" => Ok(mask.where_(array, false)?),
        "prod" | "nanprod" | "all" => Ok(mask.where_(array, true)?),
        _ => {
            let initial = initial.ok_or_else(|| {
                let name = if name.ends_with("max") { "maximum" } else { "minimum" };
                let message = format!(
                    "reduction operation '{name}' does not have an identity, so to use a where mask \
                     one has to specify 'initial'"
                );
                Error::new(Kind::Value, message)
            })?;
            Ok(mask.where_(array, initial.astype(array.dtype())?)?)
        }
    }
}

/// The elements with 0 or 1 in the place of NaN.
fn numbers_or(x: &DistArray, other: bool) -> Result<DistArray, nums::Error> {
    if has_nan(x.dtype()) { x.isnan().where_(other, x) } else { Ok(x.clone()) }
}

fn position(
    context: &Context,
    arguments: &Arguments,
    name: &str,
    whole: fn(&DistArray) -> Result<DistArray, nums::Error>,
    along: fn(&DistArray, ndarray::Axis) -> Result<DistArray, nums::Error>,
) -> Result<Value, Error> {
    let array = array_argument(context, arguments, "a")?;
    let axes = match arguments.get("axis") {
        Value::None => (0..array.ndim()).collect(),
        axis if array.ndim() == 0 => {
            axis_of(one_axis(axis)?, 1)?;
            Vec::new()
        }
        axis => vec![axis_of(one_axis(axis)?, array.ndim())?],
    };
    // Also where no position is asked for.
    if axes.iter().any(|&axis| array.shape()[axis] == 0) {
        return Err(empty_sequence(name));
    }
    let result = match (arguments.get("axis"), axes.as_slice()) {
        (Value::None, _) | (_, []) => whole(&array),
        (_, [axis, ..]) => along(&array, ndarray::Axis(*axis)),
    };
    let result = result?;
    if name.starts_with("nan") && has_nan(array.dtype()) {
        let axes: Vec<isize> = axes.iter().map(|axis| *axis as isize).collect();
        let nothing = array.isnan().all_axis(&axes)?.any();
        if context.wait(nothing.fetch::<bool>())?.iter().any(|nothing| *nothing) {
            return Err(Error::new(Kind::Value, "All-NaN slice encountered"));
        }
    }
    finish(context, arguments, name, (&result, &array.shape(), &axes))
}

/// NumPy's words for the position of an extreme of nothing.
fn empty_sequence(name: &str) -> Error {
    let name = name.trim_start_matches("nan");
    Error::new(Kind::Value, format!("attempt to get {name} of an empty sequence"))
}

/// NumPy's words for an extreme of nothing.
fn no_elements(error: nums::Error, name: &str) -> Error {
    match error {
        nums::Error::NoElements { .. } => {
            let name = match name {
                "nanmax" => "fmax",
                "nanmin" => "fmin",
                "max" | "amax" | "ptp" => "maximum",
                _ => "minimum",
            };
            let message =
                format!("zero-size array to reduction operation {name} which has no identity");
            Error::new(Kind::Value, message)
        }
        other => other.into(),
    }
}

/// The result, with the reduced axes as axes of length one when they are to be kept; in the array `out`, if there is
/// one.
fn finish(
    context: &Context,
    arguments: &Arguments,
    name: &str,
    (result, shape, axes): (&DistArray, &[usize], &[usize]),
) -> Result<Value, Error> {
    let mut result = result.clone();
    if arguments.get("keepdims").truth()? {
        let lengths: Vec<isize> = shape
            .iter()
            .enumerate()
            .map(|(axis, len)| if axes.contains(&axis) { 1 } else { *len as isize })
            .collect();
        result = result.reshape(&lengths).map_err(|error| {
            let message = format!("cannot keep the axes of {}: {error}", shape_text(shape));
            Error::new(Kind::Value, message)
        })?;
    }
    match arguments.get("out") {
        Value::None => Ok(context.computed(result)),
        Value::Array(out) if out.shape() == result.shape() => {
            put(out, &result, name)?;
            Ok(Value::Array(out.clone()))
        }
        Value::Array(out) => {
            let message = format!(
                "output array of shape {} does not fit the result of shape {}",
                shape_text(out.shape()),
                shape_text(&result.shape())
            );
            Err(Error::new(Kind::Value, message))
        }
        _ => Err(Error::new(Kind::Type, "return arrays must be of ArrayType")),
    }
}
