//! Boxes that are copied from one block to another.

use super::{BlockSpec, OpError, common_dtype, require};
use crate::Shape;
use serde::{Deserialize, Serialize};

/// A box that [`Op::Gather`](super::Op::Gather) copies. An input with fewer axes than the target counts as one with
/// axes of length 1 in front.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Piece {
    /// Which input it comes from.
    pub input: u32,
    /// The first index on each axis of the input.
    pub source_start: Vec<usize>,
    /// The step on each axis of the input; below 0 it is read backwards, and with 0 one element is repeated.
    pub source_step: Vec<isize>,
    /// The first index on each axis of the target.
    pub target_start: Vec<usize>,
    /// The number of elements on each axis.
    pub len: Vec<usize>,
}

/// The block that pieces make, which together have as many elements as it.
pub(super) fn output(
    working: &Shape,
    shape: &Shape,
    pieces: &[Piece],
    inputs: &[&BlockSpec],
) -> Result<BlockSpec, OpError> {
    require(working.elements() == shape.elements(), || format!("{working} as {shape}"))?;
    let mut copied: usize = 0;
    for piece in pieces {
        piece.check(inputs, working, &vec![1; working.len()])?;
        // A piece that fits is not larger than the target.
        copied = copied.saturating_add(piece.len.iter().product());
    }
    require(copied == working.elements(), || format!("{copied} elements for {working}"))?;
    Ok(BlockSpec::new(common_dtype(inputs)?, shape.clone()))
}

impl Piece {
    /// Proves that both boxes stay inside their blocks; neighbours on an axis of the target are `target_step` apart.
    pub(super) fn check(
        &self,
        inputs: &[&BlockSpec],
        target: &Shape,
        target_step: &[usize],
    ) -> Result<(), OpError> {
        let input = inputs
            .get(self.input as usize)
            .ok_or(OpError::Arity { expected: self.input as usize + 1 })?;
        let fits = self.fits(&input.shape, target, target_step);
        require(fits, || format!("{self:?} from {} to {target}", input.shape))
    }

    fn fits(&self, input: &[usize], target: &[usize], target_step: &[usize]) -> bool {
        let rank = target.len();
        let ranks = [
            self.source_start.len(),
            self.source_step.len(),
            self.target_start.len(),
            self.len.len(),
            target_step.len(),
        ];
        if ranks.iter().any(|&other| other != rank) || input.len() > rank {
            return false;
        }
        let missing = rank - input.len();
        (0..rank).all(|axis| {
            let source_len = if axis < missing { 1 } else { input[axis - missing] };
            let Some(last) = self.len[axis].checked_sub(1) else { return true };
            let source_last = isize::try_from(last)
                .ok()
                .and_then(|last| last.checked_mul(self.source_step[axis]))
                .and_then(|offset| self.source_start[axis].checked_add_signed(offset));
            let target_last = last
                .checked_mul(target_step[axis])
                .and_then(|offset| self.target_start[axis].checked_add(offset));
            self.source_start[axis] < source_len
                && source_last.is_some_and(|last| last < source_len)
                && target_last.is_some_and(|last| last < target[axis])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DType;

    fn piece(start: usize, step: isize, target: usize, len: usize) -> Piece {
        Piece {
            input: 0,
            source_start: vec![start],
            source_step: vec![step],
            target_start: vec![target],
            len: vec![len],
        }
    }

    fn gathered(pieces: &[Piece], input: &[usize], len: usize) -> Result<BlockSpec, OpError> {
        let input = BlockSpec::new(DType::Int32, Shape::new(input).unwrap());
        let shape = Shape::new([len]).unwrap();
        output(&shape, &shape, pieces, &[&input])
    }

    #[test]
    fn pieces_stay_inside_their_blocks() {
        assert!(gathered(&[piece(4, -2, 0, 3)], &[5], 3).is_ok());
        assert!(gathered(&[piece(4, -2, 0, 4)], &[5], 4).is_err());
        assert!(gathered(&[piece(0, 0, 0, 4)], &[1], 4).is_ok());
        assert!(gathered(&[piece(0, 0, 0, 4)], &[], 4).is_ok(), "a scalar is stretched");
        assert!(gathered(&[piece(0, 0, 0, 4)], &[0], 4).is_err());
        assert!(gathered(&[piece(0, isize::MAX, 0, usize::MAX)], &[5], 3).is_err());
        assert!(gathered(&[piece(0, 1, usize::MAX, 2)], &[5], 3).is_err());
        assert!(gathered(&[piece(0, 1, 0, 2)], &[5], 3).is_err(), "one element is not written");
    }
}
