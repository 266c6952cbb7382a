//! What the handle and the tasks of one net have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use libp2p::identity::Keypair;
use libp2p::swarm::ConnectionId;
use tokio::sync::{mpsc, watch};

use crate::authority::Authority;
use crate::block::OutBlock;
use crate::bulk::BulkPort;
use crate::certificate::{Admission, Certificate, Claims, ClusterKey, Role};
use crate::config::Bounds;
use crate::control::OwnFrame;
use crate::counters::CounterCells;
use crate::error::CertificateError;
use crate::identity::PeerId;
use crate::members::{Learned, Members, PeerInfo};
use crate::refusals::{Line, RefusalLines};
use crate::wire::{ADDRESSES_MAX, Record};

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Run,
    /// Say goodbye.
    Leave,
    /// Everything ends now.
    Abort,
}

/// What the event loop is asked to do.
#[derive(Debug)]
pub(crate) enum Command {
    Dial(PeerId, Vec<SocketAddr>),
    Close(ConnectionId),
    Disconnect(PeerId),
    #[cfg(test)]
    Panic,
}

/// The sending ends of one peer that is up.
pub(crate) struct LivePeer {
    pub(crate) info: PeerInfo,
    pub(crate) own: mpsc::Sender<OwnFrame>,
    pub(crate) user: mpsc::Sender<Bytes>,
    pub(crate) queued_bytes: Arc<AtomicUsize>,
    pub(crate) blocks: mpsc::Sender<OutBlock>,
    pub(crate) counters: Arc<CounterCells>,
    /// The key of the cluster was handed to it on this connection.
    pub(crate) handed: AtomicBool,
}

pub(crate) struct Shared {
    pub(crate) bounds: Bounds,
    pub(crate) kernel_id: String,
    pub(crate) identity: Keypair,
    pub(crate) data: Option<PathBuf>,
    pub(crate) join_listen: Option<SocketAddr>,
    /// The port of the join listener in a former life.
    pub(crate) former_join_port: u16,
    /// Held while this member begins to hold the key of the cluster, which it may be given twice at a time.
    pub(crate) beginning_to_hold: tokio::sync::Mutex<()>,
    /// Whether the local link is told where strangers may ask.
    pub(crate) mdns: bool,
    pub(crate) cluster: ClusterKey,
    pub(crate) claims: Claims,
    pub(crate) certificate: Certificate,
    /// There when this member holds the key of the cluster.
    pub(crate) authority: OnceLock<Authority>,
    /// Where members are listened for.
    pub(crate) addresses: Mutex<Vec<SocketAddr>>,
    pub(crate) members: Arc<Mutex<Members>>,
    pub(crate) live: RwLock<BTreeMap<PeerId, LivePeer>>,
    /// Peers that have a task, which outlives their entry in `live` by the call of `peer_down`.
    pub(crate) busy: Mutex<BTreeSet<PeerId>>,
    pub(crate) totals: Arc<CounterCells>,
    /// Where peers connect for blocks.
    pub(crate) bulk: Arc<BulkPort>,
    pub(crate) refusal_lines: Mutex<RefusalLines>,
    pub(crate) commands: mpsc::Sender<Command>,
    /// Bumped when the member table, `busy` or `live` change, for those who wait for a state.
    pub(crate) changed: watch::Sender<u64>,
    pub(crate) stop: watch::Sender<Stop>,
}

/// A lock whose data stays usable after a panic elsewhere: each change under it is one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn now_unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

impl Shared {
    pub(crate) fn local(&self) -> PeerInfo {
        PeerInfo {
            id: self.claims.peer,
            role: self.claims.role,
            admitted: self.claims.admitted,
            addresses: self.listen_addresses(),
        }
    }

    /// Where this member stands among all.
    pub(crate) fn order(&self) -> (Admission, PeerId) {
        (self.claims.admitted, self.claims.peer)
    }

    /// Until when a member of this role may come back by itself when its connection is cut now.
    pub(crate) fn redial_until(&self, role: Role, now: Instant) -> Instant {
        let limit_ms = match role {
            Role::Node => self.bounds.redial_node_ms_max,
            Role::Session | Role::Observer => self.bounds.redial_other_ms_max,
        };
        now + Duration::from_millis(limit_ms)
    }

    pub(crate) fn listen_addresses(&self) -> Vec<SocketAddr> {
        lock(&self.addresses).iter().take(ADDRESSES_MAX).copied().collect()
    }

    pub(crate) fn own_record(&self) -> Record {
        Record { certificate: self.certificate.clone(), addresses: self.listen_addresses() }
    }

    pub(crate) fn handshake_limit(&self) -> Duration {
        Duration::from_millis(self.bounds.handshake_ms_max)
    }

    pub(crate) fn notify(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Waits until `condition` holds; looks again at every change.
    pub(crate) async fn wait_until(&self, mut condition: impl FnMut(&Self) -> bool) {
        let mut changes = self.changed.subscribe();
        while !condition(self) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Counts a refusal, and gives a line to write about it, if there is one.
    pub(crate) fn refuses(&self) -> Option<Line> {
        self.totals.refused();
        lock(&self.refusal_lines).take(Instant::now())
    }

    /// Somebody is turned away of whom no name is known, or none that matters.
    pub(crate) fn refused_stranger(&self, connection: &str) {
        if let Some(Line { unwritten }) = self.refuses() {
            tracing::warn!(connection, unwritten, "refused an unknown peer");
        }
    }

    pub(crate) fn stopping(&self) -> bool {
        *self.stop.borrow() != Stop::Run
    }

    pub(crate) fn read_live<T>(&self, read: impl FnOnce(&BTreeMap<PeerId, LivePeer>) -> T) -> T {
        read(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn register(&self, peer: LivePeer) {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        live.insert(peer.info.id, peer);
    }

    /// From here on sends to the peer are refused.
    pub(crate) fn unregister(&self, peer: &PeerId) -> Option<LivePeer> {
        self.live.write().unwrap_or_else(PoisonError::into_inner).remove(peer)
    }

    /// The event loop is always there to take a command, unless it has ended and nothing matters.
    pub(crate) async fn command(&self, command: Command) {
        let _ = self.commands.send(command).await;
    }

    /// Takes a member into the table after proving its certificate, and dials it if that is ours
    /// to do.
    pub(crate) async fn learn(&self, record: Record) -> Result<(), CertificateError> {
        if record.addresses.len() > ADDRESSES_MAX {
            return Err(CertificateError::Malformed);
        }
        let claims = record.certificate.verify(&self.cluster, now_unix_ms())?;
        if claims.peer == self.claims.peer {
            return Ok(());
        }
        let (peer, addresses) = (claims.peer, record.addresses.clone());
        // Whoever dials has one limit, whoever is dialled grants two: the other must first get to
        // know of us.
        let dials = (claims.admitted, peer) < self.order();
        let now = Instant::now();
        let until = now + self.handshake_limit() * if dials { 1 } else { 2 };
        let learned = lock(&self.members).learn(record, claims, now, until);
        if learned == Learned::Known {
            return Ok(());
        }
        self.notify();
        if learned == Learned::Replaced {
            self.command(Command::Disconnect(peer)).await;
        }
        if dials {
            self.command(Command::Dial(peer, addresses)).await;
        }
        Ok(())
    }
}
