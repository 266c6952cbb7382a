//! Differences, slopes and areas of neighbouring elements along an axis. Only the edges of blocks move.

use crate::{Axes, DistArray, Error, Operand, concatenate};
use nums_lshs::DType;

impl DistArray {
    /// The differences of neighbours along the last axis, as NumPy's `diff`.
    ///
    /// # Errors
    /// Those of [`diff_axis`](Self::diff_axis).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.array([1.0, 4.0, 9.0])?.diff()?.to_vec::<f64>().wait()?, [3.0, 5.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn diff(&self) -> Result<DistArray, Error> {
        self.diff_axis(-1)
    }

    /// The differences of neighbours along an axis, whose length is one less in the result. For bools, whether
    /// neighbours differ.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 6, 1)?.reshape((3, 2))?.diff_axis(0)?;
    /// assert_eq!(x.to_vec::<i64>().wait()?, [2, 2, 2, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn diff_axis(&self, axis: impl Into<Axes>) -> Result<DistArray, Error> {
        let axis = axis.into().resolve_one(self.ndim())?;
        let later = self.slice_axis(axis, Some(1), None, 1)?;
        let earlier = self.slice_axis(axis, None, Some(-1), 1)?;
        match self.dtype() {
            DType::Bool => later.try_not_equal(&earlier),
            _ => later.try_sub(&earlier),
        }
    }

    /// The slope along an axis by central differences, and by one-sided ones at both ends, as NumPy's `gradient` of one
    /// axis. `spacing` is the distance of neighbours, or a one-dimensional array of the coordinates of all elements.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], [`Error::Parameter`] for an axis of fewer than two elements, and
    /// [`Error::ShapeMismatch`] when there are not as many coordinates as elements.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let squares = session.array([0.0, 1.0, 4.0, 9.0])?;
    /// assert_eq!(squares.gradient(1.0, 0)?.to_vec::<f64>().wait()?, [1.0, 2.0, 4.0, 5.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn gradient(
        &self,
        spacing: impl Into<Operand>,
        axis: impl Into<Axes>,
    ) -> Result<DistArray, Error> {
        self.gradient_of_order(spacing.into(), axis.into(), 1)
    }

    /// Like [`gradient`](Self::gradient), with differences of second order at both ends, which are exact for parabolas.
    ///
    /// # Errors
    /// Those of [`gradient`](Self::gradient), and [`Error::Parameter`] for an axis of fewer than three elements.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let squares = session.array([0.0, 1.0, 4.0, 9.0])?;
    /// assert_eq!(squares.gradient_2(1.0, 0)?.to_vec::<f64>().wait()?, [0.0, 2.0, 4.0, 6.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn gradient_2(
        &self,
        spacing: impl Into<Operand>,
        axis: impl Into<Axes>,
    ) -> Result<DistArray, Error> {
        self.gradient_of_order(spacing.into(), axis.into(), 2)
    }

    fn gradient_of_order(
        &self,
        spacing: Operand,
        axis: Axes,
        order: usize,
    ) -> Result<DistArray, Error> {
        let axis = axis.resolve_one(self.ndim())?;
        let len = self.shape()[axis];
        if len < order + 1 {
            let want = if order == 1 { "at least 2" } else { "at least 3" };
            return Err(Error::Parameter { name: "axis length", value: len.to_string(), want });
        }
        let x = if self.dtype() == DType::Bool || self.dtype().is_integer() {
            &self.astype(DType::Float64)?
        } else {
            self
        };
        let distances = match spacing {
            Operand::Scalar(distance) => Distances::Even(distance.into()),
            Operand::Array(one) if one.ndim() == 0 => Distances::Even(one.into()),
            Operand::Array(coordinates) => {
                if coordinates.shape() != [len] {
                    return Err(Error::ShapeMismatch {
                        op: "gradient",
                        left: self.spec().shape(),
                        right: coordinates.spec().shape(),
                    });
                }
                let coordinates = match coordinates.dtype() {
                    DType::Float32 => coordinates,
                    _ => coordinates.astype(DType::Float64)?,
                };
                let mut lengths = vec![1; self.ndim()];
                lengths[axis] = -1;
                Distances::Uneven(coordinates.diff()?.reshape(&lengths)?, axis)
            }
        };
        let at = |index: isize| x.slab(axis, index);
        let inner = |start: isize, stop: isize| {
            x.slice_axis(axis, Some(start), Some(len as isize - 2 + stop), 1)
        };
        let middle = match &distances {
            Distances::Even(distance) => {
                inner(2, 2)?.try_sub(inner(0, 0)?)?.try_div(twice(distance)?)?
            }
            Distances::Uneven(distances, axis) => {
                let before = distances.slice_axis(*axis, None, Some(-1), 1)?;
                let after = distances.slice_axis(*axis, Some(1), None, 1)?;
                let both = before.try_add(&after)?;
                let a = after.try_neg()?.try_div(before.try_mul(&both)?)?;
                let b = after.try_sub(&before)?.try_div(before.try_mul(&after)?)?;
                let c = before.try_div(after.try_mul(&both)?)?;
                let sum = a.try_mul(inner(0, 0)?)?.try_add(b.try_mul(inner(1, 1)?)?)?;
                sum.try_add(c.try_mul(inner(2, 2)?)?)?
            }
        };
        let end = |last: bool| -> Result<DistArray, Error> {
            // Counted from the end that is asked for.
            let near = |index: isize| at(if last { -1 - index } else { index });
            if order == 1 {
                let (first, second) = if last { (1, 0) } else { (0, 1) };
                let rise = near(second)?.try_sub(near(first)?)?;
                return rise.try_div(distances.first(last)?);
            }
            let (a, b, c) = match &distances {
                Distances::Even(distance) => {
                    let sign = if last { -1.0 } else { 1.0 };
                    let over = |number: f64| {
                        let number = x.session().full((), number)?;
                        number.try_div(distance.clone())
                    };
                    (over(sign * -1.5)?, over(sign * 2.0)?, over(sign * -0.5)?)
                }
                Distances::Uneven(distances, axis) => {
                    let near =
                        |index: isize| distances.slab(*axis, if last { -1 - index } else { index });
                    let (one, two) = (near(0)?, near(1)?);
                    let both = one.try_add(&two)?;
                    let a = one.try_mul(2.0)?.try_add(&two)?.try_div(one.try_mul(&both)?)?;
                    let b = both.try_div(one.try_mul(&two)?)?;
                    let c = one.try_div(two.try_mul(&both)?)?;
                    match last {
                        false => (a.try_neg()?, b, c.try_neg()?),
                        true => (a, b.try_neg()?, c),
                    }
                }
            };
            // Added in the order of the elements.
            let mut terms = [a.try_mul(near(0)?)?, b.try_mul(near(1)?)?, c.try_mul(near(2)?)?];
            if last {
                terms.reverse();
            }
            terms[0].try_add(&terms[1])?.try_add(&terms[2])
        };
        let (first, last) = (end(false)?, end(true)?);
        let parts = [&first, &middle, &last].map(|part| part.astype(middle.dtype()));
        concatenate(parts.into_iter().collect::<Result<Vec<_>, _>>()?, axis)
    }

    /// The area under the points along an axis by the trapezoidal rule, as NumPy's `trapezoid`. `spacing` is the distance
    /// of neighbours, or an array of coordinates: one-dimensional, or of the shape of the array.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`], and when the shapes do not match.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let y = session.array([1.0, 2.0, 3.0])?;
    /// assert_eq!(y.trapezoid(1.0, 0)?.item::<f64>().wait()?, 4.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn trapezoid(
        &self,
        spacing: impl Into<Operand>,
        axis: impl Into<Axes>,
    ) -> Result<DistArray, Error> {
        let axis = axis.into().resolve_one(self.ndim())?;
        let spacing = match spacing.into() {
            Operand::Array(coordinates) if coordinates.ndim() == 1 => {
                let mut lengths = vec![1; self.ndim()];
                lengths[axis] = -1;
                Operand::Array(coordinates.diff()?.reshape(&lengths)?)
            }
            Operand::Array(coordinates) if coordinates.ndim() > 0 => {
                Operand::Array(coordinates.diff_axis(axis)?)
            }
            distance => distance,
        };
        let later = self.slice_axis(axis, Some(1), None, 1)?;
        let earlier = self.slice_axis(axis, None, Some(-1), 1)?;
        let heights = later.try_add(&earlier)?;
        // NumPy's order of operations: distance times height, and then the half.
        let areas = match spacing {
            Operand::Array(distance) => distance.try_mul(&heights)?,
            distance => heights.try_mul(distance)?,
        };
        areas.try_div(2.0)?.sum_axis(axis)
    }
}

/// The distances of neighbours along an axis.
enum Distances {
    Even(Operand),
    Uneven(DistArray, usize),
}

impl Distances {
    fn first(&self, last: bool) -> Result<Operand, Error> {
        Ok(match self {
            Distances::Even(distance) => distance.clone(),
            Distances::Uneven(distances, axis) => {
                Operand::Array(distances.slab(*axis, if last { -1 } else { 0 })?)
            }
        })
    }
}

fn twice(distance: &Operand) -> Result<Operand, Error> {
    Ok(match distance {
        Operand::Array(distance) => Operand::Array(distance.try_mul(2.0)?),
        Operand::Scalar(distance) => Operand::Scalar((distance.to_f64() * 2.0).into()),
    })
}
