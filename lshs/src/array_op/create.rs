//! Blocks that follow from their position alone.

use super::gather::{Selection, gather_created, selected};
use super::{ArrayOp, ArraySpec, BlockArray, Builder, Cost, Operation, exactly, misfit, name};
use crate::{
    ArrayId, BlockName, Constant, Creation, GraphError, Grid, Op, Place, Region, Shape, ShapeError,
    TaskGraph, VertexId,
};
use serde::{Deserialize, Serialize};

/// An array that a formula gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Create {
    /// The formula.
    pub creation: Creation,
    /// The array: its cuts are free.
    pub spec: ArraySpec,
}

impl Operation for Create {
    const NAME: &'static str = "create";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [] = exactly(Self::NAME, operands)?;
        formula_fits(Self::NAME, self.creation, &self.spec)?;
        Ok(self.spec.clone())
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        _: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        create(&mut into.graph, array, self.creation, spec)
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::Cheap
    }
}

/// What a selection on each axis gives of an array of a formula: nothing else of that array is made, so the ends of one
/// that fits no memory can be looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreatePart {
    /// The whole array.
    pub whole: Create,
    /// What is taken on each axis.
    pub selections: Vec<Selection>,
    /// The cuts of the part with all axes.
    pub working: Grid,
    /// The axes, of length 1 in `working`, that the part does not have.
    pub dropped: Vec<usize>,
}

impl Operation for CreatePart {
    const NAME: &'static str = "create";

    fn spec(&self, operands: &[&ArraySpec]) -> Result<ArraySpec, ShapeError> {
        let [] = exactly(Self::NAME, operands)?;
        formula_fits(Self::NAME, self.whole.creation, &self.whole.spec)?;
        selected(Self::NAME, &self.whole.spec, &self.selections, &self.working, &self.dropped)
    }

    fn build(
        &self,
        into: &mut Builder,
        array: ArrayId,
        _: &[&BlockArray],
        spec: &ArraySpec,
    ) -> Result<BlockArray, GraphError> {
        let formula = (self.whole.creation, &self.whole.spec);
        gather_created(&mut into.graph, array, formula, &self.selections, &self.working, spec)
    }

    fn cost(&self, _: &[&ArraySpec]) -> Cost {
        Cost::Cheap
    }
}

impl ArrayOp {
    /// The formula of an array that is made without others.
    pub fn creation(&self) -> Option<Creation> {
        match self {
            ArrayOp::Create(Create { creation, .. })
            | ArrayOp::CreatePart(CreatePart { whole: Create { creation, .. }, .. }) => {
                Some(*creation)
            }
            _ => None,
        }
    }
}

fn formula_fits(op: &'static str, creation: Creation, spec: &ArraySpec) -> Result<(), ShapeError> {
    let shape = spec.shape();
    match creation.dtype(&shape) {
        Ok(dtype) if dtype == spec.dtype => Ok(()),
        _ => {
            Err(misfit(op, format!("{} gives no {} of shape {shape}", creation.kind(), spec.dtype)))
        }
    }
}

/// Adds an array that a formula gives.
///
/// # Errors
/// None for a spec that exists; the signature is that of every builder.
pub fn create(
    graph: &mut TaskGraph,
    array: ArrayId,
    creation: Creation,
    spec: &ArraySpec,
) -> Result<BlockArray, GraphError> {
    let shape = spec.shape();
    let blocks = (0..spec.grid.blocks())
        .map(|index| {
            let target = (spec.place(index), name(array, index));
            create_box(graph, creation, &shape, spec.grid.region(index), target)
        })
        .collect::<Result<_, _>>()?;
    Ok(BlockArray { spec: spec.clone(), blocks })
}

/// Adds a box of an array of a shape that a formula gives, at a place and under a name.
pub(super) fn create_box(
    graph: &mut TaskGraph,
    creation: Creation,
    shape: &Shape,
    region: Region,
    (place, own): (Place, BlockName),
) -> Result<VertexId, GraphError> {
    let op = Op::Create { creation, shape: shape.clone(), region };
    graph.task(op, &[], place, own)
}

/// Adds a block without elements: no block of another array is read for it, so its dtype has to be told.
pub(super) fn empty_block(
    graph: &mut TaskGraph,
    array: ArrayId,
    spec: &ArraySpec,
    index: usize,
) -> Result<VertexId, GraphError> {
    let zero = Constant::from_integer(spec.dtype, 0).unwrap_or(Constant::float64(0.0));
    let target = (spec.place(index), name(array, index));
    let (creation, region) = (Creation::Full(zero), spec.grid.region(index));
    create_box(graph, creation, &spec.shape(), region, target)
}
