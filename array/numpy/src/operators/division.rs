//! Quotients that are rounded down, and their remainders: those of Python, which NumPy follows.

/// The quotient rounded down, of integers of 64 bits; 0 for a zero divisor.
pub fn floor_divide(left: i128, right: i128) -> i128 {
    if right == 0 {
        return 0;
    }
    let inexact = left % right != 0;
    left / right - i128::from(inexact && (left < 0) != (right < 0))
}

/// The remainder with the divisor's sign, of integers of 64 bits; 0 for a zero divisor.
pub fn remainder(left: i128, right: i128) -> i128 {
    if right == 0 {
        return 0;
    }
    let rest = left % right;
    if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest }
}

/// Quotient rounded down and remainder with the divisor's sign, for a divisor that is not zero.
///
/// Source: `float_divmod` of CPython, which NumPy follows: the remainder is exact, and the quotient is
/// made from it.
pub fn float_divmod(left: f64, right: f64) -> (f64, f64) {
    let mut rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest == 0.0 {
        rest = 0f64.copysign(right);
    } else if (rest < 0.0) != (right < 0.0) {
        rest += right;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(left / right), rest);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

#[cfg(test)]
mod tests {
    use super::float_divmod;

    #[test]
    fn quotients_and_remainders_are_those_of_python() {
        assert_eq!(float_divmod(-7.5, 2.0), (-4.0, 0.5));
        assert_eq!(float_divmod(1.0, 0.1), (9.0, 0.09999999999999995));
    }
}
