//! Copies of blocks: which node sends each one, and what that costs.
//!
//! The replica that is asked is the one that could have sent the copy first: the seconds that its node sends already,
//! plus the time at which the replica itself arrived. One block that everybody needs spreads as a binomial tree: no
//! node sends more than ceil(log2 k) copies, and the last one arrives after as many hops. Many blocks at a time
//! spread the sending evenly. Of a block so small that all nodes get it within about a latency, a hop costs more than
//! the bytes: it comes from where it is made, as long as that is not busy. The cost of a copy does not depend on the
//! number of nodes.

use super::{Problem, Rank};
use crate::{Loads, NodeId, NodeSpec};

/// Which replica a copy is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyRule {
    /// The one whose node can send it first.
    LeastLoaded,
    /// The node that made the block, as in NumS.
    Creator,
}

/// What a copy between two nodes of one host costs in comparison with one between hosts; NumS's constant.
pub(crate) const HOST_COPY_FRACTION: f64 = 0.1;

/// How many replicas of a block are compared; they take turns, so that all of them come up.
const REPLICAS_COMPARED_MAX: usize = 4;

/// A network sends so many bytes in a fraction of the time that a message needs to arrive.
const LATENCY_BYTES: u64 = 1 << 16;

/// The seconds that a message needs to arrive: those of a data centre's network, as in simulations.
const LATENCY_S: f64 = 100e-6;

const NONE: u32 = u32::MAX;

/// A placement as it is carried out, task after task.
pub(crate) struct Router<'a> {
    problem: &'a Problem<'a>,
    rule: CopyRule,
    costs: Vec<NodeCost>,
    blocks: Vec<Block>,
    /// A bit for each slot and node that has a copy.
    present: Vec<u64>,
    /// Words of `present` for a slot.
    words: usize,
    /// First and last replica of each slot, in the order in which they are asked.
    queues: Vec<(u32, u32)>,
    replicas: Vec<Replica>,
}

/// Seconds and bytes that a node has been given so far.
#[derive(Clone, Debug)]
pub(crate) struct NodeCost {
    pub(crate) loads: Loads,
    pub(crate) flops_s: f64,
    pub(crate) in_s: f64,
    pub(crate) out_s: f64,
    per_flop_s: f64,
    per_byte_in_s: f64,
    per_byte_out_s: f64,
    host: u32,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    /// The node of the first copy, or `NONE` before there is any.
    home: NodeId,
    /// Of a block with more than one copy the index of its replicas, else `NONE`.
    slot: u32,
}

#[derive(Clone, Copy, Debug)]
struct Replica {
    node: NodeId,
    /// Copies between it and the block's creator.
    hops: u32,
    next: u32,
}

impl<'a> Router<'a> {
    /// Nothing has run yet; only the sources are where they are.
    pub(crate) fn new(problem: &'a Problem<'a>, rule: CopyRule) -> Router<'a> {
        let nodes = &problem.cluster().nodes;
        let mut router = Router {
            problem,
            rule,
            costs: nodes.iter().map(NodeCost::new).collect(),
            blocks: vec![Block { home: NodeId(NONE), slot: NONE }; problem.len()],
            present: Vec::new(),
            words: nodes.len().div_ceil(64),
            queues: Vec::new(),
            replicas: Vec::new(),
        };
        for source in problem.sources() {
            let holders = problem.holders(source);
            router.blocks[source.index()].home = holders.first().copied().unwrap_or(NodeId(NONE));
            if holders.len() > 1 {
                router.open_slot(source);
            }
        }
        router
    }

    /// What each node has been given so far.
    pub(crate) fn costs(&self) -> &[NodeCost] {
        &self.costs
    }

    /// The first node that had a block.
    pub(crate) fn home(&self, rank: Rank) -> NodeId {
        self.blocks[rank.index()].home
    }

    /// Whether a node has a copy of a block.
    pub(crate) fn holds(&self, rank: Rank, node: NodeId) -> bool {
        let Block { home, slot } = self.blocks[rank.index()];
        home == node || (slot != NONE && self.is_present(slot, node))
    }

    /// Runs a task on a node, after its inputs are copied there; `copied` is told of each copy, its
    /// sender and the seconds that the sender sends by now.
    pub(crate) fn run(
        &mut self,
        rank: Rank,
        node: NodeId,
        mut copied: impl FnMut(Rank, NodeId, f64),
    ) {
        let problem = self.problem;
        for &input in problem.inputs(rank) {
            if !self.holds(input, node) {
                let from = self.copy(input, node);
                copied(input, from, self.costs[from.index()].out_s);
            }
        }
        problem.outputs(rank).for_each(|output| self.blocks[output.index()].home = node);
        let (cost, flops) = (&mut self.costs[node.index()], problem.flops(rank));
        cost.loads.tasks += 1;
        cost.loads.flops += flops;
        cost.flops_s += flops as f64 * cost.per_flop_s;
    }

    /// The busiest resource of a node, in seconds.
    pub(crate) fn busiest_s(&self, node: NodeId) -> f64 {
        self.costs[node.index()].busiest_s()
    }

    /// Copies a block to a node that does not have it, and says who sends it.
    fn copy(&mut self, rank: Rank, to: NodeId) -> NodeId {
        let slot = match self.blocks[rank.index()].slot {
            NONE => self.open_slot(rank),
            slot => slot,
        };
        let bytes = self.problem.bytes(rank);
        let sender = self.take_sender(slot, bytes, to);
        let from = sender.node;
        self.push_replica(slot, Replica { node: to, hops: sender.hops + 1, next: NONE });
        let fraction = self.fraction(from, to);
        let sending = &mut self.costs[from.index()];
        sending.out_s += bytes as f64 * fraction * sending.per_byte_out_s;
        sending.loads.bytes_out += bytes;
        let local = if fraction < 1.0 { bytes } else { 0 };
        sending.loads.host_bytes_out += local;
        let receiving = &mut self.costs[to.index()];
        receiving.in_s += bytes as f64 * fraction * receiving.per_byte_in_s;
        receiving.loads.bytes_in += bytes;
        receiving.loads.host_bytes_in += local;
        from
    }

    /// Chooses the replica that sends, and puts it at the end of its queue.
    fn take_sender(&mut self, slot: u32, bytes: u64, to: NodeId) -> Replica {
        let (head, _) = self.queues[slot as usize];
        if self.rule == CopyRule::Creator {
            return self.replicas[head as usize];
        }
        let small = bytes.saturating_mul(self.costs.len() as u64) <= LATENCY_BYTES;
        let hop_s = if small { LATENCY_S } else { 0.0 };
        let (mut best, mut before_best, mut best_s) = (head, NONE, f64::INFINITY);
        let (mut at, mut before) = (head, NONE);
        for _ in 0..REPLICAS_COMPARED_MAX {
            if at == NONE {
                break;
            }
            let replica = self.replicas[at as usize];
            let cost = &self.costs[replica.node.index()];
            let copy_s = bytes as f64 * self.fraction(replica.node, to) * cost.per_byte_out_s;
            let done_s = cost.out_s + copy_s + (copy_s + hop_s) * f64::from(replica.hops);
            if done_s < best_s {
                (best, before_best, best_s) = (at, before, done_s);
            }
            (before, at) = (at, replica.next);
        }
        let sender = self.replicas[best as usize];
        // Where a small block was made is compared each time.
        let stays = small && sender.hops == 0;
        if sender.next != NONE && !stays {
            match before_best {
                NONE => self.queues[slot as usize].0 = sender.next,
                before => self.replicas[before as usize].next = sender.next,
            }
            self.append(slot, best);
        }
        sender
    }

    fn fraction(&self, from: NodeId, to: NodeId) -> f64 {
        let same_host = self.costs[from.index()].host == self.costs[to.index()].host;
        if same_host { HOST_COPY_FRACTION } else { 1.0 }
    }

    /// Gives a rank a list of replicas, with the copies that it has without any transfer.
    fn open_slot(&mut self, rank: Rank) -> u32 {
        let slot = self.queues.len() as u32;
        self.blocks[rank.index()].slot = slot;
        self.queues.push((NONE, NONE));
        self.present.resize(self.present.len() + self.words, 0);
        let own = [self.blocks[rank.index()].home];
        let holders = self.problem.holders(rank);
        for &node in if holders.is_empty() { &own } else { holders } {
            self.push_replica(slot, Replica { node, hops: 0, next: NONE });
        }
        slot
    }

    fn is_present(&self, slot: u32, node: NodeId) -> bool {
        let word = slot as usize * self.words + node.index() / 64;
        self.present[word] >> (node.index() % 64) & 1 == 1
    }

    fn push_replica(&mut self, slot: u32, replica: Replica) {
        let node = replica.node.index();
        self.present[slot as usize * self.words + node / 64] |= 1 << (node % 64);
        self.replicas.push(replica);
        self.append(slot, self.replicas.len() as u32 - 1);
    }

    /// Puts a replica at the end of its slot's queue.
    fn append(&mut self, slot: u32, replica: u32) {
        self.replicas[replica as usize].next = NONE;
        let (head, tail) = self.queues[slot as usize];
        match tail {
            NONE => self.queues[slot as usize] = (replica, replica),
            tail => {
                self.replicas[tail as usize].next = replica;
                self.queues[slot as usize] = (head, replica);
            }
        }
    }
}

impl NodeCost {
    fn new(spec: &NodeSpec) -> NodeCost {
        NodeCost {
            loads: Loads::default(),
            flops_s: 0.0,
            in_s: 0.0,
            out_s: 0.0,
            per_flop_s: 1.0 / spec.rate_flops_per_s(),
            per_byte_in_s: 1.0 / spec.bandwidth_in_bytes_per_s,
            per_byte_out_s: 1.0 / spec.bandwidth_out_bytes_per_s,
            host: spec.host,
        }
    }

    /// The busiest resource, in seconds.
    pub(crate) fn busiest_s(&self) -> f64 {
        self.flops_s.max(self.in_s).max(self.out_s)
    }

    /// The seconds after some more flops and bytes received.
    pub(crate) fn after(&self, flops: f64, bytes_in: f64) -> f64 {
        let flops_s = self.flops_s + flops * self.per_flop_s;
        flops_s.max(self.in_s + bytes_in * self.per_byte_in_s)
    }
}
