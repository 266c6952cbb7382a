//! Graphs as JSON: tasks of which only the cost is known, blocks, and the nodes of a cluster.
//!
//! This reads and writes text; opening files is the caller's business. The format is described with an example in
//! `docs/schedule-graph.md`.

use crate::{
    ArrayId, BlockName, BlockSpec, Cluster, DType, GraphError, NodeId, NodeSpec, Op, Place, Shape,
    TaskGraph, VertexId,
};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use thiserror::Error;

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
    /// Its floating-point operations.
    #[serde(default)]
    pub flops: u64,
    /// The node to whose part of an array its block belongs; that of its first input when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<u32>,
    /// Whether it must run on its owner.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// Whether its block is a result; that of a task that nothing reads always is.
    #[serde(default, skip_serializing_if = "is_false")]
    pub keep: bool,
}

/// A file that describes no graph.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GraphFileError {
    /// It is no JSON, or not of this form.
    #[error("the graph cannot be read: {story}")]
    Json {
        /// What is wrong, with line and column.
        story: String,
    },
    /// There is nobody to run it.
    #[error("the graph has no nodes")]
    NoNodes,
    /// A capacity is not a positive number.
    #[error("node {node}: {capacity} must be positive")]
    Capacity {
        /// The position of the node.
        node: usize,
        /// Which capacity.
        capacity: &'static str,
    },
    /// Two blocks or tasks have one name.
    #[error("{name:?} is the name of two blocks or tasks")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A task reads what does not exist.
    #[error("{task:?} reads {input:?}, which is no block and no task")]
    Dangling {
        /// The reader.
        task: String,
        /// What it reads.
        input: String,
    },
    /// Tasks wait for each other.
    #[error("the tasks wait for each other in a circle: {}", cycle.join(" reads "))]
    Cycle {
        /// The tasks of the circle; the first one comes again at the end.
        cycle: Vec<String>,
    },
    /// A block or task names a node that the file does not have.
    #[error("{name:?} names node {node}, but there are {nodes} nodes")]
    UnknownNode {
        /// The block or task.
        name: String,
        /// The node.
        node: u32,
        /// How many there are.
        nodes: usize,
    },
    /// A block is held by no node.
    #[error("no node holds the block {name:?}")]
    NoHolder {
        /// The block.
        name: String,
    },
    /// An owner is too weak beside the other nodes to own a place of an array.
    #[error(
        "{name:?} belongs to node {node}, which has less than a millionth of the others' capacity"
    )]
    WeakOwner {
        /// The task.
        name: String,
        /// Its owner.
        node: u32,
    },
    /// A size cannot be addressed, or the sizes of all cannot be counted.
    #[error("{name:?} makes the bytes or flops of the graph too large to count")]
    TooLarge {
        /// The first block or task that is too large, or the last one.
        name: String,
    },
}

impl GraphFile {
    /// Reads a graph from JSON text.
    ///
    /// # Errors
    /// [`GraphFileError::Json`] with line and column.
    pub fn parse(text: &str) -> Result<GraphFile, GraphFileError> {
        serde_json::from_str(text)
            .map_err(|error| GraphFileError::Json { story: error.to_string() })
    }

    /// The graph as JSON text that [`parse`](Self::parse) reads.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Writes down a graph that the builders made, as costs.
    pub fn of(graph: &TaskGraph, cluster: &Cluster) -> GraphFile {
        let owners = cluster.owners();
        let name = |vertex: VertexId| graph.name(vertex).to_string();
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
            } else {
                file.tasks.push(TaskEntry {
                    name: name(vertex),
                    kind: graph.op(vertex).kind().to_owned(),
                    inputs: graph.inputs(vertex).iter().map(|&input| name(input)).collect(),
                    output_bytes: graph.bytes(vertex),
                    flops: graph.flops(vertex),
                    owner: owners.get(graph.place(vertex).0 as usize).map(|node| node.0),
                    pinned: graph.is_pinned(vertex),
                    keep: graph.is_kept(vertex),
                });
            }
        }
        file
    }

    /// The graph of cost-only tasks and the cluster. Tasks keep the order of the file where their inputs allow it.
    ///
    /// # Errors
    /// When names, nodes, sizes or the order of tasks do not fit, with the names.
    pub fn build(&self) -> Result<(TaskGraph, Cluster), GraphFileError> {
        let mut cluster = self.cluster()?;
        let names = self.names()?;
        let order = self.order(&names)?;
        let first_places = first_places(&mut cluster);
        let read = self.tasks.iter().flat_map(|task| &task.inputs);
        let mut is_read = vec![false; self.blocks.len() + self.tasks.len()];
        read.for_each(|input| is_read[names[input.as_str()]] = true);
        let mut graph = TaskGraph::new(ArrayId(2));
        let mut vertices = vec![VertexId(0); is_read.len()];
        for (index, block) in self.blocks.iter().enumerate() {
            let nodes = block.node.list();
            if nodes.is_empty() {
                return Err(GraphFileError::NoHolder { name: block.name.clone() });
            }
            let holders = nodes
                .iter()
                .map(|&node| self.node(&block.name, node))
                .collect::<Result<Vec<_>, _>>()?;
            let place = first_places[holders[0].index()].unwrap_or(Place(0));
            let bytes = usize::try_from(block.bytes).unwrap_or(usize::MAX);
            let shape = Shape::new([bytes])
                .map_err(|_| GraphFileError::TooLarge { name: block.name.clone() })?;
            let spec = BlockSpec::new(DType::UInt8, shape);
            let name = BlockName { array: ArrayId(0), index: index as u32 };
            vertices[index] = graph.source(spec, name, place, holders);
        }
        for index in order {
            let task = &self.tasks[index];
            let inputs: Vec<_> =
                task.inputs.iter().map(|input| vertices[names[input.as_str()]]).collect();
            let place = match task.owner {
                Some(owner) => {
                    let node = self.node(&task.name, owner)?;
                    let (name, node_number) = (task.name.clone(), owner);
                    first_places[node.index()]
                        .ok_or(GraphFileError::WeakOwner { name, node: node_number })?
                }
                None => inputs.first().map_or(Place(0), |&input| graph.place(input)),
            };
            let op = Op::Opaque {
                kind: task.kind.clone(),
                flops: task.flops,
                output_bytes: task.output_bytes,
            };
            let name = BlockName { array: ArrayId(1), index: index as u32 };
            let vertex = graph
                .task(op, &inputs, place, name)
                .map_err(|_: GraphError| GraphFileError::TooLarge { name: task.name.clone() })?;
            vertices[self.blocks.len() + index] = vertex;
            if task.keep || !is_read[self.blocks.len() + index] {
                graph.keep(vertex);
            }
            if task.pinned {
                graph.pin(vertex);
            }
        }
        if totals_fit(&graph, cluster.len()) {
            return Ok((graph, cluster));
        }
        let last = self.tasks.last().map(|task| &task.name);
        let last = last.or(self.blocks.last().map(|block| &block.name));
        Err(GraphFileError::TooLarge { name: last.cloned().unwrap_or_default() })
    }

    fn cluster(&self) -> Result<Cluster, GraphFileError> {
        if self.nodes.is_empty() {
            return Err(GraphFileError::NoNodes);
        }
        let nodes: Vec<_> =
            self.nodes.iter().enumerate().map(|(at, entry)| entry.spec(at)).collect();
        for (node, spec) in nodes.iter().enumerate() {
            for (capacity, value) in [
                ("workers", f64::from(spec.workers)),
                ("flops_per_s", spec.flops_per_s),
                ("memory_bytes", spec.memory_bytes as f64),
                ("bandwidth_in_bytes_per_s", spec.bandwidth_in_bytes_per_s),
                ("bandwidth_out_bytes_per_s", spec.bandwidth_out_bytes_per_s),
            ] {
                if !(value.is_finite() && value > 0.0) {
                    return Err(GraphFileError::Capacity { node, capacity });
                }
            }
        }
        let places = nodes.len() as u32;
        Ok(Cluster { nodes, places })
    }

    /// The position of each name: blocks first, then tasks.
    fn names(&self) -> Result<BTreeMap<&str, usize>, GraphFileError> {
        let blocks = self.blocks.iter().map(|block| block.name.as_str());
        let all = blocks.chain(self.tasks.iter().map(|task| task.name.as_str()));
        let mut names = BTreeMap::new();
        for (position, name) in all.enumerate() {
            if names.insert(name, position).is_some() {
                return Err(GraphFileError::Duplicate { name: name.to_owned() });
            }
        }
        Ok(names)
    }

    /// The tasks in a topological order, the first in the file first.
    fn order(&self, names: &BTreeMap<&str, usize>) -> Result<Vec<usize>, GraphFileError> {
        let mut missing = vec![0_usize; self.tasks.len()];
        let mut readers: Vec<Vec<usize>> = vec![Vec::new(); self.tasks.len()];
        for (index, task) in self.tasks.iter().enumerate() {
            for input in &task.inputs {
                let Some(&position) = names.get(input.as_str()) else {
                    let (task, input) = (task.name.clone(), input.clone());
                    return Err(GraphFileError::Dangling { task, input });
                };
                if let Some(earlier) = position.checked_sub(self.blocks.len()) {
                    readers[earlier].push(index);
                    missing[index] += 1;
                }
            }
        }
        let mut ready: BinaryHeap<_> =
            (0..self.tasks.len()).filter(|&index| missing[index] == 0).map(Reverse).collect();
        let mut order = Vec::with_capacity(self.tasks.len());
        while let Some(Reverse(index)) = ready.pop() {
            order.push(index);
            for &reader in &readers[index] {
                missing[reader] -= 1;
                if missing[reader] == 0 {
                    ready.push(Reverse(reader));
                }
            }
        }
        if order.len() == self.tasks.len() { Ok(order) } else { Err(self.cycle(names, &missing)) }
    }

    /// A circle among the tasks that still miss inputs: every one of them reads another one.
    fn cycle(&self, names: &BTreeMap<&str, usize>, missing: &[usize]) -> GraphFileError {
        let waits = |index: &usize| missing[*index] > 0;
        let mut path: Vec<usize> = (0..self.tasks.len()).filter(waits).take(1).collect();
        while let Some(&last) = path.last() {
            let inputs = self.tasks[last].inputs.iter();
            let tasks =
                inputs.filter_map(|input| names[input.as_str()].checked_sub(self.blocks.len()));
            let Some(next) = tasks.into_iter().find(waits) else { break };
            if let Some(start) = path.iter().position(|&earlier| earlier == next) {
                path.drain(..start);
                path.push(next);
                break;
            }
            path.push(next);
        }
        let name = |index: usize| self.tasks[index].name.clone();
        GraphFileError::Cycle { cycle: path.into_iter().map(name).collect() }
    }

    fn node(&self, name: &str, node: u32) -> Result<NodeId, GraphFileError> {
        let nodes = self.nodes.len();
        if (node as usize) < nodes {
            Ok(NodeId(node))
        } else {
            Err(GraphFileError::UnknownNode { name: name.to_owned(), node, nodes })
        }
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

/// Raises the number of places until every node owns one, as far as that is possible, and gives the first place of
/// each node.
fn first_places(cluster: &mut Cluster) -> Vec<Option<Place>> {
    const PLACES_MAX: u32 = 1 << 20;
    loop {
        let owners = cluster.owners();
        let mut first = vec![None; cluster.len()];
        for (place, node) in owners.iter().enumerate().rev() {
            first[node.index()] = Some(Place(place as u32));
        }
        if first.iter().all(Option::is_some) || cluster.places.saturating_mul(2) > PLACES_MAX {
            return first;
        }
        cluster.places *= 2;
    }
}

/// Whether the bytes and flops of any plan can be added up: every node may receive every block, and run every task.
pub(crate) fn totals_fit(graph: &TaskGraph, nodes: usize) -> bool {
    let total = |amount: fn(&TaskGraph, VertexId) -> u64| {
        graph.vertices().try_fold(0_u64, |sum, vertex| sum.checked_add(amount(graph, vertex)))
    };
    let fits = |sum: Option<u64>| {
        sum.and_then(|sum| sum.checked_mul(nodes as u64)).is_some_and(|sum| sum < 1 << 62)
    };
    fits(total(TaskGraph::bytes)) && total(TaskGraph::flops).is_some_and(|sum| sum < 1 << 62)
}

fn is_false(flag: &bool) -> bool {
    !flag
}
