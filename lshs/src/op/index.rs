//! Operations that choose elements of blocks: assignment to a box, lists of indices, masks.

use super::{BlockSpec, OpError, Piece, checked, common_dtype, require};
use crate::DType;
use serde::{Deserialize, Serialize};

/// A choice of elements.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IndexStep {
    /// The first input with boxes overwritten by those of the other inputs; pieces count the others from 0.
    Assign {
        /// How far apart the elements of a box lie on each axis of the first input.
        step: Vec<usize>,
        /// What is copied from where to where.
        pieces: Vec<Piece>,
    },
    /// The slices along an axis that a list names, in its order; the inputs are alike on the other axes.
    Take {
        /// The axis.
        axis: usize,
        /// The slices.
        picks: Vec<Pick>,
    },
    /// Elements of a part of an axis at positions that are elements too: the first input, of int64, gives for each element
    /// of the result its position on the axis, from the end where it is below 0. The second input is the part from `start`
    /// on; the third, where there is one, has the elements of other parts.
    TakeAlong {
        /// The axis.
        axis: usize,
        /// Where the part begins.
        start: usize,
        /// The length of the whole axis; a position outside it is refused when it runs.
        len: usize,
    },
    /// The number of elements of a bool block that are true, as one int64.
    CountTrue,
    /// The slices along the first axis of the second input at which the first, a line of bool, is true.
    Compress {
        /// How many there are; a block with another number is refused when it runs.
        count: usize,
    },
}

/// A slice of an input of [`IndexStep::Take`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pick {
    /// The input.
    pub input: u32,
    /// The index along the axis.
    pub index: usize,
}

impl IndexStep {
    pub(super) fn output(&self, inputs: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
        match self {
            IndexStep::Assign { step, pieces } => {
                let (base, values) = inputs.split_first().ok_or(OpError::Arity { expected: 2 })?;
                common_dtype(inputs)?;
                require(step.len() == base.shape.len() && !step.contains(&0), || {
                    format!("steps {step:?} in {}", base.shape)
                })?;
                pieces.iter().try_for_each(|piece| piece.check(values, &base.shape, step))?;
                Ok((*base).clone())
            }
            IndexStep::Take { axis, picks } => take(*axis, picks, inputs),
            IndexStep::TakeAlong { axis, start, len } => take_along(*axis, *start, *len, inputs),
            IndexStep::CountTrue => {
                let [mask] = inputs else { return Err(OpError::Arity { expected: 1 }) };
                require(mask.dtype == DType::Bool, || format!("a mask of {}", mask.dtype))?;
                Ok(BlockSpec::new(DType::Int64, checked(&[1])?))
            }
            IndexStep::Compress { count } => {
                let [mask, values] = inputs else { return Err(OpError::Arity { expected: 2 }) };
                require(mask.dtype == DType::Bool, || format!("a mask of {}", mask.dtype))?;
                let fits = mask.shape.len() == 1
                    && values.shape.first() == Some(&mask.shape[0])
                    && *count <= mask.shape[0];
                require(fits, || {
                    format!("{count} of {} by a mask of {}", values.shape, mask.shape)
                })?;
                let lengths = [&[*count], &values.shape[1..]].concat();
                Ok(BlockSpec::new(values.dtype, checked(&lengths)?))
            }
        }
    }

    /// How many parts its description has: what it weighs on the way to a node.
    pub fn parts(&self) -> usize {
        match self {
            IndexStep::Assign { pieces, .. } => pieces.len(),
            IndexStep::Take { picks, .. } => picks.len(),
            IndexStep::TakeAlong { .. } | IndexStep::CountTrue | IndexStep::Compress { .. } => 1,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            IndexStep::Assign { .. } => "assign",
            IndexStep::Take { .. } => "take",
            IndexStep::TakeAlong { .. } => "take_along_axis",
            IndexStep::CountTrue => "count_true",
            IndexStep::Compress { .. } => "compress",
        }
    }
}

fn take(axis: usize, picks: &[Pick], inputs: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
    let first = inputs.first().ok_or(OpError::Arity { expected: 1 })?;
    require(axis < first.shape.len(), || format!("axis {axis} of {}", first.shape))?;
    for input in inputs {
        let alike = input.shape.len() == first.shape.len()
            && input.shape.without(&[axis]) == first.shape.without(&[axis]);
        require(alike, || format!("slices of {} and {}", first.shape, input.shape))?;
    }
    for pick in picks {
        let input = inputs.get(pick.input as usize);
        let inside = input.is_some_and(|input| pick.index < input.shape[axis]);
        require(inside, || format!("{pick:?} on axis {axis}"))?;
    }
    let mut lengths = first.shape.to_vec();
    lengths[axis] = picks.len();
    Ok(BlockSpec::new(common_dtype(inputs)?, checked(&lengths)?))
}

fn take_along(
    axis: usize,
    start: usize,
    len: usize,
    inputs: &[&BlockSpec],
) -> Result<BlockSpec, OpError> {
    let (positions, part, others) = match inputs {
        [positions, part] => (positions, part, None),
        [positions, part, others] => (positions, part, Some(others)),
        _ => return Err(OpError::Arity { expected: 2 }),
    };
    require(positions.dtype == DType::Int64, || format!("positions of {}", positions.dtype))?;
    let alike = axis < part.shape.len()
        && positions.shape.len() == part.shape.len()
        && positions.shape.without(&[axis]) == part.shape.without(&[axis])
        && start.checked_add(part.shape[axis]).is_some_and(|end| end <= len);
    require(alike, || {
        format!("positions {} in {} from {start} of {len}", positions.shape, part.shape)
    })?;
    let result = BlockSpec::new(part.dtype, positions.shape.clone());
    let fits = others.is_none_or(|others| **others == result);
    require(fits, || format!("elements of other parts beside {}", positions.shape))?;
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;

    fn spec(dtype: DType, lengths: &[usize]) -> BlockSpec {
        BlockSpec::new(dtype, Shape::new(lengths).unwrap())
    }

    #[test]
    fn assigned_boxes_stay_inside_the_block() {
        let (base, value) = (spec(DType::Int64, &[7]), spec(DType::Int64, &[]));
        let assign = |start, len, step| {
            let piece = Piece {
                input: 0,
                source_start: vec![0],
                source_step: vec![0],
                target_start: vec![start],
                len: vec![len],
            };
            IndexStep::Assign { step: vec![step], pieces: vec![piece] }.output(&[&base, &value])
        };
        assert_eq!(assign(0, 4, 2), Ok(base.clone()));
        assert_eq!(assign(6, 1, usize::MAX), Ok(base.clone()));
        assert!(assign(1, 4, 2).is_err());
        assert!(assign(0, 1, 0).is_err());
        assert!(assign(0, usize::MAX, usize::MAX).is_err());
    }

    #[test]
    fn lists_and_masks_are_checked() {
        let (x, y) = (spec(DType::Bool, &[4, 2]), spec(DType::Bool, &[4, 3]));
        let take = |axis, index, inputs: &[&BlockSpec]| {
            IndexStep::Take { axis, picks: vec![Pick { input: 1, index }; 5] }.output(inputs)
        };
        assert_eq!(take(1, 2, &[&x, &y]), Ok(spec(DType::Bool, &[4, 5])));
        assert!(take(1, 3, &[&x, &y]).is_err());
        assert!(take(0, 0, &[&x, &y]).is_err(), "the other axis differs");
        assert!(take(1, 0, &[&x]).is_err());
        assert!(take(2, 0, &[&x, &x]).is_err());
        let (mask, rows) = (spec(DType::Bool, &[4]), spec(DType::Int32, &[4, 3]));
        let compress = |count| IndexStep::Compress { count }.output(&[&mask, &rows]);
        assert_eq!(compress(2), Ok(spec(DType::Int32, &[2, 3])));
        assert!(compress(5).is_err());
        assert!(IndexStep::CountTrue.output(&[&rows]).is_err());
    }
}
