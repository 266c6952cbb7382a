//! Selecting elements with a list of indices or a mask, and sorting.

use crate::{Axes, DistArray, Error, Pending};
use nums_lshs::array_op::{Compress, CountTrue, SearchSorted, Sort, Take, TakeAlong};
use nums_lshs::{DType, Grid, Shape};

impl DistArray {
    /// The slices along an axis at a list of indices, in the order of the list. Negative indices count from the end. Only
    /// selected slices move.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], and [`Error::IndexOutOfBounds`] with the first index outside the axis.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 10, 1)?.take(&[-1, 0, 0], 0)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[9, 0, 0][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn take(&self, indices: &[isize], axis: impl Into<Axes>) -> Result<DistArray, Error> {
        let axis = axis.into().resolve_one(self.ndim())?;
        self.take_resolved(self.on_axis(indices, axis)?, axis)
    }

    /// A list of indices of an axis, counted from the first.
    ///
    /// # Errors
    /// [`Error::IndexOutOfBounds`] with the first one that is not on the axis.
    pub(crate) fn on_axis(&self, indices: &[isize], axis: usize) -> Result<Vec<usize>, Error> {
        let len = self.shape()[axis];
        indices.iter().map(|&index| crate::index::resolve(index, axis, len)).collect()
    }

    /// The elements along an axis at the positions that another array holds, which has the same length on all other axes,
    /// as NumPy's `take_along_axis`. Negative positions count from the end. The positions stay on the cluster: each of
    /// their blocks goes through the blocks of this array along the axis, and what is smaller moves.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], [`Error::ShapeMismatch`], [`Error::DType`] for positions that are not integers, and
    /// [`Error::OtherSession`]. A position outside the axis gives
    /// [`KernelError::IndexOutOfBounds`](crate::KernelError::IndexOutOfBounds) when the result is computed.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.array([[3, 1, 2], [6, 5, 4]])?;
    /// let sorted = x.take_along_axis(&x.argsort(1)?, 1)?;
    /// assert_eq!(sorted.to_vec::<i32>().wait()?, [1, 2, 3, 4, 5, 6]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn take_along_axis(
        &self,
        positions: &DistArray,
        axis: impl Into<Axes>,
    ) -> Result<DistArray, Error> {
        self.check_session("take_along_axis", positions)?;
        let axis = axis.into().resolve_one(self.ndim())?;
        let (have, want) = (positions.dtype(), DType::Int64);
        if !have.is_integer() {
            return Err(Error::DType { have, want });
        }
        let (left, right) = (self.spec().shape(), positions.spec().shape());
        if left.len() != right.len() || left.without(&[axis]) != right.without(&[axis]) {
            return Err(Error::ShapeMismatch { op: "take_along_axis", left, right });
        }
        let positions = positions.astype(want)?;
        DistArray::new(self.session_inner(), TakeAlong { axis }, &[self, &positions])
    }

    /// The slices along an axis at the positions that another array holds, as NumPy's `take` of an array: the axis is
    /// replaced by those of the positions. It differs from [`take`](Self::take) in that the positions are computed, and
    /// stay, on the cluster.
    ///
    /// # Errors
    /// Those of [`take_along_axis`](Self::take_along_axis).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.array([10, 20, 30])?;
    /// let taken = x.take_array(&session.array([[2, 0], [0, -1]])?, 0)?;
    /// assert_eq!(taken.to_vec::<i32>().wait()?, [30, 10, 10, 30]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn take_array(
        &self,
        positions: &DistArray,
        axis: impl Into<Axes>,
    ) -> Result<DistArray, Error> {
        let axis = axis.into().resolve_one(self.ndim())?;
        let own = self.shape();
        // The positions along the axis, the same for all others.
        let mut lengths = vec![1; own.len()];
        lengths[axis] = positions.size();
        let line = positions.reshape(&lengths)?;
        let mut shape = own.clone();
        shape[axis] = positions.size();
        let taken = self.take_along_axis(&line.broadcast_to(&shape)?, axis)?;
        let lengths = [&own[..axis], &positions.shape(), &own[axis + 1..]].concat();
        taken.reshape(&lengths)
    }

    /// The slices of indices that are on the axis.
    pub(crate) fn take_resolved(
        &self,
        indices: Vec<usize>,
        axis: usize,
    ) -> Result<DistArray, Error> {
        let mut shape = self.shape();
        shape[axis] = indices.len();
        // The size is checked before a grid is made for it.
        Shape::new(shape)?;
        DistArray::new(self.session_inner(), Take { axis, indices }, &[self])
    }

    /// The elements where a mask is true, as NumPy's `x[mask]`. The mask applies to the first axes of the array, which
    /// become one axis of the result. The true elements are counted first, because shapes are exact; the client receives
    /// one number for each block of the mask. If array and mask have the same grid, nothing else moves.
    ///
    /// The `Pending` gives [`Error::ShapeMismatch`] if the mask does not have the shape of the first axes,
    /// [`Error::DType`] if it is not of bool, and errors of computing the mask.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 6, 1)?;
    /// let odd = x.compress(&(&x % 2).equal(1)).wait()?;
    /// assert_eq!(odd.fetch::<i64>().wait()?.as_slice(), Some(&[1, 3, 5][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn compress(&self, mask: &DistArray) -> Pending<DistArray> {
        let counting = self.counting(mask);
        Pending::begin(self.session_inner(), async move {
            let (array, mask, counts) = counting?;
            let counts = counts.await?;
            let counts = counts.iter().map(|&count| count as usize).collect();
            DistArray::new(array.session_inner(), Compress { counts }, &[&array, &mask])
        })
    }

    /// The array and the mask with the axes of the mask as one, cut alike, and how many elements of each block of the
    /// mask are true.
    fn counting(&self, mask: &DistArray) -> Result<Counting, Error> {
        self.check_mask(mask)?;
        let lengths = [&[mask.size()], &self.shape()[mask.ndim()..]].concat();
        let array = self.reshape_to(Shape::new(lengths)?)?;
        let mask = mask.ravel().with_grid(Grid::from_axes(&[(array.grid(), 0)]));
        let counts = DistArray::new(self.session_inner(), CountTrue, &[&mask])?;
        Ok((array, mask, counts.fetch::<i64>().cancel_on_drop()))
    }

    /// The elements sorted along an axis, in a total order: -0.0 before 0.0, and NaN last, ordered by their bits. So the
    /// bits of the result do not depend on the blocks.
    ///
    /// A one-dimensional array of several blocks is sorted by columns. A column joins neighbouring blocks; there are 16
    /// columns, or for long arrays more columns of 128 MiB, at most 64. Each column is sorted in place. Then a sorting
    /// network merges columns in pairs (Batcher's odd-even merge sort): 63 pairs for 16 columns, so each element is merged
    /// about eight times. The columns are the blocks of the result. No node holds the whole array: besides its share of the
    /// array and the result, a node holds a few columns. On 2 nodes, 1.9 times the bytes of the array move; on 4 nodes, 4.4
    /// times. If the array has other axes, the sorted axis becomes one block first, and the other axes keep their grid.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.from_ndarray(&ndarray::arr1(&[3.0, f64::NAN, 1.0]))?.sort(0)?;
    /// assert_eq!(x.slice(ndarray::s![..2])?.fetch::<f64>().wait()?.as_slice(), Some(&[1.0, 3.0][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn sort(&self, axis: impl Into<Axes>) -> Result<DistArray, Error> {
        self.sorted(&axis.into(), false)
    }

    /// The indices that sort the elements along an axis, as int64. The sort is stable: equal elements, including zeros and
    /// NaN, keep their order. The axis becomes one block first; other axes keep their grid.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.from_ndarray(&ndarray::arr1(&[3.0, 2.0, 1.0]))?.argsort(0)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[2, 1, 0][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn argsort(&self, axis: impl Into<Axes>) -> Result<DistArray, Error> {
        self.sorted(&axis.into(), true)
    }

    fn sorted(&self, axis: &Axes, indices: bool) -> Result<DistArray, Error> {
        let axis = axis.resolve_one(self.ndim())?;
        DistArray::new(self.session_inner(), Sort { axis, indices }, &[self])
    }

    /// The insertion index of each value in this sorted one-dimensional array, as int64: before equal elements, or after
    /// them if `right` is true. The array becomes one block on one node first.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if this array is not one-dimensional, and [`Error::OtherSession`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let edges = session.arange(0.0, 4.0, 1.0)?;
    /// let bins = edges.searchsorted(&session.full(&[2], 2.0)?, true)?;
    /// assert_eq!(bins.fetch::<i64>().wait()?.as_slice(), Some(&[3, 3][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn searchsorted(&self, values: &DistArray, right: bool) -> Result<DistArray, Error> {
        self.check_session("searchsorted", values)?;
        if self.ndim() != 1 {
            let (left, right) = (self.spec().shape(), values.spec().shape());
            return Err(Error::ShapeMismatch { op: "searchsorted", left, right });
        }
        let dtype = super::elementwise_dtype(&[self, values]);
        let (line, values) = (self.astype(dtype)?, values.astype(dtype)?);
        DistArray::new(self.session_inner(), SearchSorted { right }, &[&line, &values])
    }
}

/// An array, a mask of its first axis, and the true elements of each of the mask's blocks.
type Counting = (DistArray, DistArray, Pending<ndarray::ArrayD<i64>>);
