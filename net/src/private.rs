//! Files that nobody but their owner may read: whole or not at all, mode 0600, in a folder of 0700.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use crate::error::NetError;

/// The largest file that is read; the longest of ours, a list of tickets, needs half of it.
const FILE_BYTES_MAX: u64 = 16 << 10;

/// The bytes of `folder/name`, or `None` when there is no such file.
///
/// A file that others may read is refused: its contents are no secret any more.
pub(crate) fn read_private(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, NetError> {
    let path = folder.join(name);
    let read = || -> io::Result<Option<Vec<u8>>> {
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if readable_by_others(&file)? {
            return Err(io::Error::other("others may read it, its mode must be 0600"));
        }
        let mut bytes = Vec::new();
        file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(io::Error::other(format!("longer than {FILE_BYTES_MAX} bytes")));
        }
        Ok(Some(bytes))
    };
    read().map_err(|error| NetError::DataFile { path: path.clone(), reason: error.to_string() })
}

/// Replaces `folder/name`; a crash leaves the old file or the new one.
pub(crate) fn write_private(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), NetError> {
    let path = folder.join(name);
    let write = || -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        let draft = path.with_extension("new");
        // A draft that a crash left behind may have another mode.
        let _ = fs::remove_file(&draft);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, &path)
    };
    write().map_err(|error| NetError::DataFile { path: path.clone(), reason: error.to_string() })
}

#[cfg(unix)]
fn readable_by_others(file: &fs::File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_: &fs::File) -> io::Result<bool> {
    Ok(false)
}
