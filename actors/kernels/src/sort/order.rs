//! The orders of elements.

use crate::Element;
use crate::block::Word;
use num_complex::Complex;
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
impl Key for u128 {}
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

/// Complex numbers are ordered by real parts and then by imaginary ones; behind all others come those of a NaN imaginary
/// part, then of a NaN real part, then of two. Each of the four groups takes up a range of keys, in which the keys of both
/// parts are digits.
macro_rules! ordered_complex {
    ($($float:ty as $part:ident in $word:ident),*) => {$(
        impl Complexity for $float {
            /// The keys of numbers are below it, those of NaN are not.
            const NUMBERS: u128 = {
                let mirrored = <$float>::INFINITY.to_bits();
                let lowest = !(<$float>::INFINITY.to_bits()) ;
                mirrored.wrapping_sub(lowest) as u128 + 1
            };
            const PARTS: u128 = 1 << $part::BITS;
        }

        impl Ordered for Complex<$float> {
            type Word = $word;

            fn order(self, other: Self) -> Ordering {
                let group = |number: Self| (number.re.is_nan(), number.im.is_nan());
                group(self)
                    .cmp(&group(other))
                    .then_with(|| <$float>::order(self.re, other.re))
                    .then_with(|| <$float>::order(self.im, other.im))
            }

            fn key(word: $word) -> $word {
                let [re, im] = [word as $part, (word >> $part::BITS) as $part];
                let key = complex_key::<$float>([re, im].map(|part| <$float>::key(part).into()));
                key as $word
            }

            fn of_key(key: $word) -> $word {
                let [re, im] = complex_parts::<$float>(key.into())
                    .map(|part| $word::from(<$float>::of_key(part as $part)));
                re | im << $part::BITS
            }
        }
    )*};
}

/// How many keys the parts of a complex number have.
trait Complexity {
    const NUMBERS: u128;
    const PARTS: u128;
}

/// The groups of complex numbers in their order: the lowest keys of both parts, and how many there are of each.
fn groups<F: Complexity>() -> [[(u128, u128); 2]; 4] {
    let (numbers, nans) = ((0, F::NUMBERS), (F::NUMBERS, F::PARTS - F::NUMBERS));
    [[numbers, numbers], [numbers, nans], [nans, numbers], [nans, nans]]
}

fn complex_key<F: Complexity>([re, im]: [u128; 2]) -> u128 {
    let [re_nan, im_nan] = [re, im].map(|part| usize::from(part >= F::NUMBERS));
    let groups = groups::<F>();
    let group = 2 * re_nan + im_nan;
    let before: u128 = groups[..group].iter().map(|[re, im]| re.1 * im.1).sum();
    let [(re_first, _), (im_first, im_count)] = groups[group];
    before + (re - re_first) * im_count + (im - im_first)
}

fn complex_parts<F: Complexity>(key: u128) -> [u128; 2] {
    let mut rest = key;
    let mut groups = groups::<F>().into_iter();
    loop {
        // Keys fill all groups.
        let Some([(re_first, re_count), (im_first, im_count)]) = groups.next() else {
            unreachable!("key {key} is that of no complex number")
        };
        match rest.checked_sub(re_count * im_count) {
            Some(behind) => rest = behind,
            None => return [re_first + rest / im_count, im_first + rest % im_count],
        }
    }
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
ordered_complex!(f32 as u32 in u64, f64 as u64 in u128);

#[cfg(test)]
mod tests {
    use super::Ordered;
    use num_complex::Complex;

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
        let nan = f32::NAN;
        let numbers = [
            [f32::NEG_INFINITY, f32::NEG_INFINITY],
            [-1.0, 2.0],
            [0.0, -1.0],
            [0.0, -0.0],
            [0.0, 0.0],
            [f32::INFINITY, f32::INFINITY],
            [f32::NEG_INFINITY, nan],
            [f32::INFINITY, nan],
            [nan, f32::NEG_INFINITY],
            [nan, f32::INFINITY],
            [nan, nan],
        ];
        let halves = numbers.map(|parts| parts.map(f32::to_bits));
        rises::<Complex<f32>>(&halves.map(|[re, im]| u64::from(re) | u64::from(im) << 32));
        let whole = numbers.map(|parts| parts.map(|part| f64::from(part).to_bits()));
        rises::<Complex<f64>>(&whole.map(|[re, im]| u128::from(re) | u128::from(im) << 64));
    }
}
