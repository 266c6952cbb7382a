//! Opening files without blocking, and replacing files as a whole.

use super::FileError;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Opens a file to be read more than once or out of order.
///
/// # Errors
/// [`FileError::NotRegular`] for a pipe, a socket or a device. The check comes before the file is opened, because opening
/// a pipe without a writer blocks forever.
pub(super) fn open(path: &Path) -> Result<File, FileError> {
    let io = |error| FileError::io(path, &error);
    check_regular(path, &fs::metadata(path).map_err(io)?)?;
    File::open(path).map_err(io)
}

fn check_regular(path: &Path, metadata: &Metadata) -> Result<(), FileError> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    if kind.is_dir() {
        return Err(FileError::io(path, &ErrorKind::IsADirectory.into()));
    }
    let kind = if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    };
    Err(FileError::NotRegular { path: path.to_owned(), kind })
}

/// A temporary file beside the target until it is complete. So the path always refers to the old file or the new one.
/// Dropping it before its end leaves the old file.
pub(super) struct Replacement {
    /// The path behind symbolic links, which stay.
    path: PathBuf,
    beside: NamedTempFile,
}

impl Replacement {
    /// Makes an empty file beside the path.
    ///
    /// # Errors
    /// What the system says about the folder, and about an old file that must not be written.
    pub(super) fn begin(path: &Path) -> Result<Replacement, FileError> {
        let io = |error| FileError::io(path, &error);
        let old = match fs::metadata(path) {
            Ok(old) => Some(old),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(io(error)),
        };
        let (path, permissions) = match old {
            Some(old) => {
                check_regular(path, &old)?;
                // A rename would replace a file that is protected.
                OpenOptions::new().write(true).open(path).map_err(io)?;
                (fs::canonicalize(path).map_err(io)?, Some(old.permissions()))
            }
            None => (path.to_owned(), None),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".nums-").suffix(".part");
        // As for any new file, the process's mask takes its part of them away.
        builder.permissions(fs::Permissions::from_mode(0o666));
        let beside =
            builder.tempfile_in(folder(&path)).map_err(|error| FileError::io(&path, &error))?;
        if let Some(permissions) = permissions {
            let set = beside.as_file().set_permissions(permissions);
            set.map_err(|error| FileError::io(&path, &error))?;
        }
        Ok(Replacement { path, beside })
    }

    /// What is written so far.
    pub(super) fn file(&mut self) -> &mut File {
        self.beside.as_file_mut()
    }

    /// Puts the file in its place when all of it is on the disk.
    ///
    /// # Errors
    /// What the system says; then the old file is as it was.
    pub(super) fn finish(self) -> Result<(), FileError> {
        let Replacement { path, beside } = self;
        let io = |error| FileError::io(&path, &error);
        beside.as_file().sync_all().map_err(io)?;
        beside.persist(&path).map_err(|error| io(error.error))?;
        // The name, too, has to outlast a loss of power. Not every file system lets a folder be told so.
        drop(File::open(folder(&path)).and_then(|folder| folder.sync_all()));
        Ok(())
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
