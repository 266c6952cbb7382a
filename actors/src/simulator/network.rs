//! The network and the clock: what is under way, in the order in which it arrives.

use super::faults::{Counters, Faults, Random};
use crate::MemberId;
use crate::block_key::BlockKey;
use crate::link::Packet;
use crate::node::state::TaskDone;
use nums_kernels::Block;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What arrives at a member.
#[derive(Clone, Debug)]
pub(super) enum Arrival {
    Packet {
        from: MemberId,
        packet: Packet,
    },
    Block {
        key: BlockKey,
        block: Arc<Block>,
    },
    /// A block whose checksum does not fit.
    Damaged {
        from: MemberId,
        key: BlockKey,
    },
    /// A worker is done.
    Done {
        task: TaskDone,
        /// What it gave.
        blocks: Vec<Option<Arc<Block>>>,
    },
    /// The process of a node is started again.
    Restart,
    /// The process of a node ends.
    Crash,
    /// A node is told to have another one leave, or itself.
    Drain {
        node: MemberId,
    },
    /// The connection to a member has closed.
    Down {
        member: MemberId,
    },
    Tick,
}

/// How long what is not delayed takes at most.
const LATENCY_MAX_US: u64 = 2000;

/// What is under way.
#[derive(Debug)]
pub(super) struct Network {
    pub(super) now: Duration,
    pub(super) random: Random,
    pub(super) faults: Faults,
    pub(super) counters: Counters,
    /// Two members, the first of which is not heard by the second, from when and until when.
    pub(super) cuts: Vec<(MemberId, MemberId, Duration, Duration)>,
    under_way: BTreeMap<(Duration, u64), (MemberId, Arrival)>,
    sent: u64,
    /// When the latest of what was sent between two members arrives.
    latest: BTreeMap<(MemberId, MemberId), Duration>,
}

impl Network {
    pub(super) fn new(random: Random, faults: Faults) -> Network {
        Network {
            now: Duration::ZERO,
            random,
            faults,
            counters: Counters::default(),
            cuts: Vec::new(),
            under_way: BTreeMap::new(),
            sent: 0,
            latest: BTreeMap::new(),
        }
    }

    /// Something happens at a member after some time, and surely.
    pub(super) fn after(&mut self, pause: Duration, at: &MemberId, arrival: Arrival) {
        self.sent += 1;
        self.under_way.insert((self.now + pause, self.sent), (at.clone(), arrival));
    }

    /// A member hears that the connection to another one has closed, after all else that came over it.
    pub(super) fn close(&mut self, from: &MemberId, to: &MemberId) {
        let latest = self.latest.get(&(from.clone(), to.clone())).copied().unwrap_or_default();
        let pause = Duration::from_micros(1 + self.random.below(LATENCY_MAX_US));
        let pause = (latest.max(self.now) + pause) - self.now;
        self.after(pause, to, Arrival::Down { member: from.clone() });
    }

    /// Carries a packet.
    pub(super) fn send(&mut self, from: &MemberId, to: &MemberId, packet: Packet) {
        let damaged = self.random.per_mille(self.faults.corrupt);
        if damaged {
            // The frame's checksum does not fit, and it is dropped.
            self.counters.corrupted += 1;
            return;
        }
        self.carry(from, to, Arrival::Packet { from: from.clone(), packet });
    }

    /// Carries a block.
    pub(super) fn send_block(
        &mut self,
        from: &MemberId,
        to: &MemberId,
        key: BlockKey,
        block: Arc<Block>,
    ) {
        if self.random.per_mille(self.faults.corrupt) {
            self.counters.corrupted += 1;
            return self.carry(from, to, Arrival::Damaged { from: from.clone(), key });
        }
        self.carry(from, to, Arrival::Block { key, block });
    }

    /// The workers of a node are no more.
    pub(super) fn forget_workers(&mut self, node: &MemberId) {
        self.under_way
            .retain(|_, (at, arrival)| at != node || !matches!(arrival, Arrival::Done { .. }));
    }

    /// What arrives next, and where.
    pub(super) fn next(&mut self) -> Option<(MemberId, Arrival)> {
        let ((at, _), arrival) = self.under_way.pop_first()?;
        self.now = at;
        Some(arrival)
    }

    fn carry(&mut self, from: &MemberId, to: &MemberId, arrival: Arrival) {
        let now = self.now;
        let cut = |(a, b, since, until): &(MemberId, MemberId, Duration, Duration)| {
            a == from && b == to && (*since..*until).contains(&now)
        };
        if self.cuts.iter().any(cut) {
            self.counters.cut += 1;
            return;
        }
        if self.random.per_mille(self.faults.loss) {
            self.counters.lost += 1;
            return;
        }
        if self.random.per_mille(self.faults.duplicate) {
            self.counters.duplicated += 1;
            self.arrive(from, to, arrival.clone());
        }
        self.arrive(from, to, arrival);
    }

    fn arrive(&mut self, from: &MemberId, to: &MemberId, arrival: Arrival) {
        let mut pause = Duration::from_micros(1 + self.random.below(LATENCY_MAX_US));
        if self.random.per_mille(self.faults.delay) {
            self.counters.delayed += 1;
            pause += self.faults.delay_max.mul_f64(self.random.below(1000) as f64 / 1000.0);
        }
        let at = self.now + pause;
        let latest = self.latest.entry((from.clone(), to.clone())).or_default();
        if at < *latest {
            self.counters.reordered += 1;
        }
        *latest = at.max(*latest);
        self.after(pause, to, arrival);
    }
}
