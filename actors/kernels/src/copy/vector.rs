//! Squares of words that turn in registers: lines of the source come in, lines of the target go out.
//!
//! In the round of distance d, lines that lie d apart swap words, so that bit d of a word's number in its line becomes
//! bit d of the line's number and the other way round; a square of n lines takes log n rounds. Source of the rounds:
//! J. Eklundh, "A fast computer method for matrix transposing", 1972.

/// A vector that holds a line of a square, of words of 4 bytes or more. Its functions need a processor that has it.
pub(super) trait Vector: Copy {
    const BYTES: usize;

    /// # Safety
    /// The processor has the vector, and so many bytes may be read.
    unsafe fn load(from: *const u8) -> Self;
    /// # Safety
    /// The processor has the vector, so many bytes may be written, and nobody else uses them.
    unsafe fn store(self, to: *mut u8);
    /// The lower line with words of the upper one where the bit `distance` of their place, in bytes, is set, and the
    /// upper line with words of the lower one where it is not.
    ///
    /// # Safety
    /// The processor has the vector.
    unsafe fn swap(lower: Self, upper: Self, distance: usize) -> [Self; 2];
}

/// Turns the square of `LEN` lines that lie `from` bytes apart into one of lines that lie `to` bytes apart.
///
/// # Safety
/// The processor has the vector, all lines lie where bytes may be read and written, and nobody else uses those of the
/// target.
#[inline(always)]
pub(super) unsafe fn turn<V: Vector, const LEN: usize>(
    (source, from): (*const u8, isize),
    (target, to): (*mut u8, usize),
) {
    // SAFETY: what the caller promises.
    unsafe {
        let mut lines = [V::load(source); LEN];
        for (line, held) in lines.iter_mut().enumerate().skip(1) {
            *held = V::load(source.offset(line as isize * from));
        }
        let mut apart = 1;
        while apart < LEN {
            let mut lower = 0;
            while lower < LEN {
                let upper = lower + apart;
                let distance = apart * (V::BYTES / LEN);
                [lines[lower], lines[upper]] = V::swap(lines[lower], lines[upper], distance);
                // The next line whose number lacks the bit.
                lower = (lower + 1 + apart) & !apart;
            }
            apart *= 2;
        }
        for (line, held) in lines.iter().enumerate() {
            held.store(target.add(line * to));
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Vector;
    use std::arch::x86_64::*;

    impl Vector for __m512i {
        const BYTES: usize = 64;
        #[inline(always)]
        unsafe fn load(from: *const u8) -> Self {
            // SAFETY: what the caller promises; so for all of these.
            unsafe { _mm512_loadu_si512(from.cast()) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut u8) {
            // SAFETY: as above.
            unsafe { _mm512_storeu_si512(to.cast(), self) }
        }
        #[inline(always)]
        unsafe fn swap(lower: Self, upper: Self, distance: usize) -> [Self; 2] {
            // SAFETY: as above.
            unsafe {
                match distance {
                    4 => [
                        _mm512_mask_shuffle_epi32::<0b10_00_00_00>(lower, 0xaaaa, upper),
                        _mm512_mask_shuffle_epi32::<0b00_11_00_01>(upper, 0x5555, lower),
                    ],
                    8 => [_mm512_unpacklo_epi64(lower, upper), _mm512_unpackhi_epi64(lower, upper)],
                    16 => [
                        _mm512_mask_permutex_epi64::<0b01_00_00_00>(lower, 0xcc, upper),
                        _mm512_mask_permutex_epi64::<0b00_00_11_10>(upper, 0x33, lower),
                    ],
                    _ => [
                        _mm512_shuffle_i64x2::<0b01_00_01_00>(lower, upper),
                        _mm512_shuffle_i64x2::<0b11_10_11_10>(lower, upper),
                    ],
                }
            }
        }
    }

    impl Vector for __m256i {
        const BYTES: usize = 32;
        #[inline(always)]
        unsafe fn load(from: *const u8) -> Self {
            // SAFETY: as above.
            unsafe { _mm256_loadu_si256(from.cast()) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut u8) {
            // SAFETY: as above.
            unsafe { _mm256_storeu_si256(to.cast(), self) }
        }
        #[inline(always)]
        unsafe fn swap(lower: Self, upper: Self, distance: usize) -> [Self; 2] {
            // SAFETY: as above.
            unsafe {
                match distance {
                    4 => [
                        _mm256_blend_epi32::<0xaa>(lower, _mm256_slli_epi64::<32>(upper)),
                        _mm256_blend_epi32::<0xaa>(_mm256_srli_epi64::<32>(lower), upper),
                    ],
                    8 => [_mm256_unpacklo_epi64(lower, upper), _mm256_unpackhi_epi64(lower, upper)],
                    _ => [
                        _mm256_permute2x128_si256::<0x20>(lower, upper),
                        _mm256_permute2x128_si256::<0x31>(lower, upper),
                    ],
                }
            }
        }
    }
}
