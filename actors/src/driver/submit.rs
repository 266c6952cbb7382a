//! How a graph becomes a running plan: it waits for its turn, is planned, asks the nodes for memory, and begins.

use super::journal::Entry;
use super::plans::{PlanState, Running};
use super::reservation::Reservation;
use super::state::{Instruction, RequestId, State};
use crate::block_key::BlockKey;
use crate::message::{Answer, Shortage};
use crate::node::{Allowance, WINDOW_BLOCKS_MAX};
use crate::part::{Part, compile, takes_over};
use crate::request::{Put, Request, Submission};
use crate::{ClusterError, Measured, MemberId, Message, Placed, PlanId, Progress, Span};
use nums_lshs::rewrite;
use nums_lshs::{
    ArrayId, BlockName, Cluster, NodeId, PeakBound, Plan, PlanError, TaskGraph, VertexId, policy,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Plans that are not done; what is submitted beyond that is refused.
const PLANS_MAX: usize = 1 << 16;

/// What stands in a report in place of a policy when the client has put an array.
const PUT: &str = "put";

/// What is done in order.
#[derive(Debug)]
pub(crate) enum Queued {
    Graph { plan: PlanId, graph: TaskGraph },
    Put { plan: PlanId, put: Put },
    Drain { plan: PlanId, node: MemberId },
    Request { id: RequestId, request: Request },
}

/// A plan that begins when its memory is granted.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) plan: PlanId,
    pub(super) running: Running,
    pub(super) blocks: Vec<Placed>,
    /// The members of the plan, by number.
    pub(super) members: Vec<MemberId>,
    pub(super) parts: Vec<PreparedPart>,
}

#[derive(Debug)]
pub(super) struct PreparedPart {
    pub(super) to: MemberId,
    pub(super) part: Part,
    /// What it needs beyond what the node holds for it already.
    pub(super) need_bytes: u64,
    /// The same when it runs one step after the other.
    pub(super) least_bytes: u64,
    pub(super) allowance: Allowance,
}

impl State {
    /// Puts a graph into the queue. What goes wrong is remembered with its arrays. An array that is made again, because
    /// the plan that was to make it has ended early, lets go of what is left of it.
    pub(super) fn submit(
        &mut self,
        Submission { graph, within }: Submission,
        out: &mut Vec<Instruction>,
    ) {
        let makes = graph.made().filter(|&vertex| graph.is_kept(vertex));
        let makes: BTreeSet<_> = makes.map(|vertex| graph.name(vertex).array).collect();
        let again = makes.iter().copied().filter(|&array| self.facts.arrays.is_known(array));
        self.release(&again.collect::<Vec<_>>(), out);
        let reads = graph.vertices().filter(|&vertex| graph.is_source(vertex));
        let reads = reads.map(|vertex| graph.name(vertex).array).collect();
        if let Some(plan) = self.enter(reads, makes, false, within) {
            self.queue.push_back(Queued::Graph { plan, graph });
        }
    }

    /// Puts the blocks of a client into the queue. To the nodes that is a plan like any other: later plans may read the
    /// array at once, and it fails as a whole.
    pub(super) fn put(&mut self, put: Put) {
        let makes = BTreeSet::from([put.array]);
        if let Some(plan) = self.enter(BTreeSet::new(), makes, true, put.within) {
            self.queue.push_back(Queued::Put { plan, put });
        }
    }

    fn enter(
        &mut self,
        reads: BTreeSet<ArrayId>,
        makes: BTreeSet<ArrayId>,
        put: bool,
        within: Option<Duration>,
    ) -> Option<PlanId> {
        let plan = self.facts.plans.next_id();
        let busy = self.facts.plans.len() >= PLANS_MAX;
        let deadline = within.map(|within| (self.now + within, within));
        let state = PlanState { deadline, reads, makes, put, drains: None, running: None };
        self.record(Entry::Submitted { plan, state });
        if busy {
            self.record(Entry::PlanFailed { plan, error: ClusterError::Busy });
        }
        (!busy).then_some(plan)
    }

    /// Does what is next, until that has to wait for the nodes.
    pub(super) fn advance_queue(&mut self, out: &mut Vec<Instruction>) {
        while self.facts.reservation.is_none()
            && self.facts.members.are_settled(self.now)
            && !self.facts.plans.is_moving()
        {
            let Some(next) = self.queue.pop_front() else { return };
            let (plan, prepared) = match next {
                Queued::Request { id, request } => {
                    self.carry_out(id, request, out);
                    continue;
                }
                // A plan that was given up meanwhile is not known any more.
                Queued::Graph { plan, .. }
                | Queued::Put { plan, .. }
                | Queued::Drain { plan, .. }
                    if self.facts.plans.get(plan).is_none() =>
                {
                    continue;
                }
                Queued::Graph { plan, graph } => (plan, self.prepare(plan, graph)),
                Queued::Put { plan, put } => (plan, self.prepare_put(plan, put)),
                Queued::Drain { plan, node } => (plan, self.prepare_drain(plan, &node)),
            };
            match prepared {
                Ok(prepared) => self.reserve(prepared, out),
                Err(error) => self.fail(plan, &error, out),
            }
        }
    }

    fn prepare(&self, id: PlanId, graph: TaskGraph) -> Result<Prepared, ClusterError> {
        let members = self.facts.members.ids();
        let (graph, plan) = self.plan(graph).map_err(|error| match error {
            ClusterError::Plan(PlanError::OutOfMemory { node, need_bytes, budget_bytes }) => {
                let (array, node) = (self.first_made(id), members[node.index()].clone());
                ClusterError::ExceedsMemory { array, node, need_bytes, budget_bytes }
            }
            other => other,
        })?;
        let kept = graph.made().filter(|&vertex| graph.is_kept(vertex));
        let placed = |vertex: VertexId| Placed {
            block: graph.name(vertex),
            node: members[plan.nodes[vertex.index()].index()].clone(),
            bytes: graph.bytes(vertex),
        };
        let blocks = kept.map(placed).collect();
        let cluster = self.with_free_memory(&graph);
        let bounds = plan.peak_bounds(&graph, &cluster, WINDOW_BLOCKS_MAX);
        let mut held = vec![0; members.len()];
        for vertex in graph.vertices() {
            graph.holders(vertex).iter().for_each(|at| held[at.index()] += graph.bytes(vertex));
        }
        let mut predicted = BTreeMap::new();
        let mut parts = Vec::new();
        for (number, own) in plan.parts.iter().enumerate().filter(|(_, own)| !own.steps.is_empty())
        {
            let to = members[number].clone();
            let loads = own.loads;
            let PeakBound { bytes: bytes_max, ahead_bytes, .. } = bounds[number];
            let costs = Measured {
                bytes_in: loads.bytes_in,
                bytes_out: loads.bytes_out,
                tasks: loads.tasks,
                peak_bytes: bytes_max,
                time_us: (own.busy_s(&cluster.nodes[number]) * 1e6).ceil() as u64,
            };
            predicted.insert(to.clone(), costs);
            let part = compile(&graph, &plan, NodeId(number as u32));
            let [need_bytes, least_bytes] =
                [bytes_max, loads.peak_bytes].map(|bytes| bytes.saturating_sub(held[number]));
            let allowance = Allowance { bytes_max, ahead_bytes_max: ahead_bytes };
            parts.push(PreparedPart { to, part, need_bytes, least_bytes, allowance });
        }
        let (epoch, measured) = (self.facts.members.epoch(), BTreeMap::new());
        let (policy, puts, moves) = (plan.policy, BTreeMap::new(), BTreeMap::new());
        let begun = self.now;
        let tasks_done = BTreeMap::new();
        let running =
            Running { policy, epoch, begun, predicted, measured, tasks_done, puts, moves };
        Ok(Prepared { plan: id, running, blocks, members, parts })
    }

    /// The array by which errors name a plan: the first that it makes.
    fn first_made(&self, plan: PlanId) -> u64 {
        // A drain makes nothing.
        let state = self.facts.plans.get(plan);
        let array = state.and_then(|state| state.makes.first().or(state.reads.first()));
        array.map_or(0, |array| array.0)
    }

    /// Tells the nodes that own the places of an array's blocks to take them over from the client.
    fn prepare_put(&self, id: PlanId, put: Put) -> Result<Prepared, ClusterError> {
        let nodes = self.facts.members.ids();
        if nodes.is_empty() {
            return Err(PlanError::NoNodes.into());
        }
        let owners = self.facts.members.cluster(self.config.places).owners();
        let mut by_node: BTreeMap<usize, Vec<(BlockName, u64)>> = BTreeMap::new();
        let mut blocks = Vec::with_capacity(put.blocks.len());
        for (&(place, bytes), index) in put.blocks.iter().zip(0..) {
            // The places of a session are those that it builds its layouts with.
            let owner = owners.get(place.0 as usize).or(owners.last());
            let node = owner.map_or(0, |owner| owner.index());
            let name = BlockName { array: put.array, index };
            blocks.push(Placed { block: name, node: nodes[node].clone(), bytes });
            by_node.entry(node).or_default().push((name, bytes));
        }
        let mut predicted = BTreeMap::new();
        let mut parts = Vec::new();
        for (node, blocks) in by_node {
            let (part, costs) = PreparedPart::takes_over(nodes[node].clone(), &blocks, NodeId(0));
            predicted.insert(part.to.clone(), costs);
            parts.push(part);
        }
        let (epoch, measured) = (self.facts.members.epoch(), BTreeMap::new());
        let puts = blocks.iter().map(|placed| (placed.block, placed.node.clone())).collect();
        let (policy, moves) = (PUT.to_owned(), BTreeMap::new());
        let begun = self.now;
        let tasks_done = BTreeMap::new();
        let running =
            Running { policy, epoch, begun, predicted, measured, tasks_done, puts, moves };
        Ok(Prepared { plan: id, running, blocks, members: vec![self.session.clone()], parts })
    }

    /// Enters the holders of the sources, rewrites the graph, and lets the policy place the tasks.
    pub(super) fn plan(&self, mut graph: TaskGraph) -> Result<(TaskGraph, Plan), ClusterError> {
        let members = &self.facts.members;
        let sources: Vec<_> = graph.vertices().filter(|&vertex| graph.is_source(vertex)).collect();
        for vertex in sources {
            let holder = self.facts.arrays.holder(graph.name(vertex))?;
            let number = members.number(holder).ok_or_else(|| ClusterError::NodeLost {
                node: holder.clone(),
                reason: "it is no longer a member".to_owned(),
            })?;
            graph.set_holders(vertex, &[number]);
        }
        let policy = policy::by_name(&self.config.policy)?;
        let rules = &self.config.rewrites;
        let cluster = members.cluster(self.config.places);
        let graph = rewrite::apply(graph, rules, &cluster);
        let first = Plan::new(&graph, &cluster, policy.as_ref());
        let fits = |graph: &TaskGraph, plan: &Plan| plan.fits(&self.with_free_memory(graph));
        let short = match &first {
            Ok(plan) => !fits(&graph, plan),
            Err(error) => matches!(error, PlanError::OutOfMemory { .. }),
        };
        // Memory is worth more than time where there is not enough of it.
        let spare = short.then(|| rewrite::spare_memory(&graph, rules)).flatten();
        if let Some(spare) = spare
            && let Ok(plan) = Plan::new(&spare, &cluster, policy.as_ref())
        {
            return Ok((spare, plan));
        }
        Ok((graph, first?))
    }

    /// The cluster with the memory that is free for a graph: without what other arrays of the session take up.
    pub(super) fn with_free_memory(&self, graph: &TaskGraph) -> Cluster {
        let mut cluster = self.facts.members.cluster(self.config.places);
        let mut own = vec![0; cluster.len()];
        for vertex in graph.vertices() {
            graph.holders(vertex).iter().for_each(|at| own[at.index()] += graph.bytes(vertex));
        }
        let members = self.facts.members.ids();
        for ((spec, member), own) in cluster.nodes.iter_mut().zip(&members).zip(own) {
            let others = self.facts.arrays.held_bytes(member).saturating_sub(own);
            spec.memory_bytes = spec.memory_bytes.saturating_sub(others);
        }
        cluster
    }

    /// Asks all nodes of a plan for memory.
    fn reserve(&mut self, prepared: Prepared, out: &mut Vec<Instruction>) {
        let plan = prepared.plan;
        let need = |part: &PreparedPart| (part.to.clone(), part.need_bytes, part.least_bytes);
        let needs = prepared.parts.iter().map(need);
        let reservation = Reservation::new(plan, needs);
        for need in &reservation.needs {
            let (job, need_bytes, patient) = (self.job, need.bytes, false);
            let message = Message::Reserve { job, plan, need_bytes, patient };
            out.push(Instruction::Send { to: need.node.clone(), message });
        }
        self.record(Entry::Reserving(reservation));
        self.prepared = Some(prepared);
        self.begin_if_granted(out);
    }

    /// A node has answered a request for memory.
    pub(super) fn handle_answer(
        &mut self,
        from: &MemberId,
        plan: PlanId,
        patient: bool,
        answer: Answer,
        out: &mut Vec<Instruction>,
    ) {
        let own = self.facts.reservation.as_ref();
        // An answer to the impatient round, or for a plan that was given up, may come late.
        if !own.is_some_and(|own| own.plan == plan && own.in_turn == patient) {
            return;
        }
        match answer {
            Answer::Granted => {
                self.record(Entry::Granted { by: from.clone() });
                self.begin_if_granted(out);
                if patient {
                    self.ask_next(out);
                }
            }
            Answer::Busy(_) => {
                for to in own.into_iter().flat_map(|own| own.nodes()).cloned() {
                    out.push(Instruction::Send {
                        to,
                        message: Message::Cancel { job: self.job, plan },
                    });
                }
                self.record(Entry::TakingTurns);
                self.ask_next(out);
            }
            Answer::Refused(_) if own.is_some_and(|own| own.less_on(from).is_some()) => {
                self.record(Entry::AskingForLess { on: from.clone() });
                if let Some(prepared) = &mut self.prepared {
                    prepared.run_step_by_step(from);
                }
                self.ask_next(out);
            }
            Answer::Refused(Shortage { need_bytes, free_bytes, budget_bytes }) => {
                let (array, node) = (self.first_made(plan), from.clone());
                let error =
                    ClusterError::OutOfMemory { array, node, need_bytes, free_bytes, budget_bytes };
                self.fail(plan, &error, out);
            }
        }
    }

    /// Asks the next node in turn.
    fn ask_next(&self, out: &mut Vec<Instruction>) {
        let Some(own) = &self.facts.reservation else { return };
        if let Some(next) = own.next() {
            let (job, plan, need_bytes, patient) = (self.job, own.plan, next.bytes, true);
            let message = Message::Reserve { job, plan, need_bytes, patient };
            out.push(Instruction::Send { to: next.node.clone(), message });
        }
    }

    /// Ships each node its part, when all have granted their shares.
    fn begin_if_granted(&mut self, out: &mut Vec<Instruction>) {
        if self.facts.reservation.as_ref().is_none_or(|own| own.next().is_some()) {
            return;
        }
        let Some(Prepared { plan, mut running, blocks, members, parts }) = self.prepared.take()
        else {
            return;
        };
        running.begun = self.now;
        let (job, epoch, nothing_to_do) = (self.job, running.epoch, parts.is_empty());
        self.record(Entry::Begun { plan, running, blocks });
        let begun = self.facts.plans.progress(plan).filter(|own| own.tasks > 0);
        out.extend(begun.map(Instruction::Tell));
        for PreparedPart { to, part, allowance, .. } in parts {
            let Part { chunks, tasks, sends, uploads } = part;
            let mut send = |message| out.push(Instruction::Send { to: to.clone(), message });
            send(Message::Begin {
                job,
                plan,
                epoch,
                nodes: members.clone(),
                tasks,
                sends,
                uploads,
                allowance,
            });
            for chunk in chunks {
                send(Message::Chunk { job, plan, epoch, chunk });
            }
        }
        if nothing_to_do {
            // A plan without a task is done when it begins.
            self.finish_part(plan, self.session.clone(), Default::default(), out);
        }
    }

    /// A node is done with its part; the last one ends the plan.
    pub(super) fn finish_part(
        &mut self,
        plan: PlanId,
        node: MemberId,
        (measured, span): (Measured, Span),
        out: &mut Vec<Instruction>,
    ) {
        let before = self.facts.plans.get(plan);
        let put = before.filter(|state| state.put).map(|state| state.makes.clone());
        let drained = before.and_then(|state| state.drains.clone());
        let moves = before.and_then(|state| Some(state.running.as_ref()?.moves.clone()));
        let whole =
            self.facts.plans.progress(plan).map(|own| Progress { tasks_done: own.tasks, ..own });
        self.record(Entry::PartFinished { plan, node, measured, span });
        let progress = self.facts.plans.progress(plan).or(whole);
        out.extend(progress.filter(|own| own.tasks > 0).map(Instruction::Tell));
        if self.facts.plans.get(plan).is_some() {
            return;
        }
        out.extend(put.into_iter().flatten().map(Instruction::ForgetPut));
        if let Some(node) = drained {
            self.finish_drain(node, moves.unwrap_or_default(), out);
        }
    }

    /// Serves a node a block that the client puts there.
    pub(super) fn serve_put(
        &mut self,
        to: MemberId,
        plan: PlanId,
        block: BlockName,
        out: &mut Vec<Instruction>,
    ) {
        let takes_over = self.facts.plans.puts(plan, block, &to);
        let (job, plan) = (self.job, Some(plan));
        out.push(if takes_over {
            Instruction::SendPut { to, key: BlockKey { job, plan, block } }
        } else {
            let reason = "the session does not upload this block to this node".to_owned();
            Instruction::Send { to, message: Message::PullRefused { job, plan, block, reason } }
        });
    }
}

impl Prepared {
    /// A node does not run ahead of the steps of its part.
    fn run_step_by_step(&mut self, on: &MemberId) {
        for part in self.parts.iter_mut().filter(|part| part.to == *on) {
            let less = part.need_bytes - part.least_bytes;
            part.need_bytes = part.least_bytes;
            part.allowance.bytes_max -= less;
            if let Some(costs) = self.running.predicted.get_mut(on) {
                costs.peak_bytes -= less;
            }
        }
    }
}

impl PreparedPart {
    /// The part of a node that takes blocks over from the member of a number, and what that costs.
    pub(super) fn takes_over(
        to: MemberId,
        blocks: &[(BlockName, u64)],
        from: NodeId,
    ) -> (PreparedPart, Measured) {
        let need_bytes = blocks.iter().map(|(_, bytes)| bytes).sum();
        let costs =
            Measured { bytes_in: need_bytes, peak_bytes: need_bytes, ..Measured::default() };
        let allowance = Allowance { bytes_max: need_bytes, ahead_bytes_max: 0 };
        let (part, least_bytes) = (takes_over(blocks, from), need_bytes);
        (PreparedPart { to, part, need_bytes, least_bytes, allowance }, costs)
    }
}
