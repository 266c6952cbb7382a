//! All that a node holds, so that tests can demand that nothing leaks.

use super::NodeActor;
use super::state::Held;
use kameo::message::{Context, Message as Handles};
use nums_kernels::Block;
use std::sync::{Arc, Weak};
use tokio::sync::oneshot;

/// What a node holds at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inventory {
    pub(crate) held: Held,
    /// Blocks that are here, and their bytes, as the state machine counts them.
    pub(crate) stored: (u64, u64),
    /// Blocks in the store.
    pub(crate) in_store: usize,
    /// Blocks that have been in the store and whose buffers are still held, by whomever.
    pub(crate) alive: usize,
    /// Messages that are not acknowledged, or wait for earlier ones.
    pub(crate) in_links: usize,
    /// Whether the bytes of the recycled buffers are what the pool takes them for, and within its bound.
    pub(crate) pool_is_sound: bool,
}

/// What do you hold?
pub(crate) struct Count(pub(crate) oneshot::Sender<Inventory>);

/// The blocks that have been in a store.
#[derive(Default)]
pub(super) struct Seen(Vec<Weak<Block>>);

impl Seen {
    pub(super) fn enter(&mut self, block: Option<&Arc<Block>>) {
        self.0.extend(block.map(Arc::downgrade));
    }

    fn alive(&mut self) -> usize {
        self.0.retain(|block| block.strong_count() > 0);
        self.0.len()
    }
}

impl Handles<Count> for NodeActor {
    type Reply = ();

    async fn handle(&mut self, Count(reply): Count, _: &mut Context<Self, ()>) {
        let _ = reply.send(Inventory {
            held: self.state.held(),
            stored: self.state.stored(),
            in_store: self.store.len(),
            alive: self.seen.alive(),
            in_links: self.links.waiting(),
            pool_is_sound: self.pool.is_sound(),
        });
    }
}
