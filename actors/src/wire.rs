//! Packets as bytes: the only file that serializes.
//!
//! MessagePack in compact form. Peers of another protocol version are refused before a message is read, so no field
//! has to be optional. No type here nests without bound.

use crate::link::Packet;
use nums_lshs::BlockSpec;
use serde::Deserialize;
use thiserror::Error;

/// No message nests deeper; the reader refuses what does, before it runs out of stack.
const DEPTH_MAX: usize = 32;

/// Bytes that are not what they should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("malformed {what}: {reason}")]
pub(crate) struct WireError {
    what: &'static str,
    reason: String,
}

/// A packet as bytes.
///
/// # Errors
/// None for packets that this crate makes; the signature is the serializer's.
pub(crate) fn encode(packet: &Packet) -> Result<Vec<u8>, WireError> {
    rmp_serde::to_vec(packet).map_err(|error| WireError::new("packet", error))
}

/// The packet that bytes hold.
///
/// # Errors
/// When they hold no packet, or something behind it.
pub(crate) fn decode(bytes: &[u8]) -> Result<Packet, WireError> {
    let mut rest = rmp_serde::Deserializer::new(std::io::Cursor::new(bytes));
    rest.set_max_depth(DEPTH_MAX);
    let packet = Packet::deserialize(&mut rest).map_err(|error| WireError::new("packet", error))?;
    match rest.position() as usize {
        end if end == bytes.len() => Ok(packet),
        end => Err(WireError::new("packet", format!("{} bytes after the end", bytes.len() - end))),
    }
}

/// The shape and dtype of a block, for the opaque part of a bulk header.
///
/// # Errors
/// None for specs of blocks; the signature is the serializer's.
pub(crate) fn encode_spec(spec: &BlockSpec) -> Result<Vec<u8>, WireError> {
    rmp_serde::to_vec(spec).map_err(|error| WireError::new("block header", error))
}

/// The shape and dtype of a block from a bulk header.
///
/// # Errors
/// When the bytes are no spec, or its size cannot be addressed.
pub(crate) fn decode_spec(bytes: &[u8]) -> Result<BlockSpec, WireError> {
    let mut rest = rmp_serde::Deserializer::new(std::io::Cursor::new(bytes));
    rest.set_max_depth(DEPTH_MAX);
    let spec =
        BlockSpec::deserialize(&mut rest).map_err(|error| WireError::new("block header", error))?;
    nums_lshs::Shape::new(spec.shape.to_vec())
        .map_err(|error| WireError::new("block header", error))?;
    match rest.position() as usize {
        end if end == bytes.len() => Ok(spec),
        end => Err(WireError::new(
            "block header",
            format!("{} bytes after the end", bytes.len() - end),
        )),
    }
}

impl WireError {
    fn new(what: &'static str, reason: impl ToString) -> WireError {
        WireError { what, reason: reason.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Links;
    use crate::{JobId, MemberId, Message, PlanId};
    use nums_lshs::{DType, Shape};
    use proptest::prelude::*;
    use std::time::Duration;

    #[test]
    fn packets_survive_and_trailing_bytes_are_refused() {
        let message = Message::Cancel { job: JobId(7), plan: PlanId(u64::MAX) };
        let packet =
            Links::new(0, Duration::ZERO).post(Duration::ZERO, &MemberId::new("node-1"), message);
        let mut bytes = encode(&packet).unwrap();
        assert_eq!(decode(&bytes), Ok(packet));
        bytes.push(0);
        assert!(decode(&bytes).is_err());
        assert!(decode(&[]).is_err());
    }

    #[test]
    fn specs_that_overflow_are_refused() {
        let spec = BlockSpec::new(DType::Float64, Shape::new([2, 3]).unwrap());
        assert_eq!(decode_spec(&encode_spec(&spec).unwrap()), Ok(spec));
        let huge = rmp_serde::to_vec(&(DType::Float64, vec![u64::MAX, 2])).unwrap();
        assert!(decode_spec(&huge).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_fail_cleanly(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes);
            let _ = decode_spec(&bytes);
        }
    }
}
