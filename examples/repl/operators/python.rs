//! Python's whole numbers and floats.

use super::{Operation, complex};
use crate::{
    exception::{Exception, Kind},
    value::Value,
};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};
use nums::Complex;
use nums_numpy::operators::{float_divmod, floor_divide, remainder};

/// The most bits of a whole number: enough for any count, and no loop fills the memory.
const INT_BITS_MAX: u64 = 1 << 22;

/// Arithmetic of Python's numbers; nothing when one is no number or lacks the operator.
pub(super) fn arithmetic(
    operation: Operation,
    left: &Value,
    right: &Value,
) -> Result<Option<Value>, Exception> {
    if let (Value::Bool(left), Value::Bool(right)) = (left, right) {
        match operation {
            Operation::And => return Ok(Some(Value::Bool(left & right))),
            Operation::Or => return Ok(Some(Value::Bool(left | right))),
            Operation::Xor => return Ok(Some(Value::Bool(left ^ right))),
            _ => {}
        }
    }
    if let (Some(left), Some(right)) = (left.as_python_int(), right.as_python_int())
        && let Some(value) = small(operation, left, right)
    {
        return Ok(Some(Value::Int(value)));
    }
    match (left.as_big_int(), right.as_big_int()) {
        (Some(left), Some(right)) => big(operation, &left, &right),
        _ => match (float_of(left)?, float_of(right)?) {
            (Some(left), Some(right)) => float(operation, left, right),
            _ => match (complex_of(left)?, complex_of(right)?) {
                (Some(left), Some(right)) => complex::arithmetic(operation, left, right),
                _ => Ok(None),
            },
        },
    }
}

/// A number of Python as a complex one; nothing for anything else.
fn complex_of(value: &Value) -> Result<Option<Complex<f64>>, Exception> {
    match value {
        Value::Complex(value) => Ok(Some(*value)),
        other => Ok(float_of(other)?.map(|real| Complex::new(real, 0.0))),
    }
}

/// What 64 bits hold; nothing when they do not, or the operator needs more thought.
fn small(operation: Operation, left: i64, right: i64) -> Option<i64> {
    match operation {
        Operation::Add => left.checked_add(right),
        Operation::Sub => left.checked_sub(right),
        Operation::Mul => left.checked_mul(right),
        Operation::FloorDiv | Operation::Mod if right == 0 => None,
        Operation::FloorDiv => i64::try_from(floor_divide(left.into(), right.into())).ok(),
        Operation::Mod => i64::try_from(remainder(left.into(), right.into())).ok(),
        Operation::Pow => left.checked_pow(u32::try_from(right).ok()?),
        Operation::And => Some(left & right),
        Operation::Or => Some(left | right),
        Operation::Xor => Some(left ^ right),
        Operation::RightShift => Some(left >> u32::try_from(right).ok()?.min(63)),
        Operation::Div | Operation::MatMul | Operation::LeftShift => None,
    }
}

fn big(operation: Operation, left: &BigInt, right: &BigInt) -> Result<Option<Value>, Exception> {
    let by_zero = |message: &str| Err(Exception::new(Kind::ZeroDivision, message));
    let shift = || {
        if right.is_negative() {
            return Err(Exception::new(Kind::Value, "negative shift count"));
        }
        right.to_u64().filter(|bits| left.bits() + bits <= INT_BITS_MAX).ok_or_else(int_overflow)
    };
    let value = match operation {
        Operation::Add => left + right,
        Operation::Sub => left - right,
        Operation::Mul if left.bits() + right.bits() > INT_BITS_MAX => return Err(int_overflow()),
        Operation::Mul => left * right,
        Operation::FloorDiv | Operation::Mod if right.is_zero() => {
            return by_zero("integer division or modulo by zero");
        }
        Operation::FloorDiv => num_integer::Integer::div_floor(left, right),
        Operation::Mod => num_integer::Integer::mod_floor(left, right),
        Operation::Div if right.is_zero() => return by_zero("division by zero"),
        Operation::Div => return quotient(left, right).map(Some),
        Operation::Pow if right.is_negative() => {
            return float(operation, big_float(left)?, big_float(right)?);
        }
        Operation::Pow => {
            let exponent = right.to_u32().filter(|exponent| {
                left.bits() <= 1 || left.bits() * u64::from(*exponent) <= INT_BITS_MAX
            });
            left.pow(exponent.ok_or_else(int_overflow)?)
        }
        Operation::And => left & right,
        Operation::Or => left | right,
        Operation::Xor => left ^ right,
        Operation::LeftShift => left << shift()?,
        Operation::RightShift => match right.to_u64() {
            Some(bits) => left >> bits,
            None => {
                shift()?;
                BigInt::zero()
            }
        },
        Operation::MatMul => return Ok(None),
    };
    Ok(Some(Value::int(value)))
}

/// `left / right`: the nearest float, also where one of them is beyond the floats.
fn quotient(left: &BigInt, right: &BigInt) -> Result<Value, Exception> {
    // With 64 bits more than the divisor has, the whole quotient has all digits that count.
    let bits = 64 + right.bits().saturating_sub(left.bits());
    let (whole, rest) = num_integer::Integer::div_rem(&(left << bits), right);
    // A rest makes the number uneven, so that a tie is not rounded as one.
    let whole =
        if rest.is_zero() { whole << 1 } else { (whole << 1) + left.signum() * right.signum() };
    let value = big_float(&whole).unwrap_or(f64::INFINITY);
    let scaled = scale(value, -(bits as i64 + 1));
    if scaled.is_infinite() {
        let message = "integer division result too large for a float";
        return Err(Exception::new(Kind::Overflow, message));
    }
    Ok(Value::Float(scaled))
}

/// A number times a power of two, in steps that the floats hold.
fn scale(mut value: f64, mut power: i64) -> f64 {
    while power < -1000 {
        value *= 2f64.powi(-1000);
        power += 1000;
    }
    value * 2f64.powi(power as i32)
}

fn big_float(value: &BigInt) -> Result<f64, Exception> {
    value
        .to_f64()
        .filter(|value| value.is_finite())
        .ok_or_else(|| Exception::new(Kind::Overflow, "int too large to convert to float"))
}

fn float_of(value: &Value) -> Result<Option<f64>, Exception> {
    match value {
        Value::BigInt(value) => big_float(value).map(Some),
        other => Ok(other.as_python_float()),
    }
}

/// Python's floats; nothing for an operator that they do not have.
fn float(operation: Operation, left: f64, right: f64) -> Result<Option<Value>, Exception> {
    let by_zero = |message: &str| Err(Exception::new(Kind::ZeroDivision, message));
    let value = match operation {
        Operation::Add => left + right,
        Operation::Sub => left - right,
        Operation::Mul => left * right,
        Operation::Div if right == 0.0 => return by_zero("float division by zero"),
        Operation::Div => left / right,
        Operation::FloorDiv if right == 0.0 => return by_zero("float floor division by zero"),
        Operation::FloorDiv => float_divmod(left, right).0,
        Operation::Mod if right == 0.0 => return by_zero("float modulo"),
        Operation::Mod => float_divmod(left, right).1,
        Operation::Pow => return power(left, right).map(Some),
        _ => return Ok(None),
    };
    Ok(Some(Value::Float(value)))
}

fn power(left: f64, right: f64) -> Result<Value, Exception> {
    let result = left.powf(right);
    if left == 0.0 && right < 0.0 {
        let message = "0.0 cannot be raised to a negative power";
        return Err(Exception::new(Kind::ZeroDivision, message));
    }
    if left.is_finite() && right.is_finite() {
        if left < 0.0 && result.is_nan() {
            let [left, right] = [left, right].map(|real| Complex::new(real, 0.0));
            return complex::power(left, right).map(Value::Complex);
        }
        if result.is_infinite() {
            let message = "(34, 'Numerical result out of range')";
            return Err(Exception::new(Kind::Overflow, message));
        }
    }
    Ok(Value::Float(result))
}

/// `divmod` of Python's numbers; nothing when one is none.
pub(crate) fn divmod(left: &Value, right: &Value) -> Result<Option<Value>, Exception> {
    let quotient = arithmetic(Operation::FloorDiv, left, right);
    let quotient = quotient.map_err(|error| match (left, right) {
        (Value::Float(_), _) | (_, Value::Float(_)) => {
            Exception::new(Kind::ZeroDivision, "float divmod()")
        }
        _ => error,
    })?;
    match (quotient, arithmetic(Operation::Mod, left, right)?) {
        (Some(quotient), Some(rest)) => Ok(Some(Value::tuple([quotient, rest]))),
        _ => Ok(None),
    }
}

/// A whole number beyond what is kept.
fn int_overflow() -> Exception {
    let message = format!("integers of more than {INT_BITS_MAX} bits are not supported");
    Exception::new(Kind::Overflow, message)
}

#[cfg(test)]
mod tests {
    use super::arithmetic;
    use crate::{operators::Operation, show::text, value::Value};
    use nums_numpy::Style;

    #[test]
    fn numbers_are_those_of_python() {
        use Operation::{Add, Div, FloorDiv, LeftShift, Mod, Mul, Pow, RightShift};
        let int = Value::Int;
        // What CPython 3.11 prints.
        for (left, operation, right, expected) in [
            (int(7), FloorDiv, int(-2), "-4"),
            (int(7), Mod, int(-2), "-1"),
            (int(-7), FloorDiv, int(2), "-4"),
            (int(-7), Mod, int(2), "1"),
            (int(i64::MAX), Add, int(1), "9223372036854775808"),
            (int(i64::MIN), FloorDiv, int(-1), "9223372036854775808"),
            (int(2), Pow, int(100), "1267650600228229401496703205376"),
            (int(1), LeftShift, int(70), "1180591620717411303424"),
            (int(-5), RightShift, int(1), "-3"),
            (int(-3), Mul, int(i64::MAX), "-27670116110564327421"),
            (int(2), Pow, int(-1), "0.5"),
            (int(9007199254740993), Div, int(1), "9007199254740992.0"),
            (int(1), Div, int(3), "0.3333333333333333"),
            (int(-10), Div, int(4), "-2.5"),
        ] {
            let value = arithmetic(operation, &left, &right)
                .ok()
                .flatten()
                .map(|value| text(&value, Style::Str).unwrap_or_default());
            assert_eq!(value.as_deref(), Some(expected), "{operation:?}");
        }
    }
}
