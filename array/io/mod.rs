//! Arrays from files and to files: CSV tables and NumPy's `.npy`.
//!
//! Files are read and written by the process of the session: no node opens a path that a peer names.

mod csv;
mod encoding;
mod error;
mod file;
mod npy;

pub use csv::{CsvReader, Table};
pub use encoding::{Encoding, InvalidUtf8};
pub use error::FileError;
