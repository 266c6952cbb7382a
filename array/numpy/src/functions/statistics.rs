//! Averages, covariances, quantiles and counts.

use super::arguments::{array_argument, axes_argument, int_or, text_or, to_array, truth_or};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    number::Number,
    numbers::to_float,
    value::Value,
    wording::shape_text,
};
use nums::{DType, DistArray, Quantile};

const MEDIAN: &[Parameter] = &[
    Parameter::required("a"),
    Parameter::optional("axis"),
    Parameter::optional("out"),
    Parameter::defaulted("overwrite_input", "False"),
    Parameter::defaulted("keepdims", "False"),
];
const QUANTILE: &[Parameter] = &[
    Parameter::required("a"),
    Parameter::required("q"),
    Parameter::optional("axis"),
    Parameter::optional("out"),
    Parameter::defaulted("overwrite_input", "False"),
    Parameter::defaulted("method", "'linear'"),
    Parameter::defaulted("keepdims", "False"),
];
const HISTOGRAM: &[Parameter] = &[
    Parameter::required("a"),
    Parameter::defaulted("bins", "10"),
    Parameter::optional("range"),
    Parameter::optional("density"),
    Parameter::optional("weights"),
];

macro_rules! quantile {
    ($name:literal, $percent:literal, $skips_nan:literal) => {
        Function {
            name: $name,
            parameters: QUANTILE,
            body: |context, arguments| quantiles(context, &arguments, $percent, $skips_nan),
        }
    };
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "average",
        parameters: &[
            Parameter::required("a"),
            Parameter::optional("axis"),
            Parameter::optional("weights"),
            Parameter::defaulted("returned", "False"),
            Parameter::keyword_defaulted("keepdims", "False"),
        ],
        body: average,
    },
    Function {
        name: "bincount",
        parameters: &[
            Parameter::required("x"),
            Parameter::optional("weights"),
            Parameter::defaulted("minlength", "0"),
        ],
        body: bincount,
    },
    Function {
        name: "corrcoef",
        parameters: &[
            Parameter::required("x"),
            Parameter::optional("y"),
            Parameter::defaulted("rowvar", "True"),
        ],
        body: |context, arguments| {
            let x = variables(context, &arguments, "x")?;
            let c = context.computed(covariance(context, x, 1.0, None)?);
            let c = to_array(context, &c)?;
            if c.ndim() == 0 {
                return Ok(context.computed(c.try_div(&c)?));
            }
            Ok(context.computed(c.correlations()?))
        },
    },
    Function {
        name: "cov",
        parameters: &[
            Parameter::required("m"),
            Parameter::optional("y"),
            Parameter::defaulted("rowvar", "True"),
            Parameter::defaulted("bias", "False"),
            Parameter::optional("ddof"),
            Parameter::optional("fweights"),
            Parameter::optional("aweights"),
        ],
        body: cov,
    },
    Function {
        name: "digitize",
        parameters: &[
            Parameter::required("x"),
            Parameter::required("bins"),
            Parameter::defaulted("right", "False"),
        ],
        body: digitize,
    },
    Function { name: "histogram", parameters: HISTOGRAM, body: histogram },
    Function {
        name: "histogram_bin_edges",
        parameters: &[
            Parameter::required("a"),
            Parameter::defaulted("bins", "10"),
            Parameter::optional("range"),
            Parameter::optional("weights"),
        ],
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "a")?.ravel();
            Ok(Value::Array(context.array(edges(context, &arguments, &array)?)))
        },
    },
    Function {
        name: "median",
        parameters: MEDIAN,
        body: |context, arguments| median(context, &arguments, false),
    },
    Function {
        name: "nanmedian",
        parameters: MEDIAN,
        body: |context, arguments| median(context, &arguments, true),
    },
    quantile!("nanpercentile", true, true),
    quantile!("nanquantile", false, true),
    quantile!("percentile", true, false),
    quantile!("quantile", false, false),
];

fn refuse_out(arguments: &Arguments, name: &str) -> Result<(), Error> {
    match arguments.get("out") {
        Value::None => Ok(()),
        _ => Err(Error::unsupported(format!("`out` of {name} is"))),
    }
}

/// The result with its reduced axes as axes of length 1, where they are to be kept.
fn kept(
    arguments: &Arguments,
    result: DistArray,
    array: &DistArray,
    axes: &[usize],
) -> Result<DistArray, Error> {
    if !truth_or(arguments, "keepdims", false)? {
        return Ok(result);
    }
    let own = array.shape();
    let lengths =
        (0..own.len()).map(|axis| if axes.contains(&axis) { 1 } else { own[axis] as isize });
    Ok(result.reshape(&lengths.collect::<Vec<_>>())?)
}

fn average(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_argument(context, &arguments, "a")?;
    let axes = axes_argument(arguments.get("axis"), array.ndim())?;
    let count: usize = axes.iter().map(|axis| array.shape()[*axis]).product();
    let (mean, total) = match arguments.get("weights") {
        Value::None => {
            let mean = array.mean_axis(&axes)?;
            let total = mean.full_like(count as f64)?;
            (mean, total)
        }
        weights => {
            let weights = to_array(context, weights)?;
            let weights = if weights.shape() == array.shape() {
                weights
            } else if matches!(arguments.get("axis"), Value::None) {
                let message = "Axis must be specified when shapes of a and weights differ.";
                return Err(Error::new(Kind::Type, message));
            } else {
                let wanted: Vec<usize> = axes.iter().map(|axis| array.shape()[*axis]).collect();
                if weights.shape() != wanted {
                    let message = "Shape of weights must be consistent with shape of a along \
                                   specified axis.";
                    return Err(Error::new(Kind::Value, message));
                }
                // The axes of the weights, in the order of those of the array.
                let mut order: Vec<usize> = (0..axes.len()).collect();
                order.sort_by_key(|at| axes[*at]);
                let weights = weights.try_permuted_axes(&order)?;
                let lengths = (0..array.ndim()).map(|axis| match axes.contains(&axis) {
                    true => array.shape()[axis] as isize,
                    false => 1,
                });
                weights.reshape(&lengths.collect::<Vec<_>>())?
            };
            let floats = |array: &DistArray| match array.dtype() {
                dtype if dtype == DType::Bool || dtype.is_integer() => array.astype(DType::Float64),
                _ => Ok(array.clone()),
            };
            let (array, weights) = (floats(&array)?, floats(&weights)?);
            let weights = weights.broadcast_to(array.shape())?;
            let total = weights.sum_axis(&axes)?;
            let zero = context.wait(total.try_equal(0)?.any().fetch::<bool>())?;
            if zero.iter().any(|zero| *zero) {
                let message = "Weights sum to zero, can't be normalized";
                return Err(Error::new(Kind::ZeroDivision, message));
            }
            (array.try_mul(&weights)?.sum_axis(&axes)?.try_div(&total)?, total)
        }
    };
    let mean_value = context.computed(kept(&arguments, mean.clone(), &array, &axes)?);
    if !truth_or(&arguments, "returned", false)? {
        return Ok(mean_value);
    }
    let total = total.astype(mean.dtype())?.broadcast_to(mean.shape())?;
    let total = context.computed(kept(&arguments, total, &array, &axes)?);
    Ok(Value::tuple([mean_value, total]))
}

fn bincount(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_argument(context, &arguments, "x")?;
    if !matches!(arguments.get("weights"), Value::None) {
        return Err(Error::unsupported("`bincount` with weights is"));
    }
    if array.ndim() != 1 {
        let message = match array.ndim() {
            0 => "object of too small depth for desired array",
            _ => "object too deep for desired array",
        };
        return Err(Error::new(Kind::Value, message));
    }
    let minimum = int_or(&arguments, "minlength", 0)?;
    let minimum = usize::try_from(minimum)
        .map_err(|_| Error::new(Kind::Value, "'minlength' must not be negative"))?;
    if array.size() > 0 && !(array.dtype().is_integer() || array.dtype() == DType::Bool) {
        let message = format!(
            "Cannot cast array data from dtype('{}') to dtype('int64') according to the rule 'safe'",
            array.dtype()
        );
        return Err(Error::new(Kind::Type, message));
    }
    let session = context.session();
    if array.size() == 0 {
        return Ok(Value::Array(context.array(session.full_dtype([minimum], 0, DType::Int64)?)));
    }
    let sorted = array.astype(DType::Int64)?.sort(0)?;
    let whole = |at: isize| context.lazy(sorted.index(&[nums::Index::At(at)])?).value();
    let (lowest, highest) = (whole(0)?.as_integer(), whole(-1)?.as_integer());
    if lowest.is_some_and(|lowest| lowest < 0) {
        let message = "'list' argument must have no negative elements";
        return Err(Error::new(Kind::Value, message));
    }
    let bins = highest.and_then(|highest| usize::try_from(highest + 1).ok()).unwrap_or(0);
    let starts = session.arange(0, bins.max(minimum) + 1, 1)?;
    let counts = sorted.searchsorted(&starts, false)?.diff()?;
    Ok(Value::Array(context.array(counts)))
}

/// The variables of `cov` and `corrcoef` as the rows of a matrix of floats.
fn variables(context: &Context, arguments: &Arguments, name: &str) -> Result<DistArray, Error> {
    let floats = |array: DistArray| match array.dtype() {
        dtype if dtype.is_complex() => array.astype(DType::Complex128),
        _ => array.astype(DType::Float64),
    };
    let by_row = truth_or(arguments, "rowvar", true)?;
    let matrix = |value: &Value, which: &str| -> Result<DistArray, Error> {
        let array = to_array(context, value)?;
        if array.ndim() > 2 {
            return Err(Error::new(Kind::Value, format!("{which} has more than 2 dimensions")));
        }
        let array = floats(array)?;
        Ok(match array.ndim() {
            2 if by_row => array,
            2 => array.t(),
            _ => array.ravel().expand_dims(0)?,
        })
    };
    let x = matrix(arguments.get(name), name)?;
    match arguments.get("y") {
        Value::None => Ok(x),
        y => {
            let y = matrix(y, "y")?;
            if x.shape()[1] != y.shape()[1] {
                let message = format!(
                    "all the input array dimensions except for the concatenation axis must match \
                     exactly, but along dimension 1, the array at index 0 has size {} and the array \
                     at index 1 has size {}",
                    x.shape()[1],
                    y.shape()[1]
                );
                return Err(Error::new(Kind::Value, message));
            }
            let dtype = nums::result_type(x.dtype(), y.dtype());
            Ok(nums::concatenate([x.astype(dtype)?, y.astype(dtype)?], 0)?)
        }
    }
}

/// The covariances of rows with weights of observations; without axes for one row.
fn covariance(
    context: &Context,
    x: DistArray,
    ddof: f64,
    weights: Option<(DistArray, f64)>,
) -> Result<DistArray, Error> {
    let observations = x.shape()[1] as f64;
    let (centred, weighted, free) = match weights {
        None => {
            let centred = x.try_sub(x.keepdims().mean_axis(1)?)?;
            (centred.clone(), centred, observations - ddof)
        }
        Some((weights, free)) => {
            let total = weights.sum();
            let mean = x.try_mul(&weights)?.sum_axis(1)?.try_div(&total)?.expand_dims(1)?;
            let centred = x.try_sub(&mean)?;
            (centred.clone(), centred.try_mul(&weights)?, free)
        }
    };
    if free <= 0.0 {
        context.warn(None, Kind::RuntimeWarning, "Degrees of freedom <= 0 for slice");
    }
    let products = weighted.try_matmul(&centred.conj().t())?;
    let c = products.try_div(free.max(0.0))?;
    Ok(match x.shape()[0] {
        1 => c.reshape(())?,
        _ => c,
    })
}

fn cov(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let ddof = match arguments.get("ddof") {
        Value::None => f64::from(u8::from(!truth_or(&arguments, "bias", false)?)),
        Value::Float(ddof) if ddof.fract() != 0.0 => {
            return Err(Error::new(Kind::Value, "ddof must be integer"));
        }
        ddof => to_float(ddof)?.unwrap_or(1.0),
    };
    let x = variables(context, &arguments, "m")?;
    let mut weights: Option<DistArray> = None;
    for name in ["fweights", "aweights"] {
        let Some(value) = arguments.given(name).filter(|one| !matches!(one, Value::None)) else {
            continue;
        };
        let own = to_array(context, value)?;
        if own.ndim() > 1 {
            return Err(Error::new(
                Kind::Runtime,
                format!("cannot handle multidimensional {name}"),
            ));
        }
        if own.size() != x.shape()[1] {
            let message = format!("incompatible numbers of samples and {name}");
            return Err(Error::new(Kind::Runtime, message));
        }
        let own = own.astype(DType::Float64)?;
        weights = Some(match weights {
            Some(weights) => weights.try_mul(&own)?,
            None => own,
        });
    }
    let weights = match weights {
        None => None,
        Some(weights) => {
            let total = context.lazy(weights.sum()).value()?.as_f64();
            let has_aweights =
                arguments.given("aweights").is_some_and(|one| !matches!(one, Value::None));
            let free = match (ddof == 0.0, has_aweights) {
                (true, _) => total,
                (false, false) => total - ddof,
                (false, true) => {
                    let own = to_array(context, arguments.get("aweights"))?;
                    let own = own.astype(DType::Float64)?;
                    let squares = weights.try_mul(&own)?;
                    total - ddof * context.lazy(squares.sum()).value()?.as_f64() / total
                }
            };
            Some((weights, free))
        }
    };
    Ok(context.computed(covariance(context, x, ddof, weights)?))
}

fn digitize(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let x = array_argument(context, &arguments, "x")?;
    let bins = array_argument(context, &arguments, "bins")?;
    if x.dtype().is_complex() {
        return Err(Error::new(Kind::Type, "x may not be complex"));
    }
    if bins.ndim() != 1 {
        return Err(Error::new(Kind::Value, "object too deep for desired array"));
    }
    let right = truth_or(&arguments, "right", false)?;
    let steps = match bins.size() {
        0 | 1 => (true, true),
        _ => {
            let holds = |array: DistArray| {
                let found = context.lazy(array.all()).value()?;
                Ok::<_, Error>(matches!(found, Number::Bool(true)))
            };
            let part = |start, stop| bins.index(&[nums::Index::Slice { start, stop, step: 1 }]);
            let (later, earlier) = (part(Some(1), None)?, part(None, Some(-1))?);
            (holds(later.try_greater_equal(&earlier)?)?, holds(later.try_less_equal(&earlier)?)?)
        }
    };
    let found = match steps {
        (true, _) => bins.searchsorted(&x, !right)?,
        (false, true) => {
            let after = bins.flip(0)?.searchsorted(&x, right)?;
            let count = context.session().full((), bins.size())?;
            count.try_sub(&after)?
        }
        _ => {
            let message = "bins must be monotonically increasing or decreasing";
            return Err(Error::new(Kind::Value, message));
        }
    };
    Ok(context.computed(found))
}

/// The edges of a histogram: given, or at equal distances. Waits for the ends of the range where it is not given.
fn edges(context: &Context, arguments: &Arguments, array: &DistArray) -> Result<DistArray, Error> {
    let bins = match arguments.given("bins") {
        None => 10,
        Some(Value::Str(rule)) => {
            return Err(Error::unsupported(format!("the rule '{rule}' for the number of bins is")));
        }
        Some(value) => {
            let given = to_array(context, value)?;
            match given.ndim() {
                0 => {
                    let bins = value.as_int().map_err(|_| {
                        Error::new(Kind::Type, "`bins` must be an integer, a string, or an array")
                    })?;
                    if bins < 1 {
                        let message = "`bins` must be positive, when an integer";
                        return Err(Error::new(Kind::Value, message));
                    }
                    bins as usize
                }
                1 => {
                    let part =
                        |start, stop| given.index(&[nums::Index::Slice { start, stop, step: 1 }]);
                    let falls = part(None, Some(-1))?.try_greater(part(Some(1), None)?)?.any();
                    if matches!(context.lazy(falls).value()?, Number::Bool(true)) {
                        let message = "`bins` must increase monotonically, when an array";
                        return Err(Error::new(Kind::Value, message));
                    }
                    return Ok(given);
                }
                _ => return Err(Error::new(Kind::Value, "`bins` must be 1d, when an array")),
            }
        }
    };
    let (mut low, mut high) = match arguments.given("range") {
        Some(Value::Tuple(ends) | Value::List(ends)) if ends.len() == 2 => {
            let end = |value: &Value| Ok::<_, Error>(to_float(value)?.unwrap_or(f64::NAN));
            let (low, high) = (end(&ends[0])?, end(&ends[1])?);
            if low > high {
                let message = "max must be larger than min in range parameter.";
                return Err(Error::new(Kind::Value, message));
            }
            if !(low.is_finite() && high.is_finite()) {
                let message = format!(
                    "supplied range of [{}, {}] is not finite",
                    crate::format::float_repr(low, crate::format::Width::Double),
                    crate::format::float_repr(high, crate::format::Width::Double)
                );
                return Err(Error::new(Kind::Value, message));
            }
            (low, high)
        }
        Some(Value::None) | None if array.size() == 0 => (0.0, 1.0),
        Some(Value::None) | None => {
            let found = nums::stack(
                [
                    array.min_axis(..)?.astype(DType::Float64)?,
                    array.max_axis(..)?.astype(DType::Float64)?,
                ],
                0,
            )?;
            let found = context.array(found).elements()?;
            let ends: Vec<f64> = found.iter().map(|number| number.as_f64()).collect();
            if ends.iter().any(|end| !end.is_finite()) {
                let message = format!(
                    "autodetected range of [{}, {}] is not finite",
                    crate::format::float_repr(ends[0], crate::format::Width::Double),
                    crate::format::float_repr(ends[1], crate::format::Width::Double)
                );
                return Err(Error::new(Kind::Value, message));
            }
            (ends[0], ends[1])
        }
        Some(_) => return Err(Error::new(Kind::Value, "range must be a pair of numbers")),
    };
    if low == high {
        (low, high) = (low - 0.5, high + 0.5);
    }
    let made = context.session().linspace(low, high, bins + 1, true)?;
    Ok(if array.dtype() == DType::Float32 { made.astype(DType::Float32)? } else { made })
}

fn histogram(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_argument(context, &arguments, "a")?.ravel();
    if array.dtype().is_complex() {
        return Err(Error::new(Kind::Type, "the histogram of complex numbers is not defined"));
    }
    if !matches!(arguments.get("weights"), Value::None) {
        return Err(Error::unsupported("`histogram` with weights is"));
    }
    let edges = edges(context, &arguments, &array)?;
    let array = if array.dtype() == DType::Bool { array.astype(DType::UInt8)? } else { array };
    let dtype = nums::result_type(array.dtype(), edges.dtype());
    let (sorted, bounds) = (array.astype(dtype)?.sort(0)?, edges.astype(dtype)?);
    let slice = |start, stop| bounds.index(&[nums::Index::Slice { start, stop, step: 1 }]);
    let starts = sorted.searchsorted(&slice(None, Some(-1))?, false)?;
    // The last interval includes its end.
    let end = sorted.searchsorted(&slice(Some(-1), None)?, true)?;
    let counts = nums::concatenate([&starts, &end], 0)?.diff()?;
    let counts = match truth_or(&arguments, "density", false)? {
        false => counts,
        true => counts.try_div(edges.astype(DType::Float64)?.diff()?)?.try_div(counts.sum())?,
    };
    Ok(Value::tuple([context.array(counts), context.array(edges)].map(Value::Array)))
}

fn median(context: &Context, arguments: &Arguments, skips_nan: bool) -> Result<Value, Error> {
    refuse_out(arguments, "median")?;
    let array = array_argument(context, arguments, "a")?;
    let axes = axes_argument(arguments.get("axis"), array.ndim())?;
    real(&array, "median")?;
    let result = match skips_nan && is_float(&array) {
        true => nan_quantile(&array, &axes, 0.5)?,
        false => nothing_is_nan(context, &array, &axes, DistArray::median_axis)?,
    };
    Ok(context.computed(kept(arguments, result, &array, &axes)?))
}

/// NumPy's answer for lanes without elements is NaN.
fn nothing_is_nan(
    context: &Context,
    array: &DistArray,
    axes: &[usize],
    of_some: impl Fn(&DistArray, Vec<usize>) -> Result<DistArray, nums::Error>,
) -> Result<DistArray, Error> {
    let count: usize = axes.iter().map(|axis| array.shape()[*axis]).product();
    if count > 0 {
        return Ok(of_some(array, axes.to_vec())?);
    }
    context.warn(None, Kind::RuntimeWarning, "Mean of empty slice");
    let own = array.shape();
    let kept = (0..own.len()).filter(|axis| !axes.contains(axis)).map(|axis| own[axis]);
    Ok(context.session().full(kept.collect::<Vec<_>>(), f64::NAN)?)
}

fn is_float(array: &DistArray) -> bool {
    matches!(array.dtype(), DType::Float32 | DType::Float64)
}

fn real(array: &DistArray, name: &str) -> Result<(), Error> {
    match array.dtype().is_complex() {
        true => Err(Error::new(
            Kind::Type,
            format!("`{name}` needs real numbers, not {}", array.dtype()),
        )),
        false => Ok(()),
    }
}

fn quantiles(
    context: &Context,
    arguments: &Arguments,
    percent: bool,
    skips_nan: bool,
) -> Result<Value, Error> {
    let name = if percent { "percentile" } else { "quantile" };
    refuse_out(arguments, name)?;
    let array = array_argument(context, arguments, "a")?;
    if array.dtype().is_complex() {
        return Err(Error::new(Kind::Type, "a must be an array of real numbers"));
    }
    let axes = axes_argument(arguments.get("axis"), array.ndim())?;
    let method = text_or(arguments, "method", "linear")?;
    let method =
        Quantile::ALL.into_iter().find(|known| known.name() == method).ok_or_else(|| {
            let known: Vec<String> =
                Quantile::ALL.iter().map(|known| format!("'{}'", known.name())).collect();
            let message = format!(
                "'{method}' is not a valid method. Use one of: dict_keys([{}])",
                known.join(", ")
            );
            Error::new(Kind::Value, message)
        })?;
    let q = context.array(to_array(context, arguments.get("q"))?);
    let shares: Vec<f64> = q.elements()?.iter().map(|q| q.as_f64()).collect();
    let shares: Vec<f64> = shares.iter().map(|q| if percent { q / 100.0 } else { *q }).collect();
    if shares.iter().any(|q| !(0.0..=1.0).contains(q)) {
        let message = match percent {
            true => "Percentiles must be in the range [0, 100]",
            false => "Quantiles must be in the range [0, 1]",
        };
        return Err(Error::new(Kind::Value, message));
    }
    if skips_nan && method != Quantile::Linear {
        return Err(Error::unsupported(format!(
            "`nan{name}` by the method '{}' is",
            method.name()
        )));
    }
    if let Some(axis) = axes.iter().find(|axis| array.shape()[**axis] == 0).filter(|_| !skips_nan) {
        let message = format!("index -1 is out of bounds for axis {axis} with size 0");
        return Err(Error::new(Kind::Index, message));
    }
    let found = shares.iter().map(|q| {
        let result = match skips_nan && is_float(&array) {
            true => nan_quantile(&array, &axes, *q)?,
            false => array.quantile_axis(*q, axes.clone(), method)?,
        };
        // An element of whole numbers that needs no neighbour keeps their type.
        let result = match method {
            Quantile::InvertedCdf
            | Quantile::ClosestObservation
            | Quantile::Lower
            | Quantile::Higher
            | Quantile::Nearest => result.astype(array.dtype())?,
            _ => result,
        };
        kept(arguments, result, &array, &axes)
    });
    let found = found.collect::<Result<Vec<_>, _>>()?;
    match (q.ndim(), found.as_slice()) {
        (0, [one]) => Ok(context.computed(one.clone())),
        (_, []) => Err(Error::unsupported(format!("`{name}` of no shares is"))),
        (_, several) => {
            let stacked = nums::stack(several, 0)?;
            let lengths = [q.shape(), &several[0].shape()].concat();
            Ok(Value::Array(context.array(stacked.reshape(&lengths)?)))
        }
    }
}

/// The linear quantile of the elements of each lane that are numbers; NaN sorts last, so they are the first ones.
fn nan_quantile(array: &DistArray, axes: &[usize], q: f64) -> Result<DistArray, Error> {
    let own = array.shape();
    let kept: Vec<usize> = (0..own.len()).filter(|axis| !axes.contains(axis)).collect();
    let order: Vec<usize> = kept.iter().chain(axes).copied().collect();
    let mut shape: Vec<usize> = kept.iter().map(|axis| own[*axis]).collect();
    let count: usize = axes.iter().map(|axis| own[*axis]).product();
    shape.push(count);
    if count == 0 {
        let message = format!("`nanquantile` of an empty array of shape {}", shape_text(&own));
        return Err(Error::new(Kind::Value, message));
    }
    let sorted = array.try_permuted_axes(&order)?.reshape(&shape)?.sort(-1)?;
    let numbers = sorted.isnan().logical_not().keepdims().sum_axis(-1)?;
    let last = numbers.try_sub(1)?.maximum(0);
    let at = last.try_mul(q)?;
    let below = at.floor();
    let share = at.try_sub(&below)?.astype(array.dtype())?;
    let below = below.astype(DType::Int64)?;
    let above = below.try_add(1)?.minimum(&last);
    let low = sorted.take_along_axis(&below, -1)?;
    let high = sorted.take_along_axis(&above, -1)?;
    let distance = high.try_sub(&low)?;
    let from_low = low.try_add(distance.try_mul(&share)?)?;
    let rest = share.try_sub(1)?.try_neg()?;
    let from_high = high.try_sub(distance.try_mul(&rest)?)?;
    let found = share.try_less(0.5)?.where_(&from_low, &from_high)?;
    // An element itself needs no neighbour, which may be infinite.
    let found = share.try_equal(0)?.where_(&low, &found)?;
    Ok(found.squeeze_axis(-1)?)
}
