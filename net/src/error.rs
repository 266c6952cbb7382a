//! The errors of the network: of the caller, of another peer, or of the machine.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::config::Version;
use crate::identity::PeerId;

/// Why founding, joining or starting failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// A field of [`Bounds`](crate::Bounds) or [`Config`](crate::Config) is invalid.
    #[error("invalid configuration: {what}")]
    Configuration {
        /// What is wrong.
        what: &'static str,
    },
    /// Listening on an address failed.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// The requested address.
        address: SocketAddr,
        /// The message of the operating system.
        reason: String,
    },
    /// A file of the data folder could not be read or written, or other users can read it.
    #[error("cannot use the file {}: {reason}", path.display())]
    DataFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The data folder holds no membership.
    #[error("the data folder {} holds no membership: join with a ticket", folder.display())]
    NoMembership {
        /// The folder.
        folder: PathBuf,
    },
    /// The data folder holds the key of one cluster, and the ticket is of another.
    #[error("the data folder {} belongs to another cluster than the ticket", folder.display())]
    OtherCluster {
        /// The folder.
        folder: PathBuf,
    },
    /// This member does not hold the key of the cluster, or does not listen for join requests.
    #[error("this member cannot admit others")]
    NoAuthority,
    /// The peer of a ticket could not be reached at any of its addresses.
    #[error("cannot reach {peer}: {reason}")]
    Unreachable {
        /// The peer.
        peer: PeerId,
        /// The cause of the last attempt.
        reason: String,
    },
    /// Another peer than the one named by the ticket answered.
    #[error("another peer answers at this address: expected {expected}, got {found}")]
    WrongPeer {
        /// The peer that the ticket names.
        expected: Box<PeerId>,
        /// The peer that answered.
        found: Box<PeerId>,
    },
    /// The cluster refused this peer, or this peer refused the cluster.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// The other side did not answer in time.
    #[error("no {what} within {limit_ms} ms")]
    TimedOut {
        /// The expected message.
        what: &'static str,
        /// How long, in milliseconds.
        limit_ms: u64,
    },
    /// The other side's answer breaks the protocol.
    #[error("invalid answer: {0}")]
    Protocol(ProtocolError),
}

/// The reason for a refusal, as sent over the wire.
///
/// `ours` is always the side that holds the value. A received refusal has the two sides exchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Refusal {
    /// This member did not issue the token.
    #[error("the token is not valid")]
    BadToken,
    /// The ticket has expired.
    #[error("the ticket expired")]
    Expired,
    /// The ticket was withdrawn.
    #[error("the ticket was withdrawn")]
    Revoked,
    /// The ticket admits one peer and was used by another.
    #[error("the ticket admits one peer and was used")]
    Used,
    /// The two sides speak different major versions of the protocol.
    #[error("protocol version mismatch: ours {ours}, theirs {theirs}")]
    VersionMismatch {
        /// The version of this side.
        ours: Version,
        /// The version of the other side.
        theirs: Version,
    },
    /// The two sides have different kernels, so they would compute different bits.
    #[error("kernel mismatch: ours {ours:?}, theirs {theirs:?}")]
    KernelMismatch {
        /// The kernel id of this side.
        ours: String,
        /// The kernel id of the other side.
        theirs: String,
    },
    /// The certificate does not make its holder a member.
    #[error("bad certificate: {0}")]
    BadCertificate(CertificateError),
    /// The cluster has the maximum number of members.
    #[error("the cluster is full: it has the maximum of {members_max} members")]
    Full {
        /// The bound.
        members_max: usize,
    },
    /// Other peers are being admitted, and this one has waited too long.
    #[error("the member is busy admitting others; try again")]
    Busy,
    /// The request could not be decoded.
    #[error("the request is malformed")]
    Malformed,
}

impl Refusal {
    /// The same refusal as seen by the side that receives it.
    pub(crate) fn turned_round(self) -> Self {
        match self {
            Refusal::VersionMismatch { ours, theirs } => {
                Refusal::VersionMismatch { ours: theirs, theirs: ours }
            }
            Refusal::KernelMismatch { ours, theirs } => {
                Refusal::KernelMismatch { ours: theirs, theirs: ours }
            }
            other => other,
        }
    }
}

/// Why a certificate is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum CertificateError {
    /// The bytes are not those of a certificate.
    #[error("malformed")]
    Malformed,
    /// The cluster key did not sign it.
    #[error("not signed by the cluster key")]
    BadSignature,
    /// It has expired.
    #[error("expired at {expired_unix_ms} ms since 1970")]
    Expired {
        /// The time of expiry, in milliseconds since 1970.
        expired_unix_ms: u64,
    },
    /// It was issued to another peer than the one that presents it.
    #[error("issued to another peer")]
    OtherPeer,
    /// The holder is not in the member table, or has been admitted again since.
    #[error("superseded")]
    Superseded,
}

/// How a peer broke the protocol. Its connection is closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// A frame is longer than the bound.
    #[error("expected a frame of at most {max} bytes, got {len}")]
    FrameTooLarge {
        /// The length in the header, in bytes.
        len: usize,
        /// The bound in bytes.
        max: usize,
    },
    /// A frame without a tag.
    #[error("empty frame")]
    FrameEmpty,
    /// A tag that no version of the protocol knows.
    #[error("unknown frame tag {tag}")]
    UnknownTag {
        /// The tag.
        tag: u8,
    },
    /// A frame that is not allowed in the current state.
    #[error("unexpected frame: {what}")]
    Unexpected {
        /// The frame.
        what: &'static str,
    },
    /// A known frame whose body cannot be decoded.
    #[error("malformed {what}")]
    Malformed {
        /// The frame or header.
        what: &'static str,
    },
    /// A record of the block connection fails authentication: it was changed on the way.
    #[error("a record of the block connection fails authentication")]
    Forged,
    /// A block is longer than the bound.
    #[error("expected a block of at most {max} bytes, got {len}")]
    BlockTooLarge {
        /// The length in the header, in bytes.
        len: u64,
        /// The bound in bytes.
        max: u64,
    },
    /// The metadata of a block is longer than the bound.
    #[error("expected block metadata of at most {max} bytes, got {len}")]
    MetaTooLarge {
        /// The length in the header, in bytes.
        len: usize,
        /// The bound in bytes.
        max: usize,
    },
}

/// Why a frame or a block was not queued.
///
/// Nothing was sent. To be able to try again, a caller can keep a clone: a [`Bytes`](bytes::Bytes) or an `Arc` is a
/// counted reference, so a clone is cheap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The peer is not connected.
    #[error("peer {peer} is not connected")]
    Unknown {
        /// The peer.
        peer: PeerId,
    },
    /// The queue to the peer is full: the peer reads more slowly than this side writes.
    #[error("the queue to peer {peer} is full")]
    Full {
        /// The peer.
        peer: PeerId,
    },
    /// The frame or the block is larger than the bound.
    #[error("expected at most {max} bytes to send, got {len}")]
    TooLarge {
        /// Its length in bytes.
        len: u64,
        /// The bound in bytes.
        max: u64,
    },
    /// The metadata of the block is larger than the bound.
    #[error("expected block metadata of at most {max} bytes to send, got {len}")]
    MetaTooLarge {
        /// Its length in bytes.
        len: usize,
        /// The bound in bytes.
        max: usize,
    },
    /// The local member has left, or its event loop has ended.
    #[error("the local network has ended")]
    Ended,
}

/// Why the payload of a block is unusable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// The received bytes differ from the sent bytes.
    #[error("checksum mismatch: expected {expected:016x}, found {found:016x}")]
    Checksum {
        /// The xxh3-64 in the header.
        expected: u64,
        /// The xxh3-64 of the received bytes.
        found: u64,
    },
    /// The stream ended inside the payload.
    #[error("truncated: {received_bytes} of {expected_bytes} bytes arrived")]
    Truncated {
        /// The length in the header.
        expected_bytes: u64,
        /// The bytes received before the end.
        received_bytes: u64,
    },
}

/// Why a peer is no longer connected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DownReason {
    /// It announced that it leaves.
    #[error("the peer left")]
    Left,
    /// Its connection closed without an announcement.
    #[error("the connection closed")]
    Closed,
    /// The connection is open, but no heartbeat arrived in time.
    #[error("no heartbeat for {silent_ms} ms")]
    Silent {
        /// The exceeded bound, in milliseconds.
        silent_ms: u64,
    },
    /// It broke the protocol.
    #[error("the peer broke the protocol: {0}")]
    Broke(ProtocolError),
    /// The local member has left or was dropped, or its event loop ended.
    #[error("the local network ended")]
    Ended,
    /// A method of the local handler panicked while it served this peer.
    #[error("the local handler panicked")]
    HandlerPanicked,
}

/// Why a text is not a valid ticket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// It does not begin with `nums1`.
    #[error("a ticket starts with {expected}")]
    Prefix {
        /// The expected prefix.
        expected: &'static str,
    },
    /// It is longer than any ticket.
    #[error("expected at most {max} characters, got {len}")]
    TooLong {
        /// The length of the text in bytes.
        len: usize,
        /// The bound.
        max: usize,
    },
    /// It has characters that base32 does not have, or was cut.
    #[error("it has characters that a ticket cannot have, or was cut")]
    Encoding,
    /// Its checksum is wrong: it was mistyped or cut.
    #[error("the checksum is wrong: the ticket was mistyped or cut")]
    Check,
    /// Its contents are malformed.
    #[error("malformed contents")]
    Malformed,
}
