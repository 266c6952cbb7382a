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
        read.for_each(|input| is_read[names[input.as_str()].position] = true);
        let mut graph = TaskGraph::new(ArrayId(3));
        // The number of the next further output.
        let mut further = 0;
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
            let input = |name: &String| {
                let Named { position, slot } = names[name.as_str()];
                match slot {
                    0 => vertices[position],
                    _ => graph.output(vertices[position], slot),
                }
            };
            let inputs: Vec<_> = task.inputs.iter().map(input).collect();
            let first = inputs.first().map_or(Place(0), |&input| graph.place(input));
            let place = |name: &str, owner: Option<u32>, otherwise: Place| {
                let Some(owner) = owner else { return Ok(otherwise) };
                let node = self.node(name, owner)?;
                let weak = || GraphFileError::WeakOwner { name: name.to_owned(), node: owner };
                first_places[node.index()].ok_or_else(weak)
            };
            let own = place(&task.name, task.owner, first)?;
            let mut outputs = vec![(own, BlockName { array: ArrayId(1), index: index as u32 })];
            for output in &task.outputs {
                outputs.push((
                    place(&output.name, output.owner, own)?,
                    BlockName { array: ArrayId(2), index: further },
                ));
                further += 1;
            }
            let bytes = task.outputs.iter().map(|output| output.bytes);
            let op = Op::Opaque {
                kind: task.kind.clone(),
                flops: task.flops,
                output_bytes: [task.output_bytes].into_iter().chain(bytes).collect(),
            };
            let vertex = graph
                .task_giving(op, &inputs, &outputs)
                .map_err(|_: GraphError| GraphFileError::TooLarge { name: task.name.clone() })?;
            vertices[self.blocks.len() + index] = vertex;
            let mut needed = is_read[self.blocks.len() + index];
            for (slot, output) in task.outputs.iter().enumerate() {
                if output.keep {
                    graph.keep(graph.output(vertex, slot + 1));
                    needed = true;
                }
            }
            if task.keep || !needed {
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

    /// What each name stands for.
    fn names(&self) -> Result<BTreeMap<&str, Named>, GraphFileError> {
        let blocks = self
            .blocks
            .iter()
            .zip(0..)
            .map(|(block, position)| (block.name.as_str(), Named { position, slot: 0 }));
        let tasks = self.tasks.iter().zip(self.blocks.len()..).flat_map(|(task, position)| {
            let further = task.outputs.iter().map(|output| output.name.as_str());
            let all = [task.name.as_str()].into_iter().chain(further);
            all.zip(0..).map(move |(name, slot)| (name, Named { position, slot }))
        });
        let mut names = BTreeMap::new();
        for (name, named) in blocks.chain(tasks) {
            if names.insert(name, named).is_some() {
                return Err(GraphFileError::Duplicate { name: name.to_owned() });
            }
        }
        Ok(names)
    }

    /// The tasks in a topological order, the first in the file first.
    fn order(&self, names: &BTreeMap<&str, Named>) -> Result<Vec<usize>, GraphFileError> {
        let mut missing = vec![0_usize; self.tasks.len()];
        let mut readers: Vec<Vec<usize>> = vec![Vec::new(); self.tasks.len()];
        for (index, task) in self.tasks.iter().enumerate() {
            for input in &task.inputs {
                let Some(&Named { position, .. }) = names.get(input.as_str()) else {
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
    fn cycle(&self, names: &BTreeMap<&str, Named>, missing: &[usize]) -> GraphFileError {
        let waits = |index: &usize| missing[*index] > 0;
        let mut path: Vec<usize> = (0..self.tasks.len()).filter(waits).take(1).collect();
        while let Some(&last) = path.last() {
            let inputs = self.tasks[last].inputs.iter();
            let tasks = inputs
                .filter_map(|input| names[input.as_str()].position.checked_sub(self.blocks.len()));
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

/// A block or an output of a task.
#[derive(Clone, Copy)]
struct Named {
    /// Where it stands: blocks come first, then tasks.
    position: usize,
    /// Which of the outputs of the task it is.
    slot: usize,
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
