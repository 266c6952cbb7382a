//! What can be wrong with a file.

use super::InvalidUtf8;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// An error of a file: where it is, and what was found there. Lines and columns count from 1.
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
    /// The system could not open, read or write it, or its compression is damaged.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Which kind of error.
        kind: ErrorKind,
        /// What the system said.
        reason: String,
    },
    /// Files are read more than once and out of order, and replaced by others, which needs a regular file.
    #[error("{}: {kind} is no regular file; copy what it brings to a file first", path.display())]
    NotRegular {
        /// The path.
        path: PathBuf,
        /// What is there: a pipe, a socket or a device.
        kind: &'static str,
    },
    /// There is not even a first row.
    #[error("{}: the file has no rows", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A column was asked for that the file does not have.
    #[error("{}: there is no column {column:?}; the columns are {}", path.display(), names.join(", "))]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column that was asked for.
        column: String,
        /// The columns that there are.
        names: Vec<String>,
    },
    /// A column that is read has the name of another, or is asked for twice.
    #[error("{}: column {column:?} is there twice", path.display())]
    RepeatedColumn {
        /// The file.
        path: PathBuf,
        /// The name.
        column: String,
    },
    /// A name or a text that is not in the encoding of the file, UTF-8 unless said.
    #[error(
        "{}:{line}: the text of column {column} is no UTF-8: {invalid}; say in which encoding the file is \
         (Encoding::Latin1 takes any bytes)",
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
    /// A row has another number of fields than the first one.
    #[error("{}:{line}: {found} fields in a table of {expected} columns", path.display())]
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
    /// A field of a column of numbers is none.
    #[error("{}:{line}: column {column} ({name}) holds {text:?}, which is no number", path.display())]
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
    /// A quoted field that never ends.
    #[error("{}:{line}: a quote is opened in this row and never closed", path.display())]
    OpenQuote {
        /// The file.
        path: PathBuf,
        /// The line where the row begins.
        line: u64,
    },
    /// A row that is too long to be one; a file of other data, or a quote in the wrong place.
    #[error("{}:{line}: a row of more than {max} bytes", path.display())]
    RowTooLong {
        /// The file.
        path: PathBuf,
        /// The line where the row begins.
        line: u64,
        /// The bound.
        max: u64,
    },
    /// A text column has too many different values to become a column each.
    #[error("{}: column {column:?} has more than {max} different values", path.display())]
    TooManyCategories {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The bound.
        max: usize,
    },
    /// No `.npy` file, or one with a damaged header.
    #[error("{}: no .npy file: {reason}", path.display())]
    NotNpy {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A dtype that files are not read or written with.
    #[error("{}: elements of {dtype} are neither read nor written", path.display())]
    DType {
        /// The file.
        path: PathBuf,
        /// The dtype, as the file or the array names it.
        dtype: String,
    },
    /// A `.npy` file that ends before its array does.
    #[error("{}: the array needs {need_bytes} bytes and the file has {have_bytes}", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// The bytes that the header promises.
        need_bytes: u64,
        /// The bytes behind the header.
        have_bytes: u64,
    },
    /// Options that contradict each other.
    #[error("{}: {story}", path.display())]
    Options {
        /// The file.
        path: PathBuf,
        /// Which, and why.
        story: String,
    },
}

impl FileError {
    pub(super) fn io(path: &Path, error: &std::io::Error) -> FileError {
        FileError::Io { path: path.to_owned(), kind: error.kind(), reason: error.to_string() }
    }
}
