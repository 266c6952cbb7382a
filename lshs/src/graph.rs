//! A task graph: a DAG of block operations in topological order.
//!
//! A vertex is a block. A task with several outputs is a run of consecutive vertices: the first one is the task and its
//! first output, and the others are its *further outputs*. Further outputs have their own names, places, sizes and
//! readers, but do not run: they exist where and when their task has run.
//!
//! Operations and block specs are interned, and edges are in one array, so a graph of a million vertices is a few flat
//! tables.

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
    /// Of a task, its inputs in `edges`; of a source, its nodes in `holders`; of a further output, from its task to
    /// itself.
    range: Range<u32>,
    place: Place,
    kept: bool,
    pinned: bool,
    role: Role,
    name: BlockName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Source,
    Task,
    /// An output of a task other than the first.
    Further,
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
    known: Vec<(Vec<u32>, Vec<u32>)>,
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

    /// Adds a source of another graph, or a task with all its outputs, under its names and marks, with another operation
    /// or other inputs. The outputs come in their order.
    ///
    /// # Errors
    /// When the operation does not take these inputs.
    pub(crate) fn adopt(
        &mut self,
        other: &TaskGraph,
        vertex: VertexId,
        op: impl Borrow<Op>,
        inputs: &[VertexId],
    ) -> Result<VertexId, GraphError> {
        if other.is_task(vertex) {
            let outputs: Vec<_> = other.outputs(vertex).collect();
            return self.adopt_outputs(other, &outputs, op, inputs);
        }
        let (name, place) = (other.name(vertex), other.place(vertex));
        let holders = other.holders(vertex).to_vec();
        Ok(self.source(other.spec(vertex).clone(), name, place, holders))
    }

    /// Adds a task that gives some outputs of a task of another graph, as [`adopt`](Self::adopt) does.
    ///
    /// # Errors
    /// When the operation does not take these inputs, or gives another number of blocks.
    pub(crate) fn adopt_outputs(
        &mut self,
        other: &TaskGraph,
        outputs: &[VertexId],
        op: impl Borrow<Op>,
        inputs: &[VertexId],
    ) -> Result<VertexId, GraphError> {
        let names: Vec<_> =
            outputs.iter().map(|&output| (other.place(output), other.name(output))).collect();
        let task = self.task_giving(op, inputs, &names)?;
        for (own, output) in (task.index()..).zip(outputs) {
            self.vertices[own].kept = other.is_kept(*output);
        }
        let pinned = outputs.iter().any(|&output| other.is_pinned(other.task_of(output)));
        self.vertices[task.index()].pinned = pinned;
        Ok(task)
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
        let vertex = VertexId(self.vertices.len() as u32);
        self.push(kind, vertex, &[], (place, name));
        let start = self.holders.len() as u32;
        self.holders.extend(holders);
        let source = &mut self.vertices[vertex.index()];
        (source.kept, source.role) = (true, Role::Source);
        source.range = start..self.holders.len() as u32;
        vertex
    }

    /// Adds a task that gives one block, which follows from its inputs.
    ///
    /// # Errors
    /// When an input is not in the graph, or the operation does not take these inputs or gives several blocks.
    pub fn task(
        &mut self,
        op: impl Borrow<Op>,
        inputs: &[VertexId],
        place: Place,
        name: BlockName,
    ) -> Result<VertexId, GraphError> {
        self.task_giving(op, inputs, &[(place, name)])
    }

    /// Adds a task with the place and name of each block that it gives. It gives the vertex of the first, whose place is
    /// that of the task; the vertices of the others follow it ([`output`](Self::output)).
    ///
    /// ```
    /// use nums_lshs::*;
    /// let mut graph = TaskGraph::new(ArrayId(1));
    /// let spec = BlockSpec::new(DType::Float64, Shape::new([9, 4])?);
    /// let name = |array, index| BlockName { array: ArrayId(array), index };
    /// let x = graph.source(spec.clone(), name(0, 0), Place(0), vec![NodeId(0)]);
    /// let names = [(Place(0), name(1, 0)), (Place(0), name(2, 0))];
    /// let factor = Op::Qr(QrStep::Factor { q: true });
    /// let r = graph.task_giving(factor, &[x], &names)?;
    /// let q = graph.output(r, 1);
    /// assert_eq!((graph.spec(r).shape[0], graph.spec(q)), (10, &spec));
    /// assert_eq!((graph.tasks().count(), graph.len()), (1, 3));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When an input is not in the graph, or the operation does not take these inputs or gives another number of blocks.
    pub fn task_giving(
        &mut self,
        op: impl Borrow<Op>,
        inputs: &[VertexId],
        outputs: &[(Place, BlockName)],
    ) -> Result<VertexId, GraphError> {
        let op = op.borrow();
        let vertex = VertexId(self.vertices.len() as u32);
        if let Some(&input) = inputs.iter().find(|input| input.index() >= self.vertices.len()) {
            return Err(GraphError::Dangling { vertex, input, vertices: self.vertices.len() });
        }
        if let Some(before) = self.as_before(op, inputs, outputs.len()) {
            let kinds = before..before + outputs.len();
            for (kind, output) in kinds.zip(outputs) {
                self.push(self.vertices[kind].kind, vertex, inputs, *output);
            }
            return Ok(vertex);
        }
        let specs: Vec<_> = inputs.iter().map(|&input| self.spec(input)).collect();
        let given = op.outputs(&specs).map_err(|error| refused(vertex, op, inputs.len(), error))?;
        if given.len() != outputs.len() {
            let (op, gives, found) = (op.to_string(), given.len(), outputs.len());
            return Err(GraphError::Outputs { vertex, op, gives, found });
        }
        let mut flops = op.flops(&specs, &given);
        let op = self.ops.intern(op);
        for (spec, output) in given.iter().zip(outputs) {
            let kind = Kind { op, spec: self.specs.intern(spec), flops, bytes: spec.bytes() };
            self.push(kind, vertex, inputs, *output);
            // They are those of the task, and counted once.
            flops = 0;
        }
        Ok(vertex)
    }

    /// The task before, when it is the same operation on blocks of the same specs: outputs and costs are then the same.
    /// The tasks of an array come one after the other, and most are alike.
    fn as_before(&self, op: &Op, inputs: &[VertexId], outputs: usize) -> Option<usize> {
        let before = self.vertices.len().checked_sub(outputs)?;
        let last = self.vertices.get(before).filter(|last| last.role == Role::Task)?;
        let read = &self.edges[last.range.start as usize..last.range.end as usize];
        let spec = |input: &VertexId| self.vertices[input.index()].kind.spec;
        let same = self.ops.values[last.kind.op as usize] == *op
            && self.outputs(VertexId(before as u32)).len() == outputs
            && read.iter().map(spec).eq(inputs.iter().map(spec));
        same.then_some(before)
    }

    /// Marks a vertex as a result: its block is kept after the plan.
    pub fn keep(&mut self, vertex: VertexId) {
        self.vertices[vertex.index()].kept = true;
    }

    /// Gives a block that a task makes another name.
    pub(crate) fn rename(&mut self, vertex: VertexId, name: BlockName) {
        self.vertices[vertex.index()].name = name;
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

    /// The tasks, in topological order, each by the vertex of its first output.
    pub fn tasks(&self) -> impl DoubleEndedIterator<Item = VertexId> + '_ {
        self.vertices().filter(|&vertex| self.is_task(vertex))
    }

    /// The blocks that tasks make, in topological order.
    pub fn made(&self) -> impl DoubleEndedIterator<Item = VertexId> + '_ {
        self.vertices().filter(|&vertex| !self.is_source(vertex))
    }

    /// The blocks that a task gives, itself first.
    pub fn outputs(
        &self,
        task: VertexId,
    ) -> impl DoubleEndedIterator<Item = VertexId> + ExactSizeIterator + use<> {
        let later = self.vertices[task.index() + 1..].iter();
        let further = later.take_while(|vertex| vertex.role == Role::Further).count() as u32;
        (task.0..task.0 + 1 + further).map(VertexId)
    }

    /// An output of a task, by its slot among them.
    pub fn output(&self, task: VertexId, slot: usize) -> VertexId {
        debug_assert!(slot < self.outputs(task).len(), "{task} has no output {slot}");
        VertexId(task.0 + slot as u32)
    }

    /// The task that makes a block; of a source itself.
    pub fn task_of(&self, vertex: VertexId) -> VertexId {
        match &self.vertices[vertex.index()] {
            Vertex { role: Role::Further, range, .. } => VertexId(range.start),
            _ => vertex,
        }
    }

    /// Which of the outputs of its task a block is.
    pub fn slot(&self, vertex: VertexId) -> usize {
        vertex.index() - self.task_of(vertex).index()
    }

    /// The operation of a vertex; of a further output, that of its task.
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

    /// The vertices that a task reads; none for other vertices.
    pub fn inputs(&self, vertex: VertexId) -> &[VertexId] {
        let Vertex { range: Range { start, end }, role, .. } = &self.vertices[vertex.index()];
        match role {
            Role::Task => &self.edges[*start as usize..*end as usize],
            Role::Source | Role::Further => &[],
        }
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
        self.vertices[vertex.index()].role == Role::Source
    }

    /// Whether the vertex is a task, and so its first output.
    pub fn is_task(&self, vertex: VertexId) -> bool {
        self.vertices[vertex.index()].role == Role::Task
    }

    /// Enters the nodes that hold a source: who builds a graph need not know where its blocks are. A task has none.
    pub fn set_holders(&mut self, vertex: VertexId, holders: &[NodeId]) {
        let Vertex { role, range, .. } = &mut self.vertices[vertex.index()];
        if *role == Role::Source {
            let start = self.holders.len() as u32;
            self.holders.extend_from_slice(holders);
            *range = start..self.holders.len() as u32;
        }
    }

    /// The nodes that hold a source when the plan starts; none for a task.
    pub fn holders(&self, vertex: VertexId) -> &[NodeId] {
        let Vertex { range: Range { start, end }, role, .. } = &self.vertices[vertex.index()];
        if *role == Role::Source { &self.holders[*start as usize..*end as usize] } else { &[] }
    }

    /// The bytes of the block that a vertex gives.
    pub fn bytes(&self, vertex: VertexId) -> u64 {
        self.vertices[vertex.index()].kind.bytes
    }

    /// The floating-point operations of a task; none for other vertices.
    pub fn flops(&self, vertex: VertexId) -> u64 {
        self.vertices[vertex.index()].kind.flops
    }

    /// Proves that every task reads earlier vertices, that operations fit their inputs and give what the outputs
    /// promise, and that sources are held.
    ///
    /// # Errors
    /// The first vertex that breaks a rule, with what it reads or promises.
    pub fn validate(&self) -> Result<(), GraphError> {
        let mut signatures = vec![Signatures::default(); self.ops.values.len()];
        let mut outputs = 0..0;
        for vertex in self.vertices() {
            match self.vertices[vertex.index()].role {
                Role::Source if self.holders(vertex).is_empty() => {
                    return Err(GraphError::SourceWithoutHolder { vertex });
                }
                Role::Further if !outputs.contains(&vertex.index()) => {
                    return Err(GraphError::OutputWithoutTask { vertex });
                }
                Role::Source | Role::Further => continue,
                Role::Task => {}
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
            outputs = vertex.index()..vertex.index() + self.outputs(vertex).len();
            let spec = |index: usize| self.vertices[index].kind.spec;
            let reads = inputs.iter().map(|input| spec(input.index()));
            if !signatures[self.op_index(vertex)].prove(reads, outputs.clone().map(spec)) {
                self.validate_outputs(vertex)?;
            }
        }
        Ok(())
    }

    /// Proves that the operation of a task takes its inputs and gives what its outputs promise.
    fn validate_outputs(&self, vertex: VertexId) -> Result<(), GraphError> {
        let (inputs, op) = (self.inputs(vertex), self.op(vertex));
        let specs: Vec<_> = inputs.iter().map(|&input| self.spec(input)).collect();
        let given = op.outputs(&specs).map_err(|error| refused(vertex, op, inputs.len(), error))?;
        let outputs = self.outputs(vertex);
        let (op, gives, found) = (op.to_string(), given.len(), outputs.len());
        if gives != found {
            return Err(GraphError::Outputs { vertex, op, gives, found });
        }
        for (output, given) in outputs.zip(given) {
            if given != *self.spec(output) {
                let promised = self.spec(output).shape.clone();
                let (vertex, given) = (output, given.shape);
                return Err(GraphError::OutputShape { vertex, op, promised, given });
            }
        }
        Ok(())
    }

    /// Adds an output of a task, which is the next vertex when it is the first.
    fn push(
        &mut self,
        kind: Kind,
        task: VertexId,
        inputs: &[VertexId],
        (place, name): (Place, BlockName),
    ) {
        let vertex = self.vertices.len() as u32;
        let (role, range) = if vertex == task.0 {
            let start = self.edges.len() as u32;
            self.edges.extend_from_slice(inputs);
            (Role::Task, start..self.edges.len() as u32)
        } else {
            (Role::Further, task.0..vertex)
        };
        let (kept, pinned) = (false, false);
        self.vertices.push(Vertex { kind, range, place, kept, pinned, role, name });
    }
}

impl Signatures {
    /// More than this many are not remembered: an operation with as many is one of a kind each time.
    const KNOWN_MAX: usize = 32;

    /// Whether this combination was met before; remembers it for the next time. The caller proves a new one and
    /// stops at the first that fails.
    fn prove(
        &mut self,
        inputs: impl Iterator<Item = u32> + Clone,
        outputs: impl Iterator<Item = u32> + Clone,
    ) -> bool {
        let same = |(known_inputs, known_outputs): &(Vec<u32>, Vec<u32>)| {
            known_outputs.iter().copied().eq(outputs.clone())
                && known_inputs.iter().copied().eq(inputs.clone())
        };
        if self.known.iter().any(same) {
            return true;
        }
        if self.known.len() < Signatures::KNOWN_MAX {
            self.known.push((inputs.collect(), outputs.collect()));
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
        OpError::Inputs(reason) => GraphError::Inputs { vertex, op: op_text, reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DType, QrStep, Shape};

    const TWO: Op = Op::Qr(QrStep::Factor { q: true });

    fn name(index: u32) -> (Place, BlockName) {
        (Place(0), BlockName { array: ArrayId(1), index })
    }

    /// A source of 9 x 4, and two tasks that give its R and its Q.
    fn two_pairs() -> (TaskGraph, VertexId) {
        let mut graph = TaskGraph::new(ArrayId(2));
        let spec = BlockSpec::new(DType::Float64, Shape::new([9, 4]).unwrap());
        let (place, own) = name(9);
        let x = graph.source(spec, own, place, vec![NodeId(0)]);
        for first in [0, 2] {
            graph.task_giving(TWO, &[x], &[name(first), name(first + 1)]).unwrap();
        }
        (graph, x)
    }

    #[test]
    fn outputs_are_vertices_in_a_row() {
        let (graph, x) = two_pairs();
        graph.validate().unwrap();
        assert_eq!(graph.tasks().collect::<Vec<_>>(), [VertexId(1), VertexId(3)]);
        for task in graph.tasks() {
            let [r, q] = [0, 1].map(|slot| graph.output(task, slot));
            assert_eq!(graph.outputs(task).collect::<Vec<_>>(), [r, q]);
            assert_eq!((graph.task_of(q), graph.slot(q), graph.slot(r)), (task, 1, 0));
            assert_eq!((graph.inputs(task), graph.inputs(q)), (&[x][..], &[][..]));
            assert_eq!((graph.flops(task), graph.flops(q)), (4 * 9 * 16, 0));
            assert_eq!((graph.bytes(r), graph.bytes(q)), (80, 288));
        }
    }

    #[test]
    fn a_task_names_all_that_it_gives() {
        let (mut graph, x) = two_pairs();
        let error = graph.task(TWO, &[x], name(4).0, name(4).1).unwrap_err();
        assert_eq!(
            error.to_string(),
            "t5 (qr with q): the operation gives 2 blocks, but the task has 1 output"
        );
        let three = graph.task_giving(TWO, &[x], &[name(4), name(5), name(6)]);
        assert!(matches!(three, Err(GraphError::Outputs { gives: 2, found: 3, .. })));
    }

    #[test]
    fn a_graph_whose_outputs_do_not_fit_is_not_valid() {
        let (graph, _) = two_pairs();
        let mut short = graph.clone();
        short.vertices.pop();
        assert!(matches!(
            short.validate(),
            Err(GraphError::Outputs { vertex: VertexId(3), gives: 2, found: 1, .. })
        ));
        let mut stray = graph.clone();
        stray.vertices[1].role = Role::Source;
        stray.vertices[1].range = 0..1;
        let error = stray.validate().unwrap_err();
        assert_eq!(error, GraphError::OutputWithoutTask { vertex: VertexId(2) });
        let mut other = graph;
        other.vertices[4].kind.spec = other.vertices[3].kind.spec;
        let error = other.validate().unwrap_err();
        assert!(matches!(error, GraphError::OutputShape { vertex: VertexId(4), .. }), "{error}");
    }
}
