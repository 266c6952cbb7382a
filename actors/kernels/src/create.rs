//! Blocks that follow from the position of their elements.

use crate::block::with_word;
use crate::crew::{Crew, run_over};
use crate::{Block, Element, KernelError, random};
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
    let portion = Portion { shape, region, crew };
    match creation {
        Creation::Full(value) => full(value, crew, result),
        Creation::Arange { start, next } => arange(start, next, portion, result)?,
        Creation::Linspace { start, stop, endpoint, .. } => {
            let line = Line::new(start.to_f64(), stop.to_f64(), shape.elements(), endpoint);
            linspace(&line, portion, result)?;
        }
        Creation::Eye { diagonal, .. } => {
            let [zero, one] = [0, 1].map(|number| Constant::from_i64(dtype, number));
            let (Some(zero), Some(one)) = (zero, one) else {
                return Err(unsupported(creation, dtype));
            };
            full(zero, crew, result);
            eye(one, diagonal, region, result);
        }
        Creation::Random { distribution, seed, stream } => {
            random::random(distribution, (seed, stream), portion, result)?;
        }
    }
    Ok(())
}

/// The portion of an array that a block holds, and who makes it.
#[derive(Clone, Copy)]
pub(crate) struct Portion<'a> {
    pub(crate) shape: &'a Shape,
    pub(crate) region: &'a Region,
    pub(crate) crew: &'a dyn Crew,
}

/// Calls `stretch` with the first index in C order and the elements of stretches that make up a block.
pub(crate) fn fill<T: Send>(
    out: &mut [T],
    portion: Portion<'_>,
    stretch: impl Fn(usize, &mut [T]) + Sync,
) {
    let runs = portion.region.runs(portion.shape);
    run_over(portion.crew, out, 1, |start, part| {
        let (mut at, mut rest) = (start, part);
        while !rest.is_empty() {
            // All runs of a region are of one length.
            let (first, len) = runs[at / runs[0].1];
            let skipped = at % len;
            let (row, tail) = rest.split_at_mut(rest.len().min(len - skipped));
            stretch(first + skipped, row);
            at += row.len();
            rest = tail;
        }
    });
}

fn full(value: Constant, crew: &dyn Crew, result: &mut Block) {
    with_word!(result.spec().dtype, W => {
        run_over(crew, result.words_mut::<W>(), 1, |_, part| part.fill(value.bits() as W));
    });
}

/// NumPy makes the first two elements and fills the rest from their difference, in the arithmetic of the dtype.
fn arange(
    start: Constant,
    next: Constant,
    portion: Portion<'_>,
    result: &mut Block,
) -> Result<(), KernelError> {
    let dtype = result.spec().dtype;
    let integers = || [start, next].map(|constant| constant.to_i64().unwrap_or_default());
    let floats = [start, next].map(Constant::to_f64);
    match dtype {
        DType::Float64 => {
            let delta = floats[1] - floats[0];
            let formula = |index: usize| floats[0] + index as f64 * delta;
            fill_from_two(floats, formula, portion, result);
        }
        DType::Float32 => {
            let singles = floats.map(|number| number as f32);
            let delta = singles[1] - singles[0];
            let formula = |index: usize| singles[0] + index as f32 * delta;
            fill_from_two(singles, formula, portion, result);
        }
        DType::Int64 => {
            let [start, next] = integers();
            let delta = next.wrapping_sub(start);
            let formula = |index: usize| start.wrapping_add((index as i64).wrapping_mul(delta));
            fill_from_two([start, next], formula, portion, result);
        }
        DType::Int32 => {
            let [start, next] = integers().map(|number| number as i32);
            let delta = next.wrapping_sub(start);
            let formula = |index: usize| start.wrapping_add((index as i32).wrapping_mul(delta));
            fill_from_two([start, next], formula, portion, result);
        }
        _ => return Err(unsupported(Creation::Arange { start, next }, dtype)),
    }
    Ok(())
}

fn fill_from_two<T: Element>(
    two: [T; 2],
    formula: impl Fn(usize) -> T + Sync,
    portion: Portion<'_>,
    result: &mut Block,
) {
    fill(result.elements_mut(), portion, |first, row| {
        row.iter_mut().zip(first..).for_each(|(element, index)| *element = formula(index));
        // The formula may round the second element to another number than it was.
        let given = row.iter_mut().zip(first..).take(2).filter(|(_, index)| *index < 2);
        given.for_each(|(element, index)| *element = two[index]);
    });
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

fn linspace(line: &Line, portion: Portion<'_>, result: &mut Block) -> Result<(), KernelError> {
    match result.spec().dtype {
        DType::Float64 => fill_line(portion, result, |index| line.at(index)),
        DType::Float32 => fill_line(portion, result, |index| line.at(index) as f32),
        DType::Int64 => fill_line(portion, result, |index| line.at(index).floor() as i64),
        DType::Int32 => fill_line(portion, result, |index| line.at(index).floor() as i32),
        dtype => return Err(KernelError::Unsupported { op: "linspace".into(), dtype }),
    }
    Ok(())
}

fn fill_line<T: Element>(portion: Portion<'_>, result: &mut Block, at: impl Fn(usize) -> T + Sync) {
    fill(result.elements_mut(), portion, |first, row| {
        row.iter_mut().zip(first..).for_each(|(element, index)| *element = at(index));
    });
}

fn eye(one: Constant, diagonal: i64, region: &Region, result: &mut Block) {
    let [rows, columns] =
        [0, 1].map(|axis| region.start[axis]..region.start[axis] + region.len[axis]);
    with_word!(result.spec().dtype, W => {
        let out = result.words_mut::<W>();
        for (own, row) in rows.enumerate() {
            let column = row as i128 + i128::from(diagonal);
            if let Ok(column) = usize::try_from(column) && columns.contains(&column) {
                out[own * region.len[1] + column - region.start[1]] = one.bits() as W;
            }
        }
    });
}

fn unsupported(creation: Creation, dtype: DType) -> KernelError {
    KernelError::Unsupported { op: format!("{creation:?}"), dtype }
}
