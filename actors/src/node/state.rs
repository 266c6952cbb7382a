//! The node as a state machine: events in, instructions out. Metadata only: no bytes, sockets, clock or threads.
//!
//! Parts run by data flow. A task is ready when its inputs are here and starts in plan order when a worker is free; a
//! copy is asked for when the window admits it; a pull waits at the holder until the block exists; a block goes after
//! its last use.

use super::blocks::{Blocks, Puller, Slot, TaskRef};
use super::part::{PartBlock, PartState, TaskState};
use crate::part::{Chunk, Origin};
use crate::wire::BlockKey;
use crate::{Failure, JobId, MemberId, Message, PlanId};
use nums_lshs::{BlockName, NodeId, Op};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Everything that can happen to a node.
#[derive(Debug)]
pub(crate) enum Event {
    /// A message came.
    Message { from: MemberId, message: Message },
    /// A block came, whole and checked.
    BlockArrived { key: BlockKey, bytes: u64 },
    /// A block came damaged, or cannot be asked of or sent to a member.
    BlockFailed { from: MemberId, key: BlockKey, story: String },
    /// A worker has made a block.
    TaskDone { task: TaskRef },
    /// A worker could not make a block.
    TaskFailed { task: TaskRef, failure: Failure },
    /// A member is gone.
    MemberDown { member: MemberId },
}

/// What the shell is to do, in order.
#[derive(Debug)]
pub(crate) enum Instruction {
    /// Give a task to a worker.
    Run { task: TaskRef, op: Arc<Op>, output: BlockName, inputs: Vec<Input> },
    /// Put the block that came with the event into the store.
    Store(Slot),
    /// Drop a block from the store.
    Free(Slot),
    /// Send a message.
    Send { to: MemberId, message: Message },
    /// Send a block of the store.
    SendBlock { to: MemberId, key: BlockKey, slot: Slot },
}

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
    /// Tasks at the workers: one that runs and one that waits for each, so that no worker idles for a round trip.
    pub(crate) tasks_in_flight_max: usize,
    /// Copies of remote blocks of one plan that are asked for or unused at a time.
    pub(crate) window_blocks_max: usize,
}

/// Names of blocks that are pulled before their plan has come; more are refused.
const EARLY_PULLS_MAX: usize = 1 << 16;

/// The state of a node.
#[derive(Debug)]
pub(crate) struct State {
    limits: Limits,
    blocks: Blocks,
    parts: BTreeMap<(JobId, PlanId), PartState>,
    /// Pulls for plans whose part has not come far enough; looked up only.
    early: HashMap<BlockKey, Vec<MemberId>>,
    /// The last plan of each job that has begun here: pulls for it and earlier ones are never early.
    begun: BTreeMap<JobId, PlanId>,
    ready: BTreeSet<TaskRef>,
    in_flight: usize,
    tasks_run: u64,
}

impl State {
    pub(crate) fn new(limits: Limits) -> State {
        State {
            limits,
            blocks: Blocks::default(),
            parts: BTreeMap::new(),
            early: HashMap::new(),
            begun: BTreeMap::new(),
            ready: BTreeSet::new(),
            in_flight: 0,
            tasks_run: 0,
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
    pub(crate) fn handle(&mut self, event: Event, out: &mut Vec<Instruction>) {
        match event {
            Event::Message { from, message } => self.handle_message(from, message, out),
            Event::BlockArrived { key, bytes } => self.handle_arrival(key, bytes, out),
            Event::BlockFailed { from, key: BlockKey { job, plan, block }, story } => match plan {
                Some(plan) => {
                    self.fail((job, plan), Failure::Transfer { block, from, story }, out);
                }
                None => {
                    let message = Message::PullRefused { job, plan, block, story };
                    out.push(Instruction::Send { to: from, message });
                }
            },
            Event::TaskDone { task } => self.handle_done(task, out),
            Event::TaskFailed { task, failure } => {
                self.in_flight -= 1;
                self.fail((task.job, task.plan), failure, out);
            }
            Event::MemberDown { member } => self.handle_member_down(&member, out),
        }
        self.dispatch(out);
    }

    fn handle_message(&mut self, from: MemberId, message: Message, out: &mut Vec<Instruction>) {
        match message {
            // Plans of a job begin once, in order.
            Message::Begin { job, plan, nodes, tasks, sends }
                if job == JobId::of(&from)
                    && self.begun.get(&job).is_none_or(|&last| last < plan) =>
            {
                self.begun.insert(job, plan);
                self.parts.insert((job, plan), PartState::new(from, nodes, tasks, sends));
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

    /// Adds a stretch to a part. Everything is checked before it is used as an index: it came from a peer.
    fn load(
        &mut self,
        part_key: (JobId, PlanId),
        chunk: Chunk,
        out: &mut Vec<Instruction>,
    ) -> Result<(), String> {
        let (job, plan) = part_key;
        // A chunk behind a cancel belongs to a plan that is gone.
        let Some(part) = self.parts.get_mut(&part_key) else { return Ok(()) };
        let mut parked = Vec::new();
        for entry in &chunk.blocks {
            let Some(unclaimed) = part.sends_unclaimed.checked_sub(entry.sends) else {
                return Err(format!("{} is served more often than the part says", entry.name));
            };
            let plan_of_copy = (entry.origin == Origin::Received).then_some(plan);
            let key = BlockKey { job, plan: plan_of_copy, block: entry.name };
            let slot = match entry.origin {
                Origin::Source => self.blocks.find(&key).ok_or("is not here"),
                Origin::Made { kept } => {
                    self.blocks.insert(key, entry.bytes, kept).ok_or("is made twice")
                }
                Origin::Received => {
                    self.blocks.insert(key, entry.bytes, false).ok_or("is received twice")
                }
            };
            let slot = slot.map_err(|story| format!("{} {story}", entry.name))?;
            let state = self.blocks.get_mut(slot).ok_or("a block without a state")?;
            let uses = entry.reads.checked_add(entry.sends);
            state.uses = uses
                .and_then(|uses| state.uses.checked_add(uses))
                .ok_or_else(|| format!("{} has too many uses", entry.name))?;
            part.sends_unclaimed = unclaimed;
            if entry.sends > 0 {
                part.served.insert(slot, part.blocks.len() as u32);
            }
            part.blocks.push(PartBlock {
                slot,
                origin: entry.origin,
                from: None,
                reads_left: entry.reads,
                reads_unclaimed: entry.reads,
                sends_left: entry.sends,
            });
            let early_key = BlockKey { job, plan: Some(plan), block: entry.name };
            if let Some(members) = self.early.remove(&early_key) {
                parked.extend(members.into_iter().map(|member| (member, early_key)));
            }
        }
        part.ops.extend(chunk.ops.into_iter().map(Arc::new));
        for entry in chunk.tasks {
            let misfit = || format!("a task of {plan:?} names what is not in its tables");
            part.tasks_unclaimed = part.tasks_unclaimed.checked_sub(1).ok_or_else(misfit)?;
            let output = part.blocks.get(entry.output as usize).ok_or_else(misfit)?;
            let made = matches!(output.origin, Origin::Made { .. });
            if !made || entry.op as usize >= part.ops.len() {
                return Err(misfit());
            }
            let task = TaskRef { plan, job, task: part.tasks.len() as u32 };
            let mut missing = 0;
            for &input in &entry.inputs {
                let block = part.blocks.get_mut(input as usize).ok_or_else(misfit)?;
                block.reads_unclaimed = block.reads_unclaimed.checked_sub(1).ok_or_else(misfit)?;
                let state = self.blocks.get_mut(block.slot).ok_or_else(misfit)?;
                if !state.present {
                    state.waiting.push(task);
                    missing += 1;
                }
            }
            if missing == 0 {
                self.ready.insert(task);
            }
            part.tasks.push(TaskState { entry, missing, done: false });
        }
        for entry in chunk.receives {
            let misfit = || format!("a receive of {plan:?} names what is not in its tables");
            let block = part.blocks.get_mut(entry.block as usize).ok_or_else(misfit)?;
            let again = block.from.replace(entry.from).is_some();
            if again || block.origin != Origin::Received || entry.from.index() >= part.nodes.len() {
                return Err(misfit());
            }
            part.receives.push_back(entry);
        }
        for (member, key) in parked {
            self.pull(member, key, out);
        }
        Ok(())
    }

    fn pull(&mut self, member: MemberId, key: BlockKey, out: &mut Vec<Instruction>) {
        let BlockKey { job, plan, block } = key;
        let made = self.blocks.find(&BlockKey { job, plan: None, block });
        let running = plan.and_then(|plan| self.parts.get(&(job, plan)));
        let found = match running {
            // A plan may also pass on a copy that it has received. A pull that overtakes the chunk in which the block
            // is served waits for it, so that it is counted.
            Some(part) if part.nodes.contains(&member) => made
                .or_else(|| self.blocks.find(&key))
                .filter(|slot| part.served.contains_key(slot)),
            Some(_) => None,
            None => made.filter(|_| plan.is_none()),
        };
        let ended = plan.is_some_and(|plan| self.begun.get(&job).is_some_and(|&last| plan <= last));
        let refused = match running {
            Some(part) => !part.nodes.contains(&member),
            None => plan.is_none() || ended || self.early.len() >= EARLY_PULLS_MAX,
        };
        if let Some(slot) = found {
            let puller = Puller { member, plan };
            if self.blocks.get(slot).is_some_and(|state| state.present) {
                self.serve(slot, puller, out);
            } else {
                self.with(slot, |state| state.parked.push(puller));
            }
        } else if refused {
            let story = "it is not on this node".to_owned();
            let message = Message::PullRefused { job, plan, block, story };
            out.push(Instruction::Send { to: member, message });
        } else {
            // The part that makes it has not come yet.
            self.early.entry(key).or_default().push(member);
        }
    }

    /// Sends a block that is here, and counts the use if a plan made it.
    fn serve(&mut self, slot: Slot, puller: Puller, out: &mut Vec<Instruction>) {
        let Some(state) = self.blocks.get(slot) else { return };
        let (own, bytes) = (state.key, state.bytes);
        let key = BlockKey { job: own.job, plan: puller.plan, block: own.block };
        out.push(Instruction::SendBlock { to: puller.member, key, slot });
        let Some(plan) = puller.plan else { return };
        let Some(part) = self.parts.get_mut(&(own.job, plan)) else { return };
        let Some(&served) = part.served.get(&slot) else { return };
        let block = &mut part.blocks[served as usize];
        if block.sends_left > 0 {
            block.sends_left -= 1;
            part.sends_left -= 1;
            part.measured.bytes_out += bytes;
            self.use_once(slot, out);
        }
        self.settle((own.job, plan), out);
    }

    fn handle_arrival(&mut self, key: BlockKey, bytes: u64, out: &mut Vec<Instruction>) {
        // Nodes receive copies for plans only. A copy for a cancelled plan has no entry, and a second one is dropped:
        // the first writer wins.
        let (Some(plan), Some(slot)) = (key.plan, self.blocks.find(&key)) else { return };
        let Some(state) = self.blocks.get(slot).filter(|state| !state.present) else { return };
        if state.bytes != bytes {
            let story = format!("{} has {bytes} bytes in place of {}", key.block, state.bytes);
            return self.fail((key.job, plan), Failure::Malformed { story }, out);
        }
        if let Some(part) = self.parts.get_mut(&(key.job, plan)) {
            part.measured.bytes_in += bytes;
        }
        self.make_present(slot, out);
    }

    fn handle_done(&mut self, task: TaskRef, out: &mut Vec<Instruction>) {
        self.in_flight -= 1;
        self.tasks_run += 1;
        let part_key = (task.job, task.plan);
        let Some(part) = self.parts.get_mut(&part_key) else { return };
        part.finish(task.task);
        let entry = &part.tasks[task.task as usize].entry;
        let output = part.slot(entry.output);
        let inputs: Vec<_> = entry.inputs.iter().map(|&input| part.slot(input)).collect();
        self.make_present(output, out);
        self.free_if_unused(output, out);
        for input in inputs {
            self.use_once(input, out);
        }
        self.settle(part_key, out);
    }

    /// The block that came with the event is stored; tasks and pulls that wait for it go on.
    fn make_present(&mut self, slot: Slot, out: &mut Vec<Instruction>) {
        let Some(state) = self.blocks.get_mut(slot) else { return };
        state.present = true;
        let (waiting, parked) =
            (std::mem::take(&mut state.waiting), std::mem::take(&mut state.parked));
        out.push(Instruction::Store(slot));
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

    fn use_once(&mut self, slot: Slot, out: &mut Vec<Instruction>) {
        self.with(slot, |state| state.uses -= 1);
        self.free_if_unused(slot, out);
    }

    fn free_if_unused(&mut self, slot: Slot, out: &mut Vec<Instruction>) {
        let unused =
            |state: &super::blocks::BlockState| state.present && !state.kept && state.uses == 0;
        if self.blocks.get(slot).is_some_and(unused) {
            self.free(slot, out);
        }
    }

    fn free(&mut self, slot: Slot, out: &mut Vec<Instruction>) {
        let Some(state) = self.blocks.remove(slot) else { return };
        out.push(Instruction::Free(slot));
        let Some(plan) = state.key.plan else { return };
        if let Some(part) = self.parts.get_mut(&(state.key.job, plan)) {
            part.received_live -= 1;
        }
    }

    /// Asks for what the window admits, and reports a part that is done.
    fn settle(&mut self, part_key: (JobId, PlanId), out: &mut Vec<Instruction>) {
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
        while self.in_flight < self.limits.tasks_in_flight_max {
            let Some(task) = self.ready.pop_first() else { return };
            let Some(part) = self.parts.get(&(task.job, task.plan)) else { continue };
            let entry = &part.tasks[task.task as usize].entry;
            let slots: Vec<_> = entry.inputs.iter().map(|&input| part.slot(input)).collect();
            let last_use = |slot: Slot| {
                self.blocks.get(slot).is_some_and(|state| !state.kept && state.uses == 1)
            };
            let inputs =
                slots.into_iter().map(|slot| Input { slot, take: last_use(slot) }).collect();
            let output = part.slot(entry.output);
            let Some(output) = self.blocks.get(output).map(|state| state.key.block) else {
                continue;
            };
            let op = part.ops[entry.op as usize].clone();
            self.in_flight += 1;
            out.push(Instruction::Run { task, op, output, inputs });
        }
    }

    /// Reports a failure to the session, which cancels the plan everywhere.
    fn fail(&mut self, part_key: (JobId, PlanId), failure: Failure, out: &mut Vec<Instruction>) {
        if let Some(part) = self.parts.get(&part_key) {
            let (job, plan) = part_key;
            let message = Message::Failed { job, plan, failure };
            out.push(Instruction::Send { to: part.session.clone(), message });
        }
        self.cancel(part_key, out);
    }

    /// Forgets a part: what it made or received goes, and its uses of earlier blocks are given back. Results of tasks
    /// that still run are dropped when they come.
    fn cancel(&mut self, part_key: (JobId, PlanId), out: &mut Vec<Instruction>) {
        let Some(part) = self.parts.remove(&part_key) else { return };
        let (job, plan) = part_key;
        let first = TaskRef { plan, job, task: 0 };
        let last = TaskRef { plan, job, task: u32::MAX };
        let dropped: Vec<_> = self.ready.range(first..=last).copied().collect();
        dropped.iter().for_each(|task| {
            self.ready.remove(task);
        });
        self.early.retain(|key, _| (key.job, key.plan) != (job, Some(plan)));
        for block in &part.blocks {
            let slot = block.slot;
            if block.origin != Origin::Source {
                self.free(slot, out);
            } else {
                self.with(slot, |state| {
                    state.uses -= block.reads_left + block.sends_left;
                    state.waiting.retain(|task| (task.job, task.plan) != part_key);
                    state.parked.retain(|puller| puller.plan != Some(plan));
                });
                self.free_if_unused(slot, out);
            }
        }
    }

    /// When a session goes, all of its job goes. When a node goes, the plans that still wait for a copy from it fail:
    /// their session need not see what this node sees.
    fn handle_member_down(&mut self, member: &MemberId, out: &mut Vec<Instruction>) {
        let job = JobId::of(member);
        let plans: Vec<_> = self.parts.keys().filter(|key| key.0 == job).copied().collect();
        plans.into_iter().rev().for_each(|part_key| self.cancel(part_key, out));
        for slot in self.blocks.of_job(job) {
            self.free(slot, out);
        }
        self.begun.remove(&job);
        self.early.retain(|key, members| {
            members.retain(|puller| puller != member);
            key.job != job && !members.is_empty()
        });
        let lost: Vec<_> = self
            .parts
            .iter()
            .filter_map(|(&part_key, part)| Some((part_key, self.awaited(part, member)?)))
            .collect();
        for (part_key, block) in lost.into_iter().rev() {
            let story = "the member is gone".to_owned();
            let failure = Failure::Transfer { block, from: member.clone(), story };
            self.fail(part_key, failure, out);
        }
    }

    /// A block that a part still waits for from a member.
    fn awaited(&self, part: &PartState, member: &MemberId) -> Option<BlockName> {
        let comes_from = |from: NodeId| part.nodes[from.index()] == *member;
        let waiting = part.blocks.iter().filter(|block| block.from.is_some_and(comes_from));
        let absent = waiting.filter_map(|block| self.blocks.get(block.slot));
        absent.filter(|state| !state.present).map(|state| state.key.block).next()
    }

    fn with(&mut self, slot: Slot, change: impl FnOnce(&mut super::blocks::BlockState)) {
        if let Some(state) = self.blocks.get_mut(slot) {
            change(state);
        }
    }
}
