//! Python's builtin functions, and what calling a class makes.

use crate::{
    class::Class,
    dict::Dict,
    exception::{self, Exception, Kind, Raised},
    function::{Arguments, Callable, Function, Parameter},
    interpreter::{Interpreter, write_out},
    iterate::Iter,
    numbers,
    operators::{Binary, binary, divmod, equal, less},
    show::{self, request},
    value::{Range, Value},
};
use nums_numpy::Style;
use ruff_python_ast::Operator;
use std::{cell::RefCell, rc::Rc};

type Body = fn(&mut Interpreter, Arguments) -> Result<Value, Exception>;

const fn function(name: &'static str, parameters: &'static [Parameter], body: Body) -> Function {
    Function { name, parameters, body }
}

const ONE: &[Parameter] = &[Parameter::positional("x")];
const ANY: &[Parameter] = &[Parameter::rest("args")];

static FUNCTIONS: &[Function] = &[
    function("abs", ONE, |interpreter, arguments| absolute(interpreter, arguments.get("x"))),
    function("all", ONE, |interpreter, arguments| decided_by(interpreter, &arguments, false)),
    function("any", ONE, |interpreter, arguments| decided_by(interpreter, &arguments, true)),
    function("callable", ONE, |_, arguments| {
        Ok(Value::Bool(matches!(
            arguments.get("x"),
            Value::Function(_) | Value::Method(..) | Value::Class(_) | Value::Closure(_)
        )))
    }),
    function("chr", ONE, |_, arguments| {
        let code = arguments.get("x").as_int()?;
        let letter = u32::try_from(code).ok().and_then(char::from_u32);
        letter
            .map(|letter| Value::str(letter.encode_utf8(&mut [0; 4])))
            .ok_or_else(|| Exception::new(Kind::Value, "chr() arg not in range(0x110000)"))
    }),
    function("dir", &[Parameter::optional_positional("object")], |interpreter, arguments| {
        let mut names: Vec<String> = match arguments.given("object") {
            Some(value) => crate::attribute::names(value).into_iter().map(str::to_owned).collect(),
            None => interpreter.defined().into_iter().map(|(name, _)| name).collect(),
        };
        names.sort();
        names.dedup();
        Ok(Value::list(names.iter().map(|name| Value::str(name)).collect()))
    }),
    function(
        "divmod",
        &[Parameter::positional("x"), Parameter::positional("y")],
        |interpreter, arguments| {
            let (left, right) = (arguments.get("x"), arguments.get("y"));
            match divmod(left, right)? {
                Some(pair) => Ok(pair),
                None => {
                    let part = |operator| {
                        binary(&interpreter.numpy, Binary::new(operator, false), left, right)
                    };
                    Ok(Value::tuple([part(Operator::FloorDiv)?, part(Operator::Mod)?]))
                }
            }
        },
    ),
    function("exit", &[Parameter::optional_positional("code")], leave),
    function(
        "format",
        &[Parameter::positional("value"), Parameter::optional_positional("format_spec")],
        |_, arguments| {
            let specification = match arguments.get("format_spec") {
                Value::Str(text) => text.to_string(),
                _ => String::new(),
            };
            Ok(Value::str(&show::formatted(arguments.get("value"), &specification)?))
        },
    ),
    function(
        "getattr",
        &[
            Parameter::positional("object"),
            Parameter::positional("name"),
            Parameter::optional_positional("default"),
        ],
        |_, arguments| {
            let name = text_argument(&arguments, "name")?;
            match (
                crate::attribute::attribute(arguments.get("object"), &name),
                arguments.given("default"),
            ) {
                (Err(error), Some(default)) if error.kind() == Kind::Attribute => {
                    Ok(default.clone())
                }
                (outcome, _) => outcome,
            }
        },
    ),
    function(
        "hasattr",
        &[Parameter::positional("object"), Parameter::positional("name")],
        |_, arguments| {
            let name = text_argument(&arguments, "name")?;
            Ok(Value::Bool(crate::attribute::attribute(arguments.get("object"), &name).is_ok()))
        },
    ),
    function("help", &[Parameter::optional_positional("object")], |_, arguments| {
        write_out(&crate::help::help(arguments.get("object")))?;
        Ok(Value::None)
    }),
    function("id", ONE, |_, _| Err(Exception::unsupported("`id` (compare with `is`) is"))),
    function(
        "isinstance",
        &[Parameter::positional("object"), Parameter::positional("classes")],
        |_, arguments| {
            Ok(Value::Bool(is_instance(
                Class::of(arguments.get("object")),
                arguments.get("classes"),
            )?))
        },
    ),
    function(
        "issubclass",
        &[Parameter::positional("class"), Parameter::positional("classes")],
        |_, arguments| match arguments.get("class") {
            Value::Class(class) => Ok(Value::Bool(is_instance(*class, arguments.get("classes"))?)),
            _ => Err(Exception::new(Kind::Type, "issubclass() arg 1 must be a class")),
        },
    ),
    function("iter", ONE, |interpreter, arguments| interpreter.iterate(arguments.get("x"))),
    function("len", &[Parameter::positional("obj")], |_, arguments| length(arguments.get("obj"))),
    function(
        "max",
        &[Parameter::rest("args"), Parameter::keyword("key"), Parameter::keyword("default")],
        |interpreter, arguments| extreme(interpreter, &arguments, "max"),
    ),
    function(
        "min",
        &[Parameter::rest("args"), Parameter::keyword("key"), Parameter::keyword("default")],
        |interpreter, arguments| extreme(interpreter, &arguments, "min"),
    ),
    function(
        "next",
        &[Parameter::positional("iterator"), Parameter::optional_positional("default")],
        |interpreter, arguments| match interpreter.next(arguments.get("iterator"))? {
            Some(item) => Ok(item),
            None => match arguments.given("default") {
                Some(default) => Ok(default.clone()),
                None => Err(Exception::bare(Kind::StopIteration)),
            },
        },
    ),
    function("ord", ONE, |_, arguments| match arguments.get("x") {
        Value::Str(text) if text.chars().count() == 1 => {
            Ok(Value::Int(text.chars().next().map_or(0, |letter| i64::from(u32::from(letter)))))
        }
        _ => Err(Exception::new(Kind::Type, "ord() expected a string of length 1")),
    }),
    function(
        "pow",
        &[Parameter::required("base"), Parameter::required("exp"), Parameter::optional("mod")],
        |interpreter, arguments| match arguments.get("mod") {
            Value::None => binary(
                &interpreter.numpy,
                Binary::new(Operator::Pow, false),
                arguments.get("base"),
                arguments.get("exp"),
            ),
            modulus => {
                let whole = |value: &Value| {
                    value.as_big_int().ok_or_else(|| {
                        let message =
                            "pow() 3rd argument not allowed unless all arguments are integers";
                        Exception::new(Kind::Type, message)
                    })
                };
                let (base, exponent) =
                    (whole(arguments.get("base"))?, whole(arguments.get("exp"))?);
                let modulus = whole(modulus)?;
                if num_traits::Signed::is_negative(&exponent) {
                    return Err(Exception::unsupported("a modular inverse is"));
                }
                if num_traits::Zero::is_zero(&modulus) {
                    return Err(Exception::new(Kind::Value, "pow() 3rd argument cannot be 0"));
                }
                Ok(Value::int(base.modpow(&exponent, &modulus)))
            }
        },
    ),
    function(
        "print",
        &[
            Parameter::rest("values"),
            Parameter::keyword("sep"),
            Parameter::keyword("end"),
            Parameter::keyword("flush"),
        ],
        print,
    ),
    function("quit", &[Parameter::optional_positional("code")], leave),
    function("repr", &[Parameter::positional("obj")], |_, arguments| {
        Ok(Value::str(&show::text(arguments.get("obj"), Style::Repr)?))
    }),
    function("round", &[Parameter::required("number"), Parameter::optional("ndigits")], round),
    function(
        "sorted",
        &[
            Parameter::positional("iterable"),
            Parameter::keyword("key"),
            Parameter::keyword("reverse"),
        ],
        |interpreter, arguments| {
            let items = interpreter.items(arguments.get("iterable"))?;
            let reverse = arguments.get("reverse").truth()?;
            Ok(Value::list(sort(interpreter, items, arguments.get("key"), reverse)?))
        },
    ),
    function("sum", &[Parameter::positional("iterable"), Parameter::optional("start")], sum),
];

/// Classes that have a name without a module.
const CLASSES: &[Class] = &[
    Class::Object,
    Class::Bool,
    Class::Int,
    Class::Float,
    Class::Complex,
    Class::Str,
    Class::Tuple,
    Class::List,
    Class::Dict,
    Class::Set,
    Class::Range,
    Class::Slice,
    Class::Type,
    Class::Iterator("zip"),
    Class::Iterator("enumerate"),
    Class::Iterator("map"),
    Class::Iterator("filter"),
    Class::Iterator("reversed"),
];

/// The builtin of a name.
pub(crate) fn find(name: &str) -> Option<Value> {
    if let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) {
        return Some(Value::Function(Callable::Python(function)));
    }
    if let Some(class) = CLASSES.iter().find(|class| class.name() == name) {
        return Some(Value::Class(*class));
    }
    match name {
        "NotImplemented" => None,
        "EnvironmentError" | "IOError" => Some(Value::Class(Class::Exception(Kind::Os))),
        _ => {
            let kind = exception::BUILTIN.iter().find(|kind| kind.name() == name);
            kind.map(|kind| Value::Class(Class::Exception(*kind)))
        }
    }
}

/// The names of all builtins.
pub(crate) fn names() -> Vec<&'static str> {
    let functions = FUNCTIONS.iter().map(|function| function.name);
    let classes = CLASSES.iter().map(|class| class.name());
    functions.chain(classes).chain(exception::BUILTIN.iter().map(|kind| kind.name())).collect()
}

/// What calling a class makes.
pub(crate) fn construct(
    interpreter: &mut Interpreter,
    class: Class,
    positional: Vec<Value>,
    keywords: Vec<(String, Value)>,
) -> Result<Value, Exception> {
    if let Class::Exception(kind) = class {
        return Ok(Value::Exception(Rc::new(Raised { kind, args: positional })));
    }
    if let Some(constructor) = constructor(class) {
        return constructor.call(interpreter, positional, keywords);
    }
    let Class::Numpy(numpy) = class else {
        let message = format!("cannot create '{}' instances", class.name());
        return Err(Exception::new(Kind::Type, message));
    };
    let positional = positional.iter().map(Value::to_numpy).collect::<Result<_, _>>()?;
    let keywords = keywords.into_iter().map(|(name, value)| Ok((name, value.to_numpy()?)));
    let keywords = keywords.collect::<Result<_, Exception>>()?;
    Ok(nums_numpy::construct(&interpreter.numpy, numpy, positional, keywords)?.into())
}

/// The function that calling a builtin class is.
pub(crate) fn constructor(class: Class) -> Option<&'static Function> {
    CONSTRUCTORS.iter().find(|constructor| constructor.name == class.name())
}

static CONSTRUCTORS: &[Function] = &[
    function("bool", &[Parameter::optional_positional("x")], |_, arguments| {
        Ok(Value::Bool(arguments.get("x").truth()?))
    }),
    function("dict", &[Parameter::optional_positional("entries")], |interpreter, arguments| {
        let mut dict = Dict::new();
        match arguments.given("entries") {
            None => {}
            Some(Value::Dict(other)) => dict = other.borrow().clone(),
            Some(entries) => {
                for pair in interpreter.items(entries)? {
                    let pair = interpreter.items(&pair)?;
                    let [key, value] = pair.as_slice() else {
                        let message =
                            "dictionary update sequence element has another length than 2";
                        return Err(Exception::new(Kind::Value, message));
                    };
                    dict.insert(key.clone(), value.clone())?;
                }
            }
        }
        Ok(Value::dict(dict))
    }),
    function(
        "enumerate",
        &[Parameter::required("iterable"), Parameter::optional("start")],
        |interpreter, arguments| {
            let iterator = interpreter.iterate(arguments.get("iterable"))?;
            let start = match arguments.given("start") {
                Some(start) => start.as_int()?,
                None => 0,
            };
            Ok(Iter::Enumerate(iterator, start).value())
        },
    ),
    function(
        "filter",
        &[Parameter::positional("function"), Parameter::positional("iterable")],
        |interpreter, arguments| {
            let iterator = interpreter.iterate(arguments.get("iterable"))?;
            Ok(Iter::Filter(arguments.get("function").clone(), iterator).value())
        },
    ),
    function(
        "complex",
        &[Parameter::optional("real"), Parameter::optional("imag")],
        |_, arguments| numbers::complex(arguments.get("real"), arguments.get("imag")),
    ),
    function("float", &[Parameter::optional_positional("x")], |_, arguments| {
        match arguments.given("x") {
            Some(value) => numbers::float(value),
            None => Ok(Value::Float(0.0)),
        }
    }),
    function(
        "int",
        &[Parameter::optional_positional("x"), Parameter::optional("base")],
        |_, arguments| match arguments.given("x") {
            Some(value) => {
                let base = arguments.given("base").map(Value::as_int).transpose()?;
                numbers::int(value, base)
            }
            None => Ok(Value::Int(0)),
        },
    ),
    function("list", &[Parameter::optional_positional("iterable")], |interpreter, arguments| {
        Ok(Value::list(match arguments.given("iterable") {
            Some(items) => interpreter.items(items)?,
            None => Vec::new(),
        }))
    }),
    function("map", ANY, |interpreter, mut arguments| {
        if arguments.rest.len() < 2 {
            return Err(Exception::new(Kind::Type, "map() must have at least two arguments."));
        }
        let function = arguments.rest.remove(0);
        let iterators: Result<Vec<_>, _> =
            arguments.rest.iter().map(|value| interpreter.iterate(value)).collect();
        Ok(Iter::Map(function, iterators?).value())
    }),
    function("object", &[], |_, _| Err(Exception::unsupported("an object of no class is"))),
    function("range", ANY, |_, arguments| {
        let parts: Vec<i64> = arguments.rest.iter().map(Value::as_int).collect::<Result<_, _>>()?;
        let (start, stop, step) = match parts.as_slice() {
            [stop] => (0, *stop, 1),
            [start, stop] => (*start, *stop, 1),
            [start, stop, step] => (*start, *stop, *step),
            [] => {
                let message = "range expected at least 1 argument, got 0";
                return Err(Exception::new(Kind::Type, message));
            }
            many => {
                let message = format!("range expected at most 3 arguments, got {}", many.len());
                return Err(Exception::new(Kind::Type, message));
            }
        };
        if step == 0 {
            return Err(Exception::new(Kind::Value, "range() arg 3 must not be zero"));
        }
        Ok(Value::Range(Range { start, stop, step }))
    }),
    function("reversed", ONE, |interpreter, arguments| {
        let value = arguments.get("x");
        let mut items = match value {
            Value::Iterator(_) | Value::Set(_) => {
                let message = format!("'{}' object is not reversible", value.type_name());
                return Err(Exception::new(Kind::Type, message));
            }
            value => interpreter.items(value)?,
        };
        items.reverse();
        Ok(Iter::Reversed(items.into_iter()).value())
    }),
    function("set", &[Parameter::optional_positional("iterable")], |interpreter, arguments| {
        let mut members = Dict::new();
        if let Some(items) = arguments.given("iterable") {
            for item in interpreter.items(items)? {
                members.insert(item, Value::None)?;
            }
        }
        Ok(Value::Set(Rc::new(RefCell::new(members))))
    }),
    function("slice", ANY, |_, arguments| {
        let part = |position: usize| arguments.rest.get(position).cloned().unwrap_or(Value::None);
        Ok(Value::Slice(Rc::new(match arguments.rest.len() {
            1 => [Value::None, part(0), Value::None],
            _ => [part(0), part(1), part(2)],
        })))
    }),
    function("str", &[Parameter::optional("object")], |_, arguments| {
        Ok(Value::str(&match arguments.given("object") {
            Some(value) => show::text(value, Style::Str)?,
            None => String::new(),
        }))
    }),
    function("tuple", &[Parameter::optional_positional("iterable")], |interpreter, arguments| {
        Ok(Value::tuple(match arguments.given("iterable") {
            Some(items) => interpreter.items(items)?,
            None => Vec::new(),
        }))
    }),
    function("type", ONE, |_, arguments| Ok(Value::Class(Class::of(arguments.get("x"))))),
    function(
        "zip",
        &[Parameter::rest("iterables"), Parameter::keyword("strict")],
        |interpreter, arguments| {
            let strict = arguments.get("strict").truth()?;
            let iterators: Result<Vec<_>, _> =
                arguments.rest.iter().map(|value| interpreter.iterate(value)).collect();
            Ok(Iter::Zip(iterators?, strict).value())
        },
    ),
];

fn text_argument(arguments: &Arguments, name: &str) -> Result<String, Exception> {
    match arguments.get(name) {
        Value::Str(text) => Ok(text.to_string()),
        _ => Err(Exception::new(Kind::Type, "attribute name must be string")),
    }
}

fn is_instance(class: Class, classes: &Value) -> Result<bool, Exception> {
    match classes {
        Value::Class(other) => Ok(class.is_below(*other)),
        Value::Tuple(classes) => {
            for other in classes.iter() {
                if is_instance(class, other)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => {
            let message = "isinstance() arg 2 must be a type, a tuple of types, or a union";
            Err(Exception::new(Kind::Type, message))
        }
    }
}

/// Raises `SystemExit`, which ends the prompt or the script.
fn leave(_: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let args = arguments.given("code").cloned().into_iter().collect();
    Err(Exception::of(Raised { kind: Kind::SystemExit, args }))
}

fn print(_: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let separator = |name, otherwise: &str| match arguments.get(name) {
        Value::None => Ok(otherwise.to_owned()),
        Value::Str(text) => Ok(text.to_string()),
        other => {
            let message = format!("{name} must be None or a string, not {}", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    };
    let (sep, end) = (separator("sep", " ")?, separator("end", "\n")?);
    // All values are asked for before the first is waited for.
    let drafts = arguments.rest.iter().map(|value| request(value, Style::Str));
    let drafts = drafts.collect::<Result<Vec<_>, _>>()?;
    let texts = drafts.into_iter().map(|draft| draft.write()).collect::<Result<Vec<_>, _>>()?;
    write_out(&(texts.join(&sep) + &end))?;
    Ok(Value::None)
}

fn length(value: &Value) -> Result<Value, Exception> {
    Ok(Value::length(match value {
        Value::Tuple(items) => items.len(),
        Value::List(items) => items.borrow().len(),
        Value::Dict(dict) | Value::Set(dict) => dict.borrow().len(),
        Value::View(view) => view.len(),
        Value::Range(range) => range.len(),
        Value::Str(text) => text.chars().count(),
        Value::Table(table) => table.rows(),
        Value::Record(record) if !record.is_limits() => record.fields.len(),
        Value::Array(array) => array.length()?,
        other => {
            let message = format!("object of type '{}' has no len()", other.type_name());
            return Err(Exception::new(Kind::Type, message));
        }
    }))
}

fn absolute(interpreter: &mut Interpreter, value: &Value) -> Result<Value, Exception> {
    match value {
        Value::Float(value) => Ok(Value::Float(value.abs())),
        Value::Complex(value) => Ok(Value::Float(value.re.hypot(value.im))),
        Value::Scalar(_) | Value::Array(_) => {
            let value = value.to_numpy()?;
            Ok(nums_numpy::operators::absolute(&interpreter.numpy, &value)?.into())
        }
        other => match other.as_big_int() {
            Some(whole) => Ok(Value::int(num_traits::Signed::abs(&whole))),
            None => {
                let message = format!("bad operand type for abs(): '{}'", other.type_name());
                Err(Exception::new(Kind::Type, message))
            }
        },
    }
}

/// `any` and `all`: the first item with this truth decides.
fn decided_by(
    interpreter: &mut Interpreter,
    arguments: &Arguments,
    deciding: bool,
) -> Result<Value, Exception> {
    let iterator = interpreter.iterate(arguments.get("x"))?;
    while let Some(item) = interpreter.next(&iterator)? {
        if item.truth()? == deciding {
            return Ok(Value::Bool(deciding));
        }
    }
    Ok(Value::Bool(!deciding))
}

fn extreme(
    interpreter: &mut Interpreter,
    arguments: &Arguments,
    name: &str,
) -> Result<Value, Exception> {
    let items = match arguments.rest.as_slice() {
        [] => {
            let message = format!("{name} expected at least 1 argument, got 0");
            return Err(Exception::new(Kind::Type, message));
        }
        [one] => interpreter.items(one)?,
        many => many.to_vec(),
    };
    let mut best: Option<(Value, Value)> = None;
    for item in items {
        let key = keyed(interpreter, arguments.get("key"), &item)?;
        let better = match &best {
            None => true,
            Some((_, so_far)) if name == "min" => less(&key, so_far)?,
            Some((_, so_far)) => less(so_far, &key)?,
        };
        if better {
            best = Some((item, key));
        }
    }
    match (best, arguments.given("default")) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => {
            Err(Exception::new(Kind::Value, format!("{name}() arg is an empty sequence")))
        }
    }
}

fn keyed(interpreter: &mut Interpreter, key: &Value, item: &Value) -> Result<Value, Exception> {
    match key {
        Value::None => Ok(item.clone()),
        key => interpreter.call_value(key, vec![item.clone()], Vec::new()),
    }
}

/// The items in order; those that are equal stay as they came.
pub(crate) fn sort(
    interpreter: &mut Interpreter,
    items: Vec<Value>,
    key: &Value,
    reverse: bool,
) -> Result<Vec<Value>, Exception> {
    let mut keys = Vec::with_capacity(items.len());
    for item in &items {
        keys.push(keyed(interpreter, key, item)?);
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    if reverse {
        order.reverse();
    }
    merge_sort(&keys, &mut order)?;
    if reverse {
        order.reverse();
    }
    Ok(order.into_iter().map(|position| items[position].clone()).collect())
}

/// Orders positions by their keys, by merging runs that double in length: a comparison may raise, and answers may
/// contradict each other, as those of NaN do.
fn merge_sort(keys: &[Value], order: &mut Vec<usize>) -> Result<(), Exception> {
    let len = order.len();
    let mut run = 1;
    while run < len {
        let mut merged = Vec::with_capacity(len);
        for start in (0..len).step_by(2 * run) {
            let (middle, end) = ((start + run).min(len), (start + 2 * run).min(len));
            let (mut left, mut right) = (start, middle);
            while left < middle && right < end {
                if less(&keys[order[right]], &keys[order[left]])? {
                    merged.push(order[right]);
                    right += 1;
                } else {
                    merged.push(order[left]);
                    left += 1;
                }
            }
            merged.extend_from_slice(&order[left..middle]);
            merged.extend_from_slice(&order[right..end]);
        }
        *order = merged;
        run *= 2;
    }
    Ok(())
}

fn sum(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let iterator = interpreter.iterate(arguments.get("iterable"))?;
    let mut total = arguments.given("start").cloned().unwrap_or(Value::Int(0));
    if let Value::Str(_) = total {
        let message = "sum() can't sum strings [use ''.join(seq) instead]";
        return Err(Exception::new(Kind::Type, message));
    }
    let add = Binary::new(Operator::Add, false);
    while let Some(item) = interpreter.next(&iterator)? {
        total = binary(&interpreter.numpy, add, &total, &item)?;
    }
    Ok(total)
}

fn round(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let value = arguments.get("number");
    let digits = match arguments.get("ndigits") {
        Value::None => None,
        digits => Some(digits.as_int()?),
    };
    if let Value::Array(_) = value {
        let value = value.to_numpy()?;
        let digits = digits.unwrap_or(0);
        return Ok(nums_numpy::round_array(&interpreter.numpy, &value, digits)?.into());
    }
    numbers::round(value, digits)?.ok_or_else(|| {
        let message = format!("type {} doesn't define __round__ method", value.type_name());
        Exception::new(Kind::Type, message)
    })
}

/// Whether an item is among others, and where.
pub(crate) fn position(items: &[Value], item: &Value) -> Result<Option<usize>, Exception> {
    for (position, other) in items.iter().enumerate() {
        if other.is(item) || equal(other, item)? {
            return Ok(Some(position));
        }
    }
    Ok(None)
}
