//! Graphs as text, before they are placed: as they were built, and after each rewrite.

use super::readable_bytes;
use crate::rewrite::{self, Rules};
use crate::{Cluster, TaskGraph, VertexId};
use std::fmt::{Result, Write};

/// A graph as text: a line a task with its name, its operation, the bytes that it gives, its further outputs and
/// what it reads.
pub fn explain_graph(graph: &TaskGraph) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = graph.tasks().try_for_each(|vertex| write_task(graph, vertex, &mut text));
    text
}

/// A graph as it was built, and after each rule that changes it.
pub fn explain_rewrites(graph: &TaskGraph, rules: &Rules, cluster: &Cluster) -> String {
    let built = format!("as built: {} tasks\n{}", graph.tasks().count(), explain_graph(graph));
    let steps = rewrite::trace(graph, rules, cluster);
    let changed: Vec<_> = steps.iter().map(|(name, _)| *name).collect();
    let unchanged: Vec<_> = rewrite::names().filter(|name| !changed.contains(name)).collect();
    let mut text = steps.iter().fold(built, |text, (name, graph)| {
        let tasks = graph.tasks().count();
        format!("{text}after {name}: {tasks} tasks\n{}", explain_graph(graph))
    });
    if !unchanged.is_empty() {
        text = format!("{text}no change by: {}\n", unchanged.join(", "));
    }
    text
}

fn write_task(graph: &TaskGraph, vertex: VertexId, text: &mut String) -> Result {
    write!(text, "{vertex} {} {}", graph.name(vertex), graph.op(vertex))?;
    write!(text, "  {}", readable_bytes(graph.bytes(vertex)))?;
    write_further(graph, vertex, text)?;
    for (position, input) in graph.inputs(vertex).iter().enumerate() {
        write!(text, "{}{input}", if position == 0 { "  reads " } else { ", " })?;
    }
    writeln!(text)
}

/// The blocks that a task gives beside its first one.
pub(super) fn write_further(graph: &TaskGraph, task: VertexId, text: &mut String) -> Result {
    graph.outputs(task).skip(1).try_for_each(|output| {
        let (name, bytes) = (graph.name(output), readable_bytes(graph.bytes(output)));
        write!(text, ", {output} {name} {bytes}")
    })
}
