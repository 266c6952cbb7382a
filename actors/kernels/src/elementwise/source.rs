//! An input as the tiles of the shape that it is broadcast to.

use super::TILE_LEN;
use super::kernel::prefetch;
use super::lane::{Lane, view, view_mut};
use crate::create::Maker;
use crate::{Block, Buffer, KernelError, OutOfMemory};
use nums_lshs::{BlockSpec, Created, Shape};

/// What a program reads, or makes itself.
#[derive(Clone, Debug)]
pub(crate) enum Input<'a> {
    /// A block.
    Block(&'a Block),
    /// What would be a block of this spec.
    Created(&'a Created, BlockSpec),
}

impl Input<'_> {
    /// Its shape and dtype.
    pub(crate) fn spec(&self) -> &BlockSpec {
        match self {
            Input::Block(block) => block.spec(),
            Input::Created(_, spec) => spec,
        }
    }
}

/// Where the tiles of an input come from.
pub(super) enum Source<'a> {
    /// The input has the full shape: tiles are slices of it.
    Whole(&'a [u8]),
    /// The input is repeated along the first axes, and short: a tile is a slice of a few repetitions.
    Short { repetitions: Buffer, period: usize },
    /// The input is repeated along the first axes, and long: tiles are slices of it but where it starts anew.
    Long { elements: &'a [u8], tile: Buffer },
    /// The input is stretched along other axes: tiles are packed.
    Stretched { elements: &'a [u8], axes: Vec<Axis>, tile: Buffer },
    /// Tiles are made, of the full shape.
    Created { maker: Maker, tile: Buffer },
}

/// An axis of the full shape, neighbours that are alike put together.
pub(super) struct Axis {
    len: usize,
    /// The distance of neighbours in the input; 0 where it is stretched.
    stride: usize,
}

impl<'a> Source<'a> {
    /// The input is broadcast to `shape`, which was checked with the operation.
    ///
    /// # Errors
    /// [`KernelError::Unsupported`] when it cannot be made, and [`KernelError::OutOfMemory`].
    pub(super) fn new(input: &Input<'a>, shape: &Shape) -> Result<Source<'a>, KernelError> {
        match input {
            Input::Block(block) => Ok(Source::of_block(block, shape)?),
            Input::Created(Created { region, creation, shape }, BlockSpec { dtype, .. }) => {
                let maker = Maker::new(*creation, shape, region, *dtype)?;
                let tile = Buffer::zeroed(TILE_LEN as u64 * dtype.item_bytes())?;
                Ok(Source::Created { maker, tile })
            }
        }
    }

    fn of_block(block: &'a Block, shape: &Shape) -> Result<Source<'a>, OutOfMemory> {
        let elements = block.bytes();
        let own = &block.spec().shape;
        if own.elements() == shape.elements() {
            return Ok(Source::Whole(elements));
        }
        let item = block.spec().dtype.item_bytes() as usize;
        let tile = || Buffer::zeroed((TILE_LEN * item) as u64);
        let axes = collapsed(own, shape);
        let period = own.elements();
        Ok(match axes[..] {
            [Axis { stride: 0, .. }] | [Axis { stride: 0, .. }, Axis { stride: 1, .. }] => {
                if period >= TILE_LEN {
                    return Ok(Source::Long { elements, tile: tile()? });
                }
                let mut repetitions = Buffer::zeroed(((period + TILE_LEN) * item) as u64)?;
                let chunks = repetitions.as_bytes_mut().chunks_mut(period * item);
                chunks.for_each(|chunk| chunk.copy_from_slice(&elements[..chunk.len()]));
                Source::Short { repetitions, period }
            }
            _ => Source::Stretched { elements, axes, tile: tile()? },
        })
    }

    /// Whether the tiles are stretches of a block.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Source::Whole(_))
    }

    /// Makes the tile of `len` elements from `first` ready.
    pub(super) fn prepare(&mut self, first: usize, len: usize, item: usize) {
        match self {
            Source::Whole(_) | Source::Short { .. } => {}
            Source::Long { elements, tile } => {
                let start = first * item % elements.len();
                let end = start + len * item;
                if let Some(wrapped) = end.checked_sub(elements.len()).filter(|&bytes| bytes > 0) {
                    let (head, tail) =
                        tile.as_bytes_mut()[..len * item].split_at_mut(len * item - wrapped);
                    head.copy_from_slice(&elements[start..]);
                    tail.copy_from_slice(&elements[..wrapped]);
                }
            }
            Source::Stretched { elements, axes, tile } => {
                let tile = &mut tile.as_bytes_mut()[..len * item];
                match item {
                    1 => pack::<u8>(view(elements), axes, first, view_mut(tile)),
                    2 => pack::<u16>(view(elements), axes, first, view_mut(tile)),
                    4 => pack::<u32>(view(elements), axes, first, view_mut(tile)),
                    8 => pack::<u64>(view(elements), axes, first, view_mut(tile)),
                    _ => pack::<u128>(view(elements), axes, first, view_mut(tile)),
                }
            }
            Source::Created { maker, tile } => {
                maker.write(first, &mut tile.as_bytes_mut()[..len * item]);
            }
        }
    }

    /// Asks for elements ahead of their use, if they are there.
    pub(super) fn prefetch(&self, first: usize, len: usize, item: usize) {
        if let Source::Whole(elements) = self
            && let Some(ahead) = elements.get(first * item..(first + len) * item)
        {
            prefetch(ahead);
        }
    }

    /// The tile that was made ready.
    pub(super) fn tile(&self, first: usize, len: usize, item: usize) -> &[u8] {
        match self {
            Source::Whole(elements) => &elements[first * item..][..len * item],
            Source::Short { repetitions, period } => {
                &repetitions.as_bytes()[first % period * item..][..len * item]
            }
            Source::Long { elements, tile } => {
                let start = first * item % elements.len();
                let straight = elements.get(start..start + len * item);
                straight.unwrap_or(&tile.as_bytes()[..len * item])
            }
            Source::Stretched { tile, .. } | Source::Created { tile, .. } => {
                &tile.as_bytes()[..len * item]
            }
        }
    }
}

/// The axes of `shape` with the strides of an input that is broadcast to it, without axes of length 1.
fn collapsed(own: &Shape, shape: &Shape) -> Vec<Axis> {
    let missing = shape.len() - own.len();
    let mut axes: Vec<Axis> = Vec::with_capacity(shape.len());
    let mut stride = 1;
    for (axis, &len) in shape.iter().enumerate().rev() {
        let own_len = axis.checked_sub(missing).map_or(1, |axis| own[axis]);
        let own_stride = if own_len == 1 { 0 } else { stride };
        stride *= own_len;
        if len == 1 {
            continue;
        }
        match axes.last_mut() {
            Some(inner) if own_stride == inner.len * inner.stride => inner.len *= len,
            _ => axes.push(Axis { len, stride: own_stride }),
        }
    }
    axes.reverse();
    axes
}

/// Fills `out` with the elements from `first` on of the broadcast input, run by run of the last axis.
fn pack<T: Lane>(elements: &[T], axes: &[Axis], first: usize, out: &mut [T]) {
    let Some((inner, outer)) = axes.split_last() else { return };
    let (mut run, mut position) = (first / inner.len, first % inner.len);
    let mut rest = out;
    while !rest.is_empty() {
        let mut start = 0;
        let mut index = run;
        for axis in outer.iter().rev() {
            start += index % axis.len * axis.stride;
            index /= axis.len;
        }
        let len = rest.len().min(inner.len - position);
        let (now, later) = rest.split_at_mut(len);
        if inner.stride == 0 {
            now.fill(elements[start]);
        } else {
            now.copy_from_slice(&elements[start + position..][..len]);
        }
        (rest, run, position) = (later, run + 1, 0);
    }
}
