//! Statistics of the sorted elements.

use crate::{Axes, DistArray, Error, Index};
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
        self.median_axis(..)
    }

    /// Like [`median`](Self::median), along axes, which the result does not have.
    ///
    /// # Errors
    /// Those of [`quantile_axis`](Self::quantile_axis).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 6.0, 1.0)?.reshape((3, 2))?;
    /// assert_eq!(x.median_axis(0)?.to_vec::<f64>().wait()?, [2.0, 3.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn median_axis(&self, axes: impl Into<Axes>) -> Result<DistArray, Error> {
        let lanes = self.lanes_of_floats("median", axes.into())?;
        let count = lanes.shape()[lanes.ndim() - 1];
        let (below, above) = ((count - 1) / 2, count / 2);
        sorted_at(&lanes.sort(-1)?, below, |at| match below == above {
            true => at(below),
            false => at(below)?.try_add(at(above)?)?.try_div(2.0),
        })
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
        self.quantile_axis(q, .., Quantile::Linear)
    }

    /// Like [`quantile`](Self::quantile), along axes, which the result does not have, and by any of NumPy's methods. The
    /// axes become one axis of one block, which is sorted; the other axes keep their grid.
    ///
    /// # Errors
    /// Those of [`quantile`](Self::quantile), [`Error::AxisOutOfRange`] and [`Error::RepeatedAxis`].
    ///
    /// ```
    /// use nums::Quantile;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 8.0, 1.0)?.reshape((4, 2))?;
    /// assert_eq!(x.quantile_axis(0.5, 0, Quantile::Lower)?.to_vec::<f64>().wait()?, [2.0, 3.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn quantile_axis(
        &self,
        q: f64,
        axes: impl Into<Axes>,
        method: Quantile,
    ) -> Result<DistArray, Error> {
        if !(0.0..=1.0).contains(&q) {
            let value = format!("{q:?}");
            return Err(Error::Parameter { name: "q", value, want: "between 0 and 1" });
        }
        let lanes = self.lanes_of_floats("quantile", axes.into())?;
        let (below, share) = method.position(q, lanes.shape()[lanes.ndim() - 1]);
        sorted_at(&lanes.sort(-1)?, below, |at| {
            let low = at(below)?;
            // An element itself needs no neighbour, which may be infinite.
            if share == 0.0 {
                return Ok(low);
            }
            let high = at(below + 1)?;
            let distance = high.try_sub(&low)?;
            // From the nearer neighbour, as NumPy does, so that both ends are exact.
            match share < 0.5 {
                true => low.try_add(distance.try_mul(share)?),
                false => high.try_sub(distance.try_mul(1.0 - share)?),
            }
        })
    }

    /// The elements along some axes as the last axis of the result, in floats.
    fn lanes_of_floats(&self, op: &'static str, axes: Axes) -> Result<DistArray, Error> {
        let axes = axes.resolve(self.ndim())?;
        let (dtype, own) = (self.dtype(), self.shape());
        if dtype.is_complex() {
            return Err(Error::UndefinedFor { op, dtype });
        }
        let count: usize = axes.iter().map(|&axis| own[axis]).product();
        if count == 0 {
            return Err(Error::NoElements { op, shape: self.spec().shape() });
        }
        let kept = (0..self.ndim()).filter(|axis| !axes.contains(axis));
        let mut shape: Vec<usize> = kept.clone().map(|axis| own[axis]).collect();
        shape.push(count);
        let order: Vec<usize> = kept.chain(axes.iter().copied()).collect();
        let float = if dtype == DType::Float32 { dtype } else { DType::Float64 };
        self.permuted(order).reshape(&shape)?.astype(float)
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
        let sorted = self.lanes_of_floats("histogram", Axes::from(..))?;
        let sorted = sorted.astype(DType::Float64)?.sort(0)?;
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
}

/// What `between` gives for elements of sorted lanes; NaN where the lane has one, which sorts last.
fn sorted_at(
    sorted: &DistArray,
    middle: usize,
    between: impl Fn(&dyn Fn(usize) -> Result<DistArray, Error>) -> Result<DistArray, Error>,
) -> Result<DistArray, Error> {
    let at = |index: usize| sorted.index(&[Index::Ellipsis, Index::At(index as isize)]);
    let found = between(&at)?;
    let last = sorted.shape()[sorted.ndim() - 1] - 1;
    if last == middle && middle == 0 {
        return Ok(found);
    }
    let last = at(last)?;
    last.total(UnaryOp::IsNan).where_(&last, &found)
}

/// How a quantile between two elements is chosen, with the names of NumPy's methods; after Hyndman and Fan, "Sample
/// quantiles in statistical packages", 1996.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of NumPy's documentation")]
pub enum Quantile {
    InvertedCdf,
    AveragedInvertedCdf,
    ClosestObservation,
    InterpolatedInvertedCdf,
    Hazen,
    Weibull,
    #[default]
    Linear,
    MedianUnbiased,
    NormalUnbiased,
    Lower,
    Higher,
    Midpoint,
    Nearest,
}

impl Quantile {
    /// The methods.
    pub const ALL: [Quantile; 13] = [
        Quantile::InvertedCdf,
        Quantile::AveragedInvertedCdf,
        Quantile::ClosestObservation,
        Quantile::InterpolatedInvertedCdf,
        Quantile::Hazen,
        Quantile::Weibull,
        Quantile::Linear,
        Quantile::MedianUnbiased,
        Quantile::NormalUnbiased,
        Quantile::Lower,
        Quantile::Higher,
        Quantile::Midpoint,
        Quantile::Nearest,
    ];

    /// NumPy's name of the method.
    ///
    /// ```
    /// assert_eq!(nums::Quantile::MedianUnbiased.name(), "median_unbiased");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Quantile::InvertedCdf => "inverted_cdf",
            Quantile::AveragedInvertedCdf => "averaged_inverted_cdf",
            Quantile::ClosestObservation => "closest_observation",
            Quantile::InterpolatedInvertedCdf => "interpolated_inverted_cdf",
            Quantile::Hazen => "hazen",
            Quantile::Weibull => "weibull",
            Quantile::Linear => "linear",
            Quantile::MedianUnbiased => "median_unbiased",
            Quantile::NormalUnbiased => "normal_unbiased",
            Quantile::Lower => "lower",
            Quantile::Higher => "higher",
            Quantile::Midpoint => "midpoint",
            Quantile::Nearest => "nearest",
        }
    }

    /// The sorted element at or below the quantile `q` of `count` elements, and the share of the way to the next one.
    fn position(self, q: f64, count: usize) -> (usize, f64) {
        let (n, last) = (count as f64, count - 1);
        let plotted = |alpha: f64, beta: f64| n * q + (alpha + q * (1.0 - alpha - beta)) - 1.0;
        let at = match self {
            Quantile::InvertedCdf | Quantile::AveragedInvertedCdf => n * q - 1.0,
            Quantile::ClosestObservation => n * q - 1.0 - 0.5,
            Quantile::InterpolatedInvertedCdf => plotted(0.0, 1.0),
            Quantile::Hazen => plotted(0.5, 0.5),
            Quantile::Weibull => plotted(0.0, 0.0),
            Quantile::MedianUnbiased => plotted(1.0 / 3.0, 1.0 / 3.0),
            Quantile::NormalUnbiased => plotted(3.0 / 8.0, 3.0 / 8.0),
            Quantile::Linear
            | Quantile::Lower
            | Quantile::Higher
            | Quantile::Midpoint
            | Quantile::Nearest => (n - 1.0) * q,
        };
        let share = at - at.floor();
        let share = match self {
            Quantile::InvertedCdf => f64::from(share != 0.0),
            Quantile::AveragedInvertedCdf => {
                if share == 0.0 {
                    0.5
                } else {
                    1.0
                }
            }
            Quantile::ClosestObservation => {
                f64::from(!(share == 0.0 && at.floor().rem_euclid(2.0) == 1.0))
            }
            Quantile::Lower => 0.0,
            Quantile::Higher => f64::from(share != 0.0),
            Quantile::Midpoint => {
                if share == 0.0 {
                    0.0
                } else {
                    0.5
                }
            }
            Quantile::Nearest => {
                let even = at.floor().rem_euclid(2.0) == 0.0;
                f64::from(!(share < 0.5 || share == 0.5 && even))
            }
            _ => share,
        };
        let low = at.floor() + if share == 1.0 { 1.0 } else { 0.0 };
        let share = if share == 1.0 { 0.0 } else { share };
        if low < 0.0 {
            return (0, 0.0);
        }
        let low = low as usize;
        if low >= last { (last, 0.0) } else { (low, share) }
    }
}
