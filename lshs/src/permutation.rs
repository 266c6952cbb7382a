//! Permutations of any length whose elements are computed one by one.
//!
//! A Feistel network over two digits of different radix is a bijection for any round function. Its domain is a little
//! larger than the length; what falls outside is sent through again until it falls inside ("cycle walking").
//!
//! Where both radices are odd every round, and so the network, is an even permutation, and what cycle walking leaves out
//! of it is too little to hide that. A last exchange of two elements, which the key does or does not make, gives both
//! parities, and with them all orders.
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
    /// Whether 0 and 1 change places in the end.
    exchanged: bool,
}

impl Permutation {
    /// The permutation of a seed and a stream.
    pub fn new(len: usize, seed: u64, stream: u64) -> Permutation {
        let len = len as u64;
        // The smallest square that holds the domain, without the rows that it does not need.
        let rows = len.saturating_sub(1).isqrt() + 1;
        let columns = len.div_ceil(rows).max(1);
        let mut state = mixed(seed).wrapping_add(mixed(stream ^ 0x6a09_e667_f3bc_c908));
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mixed(state)
        };
        let keys = std::array::from_fn(|_| next());
        // Of one element there is nothing to exchange.
        let exchanged = len > 1 && next() >> 63 == 1;
        Permutation { len, radix: [rows, columns], keys, exchanged }
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
                let exchanged = self.exchanged && value < 2;
                return (if exchanged { 1 - value } else { value }) as usize;
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

    #[test]
    fn every_length_is_permuted() {
        for len in (0..200).chain([1 << 10, 10_007]) {
            let permutation = Permutation::new(len, 3, len as u64);
            let mut seen = vec![false; len];
            (0..len).for_each(|index| seen[permutation.at(index)] = true);
            assert!(seen.into_iter().all(|seen| seen), "{len}");
        }
    }

    /// Seeds of the tests below; a failure names the ones that it used.
    const SEED: u64 = 20_250_117;

    /// Whether an odd number of exchanges makes the order.
    fn is_odd(order: &[usize]) -> bool {
        let mut seen = vec![false; order.len()];
        let mut exchanges = 0;
        for start in 0..order.len() {
            // A cycle of n elements is n - 1 exchanges.
            let mut at = start;
            while !std::mem::replace(&mut seen[at], true) {
                at = order[at];
                exchanges += usize::from(at != start);
            }
        }
        exchanges % 2 == 1
    }

    /// The sum of squared distances from what is expected, in units of its variance.
    fn chi_squared(counts: &[u32], expected: f64) -> f64 {
        counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum()
    }

    /// What chance exceeds with a probability of about one in ten thousand, by the approximation of Wilson and Hilferty.
    fn chi_squared_bound(freedom: f64) -> f64 {
        let part = 2.0 / (9.0 * freedom);
        freedom * (1.0 - part + 3.72 * part.sqrt()).powi(3)
    }

    #[test]
    fn all_orders_of_few_elements_are_as_likely() {
        for len in 2..=8_usize {
            let orders: usize = (1..=len).product();
            let draws = if len < 6 { 200 } else { 20 };
            let mut counts = vec![0_u32; orders];
            for seed in 0..(draws * orders) as u64 {
                let permutation = Permutation::new(len, SEED + seed, len as u64);
                let order: Vec<_> = (0..len).map(|index| permutation.at(index)).collect();
                // The order as a number of mixed radix: how many later elements are less.
                let less = |at: usize| order[at + 1..].iter().filter(|&&x| x < order[at]).count();
                counts[(0..len).fold(0, |rank, at| rank * (len - at) + less(at))] += 1;
            }
            let (found, bound) =
                (chi_squared(&counts, draws as f64), chi_squared_bound(orders as f64 - 1.0));
            assert!(
                found < bound,
                "{len} elements, seeds from {SEED}: {found}, expected less than {bound}"
            );
            assert!(counts.iter().all(|&count| count > 0), "{len} elements, seeds from {SEED}");
        }
    }

    #[test]
    fn both_parities_are_as_likely_at_every_length() {
        const DRAWS: u32 = 32;
        let mut all = 0.0;
        for len in 2..=1200 {
            let orders = (0..u64::from(DRAWS)).map(|seed| {
                let permutation = Permutation::new(len, SEED + seed, len as u64);
                (0..len).map(|index| permutation.at(index)).collect::<Vec<_>>()
            });
            let odd = orders.filter(|order| is_odd(order)).count() as u32;
            // By chance one of them is missing once in a million runs.
            assert!(0 < odd && odd < DRAWS, "{len} elements, seeds from {SEED}: {odd} of {DRAWS}");
            all += chi_squared(&[odd, DRAWS - odd], f64::from(DRAWS) / 2.0);
        }
        let bound = chi_squared_bound(1199.0);
        assert!(all < bound, "seeds from {SEED}: {all}, expected less than {bound}");
    }

    #[test]
    fn three_elements_meet_in_all_orders_at_every_length() {
        const DRAWS: u64 = 120;
        let mut all = [0_u32; 6];
        for len in 3..=1200_usize {
            let mut counts = [0_u32; 6];
            for seed in 0..DRAWS {
                let permutation = Permutation::new(len, SEED + seed, len as u64);
                let [a, b, c] = [0, len / 2, len - 1].map(|index| permutation.at(index));
                let rank = 2 * (usize::from(a > b) + usize::from(a > c)) + usize::from(b > c);
                counts[rank] += 1;
                all[rank] += 1;
            }
            // What chance exceeds once in ten million times.
            let found = chi_squared(&counts, DRAWS as f64 / 6.0);
            assert!(found < 41.0, "{len} elements, seeds from {SEED}: {counts:?}");
        }
        let found = chi_squared(&all, 1198.0 * DRAWS as f64 / 6.0);
        let bound = chi_squared_bound(5.0);
        assert!(found < bound, "seeds from {SEED}: {all:?}, {found} for less than {bound}");
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
