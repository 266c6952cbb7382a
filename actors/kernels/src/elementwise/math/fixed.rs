//! Numbers from 0 on with 192 places behind the binary point, for the few results that cancel.

use super::double::Double;

/// Four words, the last of which is the whole part.
#[derive(Clone, Copy)]
pub(super) struct Fixed([u64; 4]);

/// Binary places of a word.
const WORD: i32 = 64;

impl Fixed {
    pub(super) const ONE: Fixed = Fixed([0, 0, 0, 1]);
    pub(super) const LN_2: Fixed =
        Fixed([0x40f3_4326_7298_b62d, 0xc9e3_b398_03f2_f6af, 0xb172_17f7_d1cf_79ab, 0]);

    /// A number from 0 to 2^63, without what is below the last place.
    pub(super) fn new(x: f64) -> Fixed {
        let (mantissa, exponent) = mantissa_and_exponent(x);
        Fixed([0, 0, 0, mantissa]).shifted(exponent)
    }

    /// Times a power of two; what leaves either end is lost.
    pub(super) fn shifted(self, places: i32) -> Fixed {
        let bit = |place: i32| {
            let inside = (0..4 * WORD).contains(&place);
            inside && self.0[(place / WORD) as usize] >> (place % WORD) & 1 == 1
        };
        Fixed(std::array::from_fn(|word| {
            let first = word as i32 * WORD;
            (0..WORD).fold(0, |bits, place| bits | u64::from(bit(first + place - places)) << place)
        }))
    }

    /// The sum, or the rest of a subtraction by two's complement.
    fn add(self, other: Fixed, mut carry: bool) -> Fixed {
        Fixed(std::array::from_fn(|word| {
            let (sum, first) = self.0[word].overflowing_add(other.0[word]);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            carry = first | second;
            sum
        }))
    }

    pub(super) fn plus(self, other: Fixed) -> Fixed {
        self.add(other, false)
    }

    /// The difference from a number that is not greater.
    pub(super) fn minus(self, other: Fixed) -> Fixed {
        self.add(Fixed(other.0.map(|word| !word)), true)
    }

    pub(super) fn is_less(self, other: Fixed) -> bool {
        self.0.iter().rev().lt(other.0.iter().rev())
    }

    pub(super) fn times(self, other: Fixed) -> Fixed {
        let mut product = [0_u64; 8];
        for (left, &x) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (right, &y) in other.0.iter().enumerate() {
                let sum = u128::from(x) * u128::from(y) + u128::from(product[left + right]) + carry;
                product[left + right] = sum as u64;
                carry = sum >> WORD;
            }
            product[left + 4] = carry as u64;
        }
        Fixed(std::array::from_fn(|word| product[word + 3]))
    }

    pub(super) fn times_whole(self, factor: u64) -> Fixed {
        self.times(Fixed([0, 0, 0, factor]))
    }

    pub(super) fn over_whole(self, divisor: u64) -> Fixed {
        let mut rest = 0;
        let mut words = self.0;
        for word in words.iter_mut().rev() {
            let dividend = rest << WORD | u128::from(*word);
            *word = (dividend / u128::from(divisor)) as u64;
            rest = dividend % u128::from(divisor);
        }
        Fixed(words)
    }

    pub(super) fn to_double(self) -> Double {
        // Halves of words are float64 without a loss.
        let halves = (0..8).map(|half| {
            let bits = self.0[half / 2] >> (WORD / 2 * (half as i32 % 2)) & u64::from(u32::MAX);
            bits as f64 * 2.0_f64.powi(WORD / 2 * (half as i32 - 6))
        });
        let zero = Double { high: 0.0, low: 0.0 };
        halves.fold(zero, |sum, half| Double { high: half, low: 0.0 }.plus(sum))
    }
}

/// A number from 0 on as a whole number times a power of two.
pub(super) fn mantissa_and_exponent(x: f64) -> (u64, i32) {
    let (field, fraction) = (x.to_bits() >> 52, x.to_bits() & ((1 << 52) - 1));
    match field {
        0 => (fraction, -1074),
        _ => (fraction | 1 << 52, field as i32 - 1075),
    }
}
