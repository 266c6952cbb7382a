//! One mask that stands in front: what it chooses stays on the nodes.

use super::{Fault, Item, chosen::size, part, plan, signed, stretched, with_part};
use crate::{context::Context, error::Error};
use nums::{DistArray, Index};

/// A mask of the first axes, with slices, integers and new axes behind it.
pub(crate) struct Masked {
    mask: DistArray,
    /// The index with whole axes in the place of the mask.
    entries: Vec<Index>,
    /// Whether the mask is the whole index and has all axes.
    is_all: bool,
}

impl Masked {
    /// The mask of an index, when it is its only list and its first item.
    pub(super) fn new(ndim: usize, items: &[Item]) -> Option<Masked> {
        let (Item::Mask(mask), rest) = items.split_first()? else { return None };
        let mut entries = vec![super::WHOLE; mask.ndim()];
        entries.extend(rest.iter().map(plan::entry).collect::<Option<Vec<_>>>()?);
        let is_all = rest.is_empty() && mask.ndim() == ndim;
        Some(Masked { mask: mask.clone(), entries, is_all })
    }

    /// The chosen elements; how many there are is waited for.
    pub(super) fn read(&self, array: &DistArray, context: &Context) -> Result<DistArray, Error> {
        context.wait(part(array, &self.entries)?.compress(&self.mask))
    }

    /// The array with the chosen elements replaced. Where each of them gets its own value, the mask is waited for.
    pub(super) fn write(
        &self,
        array: &DistArray,
        value: &DistArray,
        context: &Context,
    ) -> Result<DistArray, Error> {
        if self.is_all && value.ndim() > 1 {
            return Err(Fault::MaskAxes { ndim: value.ndim() }.into());
        }
        let part = part(array, &self.entries)?;
        // The axes behind those of the mask; a value that has no more of them is the same at all places.
        let behind = part.shape()[self.mask.ndim()..].to_vec();
        let own = value.shape();
        let surplus = own.len().saturating_sub(behind.len());
        let new = if own[..surplus].iter().all(|&len| len == 1) {
            let same = value.reshape(&signed(&own[surplus..]))?;
            let same = match stretched(&same, &behind) {
                Ok(_) => same,
                Err(_) => return Err(self.misfit(value, &behind, context)?.into()),
            };
            part.assign_mask(&self.mask, same)?
        } else {
            let places = context.wait(self.mask.ravel().fetch::<bool>())?;
            let places = places.iter().enumerate().filter(|(_, holds)| **holds);
            let positions: Vec<isize> = places.map(|(at, _)| at as isize).collect();
            let target = [&[positions.len()], behind.as_slice()].concat();
            let value = match stretched(value, &target) {
                Ok(value) => value,
                Err(_) if self.is_all => {
                    let (values, places) = (value.size(), positions.len());
                    return Err(Fault::MaskValues { values, places }.into());
                }
                Err(fault) => return Err(fault.into()),
            };
            let flat = [&[size(&self.mask.shape()) as isize], signed(&behind).as_slice()].concat();
            let flat = part.reshape(&flat)?.assign_take(&positions, 0, value)?;
            flat.reshape(&signed(&part.shape()))?
        };
        Ok(with_part(array, &self.entries, &new)?)
    }

    /// What is said of a value that does not stretch to the axes behind the mask; the mask is waited for.
    fn misfit(
        &self,
        value: &DistArray,
        behind: &[usize],
        context: &Context,
    ) -> Result<Fault, Error> {
        let count = context.wait(self.mask.count_nonzero().fetch::<i64>())?;
        let count = count.first().map_or(0, |&count| count as usize);
        let target = [&[count], behind].concat();
        Ok(Fault::Value { value: value.shape(), target })
    }
}
