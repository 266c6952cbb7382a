//! From text to Python's syntax tree.

use crate::exception::{Exception, Kind};
use ruff_python_ast::Stmt;
use ruff_python_parser::parse_module;

/// The statements of a source.
pub(crate) fn parse(text: &str) -> Result<Vec<Stmt>, Exception> {
    match parse_module(text) {
        Ok(module) => Ok(module.into_suite().into_iter().collect()),
        Err(error) => Err(Exception::new(Kind::Syntax, error.error.to_string()).at(error.location)),
    }
}
