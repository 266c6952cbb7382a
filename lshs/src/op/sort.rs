//! Sorting within a block, merging sorted blocks, and searching in a sorted one.

use super::{BlockSpec, OpError, require};
use crate::DType;
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
    /// What merging two sorted lines gives, in two halves: as many of the least elements as the first line has, and the
    /// others, as many as the second one has. It is a comparator of a sorting network over lines.
    Merge,
    /// One of these halves: two such tasks are a comparator of lines that are not together.
    MergeHalf {
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
    pub(super) fn outputs(self, inputs: &[&BlockSpec]) -> Result<Vec<BlockSpec>, OpError> {
        let expected = match self {
            SortStep::Merge | SortStep::MergeHalf { .. } | SortStep::SearchSorted { .. } => 2,
            SortStep::Sort { .. } | SortStep::ArgSort { .. } => 1,
        };
        if inputs.len() != expected {
            return Err(OpError::Arity { expected });
        }
        super::common_dtype(inputs)?;
        let last = inputs[inputs.len() - 1];
        match self {
            SortStep::Sort { axis } | SortStep::ArgSort { axis } => {
                let shape = &last.shape;
                require(axis < shape.len(), || format!("axis {axis} of {shape}"))?;
            }
            SortStep::SearchSorted { .. } => {
                let line = &inputs[0].shape;
                require(line.len() == 1, || format!("a sorted line of {line}"))?;
            }
            SortStep::Merge | SortStep::MergeHalf { .. } => {
                let lines = inputs.iter().all(|input| input.shape.len() == 1);
                let [left, right] = [0, 1].map(|at| &inputs[at].shape);
                require(lines, || format!("sorted lines of {left} and {right}"))?;
            }
        }
        Ok(match self {
            SortStep::Sort { .. } => vec![last.clone()],
            SortStep::Merge => vec![inputs[0].clone(), inputs[1].clone()],
            SortStep::MergeHalf { upper } => vec![inputs[usize::from(upper)].clone()],
            SortStep::ArgSort { .. } | SortStep::SearchSorted { .. } => {
                vec![BlockSpec::new(DType::Int64, last.shape.clone())]
            }
        })
    }

    /// The inputs whose buffers the results may take over.
    pub(super) fn in_place_inputs(self) -> &'static [usize] {
        match self {
            SortStep::Sort { .. } | SortStep::MergeHalf { upper: false } => &[0],
            SortStep::MergeHalf { upper: true } => &[1],
            SortStep::Merge => &[0, 1],
            SortStep::ArgSort { .. } | SortStep::SearchSorted { .. } => &[],
        }
    }

    /// Comparisons: n log₂ n for each line that is sorted, log₂ n for each element that is looked up, one for each
    /// element that merging gives.
    pub(super) fn flops(self, inputs: &[&BlockSpec], elements: u64) -> u64 {
        let line = match self {
            SortStep::Merge | SortStep::MergeHalf { .. } => return elements,
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
            SortStep::Merge => "merge",
            SortStep::MergeHalf { upper: false } => "merge lower",
            SortStep::MergeHalf { upper: true } => "merge upper",
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
        let (five, three) = (line(&[5]), line(&[3]));
        let half = |upper| SortStep::MergeHalf { upper }.outputs(&[&five, &three]);
        assert_eq!((half(false), half(true)), (Ok(vec![five.clone()]), Ok(vec![three.clone()])));
        let both = SortStep::Merge.outputs(&[&five, &three]);
        assert_eq!(both, Ok(vec![five.clone(), three]));
        assert!(SortStep::Merge.outputs(&[&five, &line(&[1, 3])]).is_err());
        let other = BlockSpec::new(DType::Int32, Shape::new([3]).unwrap());
        assert!(SortStep::Merge.outputs(&[&five, &other]).is_err());
    }
}
