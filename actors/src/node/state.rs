//! The node as a state machine: events in, instructions out. Metadata only: no bytes, sockets, clock or threads.
//!
//! Parts run by data flow. A task is ready when its inputs are here and starts in plan order when a worker is free; a
//! copy is asked for when the window admits it; a pull waits at the holder until the block exists; a block goes after
//! its last use.

use super::blocks::{Blocks, Slot, TaskRef};
use super::part::PartState;
use super::ready::{self, Ready};
use crate::wire::BlockKey;
use crate::{Failure, JobId, MemberId, Message, PlanId};
use nums_lshs::{BlockName, Op};
use smallvec::SmallVec;
use std::collections::{BTreeMap, HashMap};
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
    BlockFailed { from: MemberId, key: BlockKey, story: String },
    /// A block could not be sent.
    NotSent { to: MemberId, key: BlockKey, story: String },
    /// A worker has made the blocks of some tasks, or could not.
    TasksDone(Vec<TaskDone>),
    /// A member is gone, or has begun anew: what was said before is void.
    MemberDown { member: MemberId },
    /// Time has passed.
    Tick,
}

/// A task that has come back from a worker.
#[derive(Debug)]
pub(crate) struct TaskDone {
    pub(crate) task: TaskRef,
    /// As it was given to the worker.
    pub(crate) weight: u64,
    pub(crate) result: Result<(), Failure>,
}

/// What the shell is to do, in order.
#[derive(Debug)]
pub(crate) enum Instruction {
    /// Give a task to a worker, perhaps with others, as long as they weigh less than [`BATCH_WEIGHT`](ready::BATCH_WEIGHT) together.
    Run { task: TaskRef, weight: u64, op: Arc<Op>, output: BlockName, inputs: Inputs },
    /// Put a block that came with the event into the store: the one that arrived, or that of a task by its position.
    Store { slot: Slot, position: usize },
    /// Drop a block from the store.
    Free(Slot),
    /// Send a message.
    Send { to: MemberId, message: Message },
    /// End the streams from and to a member: what was said is void.
    Forget(MemberId),
    /// Send a block of the store.
    SendBlock { to: MemberId, key: BlockKey, slot: Slot },
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
}

/// Names of blocks that are pulled before their plan has come; more are refused.
pub(super) const EARLY_PULLS_MAX: usize = 1 << 16;

/// The state of a node.
#[derive(Debug)]
pub(crate) struct State {
    pub(super) limits: Limits,
    pub(super) blocks: Blocks,
    pub(super) parts: BTreeMap<(JobId, PlanId), PartState>,
    /// Pulls for plans whose part has not come far enough; looked up only.
    pub(super) early: HashMap<BlockKey, Vec<MemberId>>,
    /// The last plan of each job that has begun here: pulls for it and earlier ones are never early.
    pub(super) begun: BTreeMap<JobId, PlanId>,
    pub(super) ready: Ready,
    /// The weight of the tasks at the workers.
    pub(super) in_flight: u64,
    pub(super) tasks_run: u64,
    /// The time of the event at hand.
    pub(super) now: Duration,
}

impl State {
    pub(crate) fn new(limits: Limits) -> State {
        State {
            limits,
            blocks: Blocks::default(),
            parts: BTreeMap::new(),
            early: HashMap::new(),
            begun: BTreeMap::new(),
            ready: Ready::default(),
            in_flight: 0,
            tasks_run: 0,
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

    /// Takes in an event and says what follows from it.
    pub(crate) fn handle(&mut self, now: Duration, event: Event, out: &mut Vec<Instruction>) {
        self.now = now;
        match event {
            Event::Message { from, message } => self.handle_message(from, message, out),
            Event::BlockArrived { key, bytes } => self.handle_arrival(key, bytes, out),
            Event::BlockFailed { from, key: BlockKey { job, plan, block }, story }
            | Event::NotSent { to: from, key: BlockKey { job, plan, block }, story } => {
                match plan {
                    Some(plan) => {
                        self.fail((job, plan), Failure::Transfer { block, from, story }, out);
                    }
                    None => {
                        let message = Message::PullRefused { job, plan, block, story };
                        out.push(Instruction::Send { to: from, message });
                    }
                }
            }
            Event::TasksDone(tasks) => self.handle_done(tasks, out),
            Event::MemberDown { member } => self.handle_member_down(&member, out),
            Event::Tick => {}
        }
        self.dispatch(out);
    }

    fn handle_message(&mut self, from: MemberId, message: Message, out: &mut Vec<Instruction>) {
        match message {
            // Plans of a job begin once, in order.
            Message::Begin { job, plan, nodes, tasks, sends, uploads }
                if job == JobId::of(&from)
                    && self.begun.get(&job).is_none_or(|&last| last < plan) =>
            {
                self.begun.insert(job, plan);
                let part = PartState::new(from, nodes, tasks, sends, uploads);
                self.parts.insert((job, plan), part);
                self.settle((job, plan), out);
            }
            Message::Chunk { job, plan, chunk } if job == JobId::of(&from) => {
                if let Err(story) = self.load((job, plan), chunk, out) {
                    self.fail((job, plan), Failure::Malformed { story }, out);
                }
                self.settle((job, plan), out);
            }
            Message::Cancel { job, plan } if job == JobId::of(&from) => {
                self.cancel((job, plan), out);
            }
            Message::Release { job, blocks } if job == JobId::of(&from) => {
                for block in blocks {
                    if let Some(slot) = self.blocks.find(&BlockKey { job, plan: None, block }) {
                        self.with(slot, |state| state.kept = false);
                        self.free_if_unused(slot, out);
                    }
                }
            }
            Message::Pull { job, plan, blocks } => {
                for block in blocks {
                    self.pull(from.clone(), BlockKey { job, plan, block }, out);
                }
            }
            Message::PullRefused { job, plan: Some(plan), block, story }
                if self.parts.get(&(job, plan)).is_some_and(|part| part.nodes.contains(&from)) =>
            {
                self.fail((job, plan), Failure::Transfer { block, from, story }, out);
            }
            // A status is asked of the shell, which knows the transport's counters; reports are for sessions, and a
            // job is commanded by its own session only.
            Message::StatusRequest
            | Message::Status(_)
            | Message::Finished { .. }
            | Message::Failed { .. }
            | Message::PullRefused { .. }
            | Message::Begin { .. }
            | Message::Chunk { .. }
            | Message::Cancel { .. }
            | Message::Release { .. } => {
                tracing::warn!(%from, "a message that is not for this node was dropped");
            }
        }
    }

    fn handle_arrival(&mut self, key: BlockKey, bytes: u64, out: &mut Vec<Instruction>) {
        // Nodes receive blocks for plans only. A block for a cancelled plan has no entry, and a second one is dropped:
        // the first writer wins.
        let Some(plan) = key.plan else { return };
        let Some(slot) = self.blocks.find(&key).or_else(|| self.uploading(plan, &key)) else {
            return;
        };
        let Some(state) = self.blocks.get(slot).filter(|state| !state.present) else { return };
        if state.bytes != bytes {
            let story = format!("{} has {bytes} bytes in place of {}", key.block, state.bytes);
            return self.fail((key.job, plan), Failure::Malformed { story }, out);
        }
        let part_key = (key.job, plan);
        let mut uploaded = false;
        if let Some(part) = self.parts.get_mut(&part_key) {
            part.measured.bytes_in += bytes;
            uploaded = part.uploading.remove(&slot);
            part.received_live -= usize::from(uploaded);
        }
        self.make_present(slot, 0, out);
        if uploaded {
            // Its handle may have gone before it came.
            self.free_if_unused(slot, out);
            self.settle(part_key, out);
        }
    }

    /// The slot of a block that a part takes over from the session: unlike a copy it is known by job and name, because
    /// it outlives its plan.
    fn uploading(&self, plan: PlanId, key: &BlockKey) -> Option<Slot> {
        let part = self.parts.get(&(key.job, plan))?;
        let slot = self.blocks.find(&BlockKey { plan: None, ..*key })?;
        part.uploading.contains(&slot).then_some(slot)
    }

    fn handle_done(&mut self, tasks: Vec<TaskDone>, out: &mut Vec<Instruction>) {
        let mut last = None;
        for (position, TaskDone { task, weight, result }) in tasks.into_iter().enumerate() {
            self.in_flight -= weight;
            let part_key = (task.job, task.plan);
            match result {
                Ok(()) => {
                    self.tasks_run += 1;
                    self.finish(task, position, out);
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

    /// Takes over the block of a task, and lets go of what the task has read.
    fn finish(&mut self, task: TaskRef, position: usize, out: &mut Vec<Instruction>) {
        let Some(part) = self.parts.get_mut(&(task.job, task.plan)) else { return };
        part.finish(task.task);
        let state = &part.tasks[task.task as usize];
        let output = part.slot(state.entry.output);
        let inputs = state.inputs(&part.inputs).iter().map(|&input| part.slot(input));
        let inputs: SmallVec<[Slot; 4]> = inputs.collect();
        self.make_present(output, position, out);
        self.free_if_unused(output, out);
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
        let Some(plan) = state.key.plan else { return };
        if let Some(part) = self.parts.get_mut(&(state.key.job, plan)) {
            part.received_live -= 1;
        }
    }

    /// Asks for what the window admits, and reports a part that is done.
    pub(super) fn settle(&mut self, part_key: (JobId, PlanId), out: &mut Vec<Instruction>) {
        let (job, plan) = part_key;
        let Some(part) = self.parts.get_mut(&part_key) else { return };
        let mut pulls: BTreeMap<MemberId, Vec<BlockName>> = BTreeMap::new();
        while let Some(receive) = part.admit(self.limits.window_blocks_max) {
            let from = part.nodes[receive.from.index()].clone();
            if let Some(state) = self.blocks.get(part.slot(receive.block)) {
                pulls.entry(from).or_default().push(state.key.block);
            }
        }
        for (to, blocks) in pulls {
            let message = Message::Pull { job, plan: Some(plan), blocks };
            out.push(Instruction::Send { to, message });
        }
        if part.is_finished() {
            let (to, measured) = (part.session.clone(), part.measured);
            self.parts.remove(&part_key);
            out.push(Instruction::Send { to, message: Message::Finished { job, plan, measured } });
        }
    }

    /// Gives ready tasks to free workers, in plan order.
    fn dispatch(&mut self, out: &mut Vec<Instruction>) {
        while self.in_flight < self.limits.weight_in_flight_max {
            let Some(task) = self.ready.pop() else { return };
            let Some(part) = self.parts.get(&(task.job, task.plan)) else { continue };
            let state = &part.tasks[task.task as usize];
            let (entry, inputs) = (&state.entry, state.inputs(&part.inputs));
            let Some(output) = self.blocks.get(part.slot(entry.output)) else { continue };
            let mut bytes = output.bytes;
            let mut input = |&input: &u32| {
                let slot = part.slot(input);
                let state = self.blocks.get(slot);
                bytes += state.map_or(0, |state| state.bytes);
                let take = state.is_some_and(|state| !state.kept && state.uses == 1);
                Input { slot, take }
            };
            let inputs = inputs.iter().map(&mut input).collect();
            let weight = ready::weight(bytes, entry.flops);
            let (op, output) = (part.ops[entry.op as usize].clone(), output.key.block);
            self.in_flight += weight;
            out.push(Instruction::Run { task, weight, op, output, inputs });
        }
    }

    pub(super) fn with(&mut self, slot: Slot, change: impl FnOnce(&mut super::blocks::BlockState)) {
        if let Some(state) = self.blocks.get_mut(slot) {
            change(state);
        }
    }
}
