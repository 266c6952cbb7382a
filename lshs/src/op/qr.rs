//! The steps of a tall and skinny QR factorization (TSQR) as block operations.
//!
//! An R factor of n columns travels packed: the n(n + 1)/2 elements of its upper triangle, row by row. Source:
//! Demmel, Grigori, Hoemmen, Langou, "Communication-optimal parallel and sequential QR and LU", 2012.

use super::{BlockSpec, OpError, checked, require};
use crate::DType;
use serde::{Deserialize, Serialize};

/// A step of a TSQR; every step is a pure function of its inputs, and the diagonals of all R are not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum QrStep {
    /// The packed R of an *m* × *n* block, and its Q (*m* × *n*).
    ///
    /// With m < n the block counts as filled up with rows of zeros, and Q is the first m rows of what they give.
    Factor {
        /// Whether Q is given too.
        q: bool,
    },
    /// The packed R of two packed R that are stacked, and the upper and the lower half (*n* × *n* each) of its Q: what
    /// belongs to the first R, and to the second.
    Combine {
        /// Whether Q is given too.
        q: bool,
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
    pub(super) fn outputs(self, inputs: &[&BlockSpec]) -> Result<Vec<BlockSpec>, OpError> {
        let expected = if matches!(self, QrStep::Combine { .. }) { 2 } else { 1 };
        if inputs.len() != expected {
            return Err(OpError::Arity { expected });
        }
        let dtype = super::common_dtype(inputs)?;
        let real = matches!(dtype, DType::Float32 | DType::Float64);
        require(real, || {
            format!("expected float32 or float64 for a QR factorization, got {dtype}")
        })?;
        let first = inputs[0];
        match self {
            QrStep::Factor { q } => {
                let [_, columns] = rows_and_columns(first)?;
                let len = packed_len(columns).ok_or_else(|| too_wide(columns))?;
                let mut outputs = vec![BlockSpec::new(dtype, checked(&[len])?)];
                outputs.extend(q.then(|| first.clone()));
                Ok(outputs)
            }
            QrStep::Combine { q } => {
                let (left, right) = (order(first)?, order(inputs[1])?);
                require(left == right, || format!("R of order {left} and {right}"))?;
                let half = BlockSpec::new(dtype, checked(&[left, left])?);
                let halves = if q { vec![half.clone(), half] } else { Vec::new() };
                Ok([first.clone()].into_iter().chain(halves).collect())
            }
            QrStep::Unpack => {
                let order = order(first)?;
                Ok(vec![BlockSpec::new(dtype, checked(&[order, order])?)])
            }
        }
    }

    /// The step that gives R alone, when nothing else is wanted of one that gives Q too.
    pub(super) fn giving(self, wanted: &[bool]) -> Option<QrStep> {
        let r_alone = wanted[0] && !wanted[1..].contains(&true);
        match self {
            QrStep::Factor { q: true } if r_alone => Some(QrStep::Factor { q: false }),
            QrStep::Combine { q: true } if r_alone => Some(QrStep::Combine { q: false }),
            _ => None,
        }
    }

    /// The leading terms for Householder reflections: 2mn² to factor, and as much again for Q.
    pub(super) fn flops(self, inputs: &[&BlockSpec]) -> u64 {
        let Some(first) = inputs.first() else { return 0 };
        let (rows, columns, q) = match self {
            QrStep::Factor { q } => {
                let [rows, columns] = [first.shape.first(), first.shape.last()];
                (rows.copied().unwrap_or(0), columns.copied().unwrap_or(0), q)
            }
            QrStep::Combine { q } => {
                let order = packed_order(first.shape.elements()).unwrap_or(0);
                (2 * order, order, q)
            }
            QrStep::Unpack => return 0,
        };
        let (rows, columns) = (rows as u64, columns as u64);
        let square = columns.saturating_mul(columns);
        rows.saturating_mul(square).saturating_mul(if q { 4 } else { 2 })
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            QrStep::Factor { q: false } => "qr",
            QrStep::Factor { q: true } => "qr with q",
            QrStep::Combine { q: false } => "qr-combine",
            QrStep::Combine { q: true } => "qr-combine with q",
            QrStep::Unpack => "unpack",
        }
    }
}

fn rows_and_columns(spec: &BlockSpec) -> Result<[usize; 2], OpError> {
    match spec.shape[..] {
        [rows, columns] => Ok([rows, columns]),
        _ => Err(OpError::Inputs(format!("expected a matrix, got shape {}", spec.shape))),
    }
}

fn order(spec: &BlockSpec) -> Result<usize, OpError> {
    let order = (spec.shape.len() == 1).then(|| packed_order(spec.shape[0])).flatten();
    order.ok_or_else(|| {
        OpError::Inputs(format!("expected a packed triangle, got shape {}", spec.shape))
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
        let [factor, combine] = [|q| QrStep::Factor { q }, |q| QrStep::Combine { q }];
        let (r, with_q) = (vec![packed.clone()], vec![packed.clone(), block.clone()]);
        assert_eq!(
            (factor(false).outputs(&[&block]), factor(true).outputs(&[&block])),
            (Ok(r.clone()), Ok(with_q))
        );
        let halves = vec![packed.clone(), square.clone(), square.clone()];
        assert_eq!(combine(false).outputs(&[&packed, &packed]), Ok(r));
        assert_eq!(combine(true).outputs(&[&packed, &packed]), Ok(halves));
        assert_eq!(QrStep::Unpack.outputs(&[&packed]), Ok(vec![square]));
        assert!(combine(false).outputs(&[&packed, &spec(&[6])]).is_err());
        assert!(factor(true).outputs(&[]).is_err());
        assert!(factor(false).outputs(&[&spec(&[0, 1 << 32])]).is_err());
    }

    #[test]
    fn r_alone_costs_what_it_costs_without_q() {
        let combine = QrStep::Combine { q: true };
        assert_eq!(combine.giving(&[true, false, false]), Some(QrStep::Combine { q: false }));
        assert_eq!(combine.giving(&[true, false, true]), None);
        assert_eq!(combine.giving(&[false, true, true]), None);
        assert_eq!(QrStep::Unpack.giving(&[true]), None);
    }
}
