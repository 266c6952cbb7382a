//! A block: a shape, a dtype, and elements in C order.

use crate::{Allocate, Buffer};
use nums_lshs::{BlockSpec, DType};
use std::sync::Arc;

/// The elements of one block of an array, type-erased, in C order without gaps.
#[derive(Debug)]
pub struct Block {
    spec: BlockSpec,
    buffer: Buffer,
}

/// A Rust type that is the element of some dtype.
pub trait Element: Copy + Send + Sync + sealed::Plain + 'static {
    /// The dtype.
    const DTYPE: DType;
}

impl AsRef<[u8]> for Block {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

mod sealed {
    /// Types of which every bit pattern is a value; that makes views of bytes sound.
    pub trait Plain {}
    impl Plain for f64 {}
}

impl Element for f64 {
    const DTYPE: DType = DType::Float64;
}

impl Block {
    /// A block whose elements are still to be written.
    pub fn new(spec: BlockSpec, allocate: &mut Allocate) -> Block {
        let buffer = allocate(spec.bytes());
        debug_assert_eq!(buffer.len() as u64, spec.bytes());
        Block { spec, buffer }
    }

    /// A block of the bytes in a buffer, or the buffer back when its length is not what the spec needs.
    ///
    /// # Errors
    /// The buffer, when it has another length.
    pub fn from_buffer(spec: BlockSpec, buffer: Buffer) -> Result<Block, Buffer> {
        if buffer.len() as u64 == spec.bytes() { Ok(Block { spec, buffer }) } else { Err(buffer) }
    }

    /// The shape and dtype.
    pub fn spec(&self) -> &BlockSpec {
        &self.spec
    }

    /// The bytes of all elements, in the machine's byte order.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.as_bytes()
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
        let bytes = self.buffer.as_bytes();
        // SAFETY: the buffer is aligned to 64 bytes and every bit pattern is a value of a plain type.
        unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len() / size_of::<T>()) }
    }

    /// The elements, to be written.
    ///
    /// # Panics
    /// As [`elements`](Self::elements).
    pub fn elements_mut<T: Element>(&mut self) -> &mut [T] {
        assert_eq!(self.spec.dtype, T::DTYPE);
        let bytes = self.buffer.as_bytes_mut();
        // SAFETY: as for `elements`, and the exclusive reference to self makes this the only access.
        unsafe {
            std::slice::from_raw_parts_mut(bytes.as_mut_ptr().cast(), bytes.len() / size_of::<T>())
        }
    }

    /// The block itself when this is the only reference to it, or else a copy.
    pub(crate) fn unwrap_or_copy(block: Arc<Block>, allocate: &mut Allocate) -> Block {
        Arc::try_unwrap(block).unwrap_or_else(|shared| {
            let mut copy = Block::new(shared.spec.clone(), allocate);
            copy.buffer.as_bytes_mut().copy_from_slice(shared.bytes());
            copy
        })
    }
}
