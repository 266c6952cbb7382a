//! Shapes as arguments.

use ndarray::{Dim, IntoDimension};
use nums_lshs::Shape;

/// The shape of a new array, as an argument: one length, several in an array, a slice, a `Vec` or a tuple, `()` for an
/// array without axes, or a dimension of ndarray.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(1)?;
/// assert_eq!(session.zeros(5)?.shape(), [5]);
/// assert_eq!(session.zeros((2, 5))?.shape(), [2, 5]);
/// assert_eq!(session.zeros([2, 5])?.shape(), [2, 5]);
/// let local = ndarray::arr2(&[[1.0, 2.0]]);
/// assert_eq!(session.zeros(local.shape())?.shape(), [1, 2]);
/// assert_eq!(session.zeros(local.raw_dim())?.shape(), [1, 2]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the shape of an array",
    label = "expected lengths of type usize",
    note = "write one length, `5`, or several: `(2, 5)`, `[2, 5]`, `&[2, 5]` or a Vec<usize>"
)]
pub trait IntoShape {
    /// The length of each axis.
    fn into_shape(self) -> Vec<usize>;
}

/// The shape of an array that is reshaped, as an argument: like [`IntoShape`], with any integer type, and one length may
/// be -1 to follow from the others.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(1)?;
/// let x = session.zeros(6)?;
/// assert_eq!(x.reshape((2, -1))?.shape(), [2, 3]);
/// assert_eq!(x.reshape([x.size(), 1])?.shape(), [6, 1]);
/// assert_eq!(x.reshape(-1)?.shape(), [6]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shape to reshape to",
    label = "expected integers, of which one may be -1",
    note = "write one length, `-1`, or several: `(2, -1)`, `[2, -1]`, `&[2, -1]` or a Vec of integers"
)]
pub trait IntoLengths {
    /// The length of each axis, or -1.
    fn into_lengths(self) -> Vec<isize>;
}

/// An integer that is a length, or -1.
pub trait Length: Copy {
    /// The number; what does not fit is saturated, and no array is as long.
    fn length(self) -> isize;
}

macro_rules! lengths {
    ($($type:ty),*) => {
        $(
            impl Length for $type {
                fn length(self) -> isize {
                    isize::try_from(self).unwrap_or(isize::MAX)
                }
            }

            impl IntoLengths for $type {
                fn into_lengths(self) -> Vec<isize> {
                    vec![self.length()]
                }
            }
        )*
    };
}

lengths!(i32, i64, isize, u32, u64, usize);

impl IntoShape for usize {
    fn into_shape(self) -> Vec<usize> {
        vec![self]
    }
}

macro_rules! collections {
    ($([$($generics:tt)*] $type:ty;)*) => {
        $(
            impl<$($generics)*> IntoLengths for $type {
                fn into_lengths(self) -> Vec<isize> {
                    self.iter().map(|len| len.length()).collect()
                }
            }
        )*
    };
}

collections! {
    [T: Length] &[T];
    [T: Length, const N: usize] [T; N];
    [T: Length, const N: usize] &[T; N];
    [T: Length] Vec<T>;
    [T: Length] &Vec<T>;
    [] Shape;
    [] &Shape;
}

macro_rules! shapes {
    ($([$($generics:tt)*] $type:ty;)*) => {
        $(
            impl<$($generics)*> IntoShape for $type {
                fn into_shape(self) -> Vec<usize> {
                    self.to_vec()
                }
            }
        )*
    };
}

shapes! {
    [] &[usize];
    [const N: usize] [usize; N];
    [const N: usize] &[usize; N];
    [] Vec<usize>;
    [] &Vec<usize>;
    [] Shape;
    [] &Shape;
}

impl<I> IntoShape for Dim<I>
where
    Dim<I>: ndarray::Dimension,
{
    fn into_shape(self) -> Vec<usize> {
        use ndarray::Dimension;
        self.into_dimension().slice().to_vec()
    }
}

impl<I> IntoLengths for Dim<I>
where
    Dim<I>: ndarray::Dimension,
{
    fn into_lengths(self) -> Vec<isize> {
        self.into_shape().into_lengths()
    }
}

macro_rules! tuples {
    ($(($($name:ident $usize:ident),*);)*) => {
        $(
            impl IntoShape for ($($usize,)*) {
                #[allow(non_snake_case)]
                fn into_shape(self) -> Vec<usize> {
                    let ($($name,)*) = self;
                    vec![$($name),*]
                }
            }

            #[allow(non_snake_case)]
            impl<$($name: Length),*> IntoLengths for ($($name,)*) {
                fn into_lengths(self) -> Vec<isize> {
                    let ($($name,)*) = self;
                    vec![$($name.length()),*]
                }
            }
        )*
    };
}

tuples! {
    ();
    (A usize);
    (A usize, B usize);
    (A usize, B usize, C usize);
    (A usize, B usize, C usize, D usize);
    (A usize, B usize, C usize, D usize, E usize);
    (A usize, B usize, C usize, D usize, E usize, F usize);
}
