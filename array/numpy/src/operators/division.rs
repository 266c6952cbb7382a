//! Quotients that are rounded down, and their remainders: those of Python, which NumPy follows.

/// The quotient rounded down; nothing for a zero divisor or an overflow.
pub fn floor_divide(left: i64, right: i64) -> Option<i64> {
    let quotient = left.checked_div(right)?;
    let inexact = left.wrapping_rem(right) != 0;
    Some(if inexact && (left < 0) != (right < 0) { quotient - 1 } else { quotient })
}

/// The remainder with the divisor's sign; nothing for a zero divisor or an overflow.
pub fn remainder(left: i64, right: i64) -> Option<i64> {
    let rest = left.checked_rem(right)?;
    Some(if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest })
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
