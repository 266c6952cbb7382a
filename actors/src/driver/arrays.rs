//! The arrays of a job: which node holds which block, and how large it is.

use crate::{ClusterError, MemberId, Placed, PlanId};
use nums_lshs::{ArrayId, BlockName};
use std::collections::BTreeMap;

/// An array that was submitted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ArrayState {
    /// The plan that makes it.
    pub(crate) plan: PlanId,
    /// Where each block is, known when the plan begins; blocks are there when the plan is done.
    blocks: BTreeMap<u32, Held>,
    /// Why it will never be there, or is there no more.
    pub(crate) lost: Option<ClusterError>,
}

/// A block on a node.
#[derive(Clone, Debug, PartialEq)]
struct Held {
    node: MemberId,
    bytes: u64,
}

impl ArrayState {
    /// The blocks, each where it is.
    fn placed(&self, array: ArrayId) -> impl Iterator<Item = Placed> {
        self.blocks.iter().map(move |(&index, held)| {
            let Held { node, bytes } = held.clone();
            Placed { block: BlockName { array, index }, node, bytes }
        })
    }
}

/// All arrays of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Arrays {
    arrays: BTreeMap<ArrayId, ArrayState>,
    /// The bytes of the blocks on each node that are not lost.
    held_bytes: BTreeMap<MemberId, u64>,
}

impl Arrays {
    /// Enters an array that a plan is to make.
    pub(crate) fn insert(&mut self, array: ArrayId, plan: PlanId) {
        let blocks = BTreeMap::new();
        self.arrays.insert(array, ArrayState { plan, blocks, lost: None });
    }

    /// The bytes that arrays take up on a node, or will when their plans are done.
    pub(crate) fn held_bytes(&self, node: &MemberId) -> u64 {
        self.held_bytes.get(node).copied().unwrap_or(0)
    }

    /// The blocks of an array are no longer on their nodes.
    fn forget_bytes(held_bytes: &mut BTreeMap<MemberId, u64>, state: &ArrayState) {
        for Held { node, bytes } in state.blocks.values().filter(|_| state.lost.is_none()) {
            if let Some(held) = held_bytes.get_mut(node) {
                *held -= bytes;
            }
        }
    }

    /// The place of a block is decided.
    pub(crate) fn place(&mut self, Placed { block, node, bytes }: Placed) {
        if let Some(array) = self.arrays.get_mut(&block.array) {
            if array.lost.is_none() {
                *self.held_bytes.entry(node.clone()).or_default() += bytes;
            }
            // A plan makes a block once.
            array.blocks.insert(block.index, Held { node, bytes });
        }
    }

    /// A block is on another node now.
    pub(crate) fn move_to(&mut self, block: BlockName, node: MemberId) {
        let array = self.arrays.get_mut(&block.array);
        let Some(array) = array else { return };
        let Some(held) = array.blocks.get_mut(&block.index) else { return };
        if array.lost.is_none() {
            if let Some(former) = self.held_bytes.get_mut(&held.node) {
                *former -= held.bytes;
            }
            *self.held_bytes.entry(node.clone()).or_default() += held.bytes;
        }
        held.node = node;
    }

    pub(crate) fn get(&self, array: ArrayId) -> Result<&ArrayState, ClusterError> {
        let state = self.arrays.get(&array).ok_or(ClusterError::UnknownArray(array.0))?;
        state.lost.clone().map_or(Ok(state), Err)
    }

    /// Whether the array was submitted, whatever became of it.
    pub(crate) fn is_known(&self, array: ArrayId) -> bool {
        self.arrays.contains_key(&array)
    }

    /// The node that holds a block, or will when its plan is done.
    pub(crate) fn holder(&self, block: BlockName) -> Result<&MemberId, ClusterError> {
        let array = self.get(block.array)?;
        let held = array.blocks.get(&block.index);
        held.map(|held| &held.node).ok_or(ClusterError::UnknownArray(block.array.0))
    }

    /// All blocks of arrays that are not lost, each where it is.
    pub(crate) fn placed(&self) -> impl Iterator<Item = Placed> {
        let there = self.arrays.iter().filter(|(_, state)| state.lost.is_none());
        there.flat_map(|(&array, state)| state.placed(array))
    }

    /// The arrays with a block on a node.
    pub(crate) fn on(&self, node: &MemberId) -> Vec<ArrayId> {
        let there = |state: &ArrayState| {
            state.lost.is_none() && state.blocks.values().any(|held| held.node == *node)
        };
        self.arrays.iter().filter(|(_, state)| there(state)).map(|(&array, _)| array).collect()
    }

    pub(crate) fn remove(&mut self, array: ArrayId) {
        if let Some(state) = self.arrays.remove(&array) {
            Arrays::forget_bytes(&mut self.held_bytes, &state);
        }
    }

    /// The blocks of an array, wherever they are, and whether or not it is lost.
    pub(crate) fn blocks(&self, array: ArrayId) -> impl Iterator<Item = Placed> {
        self.arrays.get(&array).into_iter().flat_map(move |state| state.placed(array))
    }

    /// An array will never be there, or is there no more. The first reason counts.
    pub(crate) fn lose(&mut self, array: ArrayId, error: &ClusterError) {
        if let Some(state) = self.arrays.get_mut(&array) {
            Arrays::forget_bytes(&mut self.held_bytes, state);
            state.lost.get_or_insert_with(|| error.clone());
        }
    }

    /// The number of arrays and of their blocks.
    pub(crate) fn weight(&self) -> usize {
        self.arrays.values().map(|state| 1 + state.blocks.len()).sum()
    }
}
