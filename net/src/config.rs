//! The configuration of one member: addresses, folders, and bounds with their reasons.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::NetError;

/// A version of the protocol; peers with another `major` are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Version {
    /// Changes when old and new peers cannot talk.
    pub major: u16,
    /// Changes when something was added that old peers may ignore.
    pub minor: u16,
}

/// The version that this crate speaks.
pub const PROTOCOL: Version = Version { major: 3, minor: 0 };

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The configuration of one member: where it listens, where it keeps its keys, and its bounds.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address for connections of members. Port 0 selects any free port.
    pub listen: SocketAddr,
    /// Where strangers with a ticket are listened for, once this member holds the cluster key;
    /// `None` admits nobody, and the key is not handed to such a member.
    pub join_listen: Option<SocketAddr>,
    /// The address for connections of blocks. Port 0 selects any free port.
    pub block_listen: SocketAddr,
    /// Whether blocks of members on the same host go through a socket there, which is not
    /// encrypted, rather than over the network.
    pub same_host: bool,
    /// Whether this member announces its join address on the local link by multicast DNS, and searches there for remembered
    /// members when none of them answers at its old address.
    ///
    /// A found address is a hint: the peer at the address must prove the key of a remembered member.
    pub mdns: bool,
    /// The folder of the keys, files of mode 0600; `None` makes keys that live in memory only.
    pub data: Option<PathBuf>,
    /// What both sides must agree on, letter by letter, so that they compute the same bits.
    ///
    /// At most [`KERNEL_ID_BYTES_MAX`] bytes.
    pub kernel_id: String,
    /// How much of everything.
    pub bounds: Bounds,
}

/// The longest kernel id, in bytes: it must fit into a handshake of 4 KiB with room to spare.
pub const KERNEL_ID_BYTES_MAX: usize = 512;

impl Config {
    /// A configuration on loopback with free ports, keys in memory, no mDNS and the default bounds.
    pub fn loopback(kernel_id: impl Into<String>) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Config {
            listen: any,
            join_listen: Some(any),
            block_listen: any,
            same_host: true,
            mdns: false,
            data: None,
            kernel_id: kernel_id.into(),
            bounds: Bounds::default(),
        }
    }

    pub(crate) fn check(&self) -> Result<(), NetError> {
        let bad = |what| Err(NetError::Configuration { what });
        let bounds = &self.bounds;
        if self.mdns && self.listen.ip().is_loopback() {
            return bad(
                "multicast DNS does not work on loopback: listen on an address of a network link",
            );
        }
        if self.kernel_id.len() > KERNEL_ID_BYTES_MAX {
            return bad("the kernel id is longer than 512 bytes");
        }
        if bounds.frame_bytes_max == 0 || bounds.frame_bytes_max > u32::MAX as usize - 1 {
            return bad("frame_bytes_max must be between 1 and 2^32 - 2");
        }
        if bounds.meta_bytes_max > u16::MAX as usize {
            return bad("meta_bytes_max must fit into 16 bits");
        }
        if bounds.outbound_frames_max == 0 || bounds.outbound_blocks_max == 0 {
            return bad("queue lengths must be at least 1");
        }
        if bounds.outbound_bytes_max < bounds.frame_bytes_max {
            return bad("outbound_bytes_max must be at least frame_bytes_max");
        }
        if bounds.heartbeat_ms == 0 || bounds.heartbeats_missed_max == 0 {
            return bad("heartbeat_ms and heartbeats_missed_max must not be zero");
        }
        if bounds.handshake_ms_max == 0 {
            return bad("handshake_ms_max must not be zero");
        }
        // Far beyond any use, and far from where adding to a clock overflows.
        let day_ms = 24 * 3600 * 1000;
        if bounds.handshake_ms_max > day_ms
            || bounds.join_ms_max > day_ms
            || bounds.heartbeat_ms > day_ms
            || bounds.admit_ack_ms_max > day_ms
            || bounds.leave_ms_max > day_ms
            || bounds.redial_node_ms_max > day_ms
            || bounds.redial_other_ms_max > day_ms
        {
            return bad("time limits must be at most one day");
        }
        if bounds.established_max == 0
            || bounds.pending_in_max == 0
            || bounds.pending_in_per_host_max == 0
            || bounds.joining_per_host_max == 0
        {
            return bad("connection limits must be at least 1");
        }
        if bounds.established_per_peer_max == 0 {
            return bad("established_per_peer_max must not be zero");
        }
        Ok(())
    }
}

/// The bounds of a member. Anything that exceeds a bound is refused, never buffered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// The longest payload of a control frame, in bytes.
    ///
    /// 1 MiB: control messages are metadata, anything larger is a block. Checked against the
    /// length header, before anything is allocated.
    pub frame_bytes_max: usize,
    /// Frames that wait for one peer.
    ///
    /// 4,096: about 30 ms of the measured 126 thousand small messages a second.
    pub outbound_frames_max: usize,
    /// Bytes of frames that wait for one peer.
    ///
    /// 64 MiB, or else 4,096 frames of 1 MiB could hold 4 GiB.
    pub outbound_bytes_max: usize,
    /// Frames that are handed over in one batch.
    ///
    /// 1,024: enough to spread the cost of a wake-up, few enough for a handler's latency.
    pub batch_frames_max: usize,
    /// Blocks that wait for one peer; each holds a reference to its payload, no copy.
    pub outbound_blocks_max: usize,
    /// The longest payload of a block, in bytes: 2 GiB.
    pub block_bytes_max: u64,
    /// The longest meta of a block, in bytes.
    pub meta_bytes_max: usize,
    /// How long a handshake or a join may take, in milliseconds.
    ///
    /// 10 s: a slow link passes, a peer that sends a byte a second does not.
    pub handshake_ms_max: u64,
    /// Inbound connections that have not yet proved who they are.
    ///
    /// 64: honest ones do so within milliseconds.
    pub pending_in_max: u32,
    /// Of these, those of one host (an address, or a /64 network of version 6), so that a host that says nothing keeps
    /// only itself out.
    pub pending_in_per_host_max: u32,
    /// Join requests of one host at a time. A refused peer tries again.
    pub joining_per_host_max: u32,
    /// Connections in all, and so members.
    pub established_max: u32,
    /// Connections to one peer: one that is used and one that is just being replaced.
    pub established_per_peer_max: u32,
    /// How long a joiner tries again while the member that it asks has no place for it, in milliseconds.
    ///
    /// A minute: admissions go one after the other, and fifty at once take some seconds.
    pub join_ms_max: u64,
    /// How often a sign of life is written, in milliseconds.
    pub heartbeat_ms: u64,
    /// Missed heartbeats after which a peer is down; 5 s by default, as a garbage collection or a
    /// full disk queue of a healthy peer may take a second or two.
    pub heartbeats_missed_max: u32,
    /// How long a node whose connection was cut may come back by itself, in milliseconds.
    ///
    /// 10 min: a switch restarts. Beyond that it must be admitted again.
    pub redial_node_ms_max: u64,
    /// The same for members that are not nodes.
    ///
    /// 1 min: sessions come and go, and who is gone for good should not be dialed for long.
    pub redial_other_ms_max: u64,
    /// How long a ticket admits, in seconds: a day.
    pub ticket_ttl_s: u64,
    /// How long a certificate is believed at a handshake, in seconds: a year.
    pub certificate_ttl_s: u64,
    /// How long an admission waits for all members to learn of the new one, in milliseconds.
    ///
    /// A member that is slower than this refuses the joiner at first; the joiner tries again.
    pub admit_ack_ms_max: u64,
    /// How long [`Net::leave`](crate::Net::leave) waits for goodbyes, in milliseconds.
    pub leave_ms_max: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            frame_bytes_max: 1 << 20,
            outbound_frames_max: 4096,
            outbound_bytes_max: 64 << 20,
            batch_frames_max: 1024,
            outbound_blocks_max: 64,
            block_bytes_max: 2 << 30,
            meta_bytes_max: 256,
            handshake_ms_max: 10_000,
            pending_in_max: 64,
            pending_in_per_host_max: 16,
            joining_per_host_max: 32,
            established_max: 256,
            established_per_peer_max: 2,
            join_ms_max: 60_000,
            heartbeat_ms: 1000,
            heartbeats_missed_max: 5,
            redial_node_ms_max: 600_000,
            redial_other_ms_max: 60_000,
            ticket_ttl_s: 24 * 3600,
            certificate_ttl_s: 365 * 24 * 3600,
            admit_ack_ms_max: 2000,
            leave_ms_max: 2000,
        }
    }
}

impl Bounds {
    /// How long a peer may be silent, in milliseconds.
    pub fn silence_ms_max(&self) -> u64 {
        self.heartbeat_ms.saturating_mul(u64::from(self.heartbeats_missed_max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_sound_and_nonsense_is_not() {
        let mut config = Config::loopback("k");
        assert_eq!(config.check(), Ok(()));
        config.bounds.frame_bytes_max = 0;
        assert!(config.check().is_err());
        let mut config = Config::loopback("k".repeat(513));
        assert!(config.check().is_err());
        config = Config::loopback("k");
        config.bounds.outbound_bytes_max = 10;
        assert!(config.check().is_err());
        config = Config::loopback("k");
        config.bounds.handshake_ms_max = u64::MAX;
        assert!(config.check().is_err());
    }
}
