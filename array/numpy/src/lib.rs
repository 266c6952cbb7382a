//! NumPy's calling conventions over the arrays of NumS.
//!
//! What NumPy means and Rust does not: cells that names and views share, scalars and arrays without axes, numbers of
//! Python that count as their kind only, NumPy's indexing for reading and writing, its printing, its errors, and its
//! functions by their names. It knows no syntax: a prompt or a Python package turns its objects into [`Value`]s, calls
//! what the [`table`](table()) or a [`Module`] names, and raises [`Error`]s by their [`Kind`].
//!
//! `array` and `strides` are the cells, `scalar` and `number` the scalars, `element` what fits a dtype; `subscript`
//! reads brackets for `indexing`; `operators`, `functions` and `library` compute; `show` fetches what is printed and
//! `format` writes it; `wording` has NumPy's words for the errors of the library.

mod array;
mod attribute;
mod class;
mod context;
mod element;
mod error;
mod file_error;
pub mod format;
mod function;
mod functions;
mod indexer;
mod indexing;
mod kind;
mod library;
mod module;
mod number;
mod numbers;
pub mod operators;
mod page;
mod record;
mod scalar;
mod show;
mod strides;
mod subscript;
mod substitutes;
mod table;
mod value;
mod wording;

pub use array::Array;
pub use attribute::{attribute, attribute_names, methods, names_of_class};
pub use class::Class;
pub use context::{Context, Host, Plain, block_parked};
pub use element::truncated;
pub use error::{Error, Place, nearest};
pub use function::{Arguments, Function, Parameter, Signature, missing_text};
pub use functions::{Generator, construct, dtype_of, round_array};
pub use indexer::Indexer;
pub use kind::{BUILTIN, Kind};
pub use library::{Estimator, Table};
pub use module::{Member, Module, module, modules};
pub use number::Number;
pub use numbers::{float, parse_complex, round, round_to_tens, to_float};
pub use page::page;
pub use record::Record;
pub use scalar::Scalar;
pub use show::{Draft, Style, request, str_repr, text};
pub use subscript::{assign, checked_step, slice_parts, subscript};
pub use substitutes::missing;
pub use table::{Entry, Help, call, documented, help, help_texts, home, table};
pub use value::{Object, Range, Value, ambiguous};
