//! The members of a cluster, as text or JSON.

use nums::{MemberStatus, NodeStatus};
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::net::SocketAddr;

/// A member. The names of the fields are those of the JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    name: String,
    role: String,
    admits: Option<bool>,
    addresses: Vec<SocketAddr>,
    node: Option<NodeStatus>,
}

impl Row {
    /// As a member sees another.
    pub(crate) fn of(member: &MemberStatus) -> Row {
        Row {
            name: member.name.clone(),
            role: if member.is_node { "node" } else { "session" }.to_owned(),
            admits: Some(member.admits),
            addresses: member.addresses.clone(),
            node: member.status.clone(),
        }
    }

    /// As a session sees a node: it does not ask who admits, and where each listens.
    pub(crate) fn of_node(status: NodeStatus) -> Row {
        Row {
            name: status.name.clone(),
            role: "node".to_owned(),
            admits: None,
            addresses: Vec::new(),
            node: Some(status),
        }
    }
}

/// A line for each member.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut out = String::new();
    let head = [
        "role",
        "admits",
        "tasks",
        "bytes in",
        "bytes out",
        "stored",
        "memory",
        "blocks",
        "version",
    ];
    let line = |out: &mut String, name: &str, cells: [String; 9]| {
        let [role, admits, numbers @ ..] = cells;
        let _ = write!(out, "{name:<54}{role:<9}{admits:<7}");
        for number in numbers {
            let _ = write!(out, "{number:>14}");
        }
        out.push('\n');
    };
    line(&mut out, "name", head.map(str::to_owned));
    for row in rows {
        let admits = match row.admits {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        let numbers = match &row.node {
            Some(node) => [
                node.tasks.to_string(),
                node.bytes_in.to_string(),
                node.bytes_out.to_string(),
                node.stored_bytes.to_string(),
                node.memory_bytes.to_string(),
                node.blocks.to_string(),
                node.version.clone(),
            ],
            // A node that did not answer is not a node without work.
            None => [(); 7].map(|()| if row.role == "node" { "?" } else { "-" }.to_owned()),
        };
        let [tasks, bytes_in, bytes_out, stored, memory, blocks, version] = numbers;
        let cells = [
            row.role.clone(),
            admits.to_owned(),
            tasks,
            bytes_in,
            bytes_out,
            stored,
            memory,
            blocks,
            version,
        ];
        line(&mut out, &row.name, cells);
    }
    out
}
