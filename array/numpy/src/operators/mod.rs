//! Operators with an array or a scalar of NumPy on a side.
//!
//! `scalar` computes what is at hand here, `array` builds expressions of the rest, and nothing runs.

mod array;
mod division;
mod scalar;

pub use array::{contains, in_place, write_in_place};
pub(crate) use array::{elementwise, keeps_kind, matmul, operand, put};
pub use division::{float_divmod, floor_divide, remainder};
pub use scalar::as_number;
pub(crate) use scalar::{cast_argument, with_weak};

use crate::{context::Context, error::Error, functions::array_from, scalar::Scalar, value::Value};
use nums::DistArray;
use std::cmp::Ordering;

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`
    Mod,
    /// `**`
    Pow,
    /// `@`
    MatMul,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `<<`
    LeftShift,
    /// `>>`
    RightShift,
}

impl Binary {
    /// How it is written; messages name the function of a power too.
    pub fn symbol(self) -> &'static str {
        match self {
            Binary::Add => "+",
            Binary::Sub => "-",
            Binary::Mul => "*",
            Binary::Div => "/",
            Binary::FloorDiv => "//",
            Binary::Mod => "%",
            Binary::Pow => "** or pow()",
            Binary::MatMul => "@",
            Binary::And => "&",
            Binary::Or => "|",
            Binary::Xor => "^",
            Binary::LeftShift => "<<",
            Binary::RightShift => ">>",
        }
    }

    /// How an assignment with it is written.
    pub fn assigning(self) -> &'static str {
        match self {
            Binary::Add => "+=",
            Binary::Sub => "-=",
            Binary::Mul => "*=",
            Binary::Div => "/=",
            Binary::FloorDiv => "//=",
            Binary::Mod => "%=",
            Binary::Pow => "**=",
            Binary::MatMul => "@=",
            Binary::And => "&=",
            Binary::Or => "|=",
            Binary::Xor => "^=",
            Binary::LeftShift => "<<=",
            Binary::RightShift => ">>=",
        }
    }

    /// What NumPy calls the function of the operator.
    fn ufunc_name(self) -> &'static str {
        match self {
            Binary::Add => "add",
            Binary::Sub => "subtract",
            Binary::Mul => "multiply",
            Binary::Div => "divide",
            Binary::FloorDiv => "floor_divide",
            Binary::Mod => "remainder",
            Binary::Pow => "power",
            Binary::MatMul => "matmul",
            Binary::And => "bitwise_and",
            Binary::Or => "bitwise_or",
            Binary::Xor => "bitwise_xor",
            Binary::LeftShift => "left_shift",
            Binary::RightShift => "right_shift",
        }
    }
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl Comparison {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterEqual => ">=",
        }
    }

    /// Whether an ordering is what is asked for; numbers without order answer no.
    pub fn holds(self, ordering: Option<Ordering>) -> bool {
        match self {
            Comparison::Equal => ordering == Some(Ordering::Equal),
            Comparison::NotEqual => ordering != Some(Ordering::Equal),
            Comparison::Less => ordering.is_some_and(Ordering::is_lt),
            Comparison::LessEqual => ordering.is_some_and(Ordering::is_le),
            Comparison::Greater => ordering.is_some_and(Ordering::is_gt),
            Comparison::GreaterEqual => ordering.is_some_and(Ordering::is_ge),
        }
    }
}

/// `left op right` with an array or a scalar on a side; what is in the cluster stays there. Nothing when the other is
/// no number and no list of numbers.
///
/// # Errors
/// What NumPy raises: shapes that do not broadcast, dtypes without the operator, numbers that do not fit.
pub fn binary(
    context: &Context,
    operator: Binary,
    left: &Value,
    right: &Value,
) -> Result<Option<Value>, Error> {
    let (left, right) = (&listed(context, left)?, &listed(context, right)?);
    array::arithmetic(context, operator, left, right)
}

/// `left op right`, element by element.
///
/// # Errors
/// [`Kind::Type`](crate::Kind::Type) for what has no order, and what NumPy raises besides.
pub fn compare(
    context: &Context,
    operator: Comparison,
    left: &Value,
    right: &Value,
) -> Result<Value, Error> {
    array::compare(context, operator, left, right)
}

/// A list or tuple beside an array counts as an array.
fn listed(context: &Context, value: &Value) -> Result<Value, Error> {
    match value {
        Value::List(_) | Value::Tuple(_) => Ok(Value::Array(array_from(context, value, None)?)),
        other => Ok(other.clone()),
    }
}

/// `-operand`.
///
/// # Errors
/// [`Kind::Type`](crate::Kind::Type) for a truth value.
pub fn negate(operand: &Value) -> Result<Value, Error> {
    match operand {
        Value::Scalar(Scalar::Known(number)) => scalar::negate(*number),
        other => array::of_one(other, DistArray::try_neg),
    }
}

/// `+operand`: an array of its own.
///
/// # Errors
/// What the library refuses of a view.
pub fn plus(operand: &Value) -> Result<Value, Error> {
    match operand {
        Value::Array(array) => Ok(array.context().computed(array.read()?)),
        other => Ok(other.clone()),
    }
}

/// `~operand`.
///
/// # Errors
/// [`Kind::Type`](crate::Kind::Type) for floats.
pub fn invert(operand: &Value) -> Result<Value, Error> {
    match operand {
        Value::Scalar(Scalar::Known(number)) => scalar::invert(*number),
        other => array::of_one(other, DistArray::try_not),
    }
}

/// `abs(operand)`.
///
/// # Errors
/// What the library refuses.
pub fn absolute(context: &Context, operand: &Value) -> Result<Value, Error> {
    match operand {
        Value::Scalar(Scalar::Known(number)) => match scalar::absolute(*number) {
            Some(number) => Ok(Value::number(number)),
            None => crate::functions::absolute(context, operand),
        },
        other => crate::functions::absolute(context, other),
    }
}
