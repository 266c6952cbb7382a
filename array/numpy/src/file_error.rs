//! What is wrong with a file, under Python's names.

use crate::{
    error::Error,
    kind::Kind,
    show::{self, Style},
    value::Value,
};
use nums::FileError;
use std::{io::ErrorKind, path::Path};

/// Python's exception for an error of a file.
pub(crate) fn told(error: &FileError) -> Error {
    match error {
        FileError::Io { path, kind, .. } => match system(*kind) {
            (kind, Some((number, text))) => {
                Error::new(kind, format!("[Errno {number}] {text}: {}", quoted(path)))
            }
            (kind, None) => Error::new(kind, error.to_string()),
        },
        FileError::NotRegular { .. } => Error::new(Kind::Os, error.to_string()),
        FileError::NotUtf8 { path, line, column, invalid } => {
            let hint = format!(
                "This is in {}, line {line}, column {column}: encoding='latin-1' takes any bytes",
                quoted(path)
            );
            Error::new(Kind::UnicodeDecode, invalid.to_string()).hint(Some(hint))
        }
        _ => Error::new(Kind::Value, error.to_string()),
    }
}

/// Python's class for an error of the system, with its number and words where those are the same wherever it comes from.
fn system(kind: ErrorKind) -> (Kind, Option<(i32, &'static str)>) {
    match kind {
        ErrorKind::NotFound => (Kind::FileNotFound, Some((2, "No such file or directory"))),
        ErrorKind::PermissionDenied => (Kind::Permission, Some((13, "Permission denied"))),
        ErrorKind::AlreadyExists => (Kind::FileExists, Some((17, "File exists"))),
        ErrorKind::NotADirectory => (Kind::NotADirectory, Some((20, "Not a directory"))),
        ErrorKind::IsADirectory => (Kind::IsADirectory, Some((21, "Is a directory"))),
        ErrorKind::StorageFull => (Kind::Os, Some((28, "No space left on device"))),
        ErrorKind::ReadOnlyFilesystem => (Kind::Os, Some((30, "Read-only file system"))),
        ErrorKind::BrokenPipe => (Kind::BrokenPipe, None),
        ErrorKind::ConnectionAborted => (Kind::ConnectionAborted, None),
        ErrorKind::ConnectionRefused => (Kind::ConnectionRefused, None),
        ErrorKind::ConnectionReset => (Kind::ConnectionReset, None),
        ErrorKind::Interrupted => (Kind::Interrupted, None),
        ErrorKind::TimedOut => (Kind::Timeout, None),
        ErrorKind::WouldBlock => (Kind::BlockingIO, None),
        _ => (Kind::Os, None),
    }
}

fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    show::text(&Value::str(&path), Style::Repr).unwrap_or(path)
}
