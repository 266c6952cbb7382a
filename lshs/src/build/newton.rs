//! Newton's method for generalised linear models: one pass over the rows, one tree of sums, one small solve.

use super::gather::aligned;
use super::reduce::{Target, combine};
use super::{BlockArray, Partial, Temporaries, name};
use crate::{
    ArrayId, Constant, GlmFamily, GlmStep, GraphError, Grid, Op, Reduction, TaskGraph, VertexId,
};

/// What is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewtonModel {
    /// The distribution, with its canonical link.
    pub family: GlmFamily,
    /// Whether the last coefficient belongs to a column of ones that X does not have.
    pub intercept: bool,
    /// The weight of the penalty ridge/2 |beta|².
    pub ridge: Constant,
}

/// Adds the next beta (*d*, one block) of Newton's method for X (*n* × *c*), y (*n*) and beta (*d*, one block).
///
/// Each block of rows gives its share of Hessian, gradient, likelihood and row count as one vector, so X is read
/// once. On k nodes with as many places at most (k - 1)(d(d + 1)/2 + 2d + 2) elements move: beta goes out, the sums
/// come in, both at depth ceil(log2 k).
///
/// # Errors
/// When the shapes do not fit.
pub fn newton_step(
    graph: &mut TaskGraph,
    array: ArrayId,
    model: NewtonModel,
    x: &BlockArray,
    y: &BlockArray,
    beta: &BlockArray,
) -> Result<BlockArray, GraphError> {
    let (x_shape, y_shape) = (x.spec.shape(), y.spec.shape());
    if x_shape.len() != 2 || y_shape[..] != x_shape[..1] {
        return Err(GraphError::Inputs {
            vertex: VertexId(graph.len() as u32),
            op: "newton_step".into(),
            story: format!("X of {x_shape} and y of {y_shape}"),
        });
    }
    let whole = Grid::single(&x_shape);
    let x = aligned(graph, x, &Grid::from_axes(&[(&x.spec.grid, 0), (&whole, 1)]))?;
    let y = aligned(graph, y, &Grid::from_axes(&[(&x.spec.grid, 0)]))?;
    let beta = aligned(graph, beta, &Grid::single(&beta.spec.shape()))?;
    let NewtonModel { family, intercept, ridge } = model;
    let partial = Op::Glm(GlmStep::Partial { family, intercept });
    let mut temporaries = Temporaries::new(graph);
    let mut partials: Vec<Partial> = Vec::with_capacity(x.blocks.len());
    for (index, (&rows, &labels)) in x.blocks.iter().zip(&y.blocks).enumerate() {
        let place = x.spec.place(index);
        let read = [rows, labels, beta.blocks[0]];
        partials.push((place, graph.task(partial.clone(), &read, place, temporaries.next())?));
    }
    let target = Target { name: temporaries.next(), place: beta.spec.place(0) };
    let sum = combine(graph, &partials, Reduction::Sum, target, &mut temporaries)?;
    let update = Op::Glm(GlmStep::Update { ridge });
    let next = graph.task(update, &[sum, beta.blocks[0]], beta.spec.place(0), name(array, 0))?;
    Ok(BlockArray { spec: beta.spec.clone(), blocks: vec![next] })
}
