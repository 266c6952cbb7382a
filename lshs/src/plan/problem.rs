//! What a placement is searched for: the graph, flattened in the order in which all nodes work, and the cluster.

use super::order;
use crate::{Cluster, NodeId, Place, TaskGraph, VertexId};

/// A vertex of a [`Problem`]: sources come first, then the tasks in the order in which they run, then the outputs that
/// tasks give beside their first, in the order of the tasks. A policy places tasks; further outputs are where their tasks
/// are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(pub u32);

/// A valid graph and a cluster of at least one node, as policies see them.
///
/// The vertices are numbered anew by rank, and what a search needs of them lies in flat tables in that order: a
/// search that visits the tasks in their order walks through memory from front to back.
#[derive(Debug)]
pub struct Problem<'a> {
    graph: &'a TaskGraph,
    cluster: &'a Cluster,
    vertices: Vec<VertexId>,
    sources: u32,
    /// The end of the tasks.
    tasks_end: u32,
    bytes: Vec<u64>,
    flops: Vec<u64>,
    places: Vec<Place>,
    kept: Vec<bool>,
    /// The tasks that may only run on the owner of their place, with that node.
    pins: Vec<(Rank, NodeId)>,
    /// For each rank the end of its inputs.
    ends: Vec<u32>,
    inputs: Vec<Rank>,
    /// The input that a task accumulates into, or `NONE`.
    accumulators: Vec<Rank>,
    units: Vec<Rank>,
    /// The tasks of the further outputs, in their order.
    makers: Vec<Rank>,
}

const NONE: Rank = Rank(u32::MAX);

impl Rank {
    /// The index as it is used to address tables.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl<'a> Problem<'a> {
    /// Orders the tasks of a graph; O(vertices + edges).
    pub fn new(graph: &'a TaskGraph, cluster: &'a Cluster) -> Problem<'a> {
        let chains = Chains::new(graph);
        let order = order::order(graph, &chains.ends);
        let sources: Vec<_> = graph.vertices().filter(|&vertex| graph.is_source(vertex)).collect();
        let count = sources.len() as u32;
        let mut vertices = sources;
        vertices.extend(order);
        let tasks_end = vertices.len() as u32;
        let mut makers = Vec::new();
        if vertices.len() < graph.len() {
            for rank in count..tasks_end {
                vertices.extend(graph.outputs(vertices[rank as usize]).skip(1));
                makers.resize(vertices.len() - tasks_end as usize, Rank(rank));
            }
        }
        let mut ranks = vec![NONE; graph.len()];
        for (rank, vertex) in vertices.iter().enumerate() {
            ranks[vertex.index()] = Rank(rank as u32);
        }
        let (len, owners) = (vertices.len(), cluster.owners());
        let mut problem = Problem {
            graph,
            cluster,
            sources: count,
            tasks_end,
            bytes: Vec::with_capacity(len),
            flops: Vec::with_capacity(len),
            places: Vec::with_capacity(len),
            kept: Vec::with_capacity(len),
            pins: Vec::new(),
            ends: Vec::with_capacity(len),
            inputs: Vec::with_capacity(graph.edges()),
            accumulators: Vec::with_capacity(len),
            units: Vec::with_capacity(len),
            vertices,
            makers,
        };
        for (rank, &vertex) in problem.vertices.iter().enumerate() {
            problem.bytes.push(graph.bytes(vertex));
            problem.flops.push(graph.flops(vertex));
            problem.places.push(graph.place(vertex));
            problem.kept.push(graph.is_kept(vertex));
            if graph.is_pinned(vertex) && !graph.is_source(vertex) {
                let owner = owners[graph.place(vertex).0 as usize % owners.len()];
                problem.pins.push((Rank(rank as u32), owner));
            }
            let inputs = graph.inputs(vertex);
            problem.inputs.extend(inputs.iter().map(|input| ranks[input.index()]));
            problem.ends.push(problem.inputs.len() as u32);
            let taken = chains.taken(graph, vertex);
            problem.accumulators.push(taken.map_or(NONE, |input| ranks[input.index()]));
            let task = graph.task_of(vertex);
            problem.units.push(ranks[chains.ends[task.index()].index()]);
        }
        problem
    }

    /// The cluster.
    pub fn cluster(&self) -> &'a Cluster {
        self.cluster
    }

    /// The graph, whose vertices have other numbers.
    pub fn graph(&self) -> &'a TaskGraph {
        self.graph
    }

    /// The number of vertices.
    pub fn len(&self) -> usize {
        self.vertices.len()
    }

    /// Whether there are no vertices.
    pub fn is_empty(&self) -> bool {
        self.vertices.is_empty()
    }

    /// All vertices, sources first, further outputs last.
    pub fn ranks(&self) -> impl DoubleEndedIterator<Item = Rank> + ExactSizeIterator + use<> {
        (0..self.vertices.len() as u32).map(Rank)
    }

    /// The tasks in the order in which they run; a task comes after those that it reads.
    pub fn tasks(&self) -> impl DoubleEndedIterator<Item = Rank> + ExactSizeIterator + use<> {
        (self.sources..self.tasks_end).map(Rank)
    }

    /// The blocks that a task gives, itself first.
    pub fn outputs(&self, task: Rank) -> impl Iterator<Item = Rank> + use<> {
        let start = self.makers.partition_point(|&maker| maker < task);
        let count = self.makers[start..].iter().take_while(|&&maker| maker == task).count();
        let further = self.tasks_end + start as u32;
        [task].into_iter().chain((further..further + count as u32).map(Rank))
    }

    /// The task that makes a block; of a source itself.
    pub fn task_of(&self, rank: Rank) -> Rank {
        let further = rank.0.checked_sub(self.tasks_end);
        further.map_or(rank, |further| self.makers[further as usize])
    }

    /// The bytes of those outputs of a task that stay after the plan.
    pub fn kept_bytes(&self, task: Rank) -> u64 {
        let kept = self.outputs(task).filter(|&output| self.is_kept(output));
        kept.map(|output| self.bytes(output)).sum()
    }

    /// The blocks that exist before.
    pub fn sources(&self) -> impl DoubleEndedIterator<Item = Rank> + ExactSizeIterator + use<> {
        (0..self.sources).map(Rank)
    }

    /// The vertex of the graph.
    pub fn vertex(&self, rank: Rank) -> VertexId {
        self.vertices[rank.index()]
    }

    /// What a task reads; nothing for other vertices.
    pub fn inputs(&self, rank: Rank) -> &[Rank] {
        let start = if rank.0 == 0 { 0 } else { self.ends[rank.index() - 1] };
        &self.inputs[start as usize..self.ends[rank.index()] as usize]
    }

    /// The number of reads in all.
    pub fn edges(&self) -> usize {
        self.inputs.len()
    }

    /// The bytes of a vertex's block.
    pub fn bytes(&self, rank: Rank) -> u64 {
        self.bytes[rank.index()]
    }

    /// The floating-point operations of a vertex.
    pub fn flops(&self, rank: Rank) -> u64 {
        self.flops[rank.index()]
    }

    /// The place that its layout gives a block.
    pub fn place(&self, rank: Rank) -> Place {
        self.places[rank.index()]
    }

    /// Whether a block stays after the plan.
    pub fn is_kept(&self, rank: Rank) -> bool {
        self.kept[rank.index()]
    }

    /// The tasks that have to run on a certain node, in order, with that node.
    pub fn pins(&self) -> &[(Rank, NodeId)] {
        &self.pins
    }

    /// The node that a task has to run on, if there is one.
    pub fn pin(&self, rank: Rank) -> Option<NodeId> {
        if self.pins.is_empty() {
            return None;
        }
        let at = self.pins.binary_search_by_key(&rank, |&(task, _)| task).ok()?;
        Some(self.pins[at].1)
    }

    /// Whether a block exists before the plan.
    pub fn is_source(&self, rank: Rank) -> bool {
        rank.0 < self.sources
    }

    /// The nodes that hold a source; none for a task.
    pub fn holders(&self, rank: Rank) -> &'a [NodeId] {
        if self.is_source(rank) { self.graph.holders(self.vertex(rank)) } else { &[] }
    }

    /// The input that a task with one output accumulates into, if it reads it only once.
    pub fn accumulator(&self, rank: Rank) -> Option<Rank> {
        let input = self.accumulators[rank.index()];
        (input != NONE).then_some(input)
    }

    /// The last task of the chain of accumulations that a task belongs to; itself where there is no chain. A chain is
    /// one unit of placement: moving a part of it moves its accumulator.
    pub fn unit(&self, rank: Rank) -> Rank {
        self.units[rank.index()]
    }

    /// Gives further outputs, in a table by rank, what their tasks have.
    pub(crate) fn join_outputs<T: Copy>(&self, table: &mut [T]) {
        for (further, maker) in (self.tasks_end as usize..).zip(&self.makers) {
            table[further] = table[maker.index()];
        }
    }

    /// A placement by vertex of the graph as one by rank.
    pub(super) fn by_rank(&self, nodes: &[NodeId]) -> Vec<NodeId> {
        self.vertices.iter().map(|vertex| nodes[vertex.index()]).collect()
    }

    /// A placement by rank as one by vertex of the graph.
    pub(super) fn by_vertex(&self, nodes: &[NodeId]) -> Vec<NodeId> {
        let mut by_vertex = vec![NodeId(0); nodes.len()];
        for (vertex, &node) in self.vertices.iter().zip(nodes) {
            by_vertex[vertex.index()] = node;
        }
        by_vertex
    }
}

/// Chains of accumulations: a task that is accumulated into by its only reader continues there.
struct Chains {
    /// The end of each vertex's chain, which is the vertex itself where there is none.
    ends: Vec<VertexId>,
    /// For each operation of the graph its accumulator among the inputs.
    in_place: Vec<Option<usize>>,
}

impl Chains {
    fn new(graph: &TaskGraph) -> Chains {
        let in_place: Vec<_> = (graph.ops().iter())
            .map(|op| match op.in_place_inputs() {
                &[input] => Some(input),
                // What works on several blocks at once continues none of them.
                _ => None,
            })
            .collect();
        let mut chains = Chains { ends: graph.vertices().collect(), in_place };
        if chains.in_place.iter().all(Option::is_none) {
            return chains;
        }
        let mut readers = vec![0_u8; graph.len()];
        for vertex in graph.vertices() {
            for input in graph.inputs(vertex) {
                let count: &mut u8 = &mut readers[input.index()];
                *count = count.saturating_add(1);
            }
        }
        for vertex in graph.vertices().rev() {
            let Some(input) = chains.taken(graph, vertex) else { continue };
            let alone = graph.is_task(input) && graph.outputs(input).len() == 1;
            let temporary = alone && !graph.is_kept(input);
            if temporary && readers[input.index()] == 1 {
                chains.ends[input.index()] = chains.ends[vertex.index()];
            }
        }
        chains
    }

    /// The input that a task accumulates into, unless it also reads it as an operand.
    fn taken(&self, graph: &TaskGraph, vertex: VertexId) -> Option<VertexId> {
        if !graph.is_task(vertex) {
            return None;
        }
        let inputs = graph.inputs(vertex);
        let taken = inputs[self.in_place[graph.op_index(vertex)]?];
        (inputs.iter().filter(|&&input| input == taken).count() == 1).then_some(taken)
    }
}
