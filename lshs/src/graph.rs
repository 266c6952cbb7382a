//! A task graph: a DAG of block operations in topological order.
//!
//! Operations and block specs are interned and edges lie in one array, so that a graph of a million vertices is a
//! few flat tables.

use crate::{ArrayId, BlockName, BlockSpec, GraphError, NodeId, Op, OpError, Place, VertexId};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::ops::Range;

/// A DAG of block operations; a vertex reads only vertices that were added before it.
///
/// ```
/// use nums_lshs::*;
/// let mut graph = TaskGraph::new(ArrayId(1));
/// let spec = BlockSpec::new(DType::Float64, Shape::new([4])?);
/// let name = |index| BlockName { array: ArrayId(0), index };
/// let a = graph.source(spec.clone(), name(0), Place(0), vec![NodeId(0)]);
/// let b = graph.source(spec, name(1), Place(1), vec![NodeId(1)]);
/// let array = graph.next_array();
/// let add = Op::Map(Program::binary(BinaryOp::Add, DType::Float64));
/// let sum = graph.task(add, &[a, b], Place(0), BlockName { array, index: 0 })?;
/// graph.keep(sum);
/// graph.validate()?;
/// assert_eq!((graph.bytes(sum), graph.flops(sum)), (32, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TaskGraph {
    ops: Interned<Op>,
    specs: Interned<BlockSpec>,
    vertices: Vec<Vertex>,
    edges: Vec<VertexId>,
    holders: Vec<NodeId>,
    next_array: u64,
}

#[derive(Clone, Debug)]
struct Vertex {
    kind: Kind,
    /// Of a task, its inputs in `edges`; of a source, its nodes in `holders`.
    range: Range<u32>,
    place: Place,
    kept: bool,
    pinned: bool,
    source: bool,
    name: BlockName,
}

/// What a vertex does, gives and costs.
#[derive(Clone, Copy, Debug)]
struct Kind {
    op: u32,
    spec: u32,
    bytes: u64,
    flops: u64,
}

/// The input and output specs that an operation was last validated with; most vertices of an operation are alike, so
/// each combination is proved once and compared afterwards.
#[derive(Clone, Debug, Default)]
struct Signatures {
    known: Vec<(Vec<u32>, u32)>,
}

/// Equal values are stored once and named by an index; indices are given in order of first use, so nothing depends
/// on the order of the hash table.
#[derive(Clone, Debug)]
struct Interned<T> {
    values: Vec<T>,
    index: HashMap<T, u32>,
    /// The index that was given last: equal values come one after the other, and hashing one costs more than comparing
    /// it.
    last: u32,
}

impl TaskGraph {
    /// An empty graph; arrays that are made inside it are numbered from `first_array`.
    pub fn new(first_array: ArrayId) -> TaskGraph {
        TaskGraph { next_array: first_array.0, ..TaskGraph::default() }
    }

    /// A fresh name for an array that the graph makes.
    pub fn next_array(&mut self) -> ArrayId {
        self.next_array += 1;
        ArrayId(self.next_array - 1)
    }

    /// A graph without vertices that numbers new arrays as this one would.
    pub(crate) fn successor(&self) -> TaskGraph {
        TaskGraph::new(ArrayId(self.next_array))
    }

    /// Adds a vertex of another graph under its name and marks, with another operation or other inputs.
    ///
    /// # Errors
    /// When the operation does not take these inputs.
    pub(crate) fn adopt(
        &mut self,
        other: &TaskGraph,
        vertex: VertexId,
        op: Op,
        inputs: &[VertexId],
    ) -> Result<VertexId, GraphError> {
        let (name, place) = (other.name(vertex), other.place(vertex));
        let adopted = if other.is_source(vertex) {
            self.source(other.spec(vertex).clone(), name, place, other.holders(vertex).to_vec())
        } else {
            self.task(op, inputs, place, name)?
        };
        let Vertex { kept, pinned, .. } = other.vertices[vertex.index()];
        (self.vertices[adopted.index()].kept, self.vertices[adopted.index()].pinned) =
            (kept, pinned);
        Ok(adopted)
    }

    /// Adds a block that exists before the plan starts, with the nodes that hold a copy.
    pub fn source(
        &mut self,
        spec: BlockSpec,
        name: BlockName,
        place: Place,
        holders: Vec<NodeId>,
    ) -> VertexId {
        let (op, bytes) = (self.ops.intern(&Op::Source), spec.bytes());
        let kind = Kind { op, spec: self.specs.intern(&spec), bytes, flops: 0 };
        let vertex = self.push(kind, &[], place, name);
        let start = self.holders.len() as u32;
        self.holders.extend(holders);
        let source = &mut self.vertices[vertex.index()];
        (source.kept, source.source) = (true, true);
        source.range = start..self.holders.len() as u32;
        vertex
    }

    /// Adds a task; the block that it gives follows from its inputs.
    ///
    /// # Errors
    /// When an input is not in the graph, or the operation does not take these inputs.
    pub fn task(
        &mut self,
        op: impl Borrow<Op>,
        inputs: &[VertexId],
        place: Place,
        name: BlockName,
    ) -> Result<VertexId, GraphError> {
        let op = op.borrow();
        let vertex = VertexId(self.vertices.len() as u32);
        if let Some(&input) = inputs.iter().find(|input| input.index() >= self.vertices.len()) {
            return Err(GraphError::Dangling { vertex, input, vertices: self.vertices.len() });
        }
        if let Some(kind) = self.as_before(op, inputs) {
            return Ok(self.push(kind, inputs, place, name));
        }
        let specs: Vec<_> = inputs.iter().map(|&input| self.spec(input)).collect();
        let output = op.output(&specs).map_err(|error| refused(vertex, op, inputs.len(), error))?;
        let (flops, bytes) = (op.flops(&specs, &output), output.bytes());
        let kind = Kind { op: self.ops.intern(op), spec: self.specs.intern(&output), flops, bytes };
        Ok(self.push(kind, inputs, place, name))
    }

    /// What the operation, the output and the cost of a task are when the task before it is the same operation on blocks
    /// of the same specs. The tasks of an array come one after the other, and most are alike.
    fn as_before(&self, op: &Op, inputs: &[VertexId]) -> Option<Kind> {
        let last = self.vertices.last().filter(|last| !last.source)?;
        let before = &self.edges[last.range.start as usize..last.range.end as usize];
        let spec = |input: &VertexId| self.vertices[input.index()].kind.spec;
        let same = self.ops.values[last.kind.op as usize] == *op
            && before.iter().map(spec).eq(inputs.iter().map(spec));
        same.then_some(last.kind)
    }

    /// Marks a vertex as a result: its block is kept after the plan.
    pub fn keep(&mut self, vertex: VertexId) {
        self.vertices[vertex.index()].kept = true;
    }

    /// Demands that a task runs on the node that owns its place, wherever its inputs are: its block has to be there, or
    /// the order of the work is known to suit the places.
    pub fn pin(&mut self, vertex: VertexId) {
        self.vertices[vertex.index()].pinned = true;
    }

    /// Whether a task must run on the node that owns its place.
    pub fn is_pinned(&self, vertex: VertexId) -> bool {
        self.vertices[vertex.index()].pinned
    }

    /// The number of vertices, sources included.
    pub fn len(&self) -> usize {
        self.vertices.len()
    }

    /// Whether there are no vertices.
    pub fn is_empty(&self) -> bool {
        self.vertices.is_empty()
    }

    /// All vertices, in topological order.
    pub fn vertices(
        &self,
    ) -> impl DoubleEndedIterator<Item = VertexId> + ExactSizeIterator + use<> {
        (0..self.vertices.len() as u32).map(VertexId)
    }

    /// The vertices that are computed, in topological order.
    pub fn tasks(&self) -> impl DoubleEndedIterator<Item = VertexId> + '_ {
        self.vertices().filter(|&vertex| !self.is_source(vertex))
    }

    /// The operation of a vertex.
    pub fn op(&self, vertex: VertexId) -> &Op {
        &self.ops.values[self.op_index(vertex)]
    }

    /// The index of a vertex's operation in [`ops`](Self::ops).
    pub fn op_index(&self, vertex: VertexId) -> usize {
        self.vertices[vertex.index()].kind.op as usize
    }

    /// All operations that occur, each once.
    pub fn ops(&self) -> &[Op] {
        &self.ops.values
    }

    /// The shape and dtype of the block that a vertex gives.
    pub fn spec(&self, vertex: VertexId) -> &BlockSpec {
        &self.specs.values[self.spec_index(vertex)]
    }

    /// The index of a vertex's block spec in [`specs`](Self::specs).
    pub fn spec_index(&self, vertex: VertexId) -> usize {
        self.vertices[vertex.index()].kind.spec as usize
    }

    /// All block specs that occur, each once.
    pub fn specs(&self) -> &[BlockSpec] {
        &self.specs.values
    }

    /// The vertices that a vertex reads.
    pub fn inputs(&self, vertex: VertexId) -> &[VertexId] {
        let Vertex { range: Range { start, end }, source, .. } = &self.vertices[vertex.index()];
        if *source { &[] } else { &self.edges[*start as usize..*end as usize] }
    }

    /// The number of reads of all tasks.
    pub fn edges(&self) -> usize {
        self.edges.len()
    }

    /// The place that the layout of its array gives a block.
    pub fn place(&self, vertex: VertexId) -> Place {
        self.vertices[vertex.index()].place
    }

    /// The name of the block that a vertex gives.
    pub fn name(&self, vertex: VertexId) -> BlockName {
        self.vertices[vertex.index()].name
    }

    /// Whether the block stays after the plan.
    pub fn is_kept(&self, vertex: VertexId) -> bool {
        self.vertices[vertex.index()].kept
    }

    /// Whether the block exists before the plan.
    pub fn is_source(&self, vertex: VertexId) -> bool {
        self.vertices[vertex.index()].source
    }

    /// Enters the nodes that hold a source: who builds a graph need not know where its blocks are. A task has none.
    pub fn set_holders(&mut self, vertex: VertexId, holders: &[NodeId]) {
        let Vertex { source, range, .. } = &mut self.vertices[vertex.index()];
        if *source {
            let start = self.holders.len() as u32;
            self.holders.extend_from_slice(holders);
            *range = start..self.holders.len() as u32;
        }
    }

    /// The nodes that hold a source when the plan starts; none for a task.
    pub fn holders(&self, vertex: VertexId) -> &[NodeId] {
        let Vertex { range: Range { start, end }, source, .. } = &self.vertices[vertex.index()];
        if *source { &self.holders[*start as usize..*end as usize] } else { &[] }
    }

    /// The bytes of the block that a vertex gives.
    pub fn bytes(&self, vertex: VertexId) -> u64 {
        self.vertices[vertex.index()].kind.bytes
    }

    /// The floating-point operations of a vertex.
    pub fn flops(&self, vertex: VertexId) -> u64 {
        self.vertices[vertex.index()].kind.flops
    }

    /// Proves that every vertex reads earlier ones, that operations fit their inputs and that sources are held.
    ///
    /// # Errors
    /// The first vertex that breaks a rule, with what it reads or promises.
    pub fn validate(&self) -> Result<(), GraphError> {
        let mut signatures = vec![Signatures::default(); self.ops.values.len()];
        for vertex in self.vertices() {
            if self.is_source(vertex) {
                if self.holders(vertex).is_empty() {
                    return Err(GraphError::SourceWithoutHolder { vertex });
                }
                continue;
            }
            let inputs = self.inputs(vertex);
            for &input in inputs {
                if input.index() >= self.len() {
                    return Err(GraphError::Dangling { vertex, input, vertices: self.len() });
                }
                if input >= vertex {
                    return Err(GraphError::Cycle { vertex, input });
                }
            }
            let spec_indices = inputs.iter().map(|input| self.vertices[input.index()].kind.spec);
            let promised = self.vertices[vertex.index()].kind.spec;
            if !signatures[self.op_index(vertex)].prove(spec_indices, promised) {
                self.validate_output(vertex)?;
            }
        }
        Ok(())
    }

    /// Proves that the operation of a vertex takes its inputs and gives what the vertex promises.
    fn validate_output(&self, vertex: VertexId) -> Result<(), GraphError> {
        let (inputs, op) = (self.inputs(vertex), self.op(vertex));
        let specs: Vec<_> = inputs.iter().map(|&input| self.spec(input)).collect();
        let output = op.output(&specs).map_err(|error| refused(vertex, op, inputs.len(), error))?;
        if output != *self.spec(vertex) {
            return Err(GraphError::OutputShape {
                vertex,
                op: op.to_string(),
                promised: self.spec(vertex).shape.clone(),
                given: output.shape,
            });
        }
        Ok(())
    }

    fn push(&mut self, kind: Kind, inputs: &[VertexId], place: Place, name: BlockName) -> VertexId {
        let vertex = VertexId(self.vertices.len() as u32);
        let start = self.edges.len() as u32;
        self.edges.extend_from_slice(inputs);
        let range = start..self.edges.len() as u32;
        let (kept, pinned, source) = (false, false, false);
        self.vertices.push(Vertex { kind, range, place, kept, pinned, source, name });
        vertex
    }
}

impl Signatures {
    /// More than this many are not remembered: an operation with as many is one of a kind each time.
    const KNOWN_MAX: usize = 32;

    /// Whether this combination was met before; remembers it for the next time. The caller proves a new one and
    /// stops at the first that fails.
    fn prove(&mut self, inputs: impl Iterator<Item = u32> + Clone, output: u32) -> bool {
        let same = |(known_inputs, known_output): &(Vec<u32>, u32)| {
            *known_output == output && known_inputs.iter().copied().eq(inputs.clone())
        };
        if self.known.iter().any(same) {
            return true;
        }
        if self.known.len() < Signatures::KNOWN_MAX {
            self.known.push((inputs.collect(), output));
        }
        false
    }
}

impl<T: Clone + Eq + std::hash::Hash> Interned<T> {
    fn intern(&mut self, value: &T) -> u32 {
        if self.values.get(self.last as usize) != Some(value) {
            self.last = match self.index.get(value) {
                Some(&index) => index,
                None => {
                    let index = self.values.len() as u32;
                    self.values.push(value.clone());
                    self.index.insert(value.clone(), index);
                    index
                }
            };
        }
        self.last
    }
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Interned { values: Vec::new(), index: HashMap::new(), last: 0 }
    }
}

fn refused(vertex: VertexId, op: &Op, found: usize, error: OpError) -> GraphError {
    let op_text = op.to_string();
    match error {
        OpError::Arity { expected } => GraphError::Arity { vertex, op: op_text, expected, found },
        OpError::Inputs(story) => GraphError::Inputs { vertex, op: op_text, story },
    }
}
