//! Reading and writing files: CSV tables and NumPy's `.npy` files.
//!
//! The session's process reads and writes files. No node opens a path that a peer names.

mod csv;
mod encoding;
mod error;
mod file;
mod npy;

pub use csv::{CsvReader, Table};
pub use encoding::{Encoding, InvalidUtf8};
pub use error::FileError;
