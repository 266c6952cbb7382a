//! Operators: Python's values by Python's rules, NumPy's by NumPy's.
//!
//! `python` has Python's numbers, `sequence` what `+` and `*` do to texts and containers, `scalar`
//! NumPy's scalars that are at hand, `array` what goes to the cluster, and `compare` the comparisons.

mod array;
mod compare;
mod python;
mod scalar;
mod sequence;

pub(crate) use array::{elementwise, in_place, keeps_kind, matmul, operand, put, write_in_place};
pub(crate) use compare::{compare, equal, less};
pub(crate) use python::divmod;
pub(crate) use scalar::{absolute, as_number, cast_argument, with_weak};

use crate::{
    exception::{Exception, Kind},
    scalar::Scalar,
    value::Value,
};
use num_bigint::BigInt;
use nums::Session;
use ruff_python_ast::Operator;
use std::ops::{Neg, Not};

/// A binary operator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binary {
    pub(crate) operation: Operation,
    /// As messages write it: `+`, or `+=`.
    symbol: &'static str,
}

/// What a binary operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    And,
    Or,
    Xor,
    LeftShift,
    RightShift,
}

impl Binary {
    /// The operator of an expression, or of an augmented assignment.
    pub(crate) fn new(operator: Operator, augmented: bool) -> Binary {
        let (operation, plain, assigning) = match operator {
            Operator::Add => (Operation::Add, "+", "+="),
            Operator::Sub => (Operation::Sub, "-", "-="),
            Operator::Mult => (Operation::Mul, "*", "*="),
            Operator::Div => (Operation::Div, "/", "/="),
            Operator::FloorDiv => (Operation::FloorDiv, "//", "//="),
            Operator::Mod => (Operation::Mod, "%", "%="),
            Operator::Pow => (Operation::Pow, "** or pow()", "**="),
            Operator::MatMult => (Operation::MatMul, "@", "@="),
            Operator::BitAnd => (Operation::And, "&", "&="),
            Operator::BitOr => (Operation::Or, "|", "|="),
            Operator::BitXor => (Operation::Xor, "^", "^="),
            Operator::LShift => (Operation::LeftShift, "<<", "<<="),
            Operator::RShift => (Operation::RightShift, ">>", ">>="),
        };
        Binary { operation, symbol: if augmented { assigning } else { plain } }
    }

    /// What NumPy calls the function of the operator.
    fn ufunc_name(self) -> &'static str {
        match self.operation {
            Operation::Add => "add",
            Operation::Sub => "subtract",
            Operation::Mul => "multiply",
            Operation::Div => "divide",
            Operation::FloorDiv => "floor_divide",
            Operation::Mod => "remainder",
            Operation::Pow => "power",
            Operation::MatMul => "matmul",
            Operation::And => "bitwise_and",
            Operation::Or => "bitwise_or",
            Operation::Xor => "bitwise_xor",
            Operation::LeftShift => "left_shift",
            Operation::RightShift => "right_shift",
        }
    }

    pub(crate) fn is_add(self) -> bool {
        self.operation == Operation::Add
    }
}

/// `left op right`; what is in the cluster stays there.
pub(crate) fn binary(
    session: &Session,
    operator: Binary,
    left: &Value,
    right: &Value,
) -> Result<Value, Exception> {
    let operation = operator.operation;
    if let ("@=", Value::Array(own)) = (operator.symbol, left)
        && let Some(other) = array::operand(session, &listed(session, right)?)?
        && (own.ndim() == 0 || other.ndim() < 2)
    {
        let message = "inplace matrix multiplication requires the first operand to have at least \
                       one and the second at least two dimensions.";
        return Err(Exception::new(Kind::Value, message));
    }
    let result = if is_numpy(left) || is_numpy(right) {
        let (left, right) = (&listed(session, left)?, &listed(session, right)?);
        array::arithmetic(session, operation, left, right)?
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

/// A list or tuple beside an array counts as an array.
fn listed(session: &Session, value: &Value) -> Result<Value, Exception> {
    match value {
        Value::List(_) | Value::Tuple(_) => {
            Ok(Value::Array(crate::numpy::array_from(session, value, None)?))
        }
        other => Ok(other.clone()),
    }
}

fn is_numpy(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Scalar(_))
}

/// `-operand`.
pub(crate) fn negate(operand: &Value) -> Result<Value, Exception> {
    Ok(match operand {
        Value::Float(value) => Value::Float(-value),
        Value::Scalar(Scalar::Known(number)) => return scalar::negate(*number),
        Value::Scalar(_) | Value::Array(_) => return array::negate(operand),
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
        Value::Int(_) | Value::BigInt(_) | Value::Float(_) | Value::Scalar(_) => {
            Ok(operand.clone())
        }
        Value::Array(array) => Ok(Value::computed(array.read()?)),
        other => Err(bad_operand("+", other)),
    }
}

/// `~operand`.
pub(crate) fn invert(operand: &Value) -> Result<Value, Exception> {
    match operand {
        Value::Scalar(Scalar::Known(number)) => scalar::invert(*number),
        Value::Scalar(_) | Value::Array(_) => array::invert(operand),
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
