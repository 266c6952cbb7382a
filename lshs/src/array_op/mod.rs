//! Operations on arrays, one file each: the result of the operation, and its block operations.
//!
//! An [`ArrayOp`] is plain data. [`ArrayOp::spec`] gives the shape, dtype, grid and layout of the result, exact before
//! anything runs; [`ArrayOp::build`] adds the tasks of its blocks to a graph. So an array that is not computed yet is an
//! operation and its operands, and the same pair is the recipe that makes a lost array again.
//!
//! The order in which a reduction combines blocks is fixed here and follows only from grid and layout: the blocks of a place
//! in block order, then a binary tree over places. So the bits of a result do not depend on the number of nodes, the
//! policy, or timing.

mod assign;
mod cholesky;
mod compress;
mod concatenate;
mod contract;
mod create;
mod elementwise;
mod gather;
mod linalg;
mod matmul;
mod newton;
mod reduce;
mod reshape;
mod scan;
mod sort;
mod spec;
mod symmetric;
mod take;
mod take_along;
mod transpose;
mod tsqr;

pub use assign::assign;
pub use cholesky::cholesky;
pub use compress::{compress, count_true};
pub use concatenate::concatenate;
pub use contract::contract;
pub use create::create;
pub use elementwise::elementwise;
pub use gather::{Selection, gather, gather_created, rechunk, redistribute};
pub use linalg::linalg;
pub use matmul::matmul;
pub use newton::{NewtonModel, glm_sum, glm_sum_spec, newton_step, newton_update};
pub use reduce::reduce;
pub use reshape::reshape;
pub use sort::{search_sorted, sort};
pub use spec::ArraySpec;
pub use take::take;
pub use transpose::transpose;
pub use tsqr::{FactorTree, tsqr, tsqr_r};

use crate::{ArrayId, BlockName, GraphError, NodeId, Place, ShapeError, TaskGraph, VertexId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What every operation on arrays is: the one list of them is `array_ops!` below.
trait Operation {
    /// A short name, for messages and plans.
    const NAME: &'static str;

    /// What the result is; errors hold the values that do not fit.
    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError>;

    /// Adds the tasks that make the result of a spec that [`spec`](Self::spec) has given.
    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError>;

    /// What it costs to make the result again.
    fn cost(&self, _operands: &[&ArraySpec]) -> Cost {
        Cost::Moderate
    }

    /// Whether it may refuse the numbers that it is given: what has no answer for some.
    fn may_refuse(&self) -> bool {
        false
    }
}

/// What it costs to make an array again. It decides what a session keeps on the cluster, and when work begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Nothing: the elements are those of the operand, read another way. It has no blocks of its own.
    View,
    /// A pass over the operands, or none: element-wise results and formulas. It is computed on the way.
    Cheap,
    /// More than a pass, or an exchange: reductions and what moves elements.
    Moderate,
    /// Much more: products, factorizations, sorts.
    Dear,
}

/// A graph that operations are added to, and what several of its arrays share.
#[derive(Debug)]
pub struct Builder {
    /// The graph.
    pub graph: TaskGraph,
    /// The trees of factorizations by the first block of the matrix: both factors follow from one.
    trees: HashMap<VertexId, FactorTree>,
}

impl Builder {
    /// An empty graph; arrays that are made inside it are numbered from `first_array`.
    pub fn new(first_array: ArrayId) -> Builder {
        Builder { graph: TaskGraph::new(first_array), trees: HashMap::new() }
    }
}

macro_rules! array_ops {
    ($($module:ident::$operation:ident,)*) => {
        $(pub use $module::$operation;)*

        /// An operation on arrays, as data. What it does stands in a file of its own.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "each is documented where it stands")]
        pub enum ArrayOp {
            $($operation($operation),)*
        }

        $(
            impl From<$operation> for ArrayOp {
                fn from(operation: $operation) -> ArrayOp {
                    ArrayOp::$operation(operation)
                }
            }
        )*

        impl ArrayOp {
            /// A short name, for messages and plans.
            pub fn name(&self) -> &'static str {
                match self {
                    $(ArrayOp::$operation(_) => <$operation as Operation>::NAME,)*
                }
            }

            /// What the result is.
            ///
            /// # Errors
            /// [`ShapeError::Operands`] and others, with the values that do not fit.
            pub fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
                match self {
                    $(ArrayOp::$operation(operation) => Operation::spec(operation, operands),)*
                }
            }

            /// What it costs to make the result again.
            pub fn cost(&self, operands: &[&ArraySpec]) -> Cost {
                match self {
                    $(ArrayOp::$operation(operation) => Operation::cost(operation, operands),)*
                }
            }

            /// Whether it may refuse the numbers that it is given, as a factorization does a singular matrix. What goes
            /// wrong with such an array is known when it is computed.
            pub fn may_refuse(&self) -> bool {
                match self {
                    $(ArrayOp::$operation(operation) => Operation::may_refuse(operation),)*
                }
            }

            fn build_checked(
                &self,
                into: &mut Builder,
                array: ArrayId,
                operands: &[&BlockArray],
                spec: &ArraySpec,
            ) -> Result<BlockArray, GraphError> {
                match self {
                    $(ArrayOp::$operation(operation) => {
                        Operation::build(operation, into, array, operands, spec)
                    })*
                }
            }
        }
    };
}

array_ops! {
    assign::Assign,
    cholesky::Cholesky,
    compress::Compress,
    compress::CountTrue,
    concatenate::Concatenate,
    contract::Contract,
    create::Create,
    create::CreatePart,
    elementwise::Elementwise,
    gather::Gather,
    gather::Rechunk,
    linalg::Linalg,
    matmul::MatMul,
    newton::GlmSum,
    newton::NewtonUpdate,
    reduce::Reduce,
    reshape::Reshape,
    scan::Scan,
    sort::SearchSorted,
    sort::Sort,
    take::Take,
    take_along::TakeAlong,
    transpose::Transpose,
    tsqr::Qr,
}

impl ArrayOp {
    /// Adds the tasks that make the array of a name from operands that are in the graph.
    ///
    /// # Errors
    /// When the operands do not fit the operation.
    pub fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
    ) -> Result<BlockArray, GraphError> {
        let specs: Vec<_> = operands.iter().map(|operand| &operand.spec).collect();
        let spec = self
            .spec(&specs)
            .map_err(|error| refused(&into.graph, self.name(), error.to_string()))?;
        self.build_checked(into, array, operands, &spec)
    }
}

/// As many operands as an operation takes.
fn exactly<'a, const N: usize>(
    op: &'static str,
    operands: &[&'a ArraySpec],
) -> Result<[&'a ArraySpec; N], ShapeError> {
    operands
        .try_into()
        .map_err(|_| misfit(op, format!("expected {N} arrays, got {}", operands.len())))
}

/// Operands that do not fit an operation.
fn misfit(op: &'static str, reason: String) -> ShapeError {
    ShapeError::Operands { op, reason }
}

/// An array in a graph: what it is, and the vertex of each block in C order of the grid.
#[derive(Clone, Debug)]
pub struct BlockArray {
    /// Shape, dtype, grid and layout.
    pub spec: ArraySpec,
    /// The vertices of the blocks.
    pub blocks: Vec<VertexId>,
}

impl BlockArray {
    /// Adds an array whose blocks exist already; `holders` gives the nodes that hold each block.
    pub fn source(
        graph: &mut TaskGraph,
        array: ArrayId,
        spec: &ArraySpec,
        mut holders: impl FnMut(usize) -> Vec<NodeId>,
    ) -> BlockArray {
        let places = spec.places().into_iter().enumerate();
        let blocks = places
            .map(|(index, place)| {
                graph.source(spec.block(index), name(array, index), place, holders(index))
            })
            .collect();
        BlockArray { spec: spec.clone(), blocks }
    }

    /// Marks every block as a result.
    pub fn keep(&self, graph: &mut TaskGraph) {
        self.blocks.iter().for_each(|&block| graph.keep(block));
    }
}

/// The names of the temporaries that one builder call makes.
struct Temporaries {
    array: ArrayId,
    next: u32,
}

impl Temporaries {
    fn new(graph: &mut TaskGraph) -> Temporaries {
        Temporaries { array: graph.next_array(), next: 0 }
    }

    fn next(&mut self) -> BlockName {
        self.next += 1;
        BlockName { array: self.array, index: self.next - 1 }
    }
}

fn name(array: ArrayId, index: usize) -> BlockName {
    BlockName { array, index: index as u32 }
}

/// A partial result and the place where it arises.
type Partial = (Place, VertexId);

/// Arrays that do not fit what is to be built of them.
fn refused(graph: &TaskGraph, op: &str, reason: String) -> GraphError {
    GraphError::Inputs { vertex: VertexId(graph.len() as u32), op: op.to_owned(), reason }
}
