//! The actors of NumS: a DriverActor that holds the metadata of a session's arrays, NodeActors that each own a block
//! store, and the WorkerActors of a node that run kernels.
//!
//! Driver and node are state machines (in the folders `driver` and `node`) in thin shells. They take events and return
//! instructions, and have no sockets, clocks, threads or array elements. The shells are kameo actors. Members exchange
//! messages through a transport, inside a process or, with the feature `cluster`, over libp2p, and never wait for each other's mailbox.
//!
//! The life of a graph:
//!
//! 1. The client posts the graph to its driver.
//! 2. The driver enters the locations of the sources, lets the policy place the tasks, and sends each node its whole part.
//! 3. Nodes run their parts by data flow and pull blocks from each other by name.
//! 4. The client waits for the plan and pulls the blocks of the result.

mod block_key;
mod budget;
mod client;
mod clock;
mod cluster;
mod driver;
mod error;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzz;
mod ids;
mod link;
mod machine;
mod message;
mod node;
mod part;
mod pool;
#[cfg(feature = "cluster")]
mod process;
mod progress;
mod request;
#[cfg(test)]
mod simulator;
mod transport;
mod uploads;
#[cfg(test)]
mod who_may_say;
#[cfg(feature = "cluster")]
mod wire;

pub use budget::{Budget, BudgetError, parse_bytes};
pub use client::Client;
pub use cluster::ClusterHandle;
pub use driver::DriverConfig;
pub use error::{ClusterError, Failure, Phase};
pub use ids::MemberId;
pub use message::{Measured, NodeStatus, Span};
pub use node::NodeConfig;
pub use nums_kernels::{
    Block, Buffer, Complex, Element, KernelError, LeastSquares, OutOfMemory, least_squares, zeros,
};
#[cfg(feature = "cluster")]
pub use process::{MemberStatus, Node, NodeOptions};
pub use progress::Progress;
pub use request::{Placed, PlanReport};

use ids::{JobId, Member, PlanId, Role};
use message::Message;
