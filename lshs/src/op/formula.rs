//! Element-wise programs and reductions that make some of their inputs themselves.
//!
//! An element that follows from its position alone need not be stored to be read: whoever reads it makes it, a tile at a
//! time, by the same formula. What is read so takes up no memory but a tile.

use super::{BlockSpec, OpError, broadcast, require, result_dtype};
use super::{create, write_reduction};
use crate::{Creation, Fold, Program, Region, Shape};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An element-wise program, perhaps reduced along some axes, that makes some of its inputs instead of reading them.
///
/// ```
/// use nums_lshs::{BlockSpec, Constant, Created, Creation, DType, Fold, Formula, FormulaInput};
/// use nums_lshs::{Program, Region, Shape};
/// let line = Creation::Arange { start: Constant::float64(0.0), next: Constant::float64(1.0) };
/// let made = Created {
///     creation: line,
///     shape: Shape::new([10])?,
///     region: Region { start: vec![4], len: vec![3] },
/// };
/// let sum = Formula {
///     inputs: vec![FormulaInput::Created(made)],
///     program: Program::identity(DType::Float64),
///     reduction: Some((Fold::Sum, vec![0])),
/// };
/// assert_eq!(sum.to_string(), "sum[axes [0]] arange");
/// assert_eq!(sum.output(&[]), Ok(BlockSpec::new(DType::Float64, Shape::scalar())));
/// # Ok::<(), nums_lshs::ShapeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Formula {
    // First, because the tasks of an array differ in nothing else.
    /// Where each input of the program comes from, in order.
    pub inputs: Vec<FormulaInput>,
    /// What is computed of each element.
    pub program: Program,
    /// How the results are combined, and along which axes (rising), which disappear; none of a map.
    pub reduction: Option<(Fold, Vec<usize>)>,
}

/// Where an input of a [`Formula`] comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FormulaInput {
    /// The next of the blocks that the task reads.
    Block,
    /// It is made on the way. It has as many elements as the program gives: what is broadcast is made once and read.
    Created(Created),
}

/// A box of an array that follows from the position of its elements.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Created {
    /// The part of the array.
    pub region: Region,
    /// The formula.
    pub creation: Creation,
    /// The shape of the whole array.
    pub shape: Shape,
}

impl Created {
    /// The block that it would be.
    ///
    /// # Errors
    /// When the region leaves the array, or the formula makes no array of that shape.
    pub fn block(&self) -> Result<BlockSpec, OpError> {
        create::block(&self.creation, &self.shape, &self.region)
    }
}

impl Formula {
    /// The block that it gives for the blocks that it reads.
    ///
    /// # Errors
    /// When the number, shapes or dtypes of the inputs, made ones included, do not fit the program or the reduction.
    pub fn output(&self, blocks: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
        let reads = |input: &&FormulaInput| matches!(input, FormulaInput::Block);
        let expected = self.inputs.iter().filter(reads).count();
        require(self.inputs.len() == self.program.inputs(), || {
            format!("{} inputs for a program of {}", self.inputs.len(), self.program.inputs())
        })?;
        if blocks.len() != expected {
            return Err(OpError::Arity { expected });
        }
        let specs = self.specs(blocks)?;
        let specs: Vec<_> = specs.iter().collect();
        let dtype = result_dtype(&self.program, &specs)?;
        let shape = broadcast(&specs)?;
        for (input, spec) in self.inputs.iter().zip(&specs) {
            let whole = *input == FormulaInput::Block || spec.shape.elements() == shape.elements();
            require(whole, || format!("{} is made for a result of {shape}", spec.shape))?;
        }
        match &self.reduction {
            None => Ok(BlockSpec::new(dtype, shape)),
            Some((fold, axes)) => fold.output_block(dtype, &shape, axes),
        }
    }

    /// The shape of what the program gives for blocks, before it is reduced.
    ///
    /// # Errors
    /// When there are too few blocks, or their shapes do not fit each other or what is made.
    pub fn shape(&self, blocks: &[&BlockSpec]) -> Result<Shape, OpError> {
        broadcast(&self.specs(blocks)?.iter().collect::<Vec<_>>())
    }

    /// Operations for blocks that fit.
    pub(super) fn flops(&self, blocks: &[&BlockSpec]) -> u64 {
        let elements = self.shape(blocks).map_or(0, |shape| shape.elements());
        let made = self.inputs.iter().map(|input| match input {
            FormulaInput::Block => 0,
            FormulaInput::Created(created) => created.creation.flops_per_element(),
        });
        let fold = self.reduction.as_ref().map_or(0, |(fold, _)| fold.flops());
        let each = self.program.flops_per_element() + fold + made.sum::<u64>();
        each.saturating_mul(elements as u64)
    }

    /// The boxes and steps that it consists of: how large it is.
    pub fn parts(&self) -> usize {
        self.inputs.len() + self.program.instructions().len()
    }

    pub(super) fn kind(&self) -> &'static str {
        if self.reduction.is_some() { "reduce" } else { "map" }
    }

    /// What each input is: of those that are read, the blocks in order.
    fn specs(&self, blocks: &[&BlockSpec]) -> Result<Vec<BlockSpec>, OpError> {
        let mut blocks = blocks.iter();
        let spec = |input: &FormulaInput| match input {
            FormulaInput::Created(created) => created.block(),
            FormulaInput::Block => {
                blocks.next().map(|&block| block.clone()).ok_or(OpError::Arity { expected: 0 })
            }
        };
        self.inputs.iter().map(spec).collect()
    }
}

impl fmt::Display for Formula {
    /// The program with what is made under the name of its formula, and the blocks that are read as `x0`, `x1`, ...
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut blocks = 0;
        let name = |input: &FormulaInput| match input {
            FormulaInput::Created(created) => created.creation.kind().to_owned(),
            FormulaInput::Block => {
                blocks += 1;
                format!("x{}", blocks - 1)
            }
        };
        let names: Vec<String> = self.inputs.iter().map(name).collect();
        if let Some((fold, axes)) = &self.reduction {
            write_reduction(f, fold, axes)?;
        }
        write!(f, "{}", self.program.over(&names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BinaryOp, Constant, DType, Op};

    fn shape(lengths: &[usize]) -> Shape {
        Shape::new(lengths).unwrap_or_default()
    }

    fn ones(start: usize, len: usize) -> FormulaInput {
        let creation = Creation::Full(Constant::float64(1.0));
        let region = Region { start: vec![start], len: vec![len] };
        FormulaInput::Created(Created { region, creation, shape: shape(&[10]) })
    }

    fn add(inputs: Vec<FormulaInput>) -> Formula {
        let program = Program::binary(BinaryOp::Add, DType::Float64);
        Formula { inputs, program, reduction: None }
    }

    #[test]
    fn what_a_peer_sends_is_checked() {
        let block = BlockSpec::new(DType::Float64, shape(&[4]));
        let fits = add(vec![FormulaInput::Block, ones(3, 4)]);
        assert_eq!(fits.output(&[&block]), Ok(block.clone()));
        assert_eq!((fits.flops(&[&block]), fits.to_string()), (8, "add(x0, full)".to_owned()));
        assert_eq!(fits.output(&[]), Err(OpError::Arity { expected: 1 }));
        assert_eq!(fits.output(&[&block, &block]), Err(OpError::Arity { expected: 1 }));
        let refused = |formula: Formula, blocks: &[&BlockSpec]| {
            let error = Op::Formula(formula).outputs(blocks);
            assert!(matches!(error, Err(OpError::Inputs(_))), "{error:?}");
        };
        refused(add(vec![ones(3, 4)]), &[]);
        refused(add(vec![ones(7, 4), FormulaInput::Block]), &[&block]);
        refused(add(vec![ones(usize::MAX, 4), FormulaInput::Block]), &[&block]);
        refused(add(vec![ones(3, 1), FormulaInput::Block]), &[&block]);
        let integers = BlockSpec::new(DType::Int64, shape(&[4]));
        refused(add(vec![ones(3, 4), FormulaInput::Block]), &[&integers]);
        let reduced = |axes| Formula { reduction: Some((Fold::Sum, axes)), ..fits.clone() };
        assert_eq!(reduced(vec![0]).output(&[&block]).map(|spec| spec.shape), Ok(shape(&[])));
        refused(reduced(vec![1]), &[&block]);
        refused(reduced(vec![0, 0]), &[&block]);
    }
}
