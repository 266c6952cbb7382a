//! Peers, tickets, control frames and block streams over libp2p.
//!
//! This crate carries opaque bytes between the members of a closed cluster. It has no notion of arrays.
//!
//! # What is carried
//!
//! Every two members have two connections:
//!
//! - One (TCP, noise, yamux) carries *frames* of at most 1 MiB, many per write.
//! - The other carries *blocks*, payloads of up to 2 GiB, from the sender's memory through one cipher (AES-256-GCM) into
//!   the buffer that the receiver's [`Handler`] provides. Between processes of one host, it is a unix socket without a
//!   cipher. Its keys are agreed over the first connection.
//!
//! So a large block does not delay a frame.
//!
//! # What is promised
//!
//! - **Order.** Frames to one peer arrive in the order of [`Net::send`], blocks in the order of
//!   [`Net::send_block`]; between frames and blocks there is no order.
//! - **Loss.** While a peer is up, nothing is lost. When it goes down, queued items may or may not have arrived; nothing is
//!   sent again.
//! - **Damage.** A payload whose xxh3-64 checksum is wrong is reported and never delivered.
//! - **Bounds.** All queues and sizes have bounds, see [`Bounds`]. Sending never waits: a full queue is an error. Receiving
//!   waits for the handler, so received items do not accumulate.
//! - **Life.** A peer is down if it sends no whole frame for
//!   [`heartbeats_missed_max`](Bounds::heartbeats_missed_max) heartbeats, even if its TCP connection is open. A peer whose
//!   connection broke is dialed again for a while and comes up again. A peer that left or broke the protocol must be
//!   admitted again, and then has another [`Admission`].
//!
//! # Who is let in
//!
//! The founder of a cluster makes a key that signs the certificates of members, and sends it to two more nodes over their
//! encrypted connections. Each of the three admits peers. When one of them dies, another node receives the key.
//!
//! A [`Ticket`] names the join listener of one of them and holds a token. A peer that presents the token over a connection
//! that proves its own key receives a certificate for that key. All members learn of the new member before it learns that
//! it is admitted. A member that was down comes back with its certificate and needs no ticket.
//!
//! A peer that is not in the member table is refused before any protocol of this crate starts on its connection. A member
//! presents its certificate again in the handshake of the control stream.
//!
//! # Where things are
//!
//! `identity`, `certificate`, `ticket` and `wire` are data; `frame`, `control` and `cut` are the
//! stream of frames; `seal`, `records`, `block`, `host` and `bulk` the connection of blocks; `members` is who there is; `links` and `swarm` touch libp2p; `join`,
//! `tokens` and `authority` admit, `hosts` bounds what one host may take up, `refusals` bounds what is written about those who are turned away; `handover` says who holds the key; `mdns` finds those who admit where they have moved; `private` and `saved` are the
//! data folder; `peer` is the life of one peer; `net` is the handle.
//!
//! ```
//! use std::sync::Arc;
//! use nums_net::{BlockError, BlockHeader, Bytes, Config, DownReason, Handler, Net, PeerId,
//!     PeerInfo, Role};
//!
//! struct Echo(tokio::sync::mpsc::Sender<Bytes>);
//!
//! impl Handler for Echo {
//!     type Buffer = Vec<u8>;
//!     async fn peer_up(&self, _: PeerInfo) {}
//!     async fn peer_down(&self, _: PeerId, _: DownReason) {}
//!     async fn frames(&self, _: &PeerId, frames: Vec<Bytes>) {
//!         for frame in frames {
//!             let _ = self.0.send(frame).await;
//!         }
//!     }
//!     fn block_buffer(&self, _: &PeerId, header: &BlockHeader) -> Option<Vec<u8>> {
//!         Some(vec![0; header.len as usize])
//!     }
//!     async fn block(&self, _: &PeerId, _: BlockHeader, _: Result<Vec<u8>, BlockError>) {}
//! }
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let (sender, mut received) = tokio::sync::mpsc::channel(8);
//! let handler = Arc::new(Echo(sender));
//! let first = Net::found(Config::loopback("kernel 1"), handler.clone()).await?;
//! let ticket = first.ticket().expect("a founder with a join listener has tickets");
//! let second = Net::join(&ticket, Role::Node, Config::loopback("kernel 1"), handler).await?;
//! second.send(&first.local().id, Bytes::from_static(b"hello"))?;
//! assert_eq!(received.recv().await, Some(Bytes::from_static(b"hello")));
//! second.leave().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod authority;
mod block;
mod bulk;
mod certificate;
mod config;
mod control;
mod counters;
mod cut;
mod error;
mod frame;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzz;
mod handler;
mod handover;
mod host;
mod hosts;
mod identity;
mod join;
mod links;
mod mdns;
mod members;
mod net;
mod peer;
mod private;
mod records;
mod refusals;
mod saved;
mod seal;
mod shared;
mod swarm;
mod ticket;
mod tokens;
mod wire;

#[cfg(test)]
mod hostile;

pub use block::{BlockHeader, Payload};
pub use bytes::Bytes;
pub use certificate::{Admission, Role};
pub use config::{Bounds, Config, KERNEL_ID_BYTES_MAX, PROTOCOL, Version};
pub use counters::Counters;
pub use error::{
    BlockError, CertificateError, DownReason, NetError, ProtocolError, Refusal, SendError,
    TicketError,
};
pub use handler::Handler;
pub use identity::{PeerId, PeerIdError};
pub use members::PeerInfo;
pub use net::Net;
pub use ticket::Ticket;
