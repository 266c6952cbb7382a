//! `value[index]`: positions, slices and keys, read, written and deleted.

use crate::{
    containers::missing,
    exception::{Exception, Kind},
    interpreter::Interpreter,
    value::{Range, Value},
};

/// `owner[index]`; of an array a view, or a scalar when the index names one element.
pub(crate) fn subscript(owner: &Value, index: &Value) -> Result<Value, Exception> {
    match owner {
        Value::Tuple(items) => sequence_item(items, index, "tuple", Value::tuple),
        Value::List(items) => sequence_item(&items.borrow(), index, "list", Value::list),
        Value::Dict(dict) => dict.borrow().get(index)?.ok_or_else(|| missing(index)),
        Value::Range(range) => range_item(*range, index),
        Value::Str(text) => {
            let characters: Vec<Value> =
                text.chars().map(|one| Value::str(one.encode_utf8(&mut [0; 4]))).collect();
            sequence_item(&characters, index, "string", |part| {
                let text = part.iter().filter_map(|one| match one {
                    Value::Str(text) => Some(text.as_ref()),
                    _ => None,
                });
                Value::str(&text.collect::<String>())
            })
        }
        Value::Class(_) => Err(Exception::unsupported("a generic type is")),
        Value::Array(_) | Value::Scalar(_) | Value::Table(_) | Value::Record(_) => {
            Ok(nums_numpy::subscript(&owner.to_numpy()?, &index.to_numpy()?)?.into())
        }
        other => {
            let message = format!("'{}' object is not subscriptable", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    }
}

fn sequence_item(
    items: &[Value],
    index: &Value,
    type_name: &str,
    make: impl Fn(Vec<Value>) -> Value,
) -> Result<Value, Exception> {
    if let Value::Slice(parts) = index {
        let [start, stop, step] = slice_parts(parts)?;
        let positions = slice_positions(items.len(), start, stop, nums_numpy::checked_step(step)?);
        return Ok(make(positions.into_iter().map(|position| items[position].clone()).collect()));
    }
    let position = position_in(items.len(), index, type_name, "")?;
    Ok(items[position].clone())
}

/// The position that an index names in a sequence; `assignment` stands in the message when it is
/// written to.
fn position_in(
    len: usize,
    index: &Value,
    type_name: &str,
    assignment: &str,
) -> Result<usize, Exception> {
    let Some(position) = index.as_index()? else {
        let other = index.type_name();
        let message = match type_name {
            "string" => format!("string indices must be integers, not '{other}'"),
            _ => format!("{type_name} indices must be integers or slices, not {other}"),
        };
        return Err(Exception::new(Kind::Type, message));
    };
    let from_start = if position < 0 { position.saturating_add(len as i64) } else { position };
    usize::try_from(from_start).ok().filter(|position| *position < len).ok_or_else(|| {
        Exception::new(Kind::Index, format!("{type_name} {assignment}index out of range"))
    })
}

fn range_item(range: Range, index: &Value) -> Result<Value, Exception> {
    let Value::Slice(parts) = index else {
        let position = position_in(range.len(), index, "range object", "")?;
        return Ok(Value::Int(range.at(position)));
    };
    let [start, stop, step] = slice_parts(parts)?;
    let step = nums_numpy::checked_step(step)?;
    let positions = slice_positions(range.len(), start, stop, step);
    let first = positions.first().copied().unwrap_or(0);
    let step = range.step.saturating_mul(step as i64);
    let start = range.at(first);
    let stop = start.saturating_add(step.saturating_mul(positions.len() as i64));
    Ok(Value::Range(Range { start, stop, step }))
}

/// `owner[index] = value`.
pub(crate) fn set_item(
    interpreter: &mut Interpreter,
    owner: &Value,
    index: &Value,
    value: &Value,
) -> Result<(), Exception> {
    match owner {
        Value::List(items) => match index {
            Value::Slice(parts) => {
                let [start, stop, step] = slice_parts(parts)?;
                let step = nums_numpy::checked_step(step)?;
                let new = interpreter.items(value)?;
                let mut items = items.borrow_mut();
                let positions = slice_positions(items.len(), start, stop, step);
                if step == 1 {
                    let bound = |at: Option<isize>, otherwise: usize| match at {
                        None => otherwise,
                        Some(at) if at < 0 => (items.len() as isize + at).max(0) as usize,
                        Some(at) => (at as usize).min(items.len()),
                    };
                    let start = bound(start, 0);
                    let end = bound(stop, items.len()).max(start);
                    items.splice(start..end, new);
                    return Ok(());
                }
                if positions.len() != new.len() {
                    let message = format!(
                        "attempt to assign sequence of size {} to extended slice of size {}",
                        new.len(),
                        positions.len()
                    );
                    return Err(Exception::new(Kind::Value, message));
                }
                for (position, value) in std::iter::zip(positions, new) {
                    items[position] = value;
                }
                Ok(())
            }
            _ => {
                let len = items.borrow().len();
                let position = position_in(len, index, "list", "assignment ")?;
                items.borrow_mut()[position] = value.clone();
                Ok(())
            }
        },
        Value::Dict(dict) => dict.borrow_mut().insert(index.clone(), value.clone()),
        Value::Array(array) => {
            Ok(nums_numpy::assign(array, &index.to_numpy()?, &value.to_numpy()?)?)
        }
        other => {
            let message =
                format!("'{}' object does not support item assignment", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    }
}

/// `del owner[index]`.
pub(crate) fn delete_item(owner: &Value, index: &Value) -> Result<(), Exception> {
    match owner {
        Value::List(items) => {
            let mut items = items.borrow_mut();
            if let Value::Slice(parts) = index {
                let [start, stop, step] = slice_parts(parts)?;
                let mut positions =
                    slice_positions(items.len(), start, stop, nums_numpy::checked_step(step)?);
                positions.sort_unstable();
                for position in positions.into_iter().rev() {
                    items.remove(position);
                }
                return Ok(());
            }
            let position = position_in(items.len(), index, "list", "assignment ")?;
            items.remove(position);
            Ok(())
        }
        Value::Dict(dict) => match dict.borrow_mut().remove(index)? {
            Some(_) => Ok(()),
            None => Err(missing(index)),
        },
        other => {
            let message = format!("'{}' object doesn't support item deletion", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    }
}

/// Start, stop and step of a slice.
fn slice_parts(parts: &[Value; 3]) -> Result<[Option<isize>; 3], Exception> {
    let [start, stop, step] = parts;
    let parts = [start.to_numpy()?, stop.to_numpy()?, step.to_numpy()?];
    Ok(nums_numpy::slice_parts(&parts)?)
}

/// The positions that a slice names in a sequence, in its order.
fn slice_positions(
    len: usize,
    start: Option<isize>,
    stop: Option<isize>,
    step: isize,
) -> Vec<usize> {
    let len = len as isize;
    // A position before the start or behind the end counts as the edge that the step comes from.
    let (lowest, highest) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |position: isize| {
        let from_start = if position < 0 { position.saturating_add(len) } else { position };
        from_start.clamp(lowest, highest)
    };
    let (first, end) = if step > 0 { (0, len) } else { (len - 1, -1) };
    let (mut position, end) = (start.map_or(first, clamp), stop.map_or(end, clamp));
    let mut positions = Vec::new();
    while (step > 0 && position < end) || (step < 0 && position > end) {
        positions.push(position as usize);
        position = position.saturating_add(step);
    }
    positions
}
