//! Statistics of the sorted elements.

use crate::{DistArray, Error, Index};
use nums_lshs::{DType, UnaryOp};

impl DistArray {
    /// The median of all elements: the middle one, or the mean of the two in the middle. NaN where one is NaN. The elements
    /// are sorted on the cluster.
    ///
    /// # Errors
    /// Those of [`quantile`](Self::quantile).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.array([3.0, 1.0, 2.0, 10.0])?.median()?.item::<f64>().wait()?, 2.5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn median(&self) -> Result<DistArray, Error> {
        self.sorted_at("median", 0.5, |low, high, _| low.try_add(high)?.try_div(2.0))
    }

    /// The element below which the share `q` of all elements lies, interpolated linearly between neighbours, as NumPy's
    /// `quantile`; NaN where one is NaN. The elements are sorted on the cluster.
    ///
    /// # Errors
    /// [`Error::NoElements`] of an empty array, [`Error::Parameter`] if `q` is outside 0..=1, and [`Error::UndefinedFor`] for
    /// complex numbers.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 11.0, 1.0)?;
    /// assert_eq!(x.quantile(0.25)?.item::<f64>().wait()?, 2.5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn quantile(&self, q: f64) -> Result<DistArray, Error> {
        self.sorted_at("quantile", q, |low, high, share| {
            let distance = high.try_sub(low)?;
            // From the nearer neighbour, as NumPy does, so that both ends are exact.
            match share < 0.5 {
                true => low.try_add(distance.try_mul(share)?),
                false => high.try_sub(distance.try_mul(1.0 - share)?),
            }
        })
    }

    /// The sorted element at the share `q` of the positions, or what `between` gives for its two neighbours and the share
    /// of the way from the lower to the higher one.
    fn sorted_at(
        &self,
        op: &'static str,
        q: f64,
        between: impl Fn(&DistArray, &DistArray, f64) -> Result<DistArray, Error>,
    ) -> Result<DistArray, Error> {
        if !(0.0..=1.0).contains(&q) {
            let value = format!("{q:?}");
            return Err(Error::Parameter { name: "q", value, want: "between 0 and 1" });
        }
        let sorted = self.line_of_floats(op)?.sort(0)?;
        let last = sorted.size() - 1;
        let position = q * last as f64;
        let below = (position.floor() as usize).min(last);
        let at = |index: usize| sorted.index(&[Index::At(index as isize)]);
        let share = position - below as f64;
        // An element itself needs no neighbour, which may be infinite.
        let found = match share == 0.0 {
            true => at(below)?,
            false => between(&at(below)?, &at(below + 1)?, share)?,
        };
        // NaN sorts last.
        let last = at(last)?;
        last.total(UnaryOp::IsNan).where_(&last, &found)
    }

    /// How many elements lie in each of `bins` intervals of equal width from the smallest to the largest element, as
    /// int64, and the `bins + 1` edges, as float64. The last interval includes its end. As NumPy's `histogram`, for an
    /// array without NaN.
    ///
    /// # Errors
    /// [`Error::Parameter`] for no bins, [`Error::NoElements`] of an empty array, and [`Error::UndefinedFor`] for complex
    /// numbers.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let (counts, edges) = session.array([0.0, 1.0, 1.5, 4.0])?.histogram(2)?;
    /// assert_eq!(counts.to_vec::<i64>().wait()?, [3, 1]);
    /// assert_eq!(edges.to_vec::<f64>().wait()?, [0.0, 2.0, 4.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn histogram(&self, bins: usize) -> Result<(DistArray, DistArray), Error> {
        if bins == 0 {
            return Err(Error::Parameter { name: "bins", value: "0".to_owned(), want: "positive" });
        }
        let sorted = self.line_of_floats("histogram")?.astype(DType::Float64)?.sort(0)?;
        let (first, last) = (sorted.index(&[Index::At(0)])?, sorted.index(&[Index::At(-1)])?);
        // All elements are the same: NumPy puts them into the middle of an interval of length 1.
        let same = first.try_equal(&last)?;
        let low = same.where_(&first.try_sub(0.5)?, &first)?;
        let high = same.where_(&last.try_add(0.5)?, &last)?;
        let session = self.session();
        let numbers = session.arange(0.0, (bins + 1) as f64, 1.0)?;
        let width = high.try_sub(&low)?.try_div(bins)?;
        let edges = numbers.try_mul(&width)?.try_add(&low)?;
        let edges = numbers.try_equal(bins)?.where_(&high, &edges)?;
        let inner = edges.index(&[Index::Slice { start: None, stop: Some(-1), step: 1 }])?;
        let starts = sorted.searchsorted(&inner, false)?;
        let whole = session.full(1, sorted.size())?;
        let bounds = crate::concatenate([&starts, &whole], 0)?;
        Ok((bounds.diff()?, edges))
    }

    fn line_of_floats(&self, op: &'static str) -> Result<DistArray, Error> {
        let (dtype, shape) = (self.dtype(), self.spec().shape());
        if dtype.is_complex() {
            return Err(Error::UndefinedFor { op, dtype });
        }
        if self.is_empty() {
            return Err(Error::NoElements { op, shape });
        }
        let float = if dtype == DType::Float32 { dtype } else { DType::Float64 };
        self.ravel().astype(float)
    }
}
