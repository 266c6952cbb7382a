//! Writing past the caches: an ordinary store reads the line that it is about to overwrite, a streaming one does not.

/// Writes whole vectors past the caches. What it wrote is there for other threads once it is dropped.
pub(crate) struct Stream(());

impl Stream {
    /// For a result of so many bytes, if they are more than the caches would keep for whoever reads it next.
    pub(crate) fn for_bytes(bytes: usize) -> Option<Stream> {
        const BYTES_MIN: usize = 4 << 20;
        (bytes >= BYTES_MIN && cfg!(target_arch = "x86_64")).then_some(Stream(()))
    }

    /// Copies bytes, of which both sides have as many.
    pub(super) fn copy(&mut self, from: &[u8], to: &mut [u8]) {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si128};
            assert_eq!(from.len(), to.len());
            // SAFETY: bytes of any kind are vectors of integers.
            let (head, vectors, tail) = unsafe { to.align_to_mut::<__m128i>() };
            let (tail_from, from_tail) = (head.len() + size_of_val(vectors), tail.len());
            head.copy_from_slice(&from[..head.len()]);
            tail.copy_from_slice(&from[tail_from..][..from_tail]);
            let sources = from[head.len()..tail_from].chunks_exact(size_of::<__m128i>());
            for (target, source) in vectors.iter_mut().zip(sources) {
                // SAFETY: the source has as many bytes as a vector, the target is aligned; and other threads see it
                // after the fence of `drop`.
                unsafe { _mm_stream_si128(target, _mm_loadu_si128(source.as_ptr().cast())) };
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        to.copy_from_slice(from);
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: every such processor has the instruction.
        #[cfg(target_arch = "x86_64")]
        unsafe {
            std::arch::x86_64::_mm_sfence()
        };
    }
}
