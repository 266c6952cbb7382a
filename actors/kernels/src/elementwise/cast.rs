//! Casts between dtypes, as NumPy's `astype` does them on x86-64.

use super::kernel::{Kernel, Unary};
use super::lane::{Bool, Lane, Laned};
use crate::block::with_element;
use num_complex::Complex;
use nums_lshs::DType;
use std::marker::PhantomData;

/// The kernel of a cast.
pub(super) fn cast(from: DType, to: DType) -> Kernel {
    with_element!(from, From => with_element!(to, To => {
        Kernel::unary::<Cast<<From as Laned>::Lane, <To as Laned>::Lane>>()
    }))
}

/// An element that another dtype has something for.
trait As<To> {
    fn cast(self) -> To;
}

/// A cast as a function of one element.
struct Cast<From, To>(PhantomData<(From, To)>);

impl<From: Lane + As<To>, To: Lane> Unary for Cast<From, To> {
    type Input = From;
    type Output = To;
    const LONG: bool = false;
    #[inline(always)]
    fn apply(x: From) -> To {
        x.cast()
    }
}

/// Casts by one formula to some types.
macro_rules! casts {
    ($from:ty => [$($to:ident),*], $x:ident => $body:expr) => {$(
        impl As<$to> for $from {
            #[inline(always)]
            fn cast(self) -> $to {
                let $x = self;
                // The formula may name the target.
                #[allow(dead_code, reason = "not every formula does")]
                type To = $to;
                $body
            }
        }
    )*};
}

/// Casts of real numbers to what is not an integer.
macro_rules! casts_of_real {
    ($($from:ident),*) => {$(
        casts!($from => [f64, f32], x => x as To);
        casts!($from => [Bool], x => Bool::new(x != 0 as $from));

        impl As<Complex<f64>> for $from {
            #[inline(always)]
            fn cast(self) -> Complex<f64> {
                Complex::new(self as f64, 0.0)
            }
        }

        impl As<Complex<f32>> for $from {
            #[inline(always)]
            fn cast(self) -> Complex<f32> {
                Complex::new(self as f32, 0.0)
            }
        }
    )*};
}

/// Casts of integers to integers, which wrap around.
macro_rules! casts_of_integer {
    ($($from:ident),*) => {$(
        casts!($from => [i64, i32, i16, i8, u64, u32, u16, u8], x => x as To);
    )*};
}

/// The integer towards zero, and the lowest one for what has no place there, as the instruction of the processor does.
macro_rules! truncated {
    ($float:ident as $integer:ident, $x:expr) => {{
        // Both bounds are powers of two, so they are exact.
        let (x, bound) = ($x, -($integer::MIN as $float));
        // A cast gives the highest integer for what lies above, and 0 for NaN.
        if x < bound { x as $integer } else { $integer::MIN }
    }};
}

/// Casts of floats to integers. The processor truncates to 32 and 64 bits: integers of fewer are the lowest bits of those
/// of 32, and uint32 those of 64.
macro_rules! casts_of_float {
    ($($from:ident),*) => {$(
        casts!($from => [i64, u32], x => truncated!($from as i64, x) as To);
        casts!($from => [i32, i16, i8, u16, u8], x => truncated!($from as i32, x) as To);
        casts!($from => [u64], x => {
            let bound = -(i64::MIN as $from);
            if x >= bound && x < 2.0 * bound { x as u64 } else { truncated!($from as i64, x) as u64 }
        });
    )*};
}

/// Casts of complex numbers: real types take the real part.
macro_rules! casts_of_complex {
    ($($float:ident),*) => {$(
        casts!(Complex<$float> => [f64, f32, i64, i32, i16, i8, u64, u32, u16, u8], x => x.re.cast());
        casts!(Complex<$float> => [Bool], x => Bool::new((x.re != 0.0) | (x.im != 0.0)));

        impl As<Complex<f64>> for Complex<$float> {
            #[inline(always)]
            fn cast(self) -> Complex<f64> {
                Complex::new(self.re as f64, self.im as f64)
            }
        }

        impl As<Complex<f32>> for Complex<$float> {
            #[inline(always)]
            fn cast(self) -> Complex<f32> {
                Complex::new(self.re as f32, self.im as f32)
            }
        }
    )*};
}

casts_of_real!(f64, f32, i64, i32, i16, i8, u64, u32, u16, u8);
casts_of_integer!(i64, i32, i16, i8, u64, u32, u16, u8);
casts_of_float!(f64, f32);
casts_of_complex!(f64, f32);
casts!(Bool => [f64, f32, i64, i32, i16, i8, u64, u32, u16, u8], x => u8::from(x.get()) as To);
casts!(Bool => [Bool], x => Bool::new(x.get()));

impl As<Complex<f64>> for Bool {
    #[inline(always)]
    fn cast(self) -> Complex<f64> {
        Complex::new(self.cast(), 0.0)
    }
}

impl As<Complex<f32>> for Bool {
    #[inline(always)]
    fn cast(self) -> Complex<f32> {
        Complex::new(self.cast(), 0.0)
    }
}
