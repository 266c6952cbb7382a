//! What a node knows of its blocks: which are here, who waits for them, when they go. No bytes.

use crate::block_key::BlockKey;
use crate::{JobId, MemberId, PlanId};
use foldhash::fast::RandomState;
use smallvec::SmallVec;
use std::collections::{HashMap, hash_map};

/// Where a block's bytes lie in the store of the node. An index is used again when its block has gone, with the next
/// generation: a slot that is out of date finds nothing, never another block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Slot {
    index: u32,
    generation: u32,
}

/// A task that waits for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TaskRef {
    /// Earlier plans of a job go first.
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
    /// The plan in whose memory it counts, from when it is spoken for until it has outlived the plan.
    pub(crate) charged: Option<PlanId>,
    /// It has outlived the plan that made it, and counts as resident.
    pub(crate) resident: bool,
    /// Tasks that lack it. Few blocks have more than two readers.
    pub(crate) waiting: SmallVec<[TaskRef; 2]>,
    pub(crate) parked: Vec<Puller>,
}

/// All blocks of a node.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    slots: Vec<Entry>,
    free: Vec<u32>,
    /// Looked up only, never walked: its order is not the same in every process.
    names: HashMap<BlockKey, Slot, RandomState>,
}

#[derive(Debug, Default)]
struct Entry {
    generation: u32,
    state: Option<BlockState>,
}

impl Slot {
    pub(crate) fn index(self) -> usize {
        self.index as usize
    }
}

impl Blocks {
    /// Enters a block that is not here yet; `None` when the name is taken, since a block is written once.
    pub(crate) fn insert(&mut self, key: BlockKey, bytes: u64, kept: bool) -> Option<Slot> {
        if self.names.contains_key(&key) {
            return None;
        }
        let slot = self.insert_unnamed(key, bytes, kept);
        self.names.insert(key, slot);
        Some(slot)
    }

    /// Enters a block that is not here yet and that nobody will ask for by its name.
    pub(crate) fn insert_unnamed(&mut self, key: BlockKey, bytes: u64, kept: bool) -> Slot {
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Entry::default());
            self.slots.len() as u32 - 1
        });
        let entry = &mut self.slots[index as usize];
        entry.state = Some(BlockState {
            key,
            bytes,
            present: false,
            kept,
            uses: 0,
            charged: None,
            resident: false,
            waiting: SmallVec::new(),
            parked: Vec::new(),
        });
        Slot { index, generation: entry.generation }
    }

    pub(crate) fn find(&self, key: &BlockKey) -> Option<Slot> {
        self.names.get(key).copied()
    }

    pub(crate) fn get_mut(&mut self, slot: Slot) -> Option<&mut BlockState> {
        let entry = self.slots.get_mut(slot.index())?;
        if entry.generation == slot.generation { entry.state.as_mut() } else { None }
    }

    pub(crate) fn get(&self, slot: Slot) -> Option<&BlockState> {
        let entry = self.slots.get(slot.index())?;
        if entry.generation == slot.generation { entry.state.as_ref() } else { None }
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Option<BlockState> {
        let entry = self.slots.get_mut(slot.index())?;
        if entry.generation != slot.generation {
            return None;
        }
        let state = entry.state.take()?;
        entry.generation = entry.generation.wrapping_add(1);
        // The name may be that of a temporary which nobody asks for.
        if let hash_map::Entry::Occupied(name) = self.names.entry(state.key)
            && *name.get() == slot
        {
            name.remove();
        }
        self.free.push(slot.index);
        Some(state)
    }

    /// The blocks of a job, in order of their slots.
    pub(crate) fn of_job(&self, job: JobId) -> Vec<Slot> {
        let entered = self.slots.iter().zip(0..);
        entered
            .filter(|(entry, _)| entry.state.as_ref().is_some_and(|state| state.key.job == job))
            .map(|(entry, index)| Slot { index, generation: entry.generation })
            .collect()
    }

    /// Forgets that a member has asked for blocks: their uses end with the parts that serve them.
    pub(crate) fn forget_puller(&mut self, member: &MemberId) {
        for state in self.slots.iter_mut().filter_map(|entry| entry.state.as_mut()) {
            state.parked.retain(|puller| puller.member != *member);
        }
    }

    /// The number of blocks that are here, and their bytes.
    pub(crate) fn stored(&self) -> (u64, u64) {
        let states = self.slots.iter().filter_map(|entry| entry.state.as_ref());
        let here = states.filter(|state| state.present);
        here.fold((0, 0), |(blocks, bytes), state| (blocks + 1, bytes + state.bytes))
    }
}
