//! The NodeActor: a shell around the node's state machine. It owns the block store and the workers.

mod authority;
mod blocks;
mod copies;
mod crew;
mod dispatch;
mod drain;
mod end;
mod fetch;
#[cfg(test)]
pub(crate) mod inventory;
mod jobs;
mod leave;
mod load;
mod memory;
mod part;
#[cfg(test)]
pub(crate) mod planted;
mod progress;
mod ready;
mod reservations;
mod serve;
pub(crate) mod state;
mod store;
#[cfg(test)]
mod tests;
mod workers;

use crate::budget::Budget;
use crate::clock::{self, Clock, Tick};
use crate::link::{Links, Packet, SESSION_SILENCE_MAX};
use crate::message::NodeStatus;
use crate::pool::BufferPool;
use crate::transport::{Inbound, Inbox, KeyedBlock, Transport};
use crate::{ClusterError, MemberId, Message};
pub(crate) use memory::Allowance;

use blocks::Slot;
use kameo::Actor;
use kameo::actor::{ActorRef, Spawn, WeakActorRef};
use kameo::error::ActorStopReason;
use kameo::mailbox;
use kameo::message::{Context, Message as Handles};
pub(crate) use leave::Waiting;
#[cfg(feature = "cluster")]
pub(crate) use leave::{DrainAsked, DrainAwaited};
use nums_kernels::{Alone, Block};
use ready::BATCH_WEIGHT;
use state::{Event, Input, Instruction, Limits, State, TaskDone};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::sync::mpsc;
use workers::{Batch, Done, Work, Workers};

/// Deliveries that wait at a node; senders are held back beyond that.
const MAILBOX_LEN_MAX: usize = 1024;
/// Copies of remote blocks that a part holds or has asked for at a time.
pub(crate) const WINDOW_BLOCKS_MAX: usize = 16;
/// Rounds of small tasks that a node runs itself before it turns to its mailbox again.
const SMALL_IN_A_ROW_MAX: usize = 64;
/// A shorter lease would run out when a word or two of a session are late.
const LEASE_MIN: Duration = Duration::from_secs(5);

/// The configuration of a node.
#[derive(Clone, Copy, Debug)]
pub struct NodeConfig {
    /// Worker threads.
    pub workers: usize,
    /// The byte budget of the block store. A plan that exceeds it waits or is refused.
    pub memory_bytes: u64,
    /// How long the node keeps the state of a session without a message from it. At least five seconds, because sessions
    /// renew their lease every two seconds.
    pub lease: Duration,
}

impl NodeConfig {
    /// A node with the given number of workers, the default memory of a single node in its process, and leases of one
    /// minute.
    pub fn new(workers: usize) -> NodeConfig {
        let memory_bytes = Budget::default().bytes(1);
        NodeConfig { workers, memory_bytes, lease: SESSION_SILENCE_MAX }
    }
}

/// The actor of a node.
pub(crate) struct NodeActor {
    state: State,
    store: Store,
    workers: Box<dyn Workers>,
    pool: Arc<BufferPool>,
    transport: Arc<dyn Transport>,
    clock: Clock,
    links: Links,
    /// Where the answers of other nodes go.
    answers: Option<mpsc::Sender<(MemberId, NodeStatus)>>,
    /// Who waits for a node to be drained.
    waiting: Waiting,
    /// Reused from event to event.
    instructions: Vec<Instruction>,
    #[cfg(test)]
    seen: inventory::Seen,
}

/// Starts a node; whether it did start is known when its actor says so. The memory of its blocks comes from the pool.
pub(crate) fn start(
    config: NodeConfig,
    pool: Arc<BufferPool>,
    transport: Arc<dyn Transport>,
) -> ActorRef<NodeActor> {
    NodeActor::spawn_with_mailbox((config, pool, transport), mailbox::bounded(MAILBOX_LEN_MAX))
}

/// Waits until a node has started.
///
/// # Errors
/// When it could not, for example for want of threads.
pub(crate) async fn started(node: &ActorRef<NodeActor>) -> Result<(), ClusterError> {
    let started = node.wait_for_startup_result().await;
    started.map_err(|error| ClusterError::Join(format!("a node did not start: {error}")))
}

/// Delivers into the mailbox of a node.
pub(crate) struct NodeInbox(pub(crate) ActorRef<NodeActor>);

impl Inbox for NodeInbox {
    fn deliver(&self, inbound: Inbound) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            // A node that has stopped takes nothing more in.
            let _ = self.0.tell(inbound).send().await;
        })
    }
}

impl Actor for NodeActor {
    type Args = (NodeConfig, Arc<BufferPool>, Arc<dyn Transport>);
    type Error = ClusterError;

    async fn on_start(
        (config, pool, transport): Self::Args,
        own: ActorRef<Self>,
    ) -> Result<Self, ClusterError> {
        if config.lease < LEASE_MIN {
            let reason =
                format!("expected leases of at least {LEASE_MIN:?}, got {:?}", config.lease);
            return Err(ClusterError::Join(reason));
        }
        let node: WeakActorRef<Self> = own.downgrade();
        let report = move |done: Vec<Done>| {
            // The node never waits for its workers, so a worker may wait for its mailbox.
            if let Some(node) = node.upgrade() {
                let _ = node.tell(Results(done)).blocking_send();
            }
        };
        let workers = workers::start(config.workers, pool.clone(), report)
            .map_err(|error| ClusterError::Join(format!("the workers did not start: {error}")))?;
        let limits = Limits {
            weight_in_flight_max: 2 * config.workers as u64 * BATCH_WEIGHT,
            window_blocks_max: WINDOW_BLOCKS_MAX,
            workers: config.workers as u32,
            memory_bytes: config.memory_bytes,
            lease: config.lease,
        };
        clock::tick(own.downgrade());
        Ok(NodeActor {
            state: State::new(limits),
            store: Store::default(),
            workers: Box::new(workers),
            pool,
            transport,
            clock: Clock::start(),
            links: Links::new(clock::first_stream(), SESSION_SILENCE_MAX),
            answers: None,
            waiting: Waiting::default(),
            instructions: Vec::new(),
            #[cfg(test)]
            seen: inventory::Seen::default(),
        })
    }

    /// When the actor of a node stops for any reason, the node leaves the cluster, and the other members notice.
    async fn on_stop(
        &mut self,
        _: WeakActorRef<Self>,
        reason: ActorStopReason,
    ) -> Result<(), ClusterError> {
        if !reason.is_normal() {
            tracing::error!(%reason, "the node has stopped");
        }
        self.transport.leave().await;
        Ok(())
    }
}

impl Handles<Inbound> for NodeActor {
    type Reply = ();

    async fn handle(&mut self, inbound: Inbound, _: &mut Context<Self, ()>) {
        match inbound {
            Inbound::MemberUp(member) => self.advance(Event::MemberUp(member), &mut []),
            Inbound::MemberDown { member, reason } => {
                tracing::info!(%member, %reason, "a member left or was lost");
                self.links.forget(self.clock.now(), &member);
                self.waiting.lose(&member, &reason);
                self.advance(Event::MemberDown { member }, &mut []);
                self.trim();
            }
            Inbound::Packets { from, packets } => {
                for packet in packets {
                    self.accept(&from, packet);
                }
            }
            Inbound::Blocks(blocks) => {
                for (key, block) in blocks {
                    let bytes = block.bytes().len() as u64;
                    self.advance(Event::BlockArrived { key, bytes }, &mut [Some(block)]);
                }
            }
            Inbound::BlockFailed { from, key, reason } => {
                self.advance(Event::BlockFailed { from, key, reason }, &mut []);
            }
        }
    }
}

impl Handles<Tick> for NodeActor {
    type Reply = ();

    async fn handle(&mut self, _: Tick, _: &mut Context<Self, ()>) {
        let due = self.links.tick(self.clock.now());
        due.packets.into_iter().for_each(|(to, packet)| self.send_packet(&to, packet));
        for member in due.silent {
            tracing::warn!(%member, "a member does not acknowledge messages and counts as lost");
            self.waiting.lose(&member, "it does not acknowledge messages");
            self.advance(Event::MemberLost { member }, &mut []);
        }
        self.advance(Event::Tick, &mut []);
        self.trim();
    }
}

/// A status request for these nodes by the process of this node, which is one of them.
pub(crate) struct StatusAsked {
    pub(crate) nodes: Vec<MemberId>,
    pub(crate) answers: mpsc::Sender<(MemberId, NodeStatus)>,
}

impl Handles<StatusAsked> for NodeActor {
    type Reply = ();

    async fn handle(&mut self, asked: StatusAsked, _: &mut Context<Self, ()>) {
        let StatusAsked { nodes, answers } = asked;
        for node in nodes {
            if node == *self.transport.local() {
                let _ = answers.try_send((node, self.status()));
            } else {
                self.send(self.clock.now(), &node, Message::StatusRequest);
            }
        }
        // Who asked before gets no more answers.
        self.answers = Some(answers);
    }
}

/// What a worker has made of the tasks of a message.
struct Results(Vec<Done>);

impl Handles<Results> for NodeActor {
    type Reply = ();

    async fn handle(&mut self, Results(results): Results, _: &mut Context<Self, ()>) {
        let (event, mut blocks) = done(results);
        self.advance(event, &mut blocks);
    }
}

/// The event that tasks are done, and the blocks that come with it.
fn done(results: Vec<Done>) -> (Event, Vec<Option<Arc<Block>>>) {
    let mut blocks = Vec::with_capacity(results.len());
    let done = |Done { task, weight, took, result }| {
        let result = result.map(|given| {
            let count = given.len() as u32;
            blocks.extend(given.into_iter().map(|block| Some(Arc::new(block))));
            count
        });
        TaskDone { task, weight, took, result }
    };
    (Event::TasksDone(results.into_iter().map(done).collect()), blocks)
}

impl NodeActor {
    fn accept(&mut self, from: &MemberId, packet: Packet) {
        let accepted = self.links.accept(self.clock.now(), from, packet);
        if accepted.anew {
            self.waiting.lose(from, "it restarted");
            self.advance(Event::MemberLost { member: from.clone() }, &mut []);
        }
        for message in accepted.messages {
            if message == Message::StatusRequest {
                self.send(self.clock.now(), from, Message::Status(self.status()));
                continue;
            }
            if let Message::Status(status) = message {
                if let Some(answers) = &self.answers {
                    let _ = answers.try_send((from.clone(), status));
                }
                continue;
            }
            if let Message::DrainEnded { outcome } = &message
                && self.waiting.tell(from, outcome)
            {
                continue;
            }
            self.advance(Event::Message { from: from.clone(), message }, &mut []);
        }
    }

    /// Feeds an event to the state machine and carries out what follows. `incoming` are the blocks that came with it.
    ///
    /// Tasks that are done sooner than a worker wakes are run here, and so are those that they make ready, for a while:
    /// sums of short vectors come one after the other.
    fn advance(&mut self, event: Event, incoming: &mut [Option<Arc<Block>>]) {
        let mut small = self.step(event, incoming);
        for _ in 0..SMALL_IN_A_ROW_MAX {
            if small.is_empty() {
                return;
            }
            let (event, mut blocks) = done(workers::run(small, &Alone, &self.pool));
            small = self.step(event, &mut blocks);
        }
        if !small.is_empty() {
            self.workers.submit(small);
        }
    }

    /// Feeds an event to the state machine, and carries out what follows but for some small tasks, which it gives.
    fn step(&mut self, event: Event, incoming: &mut [Option<Arc<Block>>]) -> Vec<Work> {
        let now = self.clock.now();
        let mut instructions = std::mem::take(&mut self.instructions);
        self.state.handle(now, event, &mut instructions);
        let mut undelivered = Vec::new();
        let mut leaving: Vec<(MemberId, Vec<KeyedBlock>)> = Vec::new();
        let mut batch = Batch::default();
        for instruction in instructions.drain(..) {
            match instruction {
                Instruction::Run { task, weight, op, output, inputs } => {
                    let inputs = inputs.into_iter().filter_map(|input| self.input(input)).collect();
                    batch.push(Work { task, weight, op, output, inputs }, self.workers.as_ref());
                }
                Instruction::Store { slot, position } => {
                    let block = incoming.get_mut(position).and_then(Option::take);
                    self.put(slot, block);
                }
                Instruction::Free(slot) => drop(self.store.take(slot)),
                Instruction::Send { to, message } => self.send(now, &to, message),
                Instruction::Forget(member) => self.links.forget(now, &member),
                Instruction::DrainEnded(outcome) => {
                    self.waiting.tell(self.transport.local(), &outcome);
                }
                Instruction::SendBlock { to, key, slot } => match self.store.get(slot) {
                    Some(block) => match leaving.last_mut() {
                        Some((last, blocks)) if *last == to => blocks.push((key, block)),
                        _ => leaving.push((to, vec![(key, block)])),
                    },
                    None => {
                        let reason = ClusterError::UnknownArray(key.block.array.0).to_string();
                        undelivered.push(Event::NotSent { to, key, reason });
                    }
                },
            }
        }
        let mut small = batch.finish(self.workers.as_ref());
        for (to, blocks) in leaving {
            for (key, error) in self.transport.send_blocks(&to, blocks) {
                let reason = error.to_string();
                undelivered.push(Event::NotSent { to: to.clone(), key, reason });
            }
        }
        self.instructions = instructions;
        for event in undelivered {
            small.extend(self.step(event, &mut []));
        }
        small
    }

    fn input(&mut self, Input { slot, take }: Input) -> Option<Arc<Block>> {
        if take { self.store.take(slot) } else { self.store.get(slot) }
    }

    fn put(&mut self, slot: Slot, block: Option<Arc<Block>>) {
        #[cfg(test)]
        self.seen.enter(block.as_ref());
        self.store.put(slot, block);
    }

    /// Without a session there is no use for memory in reserve.
    fn trim(&self) {
        if self.state.is_idle() {
            self.pool.clear();
        }
    }

    fn send(&mut self, now: Duration, to: &MemberId, message: Message) {
        let packet = self.links.post(now, to, message);
        self.send_packet(to, packet);
    }

    /// What cannot be sent now is sent again by its link, until it is acknowledged or the member is given up.
    fn send_packet(&self, to: &MemberId, packet: Packet) {
        if let Err(error) = self.transport.send(to, packet) {
            tracing::warn!(%error, "a message could not be sent");
        }
    }

    fn status(&self) -> NodeStatus {
        let traffic = self.transport.traffic();
        let (blocks, stored_bytes) = self.state.stored();
        NodeStatus {
            name: self.transport.local().to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            tasks: self.state.tasks_run(),
            bytes_in: traffic.bytes_in,
            bytes_out: traffic.bytes_out,
            messages_out: traffic.messages_out,
            stored_bytes,
            memory_bytes: self.state.memory_bytes(),
            blocks,
            refused: self.state.refused(),
        }
    }
}
