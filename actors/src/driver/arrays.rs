//! The arrays of a job: which node holds which block.

use crate::{ClusterError, MemberId, PlanId};
use nums_lshs::{ArrayId, BlockName};
use std::collections::BTreeMap;

/// An array that was submitted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ArrayState {
    /// The plan that makes it.
    pub(crate) plan: PlanId,
    /// The node of each block, known when the plan begins; blocks are there when the plan is done.
    pub(crate) blocks: BTreeMap<u32, MemberId>,
    /// Why it will never be there, or is there no more.
    pub(crate) lost: Option<ClusterError>,
}

/// All arrays of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Arrays {
    arrays: BTreeMap<ArrayId, ArrayState>,
}

impl Arrays {
    /// Enters an array that a plan is to make.
    pub(crate) fn insert(&mut self, array: ArrayId, plan: PlanId) {
        let blocks = BTreeMap::new();
        self.arrays.insert(array, ArrayState { plan, blocks, lost: None });
    }

    /// The place of a block is decided.
    pub(crate) fn place(&mut self, block: BlockName, node: MemberId) {
        if let Some(array) = self.arrays.get_mut(&block.array) {
            array.blocks.insert(block.index, node);
        }
    }

    pub(crate) fn get(&self, array: ArrayId) -> Result<&ArrayState, ClusterError> {
        let state = self.arrays.get(&array).ok_or(ClusterError::UnknownArray(array.0))?;
        state.lost.clone().map_or(Ok(state), Err)
    }

    /// The node that holds a block, or will when its plan is done.
    pub(crate) fn holder(&self, block: BlockName) -> Result<&MemberId, ClusterError> {
        let array = self.get(block.array)?;
        array.blocks.get(&block.index).ok_or(ClusterError::UnknownArray(block.array.0))
    }

    /// The arrays with a block on a node.
    pub(crate) fn on(&self, node: &MemberId) -> Vec<ArrayId> {
        let there = |state: &ArrayState| {
            state.lost.is_none() && state.blocks.values().any(|holder| holder == node)
        };
        self.arrays.iter().filter(|(_, state)| there(state)).map(|(&array, _)| array).collect()
    }

    pub(crate) fn remove(&mut self, array: ArrayId) {
        self.arrays.remove(&array);
    }

    /// The blocks of an array, wherever they are, and whether or not it is lost.
    pub(crate) fn blocks(&self, array: ArrayId) -> Vec<(BlockName, MemberId)> {
        let blocks = self.arrays.get(&array).into_iter().flat_map(|state| &state.blocks);
        blocks.map(|(&index, node)| (BlockName { array, index }, node.clone())).collect()
    }

    /// An array will never be there, or is there no more. The first reason counts.
    pub(crate) fn lose(&mut self, array: ArrayId, error: &ClusterError) {
        if let Some(state) = self.arrays.get_mut(&array) {
            state.lost.get_or_insert_with(|| error.clone());
        }
    }

    /// The number of arrays and of their blocks.
    pub(crate) fn weight(&self) -> usize {
        self.arrays.values().map(|state| 1 + state.blocks.len()).sum()
    }
}
