//! `array[index]`, read and written: what Python writes between brackets becomes items of an index,
//! and what is written the elements of an array.

use super::{
    arguments::to_array,
    constructor::{Local, local},
};
use crate::{
    array::Array,
    element::{element, must_be_seen},
    exception::{Exception, Kind},
    indexing::{Fault, Item, Selection, Wait},
    interpreter::Interpreter,
    scalar::{Elements, Number, Scalar, constant},
    subscript::{checked_step, slice_parts},
    value::Value,
    waiting::wait,
};
use ndarray::{ArrayD, IxDyn};
use nums::{DType, DistArray, Pending};

/// Waits as the prompt does.
struct AtPrompt;

impl Wait for AtPrompt {
    type Error = Exception;

    fn wait<T>(&self, pending: Pending<T>) -> Result<T, Exception> {
        wait(pending)
    }
}

impl From<Fault> for Exception {
    fn from(fault: Fault) -> Exception {
        let kind = match fault {
            Fault::Value { .. } | Fault::View { .. } | Fault::MaskValues { .. } => Kind::Value,
            Fault::MaskAxes { .. } => Kind::Type,
            _ => Kind::Index,
        };
        Exception::new(kind, fault.to_string())
    }
}

/// `array[index]`: a view, a scalar when the index names one element, or a copy of what lists and masks choose. Masks
/// and positions that are in the cluster are waited for.
pub(crate) fn item(array: &Array, index: &Value) -> Result<Value, Exception> {
    let items = items(index)?;
    match Selection::new(array.shape(), &items, &AtPrompt)? {
        Selection::View { entries, is_element, copied } => {
            let part = array.index(entries)?;
            Ok(match (is_element, copied) {
                (true, _) => Value::Scalar(Scalar::lazy(part.read()?)),
                (false, true) => Value::Array(Array::new(part.read()?)),
                (false, false) => Value::Array(part),
            })
        }
        Selection::Chosen(chosen) => {
            Ok(Value::Array(Array::new(chosen.read(&array.read()?, &AtPrompt)?)))
        }
    }
}

/// `scalar[index]`: a scalar counts as an array without axes, which has no position.
pub(crate) fn item_of_scalar(scalar: &Scalar, index: &Value) -> Result<Value, Exception> {
    let invalid = || Exception::new(Kind::Index, "invalid index to scalar variable.");
    match index {
        Value::Tuple(entries) if entries.is_empty() => Ok(Value::Scalar(scalar.clone())),
        Value::None | Value::Ellipsis | Value::Bool(_) | Value::Tuple(_) => match scalar {
            Scalar::Lazy(lazy) => {
                let found = item(&Array::new(lazy.array().clone()), index);
                found.map_err(|error| if error.kind() == Kind::Index { invalid() } else { error })
            }
            Scalar::Known(_) => Err(Exception::unsupported("an index of a scalar at hand is")),
        },
        _ => Err(invalid()),
    }
}

/// `array[index] = value`: the value is broadcast, and its elements become elements of the array.
pub(crate) fn assign(
    interpreter: &Interpreter,
    array: &Array,
    index: &Value,
    value: &Value,
) -> Result<(), Exception> {
    let items = items(index)?;
    let selection = Selection::new(array.shape(), &items, &AtPrompt)?;
    match selection {
        Selection::View { entries, is_element, .. } => {
            if is_element && !is_single(value) {
                return Err(sequence_for_element(array.dtype(), value));
            }
            let present = array.read()?;
            let target = present.index(&entries)?.shape();
            let value = elements(interpreter, value, array.dtype(), Some(target.len()))?;
            let new = present.assign(&entries, &value).map_err(|error| match error {
                nums::Error::Shape(_) | nums::Error::ShapeMismatch { .. } => {
                    let mut value = value.shape();
                    let surplus = value.len().saturating_sub(target.len());
                    let ones = value[..surplus].iter().take_while(|&&len| len == 1).count();
                    value.drain(..ones);
                    Fault::View { value, target }.into()
                }
                other => Exception::from(other),
            })?;
            array.write(new)
        }
        Selection::Chosen(chosen) => {
            let value = elements(interpreter, value, array.dtype(), None)?;
            array.write(chosen.write(&array.read()?, &value, &AtPrompt)?)
        }
    }
}

/// NumPy's words for a sequence in the place of one element.
fn sequence_for_element(dtype: DType, value: &Value) -> Exception {
    match (dtype, value) {
        (DType::Int32 | DType::Int64, Value::List(_) | Value::Tuple(_) | Value::Range(_)) => {
            let message = format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                value.type_name()
            );
            Exception::new(Kind::Type, message)
        }
        _ => Exception::new(Kind::Value, "setting an array element with a sequence."),
    }
}

/// Whether a value is one number, as the place of one element takes it.
fn is_single(value: &Value) -> bool {
    match value {
        Value::Array(array) => array.ndim() == 0,
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => false,
        _ => true,
    }
}

/// A value as an array of a type: its numbers must fit, the elements of arrays are cast. Lists may not be nested
/// deeper than `ndim_max`.
fn elements(
    interpreter: &Interpreter,
    value: &Value,
    dtype: DType,
    ndim_max: Option<usize>,
) -> Result<DistArray, Exception> {
    let session = &interpreter.session;
    match value {
        Value::Scalar(scalar) => match scalar.in_the_cluster() {
            Some(array) if !must_be_seen(scalar, dtype) => Ok(array.astype(dtype)?),
            _ => match element(value, dtype)? {
                Some(number) => constant(session, number),
                None => Ok(scalar.as_array(session)?.astype(dtype)?),
            },
        },
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => {
            let array = super::array_from(session, value, Some(dtype))?.read()?;
            match ndim_max {
                Some(most) if array.ndim() > most => {
                    let message = format!(
                        "setting an array element with a sequence. The requested array would \
                         exceed the maximum number of dimension of {most}."
                    );
                    Err(Exception::new(Kind::Value, message))
                }
                _ => Ok(array),
            }
        }
        Value::Array(array) => Ok(array.read()?.astype(dtype)?),
        other => match element(other, dtype)? {
            Some(number) => constant(session, number),
            None => Ok(to_array(interpreter, other)?.astype(dtype)?),
        },
    }
}

/// The items of an index.
fn items(index: &Value) -> Result<Vec<Item>, Exception> {
    match index {
        Value::Tuple(entries) => entries.iter().map(item_of).collect(),
        one => Ok(vec![item_of(one)?]),
    }
}

fn item_of(entry: &Value) -> Result<Item, Exception> {
    Ok(match entry {
        Value::None => Item::NewAxis,
        Value::Ellipsis => Item::Ellipsis,
        Value::Slice(parts) => {
            let [start, stop, step] = slice_parts(parts)?;
            Item::Slice { start, stop, step: checked_step(step)? }
        }
        Value::Bool(holds) => Item::Truth(*holds),
        Value::Int(position) => Item::At(*position as isize),
        Value::Scalar(scalar) => match scalar.dtype() {
            DType::Bool => Item::Truth(scalar.value()?.truth()),
            _ => Item::At(position(scalar.value()?).ok_or_else(no_index)?),
        },
        Value::Array(array) => match (array.dtype(), array.ndim()) {
            (DType::Bool, 0) => Item::Truth(array.item()?.truth()),
            (DType::Bool, _) => Item::Mask(array.read()?),
            (DType::Int32 | DType::Int64, 0) => {
                Item::ArrayAt(position(array.item()?).ok_or_else(no_index)?)
            }
            (DType::Int32 | DType::Int64, _) => {
                let elements = Elements::request(&array.read()?)?.wait()?;
                Item::Positions(elements.mapv(|number| position(number).unwrap_or(0)))
            }
            _ => {
                let message = "arrays used as indices must be of integer (or boolean) type";
                return Err(Exception::new(Kind::Index, message));
            }
        },
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => listed(entry)?,
        _ => return Err(no_index()),
    })
}

/// A list as an index: of truth values a mask, of whole numbers positions; an empty one is of positions.
fn listed(list: &Value) -> Result<Item, Exception> {
    let Local { shape, numbers, dtype } = local(list).map_err(|error| match error.kind() {
        Kind::NotImplemented => no_index(),
        _ => error,
    })?;
    match dtype {
        _ if numbers.is_empty() => Ok(Item::Positions(ArrayD::from_elem(IxDyn(&shape), 0))),
        DType::Bool => {
            Ok(Item::MaskAtHand(shaped(&shape, numbers.into_iter().map(Number::truth))?))
        }
        _ => {
            let positions = numbers.into_iter().map(position);
            let positions = positions.collect::<Option<Vec<_>>>().ok_or_else(no_index)?;
            Ok(Item::Positions(shaped(&shape, positions.into_iter())?))
        }
    }
}

fn shaped<T>(shape: &[usize], elements: impl Iterator<Item = T>) -> Result<ArrayD<T>, Exception> {
    ArrayD::from_shape_vec(IxDyn(shape), elements.collect())
        .map_err(|error| Exception::new(Kind::Value, error.to_string()))
}

fn position(number: Number) -> Option<isize> {
    match number {
        Number::Bool(holds) => Some(isize::from(holds)),
        Number::Int32(position) => Some(position as isize),
        Number::Int64(position) => Some(position as isize),
        Number::Float32(_) | Number::Float64(_) => None,
    }
}

/// NumPy's words for what no array can be indexed by.
fn no_index() -> Exception {
    let message = "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer \
                   or boolean arrays are valid indices";
    Exception::new(Kind::Index, message)
}

/// The positions that an array or list stands for; waits for an array.
pub(super) fn positions(value: &Value) -> Result<Option<ArrayD<isize>>, Exception> {
    match item_of(value)? {
        Item::Positions(positions) => Ok(Some(positions)),
        _ => Ok(None),
    }
}
