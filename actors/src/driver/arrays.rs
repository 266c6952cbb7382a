//! The arrays of a job: which node holds which block.

use crate::{ClusterError, MemberId, PlanId};
use nums_lshs::{ArrayId, BlockName};
use std::collections::BTreeMap;

/// An array that was submitted.
#[derive(Debug)]
pub(crate) struct ArrayState {
    /// The plan that makes it.
    pub(crate) plan: Option<PlanId>,
    /// The node of each block; blocks are there when the plan is done.
    pub(crate) blocks: BTreeMap<u32, MemberId>,
    /// Why it will never be there, or is there no more.
    pub(crate) lost: Option<ClusterError>,
}

/// All arrays of a job.
#[derive(Debug, Default)]
pub(crate) struct Arrays {
    arrays: BTreeMap<ArrayId, ArrayState>,
}

impl Arrays {
    pub(crate) fn insert(&mut self, block: BlockName, node: MemberId, plan: PlanId) {
        let array = self.arrays.entry(block.array).or_insert_with(|| ArrayState {
            plan: Some(plan),
            blocks: BTreeMap::new(),
            lost: None,
        });
        array.blocks.insert(block.index, node);
    }

    /// Enters an array that will never be there.
    pub(crate) fn insert_lost(&mut self, array: ArrayId, error: ClusterError) {
        let lost = ArrayState { plan: None, blocks: BTreeMap::new(), lost: Some(error) };
        self.arrays.insert(array, lost);
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

    pub(crate) fn remove(&mut self, array: ArrayId) -> Option<ArrayState> {
        self.arrays.remove(&array)
    }

    /// Marks the arrays for which a test holds as lost.
    pub(crate) fn lose(
        &mut self,
        error: &ClusterError,
        hit: impl Fn(ArrayId, &ArrayState) -> bool,
    ) {
        for (&array, state) in &mut self.arrays {
            if state.lost.is_none() && hit(array, state) {
                state.lost = Some(error.clone());
            }
        }
    }
}
