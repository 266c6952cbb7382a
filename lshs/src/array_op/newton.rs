//! Newton's method for generalized linear models: one pass over the rows, one tree of sums, one small solve.

use super::gather::aligned;
use super::reduce::{Target, combine};
use super::{ArraySpec, BlockArray, Builder, Operation, Partial, Temporaries, exactly, name};
use crate::{
    ArrayId, Constant, DType, Fold, GlmFamily, GlmStep, GraphError, Grid, Op, Shape, ShapeError,
    TaskGraph, VertexId, glm_partial_len,
};
use serde::{Deserialize, Serialize};

/// What is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewtonModel {
    /// The distribution, with its canonical link.
    pub family: GlmFamily,
    /// Whether the last coefficient belongs to a column of ones that X does not have; it is not penalized.
    pub intercept: bool,
    /// The weight of the penalty ridge/2 |beta|².
    pub ridge: Constant,
}

/// The sums over all rows of X and y at the coefficients beta; see [`glm_sum`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlmSum {
    /// The distribution, with its canonical link.
    pub family: GlmFamily,
    /// Whether the last coefficient belongs to a column of ones that X does not have.
    pub intercept: bool,
    /// Whether the sums hold the Hessian.
    pub curvature: bool,
}

impl Operation for GlmSum {
    const NAME: &'static str = "glm_sum";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [x, _, beta] = exactly(Self::NAME, operands)?;
        glm_sum_spec(beta.shape().elements(), self.curvature, x.layout.places())
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        _: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        let sums = (self.family, self.intercept, self.curvature);
        glm_sum(&mut into.graph, array, sums, operands[0], operands[1], operands[2])
    }
}

/// The next coefficients of Newton's method from the sums with their Hessian, and the coefficients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewtonUpdate {
    /// What is fitted.
    pub model: NewtonModel,
}

impl Operation for NewtonUpdate {
    const NAME: &'static str = "newton_update";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [_, beta] = exactly(Self::NAME, operands)?;
        Ok(beta.recut(&Grid::single(&beta.shape())))
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        operands: &[&BlockArray],
        _: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        newton_update(&mut into.graph, array, self.model, operands[0], operands[1])
    }

    fn may_refuse(&self) -> bool {
        true
    }
}

/// What [`glm_sum`] gives for `features` coefficients: a vector of one block.
///
/// # Errors
/// When it is too long to address.
pub fn glm_sum_spec(
    features: usize,
    curvature: bool,
    places: u32,
) -> Result<ArraySpec, ShapeError> {
    let len = glm_partial_len(features, curvature).unwrap_or(usize::MAX);
    Ok(ArraySpec::with_grid(DType::Float64, Grid::single(&Shape::new([len])?), places))
}

/// Adds the sums over all rows of X (*n* × *c*) and y (*n*) at beta (*d*, one block) as one vector: with `curvature`
/// the packed Hessian, then the gradient, the negative log-likelihood and the number of rows, without the penalty.
///
/// Each block of rows gives its share as one vector, so X is read once. On k nodes with as many places at most
/// (k - 1)(d(d + 1)/2 + 2d + 2) elements move: beta goes out, the sums come in, both at depth ceil(log2 k).
///
/// # Errors
/// When the shapes do not fit.
pub fn glm_sum(
    graph: &mut TaskGraph,
    array: ArrayId,
    (family, intercept, curvature): (GlmFamily, bool, bool),
    x: &BlockArray,
    y: &BlockArray,
    beta: &BlockArray,
) -> Result<BlockArray, GraphError> {
    let (x_shape, y_shape) = (x.spec.shape(), y.spec.shape());
    let refused = |graph: &TaskGraph, reason: String| GraphError::Inputs {
        vertex: VertexId(graph.len() as u32),
        op: "glm_sum".into(),
        reason,
    };
    if x_shape.len() != 2 || y_shape[..] != x_shape[..1] {
        return Err(refused(graph, format!("X of {x_shape} and y of {y_shape}")));
    }
    let whole = Grid::single(&x_shape);
    let x = aligned(graph, x, &Grid::from_axes(&[(&x.spec.grid, 0), (&whole, 1)]))?;
    let y = aligned(graph, y, &Grid::from_axes(&[(&x.spec.grid, 0)]))?;
    let beta = aligned(graph, beta, &Grid::single(&beta.spec.shape()))?;
    let features = beta.spec.shape().elements();
    let spec = glm_sum_spec(features, curvature, x.spec.layout.places())
        .map_err(|error| refused(graph, error.to_string()))?;
    let partial = Op::Glm(GlmStep::Partial { family, intercept, curvature });
    let mut temporaries = Temporaries::new(graph);
    let result = name(array, 0);
    let mut partials: Vec<Partial> = Vec::with_capacity(x.blocks.len());
    for (index, (&rows, &labels)) in x.blocks.iter().zip(&y.blocks).enumerate() {
        let own = if x.blocks.len() == 1 { result } else { temporaries.next() };
        let (place, read) = (x.spec.place(index), [rows, labels, beta.blocks[0]]);
        partials.push((place, graph.task(partial.clone(), &read, place, own)?));
    }
    let target = Target { name: result, place: spec.place(0) };
    let sum = combine(graph, &partials, &Fold::Sum, target, &mut temporaries)?;
    Ok(BlockArray { spec, blocks: vec![sum] })
}

/// Adds the next beta (*d*) of Newton's method from the sums at beta.
///
/// # Errors
/// When the shapes do not fit.
pub fn newton_update(
    graph: &mut TaskGraph,
    array: ArrayId,
    model: NewtonModel,
    sum: &BlockArray,
    beta: &BlockArray,
) -> Result<BlockArray, GraphError> {
    let beta = aligned(graph, beta, &Grid::single(&beta.spec.shape()))?;
    let NewtonModel { ridge, intercept, .. } = model;
    let update = Op::Glm(GlmStep::Update { ridge, intercept });
    let read = [sum.blocks[0], beta.blocks[0]];
    let next = graph.task(update, &read, beta.spec.place(0), name(array, 0))?;
    Ok(BlockArray { spec: beta.spec.clone(), blocks: vec![next] })
}

/// Adds a whole step of Newton's method: the next beta for X (*n* × *c*), y (*n*) and beta (*d*, one block).
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
    let sum = graph.next_array();
    let sum = glm_sum(graph, sum, (model.family, model.intercept, true), x, y, beta)?;
    newton_update(graph, array, model, &sum, beta)
}
