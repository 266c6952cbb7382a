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
    /// The row that a node shows for a member.
    pub(crate) fn of(member: &MemberStatus) -> Row {
        Row {
            name: member.name.clone(),
            role: if member.is_node { "node" } else { "session" }.to_owned(),
            admits: Some(member.admits),
            addresses: member.addresses.clone(),
            node: member.status.clone(),
        }
    }

    /// The row that a session shows for a node. A session does not know which nodes admit and where they listen.
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

/// The head of the table. Columns from the fourth on hold numbers and are right-aligned.
const HEAD: [&str; 10] = [
    "name",
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
const WORDS: usize = 3;

/// A line for each member, in columns as wide as what they hold.
pub(crate) fn table(rows: &[Row]) -> String {
    let lines: Vec<_> =
        std::iter::once(HEAD.map(str::to_owned)).chain(rows.iter().map(cells)).collect();
    let width = |column: usize| lines.iter().map(|cells| cells[column].len()).max().unwrap_or(0);
    let widths: [usize; HEAD.len()] = std::array::from_fn(width);
    let mut out = String::new();
    for cells in &lines {
        for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            let _ = match column < WORDS {
                true => write!(out, "{gap}{cell:<width$}"),
                false => write!(out, "{gap}{cell:>width$}"),
            };
        }
        out.push('\n');
    }
    out
}

fn cells(row: &Row) -> [String; HEAD.len()] {
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
    let (name, role, admits) = (row.name.clone(), row.role.clone(), admits.to_owned());
    [name, role, admits, tasks, bytes_in, bytes_out, stored, memory, blocks, version]
}
