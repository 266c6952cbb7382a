//! Tables of CSV files.

use super::texts;
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    value::Value,
};
use nums::{Encoding, FileError};
use std::sync::Arc;

/// What `nums.read_csv` gives.
pub struct Table {
    context: Context,
    table: nums::Table,
}

pub(super) static FUNCTIONS: &[Function] = &[Function {
    name: "read_csv",
    parameters: &[
        Parameter::required("path"),
        Parameter::keyword("columns"),
        Parameter::keyword("one_hot"),
        Parameter::keyword("drop_missing"),
        Parameter::keyword("missing"),
        Parameter::keyword("delimiter"),
        Parameter::keyword("encoding"),
        Parameter::keyword("header"),
        Parameter::keyword("skip_lines"),
    ],
    body: read_csv,
}];

/// Waits: the shape of a table depends on what is in the file.
fn read_csv(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let path = texts(arguments.get("path"))?.remove(0);
    let names = |name: &str| arguments.given(name).map(texts).transpose();
    let mut reader = context.session().read_csv(path);
    if let Some(columns) = names("columns")? {
        reader = reader.columns(&borrowed(&columns));
    }
    if let Some(columns) = names("one_hot")? {
        reader = reader.one_hot(&borrowed(&columns));
    }
    if let Some(columns) = names("drop_missing")? {
        reader = reader.drop_missing(&borrowed(&columns));
    }
    if let Some(missing) = names("missing")? {
        reader = reader.missing(&borrowed(&missing));
    }
    if let Some(header) = arguments.given("header") {
        reader = reader.header(header.truth()?);
    }
    if let Some(lines) = arguments.given("skip_lines") {
        let lines = usize::try_from(lines.as_int()?)
            .map_err(|_| Error::new(Kind::Value, "skip_lines must not be negative"))?;
        reader = reader.skip_lines(lines);
    }
    if let Some(delimiter) = arguments.given("delimiter") {
        let text = texts(delimiter)?.concat();
        let [byte] = text.as_bytes() else {
            let message = format!("delimiter must be one character, not {text:?}");
            return Err(Error::new(Kind::Value, message));
        };
        reader = reader.delimiter(*byte);
    }
    if let Some(encoding) = arguments.given("encoding") {
        reader = reader.encoding(encoding_of(&texts(encoding)?.concat())?);
    }
    let table = context.wait(reader.read())?;
    Ok(Value::Table(Arc::new(Table { context: context.clone(), table })))
}

/// An encoding by one of Python's names for it.
fn encoding_of(name: &str) -> Result<Encoding, Error> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.to_ascii_lowercase().as_str() {
        "utf8" | "utf8sig" | "u8" | "ascii" | "usascii" => Ok(Encoding::Utf8),
        "latin1" | "latin" | "l1" | "iso88591" | "88591" | "cp819" => Ok(Encoding::Latin1),
        _ => {
            let message = format!("unknown encoding: {name}");
            let hint = "There are 'utf-8' and 'latin-1'".to_owned();
            Err(Error::new(Kind::Lookup, message).hint(Some(hint)))
        }
    }
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

impl Table {
    /// The names of what a table has.
    pub(crate) const ATTRIBUTES: &[&str] = &["columns", "shape", "values"];

    pub(crate) fn attribute(&self, name: &str) -> Option<Value> {
        match name {
            "columns" => {
                let names = self.table.names().iter().map(|name| Value::str(name));
                Some(Value::list(names.collect()))
            }
            "shape" => Some(Value::shape(&self.table.values().shape())),
            "values" => Some(Value::Array(self.context.made(self.table.values().clone()))),
            _ => None,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.table.values().shape()[0]
    }

    /// What the prompt shows.
    pub(crate) fn text(&self) -> String {
        let names = self.table.names();
        format!("<table of {} rows and {} columns: {}>", self.rows(), names.len(), names.join(", "))
    }
}

/// `table["name"]` is a column, `table[["name", "other"]]` a matrix of several.
pub(crate) fn item(table: &Table, index: &Value) -> Result<Value, Error> {
    let names = texts(index)?;
    let array = match index {
        Value::Str(name) => table.table.column(name),
        _ => table.table.columns(&borrowed(&names)),
    };
    let array = array.map_err(|error| match error {
        // A table is asked for its columns as a dict for its keys.
        nums::Error::File(FileError::MissingColumn { .. }) => {
            Error::new(Kind::Key, error.to_string())
        }
        error => error.into(),
    })?;
    Ok(Value::Array(table.context.array(array)))
}
