//! Names in a cluster: members, jobs and plans.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The name of a member, given by its transport: a peer id, or `node-3` in an embedded cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct MemberId(Arc<str>);

/// The role of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Role {
    /// The member stores blocks and runs tasks.
    Node,
    /// The member submits plans and reads results.
    Session,
}

/// A member as its transport announces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its name.
    pub(crate) id: MemberId,
    /// What it is there for.
    pub(crate) role: Role,
    /// Nodes are numbered in this order, which all members see alike.
    pub(crate) order: (u64, u64),
}

/// All that one session does on a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct JobId(pub(crate) u64);

/// A submitted plan within its job; numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct PlanId(pub(crate) u64);

impl MemberId {
    /// A member of a name.
    pub fn new(name: impl Into<Arc<str>>) -> MemberId {
        MemberId(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl JobId {
    /// The job of a session: a number that follows from its member name, so that sessions do not collide.
    pub(crate) fn of(session: &MemberId) -> JobId {
        JobId(xxhash_rust::xxh3::xxh3_64(session.as_str().as_bytes()))
    }
}

impl From<String> for MemberId {
    fn from(name: String) -> MemberId {
        MemberId(name.into())
    }
}

impl From<MemberId> for String {
    fn from(member: MemberId) -> String {
        member.0.as_ref().to_owned()
    }
}

impl fmt::Display for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
