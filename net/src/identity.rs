//! Who a peer is: the hash of its public key, and the files that keep the key.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::str::FromStr;

use bytes::Bytes;
use libp2p::identity::Keypair;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::NetError;

/// The name of a peer, derived from its public key; nobody else can answer to it.
///
/// The text form is the base58 form of libp2p.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub(crate) libp2p::PeerId);

impl PeerId {
    /// The bytes of the name, a multihash of at most 64 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// The name with these bytes.
    ///
    /// # Errors
    ///
    /// [`PeerIdError`] when the bytes are not a multihash of a public key.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PeerIdError> {
        libp2p::PeerId::from_bytes(bytes).map(PeerId).map_err(|_| PeerIdError)
    }
}

/// The text or the bytes do not name a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a peer")]
pub struct PeerIdError;

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeerId({})", self.0)
    }
}

impl FromStr for PeerId {
    type Err = PeerIdError;

    fn from_str(text: &str) -> Result<Self, PeerIdError> {
        // Base58 decodes in quadratic time, so the length is looked at first.
        if text.len() > 128 {
            return Err(PeerIdError);
        }
        text.parse().map(PeerId).map_err(|_| PeerIdError)
    }
}

impl Serialize for PeerId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.to_bytes())
        }
    }
}

impl<'de> Deserialize<'de> for PeerId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
        } else {
            PeerId::from_bytes(&Bytes::deserialize(deserializer)?).map_err(D::Error::custom)
        }
    }
}

pub(crate) fn peer_id_of(keypair: &Keypair) -> PeerId {
    PeerId(keypair.public().to_peer_id())
}

/// The largest key file that is read; an ed25519 key needs 68 bytes.
const KEY_FILE_BYTES_MAX: u64 = 4096;

/// The key in `data/name`, made when it is not there; without `data` a key that lives in memory.
pub(crate) fn load_or_make(data: Option<&Path>, name: &str) -> Result<Keypair, NetError> {
    let Some(data) = data else { return Ok(Keypair::generate_ed25519()) };
    let path = data.join(name);
    let fail = |why: String| NetError::Key { path: path.clone(), why };
    make_folder(data).map_err(|error| fail(error.to_string()))?;
    match fs::File::open(&path) {
        Ok(file) => {
            if readable_by_others(&file).map_err(|error| fail(error.to_string()))? {
                return Err(fail("others may read it, its mode must be 0600".into()));
            }
            let mut bytes = Vec::new();
            file.take(KEY_FILE_BYTES_MAX)
                .read_to_end(&mut bytes)
                .map_err(|error| fail(error.to_string()))?;
            Keypair::from_protobuf_encoding(&bytes).map_err(|error| fail(error.to_string()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let keypair = Keypair::generate_ed25519();
            let bytes = keypair.to_protobuf_encoding().map_err(|error| fail(error.to_string()))?;
            write_new(&path, &bytes).map_err(|error| fail(error.to_string()))?;
            Ok(keypair)
        }
        Err(error) => Err(fail(error.to_string())),
    }
}

fn make_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes beside the final name and renames, so that a crash leaves no half of a key.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let draft = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

#[cfg(unix)]
fn readable_by_others(file: &fs::File) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_: &fs::File) -> std::io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_id_survives_text_and_bytes() {
        let id = peer_id_of(&Keypair::generate_ed25519());
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(PeerId::from_bytes(&id.to_bytes()), Ok(id));
        assert_eq!(rmp_serde::from_slice::<PeerId>(&rmp_serde::to_vec(&id).unwrap()).unwrap(), id);
        assert_eq!("".parse::<PeerId>(), Err(PeerIdError));
        assert_eq!("1".repeat(10_000).parse::<PeerId>(), Err(PeerIdError));
    }

    #[test]
    fn a_key_is_kept_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("node");
        let first = load_or_make(Some(&data), "peer.key").unwrap();
        let again = load_or_make(Some(&data), "peer.key").unwrap();
        assert_eq!(peer_id_of(&first), peer_id_of(&again));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let path = data.join("peer.key");
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(load_or_make(Some(&data), "peer.key"), Err(NetError::Key { .. })));
        }
        fs::write(data.join("bad.key"), b"nonsense").unwrap();
        assert!(load_or_make(Some(&data), "bad.key").is_err());
    }
}
