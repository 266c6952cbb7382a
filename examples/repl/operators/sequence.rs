//! What `+`, `*`, `%` and the set operators do to texts and containers.

use super::Operation;
use crate::{
    dict::as_set,
    exception::{Exception, Kind},
    value::Value,
};
use std::rc::Rc;

/// The most items that `*` makes.
const REPEATED_MAX: usize = 1 << 28;

/// Nothing when the values have no such operator.
pub(super) fn arithmetic(
    operation: Operation,
    left: &Value,
    right: &Value,
) -> Result<Option<Value>, Exception> {
    Ok(Some(match (operation, left, right) {
        (Operation::Add, Value::Str(left), Value::Str(right)) => {
            Value::str(&format!("{left}{right}"))
        }
        (Operation::Add, Value::List(left), Value::List(right)) => {
            let joined = [left.borrow().as_slice(), right.borrow().as_slice()].concat();
            Value::list(joined)
        }
        (Operation::Add, Value::Tuple(left), Value::Tuple(right)) => {
            Value::tuple([left.as_ref(), right.as_ref()].concat())
        }
        (Operation::Add, Value::Str(_) | Value::List(_) | Value::Tuple(_), other) => {
            let kind = left.type_name();
            let message = match kind {
                "str" => format!("can only concatenate str (not \"{}\") to str", other.type_name()),
                _ => {
                    format!("can only concatenate {kind} (not \"{}\") to {kind}", other.type_name())
                }
            };
            return Err(Exception::new(Kind::Type, message));
        }
        (Operation::Mul, sequence @ (Value::Str(_) | Value::List(_) | Value::Tuple(_)), count)
        | (Operation::Mul, count, sequence @ (Value::Str(_) | Value::List(_) | Value::Tuple(_))) => {
            if let Value::BigInt(_) = count {
                let message = "cannot fit 'int' into an index-sized integer";
                return Err(Exception::new(Kind::Overflow, message));
            }
            let Some(count) = count.as_python_int() else {
                let message =
                    format!("can't multiply sequence by non-int of type '{}'", count.type_name());
                return Err(Exception::new(Kind::Type, message));
            };
            return repeat(sequence, usize::try_from(count).unwrap_or(0)).map(Some);
        }
        (Operation::Mod, Value::Str(_), _) => {
            return Err(Exception::unsupported("formatting with `%` (write an f-string) is"));
        }
        (Operation::Or, Value::Dict(left), Value::Dict(right)) => {
            let mut joined = left.borrow().clone();
            for (key, value) in right.borrow().entries() {
                joined.insert(key.clone(), value.clone())?;
            }
            Value::dict(joined)
        }
        (_, Value::View(_), Value::View(_) | Value::Set(_))
        | (_, Value::Set(_), Value::View(_)) => {
            return match (as_set(left)?, as_set(right)?) {
                (left @ Value::Set(_), right @ Value::Set(_)) => {
                    arithmetic(operation, &left, &right)
                }
                _ => Ok(None),
            };
        }
        (_, Value::Set(left), Value::Set(right)) => {
            let (left, right) = (left.borrow(), right.borrow());
            let mut result = crate::dict::Dict::new();
            let (from_left, from_right): (fn(bool) -> bool, bool) = match operation {
                Operation::Or => (|_| true, true),
                Operation::And => (|in_right| in_right, false),
                Operation::Sub => (|in_right| !in_right, false),
                Operation::Xor => (|in_right| !in_right, true),
                _ => return Ok(None),
            };
            for (member, _) in left.entries() {
                if from_left(right.get(member)?.is_some()) {
                    result.insert(member.clone(), Value::None)?;
                }
            }
            if from_right {
                for (member, _) in right.entries() {
                    if left.get(member)?.is_none() {
                        result.insert(member.clone(), Value::None)?;
                    }
                }
            }
            Value::Set(Rc::new(result.into()))
        }
        _ => return Ok(None),
    }))
}

fn repeat(sequence: &Value, count: usize) -> Result<Value, Exception> {
    let len = match sequence {
        Value::Str(text) => text.len(),
        Value::List(items) => items.borrow().len(),
        Value::Tuple(items) => items.len(),
        _ => 0,
    };
    if len.saturating_mul(count) > REPEATED_MAX {
        return Err(Exception::bare(Kind::Memory));
    }
    Ok(match sequence {
        Value::Str(text) => Value::str(&text.repeat(count)),
        Value::List(items) => Value::list(repeated(&items.borrow(), count)),
        Value::Tuple(items) => Value::tuple(repeated(items, count)),
        other => other.clone(),
    })
}

fn repeated(items: &[Value], count: usize) -> Vec<Value> {
    std::iter::repeat_n(items, count).flatten().cloned().collect()
}
