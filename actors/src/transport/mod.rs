//! How messages and blocks get from member to member: one trait, two ways.
//!
//! [`local`] passes them through queues inside a process, `remote` over libp2p. Both count the bytes of the blocks
//! that they carry, and both deliver into an [`Inbox`].

#[cfg(test)]
pub(crate) mod apart;
#[cfg(test)]
pub(crate) mod faulty;
pub(crate) mod local;
#[cfg(feature = "cluster")]
pub(crate) mod remote;

use crate::block_key::BlockKey;
use crate::link::Packet;
use crate::{ClusterError, Member, MemberId};

use nums_kernels::Block;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A block under the name by which it travels.
pub(crate) type KeyedBlock = (BlockKey, Arc<Block>);
/// A block that could not be posted, and why.
pub(crate) type NotSent = (BlockKey, ClusterError);

/// The way out of a member.
pub(crate) trait Transport: Send + Sync + 'static {
    /// The name by which others know this member.
    fn local(&self) -> &MemberId;

    /// Posts a packet; it does not wait. What is lost, repeated or overtaken on the way is for the links to mend.
    fn send(&self, to: &MemberId, packet: Packet) -> Result<(), ClusterError>;

    /// Posts blocks, and gives those that cannot be posted, and why; it does not wait. Blocks and messages may overtake
    /// each other. Many small blocks travel together.
    fn send_blocks(&self, to: &MemberId, blocks: Vec<KeyedBlock>) -> Vec<NotSent>;

    /// Posts a block that will arrive damaged.
    #[cfg(test)]
    fn send_damaged(&self, to: &MemberId, key: &BlockKey) -> Result<(), ClusterError>;

    /// The bytes of blocks carried so far.
    fn traffic(&self) -> Traffic;

    /// Says goodbye to the others.
    fn leave(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The way in: what a member does with what comes.
pub(crate) trait Inbox: Send + Sync + 'static {
    /// Takes in what has come. While it waits nothing more is delivered: that is the back-pressure.
    fn deliver(&self, inbound: Inbound) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// What comes in.
#[derive(Debug)]
pub(crate) enum Inbound {
    /// A member can be reached.
    MemberUp(Member),
    /// A member can no longer be reached.
    MemberDown { member: MemberId, reason: String },
    /// Packets of one member.
    Packets { from: MemberId, packets: Vec<Packet> },
    /// Blocks, whole and checked.
    Blocks(Vec<KeyedBlock>),
    /// A block that came damaged.
    #[cfg_attr(not(feature = "cluster"), allow(dead_code, reason = "queues damage nothing"))]
    BlockFailed { from: MemberId, key: BlockKey, reason: String },
}

/// What a transport has carried: bytes of blocks, and messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traffic {
    pub(crate) bytes_in: u64,
    pub(crate) bytes_out: u64,
    pub(crate) messages_out: u64,
}

/// Counts traffic from many threads.
#[derive(Debug, Default)]
pub(crate) struct TrafficCounter {
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    messages_out: AtomicU64,
}

impl TrafficCounter {
    pub(crate) fn count_in(&self, bytes: u64) {
        self.bytes_in.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn count_out(&self, bytes: u64) {
        self.bytes_out.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn count_message(&self) {
        self.messages_out.fetch_add(1, Relaxed);
    }

    pub(crate) fn read(&self) -> Traffic {
        Traffic {
            bytes_in: self.bytes_in.load(Relaxed),
            bytes_out: self.bytes_out.load(Relaxed),
            messages_out: self.messages_out.load(Relaxed),
        }
    }
}
