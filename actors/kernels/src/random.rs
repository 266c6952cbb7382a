//! Random elements from the words of a counter-based generator; each follows from its index in the whole array.

use crate::create::{Stretch, each, stretch};
use crate::elementwise::Lane;
use crate::normal::inverse_distribution;
use crate::philox::Philox;
use nums_lshs::{Constant, DType, Distribution, Permutation, Shape};

/// What fills stretches of an array of a shape with random elements; `None` for a dtype that has no kernel.
pub(crate) fn random(
    distribution: Distribution,
    (seed, stream): (u64, u64),
    shape: &Shape,
    dtype: DType,
) -> Option<Box<Stretch>> {
    let philox = Philox::new(seed, stream);
    Some(match (distribution, dtype) {
        (Distribution::Uniform { low, high }, DType::Float64) => {
            let (low, range) = (low.to_f64(), high.to_f64() - low.to_f64());
            of_words(philox, move |_, word| low + range * unit(word))
        }
        (Distribution::Uniform { low, high }, DType::Float32) => {
            let [low, high] = [low, high].map(|bound| bound.to_f64() as f32);
            stretch(move |first, row: &mut [f32]| {
                halves(philox, first, row.len(), |at, half| {
                    row[at] = low + (high - low) * unit_single(half);
                });
            })
        }
        (Distribution::Normal { mean, deviation }, DType::Float64) => {
            let normal = normal(mean, deviation);
            of_words(philox, move |_, word| normal(word))
        }
        (Distribution::Normal { mean, deviation }, DType::Float32) => {
            let normal = normal(mean, deviation);
            of_words(philox, move |_, word| normal(word) as f32)
        }
        (Distribution::Integers { lowest, highest }, DType::Int64) => {
            of_words(philox, integers(philox, lowest, highest))
        }
        (Distribution::Integers { lowest, highest }, DType::Int32) => {
            let integer = integers(philox, lowest, highest);
            of_words(philox, move |index, word| integer(index, word) as i32)
        }
        (Distribution::Permutation, DType::Int64) => {
            let permutation = Permutation::new(shape.elements(), seed, stream);
            each(move |index| permutation.at(index) as i64)
        }
        _ => return None,
    })
}

/// A stretch whose elements follow from their indices and the words of these numbers.
fn of_words<T: Lane>(
    philox: Philox,
    element: impl Fn(usize, u64) -> T + Send + Sync + 'static,
) -> Box<Stretch> {
    stretch(move |first, row: &mut [T]| {
        philox.words(first, row.len(), |at, word| row[at] = element(first + at, word));
    })
}

/// A multiple of 2^-53 in 0..1, as NumPy makes it.
fn unit(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// A multiple of 2^-24 in 0..1, as NumPy makes it.
fn unit_single(half: u32) -> f32 {
    (half >> 8) as f32 * (1.0 / (1_u32 << 24) as f32)
}

/// The halves of the words, the lower one first, as NumPy hands them out.
fn halves(philox: Philox, first: usize, len: usize, mut visit: impl FnMut(usize, u32)) {
    let words = (first + len).div_ceil(2) - first / 2;
    philox.words(first / 2, words, |at, word| {
        for (half, bits) in [word as u32, (word >> 32) as u32].into_iter().enumerate() {
            let index = (first / 2 + at) * 2 + half;
            if (first..first + len).contains(&index) {
                visit(index - first, bits);
            }
        }
    });
}

fn normal(mean: Constant, deviation: Constant) -> impl Fn(u64) -> f64 {
    let (mean, deviation) = (mean.to_f64(), deviation.to_f64());
    move |word| mean + deviation * inverse_distribution(word)
}

/// Integers without bias: the high half of a product, and another attempt where its low half tells that the integer
/// would come up too often. Source: D. Lemire, "Fast random integer generation in an interval", 2019.
fn integers(philox: Philox, lowest: Constant, highest: Constant) -> impl Fn(usize, u64) -> i64 {
    // Both are integers: the operation was checked.
    let [lowest, highest] = [lowest, highest].map(|bound| bound.to_i64().unwrap_or_default());
    // 0 stands for all 2^64 integers.
    let range = (highest.wrapping_sub(lowest) as u64).wrapping_add(1);
    let refused = if range == 0 { 0 } else { range.wrapping_neg() % range };
    move |index, mut word| {
        let mut attempt = 0;
        loop {
            if range == 0 {
                return word as i64;
            }
            let product = u128::from(word) * u128::from(range);
            if product as u64 >= refused {
                return lowest.wrapping_add((product >> 64) as i64);
            }
            // Less than half of all words are refused, so the attempts end.
            attempt += 1;
            word = philox.word(index, attempt);
        }
    }
}
