//! `array[index]`, read and written: what Python writes between brackets becomes items of an index,
//! and what is written the elements of an array.

use crate::{
    array::Array,
    context::Context,
    element::{element, must_be_seen},
    error::Error,
    functions::{Local, array_from, local, to_array},
    indexing::{Fault, Item, Selection},
    kind::Kind,
    number::Number,
    scalar::{Scalar, constant},
    value::Value,
};
use ndarray::{ArrayD, IxDyn};
use nums::{DType, DistArray};

/// `owner[index]` of an array, a scalar or a table: a view, a scalar when the index names one element, or a copy of
/// what lists and masks choose.
///
/// # Errors
/// [`Kind::Index`] for what is no index of the owner, [`Kind::Key`] for a column that a table does not have.
pub fn subscript(owner: &Value, index: &Value) -> Result<Value, Error> {
    match owner {
        Value::Array(array) => item(array, index),
        Value::Scalar(scalar) => item_of_scalar(scalar, index),
        Value::Table(table) => crate::library::item(table, index),
        Value::Record(record) if !record.is_limits() => {
            let len = record.fields.len() as i64;
            let at = index.as_int()?;
            let at = usize::try_from(if at < 0 { at + len } else { at }).ok();
            let field = at.and_then(|at| record.fields.get(at));
            let field = field.ok_or_else(|| Error::new(Kind::Index, "tuple index out of range"))?;
            Ok(field.1.clone())
        }
        other => {
            let message = format!("'{}' object is not subscriptable", other.type_name());
            Err(Error::new(Kind::Type, message))
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        let kind = match fault {
            Fault::Value { .. } | Fault::View { .. } | Fault::MaskValues { .. } => Kind::Value,
            Fault::MaskAxes { .. } => Kind::Type,
            _ => Kind::Index,
        };
        Error::new(kind, fault.to_string())
    }
}

/// `array[index]`: a view, a scalar when the index names one element, or a copy of what lists and masks choose. Masks
/// and positions that are in the cluster are waited for.
pub(crate) fn item(array: &Array, index: &Value) -> Result<Value, Error> {
    let items = items(index)?;
    match Selection::new(array.shape(), &items, array.context())? {
        Selection::View { entries, is_element, copied } => {
            let part = array.index(entries)?;
            Ok(match (is_element, copied) {
                (true, _) => Value::Scalar(array.context().lazy(part.read()?)),
                (false, true) => Value::Array(array.context().array(part.read()?)),
                (false, false) => Value::Array(part),
            })
        }
        Selection::Chosen(chosen) => {
            Ok(Value::Array(array.context().array(chosen.read(&array.read()?, array.context())?)))
        }
    }
}

/// `scalar[index]`: a scalar counts as an array without axes, which has no position.
fn item_of_scalar(scalar: &Scalar, index: &Value) -> Result<Value, Error> {
    let invalid = || Error::new(Kind::Index, "invalid index to scalar variable.");
    match index {
        Value::Tuple(entries) if entries.is_empty() => Ok(Value::Scalar(scalar.clone())),
        Value::None
        | Value::Ellipsis
        | Value::Bool(_)
        | Value::Tuple(_)
        | Value::Array(_)
        | Value::Scalar(_) => match scalar {
            Scalar::Lazy(lazy) => {
                let found = item(&lazy.context().array(lazy.array().clone()), index);
                found.map_err(|error| if error.kind == Kind::Index { invalid() } else { error })
            }
            Scalar::Known(_) => Err(Error::unsupported("an index of a scalar at hand is")),
        },
        _ => Err(invalid()),
    }
}

/// `array[index] = value`: the value is broadcast, and its elements become elements of the array.
///
/// # Errors
/// What is wrong with the index, and with a value that does not fit.
pub fn assign(array: &Array, index: &Value, value: &Value) -> Result<(), Error> {
    let context = array.context();
    let items = items(index)?;
    let selection = Selection::new(array.shape(), &items, array.context())?;
    match selection {
        Selection::View { entries, is_element, .. } => {
            if is_element && !is_single(value) {
                return Err(sequence_for_element(array.dtype(), value));
            }
            let present = array.read()?;
            let target = present.index(&entries)?.shape();
            let value = elements(context, value, array.dtype(), Some(target.len()))?;
            let new = present.assign(&entries, &value).map_err(|error| match error {
                nums::Error::Shape(_) | nums::Error::ShapeMismatch { .. } => {
                    let mut value = value.shape();
                    let surplus = value.len().saturating_sub(target.len());
                    let ones = value[..surplus].iter().take_while(|&&len| len == 1).count();
                    value.drain(..ones);
                    Fault::View { value, target }.into()
                }
                other => Error::from(other),
            })?;
            array.write(new)
        }
        Selection::Chosen(chosen) => {
            let value = elements(context, value, array.dtype(), None)?;
            array.write(chosen.write(&array.read()?, &value, array.context())?)
        }
    }
}

/// NumPy's words for a sequence in the place of one element.
fn sequence_for_element(dtype: DType, value: &Value) -> Error {
    match (dtype, value) {
        (dtype, Value::List(_) | Value::Tuple(_) | Value::Range(_)) if dtype.is_integer() => {
            let message = format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                value.type_name()
            );
            Error::new(Kind::Type, message)
        }
        _ => Error::new(Kind::Value, "setting an array element with a sequence."),
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
    context: &Context,
    value: &Value,
    dtype: DType,
    ndim_max: Option<usize>,
) -> Result<DistArray, Error> {
    match value {
        Value::Scalar(scalar) => match scalar.in_the_cluster() {
            Some(array) if !must_be_seen(scalar, dtype) => Ok(array.astype(dtype)?),
            _ => match element(value, dtype)? {
                Some(number) => constant(context, number),
                None => Ok(scalar.as_array(context)?.astype(dtype)?),
            },
        },
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => {
            let array = array_from(context, value, Some(dtype))?.read()?;
            match ndim_max {
                Some(most) if array.ndim() > most => {
                    let message = format!(
                        "setting an array element with a sequence. The requested array would \
                         exceed the maximum number of dimension of {most}."
                    );
                    Err(Error::new(Kind::Value, message))
                }
                _ => Ok(array),
            }
        }
        Value::Array(array) => Ok(array.read()?.astype(dtype)?),
        other => match element(other, dtype)? {
            Some(number) => constant(context, number),
            None => Ok(to_array(context, other)?.astype(dtype)?),
        },
    }
}

/// The items of an index.
fn items(index: &Value) -> Result<Vec<Item>, Error> {
    match index {
        Value::Tuple(entries) => entries.iter().map(item_of).collect(),
        one => Ok(vec![item_of(one)?]),
    }
}

fn item_of(entry: &Value) -> Result<Item, Error> {
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
            (dtype, 0) if dtype.is_integer() => {
                Item::ArrayAt(position(array.item()?).ok_or_else(no_index)?)
            }
            (dtype, _) if dtype.is_integer() => {
                let elements = array.elements()?;
                Item::Positions(elements.mapv(|number| position(number).unwrap_or(0)))
            }
            _ => {
                let message = "arrays used as indices must be of integer (or boolean) type";
                return Err(Error::new(Kind::Index, message));
            }
        },
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => listed(entry)?,
        _ => return Err(no_index()),
    })
}

/// A list as an index: of truth values a mask, of whole numbers positions; an empty one is of positions.
fn listed(list: &Value) -> Result<Item, Error> {
    let Local { shape, numbers, dtype } = local(list).map_err(|error| match error.kind {
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

fn shaped<T>(shape: &[usize], elements: impl Iterator<Item = T>) -> Result<ArrayD<T>, Error> {
    ArrayD::from_shape_vec(IxDyn(shape), elements.collect())
        .map_err(|error| Error::new(Kind::Value, error.to_string()))
}

/// The position that an integer names; one beyond all positions is the last of them, which no array has.
fn position(number: Number) -> Option<isize> {
    let position = number.as_integer()?;
    Some(isize::try_from(position).unwrap_or(isize::MAX))
}

/// NumPy's words for what no array can be indexed by.
fn no_index() -> Error {
    let message = "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer \
                   or boolean arrays are valid indices";
    Error::new(Kind::Index, message)
}

/// The positions that an array or list stands for; waits for an array.
pub(crate) fn positions(value: &Value) -> Result<Option<ArrayD<isize>>, Error> {
    match item_of(value)? {
        Item::Positions(positions) => Ok(Some(positions)),
        _ => Ok(None),
    }
}

/// Start, stop and step of a slice; a bound beyond 64 bits is beyond any sequence.
///
/// # Errors
/// [`Kind::Type`] for what is no whole number.
pub fn slice_parts(parts: &[Value; 3]) -> Result<[Option<isize>; 3], Error> {
    let part = |value: &Value| match value {
        Value::None => Ok(None),
        other => {
            if let Some(position) = other.as_index()? {
                return Ok(Some(position as isize));
            }
            // A bound beyond 64 bits is beyond any sequence.
            if let Value::BigInt(whole) = other {
                let low = num_traits::Signed::is_negative(whole.as_ref());
                return Ok(Some(if low { isize::MIN } else { isize::MAX }));
            }
            let message = "slice indices must be integers or None or have an __index__ method";
            Err(Error::new(Kind::Type, message))
        }
    };
    Ok([part(&parts[0])?, part(&parts[1])?, part(&parts[2])?])
}

/// The step of a slice.
///
/// # Errors
/// [`Kind::Value`] for 0.
pub fn checked_step(step: Option<isize>) -> Result<isize, Error> {
    match step.unwrap_or(1) {
        0 => Err(Error::new(Kind::Value, "slice step cannot be zero")),
        step => Ok(step),
    }
}
