//! What goes wrong in a run, and how often it has.

use std::time::Duration;

/// Random numbers from a seed: SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Whether something that happens so many times in a thousand does.
    pub(crate) fn per_mille(&mut self, chance: u64) -> bool {
        self.below(1000) < chance
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }
}

/// What may go wrong. Chances are in a thousand of what is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Faults {
    pub(crate) loss: u64,
    pub(crate) duplicate: u64,
    pub(crate) corrupt: u64,
    /// What is delayed comes up to this much later, and so behind what was sent after it.
    pub(crate) delay: u64,
    pub(crate) delay_max: Duration,
    /// How long two members cannot reach each other, at a time of the run that the seed gives.
    pub(crate) partition: Option<Duration>,
    /// The byte budget of a node.
    pub(crate) memory_bytes: u64,
    /// Sessions give up some of their work, and set deadlines.
    pub(crate) impatient: bool,
    /// A node loses all that it has, as a process that is started again, at a time of the run that the seed gives.
    pub(crate) restart: bool,
    /// Nodes that are asked to hand on what they hold and to leave, at times of the run that the seed gives; one stays.
    pub(crate) drains: u64,
    /// The process of a node that does not have to stay ends, at a time of the run that the seed gives.
    pub(crate) crash: bool,
    /// One of several sessions goes while it has work under way, with a goodbye or without.
    pub(crate) leaves: Option<Leave>,
    /// The defect that the run is to show.
    pub(crate) bug: Option<Bug>,
}

/// How a session goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// The nodes are told.
    Goodbye,
    /// Its process vanishes: the nodes find out when its lease runs out.
    Silent,
}

/// A defect that the checks have to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// Messages that come twice are delivered twice.
    Deduplication,
    /// A node does not free a block that it was told to free.
    Free,
    /// A node that is asked to leave does not wait until others have what it holds.
    Leave,
}

/// How often each kind of fault has happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) lost: u64,
    pub(crate) delayed: u64,
    pub(crate) duplicated: u64,
    pub(crate) reordered: u64,
    pub(crate) corrupted: u64,
    pub(crate) cut: u64,
    pub(crate) restarted: u64,
    pub(crate) crashed: u64,
}

impl Counters {
    pub(crate) fn add(&mut self, other: Counters) {
        self.lost += other.lost;
        self.delayed += other.delayed;
        self.duplicated += other.duplicated;
        self.reordered += other.reordered;
        self.corrupted += other.corrupted;
        self.cut += other.cut;
        self.restarted += other.restarted;
        self.crashed += other.crashed;
    }
}

impl Faults {
    /// Nothing goes wrong.
    pub(crate) fn none() -> Faults {
        Faults {
            loss: 0,
            duplicate: 0,
            corrupt: 0,
            delay: 0,
            delay_max: Duration::from_millis(1),
            partition: None,
            memory_bytes: 1 << 20,
            impatient: false,
            restart: false,
            drains: 0,
            crash: false,
            leaves: None,
            bug: None,
        }
    }

    /// What goes wrong under a seed: mild faults, which nothing but time may show, in half of the runs.
    pub(crate) fn of(random: &mut Random) -> Faults {
        let mild = random.below(2) == 0;
        let faults = Faults {
            loss: random.below(if mild { 50 } else { 200 }),
            duplicate: random.below(200),
            corrupt: random.below(if mild { 20 } else { 60 }),
            delay: random.below(300),
            delay_max: Duration::from_millis(1 + random.below(400)),
            drains: random.below(2),
            ..Faults::none()
        };
        if mild {
            return faults;
        }
        let cuts = [None, Some(2), Some(8), Some(15)];
        Faults {
            partition: random.pick(&cuts).map(Duration::from_secs),
            memory_bytes: *random.pick(&[1 << 20, 4 << 10, 1500]),
            impatient: random.below(2) == 0,
            restart: random.below(3) == 0,
            drains: random.below(3),
            crash: random.below(4) == 0,
            leaves: *random.pick(&[None, Some(Leave::Goodbye), Some(Leave::Silent)]),
            ..faults
        }
    }

    /// Whether every result must come, whatever goes wrong.
    pub(crate) fn are_mild(&self) -> bool {
        self.partition.is_none()
            && !self.restart
            && !self.crash
            && self.memory_bytes == 1 << 20
            && !self.impatient
            && self.loss < 50
    }
}
