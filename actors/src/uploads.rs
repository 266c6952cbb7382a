//! The blocks that a client puts and that are not with the nodes yet. The driver says when to send and forget them; it
//! holds no bytes itself.

use nums_kernels::Block;
use nums_lshs::{ArrayId, BlockName};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Blocks by array, in C order of its grid.
#[derive(Debug, Default)]
pub(crate) struct Uploads {
    arrays: Mutex<BTreeMap<ArrayId, Vec<Arc<Block>>>>,
}

impl Uploads {
    pub(crate) fn insert(&self, array: ArrayId, blocks: Vec<Arc<Block>>) {
        self.arrays.lock().unwrap_or_else(PoisonError::into_inner).insert(array, blocks);
    }

    pub(crate) fn get(&self, block: BlockName) -> Option<Arc<Block>> {
        let arrays = self.arrays.lock().unwrap_or_else(PoisonError::into_inner);
        arrays.get(&block.array)?.get(block.index as usize).cloned()
    }

    /// The number of arrays.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.arrays.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub(crate) fn remove(&self, array: ArrayId) {
        let removed = self.arrays.lock().unwrap_or_else(PoisonError::into_inner).remove(&array);
        // Blocks that no node took over go only now, when nobody waits for the lock.
        drop(removed);
    }
}
