//! A discrete-event simulation of a plan: its time, its transfers and its memory.
//!
//! The model:
//!
//! - When its inputs are present, a task runs on one worker of its node for flops / flop rate seconds. The task that comes
//!   first in plan order starts first.
//! - A receive is requested in plan order when the node's window has room. The request takes one latency, then waits at the
//!   sender until the block exists and the sender's outgoing port is free.
//! - A port carries one block at a time. A block occupies the outgoing port for bytes / bandwidth out. One latency after it
//!   starts, it occupies the receiver's incoming port for bytes / bandwidth in. It has arrived when both ports are done.
//! - The driver sends each node its part in messages, one after the other.
//! - Memory is taken when a task starts or a transfer starts, and freed after the last use in the plan.
//!
//! The simulation reads no clock and draws no random number: the same input gives the same timeline.

mod depth;
mod flow;
mod queue;
mod run;
mod timeline;

pub use timeline::{Event, Moment};

use crate::{Cluster, NodeId, Plan, TaskGraph, VertexId};
use flow::Flow;
use thiserror::Error;

/// The parameters of a simulation besides the capacities of the nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimulationOptions {
    /// Seconds between sending a message and its arrival, for requests as for blocks.
    pub latency_s: f64,
    /// The blocks that a node requests ahead of their first use. The next block of its plan is always requested.
    pub receive_window: usize,
    /// Seconds that the driver needs for a message.
    pub driver_message_s: f64,
    /// Tasks and receives that a message of the driver holds.
    pub steps_per_message: usize,
    /// Whether the timeline is recorded: two moments a task and a transfer.
    pub record: bool,
}

/// The simulated work of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NodeUsage {
    /// Bytes received.
    pub bytes_in: u64,
    /// Bytes sent.
    pub bytes_out: u64,
    /// The most bytes of blocks held at once.
    pub peak_bytes: u64,
    /// Seconds of work, summed over workers.
    pub busy_s: f64,
}

/// The result of simulating a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulation {
    /// Seconds until the last task is done and the last copy has arrived.
    pub makespan_s: f64,
    /// One entry a node.
    pub nodes: Vec<NodeUsage>,
    /// The events in order; empty unless they are recorded.
    pub timeline: Vec<Moment>,
}

/// A plan or cluster that cannot be simulated.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// The plan is for a different number of nodes.
    #[error("expected a cluster of {plan} nodes for this plan, got {cluster}")]
    Nodes {
        /// Nodes of the plan.
        plan: usize,
        /// Nodes of the cluster.
        cluster: usize,
    },
    /// A time or rate is not a number that a simulation can use.
    #[error("{what} cannot be {value} in a simulation")]
    Rate {
        /// The time or rate, with its node if it has one.
        what: String,
        /// Its value.
        value: f64,
    },
    /// A node reads, sends or frees a block that it does not have or that the graph does not have.
    #[error("{node} uses {vertex}, which it does not have")]
    Absent {
        /// The node.
        node: NodeId,
        /// The block.
        vertex: VertexId,
    },
    /// A copy is sent and not received, or received and not sent.
    #[error("{vertex} from {from} to {to} is not both sent and received")]
    Unmatched {
        /// The block.
        vertex: VertexId,
        /// The sender.
        from: NodeId,
        /// The receiver.
        to: NodeId,
    },
    /// No event is left, and the plan is not finished.
    #[error("deadlock: {node} waits for {vertex}")]
    Stuck {
        /// A node that waits.
        node: NodeId,
        /// What it should run or receive next.
        vertex: VertexId,
    },
}

impl Default for SimulationOptions {
    /// A data centre's network of 100 us, and a driver that needs 8 us a message, as was measured on one framed
    /// stream; 16 blocks ahead and 1,024 steps a message, the order of what a node is sent at once.
    fn default() -> SimulationOptions {
        SimulationOptions {
            latency_s: 100e-6,
            receive_window: 16,
            driver_message_s: 8e-6,
            steps_per_message: 1024,
            record: false,
        }
    }
}

impl Plan {
    /// Simulates the plan on a cluster; O(steps log steps).
    ///
    /// ```
    /// use nums_lshs::{Plan, SimulationOptions, policy, workload};
    /// let setting = workload::Setting { nodes: 4, ..Default::default() };
    /// let sum = workload::build("sum", &setting)?;
    /// let cluster = setting.cluster();
    /// let plan = Plan::new(&sum.graph, &cluster, policy::by_name("lshs")?.as_ref())?;
    /// let run = plan.simulate(&sum.graph, &cluster, &SimulationOptions::default())?;
    /// let received: u64 = run.nodes.iter().map(|node| node.bytes_in).sum();
    /// assert_eq!(received, plan.total_bytes());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the plan does not fit the graph and cluster, a rate is not positive and finite, or the parts wait for
    /// each other in a circle.
    pub fn simulate(
        &self,
        graph: &TaskGraph,
        cluster: &Cluster,
        options: &SimulationOptions,
    ) -> Result<Simulation, SimulationError> {
        if self.parts.len() != cluster.len() {
            let (plan, cluster) = (self.parts.len(), cluster.len());
            return Err(SimulationError::Nodes { plan, cluster });
        }
        check_rates(cluster, options)?;
        run::run(&Flow::new(self, graph)?, cluster, options)
    }
}

fn check_rates(cluster: &Cluster, options: &SimulationOptions) -> Result<(), SimulationError> {
    for (what, value) in
        [("a latency", options.latency_s), ("a message cost", options.driver_message_s)]
    {
        if !(value.is_finite() && value >= 0.0) {
            return Err(SimulationError::Rate { what: what.to_owned(), value });
        }
    }
    for (node, spec) in cluster.ids().zip(&cluster.nodes) {
        for (what, value) in [
            ("a flop rate", spec.flops_per_s),
            ("a bandwidth in", spec.bandwidth_in_bytes_per_s),
            ("a bandwidth out", spec.bandwidth_out_bytes_per_s),
        ] {
            if !(value.is_finite() && value > 0.0) {
                return Err(SimulationError::Rate { what: format!("{what} on {node}"), value });
            }
        }
    }
    Ok(())
}
