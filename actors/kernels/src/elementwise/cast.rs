//! Casts between dtypes, as NumPy's `astype` does them on x86-64.

use super::kernel::{Kernel, unary};
use super::lane::Bool;
use nums_lshs::DType;

/// The kernel of a cast.
pub(super) fn cast(from: DType, to: DType) -> Option<Kernel> {
    match from {
        DType::Float64 => from_f64(to),
        DType::Float32 => from_f32(to),
        DType::Int64 => from_i64(to),
        DType::Int32 => from_i32(to),
        DType::Int16 => from_i16(to),
        DType::Int8 => from_i8(to),
        DType::UInt64 => from_u64(to),
        DType::UInt32 => from_u32(to),
        DType::UInt16 => from_u16(to),
        DType::UInt8 => from_u8(to),
        DType::Bool => from_bool(to),
        _ => None,
    }
}

/// Casts of floats: towards integers they truncate, and give the lowest integer for what has no place there, as the
/// instruction of the processor does. It knows 32 and 64 bits: integers of fewer are the lowest bits of those of 32, and
/// uint32 those of 64.
macro_rules! from_float {
    ($name:ident, $float:ident) => {
        fn $name(to: DType) -> Option<Kernel> {
            macro_rules! truncate {
                ($integer:ident as $target:ident) => {
                    unary!($float => $target, x, {
                        // Both bounds are powers of two, so they are exact.
                        let bound = -($integer::MIN as $float);
                        // A cast gives the highest integer for what lies above, and 0 for NaN.
                        (if x < bound { x as $integer } else { $integer::MIN }) as $target
                    })
                };
            }
            Some(match to {
                DType::Float64 => unary!($float => f64, x, x as f64),
                DType::Float32 => unary!($float => f32, x, x as f32),
                DType::Int64 => truncate!(i64 as i64),
                DType::Int32 => truncate!(i32 as i32),
                DType::Int16 => truncate!(i32 as i16),
                DType::Int8 => truncate!(i32 as i8),
                DType::UInt64 => unary!($float => u64, x, {
                    let bound = -(i64::MIN as $float);
                    if x >= bound && x < 2.0 * bound {
                        x as u64
                    } else {
                        (if x < bound { x as i64 } else { i64::MIN }) as u64
                    }
                }),
                DType::UInt32 => truncate!(i64 as u32),
                DType::UInt16 => truncate!(i32 as u16),
                DType::UInt8 => truncate!(i32 as u8),
                DType::Bool => unary!($float => Bool, x, Bool::new(x != 0.0)),
                DType::Complex64 | DType::Complex128 => return None,
            })
        }
    };
}

/// Casts of integers, which wrap around.
macro_rules! from_integer {
    ($($name:ident, $integer:ident;)*) => {$(
        fn $name(to: DType) -> Option<Kernel> {
            Some(match to {
                DType::Float64 => unary!($integer => f64, x, x as f64),
                DType::Float32 => unary!($integer => f32, x, x as f32),
                DType::Int64 => unary!($integer => i64, x, x as i64),
                DType::Int32 => unary!($integer => i32, x, x as i32),
                DType::Int16 => unary!($integer => i16, x, x as i16),
                DType::Int8 => unary!($integer => i8, x, x as i8),
                DType::UInt64 => unary!($integer => u64, x, x as u64),
                DType::UInt32 => unary!($integer => u32, x, x as u32),
                DType::UInt16 => unary!($integer => u16, x, x as u16),
                DType::UInt8 => unary!($integer => u8, x, x as u8),
                DType::Bool => unary!($integer => Bool, x, Bool::new(x != 0)),
                DType::Complex64 | DType::Complex128 => return None,
            })
        }
    )*};
}

from_float!(from_f64, f64);
from_float!(from_f32, f32);
from_integer! {
    from_i64, i64;
    from_i32, i32;
    from_i16, i16;
    from_i8, i8;
    from_u64, u64;
    from_u32, u32;
    from_u16, u16;
    from_u8, u8;
}

fn from_bool(to: DType) -> Option<Kernel> {
    macro_rules! number {
        ($number:ident) => {
            unary!(Bool => $number, x, u8::from(x.get()) as $number)
        };
    }
    Some(match to {
        DType::Float64 => number!(f64),
        DType::Float32 => number!(f32),
        DType::Int64 => number!(i64),
        DType::Int32 => number!(i32),
        DType::Int16 => number!(i16),
        DType::Int8 => number!(i8),
        DType::UInt64 => number!(u64),
        DType::UInt32 => number!(u32),
        DType::UInt16 => number!(u16),
        DType::UInt8 => number!(u8),
        DType::Bool => unary!(Bool => Bool, x, Bool::new(x.get())),
        DType::Complex64 | DType::Complex128 => return None,
    })
}
