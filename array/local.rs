//! Local elements, as arguments and as results.

use crate::Complex;
use ndarray::{ArrayBase, ArrayD, ArrayRef, ArrayViewD, CowArray, Data, Dimension, IxDyn};
use nums_actors::Element;
use nums_lshs::DType;
use std::fmt;

/// Local elements that become a [`DistArray`](crate::DistArray): a `Vec`, a slice, nested arrays of numbers, an array or a
/// view of ndarray, and, with feature `faer`, a matrix of faer. References to all of these do as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an array of elements in this process",
    label = "expected a Vec, a slice, nested arrays such as `[[1.0, 2.0], [3.0, 4.0]]`, or an array of ndarray",
    note = "elements are bool, i8 to i64, u8 to u64, f32, f64, Complex<f32> or Complex<f64>",
    note = "for an iterator, write `session.from_iter(iterator)?`"
)]
pub trait ToArray {
    /// The type of the elements.
    type Elem: Element;

    /// The elements with their shape, without a copy where they lie in this order.
    fn to_array(&self) -> CowArray<'_, Self::Elem, IxDyn>;
}

impl<A: ToArray + ?Sized> ToArray for &A {
    type Elem = A::Elem;

    fn to_array(&self) -> CowArray<'_, A::Elem, IxDyn> {
        (**self).to_array()
    }
}

impl<S: Data<Elem: Element>, D: Dimension> ToArray for ArrayBase<S, D> {
    type Elem = S::Elem;

    fn to_array(&self) -> CowArray<'_, S::Elem, IxDyn> {
        self.view().into_dyn().into()
    }
}

impl<T: Element, D: Dimension> ToArray for ArrayRef<T, D> {
    type Elem = T;

    fn to_array(&self) -> CowArray<'_, T, IxDyn> {
        self.view().into_dyn().into()
    }
}

impl<T: Nested> ToArray for Vec<T> {
    type Elem = T::Elem;

    fn to_array(&self) -> CowArray<'_, T::Elem, IxDyn> {
        nested(self)
    }
}

impl<T: Nested> ToArray for [T] {
    type Elem = T::Elem;

    fn to_array(&self) -> CowArray<'_, T::Elem, IxDyn> {
        nested(self)
    }
}

impl<T: Nested, const N: usize> ToArray for [T; N] {
    type Elem = T::Elem;

    fn to_array(&self) -> CowArray<'_, T::Elem, IxDyn> {
        nested(self)
    }
}

fn nested<T: Nested>(rows: &[T]) -> CowArray<'_, T::Elem, IxDyn> {
    let mut lengths = vec![rows.len()];
    T::lengths(&mut lengths);
    match ArrayViewD::from_shape(lengths, T::flat(rows)) {
        Ok(view) => view.into(),
        Err(error) => unreachable!("nested arrays are rectangular: {error}"),
    }
}

#[cfg(feature = "faer")]
impl<T: Element> ToArray for faer::Mat<T> {
    type Elem = T;

    fn to_array(&self) -> CowArray<'_, T, IxDyn> {
        let element = |(row, column)| self[(row, column)];
        ndarray::Array2::from_shape_fn((self.nrows(), self.ncols()), element).into_dyn().into()
    }
}

#[cfg(feature = "faer")]
impl<T: Element> ToArray for faer::MatRef<'_, T> {
    type Elem = T;

    fn to_array(&self) -> CowArray<'_, T, IxDyn> {
        let element = |(row, column)| self[(row, column)];
        ndarray::Array2::from_shape_fn((self.nrows(), self.ncols()), element).into_dyn().into()
    }
}

/// An element, or an array of such.
pub trait Nested: Sized {
    /// The type of the elements.
    type Elem: Element;

    /// Adds the lengths of one item.
    fn lengths(lengths: &mut Vec<usize>);

    /// The elements of several items in C order.
    fn flat(items: &[Self]) -> &[Self::Elem];
}

impl<T: Nested, const N: usize> Nested for [T; N] {
    type Elem = T::Elem;

    fn lengths(lengths: &mut Vec<usize>) {
        lengths.push(N);
        T::lengths(lengths);
    }

    fn flat(items: &[[T; N]]) -> &[T::Elem] {
        T::flat(items.as_flattened())
    }
}

macro_rules! elements {
    ($($type:ty => $name:ident;)*) => {
        $(
            impl Nested for $type {
                type Elem = $type;

                fn lengths(_: &mut Vec<usize>) {}

                fn flat(items: &[$type]) -> &[$type] {
                    items
                }
            }

            impl From<ArrayD<$type>> for AnyArray {
                fn from(array: ArrayD<$type>) -> AnyArray {
                    AnyArray::$name(array)
                }
            }
        )*

        /// The elements of an array of any dtype, in this process; see [`DistArray::fetch_any`](crate::DistArray::fetch_any).
        /// `Display` prints them as ndarray does.
        ///
        /// ```
        /// # fn main() -> Result<(), nums::Error> {
        /// let session = nums::Session::embedded(1)?;
        /// let x = session.arange(0, 3, 1)?.fetch_any().wait()?;
        /// assert_eq!((x.dtype(), x.to_string().as_str()), (nums::DType::Int64, "[0, 1, 2]"));
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Clone, Debug, PartialEq)]
        pub enum AnyArray {
            $(
                #[doc = concat!("Elements of type `", stringify!($type), "`.")]
                $name(ArrayD<$type>),
            )*
        }

        impl AnyArray {
            /// The dtype.
            pub fn dtype(&self) -> DType {
                match self {
                    $(AnyArray::$name(_) => DType::$name,)*
                }
            }

            /// The length of each axis.
            pub fn shape(&self) -> &[usize] {
                match self {
                    $(AnyArray::$name(array) => array.shape(),)*
                }
            }
        }

        impl fmt::Display for AnyArray {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(AnyArray::$name(array) => array.fmt(f),)*
                }
            }
        }
    };
}

elements! {
    bool => Bool;
    i8 => Int8;
    i16 => Int16;
    i32 => Int32;
    i64 => Int64;
    u8 => UInt8;
    u16 => UInt16;
    u32 => UInt32;
    u64 => UInt64;
    f32 => Float32;
    f64 => Float64;
    Complex<f32> => Complex64;
    Complex<f64> => Complex128;
}

/// Reads the array as the type of its dtype: `$body` with `$type` for it.
macro_rules! of_dtype {
    ($dtype:expr, $type:ident => $body:expr) => {
        of_dtype!(@ $dtype, $type => $body,
            Bool bool, Int8 i8, Int16 i16, Int32 i32, Int64 i64, UInt8 u8, UInt16 u16, UInt32 u32, UInt64 u64,
            Float32 f32, Float64 f64, Complex64 $crate::Complex<f32>, Complex128 $crate::Complex<f64>)
    };
    (@ $dtype:expr, $type:ident => $body:expr, $($name:ident $element:ty),*) => {
        match $dtype {
            $(nums_lshs::DType::$name => {
                type $type = $element;
                $body
            })*
        }
    };
}

pub(crate) use of_dtype;
