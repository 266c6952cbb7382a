//! `value[index]`: positions and slices, of arrays also `...` and `None`.

use crate::{
    array::Array,
    exception::{Exception, Kind},
    scalar::Scalar,
    value::Value,
};
use nums::Index;

/// `owner[index]`; of an array a view, or a scalar when the index names one element.
pub(crate) fn subscript(owner: &Value, index: &Value) -> Result<Value, Exception> {
    match owner {
        Value::Array(array) => array_item(array, index),
        Value::Tuple(items) => {
            sequence_item(items, index, "tuple", |part| Value::Tuple(part.into()))
        }
        Value::List(items) => sequence_item(items, index, "list", |part| Value::List(part.into())),
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
        Value::Scalar(_) => Err(Exception::new(Kind::Index, "invalid index to scalar variable.")),
        other => {
            let message = format!("'{}' object is not subscriptable", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    }
}

fn array_item(array: &Array, index: &Value) -> Result<Value, Exception> {
    let entries = match index {
        Value::Tuple(entries) => entries.iter().map(array_index).collect::<Result<Vec<_>, _>>()?,
        entry => vec![array_index(entry)?],
    };
    let ellipsis = entries.contains(&Index::Ellipsis);
    let part = array.index(entries)?;
    // With an ellipsis NumPy gives an array even when no axis is left.
    if part.ndim() == 0 && !ellipsis {
        Ok(Value::Scalar(Scalar::lazy(part.read()?)))
    } else {
        Ok(Value::Array(part))
    }
}

fn array_index(entry: &Value) -> Result<Index, Exception> {
    match entry {
        Value::Int(position) => Ok(Index::At(*position as isize)),
        Value::Ellipsis => Ok(Index::Ellipsis),
        Value::None => Ok(Index::NewAxis),
        Value::Slice(parts) => {
            let [start, stop, step] = slice_parts(parts)?;
            Ok(Index::Slice { start, stop, step: checked_step(step)? })
        }
        Value::Array(_) | Value::List(_) => Err(Exception::unsupported("an array as index is")),
        _ => {
            let message = "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) \
                           and integer or boolean arrays are valid indices";
            Err(Exception::new(Kind::Index, message))
        }
    }
}

fn sequence_item(
    items: &[Value],
    index: &Value,
    type_name: &str,
    make: impl Fn(Vec<Value>) -> Value,
) -> Result<Value, Exception> {
    match index {
        Value::Int(_) | Value::Bool(_) => {
            let position = index.as_int()?;
            let len = items.len() as i64;
            let from_start = if position < 0 { position + len } else { position };
            let item = usize::try_from(from_start).ok().and_then(|position| items.get(position));
            item.cloned().ok_or_else(|| {
                Exception::new(Kind::Index, format!("{type_name} index out of range"))
            })
        }
        Value::Slice(parts) => {
            let [start, stop, step] = slice_parts(parts)?;
            let positions = slice_positions(items.len(), start, stop, checked_step(step)?);
            Ok(make(positions.into_iter().map(|position| items[position].clone()).collect()))
        }
        other => {
            let other = other.type_name();
            let message = match type_name {
                "string" => format!("string indices must be integers, not '{other}'"),
                _ => format!("{type_name} indices must be integers or slices, not {other}"),
            };
            Err(Exception::new(Kind::Type, message))
        }
    }
}

fn slice_parts(parts: &[Value; 3]) -> Result<[Option<isize>; 3], Exception> {
    let part = |value: &Value| match value {
        Value::None => Ok(None),
        Value::Int(_) | Value::Bool(_) => Ok(Some(value.as_int()? as isize)),
        _ => {
            let message = "slice indices must be integers or None or have an __index__ method";
            Err(Exception::new(Kind::Type, message))
        }
    };
    Ok([part(&parts[0])?, part(&parts[1])?, part(&parts[2])?])
}

fn checked_step(step: Option<isize>) -> Result<isize, Exception> {
    match step.unwrap_or(1) {
        0 => Err(Exception::new(Kind::Value, "slice step cannot be zero")),
        step => Ok(step),
    }
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
