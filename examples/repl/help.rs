//! `help(x)`: how a value is called, and what it is.

use crate::{attribute, show::Style, value::Value};

/// What a user reads about a value.
pub(crate) fn help(value: &Value) -> String {
    match value {
        Value::Function(function) | Value::Method(_, function) => {
            format!("{}\n", function.signature())
        }
        Value::Closure(closure) => {
            let documentation = closure.documentation.as_deref().unwrap_or("");
            format!("{}({})\n{documentation}\n", closure.name, closure.parameter_names().join(", "))
        }
        other => {
            let names = attribute::names(other).join(", ");
            let shown =
                crate::show::text(&Value::Class(crate::class::Class::of(other)), Style::Str);
            format!("{}\n{names}\n", shown.unwrap_or_default())
        }
    }
}
