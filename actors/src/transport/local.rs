//! The transport inside a process: a bounded queue for each member, and a task that empties it into the inbox.
//!
//! Blocks are shared, not copied, but their bytes are counted as if they were sent.

use super::{Inbound, Inbox, KeyedBlock, NotSent, Traffic, TrafficCounter, Transport};
#[cfg(test)]
use crate::block_key::BlockKey;
use crate::link::Packet;
use crate::{ClusterError, Member, MemberId, Role};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock, Weak};
use tokio::sync::mpsc;

/// Deliveries that wait at one member. Windows bound the blocks on their way, and a part travels in chunks of
/// hundreds of tasks, so this many are never waiting unless a member hangs.
const QUEUE_LEN_MAX: usize = 1 << 16;

/// The members of an embedded cluster.
#[derive(Default)]
pub(crate) struct Hub {
    members: RwLock<BTreeMap<MemberId, Entry>>,
}

struct Entry {
    member: Member,
    queue: mpsc::Sender<Inbound>,
}

/// One member's way to the others.
pub(crate) struct LocalTransport {
    hub: Weak<Hub>,
    own: MemberId,
    traffic: Arc<TrafficCounter>,
}

impl Hub {
    /// Adds a member, and tells it and the others of each other. Its inbox is served by a task of the current runtime
    /// until the member leaves.
    pub(crate) fn join(
        self: &Arc<Self>,
        id: MemberId,
        role: Role,
        inbox: impl FnOnce(Arc<LocalTransport>) -> Arc<dyn Inbox>,
    ) -> Arc<LocalTransport> {
        let (queue, mut waiting) = mpsc::channel(QUEUE_LEN_MAX);
        let traffic = Arc::new(TrafficCounter::default());
        let transport = Arc::new(LocalTransport {
            hub: Arc::downgrade(self),
            own: id.clone(),
            traffic: traffic.clone(),
        });
        let inbox = inbox(transport.clone());
        tokio::spawn(async move {
            while let Some(inbound) = waiting.recv().await {
                // Before the delivery, so that whoever has a block finds it counted.
                if let Inbound::Blocks(blocks) = &inbound {
                    traffic.count_in(bytes(blocks));
                }
                inbox.deliver(inbound).await;
            }
        });
        let mut members = self.members.write().unwrap_or_else(PoisonError::into_inner);
        let member = Member { id: id.clone(), role, order: (0, members.len() as u64) };
        for other in members.values() {
            // A queue that has just been made has room, and the others' are far from full.
            let _ = queue.try_send(Inbound::MemberUp(other.member.clone()));
            let _ = other.queue.try_send(Inbound::MemberUp(member.clone()));
        }
        let _ = queue.try_send(Inbound::MemberUp(member.clone()));
        members.insert(id, Entry { member, queue });
        transport
    }

    /// All members that have joined so far.
    pub(crate) fn members(&self) -> Vec<Member> {
        let members = self.members.read().unwrap_or_else(PoisonError::into_inner);
        members.values().map(|entry| entry.member.clone()).collect()
    }

    fn post(&self, to: &MemberId, inbound: Inbound) -> Result<(), ClusterError> {
        let unreachable =
            |reason: &str| ClusterError::Unreachable { to: to.clone(), reason: reason.to_owned() };
        let members = self.members.read().unwrap_or_else(PoisonError::into_inner);
        let entry = members.get(to).ok_or_else(|| unreachable("no such member"))?;
        entry.queue.try_send(inbound).map_err(|error| unreachable(&error.to_string()))
    }
}

impl Transport for LocalTransport {
    fn local(&self) -> &MemberId {
        &self.own
    }

    fn send(&self, to: &MemberId, packet: Packet) -> Result<(), ClusterError> {
        let Some(hub) = self.hub.upgrade() else { return Err(ClusterError::SessionEnded) };
        let from = self.own.clone();
        hub.post(to, Inbound::Packets { from, packets: vec![packet] })?;
        self.traffic.count_message();
        Ok(())
    }

    fn send_blocks(&self, to: &MemberId, blocks: Vec<KeyedBlock>) -> Vec<NotSent> {
        let (keys, bytes): (Vec<_>, _) =
            (blocks.iter().map(|(key, _)| *key).collect(), bytes(&blocks));
        let hub = self.hub.upgrade().ok_or(ClusterError::SessionEnded);
        match hub.and_then(|hub| hub.post(to, Inbound::Blocks(blocks))) {
            Ok(()) => {
                self.traffic.count_out(bytes);
                Vec::new()
            }
            Err(error) => keys.into_iter().map(|key| (key, error.clone())).collect(),
        }
    }

    #[cfg(test)]
    fn send_damaged(&self, to: &MemberId, key: &BlockKey) -> Result<(), ClusterError> {
        let Some(hub) = self.hub.upgrade() else { return Err(ClusterError::SessionEnded) };
        let (from, reason) = (self.own.clone(), "checksum mismatch".to_owned());
        hub.post(to, Inbound::BlockFailed { from, key: *key, reason })
    }

    fn traffic(&self) -> Traffic {
        self.traffic.read()
    }

    fn leave(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        if let Some(hub) = self.hub.upgrade() {
            let mut members = hub.members.write().unwrap_or_else(PoisonError::into_inner);
            members.remove(&self.own);
            for other in members.values() {
                let reason = "it left".to_owned();
                let _ =
                    other.queue.try_send(Inbound::MemberDown { member: self.own.clone(), reason });
            }
        }
        Box::pin(std::future::ready(()))
    }
}

fn bytes(blocks: &[KeyedBlock]) -> u64 {
    blocks.iter().map(|(_, block)| block.bytes().len() as u64).sum()
}
