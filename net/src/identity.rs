//! Who a peer is: the hash of its public key, and where the key is kept.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use bytes::Bytes;
use libp2p::identity::Keypair;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::NetError;
use crate::private::{read_private, write_private};

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

/// The key in `data/name`, made when it is not there; without `data` a key that lives in memory.
pub(crate) fn load_or_make(data: Option<&Path>, name: &str) -> Result<Keypair, NetError> {
    let Some(data) = data else { return Ok(Keypair::generate_ed25519()) };
    if let Some(keypair) = load(data, name)? {
        return Ok(keypair);
    }
    let keypair = Keypair::generate_ed25519();
    keep(data, name, &keypair)?;
    Ok(keypair)
}

/// The key in `data/name`, if there is one.
pub(crate) fn load(data: &Path, name: &str) -> Result<Option<Keypair>, NetError> {
    let Some(bytes) = read_private(data, name)? else { return Ok(None) };
    let bad = |error: libp2p::identity::DecodingError| NetError::DataFile {
        path: data.join(name),
        reason: error.to_string(),
    };
    Keypair::from_protobuf_encoding(&bytes).map(Some).map_err(bad)
}

/// Writes the key to `data/name`.
pub(crate) fn keep(data: &Path, name: &str, keypair: &Keypair) -> Result<(), NetError> {
    let bytes = keypair
        .to_protobuf_encoding()
        .map_err(|error| NetError::DataFile { path: data.join(name), reason: error.to_string() })?;
    write_private(data, name, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

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
            assert!(matches!(
                load_or_make(Some(&data), "peer.key"),
                Err(NetError::DataFile { .. })
            ));
        }
        fs::write(data.join("bad.key"), b"nonsense").unwrap();
        assert!(load_or_make(Some(&data), "bad.key").is_err());
    }
}
