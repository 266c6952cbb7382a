//! From the entries of a file to a graph and a cluster.

use super::{GraphFile, GraphFileError};
use crate::{
    ArrayId, BlockName, BlockSpec, Cluster, DType, GraphError, NodeId, Op, Place, Shape, TaskGraph,
    VertexId,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

impl GraphFile {
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
