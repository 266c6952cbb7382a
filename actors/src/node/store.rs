//! The block store: the one place that knows where the bytes of blocks are. The state machine names slots and counts
//! bytes; whether a slot's block is in memory is decided here, so blocks that go to disk and come back would do so behind
//! these four functions, within a budget of their own.

use super::blocks::Slot;
use nums_kernels::Block;
use std::sync::Arc;

/// The blocks of a node, by slot; the state machine knows which slots are filled.
#[derive(Default)]
pub(crate) struct Store {
    blocks: Vec<Option<Arc<Block>>>,
}

impl Store {
    /// Fills a slot.
    pub(crate) fn put(&mut self, slot: Slot, block: Option<Arc<Block>>) {
        if self.blocks.len() <= slot.index() {
            self.blocks.resize(slot.index() + 1, None);
        }
        self.blocks[slot.index()] = block;
    }

    /// The block of a slot, which stays.
    pub(crate) fn get(&self, slot: Slot) -> Option<Arc<Block>> {
        self.blocks.get(slot.index()).cloned().flatten()
    }

    /// The block of a slot, which is empty from then on.
    pub(crate) fn take(&mut self, slot: Slot) -> Option<Arc<Block>> {
        self.blocks.get_mut(slot.index()).and_then(Option::take)
    }

    /// The number of slots that are filled.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.blocks.iter().flatten().count()
    }
}
