//! What happens in a simulation, moment by moment.

use super::Simulation;
use crate::{NodeId, VertexId};
use std::fmt;

/// Something that starts or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A worker takes up a task.
    TaskStart(VertexId),
    /// A task is done, and its block exists.
    TaskEnd(VertexId),
    /// A block sets out from another node.
    TransferStart {
        /// The block.
        vertex: VertexId,
        /// The sender.
        from: NodeId,
    },
    /// A block has arrived from another node.
    TransferEnd {
        /// The block.
        vertex: VertexId,
        /// The sender.
        from: NodeId,
    },
}

/// An event with its time and the node that runs the task or receives the block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Seconds since the driver began.
    pub time_s: f64,
    /// The node.
    pub node: NodeId,
    /// What happens.
    pub event: Event,
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>12.6} s  {}  ", self.time_s, self.node)?;
        match self.event {
            Event::TaskStart(vertex) => write!(f, "starts {vertex}"),
            Event::TaskEnd(vertex) => write!(f, "ends {vertex}"),
            Event::TransferStart { vertex, from } => write!(f, "{vertex} sets out from {from}"),
            Event::TransferEnd { vertex, from } => write!(f, "{vertex} arrives from {from}"),
        }
    }
}

impl fmt::Display for Simulation {
    /// The timeline, a line a moment, and then what each node did.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timeline.iter().try_for_each(|moment| writeln!(f, "{moment}"))?;
        for (index, usage) in self.nodes.iter().enumerate() {
            writeln!(
                f,
                "{}: busy {:.6} s, {} bytes in, {} bytes out, peak {} bytes",
                NodeId(index as u32),
                usage.busy_s,
                usage.bytes_in,
                usage.bytes_out,
                usage.peak_bytes,
            )?;
        }
        write!(f, "makespan {:.6} s", self.makespan_s)
    }
}
