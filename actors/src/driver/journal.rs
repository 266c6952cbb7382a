//! What a driver knows, and the journal of how it came to know it. Every fact changes by an entry of the journal and in
//! no other way, so that the entries since the last snapshot, applied to it, give the facts again.

use super::arrays::Arrays;
use super::members::{Course, Members};
use super::plans::{PlanState, Plans, Running};
use super::reservation::Reservation;
use crate::message::Capacity;
use crate::{ClusterError, Measured, Member, MemberId, Placed, PlanId, Span};
use nums_lshs::{ArrayId, BlockName};
use std::collections::BTreeSet;
use std::time::Duration;

/// Entries between two snapshots, unless there are more facts than that: then taking a snapshot costs as much as the
/// entries did.
const ENTRIES_LEN_MIN: usize = 1024;

/// All that a driver knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    pub(crate) members: Members,
    pub(crate) arrays: Arrays,
    pub(crate) plans: Plans,
    pub(crate) reservation: Option<Reservation>,
}

/// A change of a fact.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    /// A member can be reached.
    MemberUp { at: Duration, member: Member },
    /// A node has been greeted.
    MemberGreeted { member: MemberId },
    /// A node has said what it can do.
    MemberReady { member: MemberId, capacity: Capacity },
    /// A node is about to leave, or stays after all.
    MemberSteered { member: MemberId, course: Course },
    /// A member can no longer be reached.
    MemberDown { member: MemberId },
    /// What a member held is void.
    MemberLost { member: MemberId },
    /// A plan waits for its turn, and will make arrays.
    Submitted { plan: PlanId, state: PlanState },
    /// A plan asks for memory.
    Reserving(Reservation),
    /// A node has granted its share.
    Granted { by: MemberId },
    /// The nodes are asked one after the other.
    TakingTurns,
    /// A node is asked for less than it has refused.
    AskingForLess { on: MemberId },
    /// A plan begins, and the places of its results are known.
    Begun { plan: PlanId, running: Running, blocks: Vec<Placed> },
    /// A plan that drains a node is about to hand on blocks of these arrays.
    Draining { plan: PlanId, reads: BTreeSet<ArrayId> },
    /// Blocks have been handed on to other nodes.
    Moved { blocks: Vec<(BlockName, MemberId)> },
    /// A node has done some of the tasks of its part.
    PartAdvanced { plan: PlanId, node: MemberId, tasks: u64 },
    /// A node is done with its part.
    PartFinished { plan: PlanId, node: MemberId, measured: Measured, span: Span },
    /// A plan will not be done, nor will its arrays be made.
    PlanFailed { plan: PlanId, error: ClusterError },
    /// An array is there no more.
    ArrayLost { array: ArrayId, error: ClusterError },
    /// The last handle of an array is gone.
    ArrayReleased { array: ArrayId },
}

/// The facts as they were, and what has changed since.
#[derive(Debug)]
pub(crate) struct Journal {
    snapshot: Facts,
    entries: Vec<Entry>,
    /// Grows with what the entries hold.
    weight: usize,
    /// The weight at which a snapshot is considered.
    snapshot_at: usize,
}

impl Facts {
    /// Changes what an entry says has changed.
    pub(crate) fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::MemberUp { at, member } => self.members.up(at, member),
            Entry::MemberGreeted { member } => self.members.greet(&member),
            Entry::MemberReady { member, capacity } => self.members.ready(&member, capacity),
            Entry::MemberSteered { member, course } => self.members.steer(&member, course),
            Entry::MemberDown { member } => self.members.down(&member),
            Entry::MemberLost { member } => self.members.lose(&member),
            Entry::Submitted { plan, state } => {
                state.makes.iter().for_each(|&array| self.arrays.insert(array, plan));
                self.plans.insert(plan, state);
            }
            Entry::Reserving(reservation) => self.reservation = Some(reservation),
            Entry::Granted { by } => {
                self.reservation.iter_mut().for_each(|reservation| reservation.grant(&by));
            }
            Entry::TakingTurns => {
                self.reservation.iter_mut().for_each(Reservation::take_turns);
            }
            Entry::AskingForLess { on } => {
                self.reservation.iter_mut().for_each(|reservation| reservation.ask_for_less(&on));
            }
            Entry::Begun { plan, running, blocks } => {
                self.end_reservation(plan);
                blocks.into_iter().for_each(|placed| self.arrays.place(placed));
                self.plans.begin(plan, running);
            }
            Entry::PartAdvanced { plan, node, tasks } => {
                self.plans.advance_part(plan, node, tasks);
            }
            Entry::Draining { plan, reads } => self.plans.read(plan, reads),
            Entry::Moved { blocks } => {
                blocks.into_iter().for_each(|(block, node)| self.arrays.move_to(block, node));
            }
            Entry::PartFinished { plan, node, measured, span } => {
                self.plans.finish_part(plan, node, measured, span);
            }
            Entry::PlanFailed { plan, error } => {
                self.end_reservation(plan);
                let makes = self.plans.remove(plan).map(|state| state.makes).unwrap_or_default();
                makes.into_iter().for_each(|array| self.arrays.lose(array, &error));
            }
            Entry::ArrayLost { array, error } => self.arrays.lose(array, &error),
            Entry::ArrayReleased { array } => self.arrays.remove(array),
        }
    }

    fn end_reservation(&mut self, plan: PlanId) {
        self.reservation.take_if(|reservation| reservation.plan == plan);
    }

    /// How much there is to know.
    fn weight(&self) -> usize {
        self.arrays.weight() + self.plans.weight()
    }
}

impl Journal {
    pub(crate) fn new() -> Journal {
        let (snapshot, entries) = (Facts::default(), Vec::new());
        Journal { snapshot, entries, weight: 0, snapshot_at: ENTRIES_LEN_MIN }
    }

    /// Enters a change and carries it out.
    pub(crate) fn record(&mut self, facts: &mut Facts, entry: Entry) {
        self.weight += match &entry {
            Entry::Begun { blocks, .. } => 1 + blocks.len(),
            Entry::Moved { blocks } => 1 + blocks.len(),
            _ => 1,
        };
        self.entries.push(entry.clone());
        facts.apply(entry);
        if self.weight < self.snapshot_at {
            return;
        }
        self.snapshot_at = facts.weight().max(ENTRIES_LEN_MIN);
        if self.weight >= self.snapshot_at {
            self.snapshot = facts.clone();
            self.entries.clear();
            self.weight = 0;
        }
    }

    /// The facts, from the journal alone.
    #[cfg(test)]
    pub(crate) fn replay(&self) -> Facts {
        let mut facts = self.snapshot.clone();
        self.entries.iter().cloned().for_each(|entry| facts.apply(entry));
        facts
    }
}
