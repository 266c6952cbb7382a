//! Symmetric products (rank-k updates): one half is computed, travels packed, and is mirrored at the end.

use super::{BlockSpec, OpError, checked, packed_len, packed_order, require};
use serde::{Deserialize, Serialize};

/// A step of a symmetric product of floats. A packed triangle of order n is its n(n + 1)/2 elements row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SymmetricStep {
    /// The packed upper triangle of A Aᵀ, or that added to the first of two inputs.
    RankK {
        /// Of Aᵀ A instead.
        transpose: bool,
        /// The first input is the packed sum so far.
        accumulate: bool,
    },
    /// A packed triangle as a symmetric matrix.
    Mirror,
}

impl SymmetricStep {
    pub(super) fn output(self, inputs: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
        let accumulates = matches!(self, SymmetricStep::RankK { accumulate: true, .. });
        let expected = 1 + usize::from(accumulates);
        if inputs.len() != expected {
            return Err(OpError::Arity { expected });
        }
        let dtype = super::common_dtype(inputs)?;
        require(dtype.is_real_floating(), || format!("a symmetric product of {dtype}"))?;
        let last = inputs[inputs.len() - 1];
        match self {
            SymmetricStep::RankK { transpose, .. } => {
                let [rows, columns] = last.shape[..] else {
                    return Err(OpError::Inputs(format!(
                        "expected a matrix, got shape {}",
                        last.shape
                    )));
                };
                let order = if transpose { columns } else { rows };
                let len = packed_len(order).ok_or_else(|| {
                    OpError::Inputs(format!("a triangle of order {order} is too large"))
                })?;
                let output = BlockSpec::new(dtype, checked(&[len])?);
                let same = !accumulates || *inputs[0] == output;
                require(same, || format!("{} += a block of {}", inputs[0].shape, output.shape))?;
                Ok(output)
            }
            SymmetricStep::Mirror => {
                let order = (last.shape.len() == 1).then(|| packed_order(last.shape[0])).flatten();
                let order = order.ok_or_else(|| {
                    OpError::Inputs(format!("expected a packed triangle, got shape {}", last.shape))
                })?;
                Ok(BlockSpec::new(dtype, checked(&[order, order])?))
            }
        }
    }

    /// Half of those of a product.
    pub(super) fn flops(self, inputs: &[&BlockSpec], output: &BlockSpec) -> u64 {
        let (SymmetricStep::RankK { transpose, .. }, Some(last)) = (self, inputs.last()) else {
            return 0;
        };
        let inner = last.shape.get(usize::from(!transpose)).copied().unwrap_or(0);
        (2 * inner as u64).saturating_mul(output.shape.elements() as u64)
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            SymmetricStep::RankK { accumulate: false, .. } => "rank-k",
            SymmetricStep::RankK { accumulate: true, .. } => "rank-k+=",
            SymmetricStep::Mirror => "mirror",
        }
    }
}
