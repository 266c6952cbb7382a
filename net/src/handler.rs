//! What the layer above implements.

use std::future::Future;

use bytes::Bytes;

use crate::block::BlockHeader;
use crate::error::{BlockError, DownReason};
use crate::identity::PeerId;
use crate::members::PeerInfo;

/// Receives what peers send.
///
/// For one connection of a peer the calls come in this order: [`peer_up`](Handler::peer_up) once and to its end;
/// then frames in the order in which they were sent, one batch at a time, and beside them blocks in
/// the order in which they were sent, one at a time; then [`peer_down`](Handler::peer_down) once.
/// Calls for different peers run at the same time.
///
/// **Awaiting is the back-pressure.** While `frames` is awaited the control stream of that peer is
/// not read, while `block` is awaited its block stream is not read; the peer's queues fill and its
/// sends are refused with [`SendError::Full`](crate::SendError::Full). Nothing is kept in memory
/// instead. When a peer goes down because this side ends, a call in progress may be dropped at an
/// await.
pub trait Handler: Send + Sync + 'static {
    /// Where the payload of a block goes.
    type Buffer: AsMut<[u8]> + Send + 'static;

    /// The peer proved its membership and both streams are usable; sends to it are accepted.
    fn peer_up(&self, peer: PeerInfo) -> impl Future<Output = ()> + Send;

    /// The peer is gone. When its connection was cut it may come [up](Handler::peer_up) again.
    fn peer_down(&self, peer: PeerId, reason: DownReason) -> impl Future<Output = ()> + Send;

    /// All whole frames that had arrived, in order, at least one and at most
    /// [`batch_frames_max`](crate::Bounds::batch_frames_max).
    ///
    /// Each frame shares the memory of what was read with it; a frame that is kept for long is
    /// better copied.
    fn frames(&self, from: &PeerId, frames: Vec<Bytes>) -> impl Future<Output = ()> + Send;

    /// The buffer for the payload that follows: at least `header.len` bytes, of which the first
    /// `header.len` are written. `None` (or a shorter buffer) refuses the block: its payload is
    /// read and dropped.
    ///
    /// Called on the task that reads the stream: it must not block.
    fn block_buffer(&self, from: &PeerId, header: &BlockHeader) -> Option<Self::Buffer>;

    /// The buffer is filled and its checksum fits, or the reason why not.
    ///
    /// Called once for each buffer given, unless the peer goes down inside the payload because
    /// this side ends; then the buffer is dropped.
    fn block(
        &self,
        from: &PeerId,
        header: BlockHeader,
        buffer: Result<Self::Buffer, BlockError>,
    ) -> impl Future<Output = ()> + Send;
}
