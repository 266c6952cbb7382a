//! Which members are on one host, and the sockets over which they reach each other there.
//!
//! The sockets lie in a folder of the user, mode 0700. A peer never says where: it gives the name of
//! a socket, sixteen random bytes, and the folder is ours to know.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::net::UnixStream as StdStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use tokio::net::{UnixListener, UnixStream};
use xxhash_rust::xxh3::xxh3_128;

pub(crate) const ID_BYTES: usize = 16;
pub(crate) const SOCKET_NAME_BYTES: usize = 16;
const SUFFIX: &str = "sock";
/// Younger sockets are not tried: whoever made them has hardly been killed.
const SWEEP_AGE_MIN: Duration = Duration::from_secs(60);
/// Sockets that are tried when a process starts.
const SWEEP_MAX: usize = 8;

/// The same for processes that share a kernel and a network, and for no others.
///
/// Where the system does not tell, every process counts as a host.
pub(crate) fn id() -> [u8; ID_BYTES] {
    let boot = fs::read("/proc/sys/kernel/random/boot_id");
    let network = fs::metadata("/proc/self/ns/net").map(|namespace| namespace.ino());
    match (boot, network) {
        (Ok(boot), Ok(network)) => {
            xxh3_128(&[&boot[..], &network.to_le_bytes()].concat()).to_le_bytes()
        }
        _ => {
            let mut random = [0; ID_BYTES];
            // Zeros would only make others try a socket that is not there.
            let _ = getrandom::fill(&mut random);
            random
        }
    }
}

/// A socket in the folder; it is removed with this.
pub(crate) struct SocketFile {
    name: Bytes,
    path: PathBuf,
}

impl SocketFile {
    pub(crate) fn name(&self) -> Bytes {
        self.name.clone()
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// A new socket that processes of the same user can connect to.
pub(crate) fn open_socket() -> io::Result<(SocketFile, UnixListener)> {
    let folder = folder()?;
    sweep(&folder);
    let mut name = [0; SOCKET_NAME_BYTES];
    getrandom::fill(&mut name).map_err(|error| io::Error::other(error.to_string()))?;
    let path = path_of(&folder, &name);
    let listener = UnixListener::bind(&path)?;
    Ok((SocketFile { name: Bytes::copy_from_slice(&name), path }, listener))
}

/// Connects to a socket by its name.
pub(crate) async fn connect(name: &[u8]) -> io::Result<UnixStream> {
    UnixStream::connect(path_of(&folder()?, name)).await
}

fn path_of(folder: &Path, name: &[u8]) -> PathBuf {
    folder.join(HEXLOWER.encode(name)).with_extension(SUFFIX)
}

/// The folder of the user, made when it is not there. One that belongs to somebody else, or that
/// others may enter, is not used.
fn folder() -> io::Result<PathBuf> {
    let user = rustix::process::geteuid().as_raw();
    let folder = std::env::temp_dir().join(format!("nums-{user}"));
    match fs::DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let found = fs::symlink_metadata(&folder)?;
    if found.is_dir() && found.uid() == user && found.mode() & 0o077 == 0 {
        Ok(folder)
    } else {
        Err(io::Error::other(format!("other users have access to {}", folder.display())))
    }
}

/// Removes the sockets of processes that were killed: of those that have been there for a while it tries a few, wherever
/// it begins. Where many processes start at once, they must not all connect to all that run.
fn sweep(folder: &Path) {
    let old = |path: &PathBuf| {
        let made = path.metadata().and_then(|metadata| metadata.modified());
        made.is_ok_and(|made| made.elapsed().is_ok_and(|age| age > SWEEP_AGE_MIN))
    };
    let ours = |path: &PathBuf| path.extension().is_some_and(|extension| extension == SUFFIX);
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| ours(path) && old(path)).collect();
    let mut random = [0];
    let _ = getrandom::fill(&mut random);
    let first = usize::from(random[0]) % paths.len().max(1);
    paths.rotate_left(first);
    for path in paths.iter().take(SWEEP_MAX) {
        let refused = |error: &io::Error| error.kind() == ErrorKind::ConnectionRefused;
        if StdStream::connect(path).is_err_and(|error| refused(&error)) {
            let _ = fs::remove_file(path);
        }
    }
}
