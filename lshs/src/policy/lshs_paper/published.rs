//! Sums whose order is decided while they are placed, as NumS does.
//!
//! Chains of accumulations and trees of additions are taken apart into the partial results that they combine. When
//! all of them are computed they are queued in the order of their nodes; the first two are added, on any node that has
//! one of them, and their sum goes to the end of the queue. The last addition runs where the layout puts the result.

use super::loads::{Block, ElementLoads};
use super::{FRONTIER_SEED, draw};
use crate::{ArrayId, BinaryOp, BlockName, Cluster, GraphError, NodeId, Op, Program};
use crate::{SplitMix, TaskGraph, VertexId};
use std::collections::VecDeque;

/// The graph with the pairs that the search chose, and the node of each of its vertices.
pub(super) fn pair_while_placing(
    graph: &TaskGraph,
    cluster: &Cluster,
) -> Result<(TaskGraph, Vec<NodeId>), GraphError> {
    let sums = Sums::new(graph);
    let mut search = Search::new(graph, cluster, &sums);
    let mut random = SplitMix::new(FRONTIER_SEED);
    let mut frontier = search.first_frontier();
    while let Some((item, candidates)) = draw(&mut frontier, &mut random) {
        if search.step(item, candidates)? {
            search.release_readers(item, &mut frontier);
        } else {
            // A sum with more than two parts left stays in the frontier.
            frontier.push((item, search.candidates(item)));
        }
    }
    Ok((search.paired, search.nodes))
}

/// Something to compute: a task, the product of an accumulation, or a whole sum, which is named by its last task. As
/// something to read, a task is any of the blocks that it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Task(VertexId),
    Product(VertexId),
    Sum(VertexId),
}

/// What can be computed, with the nodes that had an input when it could.
type Frontier = Vec<(Item, Vec<NodeId>)>;

/// Which tasks of a graph are parts of which sum.
struct Sums<'a> {
    graph: &'a TaskGraph,
    /// For each part of a sum its last task; for all other vertices themselves.
    roots: Vec<VertexId>,
    /// What each sum combines.
    parts: Vec<Vec<Item>>,
}

impl<'a> Sums<'a> {
    fn new(graph: &'a TaskGraph) -> Sums<'a> {
        let parts = vec![Vec::new(); graph.len()];
        let mut sums = Sums { graph, roots: graph.vertices().collect(), parts };
        let mut readers = vec![0_u32; graph.len()];
        graph.tasks().flat_map(|task| graph.inputs(task)).for_each(|input| {
            readers[input.index()] += 1;
        });
        let tasks: Vec<_> = graph.tasks().filter(|&task| sums.is_sum(task)).collect();
        for &task in tasks.iter().rev() {
            for &summand in sums.summands(task) {
                let only_here = readers[summand.index()] == 1 && !graph.is_kept(summand);
                if only_here && sums.is_sum(summand) {
                    sums.roots[summand.index()] = sums.roots[task.index()];
                }
            }
        }
        for &task in &tasks {
            let root = sums.roots[task.index()];
            let outside = |summand: &&VertexId| sums.roots[summand.index()] != root;
            let summands: Vec<_> = sums.summands(task).iter().filter(outside).copied().collect();
            let mut parts: Vec<Item> = summands.into_iter().map(|part| sums.item(part)).collect();
            parts.extend(product(graph.op(task)).map(|_| Item::Product(task)));
            sums.parts[root.index()].extend(parts);
        }
        sums
    }

    fn is_sum(&self, vertex: VertexId) -> bool {
        let op = self.graph.op(vertex);
        let addition =
            matches!(op, Op::Map(program) if program.sole_binary() == Some(BinaryOp::Add));
        addition || product(op).is_some()
    }

    /// The inputs that are added, operands of a product apart.
    fn summands(&self, task: VertexId) -> &'a [VertexId] {
        let inputs = self.graph.inputs(task);
        if product(self.graph.op(task)).is_some() { &inputs[..1] } else { inputs }
    }

    /// What computes the block of a vertex.
    fn item(&self, vertex: VertexId) -> Item {
        if self.is_sum(vertex) { Item::Sum(vertex) } else { Item::Task(vertex) }
    }

    /// All that is to be computed.
    fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for task in self.graph.tasks() {
            items.extend(product(self.graph.op(task)).map(|_| Item::Product(task)));
            if self.roots[task.index()] == task {
                items.push(self.item(task));
            }
        }
        items
    }

    /// What has to be computed before.
    fn needs(&self, item: Item) -> Vec<Item> {
        let computed = |&input: &VertexId| self.item(input);
        match item {
            Item::Task(task) => self.graph.inputs(task).iter().map(computed).collect(),
            Item::Product(task) => self.graph.inputs(task)[1..].iter().map(computed).collect(),
            Item::Sum(root) => self.parts[root.index()].clone(),
        }
    }

    /// A number for each item, below twice the number of vertices.
    fn key(&self, item: Item) -> usize {
        match item {
            Item::Task(vertex) | Item::Sum(vertex) => vertex.index(),
            Item::Product(vertex) => vertex.index() + self.graph.len(),
        }
    }
}

/// The product that an accumulation adds.
fn product(op: &Op) -> Option<Op> {
    match op {
        Op::MatMul { transpose_left, transpose_right, accumulate: true } => Some(Op::MatMul {
            transpose_left: *transpose_left,
            transpose_right: *transpose_right,
            accumulate: false,
        }),
        Op::Contract { einsum, accumulate: true } => {
            Some(Op::Contract { einsum: einsum.clone(), accumulate: false })
        }
        _ => None,
    }
}

struct Search<'a> {
    graph: &'a TaskGraph,
    sums: &'a Sums<'a>,
    owners: Vec<NodeId>,
    loads: ElementLoads,
    paired: TaskGraph,
    nodes: Vec<NodeId>,
    /// The vertex of the new graph that holds what an item gave, by the item's key.
    values: Vec<Option<VertexId>>,
    /// What each sum has still to add, from when its parts are there.
    queues: Vec<VecDeque<VertexId>>,
    waiting: Vec<usize>,
    readers: Vec<Vec<Item>>,
    temporaries: ArrayId,
    temporary: u32,
}

impl<'a> Search<'a> {
    fn new(graph: &'a TaskGraph, cluster: &Cluster, sums: &'a Sums<'a>) -> Search<'a> {
        let arrays = graph.vertices().map(|vertex| graph.name(vertex).array.0);
        let mut paired = TaskGraph::new(ArrayId(arrays.max().map_or(0, |last| last + 1)));
        let temporaries = paired.next_array();
        let keys = 2 * graph.len();
        let mut search = Search {
            graph,
            sums,
            owners: cluster.owners(),
            loads: ElementLoads::new(cluster),
            paired,
            nodes: Vec::new(),
            values: vec![None; keys],
            queues: vec![VecDeque::new(); graph.len()],
            waiting: vec![0; keys],
            readers: vec![Vec::new(); keys],
            temporaries,
            temporary: 0,
        };
        for source in graph.vertices().filter(|&vertex| graph.is_source(vertex)) {
            let (spec, holders) = (graph.spec(source).clone(), graph.holders(source).to_vec());
            search.loads.hold(spec.shape.elements() as f64, &holders);
            search.nodes.push(holders[0]);
            let (name, place) = (graph.name(source), graph.place(source));
            search.values[source.index()] = Some(search.paired.source(spec, name, place, holders));
        }
        search
    }

    /// Counts what each item waits for, and gives those that wait for nothing.
    fn first_frontier(&mut self) -> Frontier {
        let items = self.sums.items();
        for &item in &items {
            for needed in self.sums.needs(item) {
                let key = self.sums.key(needed);
                if self.values[key].is_none() {
                    self.waiting[self.sums.key(item)] += 1;
                    self.readers[key].push(item);
                }
            }
        }
        let ready = items.into_iter().filter(|&item| self.waiting[self.sums.key(item)] == 0);
        let ready: Vec<Item> = ready.collect();
        ready.into_iter().map(|item| (item, self.candidates(item))).collect()
    }

    fn release_readers(&mut self, item: Item, frontier: &mut Frontier) {
        let given: Vec<Item> = match item {
            Item::Task(task) => self.graph.outputs(task).map(Item::Task).collect(),
            Item::Product(_) | Item::Sum(_) => vec![item],
        };
        let keys = given.into_iter().map(|given| self.sums.key(given));
        let readers: Vec<_> = keys.flat_map(|key| std::mem::take(&mut self.readers[key])).collect();
        for reader in readers {
            let waiting = &mut self.waiting[self.sums.key(reader)];
            *waiting -= 1;
            if *waiting == 0 {
                frontier.push((reader, self.candidates(reader)));
            }
        }
    }

    /// Computes an item, of a sum one addition; whether the item is done.
    fn step(&mut self, item: Item, candidates: Vec<NodeId>) -> Result<bool, GraphError> {
        let (graph, key) = (self.graph, self.sums.key(item));
        let value = match item {
            Item::Task(task) => {
                let inputs = self.values_of(&self.sums.needs(item));
                let first = self.add(graph.op(task).clone(), &inputs, task, true, candidates)?;
                for (slot, output) in graph.outputs(task).enumerate() {
                    let value = self.paired.output(first, slot);
                    self.values[self.sums.key(Item::Task(output))] = Some(value);
                }
                return Ok(true);
            }
            Item::Product(task) => {
                let inputs = self.values_of(&self.sums.needs(item));
                let op = product(graph.op(task)).unwrap_or_else(|| graph.op(task).clone());
                self.add(op, &inputs, task, false, candidates)?
            }
            Item::Sum(root) => {
                let pair: Vec<_> = self.queues[root.index()].drain(..2).collect();
                let last = self.queues[root.index()].is_empty();
                let dtype = self.sums.graph.spec(root).dtype;
                let addition = Op::Map(Program::binary(BinaryOp::Add, dtype));
                let sum = self.add(addition, &pair, root, last, candidates)?;
                if !last {
                    self.queues[root.index()].push_back(sum);
                    return Ok(false);
                }
                sum
            }
        };
        self.values[key] = Some(value);
        Ok(true)
    }

    /// The nodes that have an input of an item that has come to the frontier; of a sum, of the next two parts, which
    /// are queued in the order of their nodes first.
    fn candidates(&mut self, item: Item) -> Vec<NodeId> {
        let inputs = match item {
            Item::Sum(root) => {
                if self.queues[root.index()].is_empty() {
                    let mut parts = self.values_of(&self.sums.needs(item));
                    parts.sort_by_key(|part| self.loads.creator(Block(part.0)));
                    self.queues[root.index()] = parts.into();
                }
                self.queues[root.index()].iter().take(2).copied().collect()
            }
            _ => self.values_of(&self.sums.needs(item)),
        };
        let blocks: Vec<Block> = inputs.iter().map(|input| Block(input.0)).collect();
        self.loads.candidates(&blocks)
    }

    fn values_of(&self, items: &[Item]) -> Vec<VertexId> {
        items.iter().filter_map(|&item| self.values[self.sums.key(item)]).collect()
    }

    /// Adds a task where the search puts it; `result` says that it gives the blocks of the task `vertex`.
    fn add(
        &mut self,
        op: Op,
        inputs: &[VertexId],
        vertex: VertexId,
        result: bool,
        candidates: Vec<NodeId>,
    ) -> Result<VertexId, GraphError> {
        let graph = self.graph;
        self.temporary += u32::from(!result);
        let names: Vec<_> = if result {
            let outputs = graph.outputs(vertex);
            outputs.map(|output| (graph.place(output), graph.name(output))).collect()
        } else {
            let name = BlockName { array: self.temporaries, index: self.temporary - 1 };
            vec![(graph.place(vertex), name)]
        };
        let task = self.paired.task_giving(op, inputs, &names)?;
        let made: Vec<Block> = (self.paired.outputs(task))
            .map(|output| self.loads.promise(self.paired.spec(output).shape.elements() as f64))
            .collect();
        let owner = self.owners[graph.place(vertex).0 as usize % self.owners.len()];
        let mut kept = false;
        if result {
            for (slot, output) in graph.outputs(vertex).enumerate() {
                if graph.is_kept(output) {
                    self.paired.keep(self.paired.output(task, slot));
                    kept = true;
                }
            }
        }
        let blocks: Vec<Block> = inputs.iter().map(|input| Block(input.0)).collect();
        let forced = kept || graph.is_pinned(vertex) || candidates.is_empty();
        let candidates = if forced { vec![owner] } else { candidates };
        let node = self.loads.run(&made, &blocks, &candidates);
        self.nodes.extend(made.iter().map(|_| node));
        Ok(task)
    }
}
