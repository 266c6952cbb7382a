//! Sorting within a block, and searching in a sorted one.

use super::{BlockSpec, OpError, require};
use crate::{DType, Kind};
use serde::{Deserialize, Serialize};

/// A step that depends on the order of elements: as NumPy orders them, NaN last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SortStep {
    /// The elements sorted along an axis, stably.
    Sort {
        /// The axis.
        axis: usize,
    },
    /// The int64 indices along an axis in the order of the elements, stably.
    ArgSort {
        /// The axis.
        axis: usize,
    },
    /// For each element of the second input, the int64 number of elements of the first, a sorted line, before it.
    SearchSorted {
        /// Elements that are equal count as before it.
        right: bool,
    },
}

impl SortStep {
    pub(super) fn output(self, inputs: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
        let expected = if let SortStep::SearchSorted { .. } = self { 2 } else { 1 };
        if inputs.len() != expected {
            return Err(OpError::Arity { expected });
        }
        let dtype = super::common_dtype(inputs)?;
        require(dtype.kind() != Kind::ComplexFloating, || format!("an order of {dtype}"))?;
        let shape = &inputs[inputs.len() - 1].shape;
        match self {
            SortStep::Sort { axis } | SortStep::ArgSort { axis } => {
                require(axis < shape.len(), || format!("axis {axis} of {shape}"))?;
            }
            SortStep::SearchSorted { .. } => {
                let line = &inputs[0].shape;
                require(line.len() == 1, || format!("a sorted line of {line}"))?;
            }
        }
        let values = matches!(self, SortStep::Sort { .. });
        Ok(BlockSpec::new(if values { dtype } else { DType::Int64 }, shape.clone()))
    }

    /// Comparisons: n log₂ n for each line that is sorted, log₂ n for each element that is looked up.
    pub(super) fn flops(self, inputs: &[&BlockSpec]) -> u64 {
        let elements = inputs.last().map_or(0, |input| input.shape.elements() as u64);
        let line = match self {
            SortStep::Sort { axis } | SortStep::ArgSort { axis } => {
                inputs[0].shape.get(axis).copied()
            }
            SortStep::SearchSorted { .. } => inputs[0].shape.first().copied(),
        };
        let levels = line.unwrap_or(0).max(1).ilog2() + 1;
        elements.saturating_mul(u64::from(levels))
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            SortStep::Sort { .. } => "sort",
            SortStep::ArgSort { .. } => "argsort",
            SortStep::SearchSorted { .. } => "searchsorted",
        }
    }
}
