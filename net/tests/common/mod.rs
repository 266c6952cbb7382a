//! A handler that remembers, and waiting with a limit.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nums_net::{
    BlockError, BlockHeader, Bytes, Config, DownReason, Handler, Net, NetError, PeerId, PeerInfo,
    Role, Ticket,
};
use tokio::sync::{Semaphore, watch};

/// What a handler was told.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) up: Vec<PeerInfo>,
    pub(crate) down: Vec<(PeerId, DownReason)>,
    pub(crate) frames: BTreeMap<PeerId, Vec<Bytes>>,
    pub(crate) batches: usize,
    pub(crate) blocks: Vec<(PeerId, BlockHeader, Result<Vec<u8>, BlockError>)>,
    pub(crate) offered: Vec<BlockHeader>,
}

pub(crate) struct Recorder {
    pub(crate) seen: Mutex<Seen>,
    changed: watch::Sender<u64>,
    /// Each batch of frames takes one permit.
    pub(crate) frames_gate: Semaphore,
    /// Blocks whose meta is this are refused.
    pub(crate) refused_meta: Vec<u8>,
}

impl Recorder {
    pub(crate) fn new() -> Arc<Self> {
        Self::gated(Semaphore::MAX_PERMITS)
    }

    /// A handler that takes only so many batches.
    pub(crate) fn gated(permits: usize) -> Arc<Self> {
        Arc::new(Recorder {
            seen: Mutex::default(),
            changed: watch::Sender::new(0),
            frames_gate: Semaphore::new(permits),
            refused_meta: b"refuse".to_vec(),
        })
    }

    fn note(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen.lock().unwrap());
        self.changed.send_modify(|count| *count += 1);
    }

    /// Waits until the condition gives something; panics after 30 s.
    pub(crate) async fn wait<T>(&self, what: &str, mut look: impl FnMut(&Seen) -> Option<T>) -> T {
        let mut changes = self.changed.subscribe();
        let found = async {
            loop {
                if let Some(found) = look(&self.seen.lock().unwrap()) {
                    return found;
                }
                changes.changed().await.unwrap();
            }
        };
        match tokio::time::timeout(Duration::from_secs(30), found).await {
            Ok(found) => found,
            Err(_) => panic!("no {what} within 30 s"),
        }
    }

    pub(crate) async fn wait_for_down(&self, peer: PeerId) -> DownReason {
        self.wait("peer_down", |seen| {
            seen.down.iter().find(|(id, _)| *id == peer).map(|(_, reason)| reason.clone())
        })
        .await
    }

    pub(crate) async fn wait_for_frames(&self, from: PeerId, count: usize) -> Vec<Bytes> {
        self.wait("frames", |seen| {
            seen.frames.get(&from).filter(|frames| frames.len() >= count).cloned()
        })
        .await
    }
}

impl Handler for Recorder {
    type Buffer = Vec<u8>;

    async fn peer_up(&self, peer: PeerInfo) {
        self.note(|seen| seen.up.push(peer));
    }

    async fn peer_down(&self, peer: PeerId, reason: DownReason) {
        self.note(|seen| seen.down.push((peer, reason)));
    }

    async fn frames(&self, from: &PeerId, frames: Vec<Bytes>) {
        self.frames_gate.acquire().await.unwrap().forget();
        self.note(|seen| {
            seen.batches += 1;
            seen.frames.entry(*from).or_default().extend(frames);
        });
    }

    fn block_buffer(&self, _: &PeerId, header: &BlockHeader) -> Option<Vec<u8>> {
        self.note(|seen| seen.offered.push(header.clone()));
        (header.meta != self.refused_meta).then(|| vec![0; header.len as usize])
    }

    async fn block(&self, from: &PeerId, header: BlockHeader, buffer: Result<Vec<u8>, BlockError>) {
        self.note(|seen| seen.blocks.push((*from, header, buffer)));
    }
}

pub(crate) const KERNEL: &str = "avx2/faer-0.24/1";

pub(crate) fn config() -> Config {
    let mut config = Config::loopback(KERNEL);
    config.bounds.handshake_ms_max = 5000;
    config
}

pub(crate) async fn found() -> (Net, Arc<Recorder>) {
    let handler = Recorder::new();
    (Net::found(config(), handler.clone()).await.unwrap(), handler)
}

pub(crate) async fn join(ticket: &Ticket, role: Role) -> (Net, Arc<Recorder>) {
    let handler = Recorder::new();
    (Net::join(ticket, role, config(), handler.clone()).await.unwrap(), handler)
}

pub(crate) async fn try_join(ticket: &Ticket, config: Config) -> Result<Net, NetError> {
    Net::join(ticket, Role::Node, config, Recorder::new()).await
}

/// Two members, the founder first.
pub(crate) async fn pair() -> [(Net, Arc<Recorder>); 2] {
    let first = found().await;
    let second = join(&first.0.ticket().unwrap(), Role::Node).await;
    first.1.wait("second member", |seen| (!seen.up.is_empty()).then_some(())).await;
    [first, second]
}

pub(crate) async fn limited<T>(test: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), test).await.expect("the test took too long")
}
