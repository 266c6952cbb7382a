//! The node as a state machine: events in, instructions out. Metadata only: no bytes, sockets, clock or threads.
//!
//! Parts run by data flow. A task is ready when its inputs are here and starts in plan order when a worker is free; a
//! copy is asked for when the window admits it; a pull waits at the holder until the block exists; a block goes after
//! its last use.

use super::blocks::{Blocks, Slot, TaskRef};
use super::copies::Copies;
use super::drain::Drain;
use super::jobs::Jobs;
use super::part::PartState;
use super::ready::Ready;
use super::reservations::Reservations;
use super::serve::Early;
use crate::block_key::BlockKey;
use crate::message::{Answer, Capacity};
use crate::part::Origin;
use crate::{Failure, JobId, Measured, Member, MemberId, Message, PlanId, Role};
use nums_lshs::{BlockName, Op};
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// Everything that can happen to a node.
#[derive(Debug)]
pub(crate) enum Event {
    /// A message came.
    Message { from: MemberId, message: Message },
    /// A block came, whole and checked.
    BlockArrived { key: BlockKey, bytes: u64 },
    /// A block came damaged.
    BlockFailed { from: MemberId, key: BlockKey, reason: String },
    /// A block could not be sent.
    NotSent { to: MemberId, key: BlockKey, reason: String },
    /// A worker has made the blocks of some tasks, or could not. The blocks come with the event, those of a task together.
    TasksDone(Vec<TaskDone>),
    /// A member can be reached.
    MemberUp(Member),
    /// A member is gone.
    MemberDown { member: MemberId },
    /// A member is still there, but what was said before is void.
    MemberLost { member: MemberId },
    /// The process of the node asks it to hand on what it holds, and to leave.
    DrainAsked,
    /// Time has passed.
    Tick,
}

/// A task that has come back from a worker.
#[derive(Clone, Debug)]
pub(crate) struct TaskDone {
    pub(crate) task: TaskRef,
    /// As it was given to the worker.
    pub(crate) weight: u64,
    /// How long the worker was at it, and at what came back together with it.
    pub(crate) took: Duration,
    /// The number of blocks that it has given.
    pub(crate) result: Result<u32, Failure>,
}

/// What the shell is to do, in order.
#[derive(Debug)]
pub(crate) enum Instruction {
    /// Give a task to a worker, perhaps with others, until they weigh [`BATCH_WEIGHT`](super::ready::BATCH_WEIGHT)
    /// together. Errors name it by its first output.
    Run { task: TaskRef, weight: u64, op: Arc<Op>, output: BlockName, inputs: Inputs },
    /// Put a block that came with the event into the store: the one that arrived, or one of those that tasks gave, by its
    /// position among all of them.
    Store { slot: Slot, position: usize },
    /// Drop a block from the store.
    Free(Slot),
    /// Send a message.
    Send { to: MemberId, message: Message },
    /// End the streams from and to a member: what was said is void.
    Forget(MemberId),
    /// Send a block of the store.
    SendBlock { to: MemberId, key: BlockKey, slot: Slot },
    /// Nothing needs the node any more, or it has to stay, and why.
    DrainEnded(Result<(), String>),
}

/// The inputs of a task, which are few for most.
pub(crate) type Inputs = SmallVec<[Input; 4]>;

/// An input of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) slot: Slot,
    /// This is the last use: the worker gets the block itself and may write into it.
    pub(crate) take: bool,
}

/// How much a node does at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The weight of the tasks at the workers: a message that runs and one that waits for each, so that no worker
    /// idles for a round trip.
    pub(crate) weight_in_flight_max: u64,
    /// Copies of remote blocks of one plan that are asked for or unused at a time.
    pub(crate) window_blocks_max: usize,
    /// Worker threads.
    pub(crate) workers: u32,
    /// The byte budget of the block store.
    pub(crate) memory_bytes: u64,
    /// How long a job is held without a word from its session.
    pub(crate) lease: Duration,
}

/// What a node holds beyond its blocks: nothing, when all plans are done and all sessions are gone.
#[cfg(test)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) jobs: usize,
    pub(crate) parts: usize,
    pub(crate) ready: bool,
    pub(crate) in_flight: u64,
    pub(crate) early_pulls: usize,
    pub(crate) copies: usize,
    pub(crate) reservations: usize,
    pub(crate) reserved_bytes: u64,
    pub(crate) resident_bytes: u64,
}

/// The state of a node.
#[derive(Debug)]
pub(crate) struct State {
    pub(super) limits: Limits,
    pub(super) blocks: Blocks,
    pub(super) parts: BTreeMap<(JobId, PlanId), PartState>,
    /// Pulls for plans whose part has not come far enough.
    pub(super) early: BTreeMap<BlockKey, Early>,
    pub(super) copies: Copies,
    pub(super) jobs: Jobs,
    /// The other nodes that can be reached.
    pub(super) nodes: BTreeSet<MemberId>,
    /// There while the node is to leave.
    pub(super) drain: Option<Drain>,
    pub(super) reservations: Reservations,
    pub(super) ready: Ready,
    /// The weight of the tasks at the workers.
    pub(super) in_flight: u64,
    pub(super) tasks_run: u64,
    refused: u64,
    /// The time of the event at hand.
    pub(super) now: Duration,
}

impl State {
    pub(crate) fn new(limits: Limits) -> State {
        State {
            limits,
            blocks: Blocks::default(),
            parts: BTreeMap::new(),
            early: BTreeMap::new(),
            copies: Copies::default(),
            jobs: Jobs::new(limits.lease),
            nodes: BTreeSet::new(),
            drain: None,
            reservations: Reservations::new(limits.memory_bytes),
            ready: Ready::default(),
            in_flight: 0,
            tasks_run: 0,
            refused: 0,
            now: Duration::ZERO,
        }
    }

    /// Tasks run since the start.
    pub(crate) fn tasks_run(&self) -> u64 {
        self.tasks_run
    }

    /// The number of blocks that are here, and their bytes.
    pub(crate) fn stored(&self) -> (u64, u64) {
        self.blocks.stored()
    }

    /// The byte budget of the block store.
    pub(crate) fn memory_bytes(&self) -> u64 {
        self.limits.memory_bytes
    }

    /// Whether a member is a node that can be reached.
    pub(crate) fn knows_node(&self, member: &MemberId) -> bool {
        self.nodes.contains(member)
    }

    /// Whether no session is served.
    pub(crate) fn is_idle(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Messages that their senders may not send, since the start.
    pub(crate) fn refused(&self) -> u64 {
        self.refused
    }

    /// What a session may count on.
    fn capacity(&self) -> Capacity {
        Capacity { workers: self.limits.workers, memory_bytes: self.reservations.budget_bytes() }
    }

    /// Whether a session has a lease.
    #[cfg(test)]
    pub(crate) fn serves(&self, session: &MemberId) -> bool {
        self.jobs.get(JobId::of(session)).is_some()
    }

    #[cfg(test)]
    pub(crate) fn held(&self) -> Held {
        let (reserved_bytes, resident_bytes) = self.reservations.committed();
        Held {
            jobs: self.jobs.len(),
            parts: self.parts.len(),
            ready: !self.ready.is_empty(),
            in_flight: self.in_flight,
            early_pulls: self.early.len(),
            copies: self.copies.len(),
            reservations: self.reservations.len(),
            reserved_bytes,
            resident_bytes,
        }
    }

    /// Takes in an event and says what follows from it.
    pub(crate) fn handle(&mut self, now: Duration, event: Event, out: &mut Vec<Instruction>) {
        self.now = now;
        match event {
            Event::Message { from, message } => {
                if self.may_say(&from, &message) {
                    self.handle_message(from, message, out);
                } else {
                    self.refused += 1;
                    tracing::warn!(%from, "dropped a message that its sender may not send");
                }
            }
            Event::BlockArrived { key, bytes } => self.handle_arrival(key, bytes, out),
            Event::BlockFailed { from, key, reason } => self.handle_damaged(from, key, reason, out),
            Event::NotSent { to, key, reason } => self.fail_copy(to, key, reason, out),
            Event::TasksDone(tasks) => self.handle_done(tasks, out),
            Event::MemberUp(member) => {
                if member.role == Role::Node {
                    self.nodes.insert(member.id);
                }
            }
            Event::MemberDown { member } => {
                self.nodes.remove(&member);
                self.handle_member_lost(&member, out);
            }
            Event::MemberLost { member } => self.handle_member_lost(&member, out),
            Event::DrainAsked => self.begin_drain(None, out),
            Event::Tick => {
                self.end_leases(out);
                self.fetch_again(out);
                self.refuse_late(out);
                self.report_progress(out);
            }
        }
        for (part_key, answer) in self.reservations.answers(now) {
            self.answer(part_key, true, answer, out);
        }
        self.dispatch(out);
        self.end_drain_if_done(out);
    }

    /// Carries out a message of one who may send it.
    fn handle_message(&mut self, from: MemberId, message: Message, out: &mut Vec<Instruction>) {
        if self.jobs.is_session_of(JobId::of(&from), &from) {
            self.jobs.renew(self.now, &from);
        }
        match message {
            Message::Hello { .. } => {
                self.jobs.renew(self.now, &from);
                let (capacity, draining) = (self.capacity(), self.drain.is_some());
                let message = Message::Welcome { capacity, draining };
                out.push(Instruction::Send { to: from, message });
            }
            Message::Reserve { job, plan, need_bytes, patient } => {
                let answer = self.reservations.ask(self.now, (job, plan), need_bytes, patient);
                if let Some(answer) = answer {
                    self.answer((job, plan), patient, answer, out);
                }
            }
            Message::Begin { job, plan, epoch, nodes, tasks, sends, uploads, allowance } => {
                let mut part = PartState::new(from, epoch, nodes, tasks, sends, uploads, allowance);
                part.came = self.now;
                self.begin((job, plan), part, out);
            }
            Message::Chunk { job, plan, epoch, chunk } => {
                // A chunk behind a cancel, or of an epoch that is over, belongs to a plan that is gone.
                if self.parts.get(&(job, plan)).is_none_or(|part| part.epoch != epoch) {
                    return;
                }
                if let Err(reason) = self.load((job, plan), chunk, out) {
                    self.fail((job, plan), Failure::Malformed { reason }, out);
                }
                self.settle((job, plan), out);
            }
            Message::Cancel { job, plan } => self.cancel((job, plan), out),
            Message::Release { job, blocks } => {
                for block in blocks {
                    if let Some(slot) = self.blocks.find(&BlockKey { job, plan: None, block }) {
                        self.with(slot, |state| state.kept = false);
                        self.free_if_unused(slot, out);
                    }
                }
            }
            Message::Pull { job, plan, blocks, received } => {
                for block in received {
                    self.confirm(&from, BlockKey { job, plan, block }, out);
                }
                for block in blocks {
                    self.pull(from.clone(), BlockKey { job, plan, block }, out);
                }
            }
            Message::PullRefused { job, plan: Some(plan), block, reason } => {
                self.fail((job, plan), Failure::Transfer { block, from, reason }, out);
            }
            Message::Drain => self.begin_drain(Some(from), out),
            Message::Drained { job, outcome } => self.handle_drained(job, outcome, out),
            // The lease is renewed already; a status is asked of the shell, which knows the transport's counters; the
            // rest nobody may say to a node.
            Message::Renew { .. }
            | Message::StatusRequest
            | Message::Status(_)
            | Message::Welcome { .. }
            | Message::Reserved { .. }
            | Message::Finished { .. }
            | Message::Failed { .. }
            | Message::PullRefused { plan: None, .. }
            | Message::DrainEnded { .. }
            | Message::Draining { .. }
            | Message::Progress { .. } => {}
        }
    }

    /// A plan begins here. Plans of a job begin once, in order, where memory is reserved for them, and not after a
    /// plan of a later epoch.
    fn begin(
        &mut self,
        part_key: (JobId, PlanId),
        mut part: PartState,
        out: &mut Vec<Instruction>,
    ) {
        let (job, plan) = part_key;
        let Some(state) = self.jobs.get_mut(job) else { return };
        if plan <= state.begun || part.epoch < state.epoch {
            return;
        }
        (state.begun, state.epoch) = (plan, part.epoch);
        part.reported_at = self.now;
        let granted = self.reservations.is_granted(part_key);
        self.parts.insert(part_key, part);
        if granted {
            self.settle(part_key, out);
        } else {
            let reason = format!("{plan:?} starts without a memory reservation");
            self.fail(part_key, Failure::Malformed { reason }, out);
        }
    }

    fn answer(
        &self,
        (job, plan): (JobId, PlanId),
        patient: bool,
        answer: Answer,
        out: &mut Vec<Instruction>,
    ) {
        let Some(state) = self.jobs.get(job) else { return };
        let message = Message::Reserved { job, plan, patient, answer };
        out.push(Instruction::Send { to: state.session.clone(), message });
    }

    fn handle_done(&mut self, tasks: Vec<TaskDone>, out: &mut Vec<Instruction>) {
        let mut last = None;
        let mut position = 0;
        for TaskDone { task, weight, took, result } in tasks {
            self.in_flight -= weight;
            let part_key = (task.job, task.plan);
            match result {
                Ok(blocks) => {
                    let given = position..position + blocks as usize;
                    position = given.end;
                    self.tasks_run += 1;
                    self.finish(task, took, given, out);
                }
                Err(failure) => self.fail(part_key, failure, out),
            }
            // The tasks of a message are most often of one part.
            if let Some(part_key) = last.replace(part_key).filter(|&last| last != part_key) {
                self.settle(part_key, out);
            }
        }
        if let Some(part_key) = last {
            self.settle(part_key, out);
        }
    }

    /// Takes over the blocks that a task has given, by their positions among what came, and lets go of what the task has
    /// read. What nobody uses of it is not stored.
    fn finish(
        &mut self,
        task: TaskRef,
        took: Duration,
        given: Range<usize>,
        out: &mut Vec<Instruction>,
    ) {
        let part_key = (task.job, task.plan);
        let Some(part) = self.parts.get_mut(&part_key) else { return };
        let state = &part.tasks[task.task as usize];
        let outputs: SmallVec<[Slot; 2]> =
            state.outputs(&part.blocks).iter().map(|output| output.slot).collect();
        if outputs.len() != given.len() {
            // The tables of a part are those of a peer.
            let (wanted, found) = (outputs.len(), given.len());
            let reason =
                format!("expected {wanted} blocks from a task of {:?}, got {found}", task.plan);
            return self.fail(part_key, Failure::Malformed { reason }, out);
        }
        part.finish(task.task);
        part.work(self.now.saturating_sub(took), self.now);
        let state = &part.tasks[task.task as usize];
        let inputs = state.inputs(&part.inputs).iter().map(|&input| part.slot(input));
        let inputs: SmallVec<[Slot; 4]> = inputs.collect();
        for (output, position) in outputs.into_iter().zip(given) {
            if self.blocks.get(output).is_some_and(|state| !state.kept && state.uses == 0) {
                self.free(output, out);
            } else {
                self.make_present(output, position, out);
            }
        }
        for input in inputs {
            self.use_once(input, out);
        }
    }

    /// A block that came with the event is stored; tasks and pulls that wait for it go on.
    pub(super) fn make_present(&mut self, slot: Slot, position: usize, out: &mut Vec<Instruction>) {
        let Some(state) = self.blocks.get_mut(slot) else { return };
        state.present = true;
        let (waiting, parked) =
            (std::mem::take(&mut state.waiting), std::mem::take(&mut state.parked));
        out.push(Instruction::Store { slot, position });
        for task in waiting {
            let Some(part) = self.parts.get_mut(&(task.job, task.plan)) else { continue };
            let state = &mut part.tasks[task.task as usize];
            state.missing -= 1;
            if state.missing == 0 {
                self.ready.insert(task);
            }
        }
        for puller in parked {
            self.serve(slot, puller, out);
        }
    }

    pub(super) fn use_once(&mut self, slot: Slot, out: &mut Vec<Instruction>) {
        self.with(slot, |state| state.uses -= 1);
        self.free_if_unused(slot, out);
    }

    pub(super) fn free_if_unused(&mut self, slot: Slot, out: &mut Vec<Instruction>) {
        let unused =
            |state: &super::blocks::BlockState| state.present && !state.kept && state.uses == 0;
        if self.blocks.get(slot).is_some_and(unused) {
            self.free(slot, out);
        }
    }

    pub(super) fn free(&mut self, slot: Slot, out: &mut Vec<Instruction>) {
        let Some(state) = self.blocks.remove(slot) else { return };
        out.push(Instruction::Free(slot));
        if state.resident {
            self.reservations.leave(state.bytes);
        }
        let charged = state.charged.and_then(|plan| self.parts.get_mut(&(state.key.job, plan)));
        if let Some(part) = charged {
            part.memory.discharge(state.bytes);
        }
        let Some(plan) = state.key.plan else { return };
        if let Some(part) = self.parts.get_mut(&(state.key.job, plan)) {
            part.received_live -= 1;
        }
    }

    /// Asks for what the window admits, and reports a part that is done.
    pub(super) fn settle(&mut self, part_key: (JobId, PlanId), out: &mut Vec<Instruction>) {
        self.fetch(part_key, out);
        if !self.parts.get(&part_key).is_some_and(PartState::is_finished) {
            return;
        }
        let Some(part) = self.parts.remove(&part_key) else { return };
        // What the plan leaves behind is no longer covered by its reservation.
        for block in part.blocks.iter().filter(|block| block.origin != Origin::Source) {
            if let Some(state) = self.blocks.get_mut(block.slot) {
                (state.resident, state.charged) = (true, None);
                self.reservations.stay(state.bytes);
            }
        }
        self.reservations.give_back(part_key);
        let ((job, plan), epoch) = (part_key, part.epoch);
        let span = part.span.unwrap_or_default();
        let time_us = span.to.saturating_sub(span.from).as_micros() as u64;
        let peak_bytes = part.memory.peak_bytes();
        let measured = Measured { peak_bytes, time_us, ..part.measured };
        let message = Message::Finished { job, plan, epoch, measured, span };
        out.push(Instruction::Send { to: part.session, message });
    }

    pub(super) fn with(&mut self, slot: Slot, change: impl FnOnce(&mut super::blocks::BlockState)) {
        if let Some(state) = self.blocks.get_mut(slot) {
            change(state);
        }
    }
}
