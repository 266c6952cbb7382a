//! Memory to work in, of which a kernel may need as much as it reads or writes. Where the system has no more, the
//! operation fails and the process lives on. What does not grow with a block is allocated as usual.

use crate::block::Plain;
use faer::Mat;
use faer::dyn_stack::{MemBuffer, StackReq};
use serde::{Deserialize, Serialize};
use std::alloc::{Layout, alloc_zeroed};
use thiserror::Error;

/// The system cannot allocate this many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("out of memory: the system cannot allocate {bytes} bytes")]
pub struct OutOfMemory {
    /// The requested bytes.
    pub bytes: u64,
}

impl OutOfMemory {
    fn of<T>(len: usize) -> OutOfMemory {
        OutOfMemory { bytes: (len as u64).saturating_mul(size_of::<T>() as u64) }
    }
}

/// Zeros, in pages that are touched when they are first written: what `vec![0; len]` gives.
///
/// # Errors
/// [`OutOfMemory`].
pub fn zeros<T: Plain + Copy>(len: usize) -> Result<Vec<T>, OutOfMemory> {
    let refused = OutOfMemory::of::<T>(len);
    let layout = Layout::array::<T>(len).map_err(|_| refused)?;
    if layout.size() == 0 {
        return Ok(Vec::new());
    }
    // SAFETY: the layout is not of size 0.
    let start = unsafe { alloc_zeroed(layout) };
    if start.is_null() {
        return Err(refused);
    }
    // SAFETY: the global allocator gave memory for `len` elements in their own layout, and zeros are elements of a
    // plain type.
    Ok(unsafe { Vec::from_raw_parts(start.cast(), len, len) })
}

/// The same value many times.
///
/// # Errors
/// [`OutOfMemory`].
pub(crate) fn filled<T: Clone>(value: T, len: usize) -> Result<Vec<T>, OutOfMemory> {
    let mut all = with_capacity(len)?;
    all.resize(len, value);
    Ok(all)
}

/// An empty vector with room for some elements.
///
/// # Errors
/// [`OutOfMemory`].
pub(crate) fn with_capacity<T>(len: usize) -> Result<Vec<T>, OutOfMemory> {
    let mut empty = Vec::new();
    empty.try_reserve_exact(len).map_err(|_| OutOfMemory::of::<T>(len))?;
    Ok(empty)
}

/// A matrix, column by column.
///
/// # Errors
/// [`OutOfMemory`].
pub(crate) fn matrix<T>(
    rows: usize,
    columns: usize,
    element: impl FnMut(usize, usize) -> T,
) -> Result<Mat<T>, OutOfMemory> {
    let mut matrix = Mat::new();
    let reserved = matrix.try_reserve(rows, columns);
    reserved.map_err(|_| OutOfMemory::of::<T>(rows.saturating_mul(columns)))?;
    matrix.resize_with(rows, columns, element);
    Ok(matrix)
}

/// What a function of faer says that it needs to work in.
///
/// # Errors
/// [`OutOfMemory`].
pub(crate) fn scratch(need: StackReq) -> Result<MemBuffer, OutOfMemory> {
    MemBuffer::try_new(need).map_err(|_| OutOfMemory { bytes: need.size_bytes() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_had_is_as_asked_for() {
        assert_eq!(zeros::<f64>(3), Ok(vec![0.0; 3]));
        assert_eq!(zeros::<f64>(0), Ok(Vec::new()));
        assert_eq!(filled(7_i32, 2), Ok(vec![7, 7]));
        assert!(with_capacity::<u8>(9).unwrap().capacity() >= 9);
        let square = matrix(2, 3, |row, column| row * 10 + column).unwrap();
        assert_eq!((square.nrows(), square.ncols(), square[(1, 2)]), (2, 3, 12));
        assert!(scratch(StackReq::new::<f64>(9)).is_ok());
    }

    #[test]
    fn what_cannot_be_had_is_an_error_with_its_bytes() {
        let len = isize::MAX as usize / 16;
        let refused = Err(OutOfMemory { bytes: 8 * len as u64 });
        assert_eq!(zeros::<f64>(len), refused);
        assert_eq!(filled(1.0_f64, len), refused);
        assert_eq!(with_capacity::<f64>(len).map(|_| ()), refused.clone().map(|_: Vec<f64>| ()));
        assert_eq!(matrix(len, 1, |_, _| 0.0).map(|_| ()), refused.map(|_: Vec<f64>| ()));
        let refused = scratch(StackReq::new::<f64>(len)).map(|_| ()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!("out of memory: the system cannot allocate {} bytes", 8 * len)
        );
        assert!(zeros::<f64>(usize::MAX).is_err());
    }
}
