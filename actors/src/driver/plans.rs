//! The plans of a job: which wait for their turn, and which nodes still work on which.

use crate::request::PlanReport;
use crate::{Measured, MemberId, PlanId, Progress, Span};
use nums_lshs::{ArrayId, BlockName};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// A plan that is not done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlanState {
    /// When it is given up, and how long that is after its submission.
    pub(crate) deadline: Option<(Duration, Duration)>,
    pub(crate) reads: BTreeSet<ArrayId>,
    pub(crate) makes: BTreeSet<ArrayId>,
    /// Its blocks come from the client, which has to keep them until it is done.
    pub(crate) put: bool,
    /// It hands the blocks of a node on to others.
    pub(crate) drains: Option<MemberId>,
    /// What is known when it has begun.
    pub(crate) running: Option<Running>,
}

/// A plan that runs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Running {
    pub(crate) policy: String,
    /// The epoch in which it was made.
    pub(crate) epoch: u64,
    /// When its parts were sent.
    pub(crate) begun: Duration,
    /// The nodes with a part, and what each is predicted to cost.
    pub(crate) predicted: BTreeMap<MemberId, Measured>,
    /// What the nodes that are done have measured.
    pub(crate) measured: BTreeMap<MemberId, (Measured, Span)>,
    /// The tasks that the others are said to have done.
    pub(crate) tasks_done: BTreeMap<MemberId, u64>,
    /// The blocks that the client puts, and the node that takes each over. They are served until the plan ends, even
    /// when their array is released before.
    pub(crate) puts: BTreeMap<BlockName, MemberId>,
    /// The blocks that are handed on, and the node that takes each over.
    pub(crate) moves: BTreeMap<BlockName, MemberId>,
}

/// All plans of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plans {
    open: BTreeMap<PlanId, PlanState>,
    /// Those of them that hand blocks on.
    moving: BTreeSet<PlanId>,
    finished: VecDeque<PlanReport>,
    last: u64,
}

/// Reports that are kept; older ones are forgotten.
const REPORTS_MAX: usize = 1024;

impl Plans {
    /// The name of the next plan.
    pub(crate) fn next_id(&self) -> PlanId {
        PlanId(self.last + 1)
    }

    pub(crate) fn insert(&mut self, plan: PlanId, state: PlanState) {
        self.last = plan.0;
        self.open.insert(plan, state);
    }

    /// What a plan reads is known.
    pub(crate) fn read(&mut self, plan: PlanId, reads: BTreeSet<ArrayId>) {
        if let Some(state) = self.open.get_mut(&plan) {
            state.reads = reads;
        }
    }

    pub(crate) fn begin(&mut self, plan: PlanId, running: Running) {
        if let Some(state) = self.open.get_mut(&plan) {
            state.running = Some(running);
            if state.drains.is_some() {
                self.moving.insert(plan);
            }
        }
    }

    pub(crate) fn get(&self, plan: PlanId) -> Option<&PlanState> {
        self.open.get(&plan)
    }

    /// The plans that are not done, the latest first.
    pub(crate) fn open(&self) -> Vec<PlanId> {
        self.open.keys().rev().copied().collect()
    }

    /// The number of plans that are not done.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// A plan that runs, in the epoch that a report names.
    pub(crate) fn running(&self, plan: PlanId, epoch: u64) -> Option<&Running> {
        let running = self.open.get(&plan)?.running.as_ref()?;
        (running.epoch == epoch).then_some(running)
    }

    /// Whether a plan that has not begun reads or makes an array.
    pub(crate) fn is_awaited(&self, array: ArrayId) -> bool {
        let names =
            |state: &PlanState| state.reads.contains(&array) || state.makes.contains(&array);
        self.open.values().any(|state| state.running.is_none() && names(state))
    }

    /// Whether a plan that runs puts a block on a node.
    pub(crate) fn puts(&self, plan: PlanId, block: BlockName, node: &MemberId) -> bool {
        let running = self.open.get(&plan).and_then(|state| state.running.as_ref());
        running.and_then(|running| running.puts.get(&block)) == Some(node)
    }

    /// How far a plan is that runs.
    pub(crate) fn progress(&self, plan: PlanId) -> Option<Progress> {
        let Running { predicted, measured, tasks_done, .. } =
            self.open.get(&plan)?.running.as_ref()?;
        let done = |node: &MemberId| match measured.get(node) {
            Some((measured, _)) => measured.tasks,
            None => tasks_done.get(node).copied().unwrap_or(0),
        };
        Some(Progress {
            plan: plan.0,
            // What a node says is no more than what it was to do.
            tasks_done: predicted.iter().map(|(node, costs)| done(node).min(costs.tasks)).sum(),
            tasks: predicted.values().map(|costs| costs.tasks).sum(),
        })
    }

    /// A node has done some of the tasks of its part.
    pub(crate) fn advance_part(&mut self, plan: PlanId, node: MemberId, tasks: u64) {
        let running = self.open.get_mut(&plan).and_then(|state| state.running.as_mut());
        if let Some(running) = running.filter(|running| running.predicted.contains_key(&node)) {
            running.tasks_done.insert(node, tasks);
        }
    }

    /// A node is done with its part; the plan is done when the last one is.
    pub(crate) fn finish_part(
        &mut self,
        plan: PlanId,
        node: MemberId,
        measured: Measured,
        span: Span,
    ) {
        let Some(running) = self.open.get_mut(&plan).and_then(|state| state.running.as_mut())
        else {
            return;
        };
        if running.predicted.contains_key(&node) {
            running.measured.insert(node, (measured, span));
        }
        if running.measured.len() < running.predicted.len() {
            return;
        }
        let Some(mut state) = self.remove(plan) else { return };
        let Some(running) = state.running.take() else { return };
        if running.predicted.is_empty() {
            return;
        }
        if self.finished.len() == REPORTS_MAX {
            self.finished.pop_front();
        }
        let mut report = PlanReport {
            number: plan.0,
            policy: running.policy,
            makes: state.makes.into_iter().collect(),
            nodes: Vec::new(),
            spans: Vec::new(),
        };
        let parts = running.predicted.into_iter().zip(running.measured.into_values());
        for ((node, predicted), (measured, Span { from, to })) in parts {
            report.nodes.push((node, predicted, measured));
            // The clocks of nodes agree on nothing but how fast they go.
            let since = |time: Duration| running.begun.saturating_add(time);
            report.spans.push(Span { from: since(from), to: since(to) });
        }
        self.finished.push_back(report);
    }

    pub(crate) fn remove(&mut self, plan: PlanId) -> Option<PlanState> {
        self.moving.remove(&plan);
        self.open.remove(&plan)
    }

    /// A plan with all that read what it makes, the latest first.
    pub(crate) fn with_dependents(&self, plan: PlanId) -> Vec<PlanId> {
        let Some(first) = self.open.get(&plan) else { return Vec::new() };
        let mut lost = first.makes.clone();
        let mut found = vec![plan];
        // A plan reads only what earlier ones make, so one pass in order finds them all.
        for (&later, state) in self.open.range(PlanId(plan.0 + 1)..) {
            if !state.reads.is_disjoint(&lost) {
                lost.extend(&state.makes);
                found.push(later);
            }
        }
        found.reverse();
        found
    }

    /// The plans that run with a part on a node.
    pub(crate) fn touching(&self, node: &MemberId) -> Vec<PlanId> {
        let touches = |state: &PlanState| {
            state.running.as_ref().is_some_and(|running| running.predicted.contains_key(node))
        };
        self.open.iter().filter(|(_, state)| touches(state)).map(|(&plan, _)| plan).collect()
    }

    /// The plans that hand on, or are to hand on, the blocks of a node.
    pub(crate) fn draining(&self, node: &MemberId) -> Vec<PlanId> {
        let drains = |state: &PlanState| state.drains.as_ref() == Some(node);
        self.open.iter().filter(|(_, state)| drains(state)).map(|(&plan, _)| plan).collect()
    }

    /// Whether blocks are on their way from one node to another: until they are there, nothing new is planned.
    pub(crate) fn is_moving(&self) -> bool {
        !self.moving.is_empty()
    }

    /// The plans whose deadline has passed.
    pub(crate) fn overdue(&self, now: Duration) -> Vec<(PlanId, Duration)> {
        let overdue = self.open.iter().filter_map(|(&plan, state)| Some((plan, state.deadline?)));
        overdue.filter(|(_, (at, _))| now >= *at).map(|(plan, (_, after))| (plan, after)).collect()
    }

    pub(crate) fn reports(&self) -> Vec<PlanReport> {
        self.finished.iter().cloned().collect()
    }

    /// The number of plans and reports and of their nodes.
    pub(crate) fn weight(&self) -> usize {
        let open = self.open.values().map(|state| 1 + state.reads.len() + state.makes.len());
        open.sum::<usize>() + self.finished.iter().map(|report| report.nodes.len()).sum::<usize>()
    }
}
