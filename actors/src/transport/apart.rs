//! A transport that copies the blocks that it carries, so that the stores of an embedded cluster are as separate as
//! those of processes: what is counted as sent has been moved.

use super::{KeyedBlock, NotSent, Traffic, Transport};
use crate::block_key::BlockKey;
use crate::link::Packet;
use crate::{ClusterError, MemberId};
use nums_kernels::{Block, Buffer};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A transport around another one.
pub(crate) struct Apart {
    inner: Arc<dyn Transport>,
    /// The bytes that all members of the cluster have copied.
    copied_bytes: Arc<AtomicU64>,
}

impl Apart {
    pub(crate) fn new(inner: Arc<dyn Transport>, copied_bytes: Arc<AtomicU64>) -> Arc<Apart> {
        Arc::new(Apart { inner, copied_bytes })
    }
}

impl Transport for Apart {
    fn local(&self) -> &MemberId {
        self.inner.local()
    }

    fn send(&self, to: &MemberId, packet: Packet) -> Result<(), ClusterError> {
        self.inner.send(to, packet)
    }

    fn send_blocks(&self, to: &MemberId, blocks: Vec<KeyedBlock>) -> Vec<NotSent> {
        let copied = |(key, block): KeyedBlock| {
            let bytes = block.bytes();
            self.copied_bytes.fetch_add(bytes.len() as u64, Relaxed);
            let mut buffer = Buffer::zeroed(bytes.len() as u64).unwrap();
            buffer.as_bytes_mut().copy_from_slice(bytes);
            (key, Arc::new(Block::from_buffer(block.spec().clone(), buffer).unwrap()))
        };
        self.inner.send_blocks(to, blocks.into_iter().map(copied).collect())
    }

    fn send_damaged(&self, to: &MemberId, key: &BlockKey) -> Result<(), ClusterError> {
        self.inner.send_damaged(to, key)
    }

    fn traffic(&self) -> Traffic {
        self.inner.traffic()
    }

    fn leave(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.inner.leave()
    }
}
