//! What an index means for an array of a shape.

use super::{Fault, Item, WHOLE};
use crate::{context::Context, error::Error};
use ndarray::{ArrayD, IxDyn};
use nums::{DistArray, Index};

/// How many axes an item takes.
fn axes_of(item: &Item) -> usize {
    match item {
        Item::At(_) | Item::ArrayAt(_) | Item::Slice { .. } | Item::Positions(_) => 1,
        Item::Mask(mask) => mask.ndim(),
        Item::MaskAtHand(mask) => mask.ndim(),
        Item::NewAxis | Item::Ellipsis | Item::Truth(_) => 0,
    }
}

/// Checks the number of indices, the shapes of masks and single positions: what NumPy sees first.
pub(super) fn check(shape: &[usize], items: &[Item]) -> Result<(), Fault> {
    let given: usize = items.iter().map(axes_of).sum();
    if items.iter().filter(|item| matches!(item, Item::Ellipsis)).count() > 1 {
        return Err(Fault::Ellipses);
    }
    if given > shape.len() {
        return Err(Fault::TooMany { ndim: shape.len(), given });
    }
    let mut starts = Vec::with_capacity(items.len());
    let mut axis = 0;
    for item in items {
        starts.push(axis);
        axis += match item {
            Item::Ellipsis => shape.len() - given,
            item => axes_of(item),
        };
    }
    for (item, &axis) in items.iter().zip(&starts) {
        match item {
            Item::Mask(mask) => check_mask(&mask.shape(), &shape[axis..], axis)?,
            Item::MaskAtHand(mask) => check_mask(mask.shape(), &shape[axis..], axis)?,
            _ => {}
        }
    }
    for (item, &axis) in items.iter().zip(&starts) {
        if let Item::At(position) | Item::ArrayAt(position) = item {
            resolved(*position, axis, shape[axis])?;
        }
    }
    Ok(())
}

/// Checks that a mask has the lengths of the axes from `axis` on.
fn check_mask(mask: &[usize], shape: &[usize], axis: usize) -> Result<(), Fault> {
    let differ = std::iter::zip(mask, shape).enumerate().find(|(_, (found, len))| found != len);
    match differ {
        None => Ok(()),
        Some((offset, (&found, &len))) => Err(Fault::Mask { axis: axis + offset, len, found }),
    }
}

/// The entries of an index that has no lists, masks and truth values.
pub(super) fn basic(items: &[Item]) -> Option<Vec<Index>> {
    items.iter().map(entry).collect()
}

/// The entry of an item that is none of lists, masks and truth values.
pub(super) fn entry(item: &Item) -> Option<Index> {
    match *item {
        Item::At(position) | Item::ArrayAt(position) => Some(Index::At(position)),
        Item::Slice { start, stop, step } => Some(Index::Slice { start, stop, step }),
        Item::NewAxis => Some(Index::NewAxis),
        Item::Ellipsis => Some(Index::Ellipsis),
        Item::Truth(_) | Item::Mask(_) | Item::MaskAtHand(_) | Item::Positions(_) => None,
    }
}

/// Whether a basic index has a position for each axis and nothing else.
pub(super) fn is_one_element(ndim: usize, items: &[Item]) -> bool {
    items.len() == ndim && items.iter().all(|item| matches!(item, Item::At(_) | Item::ArrayAt(_)))
}

/// A position counted from the first.
fn resolved(position: isize, axis: usize, len: usize) -> Result<usize, Fault> {
    let from_start = if position < 0 { position.checked_add(len as isize) } else { Some(position) };
    let found = from_start.and_then(|at| usize::try_from(at).ok()).filter(|&at| at < len);
    found.ok_or(Fault::OutOfBounds { position, axis, len })
}

/// An index with lists, masks or truth values.
#[derive(Debug)]
pub(crate) struct Plan {
    /// A slice or a position for each axis of the array; where a list chooses, the whole axis.
    entries: Vec<Index>,
    /// Positions and the axes of the array along which they choose, in rising order.
    lists: Vec<(usize, ArrayD<isize>)>,
    /// What the lists are broadcast to.
    pub(super) lengths: Vec<usize>,
    /// Where the axes of the lists come together, of those that the entries leave; in front where something separates
    /// them.
    pub(super) together: Option<usize>,
    /// Where the lengths of the lists stand among the other axes of the result.
    at: usize,
    /// The other axes of the result: one of the array, or a new one.
    others: Vec<Option<usize>>,
    /// Whether the index is one mask of all axes.
    pub(super) is_mask: bool,
}

/// A plan for an array that has all of its positions.
pub(super) struct Resolved {
    /// The plan's entries, with the slices that span the positions of the lists.
    pub(super) entries: Vec<Index>,
    pub(super) axes: Vec<Axis>,
}

/// An axis along which positions choose.
#[derive(Debug)]
pub(super) struct Axis {
    /// The axis, of those that the entries leave.
    pub(super) axis: usize,
    /// How long it is there.
    pub(super) len: usize,
    /// The positions on it, in the order of the result.
    pub(super) positions: Vec<usize>,
}

/// Whether lists and integers of an index stand side by side.
#[derive(PartialEq)]
enum Seen {
    None,
    Run,
    Ended,
    Apart,
}

impl Plan {
    /// # Errors
    /// When positions do not broadcast together, and when a mask cannot be waited for.
    pub(super) fn new(shape: &[usize], items: &[Item], context: &Context) -> Result<Plan, Error> {
        let given: usize = items.iter().map(axes_of).sum();
        let mut entries = Vec::with_capacity(shape.len());
        // Positions of axes of the array, and the shapes of all lists.
        let mut lists: Vec<(usize, ArrayD<isize>)> = Vec::new();
        let mut shapes: Vec<Vec<usize>> = Vec::new();
        let mut others = Vec::new();
        let (mut seen, mut at, mut first) = (Seen::None, 0, 0);
        for item in items {
            if matches!(item, Item::Slice { .. } | Item::NewAxis | Item::Ellipsis) {
                if seen == Seen::Run {
                    seen = Seen::Ended;
                }
            } else {
                match seen {
                    Seen::None => {
                        (at, first) = (others.len(), entries.len());
                        seen = Seen::Run;
                    }
                    Seen::Ended => seen = Seen::Apart,
                    Seen::Run | Seen::Apart => {}
                }
            }
            match item {
                Item::At(position) | Item::ArrayAt(position) => {
                    entries.push(Index::At(*position));
                }
                &Item::Slice { start, stop, step } => {
                    others.push(Some(entries.len()));
                    entries.push(Index::Slice { start, stop, step });
                }
                Item::NewAxis => others.push(None),
                Item::Ellipsis => {
                    let unnamed = shape.len() - given;
                    others.extend((entries.len()..entries.len() + unnamed).map(Some));
                    entries.extend(vec![WHOLE; unnamed]);
                }
                Item::Truth(holds) => shapes.push(vec![usize::from(*holds)]),
                Item::Mask(_) | Item::MaskAtHand(_) | Item::Positions(_) => {
                    let found = match item {
                        Item::Mask(mask) => places(&context.wait(mask.fetch::<bool>())?),
                        Item::MaskAtHand(mask) => places(mask),
                        Item::Positions(positions) => vec![positions.clone()],
                        _ => Vec::new(),
                    };
                    for positions in found {
                        shapes.push(positions.shape().to_vec());
                        lists.push((entries.len(), positions));
                        entries.push(WHOLE);
                    }
                }
            }
        }
        others.extend((entries.len()..shape.len()).map(Some));
        entries.resize(shape.len(), WHOLE);
        let Some(lengths) = broadcast(&shapes) else {
            return Err(Fault::Positions { shapes }.into());
        };
        let together = (seen != Seen::Apart).then(|| kept(&entries, first));
        let at = if together.is_some() { at } else { 0 };
        let is_mask = matches!(items, [Item::MaskAtHand(mask)] if mask.ndim() == shape.len());
        Ok(Plan { entries, lists, lengths, together, at, others, is_mask })
    }

    /// The shape of what is chosen of an array; positions outside of it do not matter.
    pub(super) fn shape(&self, array: &DistArray) -> Result<Vec<usize>, nums::Error> {
        let slices = self.entries.iter().map(|entry| match entry {
            Index::At(_) => WHOLE,
            slice => *slice,
        });
        let lengths = super::part(array, &slices.collect::<Vec<_>>())?.shape();
        let others = self.others.iter().map(|axis| axis.map_or(1, |axis| lengths[axis]));
        let mut shape: Vec<usize> = others.collect();
        shape.splice(self.at..self.at, self.lengths.iter().copied());
        Ok(shape)
    }

    /// The positions of an array of a shape.
    ///
    /// # Errors
    /// [`Fault::OutOfBounds`]: of a list only positions that are in the result matter.
    pub(super) fn resolve(&self, shape: &[usize]) -> Result<Resolved, Fault> {
        let mut entries = self.entries.clone();
        let mut axes = Vec::with_capacity(self.lists.len());
        for (axis, positions) in &self.lists {
            let all = positions.broadcast(IxDyn(&self.lengths));
            let found = all.iter().flatten().map(|&at| resolved(at, *axis, shape[*axis]));
            let found: Vec<usize> = found.collect::<Result<_, Fault>>()?;
            let span = Span::of(&found);
            entries[*axis] = span.entry(shape[*axis]);
            let positions = found.iter().map(|at| (at - span.start) / span.step).collect();
            axes.push(Axis { axis: kept(&self.entries, *axis), len: span.len(), positions });
        }
        Ok(Resolved { entries, axes })
    }
}

/// How many of the axes before one the entries leave.
fn kept(entries: &[Index], axis: usize) -> usize {
    entries[..axis].iter().filter(|entry| !matches!(entry, Index::At(_))).count()
}

/// A slice that spans positions.
struct Span {
    start: usize,
    step: usize,
    last: Option<usize>,
}

impl Span {
    /// The smallest slice that holds all of some positions.
    fn of(positions: &[usize]) -> Span {
        let start = positions.iter().min().copied().unwrap_or(0);
        let step = positions.iter().fold(0, |step, &at| gcd(step, at - start)).max(1);
        Span { start, step, last: positions.iter().max().copied() }
    }

    fn len(&self) -> usize {
        self.last.map_or(0, |last| (last - self.start) / self.step + 1)
    }

    fn entry(&self, len: usize) -> Index {
        if self.step == 1 && self.len() == len {
            return WHOLE;
        }
        let stop = self.last.map_or(0, |last| last + 1);
        let (start, stop) = (Some(self.start as isize), Some(stop as isize));
        Index::Slice { start, stop, step: self.step as isize }
    }
}

fn gcd(left: usize, right: usize) -> usize {
    if right == 0 { left } else { gcd(right, left % right) }
}

/// The shape that shapes broadcast to.
fn broadcast(shapes: &[Vec<usize>]) -> Option<Vec<usize>> {
    let ndim = shapes.iter().map(Vec::len).max().unwrap_or(0);
    let mut lengths = vec![1; ndim];
    for shape in shapes {
        let missing = ndim - shape.len();
        for (len, &own) in lengths[missing..].iter_mut().zip(shape) {
            match (*len, own) {
                (1, own) => *len = own,
                (len, own) if own == len || own == 1 => {}
                _ => return None,
            }
        }
    }
    Some(lengths)
}

/// Where a mask is true: positions for each of its axes.
fn places(mask: &ArrayD<bool>) -> Vec<ArrayD<isize>> {
    let mut found: Vec<Vec<isize>> = vec![Vec::new(); mask.ndim()];
    for (index, _) in mask.indexed_iter().filter(|(_, holds)| **holds) {
        for (axis, positions) in found.iter_mut().enumerate() {
            positions.push(index[axis] as isize);
        }
    }
    found.into_iter().map(|positions| ndarray::Array1::from_vec(positions).into_dyn()).collect()
}
