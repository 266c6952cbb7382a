//! Permutations of any length whose elements are computed one by one.
//!
//! A Feistel network over two digits of different radix is a bijection for any round function. Its domain is a little
//! larger than the length; what falls outside is sent through again until it falls inside ("cycle walking").
//!
//! Source: J. Black, P. Rogaway, "Ciphers with arbitrary finite domains", 2002.

/// Rounds of the network. Twelve mix a large domain; on five elements they are seen to prefer some orders.
const ROUNDS: usize = 12;
const ROUNDS_SMALL: usize = 2 * ROUNDS;
/// Below this length the larger number of rounds is used.
const SMALL_LEN: u64 = 4096;

/// A permutation of `0..len` that a key chooses.
///
/// It is no cipher: the round functions are fast, not secret.
///
/// ```
/// use nums_lshs::Permutation;
/// let permutation = Permutation::new(10, 7, 0);
/// let mut all: Vec<_> = (0..10).map(|index| permutation.at(index)).collect();
/// all.sort();
/// assert_eq!(all, (0..10).collect::<Vec<_>>());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permutation {
    len: u64,
    radix: [u64; 2],
    keys: [u64; ROUNDS_SMALL],
}

impl Permutation {
    /// The permutation of a seed and a stream.
    pub fn new(len: usize, seed: u64, stream: u64) -> Permutation {
        let len = len as u64;
        // The smallest square that holds the domain, without the rows that it does not need.
        let rows = len.saturating_sub(1).isqrt() + 1;
        let columns = len.div_ceil(rows).max(1);
        let mut state = mixed(seed).wrapping_add(mixed(stream ^ 0x6a09_e667_f3bc_c908));
        let keys = std::array::from_fn(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mixed(state)
        });
        Permutation { len, radix: [rows, columns], keys }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The element at an index. It costs about 50 ns.
    ///
    /// # Panics
    /// When the index is not below the length.
    pub fn at(&self, index: usize) -> usize {
        assert!((index as u64) < self.len, "index {index} of a permutation of {}", self.len);
        let mut value = index as u64;
        loop {
            value = self.network(value);
            // The cycle comes back to the index itself, so this ends.
            if value < self.len {
                return value as usize;
            }
        }
    }

    fn network(&self, value: u64) -> u64 {
        let [rows, columns] = self.radix;
        let mut digits = [value / columns, value % columns];
        let rounds = if self.len < SMALL_LEN { ROUNDS_SMALL } else { ROUNDS };
        for (round, key) in self.keys[..rounds].iter().enumerate() {
            let own = round % 2;
            let hash = mixed(digits[1 - own] ^ key);
            // The high half of a product maps a hash to a digit.
            let shift = ((u128::from(hash) * u128::from(self.radix[own])) >> 64) as u64;
            let moved = digits[own] + shift;
            digits[own] = if moved < self.radix[own] { moved } else { moved - self.radix[own] };
        }
        debug_assert!(digits[0] < rows);
        digits[0] * columns + digits[1]
    }
}

/// A bijection of 64 bits in which every bit depends on all (the finaliser of SplitMix64, by D. Stafford).
fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_length_is_permuted() {
        for len in (0..200).chain([1 << 10, 10_007]) {
            let permutation = Permutation::new(len, 3, len as u64);
            let mut seen = vec![false; len];
            (0..len).for_each(|index| seen[permutation.at(index)] = true);
            assert!(seen.into_iter().all(|seen| seen), "{len}");
        }
    }

    #[test]
    fn all_orders_of_few_elements_are_as_likely() {
        // The bound is passed once in ten thousand keys sets by chance.
        for (len, orders, bound) in [(2, 2, 15.2), (3, 6, 25.8), (4, 24, 55.0), (5, 120, 187.0)] {
            let draws = 200 * orders;
            let mut counts: BTreeMap<Vec<usize>, u32> = BTreeMap::new();
            for seed in 0..draws {
                let permutation = Permutation::new(len, seed, 0);
                *counts
                    .entry((0..len).map(|index| permutation.at(index)).collect())
                    .or_default() += 1;
            }
            assert_eq!(counts.len() as u64, orders);
            let distance = |&count: &u32| (f64::from(count) - 200.0).powi(2) / 200.0;
            let chi_squared: f64 = counts.values().map(distance).sum();
            assert!(chi_squared < bound, "{len} elements: {chi_squared}");
        }
    }

    #[test]
    fn neighbours_and_fixed_points_are_as_rare_as_chance() {
        let len = 100_000;
        let permutation = Permutation::new(len, 11, 2);
        let all: Vec<_> = (0..len).map(|index| permutation.at(index)).collect();
        let fixed = all.iter().enumerate().filter(|&(index, &value)| index == value).count();
        let rises = all.windows(2).filter(|pair| pair[1] == pair[0] + 1).count();
        // Both are Poisson with mean 1.
        assert!(fixed < 8 && rises < 8, "{fixed} {rises}");
        let ascents = all.windows(2).filter(|pair| pair[0] < pair[1]).count() as f64;
        let deviation = (len as f64 / 12.0).sqrt();
        assert!((ascents - len as f64 / 2.0).abs() < 4.0 * deviation, "{ascents}");
    }
}
