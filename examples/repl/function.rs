//! Functions written in Rust, and how the arguments of a call find their parameters.

use crate::{
    exception::{Exception, Kind, nearest},
    interpreter::{Interpreter, missing_text},
    value::Value,
};
use std::collections::BTreeMap;

/// A function that Python code can call.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// In order: positional-only, then the others, then the rest, then keyword-only.
    pub(crate) parameters: &'static [Parameter],
    pub(crate) body: fn(&mut Interpreter, Arguments) -> Result<Value, Exception>,
}

/// One parameter of a [`Function`].
pub(crate) struct Parameter {
    name: &'static str,
    takes: Takes,
    required: bool,
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
    pub(crate) const fn positional(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::PositionOnly, required: true }
    }

    /// Required.
    pub(crate) const fn required(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::PositionOrKeyword, required: true }
    }

    /// `None` when it is not given.
    pub(crate) const fn optional(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::PositionOrKeyword, required: false }
    }

    /// All further positional arguments.
    pub(crate) const fn rest(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::Rest, required: false }
    }

    /// `None` when it is not given, and given by position only.
    pub(crate) const fn optional_positional(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::PositionOnly, required: false }
    }

    /// `None` when it is not given, and given by name only.
    pub(crate) const fn keyword(name: &'static str) -> Parameter {
        Parameter { name, takes: Takes::KeywordOnly, required: false }
    }
}

/// The arguments of one call, each under its parameter.
pub(crate) struct Arguments {
    named: BTreeMap<&'static str, Value>,
    /// The further positional arguments.
    pub(crate) rest: Vec<Value>,
}

impl Arguments {
    /// The argument of a parameter, when it was given.
    pub(crate) fn given(&self, name: &str) -> Option<&Value> {
        self.named.get(name)
    }

    /// The argument of a parameter, `None` when it was not given.
    pub(crate) fn get(&self, name: &str) -> &Value {
        self.named.get(name).unwrap_or(&Value::None)
    }
}

impl Function {
    /// The parameters that a call may name.
    pub(crate) fn keyword_names(&self) -> impl Iterator<Item = &'static str> {
        let named = self.parameters.iter().filter(|parameter| {
            matches!(parameter.takes, Takes::PositionOrKeyword | Takes::KeywordOnly)
        });
        named.map(|parameter| parameter.name)
    }

    /// The parameters as Python's `help` writes them.
    pub(crate) fn signature(&self) -> String {
        let mut parts = Vec::new();
        let mut starred = false;
        for (position, parameter) in self.parameters.iter().enumerate() {
            let default = if parameter.required { "" } else { "=None" };
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
    pub(crate) fn bind(
        &self,
        positional: Vec<Value>,
        keywords: Vec<(String, Value)>,
    ) -> Result<Arguments, Exception> {
        let mut arguments = Arguments { named: BTreeMap::new(), rest: Vec::new() };
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
            .filter(|parameter| parameter.required && !arguments.named.contains_key(parameter.name))
            .map(|parameter| format!("'{}'", parameter.name))
            .collect();
        if missing.is_empty() {
            return Ok(arguments);
        }
        Err(self.wrong(missing_text(&missing, "positional")))
    }

    fn too_many(&self, given: usize) -> Exception {
        let places = |parameter: &&Parameter| {
            matches!(parameter.takes, Takes::PositionOnly | Takes::PositionOrKeyword)
        };
        let most = self.parameters.iter().filter(places).count();
        let least = self.parameters.iter().filter(places).filter(|one| one.required).count();
        let range =
            if least == most { most.to_string() } else { format!("from {least} to {most}") };
        let plural = if most == 1 { "" } else { "s" };
        let verb = if given == 1 { "was" } else { "were" };
        self.wrong(format!("takes {range} positional argument{plural} but {given} {verb} given"))
    }

    fn wrong(&self, what: String) -> Exception {
        Exception::new(Kind::Type, format!("{}() {what}", self.name))
    }
}
