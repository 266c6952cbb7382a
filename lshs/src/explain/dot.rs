//! Plans for Graphviz: a box a node of the cluster, an edge a block that is read.

use super::moves::Moves;
use super::readable_bytes;
use crate::{NodeId, Plan, TaskGraph};
use std::fmt::Write;

impl Plan {
    /// The plan in the language of Graphviz `dot`: the tasks of each node in a box, sources as ellipses, results with
    /// a thick border, further outputs behind their task on dashed edges, and copies between nodes as red edges with their bytes.
    pub fn explain_dot(&self, graph: &TaskGraph) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_dot(graph, &mut text);
        text
    }

    fn write_dot(&self, graph: &TaskGraph, text: &mut String) -> std::fmt::Result {
        let moves = Moves::new(self, graph);
        writeln!(text, "digraph plan {{")?;
        writeln!(
            text,
            "  label=\"{} moves {}\";",
            escaped(&self.policy),
            readable_bytes(self.total_bytes())
        )?;
        writeln!(text, "  node [shape=box];")?;
        let mut by_node: Vec<Vec<_>> = vec![Vec::new(); self.parts.len()];
        graph
            .vertices()
            .for_each(|vertex| by_node[self.nodes[vertex.index()].index()].push(vertex));
        for (index, vertices) in by_node.iter().enumerate() {
            let node = NodeId(index as u32);
            writeln!(text, "  subgraph cluster_{index} {{")?;
            writeln!(text, "    label=\"{node}\";")?;
            for &vertex in vertices {
                let style = match (graph.is_source(vertex), graph.is_kept(vertex)) {
                    (true, _) => ", shape=ellipse",
                    (false, true) => ", penwidth=2",
                    (false, false) => "",
                };
                let what = match graph.slot(vertex) {
                    0 => escaped(&graph.op(vertex).to_string()),
                    slot => format!("output {slot} of {}", graph.task_of(vertex)),
                };
                let label = format!("{vertex} {}\\n{what}", graph.name(vertex));
                writeln!(text, "    {vertex} [label=\"{label}\"{style}];")?;
            }
            writeln!(text, "  }}")?;
        }
        for vertex in graph.tasks() {
            for output in graph.outputs(vertex).skip(1) {
                writeln!(text, "  {vertex} -> {output} [style=dashed];")?;
            }
            for &input in graph.inputs(vertex) {
                match moves.sender(vertex, input) {
                    Some(_) => {
                        let bytes = readable_bytes(graph.bytes(input));
                        writeln!(text, "  {input} -> {vertex} [color=red, label=\"{bytes}\"];")?;
                    }
                    None => writeln!(text, "  {input} -> {vertex};")?,
                }
            }
        }
        writeln!(text, "}}")
    }
}

/// Text within double quotes: kinds of tasks come from files.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ")
}
