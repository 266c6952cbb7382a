//! Constants of programs: one element of any dtype, as its bits.

use crate::DType;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One element of a dtype, compared and hashed by its bits, so that programs are plain values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Constant {
    dtype: DType,
    bits: u64,
    /// The bits of an imaginary part of 64 bits, otherwise 0.
    upper: u64,
}

impl Constant {
    /// A float64 with these bits, NaN payload and sign of zero included.
    pub const fn float64(value: f64) -> Constant {
        Constant::short(DType::Float64, value.to_bits())
    }

    /// A float32.
    pub const fn float32(value: f32) -> Constant {
        Constant::short(DType::Float32, value.to_bits() as u64)
    }

    /// An int64.
    pub const fn int64(value: i64) -> Constant {
        Constant::short(DType::Int64, value as u64)
    }

    /// An int32.
    pub const fn int32(value: i32) -> Constant {
        Constant::short(DType::Int32, value as u32 as u64)
    }

    /// A bool.
    pub const fn boolean(value: bool) -> Constant {
        Constant::short(DType::Bool, value as u64)
    }

    /// A complex128 of a real and an imaginary part.
    pub const fn complex128(real: f64, imaginary: f64) -> Constant {
        Constant { dtype: DType::Complex128, bits: real.to_bits(), upper: imaginary.to_bits() }
    }

    /// A complex64 of a real and an imaginary part.
    pub const fn complex64(real: f32, imaginary: f32) -> Constant {
        let bits = real.to_bits() as u64 | (imaginary.to_bits() as u64) << 32;
        Constant::short(DType::Complex64, bits)
    }

    const fn short(dtype: DType, bits: u64) -> Constant {
        Constant { dtype, bits, upper: 0 }
    }

    /// The element of a complex dtype that is this number, rounded; `None` for other dtypes.
    ///
    /// ```
    /// use nums_lshs::{Constant, DType};
    /// let unit = Constant::from_complex(DType::Complex64, 0.0, 1.0);
    /// assert_eq!(unit, Some(Constant::complex64(0.0, 1.0)));
    /// assert_eq!(Constant::from_complex(DType::Float64, 0.0, 1.0), None);
    /// ```
    pub fn from_complex(dtype: DType, real: f64, imaginary: f64) -> Option<Constant> {
        match dtype {
            DType::Complex64 => Some(Constant::complex64(real as f32, imaginary as f32)),
            DType::Complex128 => Some(Constant::complex128(real, imaginary)),
            _ => None,
        }
    }

    /// The element of a dtype that is this number: rounded for a float or complex dtype, and otherwise only when it is an
    /// integer in range. `None` when the dtype cannot hold it.
    ///
    /// ```
    /// use nums_lshs::{Constant, DType};
    /// assert_eq!(Constant::from_f64(DType::Int32, 3.0), Some(Constant::int32(3)));
    /// assert_eq!(Constant::from_f64(DType::Int32, 0.5), None);
    /// ```
    pub fn from_f64(dtype: DType, value: f64) -> Option<Constant> {
        match dtype {
            DType::Float64 => Some(Constant::float64(value)),
            DType::Float32 => Some(Constant::float32(value as f32)),
            DType::Complex64 | DType::Complex128 => Constant::from_complex(dtype, value, 0.0),
            _ => {
                // All of -2^63..2^64 fits; what a cast saturates is out of range for any dtype.
                let integer = value as i128;
                (integer as f64 == value).then(|| Constant::in_range(dtype, integer))?
            }
        }
    }

    /// The element of a dtype that is this number: rounded for a float or complex dtype, and otherwise only when it is in
    /// range, as NumPy takes a Python integer beside an array. `None` when the dtype cannot hold it.
    ///
    /// ```
    /// use nums_lshs::{Constant, DType};
    /// assert_eq!(Constant::from_integer(DType::UInt8, 255).map(Constant::bits), Some(255));
    /// assert_eq!(Constant::from_integer(DType::UInt8, 256), None);
    /// assert!(Constant::from_integer(DType::UInt64, u64::MAX).is_some());
    /// ```
    pub fn from_integer(dtype: DType, value: impl Into<i128>) -> Option<Constant> {
        let value = value.into();
        match dtype {
            DType::Float64 => Some(Constant::float64(value as f64)),
            DType::Float32 => Some(Constant::float32(value as f32)),
            DType::Complex64 | DType::Complex128 => {
                Constant::from_complex(dtype, value as f64, 0.0)
            }
            _ => Constant::in_range(dtype, value),
        }
    }

    fn in_range(dtype: DType, value: i128) -> Option<Constant> {
        let (lowest, highest) = integer_range(dtype)?;
        let mask = u64::MAX >> (64 - 8 * dtype.item_bytes());
        (lowest..=highest).contains(&value).then_some(Constant::short(dtype, value as u64 & mask))
    }

    /// The dtype.
    pub const fn dtype(self) -> DType {
        self.dtype
    }

    /// The bits of the element in the lowest bytes, zeros above.
    pub const fn bits(self) -> u128 {
        self.bits as u128 | (self.upper as u128) << 64
    }

    /// The number as a float64, rounded to the nearest where it is a longer integer; the real part of a complex one.
    pub fn to_f64(self) -> f64 {
        match self.dtype {
            DType::Float64 | DType::Complex128 => f64::from_bits(self.bits),
            DType::Float32 | DType::Complex64 => f64::from(f32::from_bits(self.bits as u32)),
            _ => self.integer() as f64,
        }
    }

    /// The imaginary part as a float64: 0 of what is not complex.
    pub fn imaginary(self) -> f64 {
        match self.dtype {
            DType::Complex128 => f64::from_bits(self.upper),
            DType::Complex64 => f64::from(f32::from_bits((self.bits >> 32) as u32)),
            _ => 0.0,
        }
    }

    /// The number as an int64; `None` for a dtype that is not of integers or bool, and out of range.
    pub fn to_i64(self) -> Option<i64> {
        let integers = self.dtype.is_integer() || self.dtype == DType::Bool;
        integers.then(|| i64::try_from(self.integer()).ok())?
    }

    /// Whether the bits are an element of the dtype; checked on what a peer sends.
    pub fn is_well_formed(self) -> bool {
        let highest = match self.dtype {
            DType::Bool => 1,
            dtype => u64::MAX >> (64 - 8 * dtype.item_bytes().min(8)),
        };
        self.bits <= highest && (self.upper == 0 || self.dtype == DType::Complex128)
    }

    /// The number, of a dtype of integers or bool.
    fn integer(self) -> i128 {
        match self.dtype {
            DType::Int8 => i128::from(self.bits as i8),
            DType::Int16 => i128::from(self.bits as i16),
            DType::Int32 => i128::from(self.bits as i32),
            DType::Int64 => i128::from(self.bits as i64),
            _ => i128::from(self.bits),
        }
    }
}

/// The lowest and highest number of a dtype of integers or bool.
fn integer_range(dtype: DType) -> Option<(i128, i128)> {
    let bits = 8 * dtype.item_bytes();
    match dtype {
        DType::Bool => Some((0, 1)),
        DType::Int8 | DType::Int16 | DType::Int32 | DType::Int64 => {
            Some((-(1 << (bits - 1)), (1 << (bits - 1)) - 1))
        }
        DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64 => Some((0, (1 << bits) - 1)),
        _ => None,
    }
}

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.dtype {
            DType::Float64 => write!(f, "{:?}", f64::from_bits(self.bits)),
            DType::Float32 => write!(f, "{:?}", f32::from_bits(self.bits as u32)),
            DType::Bool => write!(f, "{}", self.bits != 0),
            DType::Complex64 | DType::Complex128 => {
                write!(f, "({:?}{:+?}j)", self.to_f64(), self.imaginary())
            }
            _ => write!(f, "{}", self.integer()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_hold_what_their_dtype_can() {
        for dtype in [DType::Int8, DType::Int16, DType::Int32, DType::Int64] {
            let lowest = integer_range(dtype).unwrap().0 as i64;
            let constant = Constant::from_integer(dtype, lowest).unwrap();
            assert_eq!(constant.to_f64(), lowest as f64);
            assert_eq!(format!("{constant:?}"), lowest.to_string());
            assert!(constant.is_well_formed());
            assert_eq!(
                lowest.checked_sub(1).and_then(|low| Constant::from_integer(dtype, low)),
                None
            );
        }
        assert_eq!(Constant::from_f64(DType::UInt64, 2f64.powi(64)), None);
        assert_eq!(Constant::from_f64(DType::UInt64, 2f64.powi(63)).unwrap().bits(), 1 << 63);
        assert_eq!(Constant::from_f64(DType::Int64, f64::NAN), None);
        assert_eq!(Constant::from_f64(DType::Int64, f64::INFINITY), None);
        assert_eq!(Constant::from_integer(DType::Int32, -1), Some(Constant::int32(-1)));
        assert_eq!(Constant::from_integer(DType::Bool, 1), Some(Constant::boolean(true)));
        assert_eq!(Constant::from_f64(DType::Float32, 0.5), Some(Constant::float32(0.5)));
        let half = Constant::from_f64(DType::Complex128, 0.5).unwrap();
        assert_eq!((half.to_f64(), half.imaginary(), half.to_i64()), (0.5, 0.0, None));
        let unit = Constant::complex64(0.0, -1.0);
        assert_eq!((unit.to_f64(), unit.imaginary()), (0.0, -1.0));
        assert_eq!(
            format!("{unit:?} {:?}", Constant::complex128(-0.5, 2.0)),
            "(0.0-1.0j) (-0.5+2.0j)"
        );
        assert!(half.is_well_formed() && unit.is_well_formed());
    }

    #[test]
    fn bits_beyond_the_dtype_are_not_an_element() {
        assert!(!Constant::short(DType::Bool, 2).is_well_formed());
        assert!(!Constant::short(DType::Int32, 1 << 32).is_well_formed());
        assert!(!Constant { dtype: DType::Float64, bits: 0, upper: 1 }.is_well_formed());
        assert!(Constant::int64(-1).is_well_formed() && Constant::int32(-1).is_well_formed());
    }
}
