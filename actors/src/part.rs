//! One node's part of a plan, as it travels: tables of blocks and tasks in chunks of bounded size.

use nums_lshs::{BlockName, NodeId, Op, Plan, Step, TaskGraph, VertexId};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The weight of a chunk, in tasks and in boxes of their operations: a chunk stays far below the bound of a control
/// frame.
const CHUNK_WEIGHT_MAX: usize = 512;
/// What no task waits for is fetched when the window has room.
pub(crate) const NO_TASK: u32 = u32::MAX;

/// A stretch of a part. Indices count from the start of the part, so a chunk adds to the tables of those before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Chunk {
    /// Blocks that are mentioned for the first time.
    pub(crate) blocks: Vec<BlockEntry>,
    /// Operations that are mentioned for the first time.
    pub(crate) ops: Vec<Op>,
    /// Tasks, in order of priority.
    pub(crate) tasks: Vec<TaskEntry>,
    /// Indices of the blocks that they read, one task after the other.
    pub(crate) inputs: Vec<u32>,
    /// Copies to fetch, in order of need.
    pub(crate) receives: Vec<ReceiveEntry>,
}

/// A block that a part reads, makes, receives or serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BlockEntry {
    /// Its name.
    pub(crate) name: BlockName,
    /// Its size.
    pub(crate) bytes: u64,
    /// How often tasks of the part read it.
    pub(crate) reads: u32,
    /// How often the part serves it to other nodes.
    pub(crate) sends: u32,
    /// Index of the first task that comes after all sends in the plan.
    pub(crate) served_by: u32,
    /// Where it comes from, and whether it stays.
    pub(crate) origin: Origin,
}

/// Where a block of a part comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Origin {
    /// It is or will be here from an earlier plan, and stays.
    Source,
    /// A task of the part makes it.
    Made {
        /// It stays until it is released.
        kept: bool,
    },
    /// A copy is fetched for this plan, and goes after its last use.
    Received,
    /// It is taken over from the session, or from a node that leaves, and stays until it is released.
    Uploaded,
}

/// A task of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TaskEntry {
    /// Index of the operation.
    pub(crate) op: u32,
    /// Its floating-point operations.
    pub(crate) flops: u64,
    /// The number of blocks that it reads.
    pub(crate) inputs: u32,
    /// Index of the first block that it makes.
    pub(crate) output: u32,
    /// The number of blocks that it makes, which follow each other; at least one.
    pub(crate) outputs: u32,
}

impl TaskEntry {
    /// Indices of the blocks that it makes; an entry of a peer may name more than there are.
    pub(crate) fn made(&self) -> Range<usize> {
        self.output as usize..(self.output as usize).saturating_add(self.outputs as usize)
    }
}

/// A copy that a part fetches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReceiveEntry {
    /// Index of the block.
    pub(crate) block: u32,
    /// The number of the node that has it.
    pub(crate) from: NodeId,
    /// Index of the first task that comes after it in the plan; [`NO_TASK`] where none does.
    pub(crate) needed_by: u32,
}

/// A node's whole part.
#[derive(Debug, PartialEq)]
pub(crate) struct Part {
    /// The stretches, in order.
    pub(crate) chunks: Vec<Chunk>,
    /// The number of tasks.
    pub(crate) tasks: u32,
    /// The number of copies that the part serves.
    pub(crate) sends: u32,
    /// The number of blocks that the part takes over.
    pub(crate) uploads: u32,
}

/// The part of a node that takes blocks of known sizes over from the member of a number.
pub(crate) fn takes_over(blocks: &[(BlockName, u64)], from: NodeId) -> Part {
    let mut index = 0;
    let chunk = |blocks: &[(BlockName, u64)]| {
        let mut chunk = Chunk::default();
        for &(name, bytes) in blocks {
            let (reads, sends, origin) = (0, 0, Origin::Uploaded);
            chunk.blocks.push(BlockEntry { name, bytes, reads, sends, served_by: 0, origin });
            let entry = ReceiveEntry { block: index, from, needed_by: NO_TASK };
            chunk.receives.push(entry);
            index += 1;
        }
        chunk
    };
    let chunks = blocks.chunks(CHUNK_WEIGHT_MAX).map(chunk).collect();
    Part { chunks, tasks: 0, sends: 0, uploads: blocks.len() as u32 }
}

/// The part of a node that hands blocks of known sizes on, each once.
pub(crate) fn hands_on(blocks: &[(BlockName, u64)]) -> Part {
    let chunk = |blocks: &[(BlockName, u64)]| {
        let (reads, sends, served_by, origin) = (0, 1, 0, Origin::Source);
        let entry = |&(name, bytes)| BlockEntry { name, bytes, reads, sends, served_by, origin };
        Chunk { blocks: blocks.iter().map(entry).collect(), ..Chunk::default() }
    };
    let chunks = blocks.chunks(CHUNK_WEIGHT_MAX).map(chunk).collect();
    Part { chunks, tasks: 0, sends: blocks.len() as u32, uploads: 0 }
}

/// The part of a node, ready to travel.
pub(crate) fn compile(graph: &TaskGraph, plan: &Plan, node: NodeId) -> Part {
    let steps = &plan.parts[node.index()].steps;
    let mut uses = vec![Uses::default(); graph.len()];
    let (mut sends, mut runs) = (0, 0);
    for step in steps {
        match *step {
            Step::Run(vertex) => {
                graph.inputs(vertex).iter().for_each(|input| uses[input.index()].reads += 1);
                runs += 1;
            }
            Step::Send { vertex, .. } => {
                uses[vertex.index()].sends += 1;
                uses[vertex.index()].served_by = runs;
                sends += 1;
            }
            Step::Receive { .. } | Step::Free(_) => {}
        }
    }
    let mut tables = Tables {
        graph,
        node,
        uses,
        block_index: vec![u32::MAX; graph.len()],
        op_index: vec![u32::MAX; graph.ops().len()],
        blocks: 0,
        ops: 0,
        chunk: Chunk::default(),
        weight: 0,
    };
    let mut chunks = Vec::new();
    let mut tasks = 0;
    for step in steps {
        match *step {
            Step::Run(vertex) => {
                tables.task(vertex);
                tasks += 1;
            }
            Step::Receive { vertex, from } => {
                let block = tables.block(vertex, Origin::Received);
                let entry = ReceiveEntry { block, from, needed_by: tasks };
                tables.chunk.receives.push(entry);
            }
            Step::Send { vertex, .. } => {
                tables.local(vertex);
            }
            Step::Free(_) => {}
        }
        if tables.weight >= CHUNK_WEIGHT_MAX {
            chunks.push(std::mem::take(&mut tables.chunk));
            tables.weight = 0;
        }
    }
    if tables.chunk != Chunk::default() {
        chunks.push(tables.chunk);
    }
    Part { chunks, tasks, sends, uploads: 0 }
}

/// How often a part uses a block.
#[derive(Clone, Copy, Default)]
struct Uses {
    reads: u32,
    sends: u32,
    served_by: u32,
}

/// The tables of a part while it is compiled.
struct Tables<'a> {
    graph: &'a TaskGraph,
    node: NodeId,
    uses: Vec<Uses>,
    block_index: Vec<u32>,
    op_index: Vec<u32>,
    blocks: u32,
    ops: u32,
    chunk: Chunk,
    weight: usize,
}

impl Tables<'_> {
    fn task(&mut self, vertex: VertexId) {
        let graph = self.graph;
        for &input in graph.inputs(vertex) {
            let block = self.local(input);
            self.chunk.inputs.push(block);
        }
        let inputs = graph.inputs(vertex).len() as u32;
        let output = self.blocks;
        for made in graph.outputs(vertex) {
            self.block(made, Origin::Made { kept: graph.is_kept(made) });
        }
        let outputs = self.blocks - output;
        let op = self.op(vertex);
        let flops = self.graph.flops(vertex);
        self.chunk.tasks.push(TaskEntry { op, flops, inputs, output, outputs });
    }

    /// The index of a block that is here by now: it was entered when it was made or received, or it is a source.
    fn local(&mut self, vertex: VertexId) -> u32 {
        debug_assert!(
            self.block_index[vertex.index()] != u32::MAX
                || self.graph.holders(vertex).contains(&self.node),
            "{vertex} is read before it is there"
        );
        self.block(vertex, Origin::Source)
    }

    fn block(&mut self, vertex: VertexId, origin: Origin) -> u32 {
        let index = &mut self.block_index[vertex.index()];
        if *index == u32::MAX {
            *index = self.blocks;
            self.blocks += 1;
            self.weight += 1;
            let Uses { reads, sends, served_by } = self.uses[vertex.index()];
            self.chunk.blocks.push(BlockEntry {
                name: self.graph.name(vertex),
                bytes: self.graph.bytes(vertex),
                reads,
                sends,
                served_by,
                origin,
            });
        }
        *index
    }

    fn op(&mut self, vertex: VertexId) -> u32 {
        let index = &mut self.op_index[self.graph.op_index(vertex)];
        if *index == u32::MAX {
            *index = self.ops;
            self.ops += 1;
            self.weight += match self.graph.op(vertex) {
                Op::Gather { pieces, .. } => pieces.len(),
                Op::Reshape { sources, .. } => sources.len(),
                Op::Index(step) => step.parts(),
                // Each block has its own.
                Op::Formula(formula) => formula.parts(),
                _ => 1,
            };
            self.chunk.ops.push(self.graph.op(vertex).clone());
        }
        *index
    }
}
