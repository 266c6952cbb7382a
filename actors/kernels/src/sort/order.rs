//! The orders of elements.

use crate::Element;
use crate::block::Word;
use std::cmp::Ordering;

/// Elements that have an order.
pub(super) trait Ordered: Element {
    /// What holds the bits of an element.
    type Word: Key;

    /// NumPy's order: NaN come last and are equal, and so are zeros.
    fn order(self, other: Self) -> Ordering;

    /// An integer for the bits of an element. No two have the same, and they rise with the elements: -0.0 comes before
    /// 0.0, and all NaN come last, in an order of their bits.
    fn key(word: Self::Word) -> Self::Word;

    /// The bits of the element that has a key.
    fn of_key(key: Self::Word) -> Self::Word;
}

/// Unsigned integers that are sorted.
pub(super) trait Key: Word + Ord {
    /// Sorts a line in place.
    fn sort(line: &mut [Self]) {
        line.sort_unstable();
    }
}

impl Key for u8 {}
impl Key for u16 {}
impl Key for u32 {}
impl Key for u64 {
    fn sort(line: &mut [u64]) {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("popcnt") {
            // SAFETY: the processor has what it needs.
            return unsafe { super::vector::sort(line) };
        }
        line.sort_unstable();
    }
}

impl Ordered for bool {
    type Word = u8;
    fn order(self, other: bool) -> Ordering {
        self.cmp(&other)
    }
    fn key(word: u8) -> u8 {
        word
    }
    fn of_key(key: u8) -> u8 {
        key
    }
}

macro_rules! ordered_integers {
    ($($integer:ty as $word:ty),*) => {$(
        impl Ordered for $integer {
            type Word = $word;
            fn order(self, other: Self) -> Ordering {
                self.cmp(&other)
            }
            fn key(word: $word) -> $word {
                word ^ <$integer>::MIN.cast_unsigned()
            }
            fn of_key(key: $word) -> $word {
                key ^ <$integer>::MIN.cast_unsigned()
            }
        }
    )*};
}

macro_rules! ordered_unsigned {
    ($($integer:ty),*) => {$(
        impl Ordered for $integer {
            type Word = $integer;
            fn order(self, other: Self) -> Ordering {
                self.cmp(&other)
            }
            fn key(word: $integer) -> $integer {
                word
            }
            fn of_key(key: $integer) -> $integer {
                key
            }
        }
    )*};
}

macro_rules! ordered_floats {
    ($($float:ty as $word:ty),*) => {$(
        impl Ordered for $float {
            type Word = $word;
            fn order(self, other: Self) -> Ordering {
                // Without an order one is NaN: it is the greater, and NaN are equal.
                self.partial_cmp(&other).unwrap_or_else(|| self.is_nan().cmp(&other.is_nan()))
            }
            // The bits of a float rise with it when it is positive, and fall when it is negative. Counting from minus
            // infinity takes the NaN below it around to the end.
            fn key(word: $word) -> $word {
                mirrored(word).wrapping_sub(mirrored(<$float>::NEG_INFINITY.to_bits()))
            }
            fn of_key(key: $word) -> $word {
                mirrored(key.wrapping_add(mirrored(<$float>::NEG_INFINITY.to_bits())))
            }
        }
    )*};
}

/// An integer with its other bits turned around when the highest is set; its own inverse.
trait Mirror {
    fn mirrored(self) -> Self;
}

macro_rules! mirror {
    ($($word:ty),*) => {$(
        impl Mirror for $word {
            fn mirrored(self) -> $word {
                let sign = (self.cast_signed() >> (<$word>::BITS - 1)).cast_unsigned();
                self ^ (sign >> 1)
            }
        }
    )*};
}

fn mirrored<W: Mirror>(word: W) -> W {
    word.mirrored()
}

mirror!(u32, u64);
ordered_integers!(i8 as u8, i16 as u16, i32 as u32, i64 as u64);
ordered_unsigned!(u8, u16, u32, u64);
ordered_floats!(f32 as u32, f64 as u64);

#[cfg(test)]
mod tests {
    use super::Ordered;

    /// Holds that keys rise along a list of words, and lead back to them.
    fn rises<T: Ordered>(words: &[T::Word])
    where
        T::Word: std::fmt::Debug,
    {
        assert!(words.is_sorted_by(|left, right| T::key(*left) < T::key(*right)), "{words:?}");
        words.iter().for_each(|&word| assert_eq!(T::of_key(T::key(word)), word));
    }

    #[test]
    fn keys_rise_with_the_elements() {
        let least = f64::from_bits(1);
        let numbers = [
            f64::NEG_INFINITY,
            f64::MIN,
            -1.0,
            -least,
            -0.0,
            0.0,
            least,
            1.0,
            f64::MAX,
            f64::INFINITY,
        ];
        let positive = f64::INFINITY.to_bits() + 1..;
        let negative = f64::NEG_INFINITY.to_bits() + 1..;
        let nans = positive.take(3).chain([i64::MAX.cast_unsigned(), u64::MAX]);
        let nans = nans.chain(negative.take(3).collect::<Vec<_>>().into_iter().rev());
        let words: Vec<u64> = numbers.into_iter().map(f64::to_bits).chain(nans).collect();
        rises::<f64>(&words);
        let numbers =
            [f32::NEG_INFINITY, -2.0, -0.0, 0.0, 1e-40, f32::INFINITY, f32::NAN, -f32::NAN];
        rises::<f32>(&numbers.map(f32::to_bits));
        rises::<i64>(&[i64::MIN, -1, 0, 1, i64::MAX].map(i64::cast_unsigned));
        rises::<i32>(&[i32::MIN, -1, 0, 1, i32::MAX].map(i32::cast_unsigned));
        rises::<bool>(&[0, 1]);
    }
}
