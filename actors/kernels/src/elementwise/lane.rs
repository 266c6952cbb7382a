//! Elements as kernels compute with them, and bytes as slices of them.

use crate::Element;
use num_complex::Complex;

/// An element of a tile.
///
/// # Safety
/// Every bit pattern must be a value, and the alignment at most that of a [`Buffer`](crate::Buffer).
pub(crate) unsafe trait Lane: Copy + Send + Sync + 'static {}

/// A bool as its byte: 0 is false, and any other byte counts as true.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(crate) struct Bool(u8);

impl Bool {
    pub(crate) const FALSE: Bool = Bool(0);
    pub(crate) const TRUE: Bool = Bool(1);

    #[inline(always)]
    pub(crate) fn new(value: bool) -> Bool {
        Bool(u8::from(value))
    }

    #[inline(always)]
    pub(crate) fn get(self) -> bool {
        self.0 != 0
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        // SAFETY: numbers of any bits, aligned to at most their size.
        unsafe impl Lane for $number {}
    )*};
}

numbers!(f64, f32, i64, i32, i16, i8, u128, u64, u32, u16, u8, Complex<f64>, Complex<f32>);
// SAFETY: a byte, of which every pattern counts as a truth value.
unsafe impl Lane for Bool {}

/// An element, and the lane that kernels compute with in its place.
pub(crate) trait Laned: Element {
    type Lane: Lane;
}

macro_rules! laned {
    ($($element:ty => $lane:ty),*) => {$(
        impl Laned for $element {
            type Lane = $lane;
        }
    )*};
}

laned!(bool => Bool, i8 => i8, i16 => i16, i32 => i32, i64 => i64, u8 => u8, u16 => u16, u32 => u32, u64 => u64);
laned!(f32 => f32, f64 => f64, Complex<f32> => Complex<f32>, Complex<f64> => Complex<f64>);

/// Bytes as elements.
#[inline(always)]
pub(crate) fn view<T: Lane>(bytes: &[u8]) -> &[T] {
    assert!(bytes.as_ptr().cast::<T>().is_aligned() && bytes.len().is_multiple_of(size_of::<T>()));
    // SAFETY: alignment and length are checked above, and every bit pattern is a value of a lane.
    unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len() / size_of::<T>()) }
}

/// Bytes as elements, to be written.
#[inline(always)]
pub(crate) fn view_mut<T: Lane>(bytes: &mut [u8]) -> &mut [T] {
    assert!(bytes.as_ptr().cast::<T>().is_aligned() && bytes.len().is_multiple_of(size_of::<T>()));
    let len = bytes.len() / size_of::<T>();
    // SAFETY: as for `view`, and the exclusive reference makes this the only access.
    unsafe { std::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), len) }
}
