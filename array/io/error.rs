//! The errors of files.

use super::InvalidUtf8;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// An error of a file, with its path, the position and what was found there. Lines and columns count from 1.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("table.csv");
/// std::fs::write(&path, "a,b\n1,2\n3,four\n")?;
/// let session = nums::Session::embedded(2)?;
/// let refused = session.read_csv(&path).read().wait().unwrap_err();
/// assert!(refused.to_string().contains("four"), "{refused}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system could not open, read or write the file, or its compression is damaged.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Which kind of error.
        kind: ErrorKind,
        /// The message of the system.
        reason: String,
    },
    /// The path is not a regular file. Reads go over a file more than once and out of order, and writes replace it.
    #[error("{}: expected a regular file, got {kind}; copy its contents to a file first", path.display())]
    NotRegular {
        /// The path.
        path: PathBuf,
        /// The kind of file: a pipe, a socket or a device.
        kind: &'static str,
    },
    /// The file has no rows.
    #[error("{}: the file has no rows", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A requested column that the file does not have.
    #[error("{}: no column {column:?}; the columns are {}", path.display(), names.join(", "))]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The requested column.
        column: String,
        /// The columns of the file.
        names: Vec<String>,
    },
    /// Two columns that are read have the same name, or a column is requested twice.
    #[error("{}: column {column:?} appears twice", path.display())]
    RepeatedColumn {
        /// The file.
        path: PathBuf,
        /// The name.
        column: String,
    },
    /// A name or a text that is not valid UTF-8, the default encoding.
    #[error(
        "{}:{line}: the text of column {column} is not valid UTF-8: {invalid}; set the encoding of the file \
         (Encoding::Latin1 accepts any bytes)",
        path.display()
    )]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line where the row begins.
        line: u64,
        /// The number of the column in the file.
        column: usize,
        /// What cannot be decoded.
        invalid: InvalidUtf8,
    },
    /// A row has a different number of fields than the first row.
    #[error("{}:{line}: expected {expected} fields, got {found}", path.display())]
    RaggedRow {
        /// The file.
        path: PathBuf,
        /// The line where the row begins.
        line: u64,
        /// The fields of the row.
        found: usize,
        /// The columns of the table.
        expected: usize,
    },
    /// A field of a numeric column is not a number.
    #[error("{}:{line}: column {column} ({name}): expected a number, got {text:?}", path.display())]
    NotANumber {
        /// The file.
        path: PathBuf,
        /// The line where the row begins.
        line: u64,
        /// The number of the column in the file.
        column: usize,
        /// Its name.
        name: String,
        /// The text that was found, cut to a readable length.
        text: String,
    },
    /// A quoted field that does not end.
    #[error("{}:{line}: a quoted field starts in this row and does not end", path.display())]
    OpenQuote {
        /// The file.
        path: PathBuf,
        /// The line where the row begins.
        line: u64,
    },
    /// A row that is too long. Either the file is not a table, or a quote is in the wrong place.
    #[error("{}:{line}: expected a row of at most {max} bytes, got a longer one", path.display())]
    RowTooLong {
        /// The file.
        path: PathBuf,
        /// The line where the row begins.
        line: u64,
        /// The bound.
        max: u64,
    },
    /// A text column has too many different values for one-hot encoding.
    #[error("{}: column {column:?} has more than {max} different values", path.display())]
    TooManyCategories {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The bound.
        max: usize,
    },
    /// Not a `.npy` file, or one with a damaged header.
    #[error("{}: not a .npy file: {reason}", path.display())]
    NotNpy {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A dtype that the reader or writer does not support.
    #[error("{}: dtype {dtype} is not supported in files", path.display())]
    DType {
        /// The file.
        path: PathBuf,
        /// The dtype, by its name in the file or of the array.
        dtype: String,
    },
    /// A `.npy` file that ends before its array does.
    #[error("{}: expected {need_bytes} bytes of elements, got {have_bytes}", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// The bytes that follow from the header.
        need_bytes: u64,
        /// The bytes after the header.
        have_bytes: u64,
    },
    /// Options that contradict each other.
    #[error("{}: {reason}", path.display())]
    Options {
        /// The file.
        path: PathBuf,
        /// Which options, and why.
        reason: String,
    },
}

impl FileError {
    pub(super) fn io(path: &Path, error: &std::io::Error) -> FileError {
        FileError::Io { path: path.to_owned(), kind: error.kind(), reason: error.to_string() }
    }
}
