//! The plans of a job: which nodes still work on which.

use crate::request::PlanReport;
use crate::{Measured, MemberId, PlanId};
use nums_lshs::{ArrayId, BlockName};
use std::collections::{BTreeMap, BTreeSet};

/// A plan that runs.
#[derive(Debug)]
pub(crate) struct PlanState {
    pub(crate) policy: String,
    /// The nodes with a part, and what each is predicted to cost.
    pub(crate) predicted: BTreeMap<MemberId, Measured>,
    /// What the nodes that are done have measured.
    pub(crate) measured: BTreeMap<MemberId, Measured>,
    pub(crate) reads: BTreeSet<ArrayId>,
    pub(crate) makes: BTreeSet<ArrayId>,
    /// The blocks that the client puts, and the node that takes each over. They are served until the plan ends, even
    /// when their array is released before.
    pub(crate) puts: BTreeMap<BlockName, MemberId>,
}

/// All plans of a job.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    running: BTreeMap<PlanId, PlanState>,
    finished: Vec<PlanReport>,
    last: u64,
}

/// Reports that are kept; older ones are forgotten.
const REPORTS_MAX: usize = 1024;

impl Plans {
    pub(crate) fn next_id(&mut self) -> PlanId {
        self.last += 1;
        PlanId(self.last)
    }

    pub(crate) fn insert(&mut self, plan: PlanId, state: PlanState) {
        self.running.insert(plan, state);
    }

    pub(crate) fn is_running(&self, plan: PlanId) -> bool {
        self.running.contains_key(&plan)
    }

    /// Whether a plan that runs puts a block on a node.
    pub(crate) fn puts(&self, plan: PlanId, block: BlockName, node: &MemberId) -> bool {
        self.running.get(&plan).and_then(|state| state.puts.get(&block)) == Some(node)
    }

    /// A node is done with its part. When the last one is, gives the arrays that the client has put.
    pub(crate) fn finish_part(
        &mut self,
        plan: PlanId,
        node: MemberId,
        measured: Measured,
    ) -> BTreeSet<ArrayId> {
        let Some(state) = self.running.get_mut(&plan) else { return BTreeSet::new() };
        if state.predicted.contains_key(&node) {
            state.measured.insert(node, measured);
        }
        if state.measured.len() < state.predicted.len() {
            return BTreeSet::new();
        }
        let Some(state) = self.running.remove(&plan) else { return BTreeSet::new() };
        if self.finished.len() == REPORTS_MAX {
            self.finished.remove(0);
        }
        let nodes = state.predicted.into_iter().zip(state.measured.into_values());
        self.finished.push(PlanReport {
            policy: state.policy,
            makes: state.makes.iter().copied().collect(),
            nodes: nodes.map(|((node, predicted), measured)| (node, predicted, measured)).collect(),
        });
        if state.puts.is_empty() { BTreeSet::new() } else { state.makes }
    }

    /// Takes a plan out, with all that read what it makes, the latest first.
    pub(crate) fn remove_with_dependents(&mut self, plan: PlanId) -> Vec<(PlanId, PlanState)> {
        let Some(first) = self.running.remove(&plan) else { return Vec::new() };
        let mut lost = first.makes.clone();
        let mut removed = vec![(plan, first)];
        // A plan reads only what earlier ones make, so one pass in order finds them all.
        let later: Vec<_> = self.running.range(plan..).map(|(&plan, _)| plan).collect();
        for plan in later {
            let hit = self.running.get(&plan).is_some_and(|state| !state.reads.is_disjoint(&lost));
            if let Some(state) = hit.then(|| self.running.remove(&plan)).flatten() {
                lost.extend(&state.makes);
                removed.push((plan, state));
            }
        }
        removed.reverse();
        removed
    }

    /// The plans that have a part on a node.
    pub(crate) fn touching(&self, node: &MemberId) -> Vec<PlanId> {
        let touches = |state: &PlanState| state.predicted.contains_key(node);
        self.running.iter().filter(|(_, state)| touches(state)).map(|(&plan, _)| plan).collect()
    }

    pub(crate) fn reports(&self) -> Vec<PlanReport> {
        self.finished.clone()
    }
}
