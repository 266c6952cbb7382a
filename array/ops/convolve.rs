//! Sums over sliding windows: `convolve`, `correlate` and the windows themselves. Only the edges of blocks move.

use crate::{Axes, DistArray, Error, Pad};

/// How far the shorter of two convolved lines reaches over the ends of the longer one, with NumPy's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// They share at least one element: `n + m - 1` results.
    Full,
    /// As many results as the longer line has elements.
    Same,
    /// They share all elements of the shorter line: `n - m + 1` results.
    Valid,
}

impl DistArray {
    /// The discrete convolution of two lines, as NumPy's `convolve`. It takes one pass over the longer line for each
    /// element of the shorter one, and adds the products in the order of its elements.
    ///
    /// # Errors
    /// [`Error::Dimensions`] if an array does not have one axis, and [`Error::NoElements`] for an empty one.
    ///
    /// ```
    /// use nums::Overlap;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let (x, w) = (session.array([1, 2, 3])?, session.array([0, 1, 2])?);
    /// assert_eq!(x.convolve(&w, Overlap::Full)?.to_vec::<i32>().wait()?, [0, 1, 4, 7, 6]);
    /// assert_eq!(x.convolve(&w, Overlap::Same)?.to_vec::<i32>().wait()?, [1, 4, 7]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn convolve(&self, weights: &DistArray, overlap: Overlap) -> Result<DistArray, Error> {
        let (long, short) =
            if self.size() >= weights.size() { (self, weights) } else { (weights, self) };
        long.windows_dot(&short.line("convolve")?.flip(0)?, overlap)
    }

    /// The sums of products of a line and the complex conjugate of another one at each shift, as NumPy's `correlate`.
    ///
    /// # Errors
    /// Those of [`convolve`](Self::convolve).
    ///
    /// ```
    /// use nums::Overlap;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let (x, w) = (session.array([1, 2, 3])?, session.array([0, 1])?);
    /// assert_eq!(x.correlate(&w, Overlap::Valid)?.to_vec::<i32>().wait()?, [2, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn correlate(&self, other: &DistArray, overlap: Overlap) -> Result<DistArray, Error> {
        let other = other.line("correlate")?.conj();
        if self.size() >= other.size() {
            return self.windows_dot(&other, overlap);
        }
        // The shorter line slides over the longer one the other way.
        other.windows_dot(&self.line("correlate")?, overlap)?.flip(0)
    }

    /// The sum of products of a line with each window of this longer one.
    fn windows_dot(&self, weights: &DistArray, overlap: Overlap) -> Result<DistArray, Error> {
        let (line, width) = (self.line("convolve")?, weights.size());
        let (before, after) = match overlap {
            Overlap::Full => (width - 1, width - 1),
            Overlap::Same => (width / 2, (width - 1) / 2),
            Overlap::Valid => (0, 0),
        };
        let line = line.pad(&[(before, after)], Pad::Constant(false.into()))?;
        let len = (line.size() + 1 - width) as isize;
        let mut sum: Option<DistArray> = None;
        for index in 0..width as isize {
            let window = line.slice_axis(0, Some(index), Some(index + len), 1)?;
            let product = window.try_mul(weights.slab(0, index)?)?;
            sum = Some(match sum {
                Some(sum) => sum.try_add(&product)?,
                None => product,
            });
        }
        sum.ok_or_else(|| Error::NoElements { op: "convolve", shape: weights.spec().shape() })
    }

    fn line(&self, op: &'static str) -> Result<DistArray, Error> {
        match self.ndim() {
            1 if self.is_empty() => Err(Error::NoElements { op, shape: self.spec().shape() }),
            1 => Ok(self.clone()),
            have => Err(Error::Dimensions { want: 1, have }),
        }
    }

    /// All windows of `width` neighbours along an axis, which become the last axis of the result, as NumPy's
    /// `sliding_window_view` of one axis. Where the result is stored, it takes `width` times the memory of the array.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], and [`Error::Parameter`] if the width is 0 or more than the length of the axis.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let windows = session.arange(0, 4, 1)?.sliding_windows(3, 0)?;
    /// assert_eq!(windows.to_vec::<i64>().wait()?, [0, 1, 2, 1, 2, 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sliding_windows(&self, width: usize, axis: impl Into<Axes>) -> Result<DistArray, Error> {
        let axis = axis.into().resolve_one(self.ndim())?;
        let len = self.shape()[axis];
        if width == 0 || width > len {
            let want = "positive and at most the length of the axis";
            return Err(Error::Parameter { name: "width", value: width.to_string(), want });
        }
        let count = (len + 1 - width) as isize;
        let windows = (0..width as isize)
            .map(|index| self.slice_axis(axis, Some(index), Some(index + count), 1));
        crate::stack(windows.collect::<Result<Vec<_>, _>>()?, -1)
    }
}
