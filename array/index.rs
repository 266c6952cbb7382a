//! Basic indexing with integers, slices, new axes and an ellipsis, by Python's rules or with ndarray's `s![]`.

use crate::{DistArray, Error, IntoSlices};
use ndarray::SliceInfoElem;
use nums_lshs::Shape;
use nums_lshs::array_op::{ArrayOp, ArraySpec, CreatePart, Gather, Selection};

/// One item of an index, with Python's meaning.
///
/// ```
/// use nums::Index;
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(1)?;
/// // x[0, ..., None, ::-2]
/// let backwards = Index::Slice { start: None, stop: None, step: -2 };
/// let x = session.ones(&[2, 3, 5])?;
/// let y = x.index(&[Index::At(0), Index::Ellipsis, Index::NewAxis, backwards])?;
/// assert_eq!(y.shape(), [3, 1, 3]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// One element. The result does not have this axis. Negative indices count from the end.
    At(isize),
    /// A slice as in Python: bounds are clipped to the axis, negative bounds count from the end, and the step can be
    /// negative.
    Slice {
        /// The first index. Default: the start of the axis, or its end if the step is negative.
        start: Option<isize>,
        /// The index before which the slice stops. Default: the end of the axis, or its start if the step is negative.
        stop: Option<isize>,
        /// The step, which must not be 0.
        step: isize,
    },
    /// A new axis of length 1.
    NewAxis,
    /// All axes that the other items leave, whole.
    Ellipsis,
}

impl DistArray {
    /// The elements selected by the indices, as in NumPy's basic indexing. Only selected parts of blocks move.
    ///
    /// # Errors
    /// [`Error::TooManyIndices`], [`Error::IndexOutOfBounds`], [`Error::RepeatedEllipsis`] and [`Error::ZeroStep`].
    ///
    /// ```
    /// use nums::Index;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 12.0, 1.0)?.reshape(&[3, 4])?;
    /// let backwards = Index::Slice { start: None, stop: None, step: -2 };
    /// let y = x.index(&[Index::At(-1), backwards])?;
    /// assert_eq!(y.fetch::<f64>().wait()?, ndarray::arr1(&[11.0, 9.0]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn index(&self, indices: &[Index]) -> Result<DistArray, Error> {
        self.gather(Taken::of_indices(&self.spec().shape(), indices)?)
    }

    /// The elements selected by ndarray's `s![]`, with ndarray's meaning: bounds outside the axis are errors, and a
    /// negative step reverses the elements of `start..end`. Axes without an item are taken whole.
    ///
    /// # Errors
    /// Those of [`index`](Self::index).
    ///
    /// ```
    /// use ndarray::{array, s};
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 12, 1)?.reshape(&[3, 4])?;
    /// let y = x.slice(s![-1, 1..;-2])?;
    /// assert_eq!(y.fetch::<i64>().wait()?, array![11, 9].into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn slice(&self, part: impl IntoSlices) -> Result<DistArray, Error> {
        self.gather(Taken::of_slices(&self.spec().shape(), &part.into_slices())?)
    }

    /// Python's slice of one axis, with the other axes whole.
    pub(crate) fn slice_axis(
        &self,
        axis: usize,
        start: Option<isize>,
        stop: Option<isize>,
        step: isize,
    ) -> Result<DistArray, Error> {
        let mut indices = vec![Index::Slice { start: None, stop: None, step: 1 }; axis];
        indices.push(Index::Slice { start, stop, step });
        self.index(&indices)
    }

    /// The slice of one index of an axis, which stays with length 1. Negative indices count from the end.
    pub(crate) fn slab(&self, axis: usize, index: isize) -> Result<DistArray, Error> {
        let start = resolve(index, axis, self.shape()[axis])? as isize;
        self.slice_axis(axis, Some(start), Some(start + 1), 1)
    }

    /// The array of a selection, with its dropped axes left out; new axes come by a reshape that moves nothing.
    fn gather(&self, taken: Taken) -> Result<DistArray, Error> {
        let lengths = taken.lengths();
        let Taken { selections, axes } = taken;
        let dropped: Vec<_> =
            (0..selections.len()).filter(|axis| !axes.contains(&Some(*axis))).collect();
        let rule = &self.session_inner().rule;
        let shape = Shape::new(selections.iter().map(|taken| taken.len).collect::<Vec<_>>())?;
        let all = self.spec().shape().iter().map(|&len| Selection::all(len)).collect::<Vec<_>>();
        if selections == all && dropped.is_empty() {
            return self.reshape_to(Shape::new(lengths)?);
        }
        let working = ArraySpec::automatic(&shape, self.dtype(), rule).grid;
        // Of a formula just the part is made, and made again when it is needed again.
        let taken = match self.expression.lazy().map(|lazy| lazy.op).as_deref() {
            Some(ArrayOp::Create(whole)) if shape.elements() < self.size() => {
                let part = CreatePart { whole: whole.clone(), selections, working, dropped };
                DistArray::new(self.session_inner(), part, &[])?
            }
            _ => DistArray::new(
                self.session_inner(),
                Gather { selections, working, dropped },
                &[self],
            )?,
        };
        taken.reshape_to(Shape::new(lengths)?)
    }
}

/// The selection of each axis of an array, and the axes of the result.
#[derive(Default)]
pub(crate) struct Taken {
    pub(crate) selections: Vec<Selection>,
    /// The axis of the array for each axis of the result, or `None` for a new axis.
    pub(crate) axes: Vec<Option<usize>>,
}

impl Taken {
    /// The selection of Python's indices in an array of a shape.
    pub(crate) fn of_indices(shape: &[usize], indices: &[Index]) -> Result<Taken, Error> {
        let taken = |index: &&Index| matches!(index, Index::At(_) | Index::Slice { .. });
        let given = indices.iter().filter(taken).count();
        if given > shape.len() {
            return Err(Error::TooManyIndices { ndim: shape.len(), given });
        }
        let ellipses = indices.iter().filter(|&&index| index == Index::Ellipsis).count();
        if ellipses > 1 {
            return Err(Error::RepeatedEllipsis);
        }
        let mut taken = Taken::default();
        let implied = if ellipses == 0 { &[Index::Ellipsis][..] } else { &[] };
        for &index in indices.iter().chain(implied) {
            let axis = taken.selections.len();
            match index {
                Index::NewAxis => taken.new_axis(),
                Index::Ellipsis => {
                    for &len in &shape[axis..axis + shape.len() - given] {
                        taken.keep(Selection::all(len));
                    }
                }
                Index::At(at) => taken.drop(resolve(at, axis, shape[axis])?),
                Index::Slice { start, stop, step } => {
                    taken.keep(slice(start, stop, step, shape[axis])?);
                }
            }
        }
        Ok(taken)
    }

    /// The selection of ndarray's indices in an array of a shape.
    pub(crate) fn of_slices(shape: &[usize], indices: &[SliceInfoElem]) -> Result<Taken, Error> {
        let given = indices.iter().filter(|index| !index.is_new_axis()).count();
        if given > shape.len() {
            return Err(Error::TooManyIndices { ndim: shape.len(), given });
        }
        let mut taken = Taken::default();
        for &index in indices {
            let axis = taken.selections.len();
            match index {
                SliceInfoElem::NewAxis => taken.new_axis(),
                SliceInfoElem::Index(at) => taken.drop(resolve(at, axis, shape[axis])?),
                SliceInfoElem::Slice { start, end, step } => {
                    taken.keep(range(start, end, step, axis, shape[axis])?);
                }
            }
        }
        shape[given..].iter().for_each(|&len| taken.keep(Selection::all(len)));
        Ok(taken)
    }

    /// The shape of the result.
    pub(crate) fn lengths(&self) -> Vec<usize> {
        let len = |axis: &Option<usize>| axis.map_or(1, |axis| self.selections[axis].len);
        self.axes.iter().map(len).collect()
    }

    fn new_axis(&mut self) {
        self.axes.push(None);
    }

    fn keep(&mut self, selection: Selection) {
        self.axes.push(Some(self.selections.len()));
        self.selections.push(selection);
    }

    /// Selects one element of the next axis, which the result does not have.
    fn drop(&mut self, start: usize) {
        self.selections.push(Selection { start, step: 1, len: 1 });
    }
}

/// ndarray's rule for the bounds of a slice.
fn range(
    start: isize,
    end: Option<isize>,
    step: isize,
    axis: usize,
    len: usize,
) -> Result<Selection, Error> {
    if step == 0 {
        return Err(Error::ZeroStep);
    }
    let bound = |index: isize| {
        let from_start = if index < 0 { index.checked_add(len as isize) } else { Some(index) };
        let found = from_start.and_then(|index| usize::try_from(index).ok());
        found.filter(|&at| at <= len).ok_or(Error::IndexOutOfBounds { index, axis, len })
    };
    let start = bound(start)?;
    let end = bound(end.unwrap_or(len as isize))?.max(start);
    let count = (end - start).div_ceil(step.unsigned_abs());
    let first = match count {
        // An empty selection has no first index, which may lie outside the axis.
        0 => 0,
        _ if step < 0 => end - 1,
        _ => start,
    };
    Ok(Selection { start: first, step, len: count })
}

/// An index of an axis, counted from the first.
pub(crate) fn resolve(index: isize, axis: usize, len: usize) -> Result<usize, Error> {
    let from_start = if index < 0 { index.checked_add(len as isize) } else { Some(index) };
    let found = from_start.and_then(|index| usize::try_from(index).ok()).filter(|&at| at < len);
    found.ok_or(Error::IndexOutOfBounds { index, axis, len })
}

/// Python's rule for the bounds of a slice.
fn slice(
    start: Option<isize>,
    stop: Option<isize>,
    step: isize,
    len: usize,
) -> Result<Selection, Error> {
    if step == 0 {
        return Err(Error::ZeroStep);
    }
    let len = len as isize;
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let bound = |given: Option<isize>, default: isize| match given {
        None => default,
        Some(at) if at < 0 => at.saturating_add(len).clamp(low, high),
        Some(at) => at.clamp(low, high),
    };
    let (near, far) = if step > 0 { (low, high) } else { (high, low) };
    let (start, stop) = (bound(start, near), bound(stop, far));
    let distance = if step > 0 { stop - start } else { start - stop };
    let count = if distance <= 0 { 0 } else { (distance - 1) as usize / step.unsigned_abs() + 1 };
    // An empty selection has no first index, which may lie outside the axis.
    let start = if count == 0 { 0 } else { start as usize };
    Ok(Selection { start, step, len: count })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Python's own results of `range(*slice(start, stop, step).indices(len))`.
    #[test]
    fn slices_follow_python() {
        let take = |start, stop, step, len| {
            let taken = slice(start, stop, step, len).unwrap();
            let at = |index: usize| taken.start as isize + index as isize * taken.step;
            (0..taken.len).map(at).collect::<Vec<_>>()
        };
        assert_eq!(take(None, None, 1, 3), [0, 1, 2]);
        assert_eq!(take(None, None, -1, 3), [2, 1, 0]);
        assert_eq!(take(Some(-2), None, 1, 5), [3, 4]);
        assert_eq!(take(Some(10), Some(-10), -2, 5), [4, 2, 0]);
        assert_eq!(take(Some(1), Some(1), 1, 5), [] as [isize; 0]);
        assert_eq!(take(Some(3), Some(100), 3, 10), [3, 6, 9]);
        assert_eq!(take(Some(isize::MIN), Some(isize::MAX), isize::MAX, 2), [0]);
        assert_eq!(take(None, None, -1, 0), [] as [isize; 0]);
        assert_eq!(slice(None, None, 0, 3), Err(Error::ZeroStep));
    }

    /// The same slices of ndarray's own arrays.
    #[test]
    fn ranges_follow_ndarray() {
        let whole = ndarray::Array1::from_iter(0..7);
        let bounds = [-7, -3, -1, 0, 2, 5, 7];
        for (start, end) in bounds.into_iter().flat_map(|start| bounds.map(|end| (start, end))) {
            for step in [1, 2, 3, 9, -1, -2, -3, -9] {
                let taken = range(start, Some(end), step, 0, 7).unwrap();
                let at = |index: usize| taken.start as isize + index as isize * taken.step;
                let found: Vec<_> = (0..taken.len).map(at).collect();
                let expected = whole.slice(ndarray::s![start..end;step]);
                assert_eq!(found, expected.to_vec(), "{start}..{end};{step}");
            }
        }
        let outside = Error::IndexOutOfBounds { index: 8, axis: 1, len: 7 };
        assert_eq!(range(0, Some(8), 1, 1, 7), Err(outside));
    }
}
