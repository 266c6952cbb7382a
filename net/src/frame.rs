//! The frames of a control stream, as bytes: four bytes of length (little endian), one byte of tag,
//! the payload. Pure: no stream, no clock.
//!
//! The length counts tag and payload. It is checked before anything is allocated for it.

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::error::ProtocolError;

/// What a frame is; the number is on the wire and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Tag {
    /// Who I am; the first frame of each side.
    Hello = 1,
    /// Your hello is fine.
    Accept = 2,
    /// Your hello is not fine, and why; the last frame.
    Refuse = 3,
    /// I am alive.
    Heartbeat = 4,
    /// There is this member, with its signed certificate.
    Member = 5,
    /// You have been told of all members.
    RosterEnd = 6,
    /// I know that member now.
    Ack = 7,
    /// Goodbye; the last frame.
    Leave = 8,
    /// Opaque bytes of the layer above.
    User = 9,
    /// The key of the cluster, for the receiver to admit with; to chosen nodes only.
    Authority = 10,
    /// Strangers may ask me at these addresses.
    Admits = 11,
}

impl Tag {
    fn of(byte: u8) -> Option<Tag> {
        const ALL: [Tag; 11] = [
            Tag::Hello,
            Tag::Accept,
            Tag::Refuse,
            Tag::Heartbeat,
            Tag::Member,
            Tag::RosterEnd,
            Tag::Ack,
            Tag::Leave,
            Tag::User,
            Tag::Authority,
            Tag::Admits,
        ];
        ALL.into_iter().find(|tag| *tag as u8 == byte)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Tag::Hello => "hello",
            Tag::Accept => "accept",
            Tag::Refuse => "refuse",
            Tag::Heartbeat => "heartbeat",
            Tag::Member => "member",
            Tag::RosterEnd => "roster end",
            Tag::Ack => "ack",
            Tag::Leave => "leave",
            Tag::User => "user frame",
            Tag::Authority => "authority",
            Tag::Admits => "admits",
        }
    }
}

/// The bytes before the tag.
const LENGTH_BYTES: usize = 4;
/// The bytes before the payload.
pub(crate) const HEADER_BYTES: usize = LENGTH_BYTES + 1;

/// The longest payload of the net's own frames, whatever the bound of user frames is.
pub(crate) const OWN_FRAME_BYTES_MAX: usize = crate::wire::EXCHANGE_BYTES_MAX;

/// Appends a frame. The payload is at most `u32::MAX - 1` bytes, which the callers' bounds imply.
pub(crate) fn encode(tag: Tag, payload: &[u8], out: &mut BytesMut) {
    encode_header(tag, payload.len(), out);
    out.put_slice(payload);
}

/// Appends the header of a frame whose payload the caller writes behind it.
pub(crate) fn encode_header(tag: Tag, payload_len: usize, out: &mut BytesMut) {
    out.reserve(HEADER_BYTES);
    out.put_u32_le(payload_len as u32 + 1);
    out.put_u8(tag as u8);
}

/// Takes the next whole frame from the front, or `None` when more bytes are needed.
///
/// The payload shares the memory of the buffer. After an error nothing more can be decoded.
pub(crate) fn decode(
    buffer: &mut BytesMut,
    frame_bytes_max: usize,
) -> Result<Option<(Tag, Bytes)>, ProtocolError> {
    let Some(header) = buffer.first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
    let len = u32::from_le_bytes(*header) as usize;
    let Some(payload_len) = len.checked_sub(1) else { return Err(ProtocolError::FrameEmpty) };
    let larger = frame_bytes_max.max(OWN_FRAME_BYTES_MAX);
    if payload_len > larger {
        return Err(ProtocolError::FrameTooLarge { len: payload_len, max: frame_bytes_max });
    }
    let Some(&byte) = buffer.get(LENGTH_BYTES) else { return Ok(None) };
    let tag = Tag::of(byte).ok_or(ProtocolError::UnknownTag { tag: byte })?;
    let max = if tag == Tag::User { frame_bytes_max } else { OWN_FRAME_BYTES_MAX };
    if payload_len > max {
        return Err(ProtocolError::FrameTooLarge { len: payload_len, max });
    }
    if buffer.len() < HEADER_BYTES + payload_len {
        return Ok(None);
    }
    buffer.advance(HEADER_BYTES);
    Ok(Some((tag, buffer.split_to(payload_len).freeze())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MAX: usize = 8192;

    fn encoded(tag: Tag, payload: &[u8]) -> BytesMut {
        let mut out = BytesMut::new();
        encode(tag, payload, &mut out);
        out
    }

    #[test]
    fn golden_bytes() {
        assert_eq!(encoded(Tag::User, b"ab")[..], [3, 0, 0, 0, 9, b'a', b'b']);
        assert_eq!(encoded(Tag::Heartbeat, b"")[..], [1, 0, 0, 0, 4]);
    }

    #[test]
    fn lengths_are_refused_before_the_payload_comes() {
        let mut exact = encoded(Tag::User, &[0; MAX]);
        assert_eq!(decode(&mut exact, MAX).unwrap().unwrap().1.len(), MAX);
        let mut over = BytesMut::from(&encoded(Tag::User, &[0; MAX + 1])[..HEADER_BYTES]);
        assert_eq!(
            decode(&mut over, MAX),
            Err(ProtocolError::FrameTooLarge { len: MAX + 1, max: MAX })
        );
        let mut huge = BytesMut::from(&[0xff; 4][..]);
        assert_eq!(
            decode(&mut huge, MAX),
            Err(ProtocolError::FrameTooLarge { len: u32::MAX as usize - 1, max: MAX })
        );
        // The net's own frames have a bound of their own.
        let mut own = encoded(Tag::Member, &[0; OWN_FRAME_BYTES_MAX + 1]);
        assert!(matches!(decode(&mut own, MAX), Err(ProtocolError::FrameTooLarge { .. })));
        assert_eq!(decode(&mut BytesMut::from(&[0; 4][..]), MAX), Err(ProtocolError::FrameEmpty));
        assert_eq!(
            decode(&mut BytesMut::from(&[1, 0, 0, 0, 77][..]), MAX),
            Err(ProtocolError::UnknownTag { tag: 77 })
        );
    }

    proptest! {
        #[test]
        fn frames_survive_any_cut(
            payloads in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..8),
            cut in 1_usize..64,
        ) {
            let mut stream = BytesMut::new();
            for payload in &payloads {
                encode(Tag::User, payload, &mut stream);
            }
            let (mut buffer, mut found) = (BytesMut::new(), Vec::new());
            for piece in stream.chunks(cut) {
                buffer.extend_from_slice(piece);
                while let Some((tag, payload)) = decode(&mut buffer, MAX).unwrap() {
                    prop_assert_eq!(tag, Tag::User);
                    found.push(payload.to_vec());
                }
            }
            prop_assert!(buffer.is_empty());
            prop_assert_eq!(found, payloads);
        }

        #[test]
        fn a_truncated_frame_is_not_a_frame(payload in proptest::collection::vec(any::<u8>(), 0..100)) {
            let whole = encoded(Tag::User, &payload);
            for end in 0..whole.len() {
                let mut part = BytesMut::from(&whole[..end]);
                prop_assert_eq!(decode(&mut part, MAX), Ok(None));
            }
        }

        #[test]
        fn noise_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            let mut buffer = BytesMut::from(&bytes[..]);
            while let Ok(Some(_)) = decode(&mut buffer, 64) {}
        }
    }
}
