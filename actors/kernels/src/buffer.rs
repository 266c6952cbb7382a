//! The memory of a block: aligned bytes that start as zeros and can be used again.

use crate::OutOfMemory;
use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::NonNull;
use std::sync::Weak;

/// Blocks start at cache lines, which is also the width of the widest vector registers.
const ALIGN_BYTES: usize = 64;
/// What the system allocator aligns to without filling the memory itself: it gives fresh zero pages, and no page is
/// touched before a kernel writes to it.
const SYSTEM_ALIGN_BYTES: usize = 16;
/// Buffers from this size on ask for huge pages. The system fills those several times faster: a block of float64 with
/// fresh pages of 4 KiB takes longer to touch than to compute.
#[cfg(target_os = "linux")]
const HUGE_BYTES_MIN: usize = 4 << 20;

/// Who takes the memory of buffers back.
pub trait Reclaim: Send + Sync {
    /// A buffer has been dropped somewhere; this is its memory, at its full capacity.
    fn reclaim(&self, memory: Buffer);
}

/// A fixed number of aligned bytes.
pub struct Buffer {
    /// What the allocator gave; the aligned start lies up to 63 bytes behind it.
    base: NonNull<u8>,
    offset: usize,
    len: usize,
    capacity: usize,
    home: Option<Weak<dyn Reclaim>>,
}

// SAFETY: a buffer owns its memory alone, a home may be told of it by any thread, and a buffer
// gives its memory out by the rules of references.
unsafe impl Send for Buffer {}
// SAFETY: as above; nothing in a buffer changes through a shared reference.
unsafe impl Sync for Buffer {}

impl Buffer {
    /// A buffer of zeros; pages are touched when they are first written.
    ///
    /// # Errors
    /// [`OutOfMemory`], also when so many bytes cannot be addressed.
    pub fn zeroed(len: u64) -> Result<Buffer, OutOfMemory> {
        let refused = OutOfMemory { bytes: len };
        let len = usize::try_from(len).map_err(|_| refused)?;
        let layout = layout(len).ok_or(refused)?;
        // SAFETY: the layout is never of size 0.
        let base = unsafe { alloc_zeroed(layout) };
        let base = NonNull::new(base).ok_or(refused)?;
        advise_huge_pages(base, layout.size());
        let offset = base.align_offset(ALIGN_BYTES);
        Ok(Buffer { base, offset, len, capacity: len, home: None })
    }

    /// The same memory as a buffer of another length, or `None` when it is too small. The contents are what was left
    /// in it: for kernels that write every byte.
    pub fn reuse(mut self, len: u64) -> Option<Buffer> {
        self.len = usize::try_from(len).ok().filter(|&len| len <= self.capacity)?;
        Some(self)
    }

    /// The same buffer, whose memory goes to `home` when it is dropped, wherever that is, as long as its home is there.
    pub fn returning_to(mut self, home: Weak<dyn Reclaim>) -> Buffer {
        self.home = Some(home);
        self
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes that the memory behind the buffer can hold.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: offset + len lies inside the allocation, which was zeroed and stays initialised.
        unsafe { std::slice::from_raw_parts(self.base.as_ptr().add(self.offset), self.len) }
    }

    /// The bytes, to be written.
    pub fn as_bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, and the exclusive reference to self makes this the only access.
        unsafe { std::slice::from_raw_parts_mut(self.base.as_ptr().add(self.offset), self.len) }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(home) = self.home.take().and_then(|home| home.upgrade()) {
            let Buffer { base, offset, capacity, .. } = *self;
            return home.reclaim(Buffer { base, offset, len: capacity, capacity, home: None });
        }
        if let Some(layout) = layout(self.capacity) {
            // SAFETY: the memory was allocated with this layout, and nothing refers to it any more.
            unsafe { dealloc(self.base.as_ptr(), layout) }
        }
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl AsMut<[u8]> for Buffer {
    fn as_mut(&mut self) -> &mut [u8] {
        self.as_bytes_mut()
    }
}

impl std::fmt::Debug for Buffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Buffer({} bytes)", self.len)
    }
}

/// The allocation behind a buffer: room to move the start to a cache line. `None` when it cannot be addressed.
fn layout(capacity: usize) -> Option<Layout> {
    let size = capacity.checked_add(ALIGN_BYTES)?;
    Layout::from_size_align(size, SYSTEM_ALIGN_BYTES).ok()
}

/// Asks for huge pages for a large allocation; where there are none it goes on without.
#[cfg(target_os = "linux")]
fn advise_huge_pages(base: NonNull<u8>, size: usize) {
    const PAGE_BYTES: usize = 4096;
    if size < HUGE_BYTES_MIN {
        return;
    }
    let offset = base.align_offset(PAGE_BYTES);
    let pages_bytes = (size - offset) / PAGE_BYTES * PAGE_BYTES;
    // SAFETY: the range is whole pages inside of the allocation, and the advice changes none of their contents.
    unsafe { libc::madvise(base.as_ptr().add(offset).cast(), pages_bytes, libc::MADV_HUGEPAGE) };
}

#[cfg(not(target_os = "linux"))]
fn advise_huge_pages(_: NonNull<u8>, _: usize) {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    /// Keeps what comes back.
    #[derive(Default)]
    struct Home(Mutex<Vec<Buffer>>);

    impl Reclaim for Home {
        fn reclaim(&self, memory: Buffer) {
            self.0.lock().unwrap().push(memory);
        }
    }

    #[test]
    fn memory_goes_home_once_and_to_the_system_when_there_is_no_home() {
        let home = Arc::new(Home::default());
        let weak: std::sync::Weak<Home> = Arc::downgrade(&home);
        let buffer = Buffer::zeroed(1 << 16).unwrap().reuse(1 << 15).unwrap();
        let buffer = buffer.returning_to(weak.clone());
        let address = buffer.as_bytes().as_ptr();
        std::thread::spawn(move || drop(buffer)).join().unwrap();
        let back = home.0.lock().unwrap().pop().unwrap();
        assert_eq!((back.as_bytes().as_ptr(), back.len()), (address, 1 << 16));
        drop(back);
        assert!(home.0.lock().unwrap().is_empty());
        let orphan = Buffer::zeroed(8 << 20).unwrap().returning_to(weak);
        drop(home);
        drop(orphan);
    }

    #[test]
    fn memory_that_is_not_there_is_an_error() {
        for bytes in [u64::MAX, isize::MAX as u64, isize::MAX as u64 / 2] {
            assert_eq!(Buffer::zeroed(bytes).map(|_| ()), Err(OutOfMemory { bytes }));
        }
    }

    #[test]
    fn buffers_are_aligned_zeroed_and_reusable() {
        for len in [0, 1, 8, 4096, 1 << 20] {
            let mut buffer = Buffer::zeroed(len).unwrap();
            assert_eq!(buffer.as_bytes().as_ptr().align_offset(ALIGN_BYTES), 0);
            assert!(buffer.as_bytes().iter().all(|&byte| byte == 0));
            buffer.as_bytes_mut().fill(7);
            assert!(Buffer::zeroed(4).unwrap().reuse(5).is_none());
            assert_eq!(buffer.reuse(len / 2).map(|buffer| buffer.len() as u64), Some(len / 2));
        }
    }
}
