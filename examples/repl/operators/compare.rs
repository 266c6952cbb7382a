//! Comparisons: `==`, `<`, `in`, `is`.

use super::{is_numpy, numpy};
use crate::{
    dict::{Part, as_set},
    exception::{Exception, Kind},
    interpreter::Interpreter,
    value::Value,
};
use nums_numpy::{
    Number,
    operators::{Comparison, as_number},
};
use ruff_python_ast::CmpOp;
use std::cmp::Ordering;

/// `left op right`; of arrays element by element, in the cluster.
pub(crate) fn compare(
    interpreter: &mut Interpreter,
    operator: CmpOp,
    left: &Value,
    right: &Value,
) -> Result<Value, Exception> {
    let operator = match operator {
        CmpOp::Is => return Ok(Value::Bool(left.is(right))),
        CmpOp::IsNot => return Ok(Value::Bool(!left.is(right))),
        CmpOp::In => return Ok(Value::Bool(contains(interpreter, right, left)?)),
        CmpOp::NotIn => return Ok(Value::Bool(!contains(interpreter, right, left)?)),
        CmpOp::Eq => Comparison::Equal,
        CmpOp::NotEq => Comparison::NotEqual,
        CmpOp::Lt => Comparison::Less,
        CmpOp::LtE => Comparison::LessEqual,
        CmpOp::Gt => Comparison::Greater,
        CmpOp::GtE => Comparison::GreaterEqual,
    };
    if is_numpy(left) || is_numpy(right) {
        let (left, right) = (left.to_numpy()?, right.to_numpy()?);
        return Ok(numpy::compare(&interpreter.numpy, operator, &left, &right)?.into());
    }
    Ok(Value::Bool(match operator {
        Comparison::Equal => equal(left, right)?,
        Comparison::NotEqual => !equal(left, right)?,
        _ => order(operator, left, right)?,
    }))
}

/// `left < right`, as `sorted`, `min` and `max` ask; waits for what is in the cluster.
pub(crate) fn less(left: &Value, right: &Value) -> Result<bool, Exception> {
    order(Comparison::Less, left, right)
}

fn order(operator: Comparison, left: &Value, right: &Value) -> Result<bool, Exception> {
    match (&as_set(left)?, &as_set(right)?) {
        (Value::Str(left), Value::Str(right)) => Ok(operator.holds(Some(left.cmp(right)))),
        (Value::Tuple(left), Value::Tuple(right)) => sequences(operator, left, right),
        (Value::List(left), Value::List(right)) => {
            sequences(operator, &left.borrow(), &right.borrow())
        }
        (Value::Set(left), Value::Set(right)) => {
            let (left, right) = (left.borrow(), right.borrow());
            let mut common = 0;
            for (member, _) in left.entries() {
                common += usize::from(right.get(member)?.is_some());
            }
            Ok(match operator {
                Comparison::Less => common == left.len() && left.len() < right.len(),
                Comparison::LessEqual => common == left.len(),
                Comparison::Greater => common == right.len() && right.len() < left.len(),
                _ => common == right.len(),
            })
        }
        _ => match numbers(left, right)? {
            Some(ordering)
                if !matches!((left, right), (Value::Complex(_), _) | (_, Value::Complex(_))) =>
            {
                Ok(operator.holds(ordering))
            }
            _ => {
                let message = format!(
                    "'{}' not supported between instances of '{}' and '{}'",
                    operator.symbol(),
                    left.type_name(),
                    right.type_name()
                );
                Err(Exception::new(Kind::Type, message))
            }
        },
    }
}

/// The first items that differ decide, or else the lengths.
fn sequences(operator: Comparison, left: &[Value], right: &[Value]) -> Result<bool, Exception> {
    for (left, right) in std::iter::zip(left, right) {
        if !equal(left, right)? {
            return order(operator, left, right);
        }
    }
    Ok(operator.holds(Some(left.len().cmp(&right.len()))))
}

/// How two numbers are ordered, complex ones by their real parts first; nothing when one is no number. Waits for one in
/// the cluster.
fn numbers(left: &Value, right: &Value) -> Result<Option<Option<Ordering>>, Exception> {
    if let (Some(left), Some(right)) = (left.as_big_int(), right.as_big_int()) {
        return Ok(Some(Some(left.cmp(&right))));
    }
    let number = |value: &Value| -> Result<Option<Number>, Exception> {
        match value {
            Value::Scalar(scalar) => Ok(Some(scalar.value()?)),
            Value::Array(array) => Ok(Some(array.item()?)),
            Value::List(_) | Value::Tuple(_) => Ok(None),
            Value::BigInt(_) => Ok(value.as_python_float().map(Number::float64)),
            other => Ok(as_number(&other.to_numpy()?)),
        }
    };
    Ok(match (number(left)?, number(right)?) {
        (Some(left), Some(right)) => Some(match (left.as_integer(), right.as_integer()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => {
                let parts = |number: Number| (number.as_complex().re, number.as_complex().im);
                parts(left).partial_cmp(&parts(right))
            }
        }),
        _ => None,
    })
}

/// Whether two values are equal in Python's sense; waits for what is in the cluster.
pub(crate) fn equal(left: &Value, right: &Value) -> Result<bool, Exception> {
    if let (Value::View(_), _) | (_, Value::View(_)) = (left, right) {
        return match (as_set(left)?, as_set(right)?) {
            (left @ Value::Set(_), right @ Value::Set(_)) => equal(&left, &right),
            _ => Ok(left.is(right)),
        };
    }
    Ok(match (left, right) {
        (Value::Str(left), Value::Str(right)) => left == right,
        (Value::Tuple(left), Value::Tuple(right)) => all_equal(left, right)?,
        (Value::List(left), Value::List(right)) => all_equal(&left.borrow(), &right.borrow())?,
        (Value::Dict(left), Value::Dict(right)) => {
            let (left, right) = (left.borrow(), right.borrow());
            if left.len() != right.len() {
                return Ok(false);
            }
            for (key, value) in left.entries() {
                match right.get(key)? {
                    Some(other) if equal(value, &other)? => {}
                    _ => return Ok(false),
                }
            }
            true
        }
        (Value::Set(left), Value::Set(right)) => {
            let (left, right) = (left.borrow(), right.borrow());
            for (member, _) in left.entries() {
                if right.get(member)?.is_none() {
                    return Ok(false);
                }
            }
            left.len() == right.len()
        }
        (Value::Range(left), Value::Range(right)) => {
            let numbers = |range: crate::value::Range| (range.len(), range.at(0), range.step);
            match (numbers(*left), numbers(*right)) {
                ((0, ..), (0, ..)) => true,
                ((1, left, _), (1, right, _)) => left == right,
                (left, right) => left == right,
            }
        }
        (Value::DType(dtype), other) | (other, Value::DType(dtype)) => {
            nums_numpy::dtype_of(&other.to_numpy()?).is_ok_and(|other| other == Some(*dtype))
        }
        (Value::Array(array), other) | (other, Value::Array(array)) if array.size() != 1 => {
            let is_number =
                |value: &Value| Ok::<_, Exception>(as_number(&value.to_numpy()?).is_some());
            if matches!(other, Value::Array(_)) || is_number(other)? {
                return Err(nums_numpy::ambiguous().into());
            }
            false
        }
        _ => match numbers(left, right)? {
            Some(ordering) => ordering == Some(Ordering::Equal),
            None => left.is(right),
        },
    })
}

fn all_equal(left: &[Value], right: &[Value]) -> Result<bool, Exception> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for (left, right) in std::iter::zip(left, right) {
        if !left.is(right) && !equal(left, right)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `item in container`.
fn contains(
    interpreter: &mut Interpreter,
    container: &Value,
    item: &Value,
) -> Result<bool, Exception> {
    match container {
        Value::Str(text) => match item {
            Value::Str(part) => Ok(text.contains(part.as_ref())),
            other => {
                let message = format!(
                    "'in <string>' requires string as left operand, not {}",
                    other.type_name()
                );
                Err(Exception::new(Kind::Type, message))
            }
        },
        Value::Dict(dict) | Value::Set(dict) => Ok(dict.borrow().get(item)?.is_some()),
        Value::View(view) if view.part == Part::Keys => Ok(view.dict.borrow().get(item)?.is_some()),
        Value::Range(range) if item.as_python_int().is_some() => {
            Ok(item.as_python_int().is_some_and(|item| range.contains(item)))
        }
        Value::Array(array) => Ok(numpy::contains(array, &item.to_numpy()?)?),
        _ => {
            let iterator = interpreter.iterate(container).map_err(|error| match error.kind() {
                Kind::Type => {
                    let message =
                        format!("argument of type '{}' is not iterable", container.type_name());
                    Exception::new(Kind::Type, message)
                }
                _ => error,
            })?;
            while let Some(other) = interpreter.next(&iterator)? {
                if other.is(item) || equal(&other, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}
