//! The memory that the next plan asks of the nodes. One plan of a job asks at a time, so that plans begin in order.
//!
//! All nodes are asked at once, impatiently. If one is busy, what was granted is given back, and the nodes are asked
//! one after the other in their order, patiently. Who waits at a node then holds memory only of earlier nodes, so
//! drivers cannot wait for each other in a circle. A node that waited in vain is asked once more, for what the plan
//! needs when it does not run ahead of its steps.

use crate::{MemberId, PlanId};

/// A plan that asks for memory.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reservation {
    pub(crate) plan: PlanId,
    /// The nodes of the plan in their order, and what it needs on each.
    pub(crate) needs: Vec<Need>,
    /// Whether the nodes are asked one after the other.
    pub(crate) in_turn: bool,
}

/// What a plan needs on a node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Need {
    pub(crate) node: MemberId,
    pub(crate) bytes: u64,
    /// What it needs there one step after the other.
    pub(crate) least_bytes: u64,
    pub(crate) granted: bool,
}

impl Reservation {
    pub(crate) fn new(
        plan: PlanId,
        needs: impl IntoIterator<Item = (MemberId, u64, u64)>,
    ) -> Reservation {
        let need = |(node, bytes, least_bytes)| Need { node, bytes, least_bytes, granted: false };
        Reservation { plan, needs: needs.into_iter().map(need).collect(), in_turn: false }
    }

    pub(crate) fn grant(&mut self, by: &MemberId) {
        self.needs.iter_mut().filter(|need| need.node == *by).for_each(|need| need.granted = true);
    }

    /// Asks again, one node after the other: what was granted is given back.
    pub(crate) fn take_turns(&mut self) {
        self.in_turn = true;
        self.needs.iter_mut().for_each(|need| need.granted = false);
    }

    /// What a node may be asked for instead of what it has refused.
    pub(crate) fn less_on(&self, node: &MemberId) -> Option<u64> {
        let need = self.needs.iter().find(|need| need.node == *node)?;
        (self.in_turn && need.least_bytes < need.bytes).then_some(need.least_bytes)
    }

    /// The plan is not to run ahead of its steps on a node.
    pub(crate) fn ask_for_less(&mut self, on: &MemberId) {
        let needs = self.needs.iter_mut().filter(|need| need.node == *on);
        needs.for_each(|need| need.bytes = need.least_bytes);
    }

    /// The first node that has not granted its share.
    pub(crate) fn next(&self) -> Option<&Need> {
        self.needs.iter().find(|need| !need.granted)
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = &MemberId> {
        self.needs.iter().map(|need| &need.node)
    }
}
