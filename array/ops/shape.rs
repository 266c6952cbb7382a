//! Reshaping.

use crate::{Axes, DistArray, Error, IntoLengths};
use nums_lshs::array_op::{ArrayOp, ArraySpec, Create, Reshape};
use nums_lshs::{Creation, Distribution, Grid, Shape};

impl DistArray {
    /// The elements in C order with another shape. One length can be -1, which stands for the length that follows from the
    /// others. An array of a formula is made directly in the new shape. Adding or removing axes of length 1 moves nothing.
    ///
    /// # Errors
    /// [`Error::Reshape`] if the sizes differ, or if no length fits for -1.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.arange(0.0, 6.0, 1.0)?.reshape(&[-1, 2])?.shape(), [3, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn reshape(&self, shape: impl IntoLengths) -> Result<DistArray, Error> {
        let shape = shape.into_lengths();
        let wrong = || Error::Reshape { size: self.size(), into: shape.clone() };
        let given = shape.iter().filter(|&&len| len >= 0).map(|&len| len as usize);
        let product = given.clone().try_fold(1, usize::checked_mul).ok_or_else(wrong)?;
        let inferred = match shape.iter().filter(|&&len| len < 0).count() {
            0 => 1,
            1 if shape.contains(&-1) && product > 0 && self.size().is_multiple_of(product) => {
                self.size() / product
            }
            _ => return Err(wrong()),
        };
        if product * inferred != self.size() {
            return Err(wrong());
        }
        let lengths = shape.iter().map(|&len| usize::try_from(len).unwrap_or(inferred));
        self.reshape_to(Shape::new(lengths.collect::<Vec<_>>())?)
    }

    /// The elements in C order along one axis.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros(&[3, 2])?.ravel().shape(), [6]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ravel(&self) -> DistArray {
        match Shape::new([self.size()])
            .map_err(Error::from)
            .and_then(|shape| self.reshape_to(shape))
        {
            Ok(flat) => flat,
            Err(error) => unreachable!("a size that exists fits one axis: {error}"),
        }
    }

    /// The array without its axes of length 1.
    ///
    /// # Errors
    /// None; the signature is that of [`squeeze_axis`](Self::squeeze_axis).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros(&[3, 1, 2, 1])?.squeeze()?.shape(), [3, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn squeeze(&self) -> Result<DistArray, Error> {
        let lengths: Vec<_> = self.shape().into_iter().filter(|&len| len != 1).collect();
        self.reshape_to(Shape::new(lengths)?)
    }

    /// The array without the given axes, which must have length 1.
    ///
    /// # Errors
    /// [`Error::Squeeze`] for an axis of another length, and those of [`sum_axis`](Self::sum_axis).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros(&[3, 1, 2, 1])?.squeeze_axis(-1)?.shape(), [3, 1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn squeeze_axis(&self, axes: impl Into<Axes>) -> Result<DistArray, Error> {
        let shape = self.spec().shape();
        let axes = axes.into().resolve(shape.len())?;
        match axes.iter().find(|&&axis| shape[axis] != 1) {
            Some(&axis) => Err(Error::Squeeze { axis, len: shape[axis] }),
            None => self.reshape_to(shape.without(&axes)),
        }
    }

    /// The array with new axes of length 1 at the positions `axes` of the result.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`] and [`Error::RepeatedAxis`], for the axes of the result.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros(&[3, 2])?.expand_dims(&[0, -1])?.shape(), [1, 3, 2, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn expand_dims(&self, axes: impl Into<Axes>) -> Result<DistArray, Error> {
        let axes = axes.into();
        let ndim = self.ndim() + axes.count();
        // `..` names the axes that are there.
        let new = if axes.is_all() { Vec::new() } else { axes.resolve(ndim)? };
        let mut own = self.shape().into_iter();
        let lengths = (0..ndim).map(|axis| match new.contains(&axis) {
            true => 1,
            false => own.next().unwrap_or(1),
        });
        self.reshape_to(Shape::new(lengths.collect::<Vec<_>>())?)
    }

    /// The array under a shape of the same size.
    pub(crate) fn reshape_to(&self, shape: Shape) -> Result<DistArray, Error> {
        if shape == self.spec().shape() {
            return Ok(self.clone());
        }
        let (dtype, rule) = (self.dtype(), &self.session_inner().rule);
        if let Some(lazy) = self.expression.lazy()
            && let ArrayOp::Create(Create { creation, .. }) = *lazy.op
            && follows_from_c_order(creation)
        {
            let spec = ArraySpec::automatic(&shape, dtype, rule);
            return DistArray::new(self.session_inner(), Create { creation, spec }, &[]);
        }
        let spec = match self.same_cuts(&shape) {
            Some(grid) => ArraySpec::with_grid(dtype, grid, rule.places),
            None => ArraySpec::automatic(&shape, dtype, rule),
        };
        DistArray::new(self.session_inner(), Reshape { spec }, &[self])
    }

    /// The grid of a shape that differs in axes of length 1 alone: the other axes keep their cuts, so that each block is
    /// made of one block that lies where it belongs.
    fn same_cuts(&self, shape: &Shape) -> Option<Grid> {
        let grid = self.grid();
        let own = self.spec().shape();
        let unit = Grid::single(&Shape::new([1]).ok()?);
        let mut long = (0..own.len()).filter(|&axis| own[axis] != 1);
        let axes = shape.iter().map(|&len| match len {
            1 => Some((&unit, 0)),
            len => long.next().filter(|&axis| own[axis] == len).map(|axis| (grid, axis)),
        });
        let axes = axes.collect::<Option<Vec<_>>>()?;
        long.next().is_none().then(|| Grid::from_axes(&axes))
    }
}

/// Whether a formula gives an element from its index in C order, which a reshape keeps, for any number of axes.
fn follows_from_c_order(creation: Creation) -> bool {
    match creation {
        Creation::Full(_) | Creation::Arange { .. } => true,
        Creation::Random { distribution, .. } => distribution != Distribution::Permutation,
        Creation::Linspace { .. } | Creation::Eye { .. } => false,
    }
}
