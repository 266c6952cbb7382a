//! Numbers as sums of two float64.
//!
//! Source: T. J. Dekker, "A floating-point technique for extending the available precision", 1971; D. E. Knuth, "The Art
//! of Computer Programming", volume 2, 4.2.2.

/// A number with about twice the digits: what is rounded to a float64, and what that leaves out.
#[derive(Clone, Copy)]
pub(super) struct Double {
    pub(super) high: f64,
    pub(super) low: f64,
}

impl Double {
    /// The exact sum.
    #[inline(always)]
    pub(super) fn sum(x: f64, y: f64) -> Double {
        let high = x + y;
        let part = high - x;
        Double { high, low: (x - (high - part)) + (y - part) }
    }

    /// The exact sum of a number and one that is not greater in magnitude; also where the first is 0.
    #[inline(always)]
    pub(super) fn ordered_sum(x: f64, y: f64) -> Double {
        let high = x + y;
        Double { high, low: (x - high) + y }
    }

    /// The exact product, where it does not underflow.
    #[inline(always)]
    pub(super) fn product(x: f64, y: f64) -> Double {
        let high = x * y;
        Double { high, low: x.mul_add(y, -high) }
    }

    /// With more added to what the first part leaves out.
    #[inline(always)]
    pub(super) fn and(self, low: f64) -> Double {
        Double { low: self.low + low, ..self }
    }

    /// With the parts multiplied by a power of two.
    #[inline(always)]
    pub(super) fn scaled(self, power: f64) -> Double {
        Double { high: self.high * power, low: self.low * power }
    }

    /// The quotient of two numbers.
    #[inline(always)]
    pub(super) fn over(self, divisor: Double) -> Double {
        let inverse = 1.0 / divisor.high;
        let high = self.high * inverse;
        // What the rounded quotient leaves of the dividend.
        let rest = (-high).mul_add(divisor.high, self.high);
        Double { high, low: ((-high).mul_add(divisor.low, self.low) + rest) * inverse }
    }

    /// The sum of two numbers.
    pub(super) fn plus(self, other: Double) -> Double {
        let (high, low) = (Double::sum(self.high, other.high), Double::sum(self.low, other.low));
        let sum = Double::ordered_sum(high.high, high.low + low.high);
        Double::ordered_sum(sum.high, sum.low + low.low)
    }

    /// The square root of a positive number.
    #[inline(always)]
    pub(super) fn sqrt(self) -> Double {
        let high = self.high.sqrt();
        let rest = (-high).mul_add(high, self.high);
        Double { high, low: (rest + self.low) * 0.5 / high }
    }

    #[inline(always)]
    pub(super) fn rounded(self) -> f64 {
        self.high + self.low
    }
}
