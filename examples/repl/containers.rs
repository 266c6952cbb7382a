//! The methods of lists, tuples, dicts and sets.

use crate::{
    builtins::{position, sort},
    dict::{Dict, Part, View},
    exception::{Exception, Kind, Raised},
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    operators::equal,
    value::Value,
};
use std::{cell::RefCell, rc::Rc};

type Body = fn(&mut Interpreter, Arguments) -> Result<Value, Exception>;

const fn method(name: &'static str, parameters: &'static [Parameter], body: Body) -> Function {
    Function { name, parameters, body }
}

const SELF: &[Parameter] = &[Parameter::positional("self")];
const ITEM: &[Parameter] = &[Parameter::positional("self"), Parameter::positional("item")];
const KEY: &[Parameter] = &[
    Parameter::positional("self"),
    Parameter::positional("key"),
    Parameter::optional_positional("default"),
];

pub(crate) static LIST: &[Function] = &[
    method("append", ITEM, |interpreter, arguments| {
        interpreter.submission.note(arguments.get("item"));
        list(&arguments)?.borrow_mut().push(arguments.get("item").clone());
        Ok(Value::None)
    }),
    method("clear", SELF, |_, arguments| {
        list(&arguments)?.borrow_mut().clear();
        Ok(Value::None)
    }),
    method("copy", SELF, |_, arguments| Ok(Value::list(list(&arguments)?.borrow().clone()))),
    method("count", ITEM, |_, arguments| count(&list(&arguments)?.borrow(), &arguments)),
    method("extend", ITEM, |interpreter, arguments| {
        let items = interpreter.items(arguments.get("item"))?;
        list(&arguments)?.borrow_mut().extend(items);
        Ok(Value::None)
    }),
    method("index", ITEM, |_, arguments| index(&list(&arguments)?.borrow(), &arguments, "list")),
    method(
        "insert",
        &[
            Parameter::positional("self"),
            Parameter::positional("index"),
            Parameter::positional("item"),
        ],
        |_, arguments| {
            let list = list(&arguments)?;
            let (len, at) = (list.borrow().len(), arguments.get("index").as_int()?);
            let at = if at < 0 { at.saturating_add(len as i64).max(0) } else { at };
            let at = usize::try_from(at).unwrap_or(0).min(len);
            list.borrow_mut().insert(at, arguments.get("item").clone());
            Ok(Value::None)
        },
    ),
    method(
        "pop",
        &[Parameter::positional("self"), Parameter::optional_positional("index")],
        |_, arguments| {
            let list = list(&arguments)?;
            let mut items = list.borrow_mut();
            if items.is_empty() {
                return Err(Exception::new(Kind::Index, "pop from empty list"));
            }
            let at = match arguments.given("index") {
                Some(index) => index.as_int()?,
                None => -1,
            };
            let from_start = if at < 0 { at + items.len() as i64 } else { at };
            match usize::try_from(from_start) {
                Ok(at) if at < items.len() => Ok(items.remove(at)),
                _ => Err(Exception::new(Kind::Index, "pop index out of range")),
            }
        },
    ),
    method("remove", ITEM, |_, arguments| {
        let list = list(&arguments)?;
        let at = position(&list.borrow(), arguments.get("item"))?;
        match at {
            Some(at) => {
                list.borrow_mut().remove(at);
                Ok(Value::None)
            }
            None => Err(Exception::new(Kind::Value, "list.remove(x): x not in list")),
        }
    }),
    method("reverse", SELF, |_, arguments| {
        list(&arguments)?.borrow_mut().reverse();
        Ok(Value::None)
    }),
    method(
        "sort",
        &[Parameter::positional("self"), Parameter::keyword("key"), Parameter::keyword("reverse")],
        |interpreter, arguments| {
            let list = list(&arguments)?;
            let items = list.borrow().clone();
            let reverse = arguments.get("reverse").truth()?;
            let sorted = sort(interpreter, items, arguments.get("key"), reverse)?;
            *list.borrow_mut() = sorted;
            Ok(Value::None)
        },
    ),
];

pub(crate) static TUPLE: &[Function] = &[
    method("count", ITEM, |interpreter, arguments| {
        count(&interpreter.items(arguments.get("self"))?, &arguments)
    }),
    method("index", ITEM, |interpreter, arguments| {
        index(&interpreter.items(arguments.get("self"))?, &arguments, "tuple")
    }),
];

pub(crate) static DICT: &[Function] = &[
    method("clear", SELF, |_, arguments| {
        dict(&arguments, "self")?.borrow_mut().clear();
        Ok(Value::None)
    }),
    method("copy", SELF, |_, arguments| {
        Ok(Value::dict(dict(&arguments, "self")?.borrow().clone()))
    }),
    method("get", KEY, |_, arguments| {
        let found = dict(&arguments, "self")?.borrow().get(arguments.get("key"))?;
        Ok(found.unwrap_or_else(|| arguments.get("default").clone()))
    }),
    method("items", SELF, |_, arguments| view(&arguments, Part::Items)),
    method("keys", SELF, |_, arguments| view(&arguments, Part::Keys)),
    method("pop", KEY, |_, arguments| {
        let removed = dict(&arguments, "self")?.borrow_mut().remove(arguments.get("key"))?;
        match (removed, arguments.given("default")) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(default.clone()),
            (None, None) => Err(missing(arguments.get("key"))),
        }
    }),
    method("popitem", SELF, |_, arguments| match dict(&arguments, "self")?.borrow_mut().pop() {
        Some((key, value)) => Ok(Value::tuple([key, value])),
        None => Err(Exception::new(Kind::Key, "popitem(): dictionary is empty")),
    }),
    method("setdefault", KEY, |_, arguments| {
        let dict = dict(&arguments, "self")?;
        let found = dict.borrow().get(arguments.get("key"))?;
        match found {
            Some(value) => Ok(value),
            None => {
                let default = arguments.get("default").clone();
                dict.borrow_mut().insert(arguments.get("key").clone(), default.clone())?;
                Ok(default)
            }
        }
    }),
    method("update", ITEM, |_, arguments| {
        let (own, other) = (dict(&arguments, "self")?, dict(&arguments, "item")?);
        let entries: Vec<(Value, Value)> = other.borrow().entries().cloned().collect();
        for (key, value) in entries {
            own.borrow_mut().insert(key, value)?;
        }
        Ok(Value::None)
    }),
    method("values", SELF, |_, arguments| view(&arguments, Part::Values)),
];

fn view(arguments: &Arguments, part: Part) -> Result<Value, Exception> {
    Ok(Value::View(View::new(dict(arguments, "self")?, part)))
}

pub(crate) static SET: &[Function] = &[
    method("add", ITEM, |_, arguments| {
        dict(&arguments, "self")?
            .borrow_mut()
            .insert(arguments.get("item").clone(), Value::None)?;
        Ok(Value::None)
    }),
    method("discard", ITEM, |_, arguments| {
        dict(&arguments, "self")?.borrow_mut().remove(arguments.get("item"))?;
        Ok(Value::None)
    }),
    method("remove", ITEM, |_, arguments| {
        match dict(&arguments, "self")?.borrow_mut().remove(arguments.get("item"))? {
            Some(_) => Ok(Value::None),
            None => Err(missing(arguments.get("item"))),
        }
    }),
];

/// The `KeyError` for a key that is not there.
pub(crate) fn missing(key: &Value) -> Exception {
    Exception::of(Raised { kind: Kind::Key, args: vec![key.clone()] })
}

fn wrong_self(value: &Value) -> Exception {
    let message = format!("this method does not apply to a '{}' object", value.type_name());
    Exception::new(Kind::Type, message)
}

fn list(arguments: &Arguments) -> Result<Rc<RefCell<Vec<Value>>>, Exception> {
    match arguments.get("self") {
        Value::List(items) => Ok(items.clone()),
        other => Err(wrong_self(other)),
    }
}

fn dict(arguments: &Arguments, name: &str) -> Result<Rc<RefCell<Dict>>, Exception> {
    match arguments.get(name) {
        Value::Dict(dict) | Value::Set(dict) => Ok(dict.clone()),
        other => Err(wrong_self(other)),
    }
}

fn count(items: &[Value], arguments: &Arguments) -> Result<Value, Exception> {
    let mut count = 0;
    for item in items {
        count += usize::from(equal(item, arguments.get("item"))?);
    }
    Ok(Value::length(count))
}

fn index(items: &[Value], arguments: &Arguments, kind: &str) -> Result<Value, Exception> {
    match position(items, arguments.get("item"))? {
        Some(at) => Ok(Value::length(at)),
        None if kind == "tuple" => {
            Err(Exception::new(Kind::Value, "tuple.index(x): x not in tuple"))
        }
        None => {
            let item = crate::show::text(arguments.get("item"), nums_numpy::Style::Repr)?;
            Err(Exception::new(Kind::Value, format!("{item} is not in list")))
        }
    }
}
