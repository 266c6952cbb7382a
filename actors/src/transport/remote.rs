//! The transport between processes: messages as control frames, blocks as bulk streams, over `nums-net`.

use super::{Inbound, Inbox, KeyedBlock, NotSent, Traffic, TrafficCounter, Transport};
use crate::block_key::{self, BlockKey};
use crate::link::Packet;
use crate::pool::BufferPool;
use crate::wire;
use crate::{ClusterError, Member, MemberId, Role};
use nums_kernels::{Block, Buffer};
use nums_net::{BlockError, BlockHeader, Bytes, DownReason, Handler, Net, PeerId, PeerInfo};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Deliveries that wait between the network and the inbox; beyond that the streams are not read.
const QUEUE_LEN_MAX: usize = 64;

/// A member's way to the others over the network.
pub(crate) struct RemoteTransport {
    net: Net,
    own: MemberId,
    traffic: Arc<TrafficCounter>,
}

/// What the network delivers before there is an inbox: the net is founded or joined with a handler, and only then is
/// the name known under which actors can be started.
pub(crate) struct Deliveries {
    waiting: mpsc::Receiver<Inbound>,
    traffic: Arc<TrafficCounter>,
}

/// Turns what the network gives into deliveries.
pub(crate) struct RemoteHandler {
    /// Where the memory of blocks that come in is from.
    pool: Arc<BufferPool>,
    queue: mpsc::Sender<Inbound>,
    traffic: Arc<TrafficCounter>,
}

/// A handler for a net, and the deliveries that it will make.
pub(crate) fn handler(pool: Arc<BufferPool>) -> (Arc<RemoteHandler>, Deliveries) {
    let (queue, waiting) = mpsc::channel(QUEUE_LEN_MAX);
    let traffic = Arc::new(TrafficCounter::default());
    let handler = RemoteHandler { pool, queue, traffic: traffic.clone() };
    (Arc::new(handler), Deliveries { waiting, traffic })
}

impl Deliveries {
    /// The transport of a net, and a task that empties the deliveries into an inbox until the net ends.
    pub(crate) fn connect(
        mut self,
        net: Net,
        inbox: impl FnOnce(Arc<RemoteTransport>) -> Arc<dyn Inbox>,
    ) -> Arc<RemoteTransport> {
        let own = member_id(&net.local().id);
        let transport = Arc::new(RemoteTransport { net, own, traffic: self.traffic });
        let inbox = inbox(transport.clone());
        tokio::spawn(async move {
            let mut came = Vec::with_capacity(QUEUE_LEN_MAX);
            while self.waiting.recv_many(&mut came, QUEUE_LEN_MAX).await > 0 {
                for inbound in together(came.drain(..)) {
                    inbox.deliver(inbound).await;
                }
            }
        });
        transport
    }
}

/// Deliveries in which blocks that came one after the other are one.
fn together(came: impl Iterator<Item = Inbound>) -> Vec<Inbound> {
    let mut deliveries: Vec<Inbound> = Vec::new();
    for inbound in came {
        match (deliveries.last_mut(), inbound) {
            (Some(Inbound::Blocks(blocks)), Inbound::Blocks(more)) => blocks.extend(more),
            (_, other) => deliveries.push(other),
        }
    }
    deliveries
}

impl RemoteTransport {
    /// The membership.
    pub(crate) fn net(&self) -> &Net {
        &self.net
    }

    fn peer(&self, member: &MemberId) -> Result<PeerId, ClusterError> {
        let unreachable = |reason: String| ClusterError::Unreachable { to: member.clone(), reason };
        member
            .as_str()
            .parse()
            .map_err(|error: nums_net::PeerIdError| unreachable(error.to_string()))
    }

    fn send_block(
        &self,
        to: &MemberId,
        peer: &PeerId,
        key: &BlockKey,
        block: Arc<Block>,
    ) -> Result<(), ClusterError> {
        let unreachable = |reason: String| ClusterError::Unreachable { to: to.clone(), reason };
        let bytes = block.bytes().len() as u64;
        let meta =
            wire::encode_spec(block.spec()).map_err(|error| unreachable(error.to_string()))?;
        let key = block_key::encode_key(key);
        let sent = self.net.send_block(peer, key, meta, block, None);
        sent.map_err(|error| unreachable(error.to_string()))?;
        self.traffic.count_out(bytes);
        Ok(())
    }
}

impl Transport for RemoteTransport {
    fn local(&self) -> &MemberId {
        &self.own
    }

    fn send(&self, to: &MemberId, packet: Packet) -> Result<(), ClusterError> {
        let unreachable = |reason: String| ClusterError::Unreachable { to: to.clone(), reason };
        let frame = wire::encode(&packet).map_err(|error| unreachable(error.to_string()))?;
        let sent = self.net.send(&self.peer(to)?, Bytes::from(frame));
        sent.map_err(|error| unreachable(error.to_string()))?;
        self.traffic.count_message();
        Ok(())
    }

    fn send_blocks(&self, to: &MemberId, blocks: Vec<KeyedBlock>) -> Vec<NotSent> {
        let peer = self.peer(to);
        let mut not_sent = Vec::new();
        for (key, block) in blocks {
            let sent = peer.clone().and_then(|peer| self.send_block(to, &peer, &key, block));
            not_sent.extend(sent.err().map(|error| (key, error)));
        }
        not_sent
    }

    #[cfg(test)]
    fn send_damaged(&self, to: &MemberId, key: &BlockKey) -> Result<(), ClusterError> {
        use nums_lshs::{BlockSpec, DType, Shape};
        let spec = BlockSpec::new(DType::UInt8, Shape::new([8]).unwrap());
        let (meta, data) = (wire::encode_spec(&spec).unwrap(), Arc::new(vec![7; 8]));
        let no_checksum_of_it = Some(0);
        let key = block_key::encode_key(key);
        self.net.send_block(&self.peer(to)?, key, meta, data, no_checksum_of_it).unwrap();
        Ok(())
    }

    fn traffic(&self) -> Traffic {
        self.traffic.read()
    }

    fn leave(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.net.leave())
    }
}

impl RemoteHandler {
    async fn post(&self, inbound: Inbound) {
        // Without an inbox the net is about to end.
        let _ = self.queue.send(inbound).await;
    }

    /// Whoever waits for a block hears that it will not come. This must not wait; when the queue is full the plan ends
    /// with its peer, who breaks the protocol.
    fn refuse(&self, from: &PeerId, header: &BlockHeader, reason: String) {
        let (from, key) = (member_id(from), block_key::decode_key(&header.key));
        let _ = self.queue.try_send(Inbound::BlockFailed { from, key, reason });
    }
}

impl Handler for RemoteHandler {
    type Buffer = Buffer;

    async fn peer_up(&self, peer: PeerInfo) {
        self.post(Inbound::MemberUp(member(&peer))).await;
    }

    async fn peer_down(&self, peer: PeerId, reason: DownReason) {
        let reason = match reason {
            DownReason::Left | DownReason::Ended => reason.to_string(),
            other => {
                let reason = other.to_string();
                tracing::warn!(%peer, %reason, "a member was lost");
                reason
            }
        };
        self.post(Inbound::MemberDown { member: member_id(&peer), reason }).await;
    }

    async fn frames(&self, from: &PeerId, frames: Vec<Bytes>) {
        let from = member_id(from);
        let mut packets = Vec::with_capacity(frames.len());
        for frame in frames {
            match wire::decode(&frame) {
                Ok(packet) => packets.push(packet),
                Err(error) => tracing::warn!(%from, %error, "dropped a frame"),
            }
        }
        self.post(Inbound::Packets { from, packets }).await;
    }

    fn block_buffer(&self, from: &PeerId, header: &BlockHeader) -> Option<Buffer> {
        match wire::decode_spec(&header.meta) {
            Ok(spec) if spec.bytes() == header.len => match self.pool.take(header.len) {
                Ok(buffer) => Some(buffer),
                Err(error) => {
                    tracing::warn!(%from, %error, "refused a block");
                    self.refuse(from, header, error.to_string());
                    None
                }
            },
            Ok(spec) => {
                let (shape, len) = (&spec.shape, header.len);
                tracing::warn!(%from, %shape, len, "refused a block of the wrong length");
                self.refuse(from, header, format!("{len} bytes do not match shape {shape}"));
                None
            }
            Err(error) => {
                tracing::warn!(%from, %error, "refused a block");
                self.refuse(from, header, error.to_string());
                None
            }
        }
    }

    async fn block(&self, from: &PeerId, header: BlockHeader, buffer: Result<Buffer, BlockError>) {
        let key = block_key::decode_key(&header.key);
        let damaged = |reason| Inbound::BlockFailed { from: member_id(from), key, reason };
        let inbound = match buffer {
            Err(error) => damaged(error.to_string()),
            Ok(buffer) => match wire::decode_spec(&header.meta) {
                Err(error) => damaged(error.to_string()),
                Ok(spec) => match Block::from_buffer(spec, buffer) {
                    Ok(block) => {
                        self.traffic.count_in(header.len);
                        Inbound::Blocks(vec![(key, Arc::new(block))])
                    }
                    Err(error) => damaged(error.to_string()),
                },
            },
        };
        self.post(inbound).await;
    }
}

/// A peer as a member.
pub(crate) fn member(peer: &PeerInfo) -> Member {
    let role = match peer.role {
        nums_net::Role::Node => Role::Node,
        // Observers are to be told nothing that a session is not.
        nums_net::Role::Session | nums_net::Role::Observer => Role::Session,
    };
    let order = (peer.admitted.unix_ms, peer.admitted.sequence);
    Member { id: member_id(&peer.id), role, order }
}

fn member_id(peer: &PeerId) -> MemberId {
    MemberId::new(peer.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::member_config;
    use crate::{JobId, PlanId};
    use nums_lshs::{ArrayId, BlockName};

    /// Passes on what is delivered.
    struct Watch(mpsc::Sender<Inbound>);

    impl Inbox for Watch {
        fn deliver(&self, inbound: Inbound) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(async move {
                let _ = self.0.send(inbound).await;
            })
        }
    }

    /// A member and what is delivered to it, members that come and go left out.
    async fn member(
        ticket: Option<nums_net::Ticket>,
    ) -> (Arc<RemoteTransport>, mpsc::Receiver<Inbound>) {
        let (handler, deliveries) = handler(BufferPool::new(0));
        let config = member_config();
        let net = match ticket {
            None => Net::found(config, handler).await,
            Some(ticket) => Net::join(&ticket, nums_net::Role::Node, config, handler).await,
        };
        let (watch, watched) = mpsc::channel(QUEUE_LEN_MAX);
        (deliveries.connect(net.unwrap(), |_| Arc::new(Watch(watch))), watched)
    }

    #[tokio::test]
    async fn a_block_that_is_damaged_on_its_way_and_a_frame_that_is_no_packet_are_told_apart_from_good_ones()
     {
        let (first, mut watched) = member(None).await;
        let (second, _watched) = member(first.net().ticket()).await;
        let block = BlockName { array: ArrayId(1), index: 2 };
        let key = BlockKey { job: JobId(3), plan: Some(PlanId(4)), block };
        let to = first.local();
        second.net().send(&second.peer(to).unwrap(), Bytes::from_static(b"no packet")).unwrap();
        second.send_damaged(to, &key).unwrap();
        let (mut damaged, mut frames) = (None, 0);
        while damaged.is_none() || frames == 0 {
            match watched.recv().await.unwrap() {
                Inbound::BlockFailed { from, key, reason } => damaged = Some((from, key, reason)),
                Inbound::Packets { packets, .. } => {
                    frames += 1;
                    assert_eq!(packets, []);
                }
                Inbound::Blocks(blocks) => panic!("{blocks:?} were taken for whole"),
                Inbound::MemberUp(_) | Inbound::MemberDown { .. } => {}
            }
        }
        let (from, damaged, reason) = damaged.unwrap();
        assert_eq!((&from, damaged), (second.local(), key));
        assert!(reason.starts_with("checksum mismatch: expected 0000000000000000"), "{reason}");
        assert_eq!(first.traffic().bytes_in, 0, "what is damaged does not count");
        second.leave().await;
        first.leave().await;
    }
}
