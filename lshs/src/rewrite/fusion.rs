//! What the fusion rules share: element-wise tasks move into the task that reads them.

use super::{is_temporary, readers};
use crate::{GraphError, Op, Program, TaskGraph, VertexId};

/// A program that can take others in, and the operation around it.
pub(super) type Host<'a> = (&'a Program, Box<dyn Fn(Program) -> Op>);

/// Moves element-wise tasks into their readers, where `host` finds a program to take them in.
///
/// A task moves when its block is a temporary of the same shape and place as what the reader computes with, nobody
/// else reads it, and the program stays within its bound.
pub(super) fn fuse_into(
    graph: &TaskGraph,
    host: impl for<'a> Fn(&'a Op) -> Option<Host<'a>>,
) -> Result<Option<TaskGraph>, GraphError> {
    let programs = graph.ops().iter().any(|op| matches!(op, Op::Map(_)));
    if !programs || !graph.ops().iter().any(|op| host(op).is_some()) {
        return Ok(None);
    }
    let readers = readers(graph);
    let movable = movable(graph, &readers, |op| host(op).is_some());
    if !movable.contains(&true) {
        return Ok(None);
    }
    let mut fusion = Fusion {
        graph,
        readers,
        rewritten: graph.successor(),
        new: vec![None; graph.len()],
        waiting: vec![None; graph.len()],
    };
    for vertex in graph.vertices() {
        // Further outputs come with their tasks.
        if graph.task_of(vertex) != vertex {
            continue;
        }
        let op = graph.op(vertex);
        let inputs = graph.inputs(vertex);
        // A chain whose links are all movable is taken in link by link, each by the next.
        let taken_in = match op {
            Op::Map(program) if movable[vertex.index()] => {
                let fused = if host(op).is_some() {
                    fusion.take_in(program, inputs)?
                } else {
                    Fused { program: program.clone(), inputs: inputs.to_vec() }
                };
                fusion.waiting[vertex.index()] = Some(fused);
                continue;
            }
            _ => host(op),
        };
        match taken_in {
            Some((program, wrap)) => {
                let fused = fusion.take_in(program, inputs)?;
                fusion.emit(vertex, wrap(fused.program), &fused.inputs)?;
            }
            None => fusion.emit(vertex, op.clone(), inputs)?,
        }
    }
    Ok(Some(fusion.rewritten))
}

/// Whether taking in a task with some inputs beside others keeps no more temporaries waiting than before: a sum of
/// many partial results must not become one task that needs all of them at once. What is created waits for nobody: its
/// reader can make it.
fn keeps_little(
    graph: &TaskGraph,
    readers: &[u32],
    inputs: &[VertexId],
    others: &[VertexId],
) -> bool {
    let dies = |vertex: &&VertexId| {
        is_temporary(graph, **vertex)
            && readers[vertex.index()] == 1
            && !matches!(graph.op(**vertex), Op::Create { .. })
    };
    inputs.iter().filter(dies).count() <= 1 || others.iter().filter(dies).count() == 0
}

/// Which vertices could move into their only reader.
fn movable(graph: &TaskGraph, readers: &[u32], is_host: impl Fn(&Op) -> bool) -> Vec<bool> {
    let mut movable = vec![false; graph.len()];
    for task in graph.tasks().filter(|&task| is_host(graph.op(task))) {
        let inputs = graph.inputs(task);
        // What the program computes with: of a reduction the inputs, broadcast together.
        let largest = inputs.iter().map(|input| graph.spec(*input).shape.elements()).max();
        for input in inputs {
            movable[input.index()] = matches!(graph.op(*input), Op::Map(_))
                && is_temporary(graph, *input)
                && !graph.is_pinned(*input)
                && readers[input.index()] == 1
                && graph.place(*input) == graph.place(task)
                && {
                    let others: Vec<_> =
                        inputs.iter().filter(|&other| other != input).copied().collect();
                    keeps_little(graph, readers, graph.inputs(*input), &others)
                }
                && Some(graph.spec(*input).shape.elements()) == largest;
        }
    }
    movable
}

/// A program over its inputs: vertices of the old graph, or what else can stand for them.
#[derive(Clone)]
pub(super) struct Fused<T = VertexId> {
    pub(super) program: Program,
    pub(super) inputs: Vec<T>,
}

struct Fusion<'a> {
    graph: &'a TaskGraph,
    readers: Vec<u32>,
    rewritten: TaskGraph,
    /// The vertex of the new graph for each one that was not moved.
    new: Vec<Option<VertexId>>,
    /// Tasks that wait to be taken in.
    waiting: Vec<Option<Fused>>,
}

impl Fusion<'_> {
    /// A program with the waiting tasks among its inputs taken in; those that do not fit become tasks.
    fn take_in(&mut self, program: &Program, inputs: &[VertexId]) -> Result<Fused, GraphError> {
        let mut fused = merged(program.clone(), inputs.to_vec());
        while let Some(slot) = fused.inputs.iter().position(|input| self.is_waiting(*input)) {
            let input = fused.inputs[slot];
            let Some(first) = self.waiting[input.index()].take() else { break };
            let mut all = fused.inputs.clone();
            all.splice(slot..=slot, first.inputs.iter().copied());
            let others: Vec<_> =
                fused.inputs.iter().filter(|&&other| other != input).copied().collect();
            let values = all.len() + fused.program.instructions().len();
            let fits = values + first.program.instructions().len() <= Program::INSTRUCTIONS_MAX;
            if fits && keeps_little(self.graph, &self.readers, &first.inputs, &others) {
                fused = merged(fused.program.after(slot, &first.program), all);
            } else {
                self.emit(input, Op::Map(first.program), &first.inputs)?;
            }
        }
        Ok(fused)
    }

    fn is_waiting(&self, vertex: VertexId) -> bool {
        self.waiting[vertex.index()].is_some()
    }

    fn emit(&mut self, vertex: VertexId, op: Op, inputs: &[VertexId]) -> Result<(), GraphError> {
        // An input without a new vertex would be refused by the graph.
        let nowhere = VertexId(u32::MAX);
        let new = |input: &VertexId| self.new[input.index()].unwrap_or(nowhere);
        let inputs: Vec<VertexId> = inputs.iter().map(new).collect();
        let adopted = self.rewritten.adopt(self.graph, vertex, op, &inputs)?;
        for (slot, output) in self.graph.outputs(vertex).enumerate() {
            self.new[output.index()] = Some(self.rewritten.output(adopted, slot));
        }
        Ok(())
    }
}

/// The program with each input once.
pub(super) fn merged<T: PartialEq>(program: Program, inputs: Vec<T>) -> Fused<T> {
    let mut distinct: Vec<T> = Vec::with_capacity(inputs.len());
    let sources: Vec<usize> = inputs
        .into_iter()
        .map(|input| match distinct.iter().position(|known| *known == input) {
            Some(known) => known,
            None => {
                distinct.push(input);
                distinct.len() - 1
            }
        })
        .collect();
    let program = program.with_inputs(distinct.len(), &sources);
    Fused { program, inputs: distinct }
}
