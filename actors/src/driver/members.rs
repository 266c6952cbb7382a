//! The nodes that a driver knows, and what each has said that it can do.

use crate::message::Capacity;
use crate::{Member, MemberId, Role};
use nums_lshs::{Cluster, NodeId, NodeSpec};
use std::time::Duration;

/// How long plans wait for a node that is up to say what it can do.
const GREETING_MAX: Duration = Duration::from_secs(5);

/// A node.
#[derive(Clone, Debug, PartialEq)]
struct Node {
    member: Member,
    up_at: Duration,
    greeted: bool,
    /// It was there before and was lost: nobody waits for it again.
    lost: bool,
    /// What it can do, when it has said so: only then is it planned for.
    capacity: Option<Capacity>,
    course: Course,
}

/// Whether a node stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Course {
    /// Nothing else is known.
    #[default]
    Stays,
    /// It holds nothing any more, and no plan is made for it; plans that were made before may run on it.
    Leaves,
    /// It has been told that nothing needs it.
    Dismissed,
}

/// The nodes that are up, in the order in which they were admitted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Members {
    nodes: Vec<Node>,
    /// Rises whenever a node is lost: what was planned before is out of date.
    epoch: u64,
}

impl Members {
    pub(crate) fn up(&mut self, now: Duration, member: Member) {
        if member.role == Role::Node && !self.nodes.iter().any(|node| node.member == member) {
            self.nodes.retain(|other| other.member.id != member.id);
            let (greeted, lost, capacity, course) = (false, false, None, Course::Stays);
            self.nodes.push(Node { member, up_at: now, greeted, lost, capacity, course });
            let order = |node: &Node| (node.member.order, node.member.id.clone());
            self.nodes.sort_by_key(order);
        }
    }

    pub(crate) fn greet(&mut self, member: &MemberId) {
        self.with(member, |node| node.greeted = true);
    }

    pub(crate) fn ready(&mut self, member: &MemberId, capacity: Capacity) {
        self.with(member, |node| node.capacity = Some(capacity));
    }

    pub(crate) fn down(&mut self, member: &MemberId) {
        self.epoch += 1;
        self.nodes.retain(|node| node.member.id != *member);
    }

    /// It is still a member, but what it held is void; it is to be greeted again.
    pub(crate) fn lose(&mut self, member: &MemberId) {
        self.epoch += 1;
        self.with(member, |node| {
            (node.greeted, node.lost, node.capacity) = (false, true, None);
            node.course = Course::Stays;
        });
    }

    pub(crate) fn steer(&mut self, member: &MemberId, course: Course) {
        self.with(member, |node| node.course = course);
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The nodes that have not been greeted.
    pub(crate) fn ungreeted(&self) -> Vec<MemberId> {
        let ungreeted = self.nodes.iter().filter(|node| !node.greeted);
        ungreeted.map(|node| node.member.id.clone()).collect()
    }

    /// Whether a node has been greeted and has not answered.
    pub(crate) fn is_greeting(&self, member: &MemberId) -> bool {
        let node = self.nodes.iter().find(|node| node.member.id == *member);
        node.is_some_and(|node| node.greeted && node.capacity.is_none())
    }

    /// Whether plans can be made: no node that may soon say what it can do is waited for.
    pub(crate) fn are_settled(&self, now: Duration) -> bool {
        let awaited =
            |node: &Node| node.capacity.is_none() && !node.lost && now < node.up_at + GREETING_MAX;
        !self.nodes.iter().any(awaited)
    }

    /// The nodes that can be spoken to, those among them that are about to leave.
    pub(crate) fn ready_ids(&self) -> Vec<MemberId> {
        self.greeted().map(|(node, _)| node.member.id.clone()).collect()
    }

    /// Whether a node can be spoken to.
    pub(crate) fn is_ready(&self, member: &MemberId) -> bool {
        self.greeted().any(|(node, _)| node.member.id == *member)
    }

    /// The nodes that are about to leave and have not been told that nothing needs them.
    pub(crate) fn leaving(&self) -> Vec<MemberId> {
        let leaving = self.nodes.iter().filter(|node| node.course == Course::Leaves);
        leaving.map(|node| node.member.id.clone()).collect()
    }

    /// The nodes that can be planned for.
    pub(crate) fn ids(&self) -> Vec<MemberId> {
        self.planned().map(|(node, _)| node.member.id.clone()).collect()
    }

    pub(crate) fn number(&self, member: &MemberId) -> Option<NodeId> {
        let position = self.planned().position(|(node, _)| node.member.id == *member)?;
        Some(NodeId(position as u32))
    }

    /// The cluster to plan for. Nodes tell their workers and memory; their speeds count as equal.
    pub(crate) fn cluster(&self, places: u32) -> Cluster {
        let spec = |((_, capacity), host): ((&Node, Capacity), u32)| NodeSpec {
            workers: capacity.workers,
            memory_bytes: capacity.memory_bytes,
            ..NodeSpec::typical(host)
        };
        Cluster { nodes: self.planned().zip(0..).map(spec).collect(), places }
    }

    fn planned(&self) -> impl Iterator<Item = (&Node, Capacity)> {
        self.greeted().filter(|(node, _)| node.course == Course::Stays)
    }

    fn greeted(&self) -> impl Iterator<Item = (&Node, Capacity)> {
        self.nodes.iter().filter_map(|node| Some((node, node.capacity?)))
    }

    fn with(&mut self, member: &MemberId, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.iter_mut().find(|node| node.member.id == *member) {
            change(node);
        }
    }
}
