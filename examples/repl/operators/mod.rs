//! Operators: Python's values by Python's rules here, NumPy's by NumPy's.
//!
//! `python` and `complex` have Python's numbers, `sequence` what `+` and `*` do to texts and containers, and `compare` the
//! comparisons.

mod compare;
mod complex;
mod python;
mod sequence;

pub(crate) use compare::{compare, equal, less};
pub(crate) use python::divmod;

use crate::{
    exception::{Exception, Kind},
    value::Value,
};
use num_bigint::BigInt;
pub(crate) use nums_numpy::operators::Binary as Operation;
use nums_numpy::{Context, operators as numpy};
use ruff_python_ast::Operator;
use std::ops::{Neg, Not};

/// A binary operator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binary {
    pub(crate) operation: Operation,
    /// As messages write it: `+`, or `+=`.
    symbol: &'static str,
}

impl Binary {
    /// The operator of an expression, or of an augmented assignment.
    pub(crate) fn new(operator: Operator, augmented: bool) -> Binary {
        let operation = match operator {
            Operator::Add => Operation::Add,
            Operator::Sub => Operation::Sub,
            Operator::Mult => Operation::Mul,
            Operator::Div => Operation::Div,
            Operator::FloorDiv => Operation::FloorDiv,
            Operator::Mod => Operation::Mod,
            Operator::Pow => Operation::Pow,
            Operator::MatMult => Operation::MatMul,
            Operator::BitAnd => Operation::And,
            Operator::BitOr => Operation::Or,
            Operator::BitXor => Operation::Xor,
            Operator::LShift => Operation::LeftShift,
            Operator::RShift => Operation::RightShift,
        };
        let symbol = if augmented { operation.assigning() } else { operation.symbol() };
        Binary { operation, symbol }
    }

    pub(crate) fn is_add(self) -> bool {
        self.operation == Operation::Add
    }
}

/// `left op right`; what is in the cluster stays there.
pub(crate) fn binary(
    context: &Context,
    operator: Binary,
    left: &Value,
    right: &Value,
) -> Result<Value, Exception> {
    let operation = operator.operation;
    if operation == Operation::Mul
        && let Some(repeated) = repeated(left, right)?
    {
        return Ok(repeated);
    }
    let result = if is_numpy(left) || is_numpy(right) {
        let (left, right) = (left.to_numpy()?, right.to_numpy()?);
        numpy::binary(context, operation, &left, &right)?.map(Value::from)
    } else {
        match python::arithmetic(operation, left, right)? {
            None => sequence::arithmetic(operation, left, right)?,
            some => some,
        }
    };
    result.ok_or_else(|| {
        let (left, right) = (left.type_name(), right.type_name());
        let message =
            format!("unsupported operand type(s) for {}: '{left}' and '{right}'", operator.symbol);
        Exception::new(Kind::Type, message)
    })
}

/// A text or container times an integer of NumPy, which counts as one of Python there; nothing for anything else.
fn repeated(left: &Value, right: &Value) -> Result<Option<Value>, Exception> {
    let is_sequence =
        |value: &Value| matches!(value, Value::Str(_) | Value::List(_) | Value::Tuple(_));
    let (sequence, scalar) = match (left, right) {
        (sequence, Value::Scalar(scalar)) if is_sequence(sequence) => (sequence, scalar),
        (Value::Scalar(scalar), sequence) if is_sequence(sequence) => (sequence, scalar),
        _ => return Ok(None),
    };
    if !scalar.dtype().is_integer() {
        return Ok(None);
    }
    let count = Value::Int(Value::Scalar(scalar.clone()).as_int()?);
    sequence::arithmetic(Operation::Mul, sequence, &count)
}

fn is_numpy(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Scalar(_))
}

/// `-operand`.
pub(crate) fn negate(operand: &Value) -> Result<Value, Exception> {
    Ok(match operand {
        Value::Float(value) => Value::Float(-value),
        Value::Complex(value) => Value::Complex(-value),
        Value::Scalar(_) | Value::Array(_) => numpy::negate(&operand.to_numpy()?)?.into(),
        other => match other.as_big_int() {
            Some(value) => Value::int(value.neg()),
            None => return Err(bad_operand("-", other)),
        },
    })
}

/// `+operand`.
pub(crate) fn plus(operand: &Value) -> Result<Value, Exception> {
    match operand {
        Value::Bool(value) => Ok(Value::Int(i64::from(*value))),
        Value::Int(_) | Value::BigInt(_) | Value::Float(_) | Value::Complex(_) => {
            Ok(operand.clone())
        }
        Value::Scalar(_) | Value::Array(_) => Ok(numpy::plus(&operand.to_numpy()?)?.into()),
        other => Err(bad_operand("+", other)),
    }
}

/// `~operand`.
pub(crate) fn invert(operand: &Value) -> Result<Value, Exception> {
    match operand {
        Value::Scalar(_) | Value::Array(_) => Ok(numpy::invert(&operand.to_numpy()?)?.into()),
        other => match other.as_big_int() {
            Some(value) => Ok(Value::int(BigInt::not(value))),
            None => Err(bad_operand("~", other)),
        },
    }
}

fn bad_operand(symbol: &str, operand: &Value) -> Exception {
    let message = format!("bad operand type for unary {symbol}: '{}'", operand.type_name());
    Exception::new(Kind::Type, message)
}
