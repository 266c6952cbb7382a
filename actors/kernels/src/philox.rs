//! The counter-based generator Philox4x64-10: any word of a stream is computed alone.
//!
//! Source: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011. The order of words is NumPy's: its
//! counter is raised before it is used, so word 0 comes from counter 1.

const MULTIPLIERS: [u64; 2] = [0xd2e7_470e_e14c_6c93, 0xca5a_8263_9512_1157];
const WEYL: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xbb67_ae85_84ca_a73b];
const ROUNDS: usize = 10;
/// Words that one counter gives.
const WORDS: usize = 4;

/// The words of one key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Philox {
    key: [u64; 2],
}

impl Philox {
    /// The stream of a seed: NumPy's `Philox(key=seed + (stream << 64))`.
    pub(crate) fn new(seed: u64, stream: u64) -> Philox {
        Philox { key: [seed, stream] }
    }

    /// Calls `visit` with the position in the range and the word, for `len` words from number `first` on.
    pub(crate) fn words(self, first: usize, len: usize, mut visit: impl FnMut(usize, u64)) {
        let mut done = 0;
        while done < len {
            let index = first + done;
            let words = self.block(index, 0);
            let count = (WORDS - index % WORDS).min(len - done);
            for (offset, &word) in words[index % WORDS..][..count].iter().enumerate() {
                visit(done + offset, word);
            }
            done += count;
        }
    }

    /// Word number `index` of another attempt: attempt 0 is the stream itself.
    pub(crate) fn word(self, index: usize, attempt: u64) -> u64 {
        self.block(index, attempt)[index % WORDS]
    }

    /// The four words that hold word number `index`.
    fn block(self, index: usize, attempt: u64) -> [u64; WORDS] {
        let mut counter = [(index / WORDS) as u64 + 1, attempt, 0, 0];
        let mut key = self.key;
        for round in 0..ROUNDS {
            if round > 0 {
                key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
            }
            let [low, high] = [(counter[0], MULTIPLIERS[0]), (counter[2], MULTIPLIERS[1])]
                .map(|(word, multiplier)| u128::from(word) * u128::from(multiplier));
            counter = [
                (high >> 64) as u64 ^ counter[1] ^ key[0],
                high as u64,
                (low >> 64) as u64 ^ counter[3] ^ key[1],
                low as u64,
            ];
        }
        counter
    }
}
