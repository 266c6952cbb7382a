//! Plans as text.

use crate::{NodeId, Plan, Step, TaskGraph, VertexId};
use std::fmt::Write;

impl Plan {
    /// The plan as text: the policy and its cost first, then each task with its node, the bytes it gives and where
    /// its inputs come from, then the loads of each node. It is stable: the same plan gives the same text.
    pub fn explain(&self, graph: &TaskGraph) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_header(graph, &mut text);
        for vertex in graph.tasks() {
            let _ = self.write_task(graph, vertex, &mut text);
        }
        let _ = self.write_loads(&mut text);
        text
    }

    fn write_header(&self, graph: &TaskGraph, text: &mut String) -> std::fmt::Result {
        let max = |load: fn(&crate::Loads) -> u64| {
            readable_bytes(self.parts.iter().map(|part| load(&part.loads)).max().unwrap_or(0))
        };
        writeln!(
            text,
            "plan policy={} nodes={} tasks={} transfers={} moved={} (max in {}, max out {}, peak mem {})",
            self.policy,
            self.parts.len(),
            graph.tasks().count(),
            self.transfers(),
            readable_bytes(self.total_bytes()),
            max(|loads| loads.bytes_in),
            max(|loads| loads.bytes_out),
            max(|loads| loads.peak_bytes),
        )
    }

    fn write_task(
        &self,
        graph: &TaskGraph,
        vertex: VertexId,
        text: &mut String,
    ) -> std::fmt::Result {
        let node = self.nodes[vertex.index()];
        let name = graph.name(vertex);
        write!(text, "{vertex} {name} {}", graph.op(vertex))?;
        write!(text, "  {node}  {}", readable_bytes(graph.bytes(vertex)))?;
        for (position, &input) in graph.inputs(vertex).iter().enumerate() {
            let home = self.nodes[input.index()];
            write!(text, "{}{input}@{}", if position == 0 { "  reads " } else { ", " }, home.0)?;
            if home != node && !graph.holders(input).contains(&node) {
                write!(text, " +{}", readable_bytes(graph.bytes(input)))?;
            }
        }
        writeln!(text)
    }

    fn write_loads(&self, text: &mut String) -> std::fmt::Result {
        for (index, part) in self.parts.iter().enumerate() {
            let count = |wanted: fn(&Step) -> bool| part.steps.iter().filter(|s| wanted(s)).count();
            writeln!(
                text,
                "{}: {} tasks, {} receives ({}), {} sends ({}), peak {}",
                NodeId(index as u32),
                part.loads.tasks,
                count(|step| matches!(step, Step::Receive { .. })),
                readable_bytes(part.loads.bytes_in),
                count(|step| matches!(step, Step::Send { .. })),
                readable_bytes(part.loads.bytes_out),
                readable_bytes(part.loads.peak_bytes),
            )?;
        }
        Ok(())
    }
}

/// Bytes with a binary unit, exact below 10 KiB.
fn readable_bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if bytes < 10 << 10 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}
