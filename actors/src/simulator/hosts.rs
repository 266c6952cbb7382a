//! The members of a run: machines with the links and stores that their shells have.

use super::faults::Bug;
use super::network::{Arrival, Network};
use crate::block_key::BlockKey;
use crate::driver::state as driver;
use crate::link::{Accepted, Linked, Links, NODE_SILENCE_MAX, Packet, SESSION_SILENCE_MAX, TICK};
use crate::node::{Waiting, state as node};
use crate::request::{Outcome, Request};
use crate::{Failure, JobId, Member, MemberId, Message};
use nums_kernels::{Alone, Block, Buffer, execute_with};
use nums_lshs::{ArrayId, BlockName};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// A member.
#[derive(Debug)]
pub(super) enum Host {
    Node(Box<NodeHost>),
    Session(Box<SessionHost>),
}

/// A node with its store; kernels run when their tasks start, and are done some time later.
#[derive(Debug)]
pub(super) struct NodeHost {
    pub(super) id: MemberId,
    pub(super) state: node::State,
    pub(super) links: Links,
    pub(super) store: Vec<Option<Arc<Block>>>,
    pub(super) course: Course,
    /// The others have heard that it is gone.
    closed: bool,
    /// Its process was started again.
    pub(super) restarted: bool,
    /// The nodes that it was told to have leave, and where it hears how that ends.
    pub(super) drains: Vec<(MemberId, oneshot::Receiver<Result<(), String>>)>,
    waiting: Waiting,
    /// The other nodes.
    others: Vec<Member>,
    freed: u64,
    limits: node::Limits,
}

/// What becomes of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    Stays,
    /// It has left, when nothing needed it any more.
    Drained,
    Crashed,
}

/// A session with its client, which reads blocks and asks again for those that do not come.
#[derive(Debug)]
pub(super) struct SessionHost {
    pub(super) id: MemberId,
    pub(super) state: driver::State,
    pub(super) links: Links,
    pub(super) outcomes: BTreeMap<u64, Outcome>,
    pub(super) reads: BTreeMap<BlockName, Read>,
    pub(super) blocks: BTreeMap<BlockName, Arc<Block>>,
    /// The blocks that are put and may still be asked for.
    pub(super) uploads: BTreeMap<ArrayId, Vec<Arc<Block>>>,
    last_request: u64,
    /// The session has gone: it says nothing more.
    pub(super) gone: bool,
}

/// A block that is read.
#[derive(Debug)]
pub(super) struct Read {
    from: MemberId,
    again_at: Duration,
}

/// The number of the first stream of a node that was started again, above those of its former self.
const LATER_STREAMS: u64 = 1 << 32;
/// How long a client waits for a block before it asks again.
const ASK_AGAIN: Duration = Duration::from_secs(2);

impl Host {
    pub(super) fn links(&self) -> &Links {
        match self {
            Host::Node(node) => &node.links,
            Host::Session(session) => &session.links,
        }
    }

    /// Whether it is a node that has gone since this was asked last.
    pub(super) fn goes(&mut self) -> bool {
        let Host::Node(node) = self else { return false };
        let goes = node.course != Course::Stays && !node.closed;
        node.closed |= goes;
        goes
    }

    pub(super) fn arrive(&mut self, arrival: Arrival, network: &mut Network) {
        match self {
            Host::Node(node) if node.course != Course::Stays => {}
            Host::Node(node) => node.arrive(arrival, network),
            Host::Session(session) if session.gone => {}
            Host::Session(session) => session.arrive(arrival, network),
        }
    }
}

/// What a packet brings. With the defect, a message that comes twice is delivered twice.
fn accept(links: &mut Links, from: &MemberId, packet: Packet, network: &Network) -> Accepted {
    let again = match &packet {
        Packet::Linked(Linked { message: Some((_, message)), .. }) => Some(message.clone()),
        _ => None,
    };
    let mut accepted = links.accept(network.now, from, packet);
    if network.faults.bug == Some(Bug::Deduplication) && accepted.messages.is_empty() {
        accepted.messages.extend(again);
    }
    accepted
}

impl NodeHost {
    pub(super) fn new(id: MemberId, others: Vec<Member>, limits: node::Limits) -> NodeHost {
        let mut state = node::State::new(limits);
        for other in &others {
            // Nothing follows from it.
            let event = node::Event::MemberUp(other.clone());
            state.handle(Duration::ZERO, event, &mut Vec::new());
        }
        NodeHost {
            id,
            state,
            links: Links::new(0, SESSION_SILENCE_MAX),
            store: Vec::new(),
            course: Course::Stays,
            closed: false,
            restarted: false,
            drains: Vec::new(),
            waiting: Waiting::default(),
            others,
            freed: 0,
            limits,
        }
    }

    fn arrive(&mut self, arrival: Arrival, network: &mut Network) {
        match arrival {
            Arrival::Packet { from, packet } => {
                let accepted = accept(&mut self.links, &from, packet, network);
                if accepted.anew {
                    self.waiting.lose(&from, "it restarted");
                    self.advance(
                        node::Event::MemberLost { member: from.clone() },
                        Vec::new(),
                        network,
                    );
                }
                for message in accepted.messages {
                    if let Message::DrainEnded { outcome } = &message
                        && self.waiting.tell(&from, outcome)
                    {
                        continue;
                    }
                    self.advance(
                        node::Event::Message { from: from.clone(), message },
                        Vec::new(),
                        network,
                    );
                }
            }
            Arrival::Block { key, block } => {
                let bytes = block.bytes().len() as u64;
                self.advance(node::Event::BlockArrived { key, bytes }, vec![Some(block)], network);
            }
            Arrival::Damaged { from, key } => {
                let reason = "its checksum does not fit".to_owned();
                self.advance(node::Event::BlockFailed { from, key, reason }, Vec::new(), network);
            }
            Arrival::Done { task, blocks } => {
                self.advance(node::Event::TasksDone(vec![task]), blocks, network);
            }
            Arrival::Restart => {
                network.counters.restarted += 1;
                network.forget_workers(&self.id);
                *self = NodeHost::new(self.id.clone(), self.others.clone(), self.limits);
                self.links = Links::new(LATER_STREAMS, SESSION_SILENCE_MAX);
                self.restarted = true;
            }
            Arrival::Crash => {
                network.counters.crashed += 1;
                self.course = Course::Crashed;
            }
            Arrival::Drain { node } => self.have_leave(node, network),
            Arrival::Down { member } => {
                self.others.retain(|other| other.id != member);
                self.member_down(&member, network);
            }
            Arrival::Tick => {
                let due = self.links.tick(network.now);
                for (to, packet) in due.packets {
                    network.send(&self.id, &to, packet);
                }
                for member in due.silent {
                    self.waiting.lose(&member, "it does not acknowledge messages");
                    self.advance(node::Event::MemberLost { member }, Vec::new(), network);
                }
                self.advance(node::Event::Tick, Vec::new(), network);
                network.after(TICK, &self.id, Arrival::Tick);
            }
        }
    }

    /// The transport says that a member has gone.
    pub(super) fn member_down(&mut self, member: &MemberId, network: &mut Network) {
        self.links.forget(network.now, member);
        self.waiting.lose(member, "it is gone");
        self.advance(node::Event::MemberDown { member: member.clone() }, Vec::new(), network);
    }

    fn have_leave(&mut self, node: MemberId, network: &mut Network) {
        let (answer, outcome) = oneshot::channel();
        self.drains.push((node.clone(), outcome));
        if node != self.id && !self.state.knows_node(&node) {
            // It has gone already.
            let _ = answer.send(Err("no node of the cluster".to_owned()));
            return;
        }
        self.waiting.add(node.clone(), answer);
        if node == self.id {
            self.advance(node::Event::DrainAsked, Vec::new(), network);
        } else {
            let packet = self.links.post(network.now, &node, Message::Drain);
            network.send(&self.id, &node, packet);
        }
    }

    fn advance(
        &mut self,
        event: node::Event,
        mut incoming: Vec<Option<Arc<Block>>>,
        network: &mut Network,
    ) {
        let mut out = Vec::new();
        self.state.handle(network.now, event, &mut out);
        if network.faults.bug == Some(Bug::Leave) && self.state.is_draining() {
            self.course = Course::Drained;
        }
        for instruction in out {
            match instruction {
                node::Instruction::Run { task, weight, op, output, inputs } => {
                    let inputs = inputs.into_iter().filter_map(|input| {
                        let stored = &mut self.store[input.slot.index()];
                        if input.take { stored.take() } else { stored.clone() }
                    });
                    let made = execute_with(&op, inputs.collect(), &Alone, &mut Buffer::zeroed);
                    let (blocks, result) = match made {
                        Ok(given) => {
                            let count = given.len() as u32;
                            (given.into_iter().map(Arc::new).map(Some).collect(), Ok(count))
                        }
                        Err(error) => {
                            let op = op.to_string();
                            (Vec::new(), Err(Failure::Kernel { block: output, op, error }))
                        }
                    };
                    let pause = Duration::from_micros(100 + network.random.below(20_000));
                    let task = node::TaskDone { task, weight, took: pause, result };
                    network.after(pause, &self.id, Arrival::Done { task, blocks });
                }
                node::Instruction::Store { slot, position } => {
                    if self.store.len() <= slot.index() {
                        self.store.resize(slot.index() + 1, None);
                    }
                    self.store[slot.index()] = incoming[position].take();
                }
                node::Instruction::Free(slot) => {
                    self.freed += 1;
                    let skipped =
                        network.faults.bug == Some(Bug::Free) && self.freed.is_multiple_of(7);
                    if let Some(stored) = self.store.get_mut(slot.index()).filter(|_| !skipped) {
                        *stored = None;
                    }
                }
                node::Instruction::Send { to, message } => {
                    let packet = self.links.post(network.now, &to, message);
                    network.send(&self.id, &to, packet);
                }
                node::Instruction::Forget(member) => self.links.forget(network.now, &member),
                node::Instruction::DrainEnded(outcome) => {
                    self.waiting.tell(&self.id, &outcome);
                    if outcome.is_ok() {
                        self.course = Course::Drained;
                    }
                }
                node::Instruction::SendBlock { to, key, slot } => {
                    let block = self.store[slot.index()].clone().unwrap();
                    network.send_block(&self.id, &to, key, block);
                }
            }
        }
    }
}

impl SessionHost {
    pub(super) fn new(id: MemberId, state: driver::State) -> SessionHost {
        SessionHost {
            id,
            state,
            links: Links::new(0, NODE_SILENCE_MAX),
            outcomes: BTreeMap::new(),
            reads: BTreeMap::new(),
            blocks: BTreeMap::new(),
            uploads: BTreeMap::new(),
            last_request: 0,
            gone: false,
        }
    }

    /// Makes a request; its outcome, if it has one, is kept under its number.
    pub(super) fn request(&mut self, request: Request, network: &mut Network) -> u64 {
        self.last_request += 1;
        let id = driver::RequestId(self.last_request);
        self.advance(driver::Event::Request { id, request }, network);
        self.last_request
    }

    /// Reads a block from a node.
    pub(super) fn read(&mut self, block: BlockName, from: MemberId, network: &mut Network) {
        self.ask(block, &from, network);
        self.reads.insert(block, Read { from, again_at: network.now + ASK_AGAIN });
    }

    fn ask(&self, block: BlockName, from: &MemberId, network: &mut Network) {
        let job = JobId::of(&self.id);
        let message = Message::Pull { job, plan: None, blocks: vec![block], received: Vec::new() };
        network.send(&self.id, from, Packet::Loose(message));
    }

    fn arrive(&mut self, arrival: Arrival, network: &mut Network) {
        match arrival {
            Arrival::Packet { packet: Packet::Loose(_), .. } | Arrival::Damaged { .. } => {}
            Arrival::Packet { from, packet } => {
                let accepted = accept(&mut self.links, &from, packet, network);
                if accepted.anew {
                    let (member, reason) = (from.clone(), "it restarted".to_owned());
                    self.advance(driver::Event::MemberLost { member, reason }, network);
                }
                for message in accepted.messages {
                    self.advance(driver::Event::Message { from: from.clone(), message }, network);
                }
            }
            Arrival::Block { key: BlockKey { block: name, .. }, block } => {
                if self.reads.remove(&name).is_some() {
                    self.blocks.insert(name, block);
                }
            }
            Arrival::Down { member } => {
                self.links.forget(network.now, &member);
                let reason = "the connection closed".to_owned();
                self.advance(driver::Event::MemberDown { member, reason }, network);
            }
            Arrival::Done { .. } | Arrival::Restart | Arrival::Crash | Arrival::Drain { .. } => {}
            Arrival::Tick => {
                let due = self.links.tick(network.now);
                for (to, packet) in due.packets {
                    network.send(&self.id, &to, packet);
                }
                for member in due.silent {
                    let reason = "it is silent".to_owned();
                    self.advance(driver::Event::MemberLost { member, reason }, network);
                }
                self.advance(driver::Event::Tick, network);
                let late = self.reads.iter_mut().filter(|(_, read)| read.again_at <= network.now);
                let late: Vec<_> = late
                    .map(|(&block, read)| {
                        read.again_at = network.now + ASK_AGAIN;
                        // A node that has left has handed it on.
                        if let Some(holder) = self.state.holder(block) {
                            read.from = holder.clone();
                        }
                        (block, read.from.clone())
                    })
                    .collect();
                late.into_iter().for_each(|(block, from)| self.ask(block, &from, network));
                network.after(TICK, &self.id, Arrival::Tick);
            }
        }
    }

    fn advance(&mut self, event: driver::Event, network: &mut Network) {
        let mut out = Vec::new();
        self.state.handle(network.now, event, &mut out);
        for instruction in out {
            match instruction {
                driver::Instruction::Send { to, message } => {
                    let packet = self.links.post(network.now, &to, message);
                    network.send(&self.id, &to, packet);
                }
                driver::Instruction::Reply { id, outcome } => {
                    self.outcomes.insert(id.0, outcome);
                }
                driver::Instruction::SendPut { to, key } => {
                    let blocks = self.uploads.get(&key.block.array);
                    let block = blocks.map(|blocks| blocks[key.block.index as usize].clone());
                    if let Some(block) = block {
                        network.send_block(&self.id, &to, key, block);
                    }
                }
                driver::Instruction::ForgetPut(array) => {
                    self.uploads.remove(&array);
                }
                driver::Instruction::Tell(_) => {}
            }
        }
    }
}
