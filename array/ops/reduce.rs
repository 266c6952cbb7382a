//! Reductions along axes, with NumPy's names.
//!
//! The order in which elements are combined follows from grid and layout only, so the bits are the same on any number of
//! nodes: pairwise within a block, then the blocks of a place in order, then a binary tree over places.

use super::unary::expect;
use crate::{Axes, DistArray, Error};
use nums_lshs::array_op::{Reduce, Scan};
use nums_lshs::{Reduction, Shape};

/// Reductions along axes that stay in the result with length 1; see [`DistArray::keepdims`].
#[derive(Clone, Copy, Debug)]
pub struct KeepDims<'a> {
    array: &'a DistArray,
}

/// The form of a reduction along axes, of an array and of [`KeepDims`].
macro_rules! along_axes {
    ($name:ident $axis:ident $kind:expr $(, $ddof:ident)?) => {
        impl DistArray {
            #[doc = concat!("Like [`", stringify!($name), "`](Self::", stringify!($name), "), along one or more axes, which the result does not have; with [`keepdims`](Self::keepdims), they stay with length 1.")]
            ///
            /// # Errors
            /// [`Error::AxisOutOfRange`], [`Error::RepeatedAxis`] for an axis that is given twice, and [`Error::NoElements`]
            /// for a minimum, a maximum or their position along an empty axis.
            ///
            /// ```
            /// # fn main() -> Result<(), nums::Error> {
            /// let session = nums::Session::embedded(1)?;
            /// let x = session.ones((2, 3))?;
            #[doc = concat!("assert_eq!(x.", stringify!($axis), "(0", $(along_axes!(@zero $ddof),)? ")?.shape(), [3]);")]
            #[doc = concat!("assert_eq!(x.keepdims().", stringify!($axis), "(-1", $(along_axes!(@zero $ddof),)? ")?.shape(), [2, 1]);")]
            /// # Ok(())
            /// # }
            /// ```
            pub fn $axis(&self, axes: impl Into<Axes> $(, $ddof: u32)?) -> Result<DistArray, Error> {
                self.reduced_along($kind, &axes.into(), false)
            }
        }

        impl KeepDims<'_> {
            #[doc = concat!("Like [`DistArray::", stringify!($axis), "`], with axes of length 1.")]
            ///
            /// # Errors
            #[doc = concat!("Those of [`DistArray::", stringify!($axis), "`].")]
            pub fn $axis(&self, axes: impl Into<Axes> $(, $ddof: u32)?) -> Result<DistArray, Error> {
                self.array.reduced_along($kind, &axes.into(), true)
            }
        }
    };
    (@zero $ddof:ident) => { ", 0" };
}

/// Reductions that are defined for empty arrays. The example reduces `x`.
macro_rules! reductions {
    ($($(#[$doc:meta])* $name:ident $axis:ident $kind:ident
        [$($x:literal),*] => $type:ident $y:literal;)*) => {
        $(
            impl DistArray {
                $(#[$doc])*
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(2)?;
                #[doc = concat!("let x = session.array([", stringify!($($x),*), "])?;")]
                #[doc = concat!("assert_eq!(x.", stringify!($name), "().item::<", stringify!($type), ">().wait()?, ", stringify!($y), ");")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $name(&self) -> DistArray {
                    self.reduced(Reduction::$kind, (0..self.ndim()).collect())
                }
            }

            along_axes!($name $axis Reduction::$kind);
        )*
    };
}

reductions! {
    /// The sum of all elements, an array without axes. Bools and int32 are added as int64.
    sum sum_axis Sum [1.5, 2.0] => f64 3.5;
    /// The product of all elements. Bools and int32 are multiplied as int64.
    prod prod_axis Prod [1.5, 2.0] => f64 3.0;
    /// Whether at least one element is not 0.
    any any_axis Any [0.0, 2.0] => bool true;
    /// Whether all elements are not 0.
    all all_axis All [0.0, 2.0] => bool false;
    /// The number of elements that are not 0, as int64.
    count_nonzero count_nonzero_axis CountNonzero [0.0, 2.0] => i64 1;
    /// The mean of all elements; NaN for an empty array. Integers are averaged in float64.
    mean mean_axis Mean [1.0, 2.0] => f64 1.5;
    /// The square root of the sum of the squares of all elements. It is correct even if the squares overflow the dtype.
    /// Integers are computed in float64.
    norm norm_axis Norm [3.0, 4.0] => f64 5.0;
    /// The sum of the elements that are numbers.
    nansum nansum_axis NanSum [1.5, 2.0] => f64 3.5;
    /// The product of the elements that are numbers.
    nanprod nanprod_axis NanProd [1.5, 2.0] => f64 3.0;
    /// The mean of the elements that are numbers; NaN if there are none.
    nanmean nanmean_axis NanMean [1.0, 2.0] => f64 1.5;
}

/// Variances and standard deviations.
macro_rules! deviations {
    ($($(#[$doc:meta])* $name:ident $axis:ident $kind:ident $ddof:literal => $y:literal;)*) => {
        $(
            impl DistArray {
                $(#[$doc])*
                /// `ddof` is taken off the count before it divides. It is computed in two passes within a block, and
                /// merged over blocks after Chan, Golub and LeVeque, 1979.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(2)?;
                /// let x = session.array([1.0, 3.0, 5.0, 7.0, 9.0])?;
                #[doc = concat!("assert_eq!(x.", stringify!($name), "(", stringify!($ddof), ").item::<f64>().wait()?.round(), ", stringify!($y), ");")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $name(&self, ddof: u32) -> DistArray {
                    self.reduced(Reduction::$kind { ddof }, (0..self.ndim()).collect())
                }
            }

            along_axes!($name $axis Reduction::$kind { ddof }, ddof);
        )*
    };
}

deviations! {
    /// The variance of all elements.
    var var_axis Var 1 => 10.0;
    /// The standard deviation of all elements.
    std std_axis Std 0 => 3.0;
    /// The variance of the elements that are numbers.
    nanvar nanvar_axis NanVar 1 => 10.0;
    /// The standard deviation of the elements that are numbers.
    nanstd nanstd_axis NanStd 0 => 3.0;
}

/// Minima and maxima, which are not defined for empty arrays.
macro_rules! extremes {
    ($($(#[$doc:meta])* $name:ident $try_name:ident $axis:ident $kind:ident
        [$($x:literal),*] => $y:literal;)*) => {
        $(
            impl DistArray {
                $(#[$doc])*
                ///
                /// # Panics
                /// If the array is empty.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(2)?;
                #[doc = concat!("let x = session.array([", stringify!($($x),*), "])?;")]
                #[doc = concat!("assert_eq!(x.", stringify!($name), "().item::<f64>().wait()?, ", stringify!($y), ");")]
                /// # Ok(())
                /// # }
                /// ```
                #[track_caller]
                pub fn $name(&self) -> DistArray {
                    expect(self.$try_name())
                }

                #[doc = concat!("Like [`", stringify!($name), "`](Self::", stringify!($name), "), but returns the error.")]
                ///
                /// # Errors
                /// [`Error::NoElements`] of an empty array.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("assert!(session.zeros(0)?.", stringify!($try_name), "().is_err());")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $try_name(&self) -> Result<DistArray, Error> {
                    self.reduced_along(Reduction::$kind, &Axes::from(..), false)
                }
            }

            along_axes!($name $axis Reduction::$kind);
        )*
    };
}

extremes! {
    /// The smallest element; NaN where one is NaN.
    min try_min min_axis Min [1.0, 2.0] => 1.0;
    /// The largest element; NaN where one is NaN.
    max try_max max_axis Max [1.0, 2.0] => 2.0;
    /// The smallest of the elements that are numbers.
    nanmin try_nanmin nanmin_axis NanMin [1.0, 2.0] => 1.0;
    /// The largest of the elements that are numbers.
    nanmax try_nanmax nanmax_axis NanMax [1.0, 2.0] => 2.0;
}

/// Indices of minima and maxima: of the whole array in C order, or along one axis.
macro_rules! positions {
    ($($(#[$doc:meta])* $name:ident $axis:ident $kind:ident [$($x:literal),*] => $y:literal;)*) => {
        $(
            impl DistArray {
                $(#[$doc])*
                ///
                /// # Errors
                /// [`Error::NoElements`] of an empty array.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(2)?;
                #[doc = concat!("let x = session.array([", stringify!($($x),*), "])?;")]
                #[doc = concat!("assert_eq!(x.", stringify!($name), "()?.item::<i64>().wait()?, ", stringify!($y), ");")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $name(&self) -> Result<DistArray, Error> {
                    self.reduced_along(Reduction::$kind, &Axes::from(..), false)
                }
            }

            along_axes!($name $axis Reduction::$kind);
        )*
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

impl DistArray {
    /// The reductions of this array whose axes stay in the result with length 1, so that the result broadcasts against
    /// the array.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 6, 1)?.reshape((2, 3))?;
    /// let centred = &x - x.keepdims().mean_axis(1)?;
    /// assert_eq!(centred.to_vec::<f64>().wait()?, [-1.0, 0.0, 1.0, -1.0, 0.0, 1.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn keepdims(&self) -> KeepDims<'_> {
        KeepDims { array: self }
    }

    fn reduced_along(&self, kind: Reduction, axes: &Axes, keeps: bool) -> Result<DistArray, Error> {
        let shape = self.spec().shape();
        let finds = matches!(
            kind,
            Reduction::ArgMin | Reduction::ArgMax | Reduction::NanArgMin | Reduction::NanArgMax
        );
        let resolved = match finds && !axes.is_all() {
            true => vec![axes.resolve_one(shape.len())?],
            false => axes.resolve(shape.len())?,
        };
        let extreme = finds
            || matches!(
                kind,
                Reduction::Min | Reduction::Max | Reduction::NanMin | Reduction::NanMax
            );
        // Also where the other axes leave no result, as in NumPy.
        if extreme && resolved.iter().any(|&axis| shape[axis] == 0) {
            return Err(Error::NoElements { op: kind.name(), shape });
        }
        let mut lengths = shape.to_vec();
        resolved.iter().for_each(|&axis| lengths[axis] = 1);
        let result = self.reduced(kind, resolved);
        if keeps { result.reshape_to(Shape::new(lengths)?) } else { Ok(result) }
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

    /// The cumulative sum of all elements in C order, as NumPy's `cumsum` without an axis.
    ///
    /// # Errors
    /// Those of [`cumsum_axis`](Self::cumsum_axis).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(1, 5, 1)?.reshape((2, 2))?.cumsum()?;
    /// assert_eq!(x.to_vec::<i64>().wait()?, [1, 3, 6, 10]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cumsum(&self) -> Result<DistArray, Error> {
        self.ravel().cumsum_axis(0)
    }

    /// The cumulative sum along an axis. Bools and integers are summed in 64 bits. The result has the blocks of the array;
    /// along a line of k blocks, at most k - 1 block edges move.
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(1, 5, 1)?.cumsum_axis(0)?;
    /// assert_eq!(x.to_vec::<i64>().wait()?, [1, 3, 6, 10]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cumsum_axis(&self, axis: impl Into<Axes>) -> Result<DistArray, Error> {
        self.scanned(Reduction::Sum, &axis.into())
    }

    /// The cumulative product of all elements in C order, as NumPy's `cumprod` without an axis.
    ///
    /// # Errors
    /// Those of [`cumprod_axis`](Self::cumprod_axis).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(1, 5, 1)?.reshape((2, 2))?.cumprod()?;
    /// assert_eq!(x.to_vec::<i64>().wait()?, [1, 2, 6, 24]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cumprod(&self) -> Result<DistArray, Error> {
        self.ravel().cumprod_axis(0)
    }

    /// The cumulative product along an axis; see [`cumsum_axis`](Self::cumsum_axis).
    ///
    /// # Errors
    /// [`Error::AxisOutOfRange`].
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(1, 5, 1)?.cumprod_axis(-1)?;
    /// assert_eq!(x.to_vec::<i64>().wait()?, [1, 2, 6, 24]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cumprod_axis(&self, axis: impl Into<Axes>) -> Result<DistArray, Error> {
        self.scanned(Reduction::Prod, &axis.into())
    }

    fn scanned(&self, kind: Reduction, axis: &Axes) -> Result<DistArray, Error> {
        let axis = axis.resolve_one(self.ndim())?;
        let dtype = kind.output(self.dtype());
        let dtype = dtype.ok_or(Error::UndefinedFor { op: kind.name(), dtype: self.dtype() })?;
        let product = kind == Reduction::Prod;
        DistArray::new(self.session_inner(), Scan { axis, product }, &[&self.astype(dtype)?])
    }
}
