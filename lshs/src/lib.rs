//! Load-simulated hierarchical scheduling (LSHS): the pure core of NumS.
//!
//! This crate turns a graph of block operations into a plan that you can read, check and simulate. It does no I/O, reads no
//! clock, starts no thread and has no async code: the same input gives the same plan, byte for byte.
//!
//! 1. A [`Grid`] divides an array into blocks, and a [`Layout`] maps the blocks to logical places.
//! 2. The builders in [`array_op`] make a [`TaskGraph`] of [`Op`]s.
//! 3. A [`Policy`] chooses a node of a [`Cluster`] for each task by simulating the load.
//! 4. A [`Plan`] lists what each node runs, sends, receives and frees. It can be checked and explained.
//!
//! Source: M. Elibol et al., "NumS: Scalable Array Programming for the Cloud", 2022 (arXiv 2206.14276).

pub mod array_op;
mod cluster;
mod dtype;
mod error;
mod explain;
mod graph;
pub mod graph_file;
mod grid;
mod ids;
mod layout;
mod live;
mod op;
mod permutation;
mod plan;
pub mod policy;
mod program;
mod reduction;
pub mod rewrite;
mod shape;
mod simulate;
mod split_mix;
pub mod workload;

pub use cluster::{Cluster, NodeSpec};
pub use dtype::{DType, Kind, UnknownDType};
pub use error::{CheckError, GraphError, PlanError, ShapeError};
pub use explain::{draw_layout, explain_graph, explain_rewrites, readable_bytes};
pub use graph::TaskGraph;
pub use grid::{Grid, GridRule, Region, factor_over};
pub use ids::{ArrayId, BlockName, NodeId, Place, VertexId};
pub use layout::{Layout, PlaceMap, node_of_place};
pub use op::{
    BlockSpec, Created, Creation, Distribution, Einsum, Fold, Formula, FormulaInput, GlmFamily,
    GlmStep, IndexStep, LinalgStep, Op, OpError, PartialStep, Pick, Piece, QrStep, SortStep,
    SymmetricStep, glm_partial_len, packed_len, packed_order,
};
pub use permutation::Permutation;
pub use plan::{CopyRule, Loads, NodePlan, PeakBound, Plan, Problem, Rank, Step};
pub use policy::Policy;
pub use program::{BinaryOp, Constant, Instruction, Program, UnaryOp, Value};
pub use reduction::Reduction;
pub use shape::Shape;
pub use simulate::{Event, Moment, NodeUsage, Simulation, SimulationError, SimulationOptions};
pub(crate) use split_mix::SplitMix;
