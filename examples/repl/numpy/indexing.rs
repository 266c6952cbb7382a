//! `array[index]`, read and written: slices, positions, masks and lists of positions.

use super::arguments::to_array;
use crate::{
    array::Array,
    errors::shape_text,
    exception::{Exception, Kind},
    interpreter::Interpreter,
    operators::operand,
    scalar::{Elements, Scalar},
    subscript::{basic_index, no_index},
    value::Value,
    waiting::wait,
};
use nums::{DType, DistArray, Index, Session};

/// Positions along one axis, and the shape that they are given in.
type Positions = (Vec<isize>, Vec<usize>);

/// An index that is itself an array or a list.
enum Advanced {
    /// True where an element is taken.
    Mask(DistArray),
    /// Positions along one axis, and the shape that they are given in.
    Positions(Vec<isize>, Vec<usize>),
}

/// `array[index]`: a view, a scalar when the index names one element, or a copy of what a mask or a
/// list takes. Counting a mask, and positions that are in the cluster, are waited for.
pub(crate) fn item(array: &Array, index: &Value) -> Result<Value, Exception> {
    let Some((position, advanced, rest)) = split(index)? else {
        let entries = basic_index(index)?;
        let ellipsis = entries.contains(&Index::Ellipsis);
        let part = array.index(entries)?;
        // With an ellipsis NumPy gives an array even when no axis is left.
        return if part.ndim() == 0 && !ellipsis {
            Ok(Value::Scalar(Scalar::lazy(part.read()?)))
        } else {
            Ok(Value::Array(part))
        };
    };
    let part = array.read()?.index(&rest)?;
    let axis = axis_behind(&rest[..position], array.ndim(), &rest);
    let taken = match advanced {
        Advanced::Mask(mask) if axis == 0 => {
            check_mask(&mask, &part)?;
            wait(part.compress(&mask))?
        }
        Advanced::Mask(mask) => part.take(&positions_of(&mask)?, axis as isize)?,
        Advanced::Positions(positions, shape) => {
            let taken = part.take(&positions, axis as isize).map_err(|error| {
                let len = part.shape().get(axis).copied().unwrap_or(0);
                out_of_bounds(&positions, axis, len).unwrap_or_else(|| error.into())
            })?;
            if shape.len() == 1 {
                taken
            } else {
                let mut lengths = part.shape();
                lengths.splice(axis..=axis, shape);
                let lengths: Vec<isize> = lengths.into_iter().map(|len| len as isize).collect();
                taken.reshape(&lengths)?
            }
        }
    };
    Ok(Value::Array(Array::new(taken)))
}

/// `array[index] = value`: the value is broadcast and cast.
pub(crate) fn assign(
    interpreter: &Interpreter,
    array: &Array,
    index: &Value,
    value: &Value,
) -> Result<(), Exception> {
    let value = match operand(&interpreter.session, value)? {
        Some(value) => value,
        None => to_array(interpreter, value)?,
    };
    let value = value.astype(array.dtype())?;
    let session = &interpreter.session;
    let present = array.read()?;
    let Some((position, advanced, rest)) = split(index)? else {
        let entries = basic_index(index)?;
        let target = present.index(&entries)?.shape();
        return array.write(assigned(&present, &entries, &value, &target)?);
    };
    match advanced {
        Advanced::Mask(mask) if rest.len() == 1 => {
            check_mask(&mask, &present)?;
            if value.size() == 1 {
                let value = value.reshape(&[])?;
                return array.write(present.assign_mask(&mask, &value)?);
            }
            // Of a mask of several axes the elements count in C order.
            let lengths = |axes: &[usize]| axes.iter().map(|len| *len as isize).collect::<Vec<_>>();
            let (shape, axes) = (present.shape(), mask.ndim());
            let flat = [&[-1], lengths(&shape[axes..]).as_slice()].concat();
            let positions = positions_of(&mask.ravel())?;
            let present = present.reshape(&flat)?;
            array
                .write(scattered(session, &present, &positions, &value)?.reshape(&lengths(&shape))?)
        }
        Advanced::Mask(mask) => {
            each(session, array, &present, &rest[..position], &positions_of(&mask)?, &value)
        }
        Advanced::Positions(positions, _) => {
            each(session, array, &present, &rest[..position], &positions, &value)
        }
    }
}

fn assigned(
    present: &DistArray,
    entries: &[Index],
    value: &DistArray,
    target: &[usize],
) -> Result<DistArray, Exception> {
    present.assign(entries, value).map_err(|error| match error {
        nums::Error::Shape(_) | nums::Error::ShapeMismatch { .. } => {
            let message = format!(
                "could not broadcast input array from shape {} into shape {}",
                shape_text(&value.shape()),
                shape_text(target)
            );
            Exception::new(Kind::Value, message)
        }
        other => other.into(),
    })
}

/// Positions that are written one after the other; more are written in one pass over the array.
const EACH_MAX: usize = 16;

/// Writes to positions of the first axis, a row of the value to each or the same to all, in one pass: for each position
/// it is found first which row comes there last.
fn scattered(
    session: &Session,
    present: &DistArray,
    positions: &[isize],
    value: &DistArray,
) -> Result<DistArray, Exception> {
    let shape = present.shape();
    let len = shape.first().copied().unwrap_or(1);
    if let Some(error) = out_of_bounds(positions, 0, len) {
        return Err(error);
    }
    let target = [&[positions.len()], shape.get(1..).unwrap_or(&[])].concat();
    let rows = value.broadcast_to(&target).map_err(|_| {
        let message = format!(
            "shape mismatch: value array of shape {} could not be broadcast to indexing result of \
             shape {}",
            shape_text(&value.shape()),
            shape_text(&target)
        );
        Exception::new(Kind::Value, message)
    })?;
    if positions.is_empty() {
        return Ok(present.clone());
    }
    let mut written = vec![false; len];
    let mut row_of = vec![0; len];
    for (row, position) in positions.iter().enumerate() {
        let at = if *position < 0 { position + len as isize } else { *position } as usize;
        (written[at], row_of[at]) = (true, row as isize);
    }
    let mut lengths = vec![1; shape.len()];
    lengths[0] = len as isize;
    let written = session.from_ndarray(&ndarray::Array1::from_vec(written))?;
    let written = written.reshape(&lengths)?;
    Ok(written.where_(&rows.take(&row_of, 0)?, present)?)
}

/// Writes to one position after the other, as NumPy does where a position is named twice.
fn each(
    session: &Session,
    array: &Array,
    present: &DistArray,
    before: &[Index],
    positions: &[isize],
    value: &DistArray,
) -> Result<(), Exception> {
    if before.is_empty() && positions.len() > EACH_MAX {
        return array.write(scattered(session, present, positions, value)?);
    }
    let mut present = present.clone();
    let several = value.ndim() > 0 && value.ndim() + before.len() + 1 > array.ndim();
    for (row, position) in positions.iter().enumerate() {
        let mut entries = before.to_vec();
        entries.push(Index::At(*position));
        let part = match several && value.shape()[0] != 1 {
            true => value.index(&[Index::At(row as isize)])?,
            false => value.clone(),
        };
        let target = present.index(&entries)?.shape();
        present = assigned(&present, &entries, &part, &target)?;
    }
    array.write(present)
}

fn check_mask(mask: &DistArray, array: &DistArray) -> Result<(), Exception> {
    for (axis, (found, len)) in std::iter::zip(mask.shape(), array.shape()).enumerate() {
        if found != len {
            let message = format!(
                "boolean index did not match indexed array along axis {axis}; size of axis is \
                 {len} but size of corresponding boolean axis is {found}"
            );
            return Err(Exception::new(Kind::Index, message));
        }
    }
    if mask.ndim() > array.ndim() {
        let message = format!(
            "too many indices for array: array is {}-dimensional, but {} were indexed",
            array.ndim(),
            mask.ndim()
        );
        return Err(Exception::new(Kind::Index, message));
    }
    Ok(())
}

/// Where a mask of one axis holds; waits for it.
fn positions_of(mask: &DistArray) -> Result<Vec<isize>, Exception> {
    if mask.ndim() != 1 {
        return Err(Exception::unsupported("a mask of several axes beside other indices is"));
    }
    let elements = Elements::request(mask)?.wait()?;
    let held = elements.iter().enumerate().filter(|(_, held)| held.truth());
    Ok(held.map(|(at, _)| at as isize).collect())
}

/// The advanced entry of an index, if it has one: where it stands, what it is, and the index with the
/// whole axis in its place.
fn split(index: &Value) -> Result<Option<(usize, Advanced, Vec<Index>)>, Exception> {
    let entries = match index {
        Value::Tuple(entries) => entries.to_vec(),
        one => vec![one.clone()],
    };
    let mut found = None;
    let mut rest = Vec::new();
    for (position, entry) in entries.iter().enumerate() {
        match advanced(entry)? {
            None => rest.extend(basic_index(entry)?),
            Some(_) if found.is_some() => {
                return Err(Exception::unsupported(
                    "more than one array in an index (index twice, or use a mask) is",
                ));
            }
            Some(entry) => {
                found = Some((position, entry));
                rest.push(Index::Slice { start: None, stop: None, step: 1 });
            }
        }
    }
    Ok(found.map(|(position, entry)| (position, entry, rest)))
}

/// The positions that an array or list stands for, and the shape that they are given in; waits for an array.
pub(super) fn positions(value: &Value) -> Result<Option<Positions>, Exception> {
    match advanced(value)? {
        Some(Advanced::Positions(positions, shape)) => Ok(Some((positions, shape))),
        _ => Ok(None),
    }
}

fn advanced(entry: &Value) -> Result<Option<Advanced>, Exception> {
    match entry {
        Value::Array(array) if array.dtype() == DType::Bool => {
            Ok(Some(Advanced::Mask(array.read()?)))
        }
        Value::Array(array) if array.ndim() > 0 => {
            if matches!(array.dtype(), DType::Float32 | DType::Float64) {
                let message = "arrays used as indices must be of integer (or boolean) type";
                return Err(Exception::new(Kind::Index, message));
            }
            let elements = Elements::request(&array.read()?)?.wait()?;
            let positions = elements.iter().filter_map(|number| number.as_i64());
            let positions = positions.map(|position| position as isize).collect();
            Ok(Some(Advanced::Positions(positions, array.shape().to_vec())))
        }
        Value::List(items) => {
            let items = items.borrow();
            let bools =
                !items.is_empty() && items.iter().all(|item| matches!(item, Value::Bool(_)));
            if bools {
                let held = items.iter().enumerate().filter(|(_, item)| item.is(&Value::Bool(true)));
                let positions: Vec<isize> = held.map(|(at, _)| at as isize).collect();
                let len = positions.len();
                return Ok(Some(Advanced::Positions(positions, vec![len])));
            }
            let (mut positions, mut shape) = (Vec::new(), None);
            for item in items.iter() {
                let inner = match item {
                    Value::List(_) | Value::Array(_) => match advanced(item)? {
                        Some(Advanced::Positions(inner, shape)) => {
                            positions.extend(inner);
                            shape
                        }
                        _ => return Err(Exception::unsupported("a list of masks as index is")),
                    },
                    one => {
                        positions.push(one.as_int().map_err(|_| no_index())? as isize);
                        Vec::new()
                    }
                };
                if shape.get_or_insert(inner.clone()) != &inner {
                    return Err(Exception::new(
                        Kind::Index,
                        "the lists of an index differ in length",
                    ));
                }
            }
            let shape = [vec![items.len()], shape.unwrap_or_default()].concat();
            Ok(Some(Advanced::Positions(positions, shape)))
        }
        _ => Ok(None),
    }
}

/// The axis of the result that belongs to the entry behind these.
fn axis_behind(before: &[Index], ndim: usize, all: &[Index]) -> usize {
    let named = all.iter().filter(|entry| matches!(entry, Index::At(_) | Index::Slice { .. }));
    let unnamed = ndim.saturating_sub(named.count());
    let lengths = before.iter().map(|entry| match entry {
        Index::At(_) => 0,
        Index::Slice { .. } | Index::NewAxis => 1,
        Index::Ellipsis => unnamed,
    });
    lengths.sum()
}

fn out_of_bounds(positions: &[isize], axis: usize, len: usize) -> Option<Exception> {
    let outside = |position: &&isize| !(-(len as isize)..len as isize).contains(*position);
    let position = positions.iter().find(outside)?;
    let message = format!("index {position} is out of bounds for axis {axis} with size {len}");
    Some(Exception::new(Kind::Index, message))
}
