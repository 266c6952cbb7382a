//! Distinct elements, and sets of them: by sorting on the cluster.

use super::{
    arguments::{array_argument, truth_or},
    selection::positions,
};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    record::Record,
    value::Value,
};
use nums::{DType, DistArray, Index};

const SET: &[Parameter] = &[
    Parameter::required("ar1"),
    Parameter::required("ar2"),
    Parameter::defaulted("assume_unique", "False"),
];
const X: &[Parameter] = &[Parameter::positional("x")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "intersect1d",
        parameters: SET,
        body: |context, arguments| {
            let (a, b) = both(context, &arguments)?;
            let a = Distinct::of(context, &a, true)?.values(context)?;
            kept(context, &a, &is_in(&a, &b)?)
        },
    },
    Function {
        name: "isin",
        parameters: &[
            Parameter::required("element"),
            Parameter::required("test_elements"),
            Parameter::defaulted("assume_unique", "False"),
            Parameter::defaulted("invert", "False"),
            Parameter::keyword("kind"),
        ],
        body: |context, arguments| {
            let element = array_argument(context, &arguments, "element")?;
            let others = array_argument(context, &arguments, "test_elements")?.ravel();
            let dtype = nums::result_type(element.dtype(), others.dtype());
            let line = element.astype(dtype)?.ravel();
            let mut found = is_in(&line, &others.astype(dtype)?)?;
            if truth_or(&arguments, "invert", false)? {
                found = found.logical_not();
            }
            Ok(context.computed(found.reshape(&element.shape())?))
        },
    },
    Function {
        name: "setdiff1d",
        parameters: SET,
        body: |context, arguments| {
            let (a, b) = both(context, &arguments)?;
            let a = match truth_or(&arguments, "assume_unique", false)? {
                true => a,
                false => Distinct::of(context, &a, true)?.values(context)?,
            };
            kept(context, &a, &is_in(&a, &b)?.logical_not())
        },
    },
    Function {
        name: "setxor1d",
        parameters: SET,
        body: |context, arguments| {
            let (a, b) = both(context, &arguments)?;
            let a = Distinct::of(context, &a, true)?.values(context)?;
            let b = Distinct::of(context, &b, true)?.values(context)?;
            let joined = nums::concatenate([&a, &b], 0)?.sort(0)?;
            if joined.is_empty() {
                return Ok(Value::Array(context.array(joined)));
            }
            let differs = neighbours_differ(&joined, false)?;
            let yes = context.session().full_dtype([1], true, DType::Bool)?;
            let before = nums::concatenate([&yes, &differs], 0)?;
            let after = nums::concatenate([&differs, &yes], 0)?;
            kept(context, &joined, &before.try_bitand(&after)?)
        },
    },
    Function {
        name: "union1d",
        parameters: &[Parameter::required("ar1"), Parameter::required("ar2")],
        body: |context, arguments| {
            let (a, b) = both(context, &arguments)?;
            let joined = nums::concatenate([&a, &b], 0)?;
            let values = Distinct::of(context, &joined, true)?.values(context)?;
            Ok(Value::Array(context.array(values)))
        },
    },
    Function {
        name: "unique",
        parameters: &[
            Parameter::required("ar"),
            Parameter::defaulted("return_index", "False"),
            Parameter::defaulted("return_inverse", "False"),
            Parameter::defaulted("return_counts", "False"),
            Parameter::optional("axis"),
            Parameter::keyword_defaulted("equal_nan", "True"),
            Parameter::keyword_defaulted("sorted", "True"),
        ],
        body: unique,
    },
    Function {
        name: "unique_all",
        parameters: X,
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "x")?;
            let distinct = Distinct::of(context, &array.ravel(), false)?;
            let fields = [
                ("values", distinct.values(context)?),
                ("indices", distinct.indices(context)?),
                ("inverse_indices", distinct.inverse(&array)?),
                ("counts", distinct.counts(context)?),
            ];
            Ok(named(context, "UniqueAllResult", fields))
        },
    },
    Function {
        name: "unique_counts",
        parameters: X,
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "x")?;
            let distinct = Distinct::of(context, &array.ravel(), false)?;
            let fields =
                [("values", distinct.values(context)?), ("counts", distinct.counts(context)?)];
            Ok(named(context, "UniqueCountsResult", fields))
        },
    },
    Function {
        name: "unique_inverse",
        parameters: X,
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "x")?;
            let distinct = Distinct::of(context, &array.ravel(), false)?;
            let fields = [
                ("values", distinct.values(context)?),
                ("inverse_indices", distinct.inverse(&array)?),
            ];
            Ok(named(context, "UniqueInverseResult", fields))
        },
    },
    Function {
        name: "unique_values",
        parameters: X,
        body: |context, arguments| {
            let array = array_argument(context, &arguments, "x")?;
            let distinct = Distinct::of(context, &array.ravel(), false)?;
            Ok(Value::Array(context.array(distinct.values(context)?)))
        },
    },
];

fn named<const N: usize>(
    context: &Context,
    class: &'static str,
    fields: [(&'static str, DistArray); N],
) -> Value {
    let fields = fields.map(|(name, array)| (name, Value::Array(context.array(array))));
    Value::record(Record::new(class, fields))
}

/// Two lines of one dtype.
fn both(context: &Context, arguments: &Arguments) -> Result<(DistArray, DistArray), Error> {
    let a = array_argument(context, arguments, "ar1")?.ravel();
    let b = array_argument(context, arguments, "ar2")?.ravel();
    let dtype = nums::result_type(a.dtype(), b.dtype());
    Ok((a.astype(dtype)?, b.astype(dtype)?))
}

/// The elements of a line at which a mask is true; waits for how many these are.
fn kept(context: &Context, line: &DistArray, mask: &DistArray) -> Result<Value, Error> {
    Ok(Value::Array(context.array(context.wait(line.compress(mask))?)))
}

/// Whether each element of a line is one of another line.
fn is_in(line: &DistArray, others: &DistArray) -> Result<DistArray, Error> {
    if others.is_empty() || line.is_empty() {
        return Ok(line.zeros_like_dtype(DType::Bool)?);
    }
    let sorted = others.sort(0)?;
    let at = sorted.searchsorted(line, false)?;
    let at = at.minimum(sorted.size() as i64 - 1);
    let nearest = sorted.take_array(&at, 0)?;
    let found = nearest.try_equal(line)?;
    if !matches!(line.dtype(), DType::Float32 | DType::Float64) {
        return Ok(found);
    }
    // -0.0 sorts before 0.0, and both are equal to either.
    let zero = others.try_equal(0)?.any();
    Ok(found.try_bitor(line.try_equal(0)?.try_bitand(&zero)?)?)
}

/// Whether each element of a sorted line but the first differs from the one before.
fn neighbours_differ(sorted: &DistArray, equal_nan: bool) -> Result<DistArray, Error> {
    let part = |start, stop| sorted.index(&[Index::Slice { start, stop, step: 1 }]);
    let (later, earlier) = (part(Some(1), None)?, part(None, Some(-1))?);
    let differs = later.try_not_equal(&earlier)?;
    if !equal_nan || sorted.dtype() == DType::Bool || sorted.dtype().is_integer() {
        return Ok(differs);
    }
    // NaN sorts last.
    Ok(differs.try_bitand(earlier.isnan().logical_not())?)
}

/// A line in order, and where its distinct elements begin.
struct Distinct {
    sorted: DistArray,
    /// The positions that sort the line.
    order: DistArray,
    begins: DistArray,
}

impl Distinct {
    fn of(context: &Context, line: &DistArray, equal_nan: bool) -> Result<Distinct, Error> {
        let order = line.argsort(0)?;
        let sorted = line.take_along_axis(&order, 0)?;
        let yes = context.session().full_dtype([line.size().min(1)], true, DType::Bool)?;
        let begins = match line.size() {
            0 => yes,
            _ => nums::concatenate([&yes, &neighbours_differ(&sorted, equal_nan)?], 0)?,
        };
        Ok(Distinct { sorted, order, begins })
    }

    fn values(&self, context: &Context) -> Result<DistArray, Error> {
        context.wait(self.sorted.compress(&self.begins))
    }

    /// Where each distinct element stands first.
    fn indices(&self, context: &Context) -> Result<DistArray, Error> {
        context.wait(self.order.compress(&self.begins))
    }

    /// The distinct element that each element is, in the shape of the array.
    fn inverse(&self, array: &DistArray) -> Result<DistArray, Error> {
        let number = self.begins.cumsum_axis(0)?.try_sub(1)?;
        let inverse = number.take_along_axis(&self.order.argsort(0)?, 0)?;
        Ok(inverse.reshape(&array.shape())?)
    }

    fn counts(&self, context: &Context) -> Result<DistArray, Error> {
        let Some(Value::Array(starts)) = positions(context, &self.begins)?.pop() else {
            return Ok(self.begins.astype(DType::Int64)?);
        };
        let whole = context.session().full_dtype([1], self.sorted.size(), DType::Int64)?;
        Ok(nums::concatenate([&starts.read()?, &whole], 0)?.diff()?)
    }
}

fn unique(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let array = array_argument(context, &arguments, "ar")?;
    if !matches!(arguments.get("axis"), Value::None) && array.ndim() != 1 {
        return Err(Error::unsupported("`unique` along an axis is"));
    }
    let equal_nan = truth_or(&arguments, "equal_nan", true)?;
    let distinct = Distinct::of(context, &array.ravel(), equal_nan)?;
    let mut results = vec![distinct.values(context)?];
    if truth_or(&arguments, "return_index", false)? {
        results.push(distinct.indices(context)?);
    }
    if truth_or(&arguments, "return_inverse", false)? {
        results.push(distinct.inverse(&array)?);
    }
    if truth_or(&arguments, "return_counts", false)? {
        results.push(distinct.counts(context)?);
    }
    let mut results = results.into_iter().map(|result| Value::Array(context.array(result)));
    match results.len() {
        1 => Ok(results.next().unwrap_or_default()),
        _ => Ok(Value::tuple(results.collect::<Vec<_>>())),
    }
}
