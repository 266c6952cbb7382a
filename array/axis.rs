//! Axis arguments. Negative axes count from the end.

use crate::Error;
use ndarray::Axis;
use std::ops::RangeFull;

/// Axes of an array, as an argument: one number, several in an array, a slice, a `Vec` or a tuple, ndarray's
/// [`Axis`](ndarray::Axis), or `..` for all. Negative numbers count from the end.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(1)?;
/// let x = session.ones((2, 3, 4))?;
/// assert_eq!(x.sum_axis(0)?.shape(), [3, 4]);
/// assert_eq!(x.sum_axis(-1)?.shape(), [2, 3]);
/// assert_eq!(x.sum_axis(ndarray::Axis(1))?.shape(), [2, 4]);
/// assert_eq!(x.sum_axis((0, -1))?.shape(), [3]);
/// assert_eq!(x.sum_axis([0, 1])?.shape(), [4]);
/// assert_eq!(x.sum_axis(..)?.ndim(), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axes(Given);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Given {
    All,
    Some(Vec<isize>),
}

/// An integer that names an axis. It is implemented for Rust's integers and for [`Axis`](ndarray::Axis).
pub trait AxisNumber: Copy {
    /// The number; what does not fit is saturated, and no array has such an axis.
    fn number(self) -> isize;
}

macro_rules! numbers {
    ($($type:ty),*) => {
        $(
            impl AxisNumber for $type {
                fn number(self) -> isize {
                    isize::try_from(self).unwrap_or(isize::MAX)
                }
            }
        )*
    };
}

numbers!(i8, i16, i32, isize, u8, u16, u32, u64, usize);

impl AxisNumber for i64 {
    fn number(self) -> isize {
        isize::try_from(self).unwrap_or(if self < 0 { isize::MIN } else { isize::MAX })
    }
}

impl AxisNumber for Axis {
    fn number(self) -> isize {
        self.index().number()
    }
}

impl<T: AxisNumber> From<T> for Axes {
    fn from(axis: T) -> Axes {
        Axes(Given::Some(vec![axis.number()]))
    }
}

impl<T: AxisNumber> From<&[T]> for Axes {
    fn from(axes: &[T]) -> Axes {
        Axes(Given::Some(axes.iter().map(|axis| axis.number()).collect()))
    }
}

impl<T: AxisNumber, const N: usize> From<[T; N]> for Axes {
    fn from(axes: [T; N]) -> Axes {
        axes.as_slice().into()
    }
}

impl<T: AxisNumber, const N: usize> From<&[T; N]> for Axes {
    fn from(axes: &[T; N]) -> Axes {
        axes.as_slice().into()
    }
}

impl<T: AxisNumber> From<Vec<T>> for Axes {
    fn from(axes: Vec<T>) -> Axes {
        axes.as_slice().into()
    }
}

impl<T: AxisNumber> From<&Vec<T>> for Axes {
    fn from(axes: &Vec<T>) -> Axes {
        axes.as_slice().into()
    }
}

macro_rules! tuples {
    ($(($($name:ident),*);)*) => {
        $(
            #[allow(non_snake_case)]
            impl<$($name: AxisNumber),*> From<($($name,)*)> for Axes {
                fn from(($($name,)*): ($($name,)*)) -> Axes {
                    Axes(Given::Some(vec![$($name.number()),*]))
                }
            }
        )*
    };
}

tuples! {
    ();
    (A);
    (A, B);
    (A, B, C);
    (A, B, C, D);
    (A, B, C, D, E);
    (A, B, C, D, E, F);
}

impl From<RangeFull> for Axes {
    fn from(_: RangeFull) -> Axes {
        Axes(Given::All)
    }
}

impl Axes {
    /// The axes of an array of `ndim` axes, each once.
    pub(crate) fn resolve(&self, ndim: usize) -> Result<Vec<usize>, Error> {
        match &self.0 {
            Given::All => Ok((0..ndim).collect()),
            Given::Some(axes) => resolve_axes(axes, ndim),
        }
    }

    /// The only axis.
    pub(crate) fn resolve_one(&self, ndim: usize) -> Result<usize, Error> {
        match self.resolve(ndim)?[..] {
            [axis] => Ok(axis),
            ref axes => Err(Error::OneAxis { axes: axes.to_vec() }),
        }
    }

    /// How many axes are given, of an array that has none of them yet.
    pub(crate) fn count(&self) -> usize {
        match &self.0 {
            Given::All => 0,
            Given::Some(axes) => axes.len(),
        }
    }

    pub(crate) fn is_all(&self) -> bool {
        self.0 == Given::All
    }
}

/// The axis as an index from the start.
fn resolve_axis(axis: isize, ndim: usize) -> Result<usize, Error> {
    let from_start = if axis < 0 { axis.checked_add(ndim as isize) } else { Some(axis) };
    let own = from_start.and_then(|axis| usize::try_from(axis).ok()).filter(|&own| own < ndim);
    own.ok_or(Error::AxisOutOfRange { axis, ndim })
}

fn resolve_axes(axes: &[isize], ndim: usize) -> Result<Vec<usize>, Error> {
    let mut resolved = Vec::with_capacity(axes.len());
    for &axis in axes {
        let own = resolve_axis(axis, ndim)?;
        if resolved.contains(&own) {
            return Err(Error::RepeatedAxis { axis });
        }
        resolved.push(own);
    }
    Ok(resolved)
}
