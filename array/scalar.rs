//! Scalar operands.

use crate::{Complex, DistArray};
use nums_lshs::DType;
use std::fmt;

/// A Rust number or bool as an operand. It is weak, as Python numbers are in NumPy 2: `f32` and `f64` are both a float, all
/// integer types are an integer, and the dtype of the array decides.
///
/// ```
/// use nums::Scalar;
/// assert_eq!(Scalar::from(3_u8), Scalar::Int(3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// A truth value.
    Bool(bool),
    /// An integer, of the numbers that int64 and uint64 hold.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// A complex number.
    Complex(Complex<f64>),
}

impl Scalar {
    /// The dtype of an array filled with this number; integers are of int64 where it holds them, and otherwise of uint64.
    ///
    /// ```
    /// use nums::{DType, Scalar};
    /// assert_eq!(Scalar::from(1.5).dtype(), DType::Float64);
    /// ```
    pub fn dtype(self) -> DType {
        match self {
            Scalar::Bool(_) => DType::Bool,
            Scalar::Int(value) if value > i64::MAX.into() => DType::UInt64,
            Scalar::Int(_) => DType::Int64,
            Scalar::Float(_) => DType::Float64,
            Scalar::Complex(_) => DType::Complex128,
        }
    }

    /// The number as a float64; the real part of a complex one.
    pub(crate) fn to_f64(self) -> f64 {
        match self {
            Scalar::Bool(value) => f64::from(u8::from(value)),
            Scalar::Int(value) => value as f64,
            Scalar::Float(value) => value,
            Scalar::Complex(value) => value.re,
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Bool(value) => write!(f, "{value}"),
            Scalar::Int(value) => write!(f, "{value}"),
            Scalar::Float(value) => write!(f, "{value:?}"),
            Scalar::Complex(value) => write!(f, "({:?}{:+?}j)", value.re, value.im),
        }
    }
}

/// An operand of an array operation: another array or a weak scalar.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(1)?;
/// let x = session.arange(0, 4, 1)?;
/// let (capped, same) = (x.minimum(2), x.minimum(&x));
/// assert_eq!(capped.fetch::<i64>().wait()?.as_slice(), Some(&[0, 1, 2, 2][..]));
/// # assert_eq!(same.dtype(), nums::DType::Int64);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub enum Operand {
    /// An array.
    Array(DistArray),
    /// A weak scalar.
    Scalar(Scalar),
}

impl From<DistArray> for Operand {
    fn from(array: DistArray) -> Operand {
        Operand::Array(array)
    }
}

impl From<&DistArray> for Operand {
    fn from(array: &DistArray) -> Operand {
        Operand::Array(array.clone())
    }
}

impl From<Scalar> for Operand {
    fn from(scalar: Scalar) -> Operand {
        Operand::Scalar(scalar)
    }
}

macro_rules! numbers {
    ($($type:ty => $kind:ident,)*) => {
        $(
            impl From<$type> for Scalar {
                fn from(value: $type) -> Scalar {
                    Scalar::$kind(value.into())
                }
            }

            operand!($type);
        )*
    };
}

macro_rules! operand {
    ($type:ty) => {
        impl From<$type> for Operand {
            fn from(value: $type) -> Operand {
                Operand::Scalar(value.into())
            }
        }

        impl From<&$type> for Operand {
            fn from(value: &$type) -> Operand {
                Operand::from(*value)
            }
        }
    };
}

impl From<usize> for Scalar {
    fn from(value: usize) -> Scalar {
        Scalar::from(value as u64)
    }
}

impl From<isize> for Scalar {
    fn from(value: isize) -> Scalar {
        Scalar::Int(value as i128)
    }
}

impl From<Complex<f32>> for Scalar {
    fn from(value: Complex<f32>) -> Scalar {
        Scalar::Complex(Complex::new(value.re.into(), value.im.into()))
    }
}

operand!(usize);
operand!(isize);
operand!(Complex<f32>);

numbers! {
    bool => Bool,
    i8 => Int,
    i16 => Int,
    i32 => Int,
    i64 => Int,
    u8 => Int,
    u16 => Int,
    u32 => Int,
    u64 => Int,
    f32 => Float,
    f64 => Float,
    Complex<f64> => Complex,
}
