//! What can go wrong, by whose fault: the caller, the other peer, or the machine.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::config::Version;
use crate::identity::PeerId;

/// Why founding, joining or starting failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// A field of [`Bounds`](crate::Bounds) or [`Config`](crate::Config) makes no sense.
    #[error("bad configuration: {what}")]
    Configuration {
        /// What is wrong, in words.
        what: &'static str,
    },
    /// An address could not be listened on.
    #[error("cannot listen on {address}: {why}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// The message of the operating system.
        why: String,
    },
    /// A file of the data folder could not be read or written, or others may read it.
    #[error("cannot use the file {}: {why}", path.display())]
    DataFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The data folder does not say which cluster to come back to.
    #[error("{} remembers no cluster, a ticket is needed", folder.display())]
    NoMembership {
        /// The folder.
        folder: PathBuf,
    },
    /// The data folder holds the key of one cluster, and the ticket is of another.
    #[error("{} belongs to another cluster", folder.display())]
    OtherCluster {
        /// The folder.
        folder: PathBuf,
    },
    /// This member does not hold the key of the cluster, or does not listen for strangers.
    #[error("this member admits nobody")]
    NoAuthority,
    /// The peer of a ticket could not be reached at any of its addresses.
    #[error("cannot reach {peer}: {why}")]
    Unreachable {
        /// The peer that was dialled.
        peer: PeerId,
        /// The last reason.
        why: String,
    },
    /// Somebody else than the peer named by the ticket answered.
    #[error("another peer answers there: expected {expected}, found {found}")]
    WrongPeer {
        /// The peer that the ticket names.
        expected: Box<PeerId>,
        /// The peer that proved to be there.
        found: Box<PeerId>,
    },
    /// The cluster said no, or we said no to it.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// The other side did not answer in time.
    #[error("no {what} within {limit_ms} ms")]
    TimedOut {
        /// What was waited for.
        what: &'static str,
        /// How long, in milliseconds.
        limit_ms: u64,
    },
    /// The other side answered with bytes that mean nothing.
    #[error("bad answer: {0}")]
    Protocol(ProtocolError),
}

/// A typed no, as it crosses the wire.
///
/// `ours` is always the side that holds the value: a refusal that arrives is turned round.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Refusal {
    /// The token is not one that this member gave out.
    #[error("the token is not valid")]
    BadToken,
    /// The ticket is too old.
    #[error("the ticket expired")]
    Expired,
    /// The ticket was withdrawn.
    #[error("the ticket was withdrawn")]
    Revoked,
    /// The ticket admits one peer, and another one was first.
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
    /// The two sides would compute different bits.
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
    /// The cluster has as many members as its bounds allow.
    #[error("the cluster is full: {members_max} members")]
    Full {
        /// The bound.
        members_max: usize,
    },
    /// Others are being admitted, and this one has waited for too long.
    #[error("others are being admitted, try again")]
    Busy,
    /// The request could not be understood.
    #[error("the request is malformed")]
    Malformed,
}

impl Refusal {
    /// The same refusal in the words of the side that receives it.
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

/// Why a certificate is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum CertificateError {
    /// The bytes are not those of a certificate.
    #[error("malformed")]
    Malformed,
    /// The cluster key did not sign it.
    #[error("not signed by the cluster key")]
    BadSignature,
    /// It ran out.
    #[error("expired at {expired_unix_ms}")]
    Expired {
        /// When it ran out, in milliseconds since 1970.
        expired_unix_ms: u64,
    },
    /// It was made out to somebody else than the peer that showed it.
    #[error("made out to another peer")]
    OtherPeer,
    /// The holder is not in the member table, or was admitted again since.
    #[error("superseded")]
    Superseded,
}

/// How a peer broke the protocol; its connection is closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// A length header promised more than the bound allows.
    #[error("frame of {len} bytes, at most {max} are taken")]
    FrameTooLarge {
        /// The promised length in bytes.
        len: usize,
        /// The bound in bytes.
        max: usize,
    },
    /// A frame without even a tag.
    #[error("empty frame")]
    FrameEmpty,
    /// A tag that no version of the protocol knows.
    #[error("unknown frame tag {tag}")]
    UnknownTag {
        /// The tag.
        tag: u8,
    },
    /// A frame in a place where it has no meaning.
    #[error("unexpected frame: {what}")]
    Unexpected {
        /// Which frame.
        what: &'static str,
    },
    /// A known frame whose body cannot be decoded.
    #[error("malformed {what}")]
    Malformed {
        /// Which frame or header.
        what: &'static str,
    },
    /// A record of blocks that the peer has not sealed: somebody else has changed it.
    #[error("a record of blocks is not what the peer sent")]
    Forged,
    /// A block header promised more than the bound allows.
    #[error("block of {len} bytes, at most {max} are taken")]
    BlockTooLarge {
        /// The promised length in bytes.
        len: u64,
        /// The bound in bytes.
        max: u64,
    },
    /// A block header with more meta bytes than the bound allows.
    #[error("block meta of {len} bytes, at most {max} are taken")]
    MetaTooLarge {
        /// The promised length in bytes.
        len: usize,
        /// The bound in bytes.
        max: usize,
    },
}

/// Why a frame or a block was not queued.
///
/// Nothing was sent; a [`Bytes`](bytes::Bytes) or an `Arc` is a counted reference, so a caller that
/// wants to try again keeps a clone at no cost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The peer is not up.
    #[error("peer {peer} is not up")]
    Unknown {
        /// The peer.
        peer: PeerId,
    },
    /// The queue to the peer is full: it reads more slowly than we write.
    #[error("the queue to peer {peer} is full")]
    Full {
        /// The peer.
        peer: PeerId,
    },
    /// The frame or the block is larger than the bound.
    #[error("{len} bytes, at most {max} can be sent")]
    TooLarge {
        /// Its length in bytes.
        len: u64,
        /// The bound in bytes.
        max: u64,
    },
    /// The meta of the block is larger than the bound.
    #[error("block meta of {len} bytes, at most {max} can be sent")]
    MetaTooLarge {
        /// Its length in bytes.
        len: usize,
        /// The bound in bytes.
        max: usize,
    },
    /// The net has left or its event loop has ended.
    #[error("the net has ended")]
    Ended,
}

/// Why the payload of a block is not to be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// The bytes that arrived are not those that were sent.
    #[error("checksum mismatch: expected {expected:016x}, found {found:016x}")]
    Checksum {
        /// The xxh3-64 that the header promised.
        expected: u64,
        /// The xxh3-64 of what arrived.
        found: u64,
    },
    /// The stream ended inside the payload.
    #[error("truncated: {received_bytes} of {expected_bytes} bytes arrived")]
    Truncated {
        /// The length that the header promised.
        expected_bytes: u64,
        /// What arrived before the end.
        received_bytes: u64,
    },
}

/// Why a peer is no longer there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DownReason {
    /// It said goodbye.
    #[error("the peer left")]
    Left,
    /// Its connection closed without a goodbye.
    #[error("the connection closed")]
    Closed,
    /// The connection stands, but nothing came over it for too long.
    #[error("nothing heard for {silent_ms} ms")]
    Silent {
        /// The bound that ran out, in milliseconds.
        silent_ms: u64,
    },
    /// It broke the protocol.
    #[error("the peer broke the protocol: {0}")]
    Broke(ProtocolError),
    /// This side has left, was dropped, or its event loop ended.
    #[error("the local net ended")]
    Ended,
    /// A method of the local handler panicked while it served this peer.
    #[error("the local handler panicked")]
    HandlerPanicked,
}

/// Why a text is not a ticket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// It does not begin with `nums1`.
    #[error("a ticket begins with {expected}")]
    Prefix {
        /// The expected beginning.
        expected: &'static str,
    },
    /// It is longer than any ticket.
    #[error("{len} characters, a ticket has at most {max}")]
    TooLong {
        /// The length of the text in bytes.
        len: usize,
        /// The bound.
        max: usize,
    },
    /// It holds characters that base32 does not have, or was cut.
    #[error("it holds characters that no ticket has, or was cut")]
    Encoding,
    /// Its check digits do not fit: it was mistyped or cut.
    #[error("the check digits do not fit, the ticket was mistyped or cut")]
    Check,
    /// Its contents make no sense.
    #[error("malformed contents")]
    Malformed,
}
