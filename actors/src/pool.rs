//! Reuse of memory: filling fresh pages costs several times as much as filling warm pages.
//!
//! A buffer that was taken here comes back when it is dropped, whoever held it last: a node, a worker, or a client in
//! the same process. Memory that came from elsewhere goes elsewhere, and fresh memory takes the place of what waits in
//! unsuitable sizes. So what is in use and what waits are together never more than what was in use at some time.

use nums_kernels::{Buffer, OutOfMemory, Reclaim};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Buffers below this size come from the allocator, which keeps them warm itself.
const RECYCLED_BYTES_MIN: u64 = 64 << 10;
/// A buffer is used for blocks that leave at most this part of their own size unused.
const WASTE_PART_MAX: u64 = 8;

/// The free buffers of a member, by capacity.
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
    /// A pool in which so many bytes may wait.
    pub(crate) fn new(free_bytes_max: u64) -> Arc<BufferPool> {
        Arc::new(BufferPool { free: Mutex::default(), free_bytes_max })
    }

    /// A buffer of a length, used before or fresh. Its contents are not defined.
    ///
    /// # Errors
    /// [`OutOfMemory`], when the system has none although all that waits here has gone back to it.
    pub(crate) fn take(self: &Arc<Self>, len: u64) -> Result<Buffer, OutOfMemory> {
        if len < RECYCLED_BYTES_MIN {
            return self.fresh(len);
        }
        let mut free = self.free();
        let used = free.take(len);
        let unsuitable = if used.is_none() { free.evict(len) } else { Vec::new() };
        drop(free);
        // Its memory goes back to the system before as much is asked of it, and while nobody waits for the lock.
        drop(unsuitable);
        let buffer = match used.and_then(|buffer| buffer.reuse(len)) {
            Some(buffer) => buffer,
            None => self.fresh(len)?,
        };
        let home: Weak<BufferPool> = Arc::downgrade(self);
        Ok(buffer.returning_to(home))
    }

    fn fresh(&self, len: u64) -> Result<Buffer, OutOfMemory> {
        Buffer::zeroed(len).or_else(|_| {
            self.clear();
            Buffer::zeroed(len)
        })
    }

    /// Gives all memory that waits to the system.
    pub(crate) fn clear(&self) {
        let free = std::mem::take(&mut *self.free());
        drop(free);
    }

    /// Whether the bytes that are counted are those of the free buffers, and within the bound.
    #[cfg(test)]
    pub(crate) fn is_sound(&self) -> bool {
        let free = self.free();
        let buffers = free.by_capacity.values().flatten();
        let bytes = buffers.map(|buffer| buffer.capacity() as u64).sum::<u64>();
        bytes == free.bytes && bytes <= self.free_bytes_max
    }

    fn free(&self) -> MutexGuard<'_, Free> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reclaim for BufferPool {
    /// Takes a buffer back; beyond the bound its memory goes to the system.
    fn reclaim(&self, memory: Buffer) {
        let mut free = self.free();
        let bytes = free.bytes + memory.capacity() as u64;
        if bytes <= self.free_bytes_max {
            free.bytes = bytes;
            free.by_capacity.entry(memory.capacity()).or_default().push(memory);
        }
    }
}

impl Free {
    /// The smallest buffer that fits a length.
    fn take(&mut self, len: u64) -> Option<Buffer> {
        let fits = len as usize..=(len + len / WASTE_PART_MAX) as usize;
        let capacity = self.by_capacity.range(fits).next().map(|(&capacity, _)| capacity)?;
        self.remove(capacity)
    }

    /// The largest buffers, until they hold as many bytes or there are none.
    fn evict(&mut self, bytes: u64) -> Vec<Buffer> {
        let mut evicted = Vec::new();
        let stays = self.bytes.saturating_sub(bytes);
        while self.bytes > stays {
            let Some((&capacity, _)) = self.by_capacity.last_key_value() else { break };
            evicted.extend(self.remove(capacity));
        }
        evicted
    }

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

    fn waiting(pool: &BufferPool) -> u64 {
        pool.free().bytes
    }

    fn address(buffer: &Buffer) -> *const u8 {
        buffer.as_bytes().as_ptr()
    }

    #[test]
    fn memory_is_used_again_wherever_it_is_dropped() {
        let pool = BufferPool::new(1 << 20);
        let first = pool.take(1 << 17).unwrap();
        let first_address = address(&first) as usize;
        std::thread::spawn(move || drop(first)).join().unwrap();
        assert_eq!(waiting(&pool), 1 << 17);
        let again = pool.take((1 << 17) - 8).unwrap();
        assert_eq!((address(&again) as usize, again.len()), (first_address, (1 << 17) - 8));
        drop(again);
        assert_eq!(waiting(&pool), 1 << 17, "at its full size");
    }

    #[test]
    fn no_more_waits_than_may_and_nothing_from_elsewhere() {
        let pool = BufferPool::new(1 << 20);
        drop(pool.take(2 << 20).unwrap());
        drop(pool.take(8).unwrap());
        drop(Buffer::zeroed(1 << 17).unwrap());
        assert_eq!(waiting(&pool), 0);
        drop((pool.take(1 << 19).unwrap(), pool.take(1 << 18).unwrap()));
        assert_eq!(waiting(&pool), 3 << 18);
        pool.clear();
        assert_eq!(waiting(&pool), 0);
    }

    #[test]
    fn fresh_memory_takes_the_place_of_other_sizes() {
        let pool = BufferPool::new(1 << 30);
        drop((0..4).map(|_| pool.take(1 << 20).unwrap()).collect::<Vec<_>>());
        let small: Vec<_> = (0..8).map(|_| pool.take(1 << 19).unwrap()).collect();
        assert_eq!(waiting(&pool), 0, "as many bytes as are in use now");
        drop(small);
        assert_eq!(waiting(&pool), 4 << 20);
    }

    #[test]
    fn what_the_system_does_not_have_is_an_error_and_nothing_waits_meanwhile() {
        let pool = BufferPool::new(1 << 30);
        drop(pool.take(1 << 20).unwrap());
        let bytes = isize::MAX as u64 / 2;
        assert_eq!(pool.take(bytes).map(|_| ()), Err(OutOfMemory { bytes }));
        assert_eq!(waiting(&pool), 0, "it has gone back before it was asked again");
        assert!(pool.take(1 << 20).is_ok());
    }

    #[test]
    fn memory_outlives_its_pool() {
        let pool = BufferPool::new(1 << 20);
        let mut buffer = pool.take(1 << 17).unwrap();
        drop(pool);
        buffer.as_bytes_mut().fill(1);
        assert_eq!(buffer.as_bytes()[5], 1);
    }
}
