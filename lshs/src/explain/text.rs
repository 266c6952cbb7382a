//! Plans as text, a line a task in the order of the graph.

use super::graphs::write_further;
use super::moves::Moves;
use super::readable_bytes;
use super::trees::TreeMoves;
use crate::{Cluster, NodeId, PeakBound, Plan, Step, TaskGraph, VertexId};
use std::fmt::{Result, Write};

impl Plan {
    /// The plan as text: the policy and its cost first, then each task with its node, the bytes it gives, where its
    /// inputs come from and what leaves for other nodes, then the loads of each node. It is stable: the same plan
    /// gives the same text.
    pub fn explain(&self, graph: &TaskGraph) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_text(graph, &mut text);
        text
    }

    /// A line for each node: the most bytes that it holds at once when its workers run ahead of the steps and it fetches
    /// so many copies ahead, as [`peak_bounds`](Self::peak_bounds) predicts.
    pub fn explain_peaks(
        &self,
        graph: &TaskGraph,
        cluster: &Cluster,
        window_copies: usize,
    ) -> String {
        let bounds = self.peak_bounds(graph, cluster, window_copies);
        let lines = cluster.ids().zip(&cluster.nodes).zip(bounds).map(|((node, spec), bound)| {
            let PeakBound { bytes, unhindered_bytes, .. } = bound;
            let hindered = if bytes < unhindered_bytes {
                let unhindered = readable_bytes(unhindered_bytes);
                format!(", less far ahead than with {unhindered} of free memory")
            } else {
                String::new()
            };
            format!(
                "{node}: holds at most {} with {} worker{} and {window_copies} copies fetched ahead{hindered}\n",
                readable_bytes(bytes),
                spec.workers,
                if spec.workers == 1 { "" } else { "s" },
            )
        });
        lines.collect()
    }

    fn write_text(&self, graph: &TaskGraph, text: &mut String) -> Result {
        self.write_header(graph, text)?;
        let moves = Moves::new(self, graph);
        for vertex in graph.tasks() {
            self.write_task(graph, &moves, vertex, text)?;
            text.push('\n');
        }
        self.write_loads(text)
    }

    /// What the plan costs as a whole.
    pub(super) fn write_header(&self, graph: &TaskGraph, text: &mut String) -> Result {
        let max = |load: fn(&crate::Loads) -> u64| {
            readable_bytes(self.parts.iter().map(|part| load(&part.loads)).max().unwrap_or(0))
        };
        writeln!(
            text,
            "plan policy={} nodes={} tasks={} transfers={} objective={:.3e} s moved={} (max in {}, max out {}, peak mem {})",
            self.policy,
            self.parts.len(),
            graph.tasks().count(),
            self.transfers(),
            self.objective_s,
            readable_bytes(self.total_bytes()),
            max(|loads| loads.bytes_in),
            max(|loads| loads.bytes_out),
            max(|loads| loads.peak_bytes),
        )?;
        let trees = TreeMoves::new(self, graph);
        if trees.planned_bytes == trees.place_a_node_bytes {
            return Ok(());
        }
        writeln!(
            text,
            "reduction trees: {} moved; {} is the least for these trees, {} with as many places as nodes",
            readable_bytes(trees.planned_bytes),
            readable_bytes(trees.least_bytes),
            readable_bytes(trees.place_a_node_bytes),
        )
    }

    /// A task: its name and operation, its node, the bytes that it gives, what else it gives, what it reads and from where.
    pub(super) fn write_task(
        &self,
        graph: &TaskGraph,
        moves: &Moves,
        vertex: VertexId,
        text: &mut String,
    ) -> Result {
        let node = self.nodes[vertex.index()];
        write!(text, "{vertex} {} {}", graph.name(vertex), graph.op(vertex))?;
        write!(text, "  {node}  {}", readable_bytes(graph.bytes(vertex)))?;
        write_further(graph, vertex, text)?;
        for (position, &input) in graph.inputs(vertex).iter().enumerate() {
            write!(text, "{}{input}", if position == 0 { "  reads " } else { ", " })?;
            match moves.sender(vertex, input) {
                Some(from) => {
                    write!(text, "@{} +{}", from.0, readable_bytes(graph.bytes(input)))?;
                }
                None => write!(text, "@{}", node.0)?,
            }
        }
        match graph.outputs(vertex).map(|output| moves.bytes_out(output)).sum() {
            0 => Ok(()),
            bytes => write!(text, "  out {}", readable_bytes(bytes)),
        }
    }

    fn write_loads(&self, text: &mut String) -> Result {
        for (index, part) in self.parts.iter().enumerate() {
            let count = |wanted: fn(&Step) -> bool| part.steps.iter().filter(|s| wanted(s)).count();
            writeln!(
                text,
                "{}: {} tasks, {} flops, {} receives ({}), {} sends ({}), peak {}",
                NodeId(index as u32),
                part.loads.tasks,
                part.loads.flops,
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
