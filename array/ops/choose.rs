//! Elements that a list of indices or a mask chooses.

use crate::axis::resolve_axis;
use crate::{DistArray, Error, Pending};
use nums_lshs::array_op::{Compress, CountTrue, SearchSorted, Sort, Take};
use nums_lshs::{Grid, Shape};

impl DistArray {
    /// The slices along an axis that a list names, in its order; negative indices count from the end. Only slices that
    /// are named move.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], and [`Error::IndexOutOfBounds`] with the first index that is not on the axis.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 10, 1)?.take(&[-1, 0, 0], 0)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[9, 0, 0][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn take(&self, indices: &[isize], axis: isize) -> Result<DistArray, Error> {
        let axis = resolve_axis(axis, self.ndim())?;
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
        DistArray::new(self.session(), Take { axis, indices }, &[self])
    }

    /// The elements at which a mask is true, as NumPy's `x[mask]`: the axes of the mask, the first ones of the array,
    /// become one. How many there are is counted first, so the result has an exact shape; the client receives a number
    /// for each block of the mask. Where array and mask are cut alike, nothing else moves.
    ///
    /// The `Pending` gives [`Error::ShapeMismatch`] when the mask has not the shape of the first axes,
    /// [`Error::DType`] when it is not of bool, and what went wrong with the mask.
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
        let runtime = self.session().runtime().clone();
        let counting = self.counting(mask);
        Pending::new(&runtime, async move {
            let (array, mask, counts) = counting?;
            let counts = counts.await?;
            let counts = counts.iter().map(|&count| count as usize).collect();
            DistArray::new(array.session(), Compress { counts }, &[&array, &mask])
        })
    }

    /// The array and the mask with the axes of the mask as one, cut alike, and how many elements of each block of the
    /// mask are true.
    fn counting(&self, mask: &DistArray) -> Result<Counting, Error> {
        self.check_mask(mask)?;
        let lengths = [&[mask.size()], &self.shape()[mask.ndim()..]].concat();
        let array = self.reshape_to(Shape::new(lengths)?)?;
        let mask = mask.ravel().with_grid(Grid::from_axes(&[(array.grid(), 0)]));
        let counts = DistArray::new(self.session(), CountTrue, &[&mask])?;
        Ok((array, mask, counts.fetch::<i64>()))
    }

    /// The elements sorted along an axis, in a total order: -0.0 before 0.0, and NaN last, by their bits. So the result is
    /// the same in every bit, however the array was cut.
    ///
    /// An array of one axis with several blocks is sorted by columns: 16 of neighbouring blocks (in long lines more, of
    /// 128 MiB, up to 64), which are the blocks of the result. Each is sorted by itself, in place, and a sorting network
    /// merges them in pairs (Batcher's odd-even merge sort): 63 pairs for 16 columns, so that each element is merged
    /// about eight times. No node gathers the line: beside its share of the array and the result a node holds a few
    /// columns. Between 2 nodes 1.9 times the line moves, between 4 nodes 4.4 times. With other axes, the sorted one is
    /// made one block first, and the others keep their cuts.
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
    pub fn sort(&self, axis: isize) -> Result<DistArray, Error> {
        self.sorted(axis, false)
    }

    /// The indices along an axis in the order in which they sort the elements, as int64, stably: elements that are equal,
    /// zeros and NaN among them, keep their order. The axis is made one block first; other axes keep their cuts.
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
    pub fn argsort(&self, axis: isize) -> Result<DistArray, Error> {
        self.sorted(axis, true)
    }

    fn sorted(&self, axis: isize, indices: bool) -> Result<DistArray, Error> {
        let axis = resolve_axis(axis, self.ndim())?;
        DistArray::new(self.session(), Sort { axis, indices }, &[self])
    }

    /// Where each value belongs in this array, one sorted axis, as int64: before the elements that are equal to it, or
    /// behind them for `right`. The array is gathered to one block first.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] when this array has not one axis, and when the arrays belong to different sessions.
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
        DistArray::new(self.session(), SearchSorted { right }, &[&line, &values])
    }
}

/// An array, a mask of its first axis, and the true elements of each of the mask's blocks.
type Counting = (DistArray, DistArray, Pending<ndarray::ArrayD<i64>>);
