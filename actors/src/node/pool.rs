//! Memory that is used again: filling fresh pages costs several times a pass over warm ones.

use nums_kernels::Buffer;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Buffers below this size come from the allocator, which keeps them warm itself.
const RECYCLED_BYTES_MIN: u64 = 64 << 10;
/// A buffer is not used for a block of less than half its size.
const WASTE_FACTOR_MAX: u64 = 2;

/// The free buffers of a node, by capacity.
#[derive(Debug)]
pub(crate) struct BufferPool {
    free: Mutex<Free>,
    free_bytes_max: u64,
}

#[derive(Debug, Default)]
struct Free {
    by_capacity: BTreeMap<usize, Vec<Buffer>>,
    bytes: u64,
}

impl BufferPool {
    pub(crate) fn new(free_bytes_max: u64) -> BufferPool {
        BufferPool { free: Mutex::default(), free_bytes_max }
    }

    /// A buffer of a length, used before or fresh. Its contents are not defined.
    pub(crate) fn take(&self, len: u64) -> Buffer {
        if len < RECYCLED_BYTES_MIN {
            return Buffer::zeroed(len);
        }
        let reused = {
            let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            let fits = len as usize..=(len * WASTE_FACTOR_MAX) as usize;
            let capacity = free.by_capacity.range(fits).next().map(|(&capacity, _)| capacity);
            capacity.and_then(|capacity| free.remove(capacity))
        };
        reused.and_then(|buffer| buffer.reuse(len)).unwrap_or_else(|| Buffer::zeroed(len))
    }

    /// Takes a buffer back; beyond the bound its memory goes to the system.
    pub(crate) fn put(&self, buffer: Buffer) {
        let capacity = buffer.capacity();
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = free.bytes + capacity as u64 <= self.free_bytes_max;
        if capacity as u64 >= RECYCLED_BYTES_MIN && fits {
            free.bytes += capacity as u64;
            free.by_capacity.entry(capacity).or_default().push(buffer);
        }
    }

    /// Whether the bytes that are counted are those of the free buffers, and within the bound.
    #[cfg(test)]
    pub(crate) fn is_sound(&self) -> bool {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let buffers = free.by_capacity.values().flatten();
        let bytes = buffers.map(|buffer| buffer.capacity() as u64).sum::<u64>();
        bytes == free.bytes && bytes <= self.free_bytes_max
    }
}

impl Free {
    fn remove(&mut self, capacity: usize) -> Option<Buffer> {
        let buffers = self.by_capacity.get_mut(&capacity)?;
        let buffer = buffers.pop();
        if buffers.is_empty() {
            self.by_capacity.remove(&capacity);
        }
        self.bytes -= capacity as u64;
        buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again_within_the_bounds() {
        let pool = BufferPool::new(1 << 20);
        let first = pool.take(1 << 17);
        let address = first.as_bytes().as_ptr();
        pool.put(first);
        assert_ne!(pool.take(1 << 15).as_bytes().as_ptr(), address, "far too large for it");
        let again = pool.take((1 << 17) - 8);
        assert_eq!((again.as_bytes().as_ptr(), again.len()), (address, (1 << 17) - 8));
        pool.put(Buffer::zeroed(2 << 20));
        assert_eq!(pool.free.lock().unwrap().bytes, 0, "more than the pool may keep");
    }
}
