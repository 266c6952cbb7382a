//! Plans as a tree: each result, and under it what it is made of.

use super::moves::Moves;
use super::readable_bytes;
use crate::{Plan, TaskGraph, VertexId};
use std::fmt::Write;

/// Deeper levels are not indented further: chains can be as long as the graph.
const INDENT_MAX: usize = 24;

impl Plan {
    /// The plan from its results down: under each task the tasks that it reads, two spaces further in. A task that
    /// several others read is written out once and named afterwards; sources stand in the line of their reader.
    pub fn explain_tree(&self, graph: &TaskGraph) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_tree(graph, &mut text);
        text
    }

    fn write_tree(&self, graph: &TaskGraph, text: &mut String) -> std::fmt::Result {
        self.write_header(graph, text)?;
        let moves = Moves::new(self, graph);
        let mut written = vec![false; graph.len()];
        let kept = |task: &VertexId| graph.outputs(*task).any(|output| graph.is_kept(output));
        for result in graph.tasks().filter(kept) {
            // A stack of its own: a chain may be deeper than that of the thread.
            let mut open: Vec<(VertexId, usize)> = vec![(result, 0)];
            while let Some((vertex, depth)) = open.pop() {
                text.extend(std::iter::repeat_n("  ", depth.min(INDENT_MAX)));
                if std::mem::replace(&mut written[vertex.index()], true) {
                    writeln!(text, "{vertex} (above)")?;
                    continue;
                }
                self.write_task(graph, &moves, vertex, text)?;
                match moves.bytes_in(graph, vertex) {
                    0 => text.push('\n'),
                    bytes => writeln!(text, "  in {}", readable_bytes(bytes))?,
                }
                let inputs = graph.inputs(vertex).iter().rev();
                let tasks = inputs.filter(|&&input| !graph.is_source(input));
                open.extend(tasks.map(|&input| (graph.task_of(input), depth + 1)));
            }
        }
        Ok(())
    }
}
