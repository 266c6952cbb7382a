//! A plan as a flow of data: which copies exist, which task makes or reads each, which transfer carries it.
//!
//! A copy is a block on a node from when it is made or received until it is freed. A plan may receive a block again
//! after it was freed; that is another copy.

use super::SimulationError;
use crate::{NodeId, Plan, Step, TaskGraph, VertexId};
use std::ops::Range;

/// An index into the copies of a flow.
pub(super) type CopyIndex = u32;

const NONE: u32 = u32::MAX;

/// A block on a node.
pub(super) struct Copy {
    pub(super) vertex: VertexId,
    pub(super) node: NodeId,
    pub(super) bytes: u64,
    /// Tasks that read it and transfers that carry it on.
    pub(super) uses: u32,
    /// The plan frees it after the last use.
    pub(super) freed: bool,
}

/// A task on its node.
pub(super) struct Run {
    pub(super) vertex: VertexId,
    pub(super) node: NodeId,
    pub(super) flops: u64,
    /// The copies that it makes, which have numbers in a row.
    outputs: (CopyIndex, CopyIndex),
    /// The copies that it reads, each once: a range of `Flow::reads`.
    reads: (u32, u32),
    /// The copies whose buffers its outputs may take over: a range of `Flow::in_place`.
    in_place: (u32, u32),
}

/// A buffer that a task may use again.
#[derive(Clone, Copy)]
pub(super) struct InPlace {
    pub(super) input: CopyIndex,
    pub(super) output: CopyIndex,
}

/// A copy that moves.
pub(super) struct Transfer {
    pub(super) source: CopyIndex,
    pub(super) target: CopyIndex,
}

/// What a node does in plan order; sends happen when they are asked for, and frees after the last use.
#[derive(Clone, Copy)]
pub(super) enum Item {
    Run(u32),
    Receive(u32),
}

/// What waits for a copy.
#[derive(Clone, Copy)]
pub(super) enum Waiter {
    Run(u32),
    Transfer(u32),
}

pub(super) struct Flow {
    pub(super) copies: Vec<Copy>,
    /// The first copies are the sources: they are there from the start.
    pub(super) sources: u32,
    pub(super) runs: Vec<Run>,
    pub(super) transfers: Vec<Transfer>,
    /// One list a node.
    pub(super) items: Vec<Vec<Item>>,
    reads: Vec<CopyIndex>,
    pub(super) in_place: Vec<InPlace>,
    /// The waiters of copy `i` are `waiters[starts[i]..starts[i + 1]]`.
    starts: Vec<u32>,
    waiters: Vec<Waiter>,
}

/// The end of a transfer: which block, from where to where, how many equal ones came before it, and its copy.
type End = (VertexId, NodeId, NodeId, u32, CopyIndex);

impl Flow {
    pub(super) fn new(plan: &Plan, graph: &TaskGraph) -> Result<Flow, SimulationError> {
        let mut flow = Flow {
            copies: Vec::with_capacity(graph.len()),
            sources: 0,
            runs: Vec::with_capacity(graph.len()),
            transfers: Vec::new(),
            items: Vec::with_capacity(plan.parts.len()),
            reads: Vec::new(),
            in_place: Vec::new(),
            starts: Vec::new(),
            waiters: Vec::new(),
        };
        let mut held: Vec<Vec<CopyIndex>> = vec![Vec::new(); plan.parts.len()];
        for vertex in graph.vertices() {
            for &node in graph.holders(vertex) {
                let Some(held) = held.get_mut(node.index()) else {
                    return Err(SimulationError::Absent { node, vertex });
                };
                held.push(flow.add_copy(graph, vertex, node));
            }
        }
        flow.sources = flow.copies.len() as u32;
        let mut build = Build {
            graph,
            flow,
            here: vec![NONE; graph.len()],
            sends: Vec::new(),
            receives: Vec::new(),
        };
        for (index, part) in plan.parts.iter().enumerate() {
            build.part(NodeId(index as u32), &part.steps, &held[index])?;
        }
        build.finish()
    }

    pub(super) fn reads(&self, run: u32) -> &[CopyIndex] {
        let (start, end) = self.runs[run as usize].reads;
        &self.reads[start as usize..end as usize]
    }

    pub(super) fn outputs(&self, run: u32) -> Range<CopyIndex> {
        let (start, end) = self.runs[run as usize].outputs;
        start..end
    }

    /// The entries of `Flow::in_place` that a task has.
    pub(super) fn reused(&self, run: u32) -> Range<usize> {
        let (start, end) = self.runs[run as usize].in_place;
        start as usize..end as usize
    }

    pub(super) fn waiters(&self, copy: CopyIndex) -> &[Waiter] {
        let copy = copy as usize;
        &self.waiters[self.starts[copy] as usize..self.starts[copy + 1] as usize]
    }

    fn add_copy(&mut self, graph: &TaskGraph, vertex: VertexId, node: NodeId) -> CopyIndex {
        let bytes = graph.bytes(vertex);
        self.copies.push(Copy { vertex, node, bytes, uses: 0, freed: false });
        self.copies.len() as u32 - 1
    }

    /// Lists what waits for each copy, by counting.
    fn index_waiters(&mut self) {
        let mut starts = vec![0_u32; self.copies.len() + 1];
        self.reads.iter().for_each(|&copy| starts[copy as usize + 1] += 1);
        self.transfers.iter().for_each(|transfer| starts[transfer.source as usize + 1] += 1);
        for copy in 0..self.copies.len() {
            starts[copy + 1] += starts[copy];
        }
        let mut next = starts.clone();
        let mut waiters = vec![Waiter::Run(NONE); starts[self.copies.len()] as usize];
        let mut add = |copy: CopyIndex, waiter: Waiter| {
            waiters[next[copy as usize] as usize] = waiter;
            next[copy as usize] += 1;
        };
        for index in 0..self.runs.len() as u32 {
            self.reads(index).iter().for_each(|&copy| add(copy, Waiter::Run(index)));
        }
        for (index, transfer) in self.transfers.iter().enumerate() {
            add(transfer.source, Waiter::Transfer(index as u32));
        }
        (self.starts, self.waiters) = (starts, waiters);
    }
}

/// A flow that grows node by node.
struct Build<'a> {
    graph: &'a TaskGraph,
    flow: Flow,
    /// The copy of each vertex on the node that is looked at.
    here: Vec<CopyIndex>,
    sends: Vec<End>,
    receives: Vec<End>,
}

impl Build<'_> {
    fn part(
        &mut self,
        node: NodeId,
        steps: &[Step],
        held: &[CopyIndex],
    ) -> Result<(), SimulationError> {
        let mut touched: Vec<VertexId> = Vec::with_capacity(held.len());
        for &copy in held {
            let vertex = self.flow.copies[copy as usize].vertex;
            self.here[vertex.index()] = copy;
            touched.push(vertex);
        }
        let mut items = Vec::with_capacity(steps.len());
        for &step in steps {
            match step {
                Step::Receive { vertex, from } => {
                    let target = self.arrive(node, vertex, &mut touched)?;
                    // Until all sends are known, the transfer is named by the order of receives.
                    items.push(Item::Receive(self.receives.len() as u32));
                    self.receives.push((vertex, from, node, self.receives.len() as u32, target));
                }
                Step::Send { vertex, to } => {
                    let source = self.copy(node, vertex)?;
                    self.flow.copies[source as usize].uses += 1;
                    self.sends.push((vertex, node, to, self.sends.len() as u32, source));
                }
                Step::Run(vertex) => {
                    let run = self.run(node, vertex, &mut touched)?;
                    items.push(Item::Run(run));
                }
                Step::Free(vertex) => {
                    let copy = self.copy(node, vertex)?;
                    self.flow.copies[copy as usize].freed = true;
                    self.here[vertex.index()] = NONE;
                }
            }
        }
        touched.iter().for_each(|vertex| self.here[vertex.index()] = NONE);
        self.flow.items.push(items);
        Ok(())
    }

    fn run(
        &mut self,
        node: NodeId,
        vertex: VertexId,
        touched: &mut Vec<VertexId>,
    ) -> Result<u32, SimulationError> {
        if vertex.index() >= self.graph.len() {
            return Err(SimulationError::Absent { node, vertex });
        }
        let start = self.flow.reads.len();
        let inputs = self.graph.inputs(vertex);
        for &input in inputs {
            let copy = self.copy(node, input)?;
            if !self.flow.reads[start..].contains(&copy) {
                self.flow.reads.push(copy);
                self.flow.copies[copy as usize].uses += 1;
            }
        }
        let taken: Vec<_> = (self.graph.op(vertex).in_place_inputs().iter())
            .map(|&at| {
                let once = inputs.iter().filter(|&&input| input == inputs[at]).count() == 1;
                once.then(|| self.here[inputs[at].index()])
            })
            .collect();
        let reads = (start as u32, self.flow.reads.len() as u32);
        let first = self.flow.copies.len() as u32;
        for output in self.graph.outputs(vertex) {
            self.arrive(node, output, touched)?;
        }
        let outputs = (first, self.flow.copies.len() as u32);
        let start = self.flow.in_place.len() as u32;
        let reused = (outputs.0..outputs.1).zip(taken);
        let reused = reused.filter_map(|(output, input)| Some(InPlace { input: input?, output }));
        self.flow.in_place.extend(reused);
        let in_place = (start, self.flow.in_place.len() as u32);
        let flops = self.graph.flops(vertex);
        self.flow.runs.push(Run { vertex, node, flops, outputs, reads, in_place });
        Ok(self.flow.runs.len() as u32 - 1)
    }

    /// A new copy on the node.
    fn arrive(
        &mut self,
        node: NodeId,
        vertex: VertexId,
        touched: &mut Vec<VertexId>,
    ) -> Result<CopyIndex, SimulationError> {
        if vertex.index() >= self.graph.len() {
            return Err(SimulationError::Absent { node, vertex });
        }
        let copy = self.flow.add_copy(self.graph, vertex, node);
        self.here[vertex.index()] = copy;
        touched.push(vertex);
        Ok(copy)
    }

    /// The copy that is on the node.
    fn copy(&self, node: NodeId, vertex: VertexId) -> Result<CopyIndex, SimulationError> {
        let copy = self.here.get(vertex.index()).copied().unwrap_or(NONE);
        if copy == NONE { Err(SimulationError::Absent { node, vertex }) } else { Ok(copy) }
    }

    /// Pairs the n-th send of a block from one node to another with the n-th such receive.
    fn finish(mut self) -> Result<Flow, SimulationError> {
        let key = |&(vertex, from, to, position, _): &End| (vertex, from, to, position);
        self.sends.sort_unstable_by_key(key);
        self.receives.sort_unstable_by_key(key);
        let mut transfers: Vec<Option<Transfer>> = Vec::new();
        transfers.resize_with(self.receives.len(), || None);
        for index in 0..self.sends.len().max(self.receives.len()) {
            match (self.sends.get(index), self.receives.get(index)) {
                (Some(send), Some(receive)) if pair(send) == pair(receive) => {
                    let &(_, _, _, position, target) = receive;
                    transfers[position as usize] = Some(Transfer { source: send.4, target });
                }
                // The smaller of two different ends is the one without a partner.
                (Some(send), Some(receive)) => {
                    return Err(unmatched(if key(send) < key(receive) { send } else { receive }));
                }
                (Some(lonely), None) | (None, Some(lonely)) => return Err(unmatched(lonely)),
                (None, None) => {}
            }
        }
        self.flow.transfers = transfers.into_iter().flatten().collect();
        self.flow.index_waiters();
        Ok(self.flow)
    }
}

fn pair(&(vertex, from, to, ..): &End) -> (VertexId, NodeId, NodeId) {
    (vertex, from, to)
}

fn unmatched(&(vertex, from, to, ..): &End) -> SimulationError {
    SimulationError::Unmatched { vertex, from, to }
}
