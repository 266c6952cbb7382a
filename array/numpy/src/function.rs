//! Functions, and how the arguments of a call find their parameters.

use crate::{
    context::Context,
    error::{Error, nearest},
    kind::Kind,
    value::Value,
};
use std::collections::BTreeMap;

/// A function or method of NumPy.
pub struct Function {
    /// Its name, without the module.
    pub name: &'static str,
    /// What it takes; a method takes the array or object first.
    pub parameters: &'static [Parameter],
    pub(crate) body: fn(&Context, Arguments) -> Result<Value, Error>,
}

impl Function {
    /// How it is called.
    pub fn signature(&self) -> Signature {
        Signature { name: self.name, parameters: self.parameters }
    }

    /// Calls it.
    ///
    /// # Errors
    /// [`Kind::Type`] for arguments that do not fit the signature; otherwise what NumPy raises.
    pub fn call(
        &self,
        context: &Context,
        positional: Vec<Value>,
        keywords: Vec<(String, Value)>,
    ) -> Result<Value, Error> {
        let arguments = self.signature().bind(positional, keywords)?;
        crate::functions::check_device(&arguments)?;
        (self.body)(context, arguments)
    }
}

/// How a function is called.
#[derive(Clone, Copy)]
pub struct Signature {
    /// The name of the function.
    pub name: &'static str,
    /// In order: positional-only, then the others, then the rest, then keyword-only.
    pub parameters: &'static [Parameter],
}

/// One parameter of a function.
pub struct Parameter {
    name: &'static str,
    takes: Takes,
    /// What stands for it when it is not given, as Python writes it; nothing where it is required.
    default: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq)]
enum Takes {
    PositionOnly,
    PositionOrKeyword,
    Rest,
    KeywordOnly,
}

impl Parameter {
    /// Required, and given by position only.
    pub const fn positional(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::PositionOnly, default: None }
    }

    /// Required.
    pub const fn required(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::PositionOrKeyword, default: None }
    }

    /// `None` when it is not given.
    pub const fn optional(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::PositionOrKeyword, default: Some("None") }
    }

    /// Not required: the function itself knows what stands for it, and the signature shows that as `default`.
    pub const fn defaulted(name: &'static str, default: &'static str) -> Parameter {
        Parameter { name, takes: Takes::PositionOrKeyword, default: Some(default) }
    }

    /// Like [`defaulted`](Self::defaulted), and given by name only.
    pub const fn keyword_defaulted(name: &'static str, default: &'static str) -> Parameter {
        Parameter { name, takes: Takes::KeywordOnly, default: Some(default) }
    }

    /// All further positional arguments.
    pub const fn rest(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::Rest, default: Some("None") }
    }

    /// `None` when it is not given, and given by position only.
    pub const fn optional_positional(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::PositionOnly, default: Some("None") }
    }

    /// `None` when it is not given, and given by name only.
    pub const fn keyword(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::KeywordOnly, default: Some("None") }
    }
}

/// The arguments of one call, each under its parameter.
pub struct Arguments<V = Value> {
    named: BTreeMap<&'static str, V>,
    /// The further positional arguments.
    pub rest: Vec<V>,
    /// What stands for an argument that was not given.
    missing: V,
}

impl<V> Arguments<V> {
    /// The argument of a parameter, when it was given.
    pub fn given(&self, name: &str) -> Option<&V> {
        self.named.get(name)
    }

    /// The argument of a parameter, `None` when it was not given.
    pub fn get(&self, name: &str) -> &V {
        self.named.get(name).unwrap_or(&self.missing)
    }
}

impl Signature {
    /// The parameters that a call may name.
    pub fn keyword_names(self) -> impl Iterator<Item = &'static str> {
        let named = self.parameters.iter().filter(|parameter| {
            matches!(parameter.takes, Takes::PositionOrKeyword | Takes::KeywordOnly)
        });
        named.map(|parameter| parameter.name)
    }

    /// The parameters as Python's `help` writes them.
    pub fn text(self) -> String {
        let mut parts = Vec::new();
        let mut starred = false;
        for (position, parameter) in self.parameters.iter().enumerate() {
            let default =
                parameter.default.map_or_else(String::new, |default| format!("={default}"));
            match parameter.takes {
                Takes::Rest => {
                    starred = true;
                    parts.push(format!("*{}", parameter.name));
                    continue;
                }
                Takes::KeywordOnly if !starred => {
                    starred = true;
                    parts.push("*".to_owned());
                }
                _ => {}
            }
            parts.push(format!("{}{default}", parameter.name));
            let next = self.parameters.get(position + 1);
            if parameter.takes == Takes::PositionOnly
                && next.is_none_or(|next| next.takes != Takes::PositionOnly)
            {
                parts.push("/".to_owned());
            }
        }
        format!("{}({})", self.name, parts.join(", "))
    }

    /// Gives each argument its parameter, as Python does, and in Python's words where one is wrong.
    ///
    /// # Errors
    /// [`Kind::Type`].
    pub fn bind<V: Default>(
        self,
        positional: Vec<V>,
        keywords: Vec<(String, V)>,
    ) -> Result<Arguments<V>, Error> {
        let mut arguments =
            Arguments { named: BTreeMap::new(), rest: Vec::new(), missing: V::default() };
        let mut places = self.parameters.iter().filter(|parameter| {
            matches!(parameter.takes, Takes::PositionOnly | Takes::PositionOrKeyword)
        });
        let has_rest = self.parameters.iter().any(|parameter| parameter.takes == Takes::Rest);
        let given = positional.len();
        for value in positional {
            match places.next() {
                Some(parameter) => drop(arguments.named.insert(parameter.name, value)),
                None if has_rest => arguments.rest.push(value),
                None => return Err(self.too_many(given)),
            }
        }
        for (name, value) in keywords {
            let parameter = self.parameters.iter().find(|parameter| {
                parameter.name == name
                    && matches!(parameter.takes, Takes::PositionOrKeyword | Takes::KeywordOnly)
            });
            let Some(parameter) = parameter else {
                let hint = nearest(&name, self.keyword_names());
                let what = format!("got an unexpected keyword argument '{name}'");
                return Err(self.wrong(what).hint(hint));
            };
            if arguments.named.insert(parameter.name, value).is_some() {
                return Err(self.wrong(format!("got multiple values for argument '{name}'")));
            }
        }
        let missing: Vec<String> = self
            .parameters
            .iter()
            .filter(|parameter| {
                parameter.default.is_none() && !arguments.named.contains_key(parameter.name)
            })
            .map(|parameter| format!("'{}'", parameter.name))
            .collect();
        if missing.is_empty() {
            return Ok(arguments);
        }
        Err(self.wrong(missing_text(&missing, "positional")))
    }

    fn too_many(self, given: usize) -> Error {
        let places = |parameter: &&Parameter| {
            matches!(parameter.takes, Takes::PositionOnly | Takes::PositionOrKeyword)
        };
        let most = self.parameters.iter().filter(places).count();
        let least =
            self.parameters.iter().filter(places).filter(|one| one.default.is_none()).count();
        let range =
            if least == most { most.to_string() } else { format!("from {least} to {most}") };
        let plural = if most == 1 { "" } else { "s" };
        let verb = if given == 1 { "was" } else { "were" };
        self.wrong(format!("takes {range} positional argument{plural} but {given} {verb} given"))
    }

    fn wrong(self, what: String) -> Error {
        Error::new(Kind::Type, format!("{}() {what}", self.name))
    }
}

/// Python's words for arguments that a call lacks.
pub fn missing_text(names: &[String], kind: &str) -> String {
    match names {
        [one] => format!("missing 1 required {kind} argument: {one}"),
        [first, second] => {
            format!("missing 2 required {kind} arguments: {first} and {second}")
        }
        [first @ .., last] => format!(
            "missing {} required {kind} arguments: {}, and {last}",
            names.len(),
            first.join(", ")
        ),
        [] => String::new(),
    }
}
