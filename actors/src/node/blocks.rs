//! What a node knows of its blocks: which are here, who waits for them, when they go. No bytes.

use crate::wire::BlockKey;
use crate::{JobId, MemberId, PlanId};
use std::collections::HashMap;

/// Where a block's bytes lie in the store of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Slot(u32);

/// A task that waits for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TaskRef {
    /// Plans that came first go first; two sessions take turns by the numbers of their plans.
    pub(crate) plan: PlanId,
    pub(crate) job: JobId,
    pub(crate) task: u32,
}

/// A member that has asked for a block, and the plan for which it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Puller {
    pub(crate) member: MemberId,
    pub(crate) plan: Option<PlanId>,
}

/// One block.
#[derive(Debug)]
pub(crate) struct BlockState {
    /// A copy that was received belongs to its plan; what was made here is known by job and name.
    pub(crate) key: BlockKey,
    pub(crate) bytes: u64,
    pub(crate) present: bool,
    /// It stays until it is released, even when nothing uses it.
    pub(crate) kept: bool,
    /// Reads and sends that are still to come.
    pub(crate) uses: u32,
    pub(crate) waiting: Vec<TaskRef>,
    pub(crate) parked: Vec<Puller>,
}

/// All blocks of a node.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    slots: Vec<Option<BlockState>>,
    free: Vec<Slot>,
    /// Looked up only, never walked: its order is not the same in every process.
    names: HashMap<BlockKey, Slot>,
}

impl Slot {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Blocks {
    /// Enters a block that is not here yet; `None` when the name is taken, since a block is written once.
    pub(crate) fn insert(&mut self, key: BlockKey, bytes: u64, kept: bool) -> Option<Slot> {
        if self.names.contains_key(&key) {
            return None;
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Slot(self.slots.len() as u32 - 1)
        });
        self.names.insert(key, slot);
        self.slots[slot.index()] = Some(BlockState {
            key,
            bytes,
            present: false,
            kept,
            uses: 0,
            waiting: Vec::new(),
            parked: Vec::new(),
        });
        Some(slot)
    }

    pub(crate) fn find(&self, key: &BlockKey) -> Option<Slot> {
        self.names.get(key).copied()
    }

    /// The state of a block that is entered: slots are handed out by `insert` and forgotten at `remove`.
    pub(crate) fn get_mut(&mut self, slot: Slot) -> Option<&mut BlockState> {
        self.slots.get_mut(slot.index())?.as_mut()
    }

    pub(crate) fn get(&self, slot: Slot) -> Option<&BlockState> {
        self.slots.get(slot.index())?.as_ref()
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Option<BlockState> {
        let state = self.slots.get_mut(slot.index())?.take()?;
        self.names.remove(&state.key);
        self.free.push(slot);
        Some(state)
    }

    /// The blocks of a job, in order of their slots.
    pub(crate) fn of_job(&self, job: JobId) -> Vec<Slot> {
        let entered = self.slots.iter().enumerate();
        entered
            .filter(|(_, state)| state.as_ref().is_some_and(|state| state.key.job == job))
            .map(|(index, _)| Slot(index as u32))
            .collect()
    }

    /// The number of blocks that are here, and their bytes.
    pub(crate) fn stored(&self) -> (u64, u64) {
        let here = self.slots.iter().flatten().filter(|state| state.present);
        here.fold((0, 0), |(blocks, bytes), state| (blocks + 1, bytes + state.bytes))
    }
}
