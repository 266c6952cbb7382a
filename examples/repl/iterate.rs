//! Going through values one by one: what `for`, `zip` and comprehensions do.

use crate::{
    dict::{Part, View},
    exception::{Exception, Kind},
    interpreter::{Generation, Interpreter},
    subscript::subscript,
    value::{Range, Value},
};
use nums_numpy::Record;
use std::{cell::RefCell, rc::Rc};

/// Where a walk through some items stands.
pub(crate) enum Iter {
    Tuple(Rc<[Value]>, usize),
    /// A list may grow while it is gone through.
    List(Rc<RefCell<Vec<Value>>>, usize),
    /// A dict, the length that it had, and how far the walk is.
    Entries(Rc<View>, usize, usize),
    Range(Range, usize),
    /// The rows of an array.
    Rows(Value, usize, usize),
    Items(std::vec::IntoIter<Value>),
    Zip(Vec<Value>, bool),
    Enumerate(Value, i64),
    Map(Value, Vec<Value>),
    Filter(Value, Value),
    Reversed(std::vec::IntoIter<Value>),
    Generation(Box<Generation>),
    /// A generator that raised or ended gives nothing more.
    Ended,
}

impl Iter {
    /// The class, as Python names it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Iter::Tuple(..) => "tuple_iterator",
            Iter::List(..) => "list_iterator",
            Iter::Entries(view, ..) => match view.part {
                Part::Keys => "dict_keyiterator",
                Part::Values => "dict_valueiterator",
                Part::Items => "dict_itemiterator",
            },
            Iter::Range(..) => "range_iterator",
            Iter::Rows(..) | Iter::Items(_) => "iterator",
            Iter::Zip(..) => "zip",
            Iter::Enumerate(..) => "enumerate",
            Iter::Map(..) => "map",
            Iter::Filter(..) => "filter",
            Iter::Reversed(_) => "reversed",
            Iter::Generation(_) | Iter::Ended => "generator",
        }
    }

    /// As a value.
    pub(crate) fn value(self) -> Value {
        Value::Iterator(Rc::new(RefCell::new(self)))
    }
}

/// The fields of a result, which reads like a tuple.
fn record_items(record: &Record) -> Rc<[Value]> {
    record.fields.iter().map(|field| field.1.clone().into()).collect()
}

impl Interpreter {
    /// A walk through the items of a value; an iterator goes on where it stands.
    pub(crate) fn iterate(&self, value: &Value) -> Result<Value, Exception> {
        Ok(match value {
            Value::Iterator(_) => return Ok(value.clone()),
            Value::Tuple(items) => Iter::Tuple(items.clone(), 0),
            Value::Record(record) if !record.is_limits() => Iter::Tuple(record_items(record), 0),
            Value::List(items) => Iter::List(items.clone(), 0),
            Value::Dict(dict) => {
                let view = View::new(dict.clone(), Part::Keys);
                Iter::Entries(view.clone(), view.len(), 0)
            }
            Value::View(view) => Iter::Entries(view.clone(), view.len(), 0),
            Value::Set(set) => Iter::Items(set.borrow().members().into_iter()),
            Value::Range(range) => Iter::Range(*range, 0),
            Value::Str(text) => {
                let letters: Vec<Value> = text
                    .chars()
                    .map(|letter| Value::str(letter.encode_utf8(&mut [0; 4])))
                    .collect();
                Iter::Items(letters.into_iter())
            }
            Value::Array(array) => Iter::Rows(value.clone(), 0, array.rows()?),
            other => {
                let message = format!("'{}' object is not iterable", other.type_name());
                return Err(Exception::new(Kind::Type, message));
            }
        }
        .value())
    }

    /// The next item of an iterator; nothing at its end.
    pub(crate) fn next(&mut self, iterator: &Value) -> Result<Option<Value>, Exception> {
        let Value::Iterator(state) = iterator else {
            let message = format!("'{}' object is not an iterator", iterator.type_name());
            return Err(Exception::new(Kind::Type, message));
        };
        let Ok(mut state) = state.try_borrow_mut() else {
            return Err(Exception::new(Kind::Value, "generator already executing"));
        };
        self.step(&mut state)
    }

    fn step(&mut self, state: &mut Iter) -> Result<Option<Value>, Exception> {
        let advance = |position: &mut usize| {
            *position += 1;
            *position - 1
        };
        Ok(match state {
            Iter::Tuple(items, position) => items.get(advance(position)).cloned(),
            Iter::List(items, position) => items.borrow().get(advance(position)).cloned(),
            Iter::Entries(view, len, position) => {
                if view.len() != *len {
                    let message = "dictionary changed size during iteration";
                    return Err(Exception::new(Kind::Runtime, message));
                }
                view.at(advance(position))
            }
            Iter::Range(range, position) => {
                let position = advance(position);
                (position < range.len()).then(|| Value::Int(range.at(position)))
            }
            Iter::Rows(array, position, rows) => match advance(position) {
                row if row < *rows => Some(subscript(array, &Value::length(row))?),
                _ => None,
            },
            Iter::Items(items) | Iter::Reversed(items) => items.next(),
            Iter::Zip(iterators, strict) => return self.next_of_all(iterators, *strict),
            Iter::Enumerate(iterator, count) => match self.next(iterator)? {
                Some(item) => {
                    *count += 1;
                    Some(Value::tuple([Value::Int(*count - 1), item]))
                }
                None => None,
            },
            Iter::Map(function, iterators) => match self.next_of_all(iterators, false)? {
                Some(Value::Tuple(items)) => {
                    Some(self.call_value(function, items.to_vec(), Vec::new())?)
                }
                _ => None,
            },
            Iter::Filter(function, iterator) => loop {
                let Some(item) = self.next(iterator)? else { break None };
                let kept = match &*function {
                    Value::None => item.truth()?,
                    function => {
                        let answer = self.call_value(function, vec![item.clone()], Vec::new())?;
                        answer.truth()?
                    }
                };
                if kept {
                    break Some(item);
                }
            },
            Iter::Generation(generation) => match self.generate(generation) {
                Ok(Some(item)) => Some(item),
                ended => {
                    *state = Iter::Ended;
                    ended?
                }
            },
            Iter::Ended => None,
        })
    }

    fn next_of_all(
        &mut self,
        iterators: &[Value],
        strict: bool,
    ) -> Result<Option<Value>, Exception> {
        let mut items = Vec::with_capacity(iterators.len());
        for (position, iterator) in iterators.iter().enumerate() {
            match self.next(iterator)? {
                Some(item) => items.push(item),
                None if strict && position > 0 => {
                    return Err(uneven(position, "shorter"));
                }
                None => {
                    for (longer, iterator) in iterators.iter().enumerate().skip(1) {
                        if strict && self.next(iterator)?.is_some() {
                            return Err(uneven(longer, "longer"));
                        }
                    }
                    return Ok(None);
                }
            }
        }
        Ok(if items.is_empty() { None } else { Some(Value::tuple(items)) })
    }

    /// All items of a value that can be gone through.
    pub(crate) fn items(&mut self, value: &Value) -> Result<Vec<Value>, Exception> {
        match value {
            Value::Tuple(items) => return Ok(items.to_vec()),
            Value::List(items) => return Ok(items.borrow().clone()),
            _ => {}
        }
        let iterator = self.iterate(value)?;
        let mut items = Vec::new();
        while let Some(item) = self.next(&iterator)? {
            items.push(item);
        }
        Ok(items)
    }
}

fn uneven(position: usize, how: &str) -> Exception {
    let first =
        if position == 1 { "argument 1".to_owned() } else { format!("arguments 1-{position}") };
    let message = format!("zip() argument {} is {how} than {first}", position + 1);
    Exception::new(Kind::Value, message)
}
