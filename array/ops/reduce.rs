//! Reductions along axes, with NumPy's names.
//!
//! The order in which elements are combined follows from grid and layout only, so the bits are the same on any number of
//! nodes: pairwise within a block, then the blocks of a place in order, then a binary tree over places.

use crate::axis::{resolve_axes, resolve_axis};
use crate::{DistArray, Error};
use ndarray::Axis;
use nums_lshs::array_op::{Reduce, Scan};
use nums_lshs::{Reduction, Shape};

/// What the forms of a reduction share of their documentation.
macro_rules! along {
    ($name:ident) => {
        concat!(
            "Like [`",
            stringify!($name),
            "`](Self::",
            stringify!($name),
            "), along one axis, which the result does not have."
        )
    };
    ($name:ident, $more:literal) => {
        concat!("Like [`", stringify!($name), "`](Self::", stringify!($name), "), ", $more)
    };
}

/// Reductions that are defined for empty arrays, in four forms. The example reduces `x`.
macro_rules! reductions {
    ($($(#[$doc:meta])* $name:ident $axis:ident $axes:ident $keepdims:ident $kind:ident
        [$($x:literal),*] => $type:ident $y:literal;)*) => {
        impl DistArray {
            $(
                $(#[$doc])*
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(2)?;
                #[doc = concat!("let x = session.from_ndarray(&ndarray::arr1(&[", stringify!($($x),*), "]))?;")]
                #[doc = concat!("assert_eq!(x.", stringify!($name), "().fetch::<", stringify!($type), ">().wait()?[[]], ", stringify!($y), ");")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $name(&self) -> DistArray {
                    self.reduced(Reduction::$kind, (0..self.ndim()).collect())
                }

                #[doc = along!($name)]
                ///
                /// # Errors
                /// [`Error::AxisOutOfRange`].
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.ones(&[2, 3])?.", stringify!($axis), "(ndarray::Axis(0))?;")]
                /// assert_eq!(x.shape(), [3]);
                /// # Ok(())
                /// # }
                /// ```
                pub fn $axis(&self, axis: Axis) -> Result<DistArray, Error> {
                    self.$axes(&[index(axis)])
                }

                #[doc = along!($name, "along the given axes, which the result does not have. Negative axes count from the end.")]
                ///
                /// # Errors
                /// [`Error::AxisOutOfRange`], and [`Error::RepeatedAxis`] for an axis that is given twice.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.ones(&[2, 3])?.", stringify!($axes), "(&[-1])?;")]
                /// assert_eq!(x.shape(), [2]);
                /// # Ok(())
                /// # }
                /// ```
                pub fn $axes(&self, axes: &[isize]) -> Result<DistArray, Error> {
                    self.reduced_along(Reduction::$kind, axes)
                }

                #[doc = along!($name, "along the given axes, which have length 1 in the result.")]
                ///
                /// # Errors
                /// [`Error::AxisOutOfRange`], and [`Error::RepeatedAxis`] for an axis that is given twice.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.ones(&[2, 3])?.", stringify!($keepdims), "(&[-1])?;")]
                /// assert_eq!(x.shape(), [2, 1]);
                /// # Ok(())
                /// # }
                /// ```
                pub fn $keepdims(&self, axes: &[isize]) -> Result<DistArray, Error> {
                    self.keeping(axes, self.$axes(axes)?)
                }
            )*
        }
    };
}

reductions! {
    /// The sum of all elements, an array without axes. Bools and int32 are added as int64.
    sum sum_axis sum_axes sum_keepdims Sum [1.5, 2.0] => f64 3.5;
    /// The product of all elements. Bools and int32 are multiplied as int64.
    prod prod_axis prod_axes prod_keepdims Prod [1.5, 2.0] => f64 3.0;
    /// Whether at least one element is not 0.
    any any_axis any_axes any_keepdims Any [0.0, 2.0] => bool true;
    /// Whether all elements are not 0.
    all all_axis all_axes all_keepdims All [0.0, 2.0] => bool false;
    /// The number of elements that are not 0, as int64.
    count_nonzero count_nonzero_axis count_nonzero_axes count_nonzero_keepdims CountNonzero
        [0.0, 2.0] => i64 1;
    /// The mean of all elements; NaN for an empty array. Integers are averaged in float64.
    mean mean_axis mean_axes mean_keepdims Mean [1.0, 2.0] => f64 1.5;
    /// The square root of the sum of the squares of all elements. It is correct even if the squares overflow the dtype.
    /// Integers are computed in float64.
    norm norm_axis norm_axes norm_keepdims Norm [3.0, 4.0] => f64 5.0;
    /// The sum of the elements that are numbers.
    nansum nansum_axis nansum_axes nansum_keepdims NanSum [1.5, 2.0] => f64 3.5;
    /// The product of the elements that are numbers.
    nanprod nanprod_axis nanprod_axes nanprod_keepdims NanProd [1.5, 2.0] => f64 3.0;
    /// The mean of the elements that are numbers; NaN if there are none.
    nanmean nanmean_axis nanmean_axes nanmean_keepdims NanMean [1.0, 2.0] => f64 1.5;
}

/// Variances and standard deviations, in four forms.
macro_rules! deviations {
    ($($(#[$doc:meta])* $name:ident $axis:ident $axes:ident $keepdims:ident $kind:ident
        $ddof:literal => $y:literal;)*) => {
        impl DistArray {
            $(
                $(#[$doc])*
                /// `ddof` is taken off the count before it divides. It is computed in two passes within a block, and
                /// merged over blocks after Chan, Golub and LeVeque, 1979.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(2)?;
                /// let x = session.from_ndarray(&ndarray::arr1(&[1.0, 3.0, 5.0, 7.0, 9.0]))?;
                #[doc = concat!("assert_eq!(x.", stringify!($name), "(", stringify!($ddof), ").fetch::<f64>().wait()?[[]].round(), ", stringify!($y), ");")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $name(&self, ddof: u32) -> DistArray {
                    self.reduced(Reduction::$kind { ddof }, (0..self.ndim()).collect())
                }

                #[doc = along!($name)]
                ///
                /// # Errors
                /// [`Error::AxisOutOfRange`].
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.ones(&[2, 3])?.", stringify!($axis), "(ndarray::Axis(0), 0)?;")]
                /// assert_eq!(x.shape(), [3]);
                /// # Ok(())
                /// # }
                /// ```
                pub fn $axis(&self, axis: Axis, ddof: u32) -> Result<DistArray, Error> {
                    self.$axes(&[index(axis)], ddof)
                }

                #[doc = along!($name, "along the given axes, which the result does not have. Negative axes count from the end.")]
                ///
                /// # Errors
                /// [`Error::AxisOutOfRange`], and [`Error::RepeatedAxis`] for an axis that is given twice.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.ones(&[2, 3])?.", stringify!($axes), "(&[-1], 0)?;")]
                /// assert_eq!(x.shape(), [2]);
                /// # Ok(())
                /// # }
                /// ```
                pub fn $axes(&self, axes: &[isize], ddof: u32) -> Result<DistArray, Error> {
                    self.reduced_along(Reduction::$kind { ddof }, axes)
                }

                #[doc = along!($name, "along the given axes, which have length 1 in the result.")]
                ///
                /// # Errors
                /// [`Error::AxisOutOfRange`], and [`Error::RepeatedAxis`] for an axis that is given twice.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.ones(&[2, 3])?.", stringify!($keepdims), "(&[-1], 0)?;")]
                /// assert_eq!(x.shape(), [2, 1]);
                /// # Ok(())
                /// # }
                /// ```
                pub fn $keepdims(&self, axes: &[isize], ddof: u32) -> Result<DistArray, Error> {
                    self.keeping(axes, self.$axes(axes, ddof)?)
                }
            )*
        }
    };
}

deviations! {
    /// The variance of all elements.
    var var_axis var_axes var_keepdims Var 1 => 10.0;
    /// The standard deviation of all elements.
    std std_axis std_axes std_keepdims Std 0 => 3.0;
    /// The variance of the elements that are numbers.
    nanvar nanvar_axis nanvar_axes nanvar_keepdims NanVar 1 => 10.0;
    /// The standard deviation of the elements that are numbers.
    nanstd nanstd_axis nanstd_axes nanstd_keepdims NanStd 0 => 3.0;
}

/// Minima and maxima, which are not defined for empty arrays, in four forms.
macro_rules! extremes {
    ($($(#[$doc:meta])* $name:ident $axis:ident $axes:ident $keepdims:ident $kind:ident
        [$($x:literal),*] => $y:literal;)*) => {
        impl DistArray {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// [`Error::NoElements`] of an empty array.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(2)?;
                #[doc = concat!("let x = session.from_ndarray(&ndarray::arr1(&[", stringify!($($x),*), "]))?;")]
                #[doc = concat!("assert_eq!(x.", stringify!($name), "()?.fetch::<f64>().wait()?[[]], ", stringify!($y), ");")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $name(&self) -> Result<DistArray, Error> {
                    self.extreme(Reduction::$kind, (0..self.ndim()).collect())
                }

                #[doc = along!($name)]
                ///
                /// # Errors
                /// [`Error::AxisOutOfRange`], and [`Error::NoElements`] along an empty axis.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.ones(&[2, 3])?.", stringify!($axis), "(ndarray::Axis(0))?;")]
                /// assert_eq!(x.shape(), [3]);
                /// # Ok(())
                /// # }
                /// ```
                pub fn $axis(&self, axis: Axis) -> Result<DistArray, Error> {
                    self.$axes(&[index(axis)])
                }

                #[doc = along!($name, "along the given axes, which the result does not have. Negative axes count from the end.")]
                ///
                /// # Errors
                /// [`Error::AxisOutOfRange`], [`Error::RepeatedAxis`] for an axis that is given twice, and
                /// [`Error::NoElements`] along empty axes.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.ones(&[2, 3])?.", stringify!($axes), "(&[-1])?;")]
                /// assert_eq!(x.shape(), [2]);
                /// # Ok(())
                /// # }
                /// ```
                pub fn $axes(&self, axes: &[isize]) -> Result<DistArray, Error> {
                    self.extreme(Reduction::$kind, resolve_axes(axes, self.ndim())?)
                }

                #[doc = along!($name, "along the given axes, which have length 1 in the result.")]
                ///
                /// # Errors

                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.ones(&[2, 3])?.", stringify!($keepdims), "(&[-1])?;")]
                /// assert_eq!(x.shape(), [2, 1]);
                /// # Ok(())
                /// # }
                /// ```
                pub fn $keepdims(&self, axes: &[isize]) -> Result<DistArray, Error> {
                    self.keeping(axes, self.$axes(axes)?)
                }
            )*
        }
    };
}

extremes! {
    /// The smallest element; NaN where one is NaN.
    min min_axis min_axes min_keepdims Min [1.0, 2.0] => 1.0;
    /// The largest element; NaN where one is NaN.
    max max_axis max_axes max_keepdims Max [1.0, 2.0] => 2.0;
    /// The smallest of the elements that are numbers.
    nanmin nanmin_axis nanmin_axes nanmin_keepdims NanMin [1.0, 2.0] => 1.0;
    /// The largest of the elements that are numbers.
    nanmax nanmax_axis nanmax_axes nanmax_keepdims NanMax [1.0, 2.0] => 2.0;
}

/// Indices of minima and maxima: of the whole array in C order, or along one axis.
macro_rules! positions {
    ($($(#[$doc:meta])* $name:ident $axis:ident $kind:ident [$($x:literal),*] => $y:literal;)*) => {
        impl DistArray {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// [`Error::NoElements`] of an empty array.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(2)?;
                #[doc = concat!("let x = session.from_ndarray(&ndarray::arr1(&[", stringify!($($x),*), "]))?;")]
                #[doc = concat!("assert_eq!(x.", stringify!($name), "()?.fetch::<i64>().wait()?[[]], ", stringify!($y), ");")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $name(&self) -> Result<DistArray, Error> {
                    self.extreme(Reduction::$kind, (0..self.ndim()).collect())
                }

                #[doc = along!($name)]
                ///
                /// # Errors
                /// [`Error::AxisOutOfRange`], and [`Error::NoElements`] along an empty axis.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.ones(&[2, 3])?.", stringify!($axis), "(ndarray::Axis(0))?;")]
                /// assert_eq!(x.shape(), [3]);
                /// # Ok(())
                /// # }
                /// ```
                pub fn $axis(&self, axis: Axis) -> Result<DistArray, Error> {
                    self.extreme(Reduction::$kind, vec![resolve_axis(index(axis), self.ndim())?])
                }
            )*
        }
    };
}

positions! {
    /// The index in C order of the first smallest element, or of the first NaN, as int64.
    argmin argmin_axis ArgMin [3.0, 1.0] => 1;
    /// The index in C order of the first largest element, or of the first NaN, as int64.
    argmax argmax_axis ArgMax [3.0, 1.0] => 0;
    /// The index in C order of the first smallest element that is a number, as int64.
    nanargmin nanargmin_axis NanArgMin [3.0, 1.0] => 1;
    /// The index in C order of the first largest element that is a number, as int64.
    nanargmax nanargmax_axis NanArgMax [3.0, 1.0] => 0;
}

/// ndarray's axis as an index. No array has as many axes as would not fit.
fn index(axis: Axis) -> isize {
    isize::try_from(axis.index()).unwrap_or(isize::MAX)
}

impl DistArray {
    fn reduced_along(&self, kind: Reduction, axes: &[isize]) -> Result<DistArray, Error> {
        Ok(self.reduced(kind, resolve_axes(axes, self.ndim())?))
    }

    /// A reduction that needs elements.
    fn extreme(&self, kind: Reduction, axes: Vec<usize>) -> Result<DistArray, Error> {
        let shape = self.spec().shape();
        // Also where the other axes leave no result, as in NumPy.
        if axes.iter().any(|&axis| shape[axis] == 0) {
            return Err(Error::NoElements { op: kind.name(), shape });
        }
        Ok(self.reduced(kind, axes))
    }

    pub(super) fn reduced(&self, kind: Reduction, mut axes: Vec<usize>) -> DistArray {
        axes.sort_unstable();
        if self.dtype().is_complex()
            && let Some(result) = self.reduced_by_parts(kind, &axes)
        {
            // Every step is defined on what the one before it gives.
            return result.unwrap_or_else(|error| unreachable!("{error}"));
        }
        DistArray::fitting(Reduce { kind, axes }, &[self])
    }

    /// A result whose reduced axes stay with length 1.
    /// The cumulative sum along an axis, as NumPy's `cumsum`. Bools and integers are summed in 64 bits. The result has the
    /// blocks of the array; along a line of k blocks, at most k - 1 block edges move.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(1, 5, 1)?.cumsum(0)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[1, 3, 6, 10][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn cumsum(&self, axis: isize) -> Result<DistArray, Error> {
        self.scanned(Reduction::Sum, axis)
    }

    /// The cumulative product along an axis, as NumPy's `cumprod`; see [`cumsum`](Self::cumsum).
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(1, 5, 1)?.cumprod(-1)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[1, 2, 6, 24][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn cumprod(&self, axis: isize) -> Result<DistArray, Error> {
        self.scanned(Reduction::Prod, axis)
    }

    fn scanned(&self, kind: Reduction, axis: isize) -> Result<DistArray, Error> {
        let axis = resolve_axis(axis, self.ndim())?;
        let dtype = kind.output(self.dtype());
        let dtype = dtype.ok_or(Error::UndefinedFor { op: kind.name(), dtype: self.dtype() })?;
        let product = kind == Reduction::Prod;
        DistArray::new(self.session(), Scan { axis, product }, &[&self.astype(dtype)?])
    }

    fn keeping(&self, axes: &[isize], result: DistArray) -> Result<DistArray, Error> {
        let mut lengths = self.shape();
        resolve_axes(axes, self.ndim())?.into_iter().for_each(|axis| lengths[axis] = 1);
        result.reshape_to(Shape::new(lengths)?)
    }
}
