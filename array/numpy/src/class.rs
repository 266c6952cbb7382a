//! NumPy's classes, and those of Python that stand for a dtype.

use nums::DType;

/// A class that NumPy knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Python's `bool`.
    Bool,
    /// Python's `int`.
    Int,
    /// Python's `float`.
    Float,
    /// Python's `complex`.
    Complex,
    /// `np.ndarray`.
    Array,
    /// A scalar of a dtype: `np.float64` and its kin.
    Scalar(DType),
    /// `np.generic`, above all scalars.
    Generic,
    /// `np.number`.
    Number,
    /// `np.integer`.
    Integer,
    /// `np.signedinteger`.
    SignedInteger,
    /// `np.unsignedinteger`.
    UnsignedInteger,
    /// `np.inexact`.
    Inexact,
    /// `np.floating`.
    Floating,
    /// `np.complexfloating`.
    ComplexFloating,
    /// `np.dtype`.
    DType,
    /// `np.random.Generator`.
    Generator,
    /// `np.random.Philox`.
    Philox,
    /// A model of the module `nums`, by its name.
    Model(&'static str),
    /// What `nums.read_csv` gives.
    Table,
    /// A result with named fields, by its name.
    Record(&'static str),
}

impl Class {
    /// The name with its module, as messages and `repr` write it.
    pub fn name(self) -> &'static str {
        match self {
            Class::Bool => "bool",
            Class::Int => "int",
            Class::Float => "float",
            Class::Complex => "complex",
            Class::Model(name) | Class::Record(name) => name,
            Class::Table => "Table",
            Class::Array => "numpy.ndarray",
            Class::Scalar(dtype) => match dtype {
                DType::Bool => "numpy.bool",
                DType::Int8 => "numpy.int8",
                DType::Int16 => "numpy.int16",
                DType::Int32 => "numpy.int32",
                DType::Int64 => "numpy.int64",
                DType::UInt8 => "numpy.uint8",
                DType::UInt16 => "numpy.uint16",
                DType::UInt32 => "numpy.uint32",
                DType::UInt64 => "numpy.uint64",
                DType::Float32 => "numpy.float32",
                DType::Float64 => "numpy.float64",
                DType::Complex64 => "numpy.complex64",
                DType::Complex128 => "numpy.complex128",
            },
            Class::Generic => "numpy.generic",
            Class::Number => "numpy.number",
            Class::Integer => "numpy.integer",
            Class::SignedInteger => "numpy.signedinteger",
            Class::UnsignedInteger => "numpy.unsignedinteger",
            Class::Inexact => "numpy.inexact",
            Class::Floating => "numpy.floating",
            Class::ComplexFloating => "numpy.complexfloating",
            Class::DType => "numpy.dtype",
            Class::Generator => "numpy.random._generator.Generator",
            Class::Philox => "numpy.random._philox.Philox",
        }
    }

    /// The name without its module: `__name__`.
    pub fn short_name(self) -> &'static str {
        let name = self.name();
        name.rsplit_once('.').map_or(name, |(_, last)| last)
    }

    /// The classes directly above, but for Python's `object`, which is above all.
    pub fn bases(self) -> &'static [Class] {
        match self {
            Class::Bool => &[Class::Int],
            Class::Scalar(DType::Bool) | Class::Number => &[Class::Generic],
            Class::Scalar(DType::Float64) => &[Class::Floating, Class::Float],
            Class::Scalar(DType::Float32) => &[Class::Floating],
            Class::Scalar(DType::Int8 | DType::Int16 | DType::Int32 | DType::Int64) => {
                &[Class::SignedInteger]
            }
            Class::Scalar(DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64) => {
                &[Class::UnsignedInteger]
            }
            Class::Scalar(DType::Complex128) => &[Class::ComplexFloating, Class::Complex],
            Class::Scalar(DType::Complex64) => &[Class::ComplexFloating],
            Class::Floating | Class::ComplexFloating => &[Class::Inexact],
            Class::SignedInteger | Class::UnsignedInteger => &[Class::Integer],
            Class::Integer | Class::Inexact => &[Class::Number],
            _ => &[],
        }
    }

    /// The element type that a class stands for where NumPy asks for one.
    pub fn dtype(self) -> Option<DType> {
        match self {
            Class::Bool => Some(DType::Bool),
            Class::Int => Some(DType::Int64),
            Class::Float => Some(DType::Float64),
            Class::Complex => Some(DType::Complex128),
            Class::Scalar(dtype) => Some(dtype),
            _ => None,
        }
    }
}
