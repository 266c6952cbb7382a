//! The few messages of the net itself: how they look and how they are decoded without trust.
//!
//! All types are closed and none contains itself, and nesting is bounded, so decoding cannot run
//! away; field names are on the wire, so that a later minor version may add some.

use std::net::SocketAddr;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::bulk::Offer;
use crate::certificate::{Certificate, Role};
use crate::config::Version;
use crate::error::{ProtocolError, Refusal};

/// The longest handshake, join request or join answer, in bytes.
pub(crate) const EXCHANGE_BYTES_MAX: usize = 4096;

/// The most addresses that are kept of one member; hosts have few networks.
pub(crate) const ADDRESSES_MAX: usize = 8;

/// How deep a message may nest; ours need five levels.
///
/// Fields that a later version adds are skipped, and skipping recurses: at the decoder's own limit
/// of 1,024 levels, which a kilobyte reaches, the stack of a worker thread overflows.
const DEPTH_MAX: usize = 16;

/// A member as others are told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) certificate: Certificate,
    pub(crate) addresses: Vec<SocketAddr>,
}

/// The first frame of a control stream, behind the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) kernel_id: String,
    pub(crate) certificate: Certificate,
    pub(crate) bulk: Offer,
}

/// Why a stranger should be admitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Credential {
    /// It has a ticket.
    Token(Bytes),
    /// It was a member before.
    Certificate(Certificate),
}

/// What a stranger asks the join listener, behind the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JoinRequest {
    pub(crate) credential: Credential,
    pub(crate) role: Role,
    pub(crate) kernel_id: String,
    pub(crate) addresses: Vec<SocketAddr>,
}

/// What the join listener answers; the other members are told over the control stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum JoinAnswer {
    Admitted { certificate: Certificate, cluster: Bytes, admitter: Record },
    Refused(Refusal),
}

/// The bytes of a message; our own types always encode.
pub(crate) fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    // The only failures of this encoder are a full writer and sequences of unknown length, and a
    // Vec and our types have neither; an empty message is refused by every reader.
    rmp_serde::to_vec_named(message).unwrap_or_default()
}

/// The message of these bytes, all of them.
pub(crate) fn decode<T: DeserializeOwned>(
    bytes: &[u8],
    what: &'static str,
) -> Result<T, ProtocolError> {
    let mut decoder = rmp_serde::Deserializer::new(bytes);
    decoder.set_max_depth(DEPTH_MAX);
    let message = T::deserialize(&mut decoder).map_err(|_| ProtocolError::Malformed { what })?;
    if decoder.into_inner().is_empty() {
        Ok(message)
    } else {
        Err(ProtocolError::Malformed { what })
    }
}

/// A message behind the version: fixed bytes, so that every version can read the version.
pub(crate) fn encode_versioned<T: Serialize>(version: Version, message: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(&version.major.to_le_bytes());
    out.extend_from_slice(&version.minor.to_le_bytes());
    out.extend_from_slice(&encode(message));
    out
}

/// The version, and what stands behind it.
pub(crate) fn split_version(bytes: &[u8]) -> Option<(Version, &[u8])> {
    let (major, rest) = bytes.split_first_chunk::<2>()?;
    let (minor, rest) = rest.split_first_chunk::<2>()?;
    let version = Version { major: u16::from_le_bytes(*major), minor: u16::from_le_bytes(*minor) };
    Some((version, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn trailing_bytes_are_refused() {
        let mut bytes = encode(&Refusal::Full { members_max: 3 });
        assert_eq!(decode::<Refusal>(&bytes, "refusal"), Ok(Refusal::Full { members_max: 3 }));
        bytes.push(0);
        assert!(decode::<Refusal>(&bytes, "refusal").is_err());
    }

    #[test]
    fn unknown_fields_are_skipped_unless_they_are_deep() {
        let request = |value: &[u8]| {
            let mut bytes = vec![0x82, 0xa3];
            bytes.extend_from_slice(b"new");
            bytes.extend_from_slice(value);
            bytes.push(0xa9);
            bytes.extend_from_slice(b"addresses");
            bytes.push(0x90);
            bytes
        };
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Old {
            addresses: Vec<SocketAddr>,
        }
        let flat = request(&[0x91, 0x01]);
        assert_eq!(decode::<Old>(&flat, "old"), Ok(Old { addresses: vec![] }));
        let mut deep = vec![0x91; 4000];
        deep.push(0x01);
        assert!(decode::<Old>(&request(&deep), "old").is_err());
    }

    proptest! {
        #[test]
        fn noise_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = decode::<Hello>(&bytes, "hello");
            let _ = decode::<JoinRequest>(&bytes, "request");
            let _ = decode::<JoinAnswer>(&bytes, "answer");
            let _ = decode::<Record>(&bytes, "record");
            let _ = split_version(&bytes);
        }
    }
}
