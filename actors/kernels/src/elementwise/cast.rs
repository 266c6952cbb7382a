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
        DType::Bool => from_bool(to),
        _ => None,
    }
}

/// Casts of floats: towards integers they truncate, and give the lowest integer for what has no place there, as the
/// instruction of the processor does.
macro_rules! from_float {
    ($name:ident, $float:ident) => {
        fn $name(to: DType) -> Option<Kernel> {
            macro_rules! truncate {
                ($integer:ident) => {
                    unary!($float => $integer, x, {
                        // Both bounds are powers of two, so they are exact.
                        let bound = -($integer::MIN as $float);
                        // A cast gives the highest integer for what lies above, and 0 for NaN.
                        if x < bound { x as $integer } else { $integer::MIN }
                    })
                };
            }
            Some(match to {
                DType::Float64 => unary!($float => f64, x, x as f64),
                DType::Float32 => unary!($float => f32, x, x as f32),
                DType::Int64 => truncate!(i64),
                DType::Int32 => truncate!(i32),
                DType::Bool => unary!($float => Bool, x, Bool::new(x != 0.0)),
                _ => return None,
            })
        }
    };
}

macro_rules! from_integer {
    ($name:ident, $integer:ident) => {
        fn $name(to: DType) -> Option<Kernel> {
            Some(match to {
                DType::Float64 => unary!($integer => f64, x, x as f64),
                DType::Float32 => unary!($integer => f32, x, x as f32),
                DType::Int64 => unary!($integer => i64, x, x as i64),
                DType::Int32 => unary!($integer => i32, x, x as i32),
                DType::Bool => unary!($integer => Bool, x, Bool::new(x != 0)),
                _ => return None,
            })
        }
    };
}

from_float!(from_f64, f64);
from_float!(from_f32, f32);
from_integer!(from_i64, i64);
from_integer!(from_i32, i32);

fn from_bool(to: DType) -> Option<Kernel> {
    Some(match to {
        DType::Float64 => unary!(Bool => f64, x, f64::from(u8::from(x.get()))),
        DType::Float32 => unary!(Bool => f32, x, f32::from(u8::from(x.get()))),
        DType::Int64 => unary!(Bool => i64, x, i64::from(x.get())),
        DType::Int32 => unary!(Bool => i32, x, i32::from(x.get())),
        DType::Bool => unary!(Bool => Bool, x, Bool::new(x.get())),
        _ => return None,
    })
}
