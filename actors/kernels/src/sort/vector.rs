//! Sorting integers of 64 bits with vectors of 512.
//!
//! A quicksort that has no branch on an element: a vector is split by its comparison with the pivot, and either part is
//! written to its side in one step (S. Gueron, V. Krasnov, "Fast Quicksort implementation using AVX instructions",
//! 2016). Parts that fit a few registers go through a bitonic network there (K. E. Batcher, 1968).

use std::arch::x86_64::*;

/// Elements of a vector.
const LANES: usize = 8;
/// Vectors that are split at a time.
const AT_ONCE: usize = 4;
/// Elements that are split at a time.
const CHUNK: usize = AT_ONCE * LANES;
/// Elements that the largest network sorts; a longer line can be split.
const NETWORK_LEN: usize = 16 * LANES;
/// From this length on the pivot is the median of more elements.
const LONG: usize = 1 << 14;

/// Sorts a line; O(n log n), in place.
#[target_feature(enable = "avx512f,popcnt")]
pub(super) fn sort(line: &mut [u64]) {
    let levels = 2 * (line.len().max(1).ilog2() + 1);
    sort_levels(line, levels);
}

/// Sorts a line; after so many levels of pivots that were bad in another way.
#[target_feature(enable = "avx512f,popcnt")]
fn sort_levels(mut line: &mut [u64], mut levels: u32) {
    while line.len() > NETWORK_LEN {
        if levels == 0 {
            return line.sort_unstable();
        }
        levels -= 1;
        let pivot = pivot(line);
        let below = partition(line, pivot);
        if below > 0 {
            let (left, right) = line.split_at_mut(below);
            sort_levels(left, levels);
            line = right;
        } else {
            // The pivot is the least element: all that equal it are in place.
            let Some(above) = pivot.checked_add(1) else { return };
            let equal = partition(line, above);
            line = &mut line[equal..];
        }
    }
    sort_short(line);
}

/// An element near the median: the median of some at equal distances.
#[target_feature(enable = "avx512f")]
fn pivot(line: &[u64]) -> u64 {
    let mut sample = [0; 8 * LANES];
    let sample = if line.len() < LONG { &mut sample[..LANES] } else { &mut sample[..] };
    let distance = line.len() / sample.len();
    sample.iter_mut().zip(line.iter().step_by(distance)).for_each(|(to, &word)| *to = word);
    sort_short(sample);
    sample[sample.len() / 2]
}

/// Moves the elements below a pivot to the front of a line that is longer than a network, and counts them.
#[target_feature(enable = "avx512f,popcnt")]
fn partition(line: &mut [u64], pivot: u64) -> usize {
    let (mut low, mut high) = (0, line.len());
    while !(high - low).is_multiple_of(CHUNK) {
        if line[low] < pivot {
            low += 1;
        } else {
            high -= 1;
            line.swap(low, high);
        }
    }
    // With a chunk of either end in registers there is room for a chunk on both sides whenever one more has been read
    // from the side that has less.
    let mut sides = Sides { pivot: _mm512_set1_epi64(pivot.cast_signed()), low, high };
    let ends = [load_chunk(line, low), load_chunk(line, high - CHUNK)];
    (low, high) = (low + CHUNK, high - CHUNK);
    while low < high {
        let chunk = if low - sides.low <= sides.high - high {
            low += CHUNK;
            load_chunk(line, low - CHUNK)
        } else {
            high -= CHUNK;
            load_chunk(line, high)
        };
        sides.split(line, &chunk);
    }
    ends.iter().for_each(|chunk| sides.split(line, chunk));
    sides.low
}

/// Where the next elements go that are below the pivot, and where those end that are not.
struct Sides {
    pivot: __m512i,
    low: usize,
    high: usize,
}

impl Sides {
    #[inline]
    #[target_feature(enable = "avx512f,popcnt")]
    fn split(&mut self, line: &mut [u64], chunk: &[__m512i; AT_ONCE]) {
        assert!(self.low + CHUNK <= self.high && self.high <= line.len());
        for &vector in chunk {
            let above = _mm512_cmpge_epu64_mask(vector, self.pivot);
            let count = above.count_ones() as usize;
            self.high -= count;
            // SAFETY: there was room for a chunk between the sides, and all its elements together take no more.
            unsafe {
                let (high, low) =
                    (line.as_mut_ptr().add(self.high), line.as_mut_ptr().add(self.low));
                let packed = _mm512_maskz_compress_epi64(above, vector);
                _mm512_mask_storeu_epi64(high.cast(), mask(count), packed);
                let packed = _mm512_maskz_compress_epi64(!above, vector);
                _mm512_mask_storeu_epi64(low.cast(), mask(LANES - count), packed);
            }
            self.low += LANES - count;
        }
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_chunk(line: &[u64], at: usize) -> [__m512i; AT_ONCE] {
    let chunk = &line[at..at + CHUNK];
    let mut vectors = [_mm512_setzero_si512(); AT_ONCE];
    for (vector, words) in vectors.iter_mut().zip(chunk.chunks_exact(LANES)) {
        *vector = load(words, *vector);
    }
    vectors
}

/// Up to a vector of words, and what stands behind them in `rest`.
#[inline]
#[target_feature(enable = "avx512f")]
fn load(words: &[u64], rest: __m512i) -> __m512i {
    // SAFETY: only the lanes of the mask are read, which are as many as there are words.
    unsafe { _mm512_mask_loadu_epi64(rest, mask(words.len()), words.as_ptr().cast()) }
}

/// Writes the first elements of a vector, at most all of them.
#[inline]
#[target_feature(enable = "avx512f")]
fn store(words: &mut [u64], vector: __m512i) {
    // SAFETY: only the lanes of the mask are written, which are as many as there are words.
    unsafe { _mm512_mask_storeu_epi64(words.as_mut_ptr().cast(), mask(words.len()), vector) }
}

/// The lowest lanes.
#[inline]
fn mask(lanes: usize) -> __mmask8 {
    assert!(lanes <= LANES);
    ((1_u32 << lanes) - 1) as __mmask8
}

/// Sorts what fits the largest network.
#[inline(never)]
#[target_feature(enable = "avx512f")]
fn sort_short(line: &mut [u64]) {
    match line.len().div_ceil(LANES) {
        0..=1 => sort_vectors::<1>(line),
        2..=4 => sort_vectors::<4>(line),
        5..=8 => sort_vectors::<8>(line),
        _ => sort_vectors::<16>(line),
    }
}

/// Sorts at most N vectors of words.
#[target_feature(enable = "avx512f")]
fn sort_vectors<const N: usize>(line: &mut [u64]) {
    let mut vectors = [_mm512_set1_epi64(-1); N];
    for (vector, words) in vectors.iter_mut().zip(line.chunks(LANES)) {
        *vector = load(words, *vector);
    }
    network(&mut vectors);
    line.chunks_mut(LANES).zip(&vectors).for_each(|(words, &vector)| store(words, vector));
}

/// A bitonic network over N vectors, N a power of two.
#[inline]
#[target_feature(enable = "avx512f")]
fn network<const N: usize>(vectors: &mut [__m512i; N]) {
    for vector in vectors.iter_mut() {
        let pairs = exchange_1(*vector);
        let turned = _mm512_permutex_epi64::<0b00_01_10_11>(pairs);
        let fours = exchange_1(exchange(pairs, turned, 0b1100_1100));
        *vector = exchange_1(exchange_2(exchange(fours, reversed(fours), 0b1111_0000)));
    }
    let mut run = 2;
    while run <= N {
        // Two sorted halves, the second one backwards, are a bitonic run.
        for run in vectors.chunks_exact_mut(run) {
            let (left, right) = run.split_at_mut(run.len() / 2);
            for (low, high) in left.iter_mut().zip(right.iter_mut().rev()) {
                let backwards = reversed(*high);
                *high = reversed(_mm512_max_epu64(*low, backwards));
                *low = _mm512_min_epu64(*low, backwards);
            }
        }
        let mut distance = run / 4;
        while distance > 0 {
            for pair in vectors.chunks_exact_mut(2 * distance) {
                let (left, right) = pair.split_at_mut(distance);
                for (low, high) in left.iter_mut().zip(right) {
                    let greater = _mm512_max_epu64(*low, *high);
                    *low = _mm512_min_epu64(*low, *high);
                    *high = greater;
                }
            }
            distance /= 2;
        }
        for vector in vectors.iter_mut() {
            *vector = exchange_1(exchange_2(exchange_4(*vector)));
        }
        run *= 2;
    }
}

/// Each lane with its partner: the greater where `upper` says so, the less elsewhere.
#[inline]
#[target_feature(enable = "avx512f")]
fn exchange(vector: __m512i, partners: __m512i, upper: __mmask8) -> __m512i {
    let less = _mm512_min_epu64(vector, partners);
    _mm512_mask_max_epu64(less, upper, vector, partners)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn exchange_1(vector: __m512i) -> __m512i {
    exchange(vector, _mm512_permutex_epi64::<0b10_11_00_01>(vector), 0b1010_1010)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn exchange_2(vector: __m512i) -> __m512i {
    exchange(vector, _mm512_permutex_epi64::<0b01_00_11_10>(vector), 0b1100_1100)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn exchange_4(vector: __m512i) -> __m512i {
    exchange(vector, _mm512_shuffle_i64x2::<0b01_00_11_10>(vector, vector), 0b1111_0000)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn reversed(vector: __m512i) -> __m512i {
    _mm512_permutexvar_epi64(_mm512_set_epi64(0, 1, 2, 3, 4, 5, 6, 7), vector)
}

#[cfg(test)]
mod tests {
    fn check(line: Vec<u64>) {
        if !is_x86_feature_detected!("avx512f") || !is_x86_feature_detected!("popcnt") {
            return;
        }
        let (mut found, mut expected) = (line.clone(), line);
        // SAFETY: the processor has what it needs.
        unsafe { super::sort(&mut found) };
        expected.sort_unstable();
        assert!(found == expected, "{} elements", found.len());
    }

    #[test]
    fn lines_of_every_kind() {
        let scattered = |at: u64| at.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (at << 7);
        for len in (0..700).chain([super::LONG as u64 - 1, 200_003]) {
            check((0..len).map(scattered).collect());
            check((0..len).map(|at| scattered(at) % 3).collect());
            check((0..len).map(|at| u64::MAX - scattered(at) % 2).collect());
            check((0..len).collect());
            check((0..len).rev().collect());
            check(vec![u64::MAX; len as usize]);
            // Rising runs, whose samples at equal distances are far from the median.
            check((0..len).map(|at| at % 128 * len + at / 128).collect());
        }
    }

    #[test]
    fn bad_pivots_end() {
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("popcnt") {
            let mut line: Vec<u64> = (0..5000).rev().collect();
            // SAFETY: the processor has what it needs.
            unsafe { super::sort_levels(&mut line, 2) };
            assert!(line.is_sorted());
        }
    }
}
