//! From text to Python's syntax tree.

use crate::{
    continuation::open_bracket,
    exception::{Exception, Kind},
};
use ruff_python_ast::Stmt;
use ruff_python_parser::parse_module;
use ruff_text_size::{TextLen, TextRange};

/// The statements of a source.
pub(crate) fn parse(text: &str) -> Result<Vec<Stmt>, Exception> {
    let error = match parse_module(text) {
        Ok(module) => return Ok(module.into_suite().into_iter().collect()),
        Err(error) => error,
    };
    // What is missing at the end of the text is told where it was opened, or behind the last word.
    let end = text.trim_end().text_len();
    let (message, range) = match open_bracket(text) {
        Some(bracket) if error.location.start() >= end => {
            (format!("'{}' was never closed", &text[bracket]), bracket)
        }
        _ if error.location.start() >= end => (error.error.to_string(), TextRange::empty(end)),
        _ => (error.error.to_string(), error.location),
    };
    Err(Exception::new(Kind::Syntax, message).at(range))
}
