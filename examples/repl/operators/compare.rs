//! Comparisons: `==`, `<`, `in`, `is`.

use super::{array, as_number, is_numpy};
use crate::{
    dict::{Part, as_set},
    exception::{Exception, Kind},
    interpreter::Interpreter,
    scalar::Number,
    value::Value,
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
    let truth = match operator {
        CmpOp::Is => left.is(right),
        CmpOp::IsNot => !left.is(right),
        CmpOp::In => contains(interpreter, right, left)?,
        CmpOp::NotIn => !contains(interpreter, right, left)?,
        _ if is_numpy(left) || is_numpy(right) => {
            return array::compare(interpreter, operator, left, right);
        }
        CmpOp::Eq => equal(left, right)?,
        CmpOp::NotEq => !equal(left, right)?,
        CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => order(operator, left, right)?,
    };
    Ok(Value::Bool(truth))
}

/// Whether an ordering is what an operator asks for; numbers without order answer no.
pub(super) fn holds(operator: CmpOp, ordering: Option<Ordering>) -> bool {
    match operator {
        CmpOp::Eq => ordering == Some(Ordering::Equal),
        CmpOp::NotEq => ordering != Some(Ordering::Equal),
        CmpOp::Lt => ordering.is_some_and(Ordering::is_lt),
        CmpOp::LtE => ordering.is_some_and(Ordering::is_le),
        CmpOp::Gt => ordering.is_some_and(Ordering::is_gt),
        CmpOp::GtE => ordering.is_some_and(Ordering::is_ge),
        _ => false,
    }
}

/// `left < right`, as `sorted`, `min` and `max` ask; waits for what is in the cluster.
pub(crate) fn less(left: &Value, right: &Value) -> Result<bool, Exception> {
    order(CmpOp::Lt, left, right)
}

fn order(operator: CmpOp, left: &Value, right: &Value) -> Result<bool, Exception> {
    match (&as_set(left)?, &as_set(right)?) {
        (Value::Str(left), Value::Str(right)) => Ok(holds(operator, Some(left.cmp(right)))),
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
                CmpOp::Lt => common == left.len() && left.len() < right.len(),
                CmpOp::LtE => common == left.len(),
                CmpOp::Gt => common == right.len() && right.len() < left.len(),
                _ => common == right.len(),
            })
        }
        _ => match numbers(left, right)? {
            Some(ordering) => Ok(holds(operator, ordering)),
            None => {
                let message = format!(
                    "'{}' not supported between instances of '{}' and '{}'",
                    operator.as_str(),
                    left.type_name(),
                    right.type_name()
                );
                Err(Exception::new(Kind::Type, message))
            }
        },
    }
}

/// The first items that differ decide, or else the lengths.
fn sequences(operator: CmpOp, left: &[Value], right: &[Value]) -> Result<bool, Exception> {
    for (left, right) in std::iter::zip(left, right) {
        if !equal(left, right)? {
            return order(operator, left, right);
        }
    }
    Ok(holds(operator, Some(left.len().cmp(&right.len()))))
}

/// How two numbers are ordered; nothing when one is no number. Waits for one in the cluster.
fn numbers(left: &Value, right: &Value) -> Result<Option<Option<Ordering>>, Exception> {
    if let (Some(left), Some(right)) = (left.as_big_int(), right.as_big_int()) {
        return Ok(Some(Some(left.cmp(&right))));
    }
    let number = |value: &Value| -> Result<Option<Number>, Exception> {
        match value {
            Value::Scalar(scalar) => scalar.value().map(Some),
            Value::Array(array) => array.item().map(Some),
            Value::BigInt(_) => Ok(value.as_python_float().map(Number::Float64)),
            other => Ok(as_number(other)),
        }
    };
    Ok(match (number(left)?, number(right)?) {
        (Some(left), Some(right)) => Some(match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64().partial_cmp(&right.as_f64()),
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
            crate::numpy::dtype_of(other).is_ok_and(|other| other == Some(*dtype))
        }
        (Value::Array(array), other) | (other, Value::Array(array)) if array.size() != 1 => {
            if matches!(other, Value::Array(_)) || as_number(other).is_some() {
                let message = "The truth value of an array with more than one element is \
                               ambiguous. Use a.any() or a.all()";
                return Err(Exception::new(Kind::Value, message));
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
        Value::Array(_) => array::contains(interpreter, container, item),
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
