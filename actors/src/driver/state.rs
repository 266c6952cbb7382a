//! The driver as a state machine: events in, instructions out. It knows where blocks are, and holds none.

use super::journal::{Entry, Facts, Journal};
use super::members::Course;
use super::submit::{Prepared, Queued};
use crate::block_key::BlockKey;
use crate::node::WINDOW_BLOCKS_MAX;
use crate::request::{Outcome, Reply, Request};
use crate::{
    ClusterError, JobId, Member, MemberId, Message, NodeStatus, Phase, Placed, PlanId, Progress,
};
use nums_lshs::rewrite::Rules;
use nums_lshs::{ArrayId, BlockName, policy};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Blocks that one message releases: far below the bound of a control frame.
const RELEASED_BLOCKS_MAX: usize = 4096;
/// How often a session renews its leases: several times in the length of one.
pub(crate) const RENEW_EVERY: Duration = Duration::from_secs(2);

/// What a session decides once.
#[derive(Clone, Debug)]
pub struct DriverConfig {
    /// The number V of logical places; it decides grids and so the bits of results.
    pub places: u32,
    /// The policy by name.
    pub policy: String,
    /// The rewrites of graphs before they are placed; none changes a bit of a result.
    pub rewrites: Rules,
}

/// Names a request that waits for its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RequestId(pub(crate) u64);

/// Everything that can happen to a driver.
#[derive(Debug)]
pub(crate) enum Event {
    Request {
        id: RequestId,
        request: Request,
    },
    Message {
        from: MemberId,
        message: Message,
    },
    MemberUp(Member),
    MemberDown {
        member: MemberId,
        reason: String,
    },
    /// A member is still there, but what was said to it and what it held is void.
    MemberLost {
        member: MemberId,
        reason: String,
    },
    /// Time has passed.
    Tick,
}

/// What the shell is to do, in order.
#[derive(Debug, PartialEq)]
pub(crate) enum Instruction {
    Send {
        to: MemberId,
        message: Message,
    },
    /// Send a block that the client puts.
    SendPut {
        to: MemberId,
        key: BlockKey,
    },
    /// The blocks of an array that the client has put are with the nodes, or never will be.
    ForgetPut(ArrayId),
    Reply {
        id: RequestId,
        outcome: Outcome,
    },
    /// Tell the client how far a plan is.
    Tell(Progress),
}

/// The state of a driver.
#[derive(Debug)]
pub(crate) struct State {
    pub(super) session: MemberId,
    pub(super) job: JobId,
    pub(super) config: DriverConfig,
    pub(super) facts: Facts,
    journal: Journal,
    /// What is done in the order in which it was asked for, since it depends on what was asked for before.
    pub(super) queue: VecDeque<Queued>,
    /// The plan that asks for memory, ready to begin.
    pub(super) prepared: Option<Prepared>,
    waiting: Vec<Waiting>,
    status: BTreeMap<RequestId, BTreeMap<MemberId, Option<NodeStatus>>>,
    renewed: Duration,
    refused: u64,
    /// The time of the event at hand.
    pub(super) now: Duration,
}

/// A request that waits for arrays.
#[derive(Debug)]
struct Waiting {
    id: RequestId,
    arrays: Vec<ArrayId>,
    /// When it is given up, and how long that is after it was made.
    deadline: Option<(Duration, Duration)>,
}

impl State {
    pub(crate) fn new(session: MemberId, config: DriverConfig, up: Vec<Member>) -> State {
        let mut state = State {
            job: JobId::of(&session),
            session,
            config,
            facts: Facts::default(),
            journal: Journal::new(),
            queue: VecDeque::new(),
            prepared: None,
            waiting: Vec::new(),
            status: BTreeMap::new(),
            renewed: Duration::ZERO,
            refused: 0,
            now: Duration::ZERO,
        };
        for member in up {
            state.record(Entry::MemberUp { at: Duration::ZERO, member });
        }
        state
    }

    /// Takes in an event and says what follows from it.
    pub(crate) fn handle(&mut self, now: Duration, event: Event, out: &mut Vec<Instruction>) {
        self.now = now;
        match event {
            Event::Request { id, request } => self.handle_request(id, request, out),
            Event::Message { from, message } => self.handle_message(from, message, out),
            Event::MemberUp(member) => self.record(Entry::MemberUp { at: now, member }),
            Event::MemberDown { member, reason } => {
                self.record(Entry::MemberDown { member: member.clone() });
                self.lose_member(&member, reason, out);
            }
            Event::MemberLost { member, reason } => {
                self.record(Entry::MemberLost { member: member.clone() });
                self.lose_member(&member, reason, out);
            }
            Event::Tick => self.handle_tick(out),
        }
        for to in self.facts.members.ungreeted() {
            self.record(Entry::MemberGreeted { member: to.clone() });
            out.push(Instruction::Send { to, message: Message::Hello { job: self.job } });
        }
        self.advance_queue(out);
        self.dismiss_leaving(out);
        self.answer_waiting(out);
    }

    /// Changes a fact, by way of the journal.
    pub(super) fn record(&mut self, entry: Entry) {
        self.journal.record(&mut self.facts, entry);
    }

    fn handle_request(&mut self, id: RequestId, request: Request, out: &mut Vec<Instruction>) {
        match request {
            Request::Submit(submission) => self.submit(submission, out),
            Request::Put(put) => self.put(put),
            Request::Wait { arrays, within } => {
                let deadline = within.map(|within| (self.now + within, within));
                self.waiting.push(Waiting { id, arrays, deadline });
            }
            Request::Cancel(arrays) => self.cancel(&arrays, out),
            Request::CancelAll => self.cancel_all(out),
            Request::Plans => {
                let outcome = Ok(Reply::Plans(self.facts.plans.reports()));
                out.push(Instruction::Reply { id, outcome });
            }
            Request::Release(arrays) => {
                // A plan that waits for memory may wait for just this.
                let plans = &self.facts.plans;
                let (awaited, free): (Vec<_>, Vec<_>) =
                    arrays.into_iter().partition(|&array| plans.is_awaited(array));
                self.release(&free, out);
                if !awaited.is_empty() {
                    let request = Request::Release(awaited);
                    self.queue.push_back(Queued::Request { id, request });
                }
            }
            Request::Explain(_) | Request::UsePolicy(_) | Request::Status => {
                self.queue.push_back(Queued::Request { id, request })
            }
        }
    }

    /// Carries out a request whose turn has come.
    pub(super) fn carry_out(
        &mut self,
        id: RequestId,
        request: Request,
        out: &mut Vec<Instruction>,
    ) {
        match request {
            Request::Release(arrays) => self.release(&arrays, out),
            Request::Explain(graph) => {
                let outcome = self.plan(graph).map(|(graph, plan)| {
                    let cluster = self.with_free_memory(&graph);
                    let peaks = plan.explain_peaks(&graph, &cluster, WINDOW_BLOCKS_MAX);
                    Reply::Explained(plan.explain(&graph) + &peaks)
                });
                out.push(Instruction::Reply { id, outcome });
            }
            Request::UsePolicy(name) => {
                let outcome = match policy::by_name(&name) {
                    Ok(_) => {
                        self.config.policy = name;
                        Ok(Reply::Done)
                    }
                    Err(error) => Err(error.into()),
                };
                out.push(Instruction::Reply { id, outcome });
            }
            Request::Status => {
                let nodes = self.facts.members.ready_ids();
                for to in &nodes {
                    out.push(Instruction::Send { to: to.clone(), message: Message::StatusRequest });
                }
                self.status.insert(id, nodes.into_iter().map(|node| (node, None)).collect());
                self.answer_status(out);
            }
            // These do not wait for a turn.
            Request::Submit(_)
            | Request::Put(_)
            | Request::Wait { .. }
            | Request::Cancel(_)
            | Request::CancelAll
            | Request::Plans => {}
        }
    }

    pub(super) fn release(&mut self, arrays: &[ArrayId], out: &mut Vec<Instruction>) {
        let mut released = Vec::new();
        for &array in arrays {
            let blocks = self.facts.arrays.blocks(array);
            released.extend(blocks.map(|placed| (placed.block, placed.node)));
            self.record(Entry::ArrayReleased { array });
        }
        self.release_blocks(released, out);
    }

    /// Lets go of blocks on the nodes that hold them.
    pub(super) fn release_blocks(
        &self,
        released: Vec<(BlockName, MemberId)>,
        out: &mut Vec<Instruction>,
    ) {
        let mut by_node: BTreeMap<MemberId, Vec<BlockName>> = BTreeMap::new();
        for (block, node) in released {
            by_node.entry(node).or_default().push(block);
        }
        for (to, blocks) in by_node {
            for blocks in blocks.chunks(RELEASED_BLOCKS_MAX) {
                let message = Message::Release { job: self.job, blocks: blocks.to_vec() };
                out.push(Instruction::Send { to: to.clone(), message });
            }
        }
    }

    fn handle_message(&mut self, from: MemberId, message: Message, out: &mut Vec<Instruction>) {
        if !self.may_say(&from, &message) {
            self.refused += 1;
            tracing::warn!(%from, "dropped a message that its sender may not send");
            return;
        }
        match message {
            Message::Welcome { capacity, draining } => {
                self.record(Entry::MemberReady { member: from.clone(), capacity });
                if draining {
                    let course = Course::Leaves;
                    self.record(Entry::MemberSteered { member: from, course });
                }
            }
            Message::Draining { draining, .. } => self.handle_draining(from, draining, out),
            Message::Reserved { plan, patient, answer, .. } => {
                self.handle_answer(&from, plan, patient, answer, out);
            }
            Message::Finished { plan, measured, span, .. } => {
                self.finish_part(plan, from, (measured, span), out);
            }
            Message::Pull { plan: Some(plan), blocks, .. } => {
                for block in blocks {
                    self.serve_put(from.clone(), plan, block, out);
                }
            }
            Message::Progress { plan, tasks, .. } => {
                self.record(Entry::PartAdvanced { plan, node: from, tasks });
                out.extend(self.facts.plans.progress(plan).map(Instruction::Tell));
            }
            Message::Failed { plan, failure, .. } => {
                self.fail(plan, &ClusterError::Task { node: from, failure }, out);
            }
            Message::Status(status) => {
                for nodes in self.status.values_mut() {
                    if let Some(entry) = nodes.get_mut(&from) {
                        *entry = Some(status.clone());
                    }
                }
                self.answer_status(out);
            }
            // The rest nobody may say to a driver.
            _ => {}
        }
    }

    /// Renews the leases, and gives up what is overdue.
    fn handle_tick(&mut self, out: &mut Vec<Instruction>) {
        if self.now >= self.renewed + RENEW_EVERY {
            self.renewed = self.now;
            for to in self.facts.members.ready_ids() {
                out.push(Instruction::Send { to, message: Message::Renew { job: self.job } });
            }
        }
        for (plan, after) in self.facts.plans.overdue(self.now) {
            let phase = self.phase(plan);
            self.fail(plan, &ClusterError::Timeout { phase, after }, out);
        }
    }

    /// Ends a plan and all that wait for it, on every node, the latest first.
    pub(super) fn fail(&mut self, plan: PlanId, error: &ClusterError, out: &mut Vec<Instruction>) {
        let mut drains = Vec::new();
        for dependent in self.facts.plans.with_dependents(plan) {
            let Some(state) = self.facts.plans.get(dependent) else { continue };
            let running = state.running.iter().flat_map(|running| running.predicted.keys());
            let reservation = self.facts.reservation.as_ref();
            let reserving = reservation.filter(|reservation| reservation.plan == dependent);
            let asked = reserving.into_iter().flat_map(|reservation| reservation.nodes());
            let forgotten = state.makes.iter().filter(|_| state.put);
            for to in running.chain(asked).cloned() {
                let message = Message::Cancel { job: self.job, plan: dependent };
                out.push(Instruction::Send { to, message });
            }
            out.extend(forgotten.map(|&array| Instruction::ForgetPut(array)));
            if let Some(node) = &state.drains {
                let moves = state.running.iter().flat_map(|running| running.moves.clone());
                drains.push((node.clone(), moves.collect(), dependent == plan));
            }
            self.prepared.take_if(|prepared| prepared.plan == dependent);
            self.record(Entry::PlanFailed { plan: dependent, error: error.clone() });
        }
        for (node, moves, own) in drains {
            self.fail_drain(node, moves, error, own, out);
        }
    }

    /// Gives up the plans that are to make some arrays.
    fn cancel(&mut self, arrays: &[ArrayId], out: &mut Vec<Instruction>) {
        for &array in arrays {
            if let Ok(state) = self.facts.arrays.get(array) {
                self.fail(state.plan, &ClusterError::Cancelled, out);
            }
        }
    }

    /// Gives up every plan that is not done.
    fn cancel_all(&mut self, out: &mut Vec<Instruction>) {
        for plan in self.facts.plans.open() {
            self.fail(plan, &ClusterError::Cancelled, out);
        }
    }

    /// What a member held is gone, and what it was to do will not be done.
    fn lose_member(&mut self, member: &MemberId, reason: String, out: &mut Vec<Instruction>) {
        let error = ClusterError::NodeLost { node: member.clone(), reason };
        let mut plans = self.facts.plans.touching(member);
        let reservation = self.facts.reservation.as_ref();
        let reserving = reservation.filter(|own| own.nodes().any(|node| node == member));
        plans.extend(reserving.map(|reservation| reservation.plan));
        for plan in plans {
            self.fail(plan, &error, out);
        }
        for array in self.facts.arrays.on(member) {
            self.record(Entry::ArrayLost { array, error: error.clone() });
        }
        // No answer is expected of it any more.
        self.status.values_mut().for_each(|nodes| {
            nodes.remove(member);
        });
        self.answer_status(out);
    }

    fn answer_waiting(&mut self, out: &mut Vec<Instruction>) {
        let waiting = std::mem::take(&mut self.waiting);
        for request in waiting {
            let outcome = match self.locate(&request.arrays) {
                Ok(Ok(blocks)) => Ok(Reply::Located(blocks)),
                Ok(Err(plan)) => match request.deadline {
                    Some((at, after)) if self.now >= at => {
                        Err(ClusterError::Timeout { phase: self.phase(plan), after })
                    }
                    _ => {
                        self.waiting.push(request);
                        continue;
                    }
                },
                Err(error) => Err(error),
            };
            out.push(Instruction::Reply { id: request.id, outcome });
        }
    }

    /// How far a plan is that is not done.
    fn phase(&self, plan: PlanId) -> Phase {
        let running = self.facts.plans.get(plan).is_some_and(|state| state.running.is_some());
        let reserving = self.facts.reservation.as_ref().is_some_and(|own| own.plan == plan);
        match (running, reserving) {
            (true, _) => Phase::Running,
            (false, true) => Phase::Reserving,
            (false, false) => Phase::Queued,
        }
    }

    /// The blocks of some arrays, or the first plan that still makes one of them.
    fn locate(&self, arrays: &[ArrayId]) -> Result<Result<Vec<Placed>, PlanId>, ClusterError> {
        let mut open = None;
        for &array in arrays {
            let plan = self.facts.arrays.get(array)?.plan;
            if open.is_none() && self.facts.plans.get(plan).is_some() {
                open = Some(plan);
            }
        }
        let located = arrays.iter().flat_map(|&array| self.facts.arrays.blocks(array));
        Ok(open.map_or_else(|| Ok(located.collect()), Err))
    }

    fn answer_status(&mut self, out: &mut Vec<Instruction>) {
        let order = self.facts.members.ready_ids();
        self.status.retain(|&id, nodes| {
            if nodes.values().any(Option::is_none) {
                return true;
            }
            let in_order = order.iter().filter_map(|node| nodes.get(node).cloned().flatten());
            let outcome = Ok(Reply::Status(in_order.collect()));
            out.push(Instruction::Reply { id, outcome });
            false
        });
    }

    /// Whether a member may say this. Nodes report of plans that they run, in the epoch in which they were made.
    fn may_say(&self, from: &MemberId, message: &Message) -> bool {
        let runs = |job: JobId, plan: PlanId, epoch: u64| {
            // Of a plan that is over, late reports are no offence.
            let state = self.facts.plans.get(plan);
            let running = self.facts.plans.running(plan, epoch);
            job == self.job
                && (state.is_none()
                    || running.is_some_and(|running| running.predicted.contains_key(from)))
        };
        match message {
            Message::Welcome { .. } => self.facts.members.is_greeting(from),
            Message::Reserved { job, .. }
            | Message::Pull { job, plan: Some(_), .. }
            | Message::Draining { job, .. } => {
                *job == self.job && self.facts.members.is_ready(from)
            }
            Message::Finished { job, plan, epoch, .. }
            | Message::Failed { job, plan, epoch, .. }
            | Message::Progress { job, plan, epoch, .. } => runs(*job, *plan, *epoch),
            Message::Status(_) => self.status.values().any(|nodes| nodes.contains_key(from)),
            Message::Hello { .. }
            | Message::Renew { .. }
            | Message::Reserve { .. }
            | Message::Begin { .. }
            | Message::Chunk { .. }
            | Message::Cancel { .. }
            | Message::Release { .. }
            | Message::Pull { plan: None, .. }
            | Message::PullRefused { .. }
            | Message::StatusRequest
            | Message::Drain
            | Message::DrainEnded { .. }
            | Message::Drained { .. } => false,
        }
    }
}

#[cfg(test)]
impl State {
    /// Whether the journal alone gives what is known.
    pub(crate) fn replays(&self) -> bool {
        self.journal.replay() == self.facts
    }

    /// Where a block is.
    pub(crate) fn holder(&self, block: BlockName) -> Option<&MemberId> {
        self.facts.arrays.holder(block).ok()
    }

    /// Messages that their senders may not send.
    pub(crate) fn refused(&self) -> u64 {
        self.refused
    }

    /// Arrays and their blocks.
    pub(crate) fn arrays(&self) -> usize {
        self.facts.arrays.weight()
    }

    /// Plans, reservations and requests that are not done.
    pub(crate) fn open(&self) -> usize {
        let reservation = usize::from(self.facts.reservation.is_some());
        self.facts.plans.len() + reservation + self.queue.len() + self.waiting.len()
    }
}
