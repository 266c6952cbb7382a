//! The memory that a part takes up, and how much of it may go to what is done ahead of its turn.
//!
//! A part is given the bytes that its plan predicted. What is done ahead of the first task that is not done, tasks that
//! start early and copies that are fetched early, has to stay within them, and what others have not fetched in time
//! holds up what is next when it does not fit beside them. So the part as a whole stays within the prediction.

use serde::{Deserialize, Serialize};

/// What a part may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Allowance {
    /// All its blocks together, those included that it reads of earlier plans.
    pub(crate) bytes_max: u64,
    /// The results of tasks that start before an earlier one is done.
    pub(crate) ahead_bytes_max: u64,
}

/// What a part holds.
#[derive(Debug)]
pub(crate) struct PartMemory {
    allowance: Allowance,
    bytes: u64,
    peak_bytes: u64,
    ahead_bytes: u64,
}

impl PartMemory {
    pub(crate) fn new(allowance: Allowance) -> PartMemory {
        PartMemory { allowance, bytes: 0, peak_bytes: 0, ahead_bytes: 0 }
    }

    /// A block is there for the part from now on, or its memory is spoken for.
    pub(crate) fn charge(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.peak_bytes = self.peak_bytes.max(self.bytes);
    }

    /// A result takes over the memory of a block, or the block is gone.
    pub(crate) fn discharge(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// Whether a copy may be fetched before its turn.
    pub(crate) fn has_room(&self, bytes: u64) -> bool {
        self.bytes.saturating_add(bytes) <= self.allowance.bytes_max
    }

    /// Whether a task may start before its turn.
    pub(crate) fn may_run_ahead(&self, bytes: u64) -> bool {
        let ahead_bytes = self.ahead_bytes.saturating_add(bytes);
        self.has_room(bytes) && ahead_bytes <= self.allowance.ahead_bytes_max
    }

    /// A task starts before its turn.
    pub(crate) fn run_ahead(&mut self, bytes: u64) {
        self.ahead_bytes += bytes;
    }

    /// The turn of a task that started before it has come and gone.
    pub(crate) fn catch_up(&mut self, bytes: u64) {
        self.ahead_bytes -= bytes;
    }

    /// The most bytes that the part has held.
    pub(crate) fn peak_bytes(&self) -> u64 {
        self.peak_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_ahead_stays_within_the_allowance() {
        let mut memory = PartMemory::new(Allowance { bytes_max: 10, ahead_bytes_max: 4 });
        memory.charge(5);
        assert!(memory.may_run_ahead(4));
        memory.run_ahead(4);
        memory.charge(4);
        assert!(!memory.may_run_ahead(1), "all that may be ahead is");
        assert!(memory.has_room(1) && !memory.has_room(2));
        memory.discharge(5);
        memory.catch_up(4);
        assert!(memory.may_run_ahead(4) && !memory.may_run_ahead(5));
        assert_eq!(memory.peak_bytes(), 9);
    }
}
