//! Sorting within a block, merging sorted blocks, and searching in a sorted one.

use super::{BlockSpec, OpError, require};
use crate::{DType, Kind};
use serde::{Deserialize, Serialize};

/// A step that depends on the order of elements: as NumPy orders them, NaN last.
///
/// Where values are sorted or merged the order is total: -0.0 comes before 0.0, and NaN are ordered by their bits. What
/// comes out is a function of the elements alone, however they were dealt to blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SortStep {
    /// The elements sorted along an axis.
    Sort {
        /// The axis.
        axis: usize,
    },
    /// One half of what merging two sorted lines gives: as many of the least elements as the first line has, or as many
    /// of the greatest as the second one has. Two such tasks are a comparator of a sorting network over lines.
    Merge {
        /// The greatest instead of the least.
        upper: bool,
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
        let pair = matches!(self, SortStep::SearchSorted { .. } | SortStep::Merge { .. });
        let expected = if pair { 2 } else { 1 };
        if inputs.len() != expected {
            return Err(OpError::Arity { expected });
        }
        let dtype = super::common_dtype(inputs)?;
        require(dtype.kind() != Kind::ComplexFloating, || format!("an order of {dtype}"))?;
        let shape = match self {
            SortStep::Merge { upper } => &inputs[usize::from(upper)].shape,
            _ => &inputs[inputs.len() - 1].shape,
        };
        match self {
            SortStep::Sort { axis } | SortStep::ArgSort { axis } => {
                require(axis < shape.len(), || format!("axis {axis} of {shape}"))?;
            }
            SortStep::SearchSorted { .. } => {
                let line = &inputs[0].shape;
                require(line.len() == 1, || format!("a sorted line of {line}"))?;
            }
            SortStep::Merge { .. } => {
                let lines = inputs.iter().all(|input| input.shape.len() == 1);
                let [left, right] = [0, 1].map(|at| &inputs[at].shape);
                require(lines, || format!("sorted lines of {left} and {right}"))?;
            }
        }
        let values = matches!(self, SortStep::Sort { .. } | SortStep::Merge { .. });
        Ok(BlockSpec::new(if values { dtype } else { DType::Int64 }, shape.clone()))
    }

    /// The input whose buffer the result may take over.
    pub(super) fn in_place_input(self) -> Option<usize> {
        match self {
            SortStep::Sort { .. } => Some(0),
            SortStep::Merge { upper } => Some(usize::from(upper)),
            SortStep::ArgSort { .. } | SortStep::SearchSorted { .. } => None,
        }
    }

    /// Comparisons: n log₂ n for each line that is sorted, log₂ n for each element that is looked up, one for each
    /// element that merging gives.
    pub(super) fn flops(self, inputs: &[&BlockSpec], output: &BlockSpec) -> u64 {
        let elements = output.shape.elements() as u64;
        let line = match self {
            SortStep::Merge { .. } => return elements,
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
            SortStep::Merge { upper: false } => "merge lower",
            SortStep::Merge { upper: true } => "merge upper",
            SortStep::ArgSort { .. } => "argsort",
            SortStep::SearchSorted { .. } => "searchsorted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;

    #[test]
    fn a_half_of_a_merge_has_the_length_of_its_own_line() {
        let line = |lengths: &[usize]| BlockSpec::new(DType::Int64, Shape::new(lengths).unwrap());
        let merged = |upper, left: &BlockSpec, right: &BlockSpec| {
            SortStep::Merge { upper }.output(&[left, right])
        };
        assert_eq!(merged(false, &line(&[5]), &line(&[3])), Ok(line(&[5])));
        assert_eq!(merged(true, &line(&[5]), &line(&[3])), Ok(line(&[3])));
        assert!(merged(true, &line(&[5]), &line(&[1, 3])).is_err());
        let other = BlockSpec::new(DType::Int32, Shape::new([3]).unwrap());
        assert!(merged(false, &line(&[5]), &other).is_err());
    }
}
