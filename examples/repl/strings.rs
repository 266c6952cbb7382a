//! The methods of strings.

use crate::{
    exception::{Exception, Kind},
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    show,
    value::Value,
};
use nums_numpy::Style;

type Body = fn(&mut Interpreter, Arguments) -> Result<Value, Exception>;

const fn method(name: &'static str, parameters: &'static [Parameter], body: Body) -> Function {
    Function { name, parameters, body }
}

const SELF: &[Parameter] = &[Parameter::positional("self")];
const OTHER: &[Parameter] = &[Parameter::positional("self"), Parameter::positional("other")];
const CHARS: &[Parameter] =
    &[Parameter::positional("self"), Parameter::optional_positional("chars")];
const SEP: &[Parameter] =
    &[Parameter::positional("self"), Parameter::optional("sep"), Parameter::optional("maxsplit")];
const WIDTH: &[Parameter] = &[
    Parameter::positional("self"),
    Parameter::positional("width"),
    Parameter::optional_positional("fillchar"),
];

pub(crate) static METHODS: &[Function] = &[
    method("capitalize", SELF, |_, arguments| {
        let text = text(&arguments, "self")?;
        let mut letters = text.chars();
        let first: String =
            letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
        Ok(Value::str(&(first + &letters.as_str().to_lowercase())))
    }),
    method("center", WIDTH, |_, arguments| padded(&arguments, '^')),
    method("count", OTHER, |_, arguments| {
        let (own, part) = (text(&arguments, "self")?, text(&arguments, "other")?);
        let count =
            if part.is_empty() { own.chars().count() + 1 } else { own.matches(&part).count() };
        Ok(Value::length(count))
    }),
    method("endswith", OTHER, |_, arguments| affix(&arguments, |own, part| own.ends_with(part))),
    method("find", OTHER, |_, arguments| {
        Ok(find(&arguments)?.map_or(Value::Int(-1), Value::length))
    }),
    method("format", &[Parameter::positional("self"), Parameter::rest("args")], |_, arguments| {
        Ok(Value::str(&filled(&text(&arguments, "self")?, &arguments.rest)?))
    }),
    method("index", OTHER, |_, arguments| match find(&arguments)? {
        Some(position) => Ok(Value::length(position)),
        None => Err(Exception::new(Kind::Value, "substring not found")),
    }),
    method("isalpha", SELF, |_, arguments| all(&arguments, char::is_alphabetic)),
    method("isdigit", SELF, |_, arguments| all(&arguments, |letter| letter.is_ascii_digit())),
    method("isspace", SELF, |_, arguments| all(&arguments, char::is_whitespace)),
    method("join", OTHER, |interpreter, arguments| {
        let separator = text(&arguments, "self")?;
        let mut texts = Vec::new();
        for (position, item) in interpreter.items(arguments.get("other"))?.into_iter().enumerate() {
            match item {
                Value::Str(text) => texts.push(text.to_string()),
                other => {
                    let message = format!(
                        "sequence item {position}: expected str instance, {} found",
                        other.type_name()
                    );
                    return Err(Exception::new(Kind::Type, message));
                }
            }
        }
        Ok(Value::str(&texts.join(&separator)))
    }),
    method("ljust", WIDTH, |_, arguments| padded(&arguments, '<')),
    method("lower", SELF, |_, arguments| Ok(Value::str(&text(&arguments, "self")?.to_lowercase()))),
    method("lstrip", CHARS, |_, arguments| stripped(&arguments, true, false)),
    method(
        "replace",
        &[
            Parameter::positional("self"),
            Parameter::positional("old"),
            Parameter::positional("new"),
        ],
        |_, arguments| {
            let (old, new) = (text(&arguments, "old")?, text(&arguments, "new")?);
            Ok(Value::str(&text(&arguments, "self")?.replace(&old, &new)))
        },
    ),
    method("rjust", WIDTH, |_, arguments| padded(&arguments, '>')),
    method("rstrip", CHARS, |_, arguments| stripped(&arguments, false, true)),
    method("split", SEP, split),
    method("splitlines", SELF, |_, arguments| {
        Ok(Value::list(text(&arguments, "self")?.lines().map(Value::str).collect()))
    }),
    method("startswith", OTHER, |_, arguments| {
        affix(&arguments, |own, part| own.starts_with(part))
    }),
    method("strip", CHARS, |_, arguments| stripped(&arguments, true, true)),
    method("title", SELF, |_, arguments| {
        let mut inside = false;
        let mut result = String::new();
        for letter in text(&arguments, "self")?.chars() {
            if inside {
                result.extend(letter.to_lowercase());
            } else {
                result.extend(letter.to_uppercase());
            }
            inside = letter.is_alphabetic();
        }
        Ok(Value::str(&result))
    }),
    method("upper", SELF, |_, arguments| Ok(Value::str(&text(&arguments, "self")?.to_uppercase()))),
    method(
        "zfill",
        &[Parameter::positional("self"), Parameter::positional("width")],
        |_, arguments| {
            let own = text(&arguments, "self")?;
            let width = usize::try_from(arguments.get("width").as_int()?).unwrap_or(0);
            let sign = if own.starts_with(['+', '-']) { 1 } else { 0 };
            let zeros = "0".repeat(width.min(1 << 20).saturating_sub(own.chars().count()));
            Ok(Value::str(&format!("{}{zeros}{}", &own[..sign], &own[sign..])))
        },
    ),
];

/// A template with values in its fields: `{}`, `{0}`, `{!r}`, `{:.2f}`.
fn filled(template: &str, values: &[Value]) -> Result<String, Exception> {
    let wrong = |message: &str| Exception::new(Kind::Value, message);
    let (mut result, mut rest, mut next) = (String::new(), template, 0);
    while let Some(at) = rest.find(['{', '}']) {
        result += &rest[..at];
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix(brace) {
            result += brace;
            rest = behind;
            continue;
        }
        let end = match brace {
            "{" => rest.find('}').ok_or_else(|| wrong("expected '}' before end of string"))?,
            _ => return Err(wrong("Single '}' encountered in format string")),
        };
        let (field, specification) = rest[..end].split_once(':').unwrap_or((&rest[..end], ""));
        rest = &rest[end + 1..];
        if specification.contains('{') {
            return Err(Exception::unsupported("a field in a field (write an f-string) is"));
        }
        let (field, conversion) = field.split_once('!').unwrap_or((field, ""));
        let position = match field {
            "" => {
                next += 1;
                next - 1
            }
            number => number.parse().map_err(|_| {
                Exception::unsupported(format!("the field '{field}' (write an f-string) is"))
            })?,
        };
        let value = values.get(position).ok_or_else(|| {
            let message =
                format!("Replacement index {position} out of range for positional args tuple");
            Exception::new(Kind::Index, message)
        })?;
        result += &match conversion {
            "" => show::formatted(value, specification)?,
            "r" => show::formatted(&Value::str(&show::text(value, Style::Repr)?), specification)?,
            "s" => show::formatted(&Value::str(&show::text(value, Style::Str)?), specification)?,
            other => return Err(wrong(&format!("Unknown conversion specifier '{other}'"))),
        };
    }
    Ok(result + rest)
}

fn text(arguments: &Arguments, name: &str) -> Result<String, Exception> {
    match arguments.get(name) {
        Value::Str(text) => Ok(text.to_string()),
        other => {
            let message = format!("must be str, not {}", other.type_name());
            Err(Exception::new(Kind::Type, message))
        }
    }
}

fn affix(arguments: &Arguments, has: fn(&str, &str) -> bool) -> Result<Value, Exception> {
    let own = text(arguments, "self")?;
    match arguments.get("other") {
        Value::Tuple(parts) => Ok(Value::Bool(parts.iter().any(|part| match part {
            Value::Str(part) => has(&own, part),
            _ => false,
        }))),
        _ => Ok(Value::Bool(has(&own, &text(arguments, "other")?))),
    }
}

fn all(arguments: &Arguments, holds: fn(char) -> bool) -> Result<Value, Exception> {
    let own = text(arguments, "self")?;
    Ok(Value::Bool(!own.is_empty() && own.chars().all(holds)))
}

/// Where a part begins, counted in characters.
fn find(arguments: &Arguments) -> Result<Option<usize>, Exception> {
    let (own, part) = (text(arguments, "self")?, text(arguments, "other")?);
    Ok(own.find(&part).map(|position| own[..position].chars().count()))
}

fn stripped(arguments: &Arguments, left: bool, right: bool) -> Result<Value, Exception> {
    let own = text(arguments, "self")?;
    let chars = match arguments.given("chars") {
        None | Some(Value::None) => None,
        Some(_) => Some(text(arguments, "chars")?),
    };
    let drops = |letter: char| match &chars {
        Some(chars) => chars.contains(letter),
        None => letter.is_whitespace(),
    };
    let mut rest = own.as_str();
    if left {
        rest = rest.trim_start_matches(drops);
    }
    if right {
        rest = rest.trim_end_matches(drops);
    }
    Ok(Value::str(rest))
}

fn split(_: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let own = text(&arguments, "self")?;
    let most = match arguments.given("maxsplit") {
        Some(most) => usize::try_from(most.as_int()?).map_or(usize::MAX, |most| most + 1),
        None => usize::MAX,
    };
    let parts: Vec<Value> = match arguments.get("sep") {
        Value::None if most == usize::MAX => own.split_whitespace().map(Value::str).collect(),
        Value::None => {
            return Err(Exception::unsupported("`maxsplit` without `sep` is"));
        }
        _ => {
            let separator = text(&arguments, "sep")?;
            if separator.is_empty() {
                return Err(Exception::new(Kind::Value, "empty separator"));
            }
            own.splitn(most, separator.as_str()).map(Value::str).collect()
        }
    };
    Ok(Value::list(parts))
}

fn padded(arguments: &Arguments, align: char) -> Result<Value, Exception> {
    let fill = match arguments.given("fillchar") {
        Some(_) => text(arguments, "fillchar")?,
        None => " ".to_owned(),
    };
    let width = arguments.get("width").as_int()?.max(0);
    let own = Value::str(&text(arguments, "self")?);
    Ok(Value::str(&show::formatted(&own, &format!("{fill}{align}{width}"))?))
}
