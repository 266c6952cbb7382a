//! How a node is emptied that is to leave: a plan of its own hands its blocks on to the other nodes, and nothing is
//! computed again.
//!
//! The plan waits for its turn like any other, so that every block is placed by then which an earlier plan makes.
//! Until all blocks are where they go, the arrays count as being where they were and nothing new is planned; after
//! that no plan is made for the node, and once those that run on it are done it is told that it may go.

use super::journal::Entry;
use super::members::Course;
use super::plans::{PlanState, Running};
use super::state::{Instruction, State};
use super::submit::{Prepared, PreparedPart, Queued};
use crate::node::Allowance;
use crate::part::hands_on;
use crate::{ClusterError, Measured, MemberId, Message, PlanId};
use nums_lshs::{BlockName, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// What stands in a report in place of a policy when a node is drained.
const DRAIN: &str = "drain";

impl State {
    /// A node wants to leave, or has changed its mind.
    pub(super) fn handle_draining(
        &mut self,
        node: MemberId,
        draining: bool,
        out: &mut Vec<Instruction>,
    ) {
        if draining {
            return self.submit_drain(node);
        }
        for plan in self.facts.plans.draining(&node) {
            self.fail(plan, &ClusterError::Cancelled, out);
        }
        self.record(Entry::MemberSteered { member: node, course: Course::Stays });
    }

    fn submit_drain(&mut self, node: MemberId) {
        if !self.facts.plans.draining(&node).is_empty() {
            return;
        }
        let plan = self.facts.plans.next_id();
        let state = PlanState {
            deadline: None,
            reads: BTreeSet::new(),
            makes: BTreeSet::new(),
            put: false,
            drains: Some(node.clone()),
            running: None,
        };
        self.record(Entry::Submitted { plan, state });
        self.queue.push_back(Queued::Drain { plan, node });
    }

    /// Gives each block of the node to the node that then holds the fewest bytes of the session.
    pub(super) fn prepare_drain(
        &mut self,
        plan: PlanId,
        node: &MemberId,
    ) -> Result<Prepared, ClusterError> {
        let mut members = self.facts.members.ids();
        members.retain(|member| member != node);
        let mut held_bytes = vec![0; members.len()];
        let mut leaving = Vec::new();
        for placed in self.facts.arrays.placed() {
            if placed.node == *node {
                leaving.push((placed.block, placed.bytes));
            } else if let Some(held) = members.iter().position(|member| *member == placed.node) {
                held_bytes[held] += placed.bytes;
            }
        }
        if members.is_empty() && !leaving.is_empty() {
            let reason = "no other node can take its blocks".to_owned();
            return Err(ClusterError::NotDrained { node: node.to_string(), reason });
        }
        let reads = leaving.iter().map(|(block, _)| block.array).collect();
        self.record(Entry::Draining { plan, reads });
        let mut by_node: BTreeMap<usize, Vec<(BlockName, u64)>> = BTreeMap::new();
        let mut moves = BTreeMap::new();
        for &(block, bytes) in &leaving {
            let emptiest = (0..members.len()).min_by_key(|&number| held_bytes[number]);
            let to = emptiest.unwrap_or_default();
            held_bytes[to] += bytes;
            by_node.entry(to).or_default().push((block, bytes));
            moves.insert(block, members[to].clone());
        }
        let from = NodeId(members.len() as u32);
        let (mut predicted, mut parts) = (BTreeMap::new(), Vec::new());
        for (to, blocks) in by_node {
            let (part, costs) = PreparedPart::takes_over(members[to].clone(), &blocks, from);
            predicted.insert(part.to.clone(), costs);
            parts.push(part);
        }
        if !leaving.is_empty() {
            let bytes_out = leaving.iter().map(|(_, bytes)| bytes).sum();
            let costs = Measured { bytes_out, peak_bytes: bytes_out, ..Measured::default() };
            predicted.insert(node.clone(), costs);
            let allowance = Allowance { bytes_max: bytes_out, ahead_bytes_max: 0 };
            let (to, part) = (node.clone(), hands_on(&leaving));
            parts.push(PreparedPart { to, part, need_bytes: 0, least_bytes: 0, allowance });
        }
        members.push(node.clone());
        let (epoch, measured) = (self.facts.members.epoch(), BTreeMap::new());
        let (policy, puts) = (DRAIN.to_owned(), BTreeMap::new());
        let (begun, tasks_done) = (self.now, BTreeMap::new());
        let running =
            Running { policy, epoch, begun, predicted, measured, tasks_done, puts, moves };
        Ok(Prepared { plan, running, blocks: Vec::new(), members, parts })
    }

    /// The blocks of a node are with others: from here on these count as their holders.
    pub(super) fn finish_drain(
        &mut self,
        node: MemberId,
        moves: BTreeMap<BlockName, MemberId>,
        out: &mut Vec<Instruction>,
    ) {
        // The last handle of an array may have gone meanwhile, and its blocks with it.
        let there: BTreeSet<_> = self.facts.arrays.placed().map(|placed| placed.block).collect();
        let (moved, orphans): (Vec<_>, Vec<_>) =
            moves.into_iter().partition(|(block, _)| there.contains(block));
        let left = moved.iter().map(|(block, _)| (*block, node.clone()));
        let released = orphans.into_iter().chain(left).collect();
        self.record(Entry::Moved { blocks: moved });
        self.record(Entry::MemberSteered { member: node, course: Course::Leaves });
        self.release_blocks(released, out);
    }

    /// The blocks of a node were not handed on: they are where they were, and the copies go. It is tried again where
    /// the reason was an array that is not to be moved any more, or a node that is not there to take blocks.
    pub(super) fn fail_drain(
        &mut self,
        node: MemberId,
        moves: Vec<(BlockName, MemberId)>,
        error: &ClusterError,
        own: bool,
        out: &mut Vec<Instruction>,
    ) {
        self.release_blocks(moves, out);
        if !self.facts.members.is_ready(&node) || own && *error == ClusterError::Cancelled {
            return;
        }
        if own && !matches!(error, ClusterError::NodeLost { .. }) {
            let outcome = Err(match error {
                ClusterError::NotDrained { reason, .. } => reason.clone(),
                other => other.to_string(),
            });
            let message = Message::Drained { job: self.job, outcome };
            out.push(Instruction::Send { to: node, message });
        } else {
            self.submit_drain(node);
        }
    }

    /// Tells nodes that are to leave that nothing needs them any more.
    pub(super) fn dismiss_leaving(&mut self, out: &mut Vec<Instruction>) {
        for node in self.facts.members.leaving() {
            if !self.facts.plans.touching(&node).is_empty() {
                continue;
            }
            let course = Course::Dismissed;
            self.record(Entry::MemberSteered { member: node.clone(), course });
            let message = Message::Drained { job: self.job, outcome: Ok(()) };
            out.push(Instruction::Send { to: node, message });
        }
    }
}
