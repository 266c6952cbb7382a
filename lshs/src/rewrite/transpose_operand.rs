//! A matrix that is transposed only to be multiplied is read transposed.
//!
//! The product kernels pack their operands anyway, in either order of axes, so the flag costs nothing, and the copy, its
//! memory and its task go. The same numbers are multiplied and added in the same order.

use super::is_temporary;
use crate::{GraphError, Op, TaskGraph, VertexId};

/// Turns each transpose whose readers are all products, as an operand, into their flags.
pub(super) fn rewrite(graph: &TaskGraph) -> Result<Option<TaskGraph>, GraphError> {
    if !graph.ops().iter().any(is_transpose) {
        return Ok(None);
    }
    let mut absorbed: Vec<bool> = graph
        .vertices()
        .map(|vertex| is_transpose(graph.op(vertex)) && is_temporary(graph, vertex))
        .collect();
    for task in graph.tasks() {
        let operands = first_operand(graph.op(task));
        for (position, input) in graph.inputs(task).iter().enumerate() {
            let as_operand = operands.is_some_and(|first| position >= first);
            absorbed[input.index()] &= as_operand;
        }
    }
    // A transpose that nobody reads has no reader to take it over.
    if !graph.tasks().any(|task| graph.inputs(task).iter().any(|input| absorbed[input.index()])) {
        return Ok(None);
    }
    let mut rewritten = graph.successor();
    let mut new: Vec<VertexId> = Vec::with_capacity(graph.len());
    for vertex in graph.vertices() {
        if absorbed[vertex.index()] {
            // Who reads the transpose reads its input.
            new.push(new[graph.inputs(vertex)[0].index()]);
            continue;
        }
        let task = graph.task_of(vertex);
        if task != vertex {
            new.push(rewritten.output(new[task.index()], graph.slot(vertex)));
            continue;
        }
        let old = graph.inputs(vertex);
        let inputs: Vec<VertexId> = old.iter().map(|input| new[input.index()]).collect();
        let flip = |operand: usize| {
            let first = first_operand(graph.op(vertex)).unwrap_or(0);
            old.get(first + operand).is_some_and(|input| absorbed[input.index()])
        };
        let op = match graph.op(vertex) {
            Op::MatMul { transpose_left, transpose_right, accumulate } => Op::MatMul {
                transpose_left: transpose_left ^ flip(0),
                transpose_right: transpose_right ^ flip(1),
                accumulate: *accumulate,
            },
            other => other.clone(),
        };
        new.push(rewritten.adopt(graph, vertex, op, &inputs)?);
    }
    Ok(Some(rewritten))
}

fn is_transpose(op: &Op) -> bool {
    matches!(op, Op::Transpose { order } if *order == [1, 0])
}

/// The position of a product's first operand; `None` for other operations.
fn first_operand(op: &Op) -> Option<usize> {
    match op {
        Op::MatMul { accumulate, .. } => Some(usize::from(*accumulate)),
        _ => None,
    }
}
