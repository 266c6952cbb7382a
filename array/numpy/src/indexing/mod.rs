//! NumPy's indexing of arrays, for reading and for writing: integers, slices, new axes, an ellipsis,
//! arrays of positions, masks of any number of axes, and truth values, in any combination.
//!
//! It knows arrays and what an index is made of: `subscript` makes [`Item`]s of what stands between brackets.
//! `plan` says what an index means for a shape, by NumPy's rules; `chosen` reads and writes what
//! lists and masks choose; `fault` has NumPy's words for what is wrong.
//!
//! Basic indices (integers, slices, new axes, an ellipsis) are [`nums::Index`]es and give views. As
//! soon as there is a list, a mask or a truth value, every one of them, and every integer, is an array
//! of positions; these are broadcast together, and the axes that come of it stand where the first of
//! them stands, or in front when something else separates them.

mod chosen;
mod fault;
mod mask;
mod plan;

pub(crate) use fault::Fault;

use crate::{context::Context, error::Error};
use ndarray::ArrayD;
use nums::{DistArray, Index};

/// A part of an index.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// One element of the axis, which disappears.
    At(isize),
    /// The same, given as an array without axes: what is read is a copy.
    ArrayAt(isize),
    /// A slice as in Python; the step is not 0.
    Slice { start: Option<isize>, stop: Option<isize>, step: isize },
    /// A new axis of length 1.
    NewAxis,
    /// As many whole axes as are left over.
    Ellipsis,
    /// A mask without axes: a new axis with one element or none.
    Truth(bool),
    /// Where a mask of bool is true; it takes as many axes as it has.
    Mask(DistArray),
    /// The same, of a mask that is here.
    MaskAtHand(ArrayD<bool>),
    /// Positions along one axis, in any shape.
    Positions(ArrayD<isize>),
}

/// What an index stands for.
pub(crate) enum Selection {
    /// A view.
    View {
        /// The index.
        entries: Vec<Index>,
        /// Whether it names one element, and not an array without axes.
        is_element: bool,
        /// Whether NumPy copies it nevertheless.
        copied: bool,
    },
    /// What lists, masks and truth values choose: a copy.
    Chosen(Chosen),
}

/// What an index with lists, masks or truth values chooses.
pub(crate) enum Chosen {
    /// By one mask, the first of all that takes an axis.
    Mask(mask::Masked),
    /// By positions.
    Positions(plan::Plan),
}

impl Selection {
    /// What an index stands for in an array of a shape. Masks that meet other lists are waited for.
    ///
    /// # Errors
    /// What is wrong with the index for this shape.
    pub(crate) fn new(
        shape: &[usize],
        items: &[Item],
        context: &Context,
    ) -> Result<Selection, Error> {
        plan::check(shape, items)?;
        if let Some(entries) = plan::basic(items) {
            let is_element = !items.iter().any(|item| matches!(item, Item::Ellipsis))
                && plan::is_one_element(shape.len(), items);
            let copied = items.iter().any(|item| matches!(item, Item::ArrayAt(_)));
            return Ok(Selection::View { entries, is_element, copied });
        }
        Ok(Selection::Chosen(match mask::Masked::new(shape.len(), items) {
            Some(masked) => Chosen::Mask(masked),
            None => Chosen::Positions(plan::Plan::new(shape, items, context)?),
        }))
    }
}

impl Chosen {
    /// The elements that are chosen, a new array.
    ///
    /// # Errors
    /// What goes wrong with the arrays.
    pub(crate) fn read(&self, array: &DistArray, context: &Context) -> Result<DistArray, Error> {
        match self {
            Chosen::Mask(masked) => masked.read(array, context),
            Chosen::Positions(plan) => plan.read(array),
        }
    }

    /// The array with the chosen elements replaced by a value of its dtype, which is broadcast to them; of an
    /// element that is named several times the last value counts.
    ///
    /// # Errors
    /// [`Fault`] when the value does not stretch, and what goes wrong with the arrays.
    pub(crate) fn write(
        &self,
        array: &DistArray,
        value: &DistArray,
        context: &Context,
    ) -> Result<DistArray, Error> {
        match self {
            Chosen::Mask(masked) => masked.write(array, value, context),
            Chosen::Positions(plan) => plan.write(array, value),
        }
    }
}

/// A whole axis.
const WHOLE: Index = Index::Slice { start: None, stop: None, step: 1 };

/// The part of an array that basic entries name; the array itself when they name all of it.
fn part(array: &DistArray, entries: &[Index]) -> Result<DistArray, nums::Error> {
    if is_whole(entries) { Ok(array.clone()) } else { array.index(entries) }
}

/// The array with the part that basic entries name replaced.
fn with_part(
    array: &DistArray,
    entries: &[Index],
    part: &DistArray,
) -> Result<DistArray, nums::Error> {
    if is_whole(entries) { Ok(part.clone()) } else { array.assign(entries, part) }
}

fn is_whole(entries: &[Index]) -> bool {
    entries.iter().all(|entry| matches!(entry, &WHOLE | Index::Ellipsis))
}

/// Lengths as the library takes them for a new shape.
fn signed(lengths: &[usize]) -> Vec<isize> {
    lengths.iter().map(|&len| len as isize).collect()
}

/// A value as it is broadcast to a shape: axes of length 1 that it has too many in front do not count.
///
/// # Errors
/// [`Fault::Value`] when it does not stretch.
fn stretched(value: &DistArray, shape: &[usize]) -> Result<DistArray, Fault> {
    let own = value.shape();
    let surplus = own.len().saturating_sub(shape.len());
    let misfit = || Fault::Value { value: own.clone(), target: shape.to_vec() };
    if own[..surplus].iter().any(|&len| len != 1) {
        return Err(misfit());
    }
    let value = value.reshape(&signed(&own[surplus..])).map_err(|_| misfit())?;
    value.broadcast_to(shape).map_err(|_| misfit())
}
