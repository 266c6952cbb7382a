//! Results with named fields: of `finfo`, and of functions that give several arrays.

use crate::{
    error::Error,
    show::{Style, text},
    value::Value,
};

/// Values under names, in order. It reads like a tuple too.
pub struct Record {
    /// The name of its class.
    pub class: &'static str,
    /// The fields.
    pub fields: Vec<(&'static str, Value)>,
}

impl Record {
    pub(crate) fn new(
        class: &'static str,
        fields: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Record {
        Record { class, fields: fields.into_iter().collect() }
    }

    /// A field.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|field| field.0 == name).map(|field| &field.1)
    }

    /// Whether it describes a dtype: it has names only, and no order.
    pub fn is_limits(&self) -> bool {
        matches!(self.class, "finfo" | "iinfo")
    }

    /// The class and the fields, of a description of a dtype the most important ones.
    ///
    /// # Errors
    /// What goes wrong while waiting for an array.
    pub fn text(&self) -> Result<String, Error> {
        let shown: Vec<&str> = match self.class {
            "finfo" => vec!["resolution", "min", "max", "dtype"],
            "iinfo" => vec!["min", "max", "dtype"],
            _ => self.fields.iter().map(|field| field.0).collect(),
        };
        let style = if self.is_limits() { Style::Str } else { Style::Repr };
        let mut fields = Vec::with_capacity(shown.len());
        for name in shown {
            if let Some(value) = self.field(name) {
                fields.push(format!("{name}={}", text(value, style)?));
            }
        }
        Ok(format!("{}({})", self.class, fields.join(", ")))
    }
}
