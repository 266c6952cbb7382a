//! Parts of an array as arguments.

use ndarray::{Dimension, SliceInfo, SliceInfoElem};
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

/// A part of an array, as an argument: ndarray's `s![]` (or a reference to it), or a range of the first axis. Negative
/// numbers count from the end.
///
/// ```
/// use nums::s;
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(1)?;
/// let x = session.arange(0, 12, 1)?.reshape((4, 3))?;
/// assert_eq!(x.slice(1..3)?.shape(), [2, 3]);
/// assert_eq!(x.slice(..-1)?.shape(), [3, 3]);
/// assert_eq!(x.slice(s![.., 0])?.shape(), [4]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of an array",
    label = "write a range of the first axis, `1..3`, or `s![1..3, ..]` after `use nums::s;`",
    note = "`take(&[2, 0], 0)` selects by a list of indices, and `compress(&mask)` by a mask"
)]
pub trait IntoSlices {
    /// One item for each axis from the first on, and for each new axis.
    fn into_slices(self) -> Vec<SliceInfoElem>;
}

impl<T: AsRef<[SliceInfoElem]>, In: Dimension, Out: Dimension> IntoSlices
    for SliceInfo<T, In, Out>
{
    fn into_slices(self) -> Vec<SliceInfoElem> {
        self.as_ref().to_vec()
    }
}

impl<T: AsRef<[SliceInfoElem]>, In: Dimension, Out: Dimension> IntoSlices
    for &SliceInfo<T, In, Out>
{
    fn into_slices(self) -> Vec<SliceInfoElem> {
        self.as_ref().to_vec()
    }
}

impl IntoSlices for &[SliceInfoElem] {
    fn into_slices(self) -> Vec<SliceInfoElem> {
        self.to_vec()
    }
}

impl<const N: usize> IntoSlices for [SliceInfoElem; N] {
    fn into_slices(self) -> Vec<SliceInfoElem> {
        self.to_vec()
    }
}

impl<const N: usize> IntoSlices for &[SliceInfoElem; N] {
    fn into_slices(self) -> Vec<SliceInfoElem> {
        self.to_vec()
    }
}

impl IntoSlices for Vec<SliceInfoElem> {
    fn into_slices(self) -> Vec<SliceInfoElem> {
        self
    }
}

impl IntoSlices for &Vec<SliceInfoElem> {
    fn into_slices(self) -> Vec<SliceInfoElem> {
        self.clone()
    }
}

impl IntoSlices for RangeFull {
    fn into_slices(self) -> Vec<SliceInfoElem> {
        vec![self.into()]
    }
}

macro_rules! ranges {
    ($($number:ty),*) => {
        $(
            ranges!(@ Range<$number>);
            ranges!(@ RangeFrom<$number>);
            ranges!(@ RangeTo<$number>);
            ranges!(@ RangeInclusive<$number>);
            ranges!(@ RangeToInclusive<$number>);
        )*
    };
    (@ $range:ty) => {
        impl IntoSlices for $range {
            fn into_slices(self) -> Vec<SliceInfoElem> {
                vec![self.into()]
            }
        }
    };
}

// The types of bounds that ndarray has.
ranges!(i32, isize, usize);
