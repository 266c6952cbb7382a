//! What follows from its position is made where it is read.
//!
//! A creation that element-wise tasks and reductions read need not be a block: each of them makes it tile by tile as it
//! goes, by the same formula, so that `arange(n).sum()` holds no array at all. Several readers make it several times. Of
//! a formula that costs less than to write it once and read it again each time. Draws of random numbers cost more, so
//! those that several tasks read stay blocks, unless the plan does not fit the memory otherwise
//! ([`spare_memory`](super::spare_memory)).

use super::fusion::{Fused, merged};
use super::{is_temporary, readers};
use crate::{Created, Creation, Formula, FormulaInput, GraphError, Op, TaskGraph, VertexId};

/// Fuses the creations that are as cheap to make as to read, and those with one reader.
pub(super) fn rewrite(graph: &TaskGraph) -> Result<Option<TaskGraph>, GraphError> {
    fuse(graph, |creation, readers| readers == 1 || !matches!(creation, Creation::Random { .. }))
}

/// Fuses the creations with several readers as well, whatever they cost.
pub(super) fn rewrite_dear(graph: &TaskGraph) -> Result<Option<TaskGraph>, GraphError> {
    fuse(graph, |_, _| true)
}

/// Fuses the temporary creations that all their readers can make, where a formula and a number of readers are worth it.
fn fuse(
    graph: &TaskGraph,
    is_worth_it: impl Fn(&Creation, u32) -> bool,
) -> Result<Option<TaskGraph>, GraphError> {
    let creates = graph.ops().iter().any(|op| matches!(op, Op::Create { .. }));
    if !creates || !graph.ops().iter().any(is_host) {
        return Ok(None);
    }
    let readers = readers(graph);
    let mut moves: Vec<bool> = graph
        .vertices()
        .map(|vertex| {
            let readers = readers[vertex.index()];
            let worth = match graph.op(vertex) {
                Op::Create { creation, .. } => readers > 0 && is_worth_it(creation, readers),
                _ => false,
            };
            worth && is_temporary(graph, vertex) && !graph.is_pinned(vertex)
        })
        .collect();
    for task in graph.tasks() {
        let inputs = graph.inputs(task);
        if !inputs.iter().any(|input| moves[input.index()]) {
            continue;
        }
        let elements = formula(graph.op(task)).map(|formula| {
            let specs: Vec<_> = inputs.iter().map(|input| graph.spec(*input)).collect();
            formula.shape(&specs).map_or(0, |shape| shape.elements())
        });
        for input in inputs {
            // What is stretched is read again and again, and small beside the result.
            moves[input.index()] &= elements == Some(graph.spec(*input).shape.elements());
        }
    }
    if !moves.contains(&true) {
        return Ok(None);
    }
    let mut rewritten = graph.successor();
    let mut new: Vec<VertexId> = Vec::with_capacity(graph.len());
    for vertex in graph.vertices() {
        if moves[vertex.index()] {
            // Nobody asks for it: its readers make it.
            new.push(VertexId(u32::MAX));
            continue;
        }
        let task = graph.task_of(vertex);
        if task != vertex {
            new.push(rewritten.output(new[task.index()], graph.slot(vertex)));
            continue;
        }
        let inputs = graph.inputs(vertex);
        let makes = inputs.iter().any(|input| moves[input.index()]);
        let (op, inputs) = match formula(graph.op(vertex)).filter(|_| makes) {
            Some(formula) => make_inputs(graph, &formula, inputs, &moves),
            None => (graph.op(vertex).clone(), inputs.to_vec()),
        };
        let inputs: Vec<VertexId> = inputs.iter().map(|input| new[input.index()]).collect();
        new.push(rewritten.adopt(graph, vertex, op, &inputs)?);
    }
    Ok(Some(rewritten))
}

fn is_host(op: &Op) -> bool {
    matches!(op, Op::Map(_) | Op::Reduce { .. } | Op::Formula(_))
}

/// A task that can make its inputs, as a formula; `None` for others.
fn formula(op: &Op) -> Option<Formula> {
    let (program, reduction) = match op {
        Op::Map(program) => (program, None),
        Op::Reduce { program, kind, axes } => (program, Some((kind.clone(), axes.clone()))),
        Op::Formula(formula) => return Some(formula.clone()),
        _ => return None,
    };
    let inputs = vec![FormulaInput::Block; program.inputs()];
    Some(Formula { inputs, program: program.clone(), reduction })
}

/// A formula that makes those of its inputs that move, and the vertices that it still reads.
fn make_inputs(
    graph: &TaskGraph,
    formula: &Formula,
    blocks: &[VertexId],
    moves: &[bool],
) -> (Op, Vec<VertexId>) {
    // An input that is read twice is made once.
    let mut blocks = blocks.iter().copied();
    let of = |input: &FormulaInput| match input {
        FormulaInput::Block => blocks.next().map(Ok),
        FormulaInput::Created(created) => Some(Err(created.clone())),
    };
    let all: Vec<Result<VertexId, Created>> = formula.inputs.iter().filter_map(of).collect();
    let Fused { program, inputs } = merged(formula.program.clone(), all);
    let mut read = Vec::new();
    let inputs = inputs
        .into_iter()
        .map(|input| {
            let vertex = match input {
                Ok(vertex) => vertex,
                Err(created) => return FormulaInput::Created(created),
            };
            match graph.op(vertex) {
                Op::Create { creation, shape, region } if moves[vertex.index()] => {
                    let (region, shape) = (region.clone(), shape.clone());
                    FormulaInput::Created(Created { region, creation: *creation, shape })
                }
                _ => {
                    read.push(vertex);
                    FormulaInput::Block
                }
            }
        })
        .collect();
    (Op::Formula(Formula { inputs, program, reduction: formula.reduction.clone() }), read)
}
