//! The event loop of a simulation.

use super::flow::{CopyIndex, Flow, Item, Waiter};
use super::queue::{Happening, Queue};
use super::{Event, Moment, NodeUsage, Simulation, SimulationError, SimulationOptions};
use crate::plan::HOST_COPY_FRACTION;
use crate::{Cluster, NodeId, NodeSpec};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Simulates a flow until nothing happens any more.
pub(super) fn run(
    flow: &Flow,
    cluster: &Cluster,
    options: &SimulationOptions,
) -> Result<Simulation, SimulationError> {
    let mut state = State::new(flow, cluster, options);
    state.start();
    while let Some((time_s, happening)) = state.queue.next() {
        state.now_s = time_s;
        state.handle(happening);
    }
    state.finish()
}

/// What a copy goes through.
#[derive(Clone, Copy, Default)]
struct CopyState {
    present: bool,
    /// It was used for the first time, or it is no received copy: it takes no room in the window.
    settled: bool,
    uses_left: u32,
}

struct NodeState<'a> {
    spec: &'a NodeSpec,
    items: &'a [Item],
    done: Vec<bool>,
    /// The first item that is not done.
    head: usize,
    /// Items that the driver has told of.
    known: usize,
    /// The first item that was not looked at for a receive.
    next_receive: usize,
    /// Copies asked for and not yet used.
    in_window: usize,
    free_workers: u32,
    ready: BinaryHeap<Reverse<u32>>,
    out_queue: VecDeque<u32>,
    out_busy: bool,
    in_free_s: f64,
    resident_bytes: u64,
    usage: NodeUsage,
}

struct State<'a> {
    flow: &'a Flow,
    options: &'a SimulationOptions,
    now_s: f64,
    /// The end of the last task or transfer.
    last_s: f64,
    queue: Queue,
    nodes: Vec<NodeState<'a>>,
    copies: Vec<CopyState>,
    /// For each task the inputs that are missing, and one more until the node knows of it.
    missing: Vec<u32>,
    /// For each transfer whether its request waits at the sender.
    requested: Vec<bool>,
    /// The positions of tasks and receives in the items of their nodes.
    run_positions: Vec<u32>,
    transfer_positions: Vec<u32>,
    /// For each buffer that a task may use again whether it does.
    taken_over: Vec<bool>,
    timeline: Vec<Moment>,
}

impl<'a> State<'a> {
    fn new(flow: &'a Flow, cluster: &'a Cluster, options: &'a SimulationOptions) -> State<'a> {
        let nodes: Vec<_> = (flow.items.iter().zip(&cluster.nodes))
            .map(|(items, spec)| NodeState {
                spec,
                items,
                done: vec![false; items.len()],
                head: 0,
                known: 0,
                next_receive: 0,
                in_window: 0,
                free_workers: spec.workers.max(1),
                ready: BinaryHeap::new(),
                out_queue: VecDeque::new(),
                out_busy: false,
                in_free_s: 0.0,
                resident_bytes: 0,
                usage: NodeUsage::default(),
            })
            .collect();
        let mut run_positions = vec![0; flow.runs.len()];
        let mut transfer_positions = vec![0; flow.transfers.len()];
        for items in &flow.items {
            for (position, item) in items.iter().enumerate() {
                match *item {
                    Item::Run(run) => run_positions[run as usize] = position as u32,
                    Item::Receive(transfer) => {
                        transfer_positions[transfer as usize] = position as u32;
                    }
                }
            }
        }
        let fresh = |uses_left| CopyState { present: false, settled: true, uses_left };
        let mut copies: Vec<_> = flow.copies.iter().map(|copy| fresh(copy.uses)).collect();
        flow.transfers.iter().for_each(|transfer| copies[transfer.target as usize].settled = false);
        State {
            flow,
            options,
            now_s: 0.0,
            last_s: 0.0,
            queue: Queue::default(),
            nodes,
            copies,
            missing: (0..flow.runs.len() as u32)
                .map(|run| flow.reads(run).len() as u32 + 1)
                .collect(),
            requested: vec![false; flow.transfers.len()],
            run_positions,
            transfer_positions,
            taken_over: vec![false; flow.in_place.len()],
            timeline: Vec::new(),
        }
    }

    /// Sources are there, and the driver begins to send messages: to each node its first, then to each its second.
    fn start(&mut self) {
        for copy in 0..self.flow.sources {
            self.take_memory(copy);
            self.appear(copy);
        }
        let batch = self.options.steps_per_message.max(1);
        let messages = |items: usize| items.div_ceil(batch);
        let rounds = self.nodes.iter().map(|node| messages(node.items.len())).max().unwrap_or(0);
        let mut sent_s = 0.0;
        for round in 0..rounds {
            for node in 0..self.nodes.len() {
                let items = self.nodes[node].items.len();
                if round < messages(items) {
                    sent_s += self.options.driver_message_s;
                    let known = items.min((round + 1) * batch) as u32;
                    let happening = Happening::Known { node: node as u32, items: known };
                    self.queue.enter(sent_s + self.options.latency_s, happening);
                }
            }
        }
    }

    fn handle(&mut self, happening: Happening) {
        match happening {
            Happening::Known { node, items } => self.learn(node as usize, items as usize),
            Happening::Request(transfer) => {
                self.requested[transfer as usize] = true;
                if self.copies[self.flow.transfers[transfer as usize].source as usize].present {
                    self.queue_transfer(transfer);
                }
            }
            Happening::OutFree(node) => {
                self.nodes[node as usize].out_busy = false;
                self.send_next(node as usize);
            }
            Happening::Head(transfer) => self.receive_head(transfer),
            Happening::Arrived(transfer) => self.arrived(transfer),
            Happening::Done(run) => self.task_done(run),
        }
    }

    fn learn(&mut self, node: usize, known: usize) {
        let from = std::mem::replace(&mut self.nodes[node].known, known);
        for position in from..known {
            if let Item::Run(run) = self.nodes[node].items[position] {
                self.one_less_missing(run);
            }
        }
        self.start_tasks(node);
        self.ask(node);
    }

    fn one_less_missing(&mut self, run: u32) {
        let missing = &mut self.missing[run as usize];
        *missing -= 1;
        if *missing == 0 {
            let node = self.flow.runs[run as usize].node.index();
            self.nodes[node].ready.push(Reverse(self.run_positions[run as usize]));
        }
    }

    /// Gives ready tasks to free workers, the earliest in plan order first.
    fn start_tasks(&mut self, node: usize) {
        while self.nodes[node].free_workers > 0 {
            let Some(Reverse(position)) = self.nodes[node].ready.pop() else { return };
            let Item::Run(index) = self.nodes[node].items[position as usize] else { continue };
            let flow = self.flow;
            let run = &flow.runs[index as usize];
            let seconds = run.flops as f64 / self.nodes[node].spec.flops_per_s;
            self.nodes[node].free_workers -= 1;
            self.nodes[node].usage.busy_s += seconds;
            for at in flow.reused(index) {
                self.taken_over[at] = self.is_last_use(flow.in_place[at].input);
            }
            for output in flow.outputs(index) {
                let mut reused = flow.reused(index);
                let own = |at: usize| self.taken_over[at] && flow.in_place[at].output == output;
                if !reused.any(own) {
                    self.take_memory(output);
                }
            }
            self.record(run.node, Event::TaskStart(run.vertex));
            self.queue.enter(self.now_s + seconds, Happening::Done(index));
        }
    }

    fn task_done(&mut self, index: u32) {
        let flow = self.flow;
        let run = &flow.runs[index as usize];
        let node = run.node.index();
        self.last_s = self.now_s;
        self.record(run.node, Event::TaskEnd(run.vertex));
        self.nodes[node].free_workers += 1;
        for &input in flow.reads(index) {
            // A buffer that was taken over is now that of an output.
            let own = |at: usize| self.taken_over[at] && flow.in_place[at].input == input;
            let taken = flow.reused(index).any(own);
            let held = self.used(input);
            if !held && !taken {
                self.give_memory(input);
            }
        }
        self.finish_item(node, self.run_positions[index as usize] as usize);
        flow.outputs(index).for_each(|output| self.appear(output));
        self.start_tasks(node);
        self.ask(node);
    }

    /// Whether nothing but the task at hand will use a copy that the plan frees afterwards.
    fn is_last_use(&self, copy: CopyIndex) -> bool {
        self.flow.copies[copy as usize].freed && self.copies[copy as usize].uses_left == 1
    }

    /// One use of a copy is over; whether the node still needs the copy.
    fn used(&mut self, copy: CopyIndex) -> bool {
        self.copies[copy as usize].uses_left -= 1;
        self.settle(copy);
        !self.is_over(copy)
    }

    /// Whether the plan frees a copy and all its uses are over.
    fn is_over(&self, copy: CopyIndex) -> bool {
        self.copies[copy as usize].uses_left == 0 && self.flow.copies[copy as usize].freed
    }

    /// A received copy that was used leaves the window.
    fn settle(&mut self, copy: CopyIndex) {
        if !std::mem::replace(&mut self.copies[copy as usize].settled, true) {
            self.nodes[self.flow.copies[copy as usize].node.index()].in_window -= 1;
        }
    }

    /// A copy exists from now on: tasks may start and requests be served.
    fn appear(&mut self, copy: CopyIndex) {
        self.copies[copy as usize].present = true;
        if self.copies[copy as usize].uses_left == 0 {
            self.settle(copy);
            if self.is_over(copy) {
                self.give_memory(copy);
            }
        }
        let flow = self.flow;
        for &waiter in flow.waiters(copy) {
            match waiter {
                Waiter::Run(run) => self.one_less_missing(run),
                Waiter::Transfer(transfer) if self.requested[transfer as usize] => {
                    self.queue_transfer(transfer);
                }
                Waiter::Transfer(_) => {}
            }
        }
    }

    /// Asks for the next copies in plan order as long as the window has room; the head of the plan always may.
    fn ask(&mut self, node: usize) {
        let state = &mut self.nodes[node];
        let mut asked = Vec::new();
        while state.next_receive < state.known {
            if let Item::Receive(transfer) = state.items[state.next_receive] {
                let is_head = state.head == state.next_receive;
                if state.in_window >= self.options.receive_window && !is_head {
                    break;
                }
                state.in_window += 1;
                asked.push(transfer);
            }
            state.next_receive += 1;
        }
        for transfer in asked {
            self.queue.enter(self.now_s + self.options.latency_s, Happening::Request(transfer));
        }
    }

    fn queue_transfer(&mut self, transfer: u32) {
        let (from, _) = self.ends(transfer);
        self.nodes[from].out_queue.push_back(transfer);
        self.send_next(from);
    }

    /// Lets the next block set out when the outgoing port is free.
    fn send_next(&mut self, from: usize) {
        if self.nodes[from].out_busy {
            return;
        }
        let Some(transfer) = self.nodes[from].out_queue.pop_front() else { return };
        self.nodes[from].out_busy = true;
        let target = self.flow.transfers[transfer as usize].target;
        self.take_memory(target);
        let copy = &self.flow.copies[target as usize];
        self.record(copy.node, Event::TransferStart { vertex: copy.vertex, from: node_id(from) });
        let (out_s, _) = self.port_seconds(transfer);
        self.queue.enter(self.now_s + out_s, Happening::OutFree(from as u32));
        self.queue.enter(self.now_s + self.options.latency_s, Happening::Head(transfer));
    }

    fn receive_head(&mut self, transfer: u32) {
        let (_, to) = self.ends(transfer);
        let (out_s, in_s) = self.port_seconds(transfer);
        let in_end_s = self.nodes[to].in_free_s.max(self.now_s) + in_s;
        self.nodes[to].in_free_s = in_end_s;
        // The last byte left the sender as long after the first one as the sender needs for the block.
        self.queue.enter(in_end_s.max(self.now_s + out_s), Happening::Arrived(transfer));
    }

    fn arrived(&mut self, transfer: u32) {
        let (from, to) = self.ends(transfer);
        let flow = self.flow;
        let [source, target] =
            [flow.transfers[transfer as usize].source, flow.transfers[transfer as usize].target];
        let copy = &flow.copies[target as usize];
        self.last_s = self.now_s;
        self.record(copy.node, Event::TransferEnd { vertex: copy.vertex, from: node_id(from) });
        self.nodes[from].usage.bytes_out += copy.bytes;
        self.nodes[to].usage.bytes_in += copy.bytes;
        if !self.used(source) {
            self.give_memory(source);
        }
        self.finish_item(to, self.transfer_positions[transfer as usize] as usize);
        self.appear(target);
        self.start_tasks(to);
        self.ask(to);
        self.ask(from);
    }

    fn finish_item(&mut self, node: usize, position: usize) {
        let state = &mut self.nodes[node];
        state.done[position] = true;
        while state.done.get(state.head) == Some(&true) {
            state.head += 1;
        }
    }

    /// The nodes of a transfer.
    fn ends(&self, transfer: u32) -> (usize, usize) {
        let transfer = &self.flow.transfers[transfer as usize];
        let node = |copy: CopyIndex| self.flow.copies[copy as usize].node.index();
        (node(transfer.source), node(transfer.target))
    }

    /// How long a transfer occupies the port of its sender and that of its receiver.
    fn port_seconds(&self, transfer: u32) -> (f64, f64) {
        let (from, to) = self.ends(transfer);
        let [from, to] = [self.nodes[from].spec, self.nodes[to].spec];
        let fraction = if from.host == to.host { HOST_COPY_FRACTION } else { 1.0 };
        let target = self.flow.transfers[transfer as usize].target;
        let bytes = self.flow.copies[target as usize].bytes as f64 * fraction;
        (bytes / from.bandwidth_out_bytes_per_s, bytes / to.bandwidth_in_bytes_per_s)
    }

    fn take_memory(&mut self, copy: CopyIndex) {
        let copy = &self.flow.copies[copy as usize];
        let node = &mut self.nodes[copy.node.index()];
        node.resident_bytes += copy.bytes;
        node.usage.peak_bytes = node.usage.peak_bytes.max(node.resident_bytes);
    }

    fn give_memory(&mut self, copy: CopyIndex) {
        let copy = &self.flow.copies[copy as usize];
        self.nodes[copy.node.index()].resident_bytes -= copy.bytes;
    }

    fn record(&mut self, node: NodeId, event: Event) {
        if self.options.record {
            self.timeline.push(Moment { time_s: self.now_s, node, event });
        }
    }

    fn finish(self) -> Result<Simulation, SimulationError> {
        for (index, node) in self.nodes.iter().enumerate() {
            if let Some(&item) = node.items.get(node.head) {
                let vertex = match item {
                    Item::Run(run) => self.flow.runs[run as usize].vertex,
                    Item::Receive(transfer) => {
                        let target = self.flow.transfers[transfer as usize].target;
                        self.flow.copies[target as usize].vertex
                    }
                };
                return Err(SimulationError::Stuck { node: node_id(index), vertex });
            }
        }
        Ok(Simulation {
            makespan_s: self.last_s,
            nodes: self.nodes.into_iter().map(|node| node.usage).collect(),
            timeline: self.timeline,
        })
    }
}

fn node_id(index: usize) -> NodeId {
    NodeId(index as u32)
}
