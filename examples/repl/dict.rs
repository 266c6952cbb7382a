//! Python's dict: values under keys, in the order in which the keys came.

use crate::{
    class::Class,
    exception::{Exception, Kind},
    value::Value,
};
use indexmap::IndexMap;
use nums::{Complex, DType};
use std::{cell::RefCell, rc::Rc};

/// A dict; a set is one whose values do not matter.
#[derive(Clone, Default)]
pub(crate) struct Dict(IndexMap<Key, (Value, Value)>);

/// What decides whether two keys are the same: `1`, `1.0` and `True` are.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    None,
    Ellipsis,
    Int(i64),
    /// The bits of a float that is no whole number of 64 bits.
    Float(u64),
    Complex(u64, u64),
    /// The digits of a whole number of more than 64 bits.
    Big(String),
    Str(String),
    Tuple(Vec<Key>),
    Named(&'static str),
}

impl Dict {
    /// A dict without entries.
    pub(crate) fn new() -> Dict {
        Dict::default()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The value of a key; waits when a NumPy scalar is the key.
    pub(crate) fn get(&self, key: &Value) -> Result<Option<Value>, Exception> {
        Ok(self.0.get(&hash(key)?).map(|entry| entry.1.clone()))
    }

    /// Puts a value under a key; a key that is there keeps its place.
    pub(crate) fn insert(&mut self, key: Value, value: Value) -> Result<(), Exception> {
        match self.0.entry(hash(&key)?) {
            indexmap::map::Entry::Occupied(mut entry) => entry.get_mut().1 = value,
            indexmap::map::Entry::Vacant(entry) => drop(entry.insert((key, value))),
        }
        Ok(())
    }

    /// Takes a key out and gives its value.
    pub(crate) fn remove(&mut self, key: &Value) -> Result<Option<Value>, Exception> {
        Ok(self.0.shift_remove(&hash(key)?).map(|entry| entry.1))
    }

    /// Takes the last entry out.
    pub(crate) fn pop(&mut self) -> Option<(Value, Value)> {
        self.0.pop().map(|(_, entry)| entry)
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The entry at a position.
    pub(crate) fn entry(&self, position: usize) -> Option<(Value, Value)> {
        self.0.get_index(position).map(|(_, entry)| entry.clone())
    }

    /// Puts a value under a name.
    pub(crate) fn insert_named(&mut self, name: &str, value: Value) {
        self.0.insert(Key::Str(name.to_owned()), (Value::str(name), value));
    }

    /// Keys and values in order.
    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &(Value, Value)> {
        self.0.values()
    }

    /// The keys of a set. Python's order of whole numbers is that of their size as long as they are
    /// few and not negative; its order of strings differs from run to run, and is that of insertion
    /// here.
    pub(crate) fn members(&self) -> Vec<Value> {
        let mut members: Vec<Value> = self.entries().map(|entry| entry.0.clone()).collect();
        if members.iter().all(|member| member.as_python_int().is_some()) {
            members.sort_by_key(Value::as_python_int);
        }
        members
    }
}

/// What `d.keys()`, `d.values()` and `d.items()` give: it shows what the dict holds at any time.
pub(crate) struct View {
    pub(crate) dict: Rc<RefCell<Dict>>,
    pub(crate) part: Part,
}

/// What of each entry a view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Keys,
    Values,
    Items,
}

impl View {
    pub(crate) fn new(dict: Rc<RefCell<Dict>>, part: Part) -> Rc<View> {
        Rc::new(View { dict, part })
    }

    pub(crate) fn len(&self) -> usize {
        self.dict.borrow().len()
    }

    /// What is at a position.
    pub(crate) fn at(&self, position: usize) -> Option<Value> {
        let (key, value) = self.dict.borrow().entry(position)?;
        Some(match self.part {
            Part::Keys => key,
            Part::Values => value,
            Part::Items => Value::tuple([key, value]),
        })
    }

    /// All that it shows now, in order.
    pub(crate) fn all(&self) -> Vec<Value> {
        (0..self.len()).filter_map(|position| self.at(position)).collect()
    }

    /// The name of the class.
    pub(crate) fn name(&self) -> &'static str {
        match self.part {
            Part::Keys => "dict_keys",
            Part::Values => "dict_values",
            Part::Items => "dict_items",
        }
    }
}

/// A view of keys or of items as the set that it counts as beside sets; anything else as it is.
pub(crate) fn as_set(value: &Value) -> Result<Value, Exception> {
    let view = match value {
        Value::View(view) if view.part != Part::Values => view,
        other => return Ok(other.clone()),
    };
    let mut members = Dict::new();
    for member in view.all() {
        members.insert(member, Value::None)?;
    }
    Ok(Value::Set(Rc::new(RefCell::new(members))))
}

fn hash(value: &Value) -> Result<Key, Exception> {
    Ok(match value {
        Value::None => Key::None,
        Value::Ellipsis => Key::Ellipsis,
        Value::BigInt(value) => Key::Big(value.to_string()),
        Value::Float(value) => float_key(*value),
        Value::Complex(value) => complex_key(*value),
        Value::Str(text) => Key::Str(text.to_string()),
        Value::Tuple(items) => Key::Tuple(items.iter().map(hash).collect::<Result<_, _>>()?),
        Value::Scalar(scalar) => {
            let number = scalar.value()?;
            match number.as_integer() {
                Some(whole) => {
                    i64::try_from(whole).map_or_else(|_| Key::Big(whole.to_string()), Key::Int)
                }
                None => complex_key(number.as_complex()),
            }
        }
        Value::Class(class) => Key::Named(class.name()),
        Value::DType(dtype) => Key::Named(DType::name(*dtype)),
        Value::Function(function) => Key::Named(function.name()),
        other => match other.as_python_int() {
            Some(value) => Key::Int(value),
            None => {
                let message = format!("unhashable type: '{}'", Class::of(other).name());
                return Err(Exception::new(Kind::Type, message));
            }
        },
    })
}

/// A complex number without an imaginary part is the real one.
fn complex_key(value: Complex<f64>) -> Key {
    match value.im {
        0.0 => float_key(value.re),
        imaginary => Key::Complex(value.re.to_bits(), imaginary.to_bits()),
    }
}

fn float_key(value: f64) -> Key {
    let whole = value as i64;
    if whole as f64 == value { Key::Int(whole) } else { Key::Float(value.to_bits()) }
}

#[cfg(test)]
mod tests {
    use super::Dict;
    use crate::value::Value;

    #[test]
    fn equal_numbers_are_one_key_and_keep_their_place() {
        let mut dict = Dict::new();
        dict.insert(Value::Int(1), Value::str("a")).ok();
        dict.insert(Value::str("x"), Value::None).ok();
        dict.insert(Value::Float(1.0), Value::str("b")).ok();
        dict.insert(Value::Bool(true), Value::str("c")).ok();
        assert_eq!(dict.len(), 2);
        let first = dict.entry(0).map(|(key, value)| (key.as_python_int(), value));
        assert!(matches!(first, Some((Some(1), Value::Str(text))) if &*text == "c"));
        assert!(dict.insert(Value::list(Vec::new()), Value::None).is_err());
    }
}
