//! What positions along axes choose, read and written.
//!
//! The part of the array that the slices span is cut out first. Several axes with positions become one, and each
//! combination of positions is a position on it.

use super::{
    Fault,
    plan::{Axis, Plan, Resolved},
    signed, stretched,
};
use crate::error::Error;
use nums::DistArray;

/// The number of elements of a shape.
pub(super) fn size(shape: &[usize]) -> usize {
    shape.iter().product()
}

impl Plan {
    /// The chosen elements.
    ///
    /// # Errors
    /// [`Fault::OutOfBounds`].
    pub(super) fn read(&self, array: &DistArray) -> Result<DistArray, Error> {
        let Resolved { entries, axes } = self.resolve(&array.shape())?;
        let shape = self.shape(array)?;
        let mut part = super::part(array, &entries)?;
        let (narrowed, axes) = narrow(axes);
        for Narrowed { axis, named } in &narrowed {
            part = part.take(named, *axis as isize)?;
        }
        let merged = Merged::new(&part, &axes, self.together)?;
        let positions = merged.positions(&axes, size(&self.lengths));
        let taken = merged.array.take(&positions, merged.axis as isize)?;
        Ok(taken.reshape(&signed(&shape))?)
    }

    /// The array with the chosen elements replaced by a value of its dtype.
    ///
    /// # Errors
    /// [`Fault::Value`] when the value does not broadcast to what is chosen, and [`Fault::OutOfBounds`].
    pub(super) fn write(&self, array: &DistArray, value: &DistArray) -> Result<DistArray, Error> {
        let shape = self.shape(array)?;
        if self.is_mask && value.ndim() > 1 {
            return Err(Fault::MaskAxes { ndim: value.ndim() }.into());
        }
        let fits = stretched(value, &shape).map_err(|fault| match self.is_mask {
            true => Fault::MaskValues { values: value.size(), places: size(&shape) },
            false => fault,
        })?;
        let Resolved { entries, axes } = self.resolve(&array.shape())?;
        if size(&shape) == 0 {
            return Ok(array.clone());
        }
        let (narrowed, axes) = narrow(axes);
        let mut narrowest = super::part(array, &entries)?;
        let mut wider = Vec::with_capacity(narrowed.len());
        for Narrowed { axis, named } in &narrowed {
            let narrower = narrowest.take(named, *axis as isize)?;
            wider.push(std::mem::replace(&mut narrowest, narrower));
        }
        let merged = Merged::new(&narrowest, &axes, self.together)?;
        let count = size(&self.lengths);
        let positions = merged.positions(&axes, count);
        let value = if value.size() == 1 {
            value.reshape(())?
        } else {
            let mut lengths = merged.array.shape();
            lengths[merged.axis] = count;
            fits.reshape(&signed(&lengths))?
        };
        let written = merged.array.assign_take(&positions, merged.axis as isize, value)?;
        let mut new = merged.undo(&written)?;
        for (Narrowed { axis, named }, wider) in narrowed.iter().zip(wider).rev() {
            new = wider.assign_take(named, *axis as isize, new)?;
        }
        Ok(super::with_part(array, &entries, &new)?)
    }
}

/// Positions that are named, each once, where they are few enough to be worth taking first.
struct Narrowed {
    axis: usize,
    named: Vec<isize>,
}

/// Of several axes, those on which no more than half of the positions are named: they are taken before axes become
/// one, so that little moves. With them, the axes as they are then.
fn narrow(axes: Vec<Axis>) -> (Vec<Narrowed>, Vec<Axis>) {
    let several = axes.len() > 1;
    let mut narrowed = Vec::new();
    let axes = axes.into_iter().map(|axis| {
        let mut named = axis.positions.clone();
        named.sort_unstable();
        named.dedup();
        if !several || 2 * named.len() > axis.len {
            return axis;
        }
        let rank = |at: &usize| named.partition_point(|named| named < at);
        let positions = axis.positions.iter().map(rank).collect();
        let narrow = Axis { len: named.len(), positions, ..axis };
        let named = named.into_iter().map(|at| at as isize).collect();
        narrowed.push(Narrowed { axis: narrow.axis, named });
        narrow
    });
    let axes = axes.collect();
    (narrowed, axes)
}

/// An array whose axes with positions are one.
struct Merged {
    array: DistArray,
    /// That axis.
    axis: usize,
    /// The array with these axes side by side, and how that was reached.
    lengths: Vec<usize>,
    order: Vec<usize>,
}

impl Merged {
    fn new(
        part: &DistArray,
        axes: &[Axis],
        together: Option<usize>,
    ) -> Result<Merged, nums::Error> {
        let (shape, ndim) = (part.shape(), part.ndim());
        let chosen: Vec<usize> = axes.iter().map(|axis| axis.axis).collect();
        let others = (0..ndim).filter(|axis| !chosen.contains(axis));
        let (axis, order): (usize, Vec<usize>) = match together {
            Some(axis) => (axis, (0..ndim).collect()),
            None => (0, chosen.iter().copied().chain(others).collect()),
        };
        let moved = if order.is_sorted() { part.clone() } else { part.try_permuted_axes(&order)? };
        let lengths: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
        let mut merged = lengths.clone();
        let one = size(&lengths[axis..axis + axes.len()]);
        merged.splice(axis..axis + axes.len(), [one]);
        Ok(Merged { array: moved.reshape(&signed(&merged))?, axis, lengths, order })
    }

    /// The position on the one axis of each of `count` combinations.
    fn positions(&self, axes: &[Axis], count: usize) -> Vec<isize> {
        let mut positions = vec![0; count];
        for axis in axes {
            for (position, &at) in positions.iter_mut().zip(&axis.positions) {
                *position = *position * axis.len as isize + at as isize;
            }
        }
        positions
    }

    /// An array of this shape with the axes as they were.
    fn undo(&self, array: &DistArray) -> Result<DistArray, nums::Error> {
        let apart = array.reshape(&signed(&self.lengths))?;
        if self.order.is_sorted() {
            return Ok(apart);
        }
        let mut back = vec![0; self.order.len()];
        for (to, &from) in self.order.iter().enumerate() {
            back[from] = to;
        }
        apart.try_permuted_axes(&back)
    }
}
