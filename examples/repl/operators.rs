//! Arithmetic and comparison: Python's numbers by Python's rules, NumPy's by NumPy's.

use crate::{
    array::Array,
    exception::{Exception, Kind, shape_text},
    scalar::Scalar,
    value::Value,
};
use nums::{DistArray, Session};
use ruff_python_ast::{CmpOp, Operator};

/// A binary operator that is supported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binary {
    operation: Operation,
    /// As written: `+`, or `+=`.
    symbol: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Add,
    Sub,
    Mul,
    Div,
    MatMul,
    Pow,
}

impl Binary {
    /// The operator of an expression, or of an augmented assignment.
    pub(crate) fn new(operator: Operator, augmented: bool) -> Result<Binary, Exception> {
        let (operation, plain, assigning) = match operator {
            Operator::Add => (Operation::Add, "+", "+="),
            Operator::Sub => (Operation::Sub, "-", "-="),
            Operator::Mult => (Operation::Mul, "*", "*="),
            Operator::Div => (Operation::Div, "/", "/="),
            Operator::MatMult => (Operation::MatMul, "@", "@="),
            Operator::Pow => (Operation::Pow, "** or pow()", "**="),
            other => return Err(Exception::unsupported(format!("`{}` is", other.as_str()))),
        };
        Ok(Binary { operation, symbol: if augmented { assigning } else { plain } })
    }
}

/// `left op right`; lazy as soon as one side is.
pub(crate) fn binary(
    session: &Session,
    operator: Binary,
    left: &Value,
    right: &Value,
) -> Result<Value, Exception> {
    let result = match (left, right) {
        (Value::Str(left), Value::Str(right)) if operator.operation == Operation::Add => {
            Some(Value::str(&format!("{left}{right}")))
        }
        _ => match (left.as_python_int(), right.as_python_int()) {
            (Some(left), Some(right)) => int_arithmetic(operator.operation, left, right)?,
            _ => match (left.as_python_float(), right.as_python_float()) {
                (Some(left), Some(right)) => float_arithmetic(operator.operation, left, right)?,
                _ => numpy_arithmetic(session, operator.operation, left, right)?,
            },
        },
    };
    result.ok_or_else(|| {
        let (left, right) = (left.type_name(), right.type_name());
        let message =
            format!("unsupported operand type(s) for {}: '{left}' and '{right}'", operator.symbol);
        Exception::new(Kind::Type, message)
    })
}

/// `array op= right`: the cell gets a new value, which every name and view of it sees.
pub(crate) fn in_place(
    session: &Session,
    operator: Binary,
    array: &Array,
    right: &Value,
) -> Result<(), Exception> {
    let result = binary(session, operator, &Value::Array(array.clone()), right)?;
    let result = operand(session, &result)?.ok_or_else(|| bad_operand(operator.symbol, right))?;
    if result.shape() != array.shape() {
        let message = format!(
            "non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
            shape_text(array.shape()),
            shape_text(&result.shape())
        );
        return Err(Exception::new(Kind::Value, message));
    }
    array.write(result)
}

/// Python's integers, as far as 64 bits go; nothing for an operator that they do not have.
fn int_arithmetic(operation: Operation, left: i64, right: i64) -> Result<Option<Value>, Exception> {
    let result = match operation {
        Operation::Add => left.checked_add(right),
        Operation::Sub => left.checked_sub(right),
        Operation::Mul => left.checked_mul(right),
        Operation::Div if right == 0 => {
            return Err(Exception::new(Kind::ZeroDivision, "division by zero"));
        }
        Operation::Pow if right >= 0 => {
            u32::try_from(right).ok().and_then(|right| left.checked_pow(right))
        }
        Operation::Div | Operation::Pow => {
            return float_arithmetic(operation, left as f64, right as f64);
        }
        Operation::MatMul => return Ok(None),
    };
    result.map(|value| Some(Value::Int(value))).ok_or_else(int_overflow)
}

/// Python's floats; nothing for an operator that they do not have.
fn float_arithmetic(
    operation: Operation,
    left: f64,
    right: f64,
) -> Result<Option<Value>, Exception> {
    let result = ieee(operation, left, right);
    match operation {
        Operation::MatMul => return Ok(None),
        Operation::Div if right == 0.0 => {
            return Err(Exception::new(Kind::ZeroDivision, "float division by zero"));
        }
        Operation::Pow if left == 0.0 && right < 0.0 => {
            let message = "0.0 cannot be raised to a negative power";
            return Err(Exception::new(Kind::ZeroDivision, message));
        }
        Operation::Pow if left < 0.0 && left.is_finite() && result.is_nan() && !right.is_nan() => {
            return Err(Exception::unsupported("a complex number (root of a negative one) is"));
        }
        Operation::Pow if left.is_finite() && right.is_finite() && result.is_infinite() => {
            let message = "(34, 'Numerical result out of range')";
            return Err(Exception::new(Kind::Overflow, message));
        }
        _ => {}
    }
    Ok(Some(Value::Float(result)))
}

/// What IEEE 754 says: no exceptions, but infinities and NaN.
fn ieee(operation: Operation, left: f64, right: f64) -> f64 {
    match operation {
        Operation::Add => left + right,
        Operation::Sub => left - right,
        Operation::Mul | Operation::MatMul => left * right,
        Operation::Div => left / right,
        Operation::Pow => left.powf(right),
    }
}

/// Arithmetic with an array or a scalar of NumPy on at least one side; nothing when the other is no
/// number.
fn numpy_arithmetic(
    session: &Session,
    operation: Operation,
    left: &Value,
    right: &Value,
) -> Result<Option<Value>, Exception> {
    let operands = (operand(session, left)?, operand(session, right)?);
    let (Some(left_array), Some(right_array)) = operands else { return Ok(None) };
    let array = match operation {
        Operation::Pow => return power(left, right).map(Some),
        Operation::MatMul => matmul(&left_array, &right_array)?,
        _ => match (known(left), known(right)) {
            (Some(left), Some(right)) => {
                return Ok(Some(Value::Scalar(Scalar::Known(ieee(operation, left, right)))));
            }
            (None, Some(right)) => match operation {
                Operation::Add => &left_array + right,
                Operation::Sub => &left_array - right,
                Operation::Mul => &left_array * right,
                _ => &left_array / right,
            },
            (Some(left), None) => match operation {
                Operation::Add => left + &right_array,
                Operation::Sub => left - &right_array,
                Operation::Mul => left * &right_array,
                _ => left / &right_array,
            },
            (None, None) => match operation {
                Operation::Add => left_array.try_add(&right_array)?,
                Operation::Sub => left_array.try_sub(&right_array)?,
                Operation::Mul => left_array.try_mul(&right_array)?,
                _ => left_array.try_div(&right_array)?,
            },
        },
    };
    Ok(Some(Value::computed(array)))
}

/// A number or array as an array; nothing for anything else.
pub(crate) fn operand(session: &Session, value: &Value) -> Result<Option<DistArray>, Exception> {
    match value {
        Value::Array(array) => array.read().map(Some),
        Value::Scalar(scalar) => scalar.as_array(session).map(Some),
        other => match other.as_python_float() {
            Some(value) => Ok(Some(session.full(&[], value)?)),
            None => Ok(None),
        },
    }
}

/// The number of a value that has one here: no array, and no scalar that is still to come.
fn known(value: &Value) -> Option<f64> {
    match value {
        Value::Scalar(scalar) => scalar.peek(),
        other => other.as_python_float(),
    }
}

/// `left @ right`, where NumPy has no product of anything without axes.
pub(crate) fn matmul(left: &DistArray, right: &DistArray) -> Result<DistArray, Exception> {
    for (position, operand) in [left, right].into_iter().enumerate() {
        if operand.ndim() == 0 {
            let message = format!(
                "matmul: Input operand {position} does not have enough dimensions (has 0, gufunc \
                 core with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
            );
            return Err(Exception::new(Kind::Value, message));
        }
    }
    Ok(left.try_matmul(right)?)
}

/// Powers: of scalars any (which waits for both), of arrays the square.
fn power(left: &Value, right: &Value) -> Result<Value, Exception> {
    let Some(exponent) = number(right)? else {
        return Err(Exception::unsupported("an array as exponent is"));
    };
    match (left, number(left)?) {
        (_, Some(base)) => Ok(Value::Scalar(Scalar::Known(base.powf(exponent)))),
        (Value::Array(array), _) if exponent == 2.0 => Ok(Value::computed(array.read()?.square())),
        _ => Err(Exception::unsupported("a power of an array other than 2 is")),
    }
}

/// `-operand`.
pub(crate) fn negate(operand: &Value) -> Result<Value, Exception> {
    Ok(match operand {
        Value::Bool(value) => Value::Int(-i64::from(*value)),
        Value::Int(value) => Value::Int(value.checked_neg().ok_or_else(int_overflow)?),
        Value::Float(value) => Value::Float(-value),
        Value::Scalar(Scalar::Known(value)) => Value::Scalar(Scalar::Known(-value)),
        Value::Scalar(Scalar::Lazy(lazy)) => Value::computed(-lazy.array()),
        Value::Array(array) => Value::computed(-&array.read()?),
        other => return Err(bad_operand("-", other)),
    })
}

/// `+operand`.
pub(crate) fn plus(operand: &Value) -> Result<Value, Exception> {
    match operand {
        Value::Bool(value) => Ok(Value::Int(i64::from(*value))),
        Value::Int(_) | Value::Float(_) | Value::Scalar(_) => Ok(operand.clone()),
        Value::Array(array) => Ok(Value::computed(array.read()?)),
        other => Err(bad_operand("+", other)),
    }
}

/// `left op right` of single values; waits for those that are still to come.
pub(crate) fn compare(operator: CmpOp, left: &Value, right: &Value) -> Result<Value, Exception> {
    if matches!(left, Value::Array(_)) || matches!(right, Value::Array(_)) {
        return Err(Exception::unsupported("a comparison of arrays is"));
    }
    let truth = match operator {
        CmpOp::Eq => equal(left, right)?,
        CmpOp::NotEq => !equal(left, right)?,
        CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => {
            return Err(Exception::unsupported(format!("`{}` is", operator.as_str())));
        }
        CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => {
            let ordering = match (left, right) {
                (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
                (Value::Str(left), Value::Str(right)) => Some(left.cmp(right)),
                _ => match (number(left)?, number(right)?) {
                    (Some(left), Some(right)) => left.partial_cmp(&right),
                    _ => {
                        let message = format!(
                            "'{}' not supported between instances of '{}' and '{}'",
                            operator.as_str(),
                            left.type_name(),
                            right.type_name()
                        );
                        return Err(Exception::new(Kind::Type, message));
                    }
                },
            };
            ordering.is_some_and(|ordering| match operator {
                CmpOp::Lt => ordering.is_lt(),
                CmpOp::LtE => ordering.is_le(),
                CmpOp::Gt => ordering.is_gt(),
                _ => ordering.is_ge(),
            })
        }
    };
    let of_numpy = |value: &Value| matches!(value, Value::Scalar(_) | Value::NumpyBool(_));
    Ok(if of_numpy(left) || of_numpy(right) { Value::NumpyBool(truth) } else { Value::Bool(truth) })
}

/// Whether two values are equal in Python's sense.
fn equal(left: &Value, right: &Value) -> Result<bool, Exception> {
    Ok(match (left, right) {
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Str(left), Value::Str(right)) => left == right,
        (Value::None, Value::None) | (Value::Ellipsis, Value::Ellipsis) => true,
        (Value::DType(left), Value::DType(right)) => left == right,
        (Value::Tuple(left), Value::Tuple(right)) | (Value::List(left), Value::List(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            for (left, right) in std::iter::zip(left.iter(), right.iter()) {
                if !equal(left, right)? {
                    return Ok(false);
                }
            }
            true
        }
        _ => match (number(left)?, number(right)?) {
            (Some(left), Some(right)) => left == right,
            _ => false,
        },
    })
}

/// The number that a single value stands for; waits for it.
fn number(value: &Value) -> Result<Option<f64>, Exception> {
    match value {
        Value::Scalar(scalar) => scalar.value().map(Some),
        Value::NumpyBool(value) => Ok(Some(f64::from(u8::from(*value)))),
        other => Ok(other.as_python_float()),
    }
}

fn bad_operand(symbol: &str, operand: &Value) -> Exception {
    let message = format!("bad operand type for unary {symbol}: '{}'", operand.type_name());
    Exception::new(Kind::Type, message)
}

fn int_overflow() -> Exception {
    Exception::new(Kind::Overflow, "integers of more than 64 bits are not supported")
}
