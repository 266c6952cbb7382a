//! The nodes that a driver can plan for.

use crate::{Member, MemberId, Role};
use nums_lshs::{Cluster, NodeId};

/// The nodes that are up, in the order in which they were admitted.
#[derive(Debug, Default)]
pub(crate) struct Members {
    nodes: Vec<Member>,
}

impl Members {
    pub(crate) fn up(&mut self, member: Member) {
        if member.role == Role::Node {
            self.nodes.retain(|other| other.id != member.id);
            self.nodes.push(member);
            self.nodes.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        }
    }

    pub(crate) fn down(&mut self, member: &MemberId) {
        self.nodes.retain(|node| node.id != *member);
    }

    pub(crate) fn get(&self, member: &MemberId) -> Option<Member> {
        self.nodes.iter().find(|node| node.id == *member).cloned()
    }

    pub(crate) fn ids(&self) -> Vec<MemberId> {
        self.nodes.iter().map(|node| node.id.clone()).collect()
    }

    pub(crate) fn number(&self, member: &MemberId) -> Option<NodeId> {
        let position = self.nodes.iter().position(|node| node.id == *member)?;
        Some(NodeId(position as u32))
    }

    /// The cluster to plan for. Nodes do not tell their speed yet, so they count as equal.
    pub(crate) fn cluster(&self, places: u32) -> Cluster {
        Cluster::uniform(self.nodes.len(), places)
    }
}
