//! What follows from the position of its elements: whole blocks, and tiles for whoever reads such a block and nothing
//! else of it.
//!
//! Both are made by one [`Maker`], so an element has the same bits wherever it is made.

use crate::block::with_word;
use crate::crew::{Crew, PART_LEN, Shares};
use crate::elementwise::{Lane, view_mut};
use crate::{Block, KernelError, random};
use nums_lshs::{Constant, Creation, DType, Region, Shape};

/// Fills the block that holds `region` of an array of `shape`.
///
/// # Errors
/// [`KernelError::Unsupported`] for a dtype that has no kernel.
pub(crate) fn create(
    creation: Creation,
    shape: &Shape,
    region: &Region,
    crew: &dyn Crew,
    result: &mut Block,
) -> Result<(), KernelError> {
    let dtype = result.spec().dtype;
    let maker = Maker::new(creation, shape, region, dtype)?;
    let part_bytes = PART_LEN * dtype.item_bytes() as usize;
    let parts: Shares<&mut [u8]> = result.bytes_mut().chunks_mut(part_bytes).collect();
    crew.run(parts.len(), &|part| maker.write(part * PART_LEN, &mut parts.of(part)));
    Ok(())
}

/// Makes any elements of a box of an array, ready for its formula and dtype.
pub(crate) struct Maker {
    runs: Runs,
    item: usize,
    stretch: Box<Stretch>,
}

/// Fills bytes with the elements of the whole array, in C order, from an index on.
pub(crate) type Stretch = dyn Fn(usize, &mut [u8]) + Send + Sync;

/// A stretch of elements of a type.
pub(crate) fn stretch<T: Lane>(
    fill: impl Fn(usize, &mut [T]) + Send + Sync + 'static,
) -> Box<Stretch> {
    Box::new(move |first, bytes| fill(first, view_mut(bytes)))
}

/// A stretch whose elements follow from their indices one by one.
pub(crate) fn each<T: Lane>(at: impl Fn(usize) -> T + Send + Sync + 'static) -> Box<Stretch> {
    stretch(move |first, row| {
        row.iter_mut().zip(first..).for_each(|(element, index)| *element = at(index));
    })
}

impl Maker {
    /// Of the box `region` of an array of `shape`.
    ///
    /// # Errors
    /// [`KernelError::Unsupported`] for a dtype that has no kernel.
    pub(crate) fn new(
        creation: Creation,
        shape: &Shape,
        region: &Region,
        dtype: DType,
    ) -> Result<Maker, KernelError> {
        let stretch = match creation {
            Creation::Full(value) => Some(full(value)),
            Creation::Arange { start, next } => arange(start, next),
            Creation::Linspace { start, stop, endpoint, .. } => {
                let line = Line::new(start.to_f64(), stop.to_f64(), shape.elements(), endpoint);
                linspace(line, dtype)
            }
            Creation::Eye { diagonal, .. } => eye(dtype, diagonal, shape),
            Creation::Random { distribution, seed, stream } => {
                random::random(distribution, (seed, stream), shape, dtype)
            }
        };
        let unsupported = || KernelError::Unsupported { op: format!("{creation:?}"), dtype };
        let stretch = stretch.ok_or_else(unsupported)?;
        Ok(Maker { runs: Runs::new(shape, region), item: dtype.item_bytes() as usize, stretch })
    }

    /// Fills `out` with the elements of the box from number `first` on, in C order.
    pub(crate) fn write(&self, first: usize, out: &mut [u8]) {
        let (mut at, mut rest) = (first, out);
        while !rest.is_empty() {
            let (index, len) = self.runs.from(at);
            let len = len.min(rest.len() / self.item);
            let (row, tail) = rest.split_at_mut(len * self.item);
            (self.stretch)(index, row);
            (at, rest) = (at + len, tail);
        }
    }
}

/// The stretches of C order that a box covers in an array, all of one length.
struct Runs {
    len: usize,
    /// The index of the first element of the box.
    start: usize,
    /// The axes of the box before those that a stretch covers, from the innermost on: their lengths, and the distances
    /// of neighbours in the array.
    axes: Vec<(usize, usize)>,
}

impl Runs {
    fn new(shape: &Shape, region: &Region) -> Runs {
        let mut runs = Runs { len: 1, start: 0, axes: Vec::new() };
        // Elements of the array for one step along the axis.
        let mut pitch = 1;
        for axis in (0..shape.len()).rev() {
            runs.start += region.start[axis] * pitch;
            match runs.axes.last_mut() {
                _ if region.len[axis] == 1 => {}
                // Behind this axis the box covers all.
                None if runs.len == pitch => runs.len *= region.len[axis],
                Some((len, step)) if *len * *step == pitch => *len *= region.len[axis],
                _ => runs.axes.push((region.len[axis], pitch)),
            }
            pitch *= shape[axis];
        }
        runs
    }

    /// The index in the array of element `at` of the box, and how many elements follow it without a gap, itself
    /// included.
    fn from(&self, at: usize) -> (usize, usize) {
        let (mut run, skipped) = (at / self.len, at % self.len);
        let mut index = self.start + skipped;
        for &(len, pitch) in &self.axes {
            index += run % len * pitch;
            run /= len;
        }
        (index, self.len - skipped)
    }
}

fn full(value: Constant) -> Box<Stretch> {
    with_word!(value.dtype(), W => stretch(move |_, row: &mut [W]| row.fill(value.bits() as W)))
}

/// NumPy makes the first two elements and fills the rest from their difference, in the arithmetic of the dtype.
fn arange(start: Constant, next: Constant) -> Option<Box<Stretch>> {
    let integers = || [start, next].map(|constant| constant.to_i64().unwrap_or_default());
    let floats = [start, next].map(Constant::to_f64);
    Some(match start.dtype() {
        DType::Float64 => {
            let ([start, next], delta) = (floats, floats[1] - floats[0]);
            from_two([start, next], move |index| start + index as f64 * delta)
        }
        DType::Float32 => {
            let [start, next] = floats.map(|number| number as f32);
            let delta = next - start;
            from_two([start, next], move |index| start + index as f32 * delta)
        }
        DType::Int64 => {
            let [start, next] = integers();
            let delta = next.wrapping_sub(start);
            let formula = move |index| start.wrapping_add((index as i64).wrapping_mul(delta));
            from_two([start, next], formula)
        }
        DType::UInt64 => {
            let [start, next] = [start, next].map(|constant| constant.bits() as u64);
            let delta = next.wrapping_sub(start);
            let formula = move |index| start.wrapping_add((index as u64).wrapping_mul(delta));
            from_two([start, next], formula)
        }
        DType::Int32 => {
            let [start, next] = integers().map(|number| number as i32);
            let delta = next.wrapping_sub(start);
            let formula = move |index| start.wrapping_add((index as i32).wrapping_mul(delta));
            from_two([start, next], formula)
        }
        _ => return None,
    })
}

fn from_two<T: Lane>(
    two: [T; 2],
    formula: impl Fn(usize) -> T + Send + Sync + 'static,
) -> Box<Stretch> {
    stretch(move |first, row: &mut [T]| {
        row.iter_mut().zip(first..).for_each(|(element, index)| *element = formula(index));
        // The formula may round the second element to another number than it was.
        let given = row.iter_mut().zip(first..).take(2).filter(|(_, index)| *index < 2);
        given.for_each(|(element, index)| *element = two[index]);
    })
}

/// The numbers of NumPy's `linspace`, in the order of its roundings.
struct Line {
    start: f64,
    stop: f64,
    last: Option<usize>,
    intervals: f64,
    step: f64,
}

impl Line {
    fn new(start: f64, stop: f64, len: usize, endpoint: bool) -> Line {
        let intervals = len.saturating_sub(usize::from(endpoint)) as f64;
        let last = (endpoint && len > 1).then(|| len - 1);
        Line { start, stop, last, intervals, step: (stop - start) / intervals }
    }

    fn at(&self, index: usize) -> f64 {
        let delta = self.stop - self.start;
        match index {
            index if self.last == Some(index) => self.stop,
            // One element: there is no step.
            index if self.intervals == 0.0 => index as f64 * delta + self.start,
            // The step is too small for a float64.
            index if self.step == 0.0 => index as f64 / self.intervals * delta + self.start,
            index => index as f64 * self.step + self.start,
        }
    }
}

fn linspace(line: Line, dtype: DType) -> Option<Box<Stretch>> {
    Some(match dtype {
        DType::Float64 => each(move |index| line.at(index)),
        DType::Float32 => each(move |index| line.at(index) as f32),
        DType::Int64 => each(move |index| line.at(index).floor() as i64),
        DType::Int32 => each(move |index| line.at(index).floor() as i32),
        _ => return None,
    })
}

fn eye(dtype: DType, diagonal: i64, shape: &Shape) -> Option<Box<Stretch>> {
    let (zero, one) = (Constant::from_integer(dtype, 0)?, Constant::from_integer(dtype, 1)?);
    let columns = shape[1];
    Some(with_word!(dtype, W => stretch(move |first, elements: &mut [W]| {
        elements.fill(zero.bits() as W);
        let end = first + elements.len();
        for row in first / columns..end.div_ceil(columns) {
            let column = row as i128 + i128::from(diagonal);
            if let Ok(column) = usize::try_from(column)
                && column < columns
                && let Some(at) = (row * columns + column).checked_sub(first)
                && let Some(element) = elements.get_mut(at)
            {
                *element = one.bits() as W;
            }
        }
    })))
}
