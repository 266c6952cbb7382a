//! Graphs as JSON: tasks with their cost, blocks, and the nodes of a cluster.
//!
//! This module reads and writes text; the caller opens files. `docs/schedule-graph.md` describes the format with an
//! example.

mod build;
mod error;

pub(crate) use build::totals_fit;
pub use error::GraphFileError;

use crate::{Cluster, NodeSpec, TaskGraph, VertexId};
use serde::{Deserialize, Serialize};

/// A graph and the cluster that it is planned for, as they stand in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GraphFile {
    /// The nodes; blocks and owners name them by their position.
    pub nodes: Vec<NodeEntry>,
    /// What exists before the plan starts.
    pub blocks: Vec<BlockEntry>,
    /// What is to be run, in any order.
    pub tasks: Vec<TaskEntry>,
}

/// A node with its capacities; what is left out is that of [`NodeSpec::typical`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NodeEntry {
    /// Worker threads.
    pub workers: Option<u32>,
    /// Floating-point operations a second of one worker.
    pub flops_per_s: Option<f64>,
    /// The byte budget of the block store.
    pub memory_bytes: Option<u64>,
    /// Bytes a second that the node can receive.
    pub bandwidth_in_bytes_per_s: Option<f64>,
    /// Bytes a second that the node can send.
    pub bandwidth_out_bytes_per_s: Option<f64>,
    /// The machine; a machine of its own when it is left out.
    pub host: Option<u32>,
}

/// A block that exists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockEntry {
    /// The name by which tasks read it.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The node that holds it, or a list of nodes that do.
    pub node: Holders,
}

/// One node or several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Holders {
    /// One node.
    One(u32),
    /// Several nodes hold copies.
    Many(Vec<u32>),
}

/// A task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskEntry {
    /// The name by which other tasks read its block.
    pub name: String,
    /// What it is, for people.
    pub kind: String,
    /// The names of the blocks and tasks that it reads.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// The size of the block that it gives.
    pub output_bytes: u64,
    /// What it gives beside that block.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<OutputEntry>,
    /// Its floating-point operations.
    #[serde(default)]
    pub flops: u64,
    /// The node to whose part of an array its block belongs; that of its first input when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<u32>,
    /// Whether it must run on its owner.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// Whether its block is a result; it always is when no output of the task is read or kept.
    #[serde(default, skip_serializing_if = "is_false")]
    pub keep: bool,
}

/// A block that a task gives beside its first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputEntry {
    /// The name by which tasks read it.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The node to whose part of an array it belongs; the owner of the task when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<u32>,
    /// Whether it is a result.
    #[serde(default, skip_serializing_if = "is_false")]
    pub keep: bool,
}

impl GraphFile {
    /// Reads a graph from JSON text.
    ///
    /// # Errors
    /// [`GraphFileError::Json`] with line and column.
    pub fn parse(text: &str) -> Result<GraphFile, GraphFileError> {
        serde_json::from_str(text)
            .map_err(|error| GraphFileError::Json { reason: error.to_string() })
    }

    /// The graph as JSON text that [`parse`](Self::parse) reads.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Writes down a graph that the builders made, as costs.
    pub fn of(graph: &TaskGraph, cluster: &Cluster) -> GraphFile {
        let owners = cluster.owners();
        let name = |vertex: VertexId| graph.name(vertex).to_string();
        let owner =
            |vertex: VertexId| owners.get(graph.place(vertex).0 as usize).map(|node| node.0);
        let mut file = GraphFile {
            nodes: cluster.nodes.iter().map(NodeEntry::of).collect(),
            blocks: Vec::new(),
            tasks: Vec::new(),
        };
        for vertex in graph.vertices() {
            if graph.is_source(vertex) {
                let nodes: Vec<_> = graph.holders(vertex).iter().map(|node| node.0).collect();
                let node = match nodes[..] {
                    [only] => Holders::One(only),
                    _ => Holders::Many(nodes),
                };
                file.blocks.push(BlockEntry {
                    name: name(vertex),
                    bytes: graph.bytes(vertex),
                    node,
                });
            } else if graph.is_task(vertex) {
                let further = graph.outputs(vertex).skip(1).map(|output| OutputEntry {
                    name: name(output),
                    bytes: graph.bytes(output),
                    owner: owner(output),
                    keep: graph.is_kept(output),
                });
                file.tasks.push(TaskEntry {
                    name: name(vertex),
                    kind: graph.op(vertex).kind().to_owned(),
                    inputs: graph.inputs(vertex).iter().map(|&input| name(input)).collect(),
                    output_bytes: graph.bytes(vertex),
                    outputs: further.collect(),
                    flops: graph.flops(vertex),
                    owner: owner(vertex),
                    pinned: graph.is_pinned(vertex),
                    keep: graph.is_kept(vertex),
                });
            }
        }
        file
    }
}

impl NodeEntry {
    fn of(spec: &NodeSpec) -> NodeEntry {
        NodeEntry {
            workers: Some(spec.workers),
            flops_per_s: Some(spec.flops_per_s),
            memory_bytes: Some(spec.memory_bytes),
            bandwidth_in_bytes_per_s: Some(spec.bandwidth_in_bytes_per_s),
            bandwidth_out_bytes_per_s: Some(spec.bandwidth_out_bytes_per_s),
            host: Some(spec.host),
        }
    }

    fn spec(&self, position: usize) -> NodeSpec {
        let typical = NodeSpec::typical(position as u32);
        let bandwidth = typical.bandwidth_in_bytes_per_s;
        NodeSpec {
            workers: self.workers.unwrap_or(typical.workers),
            flops_per_s: self.flops_per_s.unwrap_or(typical.flops_per_s),
            memory_bytes: self.memory_bytes.unwrap_or(typical.memory_bytes),
            bandwidth_in_bytes_per_s: self.bandwidth_in_bytes_per_s.unwrap_or(bandwidth),
            bandwidth_out_bytes_per_s: self.bandwidth_out_bytes_per_s.unwrap_or(bandwidth),
            host: self.host.unwrap_or(typical.host),
        }
    }
}

impl Holders {
    fn list(&self) -> &[u32] {
        match self {
            Holders::One(node) => std::slice::from_ref(node),
            Holders::Many(nodes) => nodes,
        }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}
