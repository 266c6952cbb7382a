//! Element types of the Python array API standard.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// The type of an array's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the variants are the standard's own names")]
pub enum DType {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float32,
    Float64,
    Complex64,
    Complex128,
}

/// What the elements of a type are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the variants are the standard's own names")]
pub enum Kind {
    Bool,
    SignedInteger,
    UnsignedInteger,
    RealFloating,
    ComplexFloating,
}

impl DType {
    /// The kind of the elements.
    pub fn kind(self) -> Kind {
        match self {
            DType::Bool => Kind::Bool,
            DType::Int8 | DType::Int16 | DType::Int32 | DType::Int64 => Kind::SignedInteger,
            DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64 => Kind::UnsignedInteger,
            DType::Float32 | DType::Float64 => Kind::RealFloating,
            DType::Complex64 | DType::Complex128 => Kind::ComplexFloating,
        }
    }

    /// Whether the elements are real floating-point numbers.
    pub fn is_real_floating(self) -> bool {
        self.kind() == Kind::RealFloating
    }

    /// Whether the elements are integers. Bool is not an integer.
    pub fn is_integer(self) -> bool {
        matches!(self.kind(), Kind::SignedInteger | Kind::UnsignedInteger)
    }

    /// Whether the elements are complex numbers.
    pub fn is_complex(self) -> bool {
        self.kind() == Kind::ComplexFloating
    }

    /// The dtype of the real part of an element: of a complex dtype its half, otherwise the dtype itself.
    ///
    /// ```
    /// use nums_lshs::DType;
    /// assert_eq!(DType::Complex64.real(), DType::Float32);
    /// assert_eq!(DType::Int8.real(), DType::Int8);
    /// ```
    pub fn real(self) -> DType {
        match self {
            DType::Complex64 => DType::Float32,
            DType::Complex128 => DType::Float64,
            real => real,
        }
    }

    /// All dtypes, in the order of their declaration.
    pub const ALL: [DType; 13] = [
        DType::Bool,
        DType::Int8,
        DType::Int16,
        DType::Int32,
        DType::Int64,
        DType::UInt8,
        DType::UInt16,
        DType::UInt32,
        DType::UInt64,
        DType::Float32,
        DType::Float64,
        DType::Complex64,
        DType::Complex128,
    ];

    /// Bytes of one element.
    pub fn item_bytes(self) -> u64 {
        match self {
            DType::Bool | DType::Int8 | DType::UInt8 => 1,
            DType::Int16 | DType::UInt16 => 2,
            DType::Int32 | DType::UInt32 | DType::Float32 => 4,
            DType::Int64 | DType::UInt64 | DType::Float64 | DType::Complex64 => 8,
            DType::Complex128 => 16,
        }
    }

    /// NumPy's name of the dtype.
    pub fn name(self) -> &'static str {
        match self {
            DType::Bool => "bool",
            DType::Int8 => "int8",
            DType::Int16 => "int16",
            DType::Int32 => "int32",
            DType::Int64 => "int64",
            DType::UInt8 => "uint8",
            DType::UInt16 => "uint16",
            DType::UInt32 => "uint32",
            DType::UInt64 => "uint64",
            DType::Float32 => "float32",
            DType::Float64 => "float64",
            DType::Complex64 => "complex64",
            DType::Complex128 => "complex128",
        }
    }
}

/// A name that is of no dtype.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected the name of a dtype, such as float64, got {name:?}")]
pub struct UnknownDType {
    /// The name.
    pub name: String,
}

impl FromStr for DType {
    type Err = UnknownDType;

    /// The dtype with a name.
    ///
    /// ```
    /// use nums_lshs::DType;
    /// assert_eq!("float64".parse(), Ok(DType::Float64));
    /// assert_eq!("f8".parse::<DType>().unwrap_err().name, "f8");
    /// ```
    fn from_str(name: &str) -> Result<DType, UnknownDType> {
        let found = DType::ALL.into_iter().find(|dtype| dtype.name() == name);
        found.ok_or_else(|| UnknownDType { name: name.to_owned() })
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
