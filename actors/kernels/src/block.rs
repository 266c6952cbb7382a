//! A block: a shape, a dtype, and elements in C order.

use crate::{Allocate, Buffer, OutOfMemory};
use num_complex::Complex;
use nums_lshs::{BlockSpec, DType, Shape};
pub(crate) use sealed::Plain;
use std::sync::Arc;
use thiserror::Error;

/// The elements of one block of an array, type-erased, in C order without gaps.
#[derive(Debug)]
pub struct Block {
    spec: BlockSpec,
    buffer: Buffer,
}

/// Bytes that are not the elements of a block.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BlockError {
    /// There are too many or too few of them.
    #[error("expected {needed} bytes for shape {shape} of {dtype}, got {found}")]
    Length {
        /// The shape of the block.
        shape: Shape,
        /// Its dtype.
        dtype: DType,
        /// The bytes that it has.
        needed: u64,
        /// The bytes that there are.
        found: u64,
    },
    /// A byte of a bool block is neither 0 nor 1.
    #[error("expected 0 or 1 in byte {index} of a block of bool, got {byte}")]
    NotBool {
        /// Where.
        index: usize,
        /// What stands there.
        byte: u8,
    },
}

/// A Rust type that is the element of some dtype.
pub trait Element: Copy + Default + Send + Sync + Plain + 'static {
    /// The dtype.
    const DTYPE: DType;
}

/// An unsigned integer that stands for any element of its size: what only moves elements need not know their type.
pub(crate) trait Word: Copy + Default + Send + Sync + Plain + 'static {}

impl AsRef<[u8]> for Block {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

mod sealed {
    /// Types of which every byte pattern that a block can hold is a value; that makes views of bytes sound. A block of
    /// bool holds the bytes 0 and 1 alone: its memory is cleared when it is made, and foreign bytes are checked.
    pub trait Plain {}
}

macro_rules! elements {
    ($($element:ty => $dtype:ident),* $(,)?) => {$(
        impl sealed::Plain for $element {}
        impl Element for $element {
            const DTYPE: DType = DType::$dtype;
        }
    )*};
}

elements! {
    bool => Bool,
    i8 => Int8,
    i16 => Int16,
    i32 => Int32,
    i64 => Int64,
    u8 => UInt8,
    u16 => UInt16,
    u32 => UInt32,
    u64 => UInt64,
    f32 => Float32,
    f64 => Float64,
    Complex<f32> => Complex64,
    Complex<f64> => Complex128,
}

impl sealed::Plain for u128 {}
impl Word for u8 {}
impl Word for u16 {}
impl Word for u32 {}
impl Word for u64 {}
impl Word for u128 {}

/// Runs a piece of code with a type name that stands for the [`Word`] of a dtype's size.
macro_rules! with_word {
    ($dtype:expr, $word:ident => $body:expr) => {
        match $dtype.item_bytes() {
            1 => {
                type $word = u8;
                $body
            }
            2 => {
                type $word = u16;
                $body
            }
            4 => {
                type $word = u32;
                $body
            }
            8 => {
                type $word = u64;
                $body
            }
            _ => {
                type $word = u128;
                $body
            }
        }
    };
}

/// Runs a piece of code with a type name that stands for the element of a dtype: the one place that lists them.
macro_rules! with_element {
    ($dtype:expr, $element:ident => $body:expr) => {
        $crate::block::with_element!(
            $dtype,
            $element => $body,
            Bool bool, Int8 i8, Int16 i16, Int32 i32, Int64 i64, UInt8 u8, UInt16 u16, UInt32 u32, UInt64 u64,
            Float32 f32, Float64 f64,
            Complex64 num_complex::Complex<f32>, Complex128 num_complex::Complex<f64>
        )
    };
    ($dtype:expr, $element:ident => $body:expr, $($name:ident $type:ty),*) => {
        match $dtype {
            $(nums_lshs::DType::$name => {
                type $element = $type;
                $body
            })*
        }
    };
}

pub(crate) use {with_element, with_word};

impl Block {
    /// A block whose elements are still to be written.
    ///
    /// # Errors
    /// [`OutOfMemory`], when that is what `allocate` says.
    pub fn new(spec: BlockSpec, allocate: &mut Allocate) -> Result<Block, OutOfMemory> {
        let mut buffer = allocate(spec.bytes())?;
        debug_assert_eq!(buffer.len() as u64, spec.bytes());
        if spec.dtype == DType::Bool {
            // Recycled memory holds bytes that are no bool.
            buffer.as_bytes_mut().fill(0);
        }
        Ok(Block { spec, buffer })
    }

    /// A block of bytes that come from elsewhere.
    ///
    /// # Errors
    /// [`BlockError`] when there are not as many as the spec needs, or a bool is neither 0 nor 1.
    pub fn from_buffer(spec: BlockSpec, buffer: Buffer) -> Result<Block, BlockError> {
        let (needed, found) = (spec.bytes(), buffer.len() as u64);
        if found != needed {
            let BlockSpec { dtype, shape } = spec;
            return Err(BlockError::Length { shape, dtype, needed, found });
        }
        if spec.dtype == DType::Bool {
            let bytes = buffer.as_bytes();
            if let Some(index) = bytes.iter().position(|&byte| byte > 1) {
                return Err(BlockError::NotBool { index, byte: bytes[index] });
            }
        }
        Ok(Block { spec, buffer })
    }

    /// The shape and dtype.
    pub fn spec(&self) -> &BlockSpec {
        &self.spec
    }

    /// The bytes of all elements, in the machine's byte order.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.as_bytes()
    }

    /// The bytes of all elements, to be written.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        self.buffer.as_bytes_mut()
    }

    /// The memory, to be used again.
    pub fn into_buffer(self) -> Buffer {
        self.buffer
    }

    /// The elements.
    ///
    /// # Panics
    /// When `T` is not the dtype of the block: kernels choose `T` by the dtype.
    pub fn elements<T: Element>(&self) -> &[T] {
        assert_eq!(self.spec.dtype, T::DTYPE);
        self.view()
    }

    /// The elements, to be written.
    ///
    /// # Panics
    /// As [`elements`](Self::elements).
    pub fn elements_mut<T: Element>(&mut self) -> &mut [T] {
        assert_eq!(self.spec.dtype, T::DTYPE);
        self.view_mut()
    }

    /// The elements as words of their size.
    pub(crate) fn words<W: Word>(&self) -> &[W] {
        assert_eq!(self.spec.dtype.item_bytes(), size_of::<W>() as u64);
        self.view()
    }

    /// The elements as words of their size, to be overwritten with words of blocks of the same dtype.
    pub(crate) fn words_mut<W: Word>(&mut self) -> &mut [W] {
        assert_eq!(self.spec.dtype.item_bytes(), size_of::<W>() as u64);
        self.view_mut()
    }

    /// The block itself when this is the only reference to it, or else a copy.
    pub(crate) fn unwrap_or_copy(
        block: Arc<Block>,
        allocate: &mut Allocate,
    ) -> Result<Block, OutOfMemory> {
        Arc::try_unwrap(block).or_else(|shared| {
            let mut buffer = allocate(shared.spec.bytes())?;
            buffer.as_bytes_mut().copy_from_slice(shared.bytes());
            Ok(Block { spec: shared.spec.clone(), buffer })
        })
    }

    fn view<T: Plain>(&self) -> &[T] {
        let bytes = self.buffer.as_bytes();
        // SAFETY: the buffer is aligned to 64 bytes, and what it holds are values of a plain type of this size.
        unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len() / size_of::<T>()) }
    }

    fn view_mut<T: Plain>(&mut self) -> &mut [T] {
        let bytes = self.buffer.as_bytes_mut();
        // SAFETY: as for `view`, and the exclusive reference to self makes this the only access.
        unsafe {
            std::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), bytes.len() / size_of::<T>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_bytes_are_checked() {
        let spec = |dtype| BlockSpec::new(dtype, Shape::new([3]).unwrap());
        let mut bytes = Buffer::zeroed(3).unwrap();
        bytes.as_bytes_mut().copy_from_slice(&[0, 1, 1]);
        let block = Block::from_buffer(spec(DType::Bool), bytes).unwrap();
        assert_eq!(block.elements::<bool>(), [false, true, true]);
        let mut bytes = block.into_buffer();
        bytes.as_bytes_mut()[1] = 2;
        let refused = Block::from_buffer(spec(DType::Bool), bytes).unwrap_err();
        assert_eq!(refused, BlockError::NotBool { index: 1, byte: 2 });
        let refused =
            Block::from_buffer(spec(DType::Int32), Buffer::zeroed(4).unwrap()).unwrap_err();
        assert_eq!(refused.to_string(), "expected 12 bytes for shape (3,) of int32, got 4");
    }

    #[test]
    fn a_block_of_bool_in_used_memory_holds_bools() {
        let spec = BlockSpec::new(DType::Bool, Shape::new([5]).unwrap());
        let mut used = |len| {
            let mut buffer = Buffer::zeroed(len)?;
            buffer.as_bytes_mut().fill(0xff);
            Ok(buffer)
        };
        assert_eq!(Block::new(spec, &mut used).unwrap().elements::<bool>(), [false; 5]);
    }
}
