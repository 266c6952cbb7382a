//! The event queue of a simulation: what happens next.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// What the event queue holds.
#[derive(Clone, Copy)]
pub(super) enum Happening {
    /// A message of the driver reaches a node, which now knows its items up to a position.
    Known { node: u32, items: u32 },
    /// A request reaches the sender of a transfer.
    Request(u32),
    /// The outgoing port of a node is free again.
    OutFree(u32),
    /// The first byte of a transfer reaches the receiver.
    Head(u32),
    /// The last byte of a transfer is there.
    Arrived(u32),
    /// A task is done.
    Done(u32),
}

/// An entry of the event queue; equal times keep the order in which they were entered.
struct Entry {
    time_s: f64,
    number: u64,
    happening: Happening,
}

/// Events in the order of time.
#[derive(Default)]
pub(super) struct Queue {
    entries: BinaryHeap<Reverse<Entry>>,
    entered: u64,
}

impl Queue {
    /// Adds an event.
    pub(super) fn enter(&mut self, time_s: f64, happening: Happening) {
        self.entries.push(Reverse(Entry { time_s, number: self.entered, happening }));
        self.entered += 1;
    }

    /// Takes the next event and its time.
    pub(super) fn next(&mut self) -> Option<(f64, Happening)> {
        self.entries.pop().map(|Reverse(entry)| (entry.time_s, entry.happening))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> Ordering {
        self.time_s.total_cmp(&other.time_s).then(self.number.cmp(&other.number))
    }
}
