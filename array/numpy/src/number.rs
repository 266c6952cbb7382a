//! One element of an array, at hand.

use nums::{Complex, DType};

/// One element of an array, at hand: a value and the dtype that holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// bool.
    Bool(bool),
    /// An integer of any width, signed or not.
    Int(i128, DType),
    /// A float; one of float32 is the same number as a float64.
    Float(f64, DType),
    /// A complex number; the parts of complex64 are the same numbers as float64.
    Complex(Complex<f64>, DType),
}

impl Number {
    /// An integer of an integer dtype, which wraps around where the dtype does not hold it.
    pub fn int(value: i128, dtype: DType) -> Number {
        let wrapped = match dtype {
            DType::Int8 => i128::from(value as i8),
            DType::Int16 => i128::from(value as i16),
            DType::Int32 => i128::from(value as i32),
            DType::UInt8 => i128::from(value as u8),
            DType::UInt16 => i128::from(value as u16),
            DType::UInt32 => i128::from(value as u32),
            DType::UInt64 => i128::from(value as u64),
            _ => return Number::Int(i128::from(value as i64), DType::Int64),
        };
        Number::Int(wrapped, dtype)
    }

    /// A float64.
    pub fn float64(value: f64) -> Number {
        Number::Float(value, DType::Float64)
    }

    /// A float of a float dtype, rounded to it.
    pub fn float(value: f64, dtype: DType) -> Number {
        match dtype {
            DType::Float32 => Number::Float(f64::from(value as f32), dtype),
            _ => Number::float64(value),
        }
    }

    /// A complex number of a complex dtype, rounded to it.
    pub fn complex(value: Complex<f64>, dtype: DType) -> Number {
        match dtype {
            DType::Complex64 => {
                let round = |part: f64| f64::from(part as f32);
                Number::Complex(Complex::new(round(value.re), round(value.im)), dtype)
            }
            _ => Number::Complex(value, DType::Complex128),
        }
    }

    /// The type of the element.
    pub fn dtype(self) -> DType {
        match self {
            Number::Bool(_) => DType::Bool,
            Number::Int(_, dtype) | Number::Float(_, dtype) | Number::Complex(_, dtype) => dtype,
        }
    }

    /// The integer that it is, a truth value counting as 0 or 1; nothing for a float and a complex number.
    pub fn as_integer(self) -> Option<i128> {
        match self {
            Number::Bool(value) => Some(i128::from(value)),
            Number::Int(value, _) => Some(value),
            Number::Float(..) | Number::Complex(..) => None,
        }
    }

    /// The nearest float64; of a complex number the real part.
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Bool(value) => f64::from(u8::from(value)),
            Number::Int(value, _) => value as f64,
            Number::Float(value, _) => value,
            Number::Complex(value, _) => value.re,
        }
    }

    /// The number as a complex one.
    pub fn as_complex(self) -> Complex<f64> {
        match self {
            Number::Complex(value, _) => value,
            real => Complex::new(real.as_f64(), 0.0),
        }
    }

    /// Whether it counts as true.
    pub fn truth(self) -> bool {
        match self {
            Number::Complex(value, _) => value.re != 0.0 || value.im != 0.0,
            real => real.as_f64() != 0.0,
        }
    }

    /// The number as another type, as NumPy casts: integers wrap around, floats are cut, and of complex numbers real types
    /// take the real part.
    pub fn cast(self, dtype: DType) -> Number {
        match dtype {
            DType::Bool => Number::Bool(self.truth()),
            DType::Float32 => Number::Float(
                f64::from(match self.as_integer() {
                    Some(value) => value as f32,
                    None => self.as_f64() as f32,
                }),
                dtype,
            ),
            DType::Float64 => Number::float64(self.as_f64()),
            DType::Complex64 | DType::Complex128 => Number::complex(self.as_complex(), dtype),
            _ => {
                let integer = self.as_integer();
                Number::int(integer.unwrap_or_else(|| truncated(self.as_f64(), dtype)), dtype)
            }
        }
    }
}

/// A float without its fraction, as the processor that NumPy runs on gives it: it truncates to 32 or 64 bits, and what
/// those do not hold becomes their lowest integer.
fn truncated(value: f64, dtype: DType) -> i128 {
    let cut = |lowest: i128, bound: f64| {
        if value >= -bound && value < bound { value as i128 } else { lowest }
    };
    match dtype {
        DType::Int64 | DType::UInt32 => cut(i64::MIN.into(), 2f64.powi(63)),
        DType::UInt64 if value >= 2f64.powi(63) && value < 2f64.powi(64) => value as i128,
        DType::UInt64 => cut(i64::MIN.into(), 2f64.powi(63)),
        _ => cut(i32::MIN.into(), 2f64.powi(31)),
    }
}

/// The lowest and the highest integer of an integer dtype.
pub(crate) fn integer_range(dtype: DType) -> Option<(i128, i128)> {
    let highest = match dtype {
        DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64 => {
            return Some((0, (1 << (8 * dtype.item_bytes())) - 1));
        }
        dtype if dtype.is_integer() => (1 << (8 * dtype.item_bytes() - 1)) - 1,
        _ => return None,
    };
    Some((-highest - 1, highest))
}
