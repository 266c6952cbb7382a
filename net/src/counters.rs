//! What went over the wire for the layer above; the net's own frames are not counted.

use std::sync::atomic::{AtomicU64, Ordering};

/// A snapshot of what was sent and received.
///
/// Outgoing items are counted when they were written to the stream, incoming ones when they were
/// read whole; refused and damaged blocks count as received.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames written.
    pub frames_out: u64,
    /// Frames read.
    pub frames_in: u64,
    /// Payload bytes of the frames written.
    pub frame_bytes_out: u64,
    /// Payload bytes of the frames read.
    pub frame_bytes_in: u64,
    /// Blocks written.
    pub blocks_out: u64,
    /// Blocks read.
    pub blocks_in: u64,
    /// Payload bytes of the blocks written.
    pub block_payload_bytes_out: u64,
    /// Payload bytes of the blocks read.
    pub block_payload_bytes_in: u64,
    /// Connections and handshakes that this side refused; zero in the counters of one peer.
    pub refused: u64,
}

#[derive(Debug, Default)]
pub(crate) struct CounterCells {
    frames_out: AtomicU64,
    frames_in: AtomicU64,
    frame_bytes_out: AtomicU64,
    frame_bytes_in: AtomicU64,
    blocks_out: AtomicU64,
    blocks_in: AtomicU64,
    block_payload_bytes_out: AtomicU64,
    block_payload_bytes_in: AtomicU64,
    refused: AtomicU64,
}

impl CounterCells {
    pub(crate) fn frames_out(&self, count: u64, bytes: u64) {
        self.frames_out.fetch_add(count, Ordering::Relaxed);
        self.frame_bytes_out.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn frames_in(&self, count: u64, bytes: u64) {
        self.frames_in.fetch_add(count, Ordering::Relaxed);
        self.frame_bytes_in.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn blocks_out(&self, count: u64, bytes: u64) {
        self.blocks_out.fetch_add(count, Ordering::Relaxed);
        self.block_payload_bytes_out.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn block_in(&self, bytes: u64) {
        self.blocks_in.fetch_add(1, Ordering::Relaxed);
        self.block_payload_bytes_in.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn snapshot(&self) -> Counters {
        let read = |cell: &AtomicU64| cell.load(Ordering::Relaxed);
        Counters {
            frames_out: read(&self.frames_out),
            frames_in: read(&self.frames_in),
            frame_bytes_out: read(&self.frame_bytes_out),
            frame_bytes_in: read(&self.frame_bytes_in),
            blocks_out: read(&self.blocks_out),
            blocks_in: read(&self.blocks_in),
            block_payload_bytes_out: read(&self.block_payload_bytes_out),
            block_payload_bytes_in: read(&self.block_payload_bytes_in),
            refused: read(&self.refused),
        }
    }
}
