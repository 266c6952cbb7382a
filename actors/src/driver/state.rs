//! The driver as a state machine: events in, instructions out. It knows where blocks are, and holds none.

use super::arrays::Arrays;
use super::members::Members;
use super::plans::{PlanState, Plans};
use crate::part::{Part, compile, upload};
use crate::request::{Outcome, Put, Reply, Request};
use crate::wire::BlockKey;
use crate::{ClusterError, JobId, Measured, Member, MemberId, Message, NodeStatus, PlanId};
use nums_lshs::rewrite::{self, Rules};
use nums_lshs::{ArrayId, BlockName, Plan, PlanError, TaskGraph, policy};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Blocks that one message releases: far below the bound of a control frame.
const RELEASED_BLOCKS_MAX: usize = 4096;

/// What stands in a report in place of a policy when the client has put an array.
const PUT: &str = "put";

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
}

/// The state of a driver.
#[derive(Debug)]
pub(crate) struct State {
    session: MemberId,
    job: JobId,
    config: DriverConfig,
    members: Members,
    arrays: Arrays,
    plans: Plans,
    waiting: Vec<(RequestId, Vec<ArrayId>)>,
    status: BTreeMap<RequestId, BTreeMap<MemberId, Option<NodeStatus>>>,
    /// The time of the event at hand.
    now: Duration,
}

impl State {
    pub(crate) fn new(session: MemberId, config: DriverConfig, up: Vec<Member>) -> State {
        let mut members = Members::default();
        up.into_iter().for_each(|member| members.up(member));
        State {
            job: JobId::of(&session),
            session,
            config,
            members,
            arrays: Arrays::default(),
            plans: Plans::default(),
            waiting: Vec::new(),
            status: BTreeMap::new(),
            now: Duration::ZERO,
        }
    }

    /// Takes in an event and says what follows from it.
    pub(crate) fn handle(&mut self, now: Duration, event: Event, out: &mut Vec<Instruction>) {
        self.now = now;
        match event {
            Event::Request { id, request } => self.handle_request(id, request, out),
            Event::Message { from, message } => self.handle_message(from, message, out),
            Event::MemberUp(member) => self.members.up(member),
            Event::MemberDown { member, reason } => self.handle_member_down(member, reason, out),
            Event::MemberLost { member, reason } => {
                let lost = self.members.get(&member);
                self.handle_member_down(member, reason, out);
                lost.into_iter().for_each(|member| self.members.up(member));
            }
            Event::Tick => {}
        }
        self.answer_waiting(out);
    }

    fn handle_request(&mut self, id: RequestId, request: Request, out: &mut Vec<Instruction>) {
        match request {
            Request::Submit(graph) => self.submit(graph, out),
            Request::Put(put) => self.put(put, out),
            Request::Wait(arrays) => self.waiting.push((id, arrays)),
            Request::Release(arrays) => self.release(&arrays, out),
            Request::Explain(graph) => {
                let planned = self.plan(graph);
                let outcome = planned.map(|(graph, plan)| Reply::Explained(plan.explain(&graph)));
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
                let nodes = self.members.ids();
                for to in &nodes {
                    out.push(Instruction::Send { to: to.clone(), message: Message::StatusRequest });
                }
                self.status.insert(id, nodes.into_iter().map(|node| (node, None)).collect());
                self.answer_status(out);
            }
            Request::Plans => {
                let outcome = Ok(Reply::Plans(self.plans.reports()));
                out.push(Instruction::Reply { id, outcome });
            }
        }
    }

    /// Plans a graph and ships each node its part. What goes wrong is remembered with the arrays.
    fn submit(&mut self, graph: TaskGraph, out: &mut Vec<Instruction>) {
        let makes: BTreeSet<_> = kept_blocks(&graph).map(|block| block.array).collect();
        let (graph, plan) = match self.plan(graph) {
            Ok(planned) => planned,
            Err(error) => {
                makes.into_iter().for_each(|array| self.arrays.insert_lost(array, error.clone()));
                return;
            }
        };
        let id = self.plans.next_id();
        let nodes = self.members.ids();
        let reads = graph.vertices().filter(|&vertex| graph.is_source(vertex));
        let reads = reads.map(|vertex| graph.name(vertex).array).collect();
        for (block, node) in plan.kept(&graph) {
            self.arrays.insert(block, nodes[node.index()].clone(), id);
        }
        let mut predicted = BTreeMap::new();
        for (number, part) in plan.parts.iter().enumerate() {
            if part.steps.is_empty() {
                continue;
            }
            let to = nodes[number].clone();
            let loads = part.loads;
            let costs = Measured {
                bytes_in: loads.bytes_in,
                bytes_out: loads.bytes_out,
                tasks: loads.tasks,
            };
            predicted.insert(to.clone(), costs);
            let compiled = compile(&graph, &plan, nums_lshs::NodeId(number as u32));
            self.ship(&to, id, nodes.clone(), compiled, out);
        }
        if predicted.is_empty() {
            return;
        }
        let policy = plan.policy;
        let measured = BTreeMap::new();
        let puts = BTreeMap::new();
        self.plans.insert(id, PlanState { policy, predicted, measured, reads, makes, puts });
    }

    /// Sends a node its part of a plan.
    fn ship(
        &self,
        to: &MemberId,
        plan: PlanId,
        nodes: Vec<MemberId>,
        part: Part,
        out: &mut Vec<Instruction>,
    ) {
        let Part { chunks, tasks, sends, uploads } = part;
        let job = self.job;
        let mut send = |message| out.push(Instruction::Send { to: to.clone(), message });
        send(Message::Begin { job, plan, nodes, tasks, sends, uploads });
        for chunk in chunks {
            send(Message::Chunk { job, plan, chunk });
        }
    }

    /// Tells the nodes that own the places of an array's blocks to take them over from the client. That is a plan like
    /// any other: later plans may read the array at once, and it fails as a whole.
    fn put(&mut self, Put { array, blocks }: Put, out: &mut Vec<Instruction>) {
        let nodes = self.members.ids();
        if nodes.is_empty() {
            self.arrays.insert_lost(array, PlanError::NoNodes.into());
            out.push(Instruction::ForgetPut(array));
            return;
        }
        if blocks.is_empty() {
            out.push(Instruction::ForgetPut(array));
            return;
        }
        let owners = self.members.cluster(self.config.places).owners();
        let id = self.plans.next_id();
        let mut puts = BTreeMap::new();
        let mut parts: BTreeMap<&MemberId, Vec<(BlockName, u64)>> = BTreeMap::new();
        for (&(place, bytes), index) in blocks.iter().zip(0..) {
            // The places of a session are those that it builds its layouts with.
            let owner = owners.get(place.0 as usize).or(owners.last());
            let node = owner.map_or(&nodes[0], |owner| &nodes[owner.index()]);
            let name = BlockName { array, index };
            self.arrays.insert(name, node.clone(), id);
            puts.insert(name, node.clone());
            parts.entry(node).or_default().push((name, bytes));
        }
        let mut predicted = BTreeMap::new();
        for (to, blocks) in parts {
            let bytes_in = blocks.iter().map(|(_, bytes)| bytes).sum();
            predicted.insert(to.clone(), Measured { bytes_in, ..Measured::default() });
            self.ship(to, id, vec![self.session.clone()], upload(&blocks), out);
        }
        let (policy, measured) = (PUT.to_owned(), BTreeMap::new());
        let (reads, makes) = (BTreeSet::new(), BTreeSet::from([array]));
        self.plans.insert(id, PlanState { policy, predicted, measured, reads, makes, puts });
    }

    /// Serves a node a block that the client puts there.
    fn serve_put(
        &mut self,
        to: MemberId,
        plan: PlanId,
        block: BlockName,
        out: &mut Vec<Instruction>,
    ) {
        let takes_over = self.plans.puts(plan, block, &to);
        let (job, plan) = (self.job, Some(plan));
        out.push(if takes_over {
            Instruction::SendPut { to, key: BlockKey { job, plan, block } }
        } else {
            let story = "the session does not put it there".to_owned();
            Instruction::Send { to, message: Message::PullRefused { job, plan, block, story } }
        });
    }

    /// Enters the holders of the sources, rewrites the graph, and lets the policy place the tasks.
    fn plan(&self, mut graph: TaskGraph) -> Result<(TaskGraph, Plan), ClusterError> {
        let sources: Vec<_> = graph.vertices().filter(|&vertex| graph.is_source(vertex)).collect();
        for vertex in sources {
            let holder = self.arrays.holder(graph.name(vertex))?;
            let number = self.members.number(holder).ok_or_else(|| ClusterError::NodeLost {
                node: holder.clone(),
                reason: "it is no longer a member".to_owned(),
            })?;
            graph.set_holders(vertex, &[number]);
        }
        let policy = policy::by_name(&self.config.policy)?;
        let graph = rewrite::apply(graph, &self.config.rewrites);
        let plan = Plan::new(&graph, &self.members.cluster(self.config.places), policy.as_ref())?;
        Ok((graph, plan))
    }

    fn release(&mut self, arrays: &[ArrayId], out: &mut Vec<Instruction>) {
        let mut by_node: BTreeMap<MemberId, Vec<BlockName>> = BTreeMap::new();
        for &array in arrays {
            let Some(state) = self.arrays.remove(array) else { continue };
            for (index, node) in state.blocks {
                by_node.entry(node).or_default().push(BlockName { array, index });
            }
        }
        for (to, blocks) in by_node {
            for blocks in blocks.chunks(RELEASED_BLOCKS_MAX) {
                let message = Message::Release { job: self.job, blocks: blocks.to_vec() };
                out.push(Instruction::Send { to: to.clone(), message });
            }
        }
    }

    fn handle_message(&mut self, from: MemberId, message: Message, out: &mut Vec<Instruction>) {
        match message {
            Message::Finished { job, plan, measured } if job == self.job => {
                let put = self.plans.finish_part(plan, from, measured);
                out.extend(put.into_iter().map(Instruction::ForgetPut));
            }
            Message::Pull { job, plan: Some(plan), blocks } if job == self.job => {
                for block in blocks {
                    self.serve_put(from.clone(), plan, block, out);
                }
            }
            Message::Failed { job, plan, failure } if job == self.job => {
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
            other => {
                tracing::warn!(%from, ?other, "a message that is not for a driver was dropped")
            }
        }
    }

    /// Ends a plan and all that wait for it, on every node, the latest first.
    fn fail(&mut self, plan: PlanId, error: &ClusterError, out: &mut Vec<Instruction>) {
        for (plan, state) in self.plans.remove_with_dependents(plan) {
            for to in state.predicted.into_keys() {
                let message = Message::Cancel { job: self.job, plan };
                out.push(Instruction::Send { to, message });
            }
            self.arrays.lose(error, |array, _| state.makes.contains(&array));
            if !state.puts.is_empty() {
                out.extend(state.makes.into_iter().map(Instruction::ForgetPut));
            }
        }
    }

    fn handle_member_down(&mut self, member: MemberId, reason: String, out: &mut Vec<Instruction>) {
        self.members.down(&member);
        let error = ClusterError::NodeLost { node: member.clone(), reason };
        for plan in self.plans.touching(&member) {
            self.fail(plan, &error, out);
        }
        self.arrays.lose(&error, |_, state| state.blocks.values().any(|node| *node == member));
        self.forget_status(&member, out);
    }

    /// No answer is expected of a member any more.
    fn forget_status(&mut self, member: &MemberId, out: &mut Vec<Instruction>) {
        for nodes in self.status.values_mut() {
            nodes.remove(member);
        }
        self.answer_status(out);
    }

    fn answer_waiting(&mut self, out: &mut Vec<Instruction>) {
        let waiting = std::mem::take(&mut self.waiting);
        for (id, arrays) in waiting {
            match self.locate(&arrays) {
                Ok(None) => self.waiting.push((id, arrays)),
                Ok(Some(blocks)) => {
                    let outcome = Ok(Reply::Located(blocks));
                    out.push(Instruction::Reply { id, outcome });
                }
                Err(error) => out.push(Instruction::Reply { id, outcome: Err(error) }),
            }
        }
    }

    /// The blocks of some arrays, or `None` while a plan still makes one of them.
    fn locate(
        &self,
        arrays: &[ArrayId],
    ) -> Result<Option<Vec<(BlockName, MemberId)>>, ClusterError> {
        let states =
            arrays.iter().map(|&array| self.arrays.get(array)).collect::<Result<Vec<_>, _>>()?;
        let running = |plan: PlanId| self.plans.is_running(plan);
        if states.iter().any(|state| state.plan.is_some_and(running)) {
            return Ok(None);
        }
        let mut blocks = Vec::new();
        for (&array, state) in arrays.iter().zip(states) {
            let located = state.blocks.iter();
            blocks.extend(located.map(|(&index, node)| (BlockName { array, index }, node.clone())));
        }
        Ok(Some(blocks))
    }

    fn answer_status(&mut self, out: &mut Vec<Instruction>) {
        let order = self.members.ids();
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
}

/// The blocks that the tasks of a graph make to stay.
fn kept_blocks(graph: &TaskGraph) -> impl Iterator<Item = BlockName> + '_ {
    let kept = graph.tasks().filter(|&vertex| graph.is_kept(vertex));
    kept.map(|vertex| graph.name(vertex))
}
