//! The steps of a tall and skinny QR factorisation (TSQR) as block operations.
//!
//! An R factor of n columns travels packed: the n(n + 1)/2 elements of its upper triangle, row by row. Source:
//! Demmel, Grigori, Hoemmen, Langou, "Communication-optimal parallel and sequential QR and LU", 2012.

use super::{BlockSpec, OpError, checked, require};
use crate::DType;
use serde::{Deserialize, Serialize};

/// A step of a TSQR; every step is a pure function of its inputs, and the diagonals of all R are not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum QrStep {
    /// The packed R of an *m* × *n* block. With m < n the block counts as filled up with rows of zeros.
    Factor,
    /// The packed R of two packed R that are stacked.
    Combine,
    /// The Q (*m* × *n*) of a block, times an optional second input of *n* × *n*.
    ///
    /// With m < n it is the first m rows of the Q of the filled-up block.
    FactorQ,
    /// The upper or lower half (*n* × *n*) of the Q of two packed R that are stacked, times an optional third input
    /// of *n* × *n*.
    CombineQ {
        /// The half that belongs to the second R.
        lower: bool,
    },
    /// A packed R as an *n* × *n* upper triangle.
    Unpack,
}

/// The number of elements of a packed triangle of order `order`, or `None` when it cannot be counted.
pub fn packed_len(order: usize) -> Option<usize> {
    // One of the factors is even, and is halved first.
    if order.is_multiple_of(2) {
        (order / 2).checked_mul(order.checked_add(1)?)
    } else {
        order.checked_mul(order / 2 + 1)
    }
}

/// The order of a packed triangle of `len` elements, or `None` when no triangle has that many.
pub fn packed_order(len: usize) -> Option<usize> {
    let order = (len.checked_mul(2)?).isqrt();
    (packed_len(order) == Some(len)).then_some(order)
}

impl QrStep {
    pub(super) fn output(self, inputs: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
        let (least, most) = match self {
            QrStep::Factor | QrStep::Unpack => (1, 1),
            QrStep::Combine => (2, 2),
            QrStep::FactorQ => (1, 2),
            QrStep::CombineQ { .. } => (2, 3),
        };
        if !(least..=most).contains(&inputs.len()) {
            return Err(OpError::Arity { expected: least });
        }
        let dtype = super::common_dtype(inputs)?;
        let real = matches!(dtype, DType::Float32 | DType::Float64);
        require(real, || format!("{dtype} has no QR factorisation here"))?;
        let first = inputs[0];
        match self {
            QrStep::Factor => {
                let [_, columns] = rows_and_columns(first)?;
                let len = packed_len(columns).ok_or_else(|| too_wide(columns))?;
                Ok(BlockSpec::new(dtype, checked(&[len])?))
            }
            QrStep::Combine => {
                let (left, right) = (order(first)?, order(inputs[1])?);
                require(left == right, || format!("R of order {left} and {right}"))?;
                Ok(first.clone())
            }
            QrStep::FactorQ => {
                let [_, columns] = rows_and_columns(first)?;
                carried(inputs.get(1), columns)?;
                Ok(first.clone())
            }
            QrStep::CombineQ { .. } => {
                let (left, right) = (order(first)?, order(inputs[1])?);
                require(left == right, || format!("R of order {left} and {right}"))?;
                carried(inputs.get(2), left)?;
                Ok(BlockSpec::new(dtype, checked(&[left, left])?))
            }
            QrStep::Unpack => {
                let order = order(first)?;
                Ok(BlockSpec::new(dtype, checked(&[order, order])?))
            }
        }
    }

    /// The leading terms for Householder reflections: 2mn² to factor, as much again for Q, and 2mn² for a product.
    pub(super) fn flops(self, inputs: &[&BlockSpec]) -> u64 {
        let Some(first) = inputs.first() else { return 0 };
        let columns = match self {
            QrStep::Factor | QrStep::FactorQ => first.shape.last().copied().unwrap_or(0),
            _ => packed_order(first.shape.elements()).unwrap_or(0),
        } as u64;
        let square = columns.saturating_mul(columns);
        let rows = match self {
            QrStep::Factor | QrStep::FactorQ => first.shape.first().copied().unwrap_or(0) as u64,
            QrStep::Combine | QrStep::CombineQ { .. } => 2 * columns,
            QrStep::Unpack => return 0,
        };
        let passes = match self {
            QrStep::Factor | QrStep::Combine | QrStep::Unpack => 2,
            QrStep::FactorQ => 2 + 2 * inputs.len() as u64,
            QrStep::CombineQ { .. } => 2 * inputs.len() as u64,
        };
        rows.saturating_mul(square).saturating_mul(passes)
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            QrStep::Factor => "qr",
            QrStep::Combine => "qr-combine",
            QrStep::FactorQ => "qr-q",
            QrStep::CombineQ { lower: false } => "qr-combine-q-upper",
            QrStep::CombineQ { lower: true } => "qr-combine-q-lower",
            QrStep::Unpack => "unpack",
        }
    }
}

fn rows_and_columns(spec: &BlockSpec) -> Result<[usize; 2], OpError> {
    match spec.shape[..] {
        [rows, columns] => Ok([rows, columns]),
        _ => Err(OpError::Inputs(format!("{} is not a matrix", spec.shape))),
    }
}

fn order(spec: &BlockSpec) -> Result<usize, OpError> {
    let order = (spec.shape.len() == 1).then(|| packed_order(spec.shape[0])).flatten();
    order.ok_or_else(|| OpError::Inputs(format!("{} is not a packed triangle", spec.shape)))
}

fn carried(input: Option<&&BlockSpec>, order: usize) -> Result<(), OpError> {
    let Some(carried) = input else { return Ok(()) };
    require(carried.shape[..] == [order, order], || {
        format!("{} is not a square of order {order}", carried.shape)
    })
}

fn too_wide(columns: usize) -> OpError {
    OpError::Inputs(format!("an R of {columns} columns is too large to address"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;

    #[test]
    fn packed_lengths_and_orders_are_inverse() {
        for order in 0..200 {
            assert_eq!(packed_order(packed_len(order).unwrap()), Some(order));
        }
        assert_eq!(
            (packed_order(2), packed_order(4), packed_order(usize::MAX)),
            (None, None, None)
        );
        assert_eq!(packed_len(usize::MAX), None);
    }

    #[test]
    fn factors_of_a_block_and_of_two_triangles() {
        let spec = |lengths: &[usize]| BlockSpec::new(DType::Float64, Shape::new(lengths).unwrap());
        let (block, packed, square) = (spec(&[9, 4]), spec(&[10]), spec(&[4, 4]));
        assert_eq!(QrStep::Factor.output(&[&block]), Ok(packed.clone()));
        assert_eq!(QrStep::Combine.output(&[&packed, &packed]), Ok(packed.clone()));
        assert_eq!(QrStep::FactorQ.output(&[&block, &square]), Ok(block.clone()));
        let lower = QrStep::CombineQ { lower: true };
        assert_eq!(lower.output(&[&packed, &packed]), Ok(square.clone()));
        assert_eq!(QrStep::Unpack.output(&[&packed]), Ok(square.clone()));
        assert!(QrStep::FactorQ.output(&[&block, &packed]).is_err());
        assert!(QrStep::Combine.output(&[&packed, &spec(&[6])]).is_err());
        assert!(QrStep::Factor.output(&[]).is_err());
        assert!(QrStep::Factor.output(&[&spec(&[0, 1 << 32])]).is_err());
    }
}
