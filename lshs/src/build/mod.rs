//! Graph builders: how an operation on arrays becomes operations on blocks.
//!
//! Each builder takes arrays as tables of vertices and adds the vertices of the result. What a reduction combines
//! with what is fixed here, from grid and layout alone: the blocks of a place in block order, then a binary tree over
//! places. So the bits of a result do not depend on the number of nodes, the policy, or timing.

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
mod sort;
mod spec;
mod symmetric;
mod take;
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

use crate::{ArrayId, BlockName, GraphError, NodeId, Place, TaskGraph, VertexId};

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
fn refused(graph: &TaskGraph, op: &str, story: String) -> GraphError {
    GraphError::Inputs { vertex: VertexId(graph.len() as u32), op: op.to_owned(), story }
}
