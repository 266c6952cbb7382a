//! How the elements of a block are combined along axes, and how the partial results of blocks meet.
//!
//! A partial result of one number is a block of the reduced shape. One of several numbers is a block with a first axis
//! more: the moments of a variance are four float64 (count, mean, sum of squares about the mean, and the power of two by
//! which what is squared was divided, 1 unless squares would leave the range of float64), and an extreme is two int64 (a
//! key that rises with the element, and its index). Source of how moments meet: Chan, Golub, LeVeque,
//! "Updating formulae and a pairwise algorithm for computing sample variances", 1982.

use super::{BlockSpec, Op, OpError, checked, require};
use crate::{BinaryOp, DType, Kind, Program, Shape};
use serde::{Deserialize, Serialize};

/// How elements are combined.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fold {
    /// The sum, pairwise within a block; of integers and bools a 64-bit one.
    Sum,
    /// The product, in the same order; of integers and bools a 64-bit one.
    Product,
    /// The least element; NaN when there is one.
    Minimum,
    /// The greatest element; NaN when there is one.
    Maximum,
    /// The least element that is not NaN.
    Fmin,
    /// The greatest element that is not NaN.
    Fmax,
    /// Count, mean, sum of squares about the mean and its scale of float64, along a new first axis of length 4.
    Moments {
        /// Whether NaN counts as missing.
        skip_nan: bool,
        /// Whether squares are about the mean, and not about 0, which then counts as the mean.
        central: bool,
    },
    /// The key and the index of the first extreme element, along a new first axis of length 2. NaN is the extreme of
    /// the elements that it is among.
    Extreme {
        /// Whether it is the greatest element, and not the least.
        greatest: bool,
        /// Where this block starts on each axis that disappears.
        start: Vec<usize>,
        /// The length of the array on each of them: the index counts along them in C order.
        lengths: Vec<usize>,
    },
}

/// A step with partial results of several numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PartialStep {
    /// The moments of two sets of elements together.
    JoinMoments,
    /// The more extreme of two, the one of the lower index where they are equal.
    JoinExtremes,
    /// The variance that moments give.
    Variance {
        /// What is taken off the count of the elements before it divides: NumPy's `ddof`.
        ddof: u32,
    },
    /// The root of the variance, also where the variance is beyond the range of float64.
    Deviation {
        /// As of the variance.
        ddof: u32,
    },
    /// The root of the sum of squares.
    Norm,
    /// The index of an extreme.
    Index,
    /// The sum, or the product, of the elements up to each one along an axis, from what those of the blocks before it
    /// give: a second input without the axis, which the first block does not have.
    Scan {
        /// The axis.
        axis: usize,
        /// Products instead of sums.
        product: bool,
    },
}

/// The length of the first axis of moments.
const MOMENTS: usize = 4;
/// The length of the first axis of extremes.
const EXTREME: usize = 2;

impl Fold {
    /// The dtype of the result for elements of a dtype; `None` where it is not defined.
    pub fn output(&self, dtype: DType) -> Option<DType> {
        let kind = dtype.kind();
        match self {
            Fold::Sum | Fold::Product => Some(match kind {
                Kind::Bool | Kind::SignedInteger => DType::Int64,
                Kind::UnsignedInteger => DType::UInt64,
                Kind::RealFloating | Kind::ComplexFloating => dtype,
            }),
            Fold::Minimum | Fold::Maximum | Fold::Fmin | Fold::Fmax => Some(dtype),
            Fold::Moments { .. } => (dtype == DType::Float64).then_some(dtype),
            // A key of 64 bits does not tell complex numbers apart.
            Fold::Extreme { .. } => (kind != Kind::ComplexFloating).then_some(DType::Int64),
        }
    }

    /// The operation by which two partial results, of this dtype, meet.
    pub fn join(&self, partial: DType) -> Op {
        let binary = |op| Op::Map(Program::binary(op, partial));
        match self {
            Fold::Sum => binary(BinaryOp::Add),
            Fold::Product => binary(BinaryOp::Multiply),
            Fold::Minimum => binary(BinaryOp::Minimum),
            Fold::Maximum => binary(BinaryOp::Maximum),
            Fold::Fmin => binary(BinaryOp::Fmin),
            Fold::Fmax => binary(BinaryOp::Fmax),
            Fold::Moments { .. } => Op::Partial(PartialStep::JoinMoments),
            Fold::Extreme { .. } => Op::Partial(PartialStep::JoinExtremes),
        }
    }

    /// The partial result of a block of elements reduced along axes, which have to exist and rise.
    pub(super) fn output_block(
        &self,
        dtype: DType,
        shape: &Shape,
        axes: &[usize],
    ) -> Result<BlockSpec, OpError> {
        let rise = axes.windows(2).all(|pair| pair[0] < pair[1]);
        let exist = axes.iter().all(|&axis| axis < shape.len());
        require(rise && exist, || format!("axes {axes:?} of {shape}"))?;
        let output = self
            .output(dtype)
            .ok_or_else(|| OpError::Inputs(format!("{} of {dtype}", self.name())))?;
        let kept = shape.without(axes);
        let several = |numbers: usize| {
            let lengths: Vec<_> = std::iter::once(numbers).chain(kept.iter().copied()).collect();
            checked(&lengths)
        };
        let shape = match self {
            Fold::Moments { .. } => several(MOMENTS)?,
            Fold::Extreme { start, lengths, .. } => {
                let end = |at: usize| start[at].checked_add(shape[axes[at]]);
                let fits = start.len() == axes.len()
                    && lengths.len() == axes.len()
                    && (0..axes.len()).all(|at| end(at).is_some_and(|end| end <= lengths[at]))
                    && checked(lengths).is_ok();
                require(fits, || format!("{shape} from {start:?} of {lengths:?}"))?;
                several(EXTREME)?
            }
            _ => kept,
        };
        Ok(BlockSpec::new(output, shape))
    }

    /// Operations for one element, beside those of the program.
    pub(super) fn flops(&self) -> u64 {
        match self {
            Fold::Moments { .. } => 4,
            Fold::Extreme { .. } => 2,
            _ => 1,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Fold::Sum => "sum",
            Fold::Product => "prod",
            Fold::Minimum => "min",
            Fold::Maximum => "max",
            Fold::Fmin => "fmin",
            Fold::Fmax => "fmax",
            Fold::Moments { .. } => "moments",
            Fold::Extreme { greatest: false, .. } => "argmin",
            Fold::Extreme { greatest: true, .. } => "argmax",
        }
    }
}

impl PartialStep {
    pub(super) fn output(self, inputs: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
        let (expected, dtype, numbers) = match self {
            PartialStep::Scan { axis, .. } => return scanned(axis, inputs),
            PartialStep::JoinMoments => (2, DType::Float64, MOMENTS),
            PartialStep::Variance { .. } | PartialStep::Deviation { .. } | PartialStep::Norm => {
                (1, DType::Float64, MOMENTS)
            }
            PartialStep::JoinExtremes => (2, DType::Int64, EXTREME),
            PartialStep::Index => (1, DType::Int64, EXTREME),
        };
        if inputs.len() != expected {
            return Err(OpError::Arity { expected });
        }
        let first = inputs[0];
        let fit = first.dtype == dtype
            && first.shape.first() == Some(&numbers)
            && inputs.iter().all(|input| *input == first);
        require(fit, || {
            let found: Vec<_> =
                inputs.iter().map(|input| format!("{} {}", input.dtype, input.shape)).collect();
            format!("{} for {numbers} of {dtype}", found.join(" and "))
        })?;
        match self {
            PartialStep::JoinMoments | PartialStep::JoinExtremes => Ok(first.clone()),
            PartialStep::Variance { .. }
            | PartialStep::Deviation { .. }
            | PartialStep::Norm
            | PartialStep::Index => Ok(BlockSpec::new(dtype, first.shape.without(&[0]))),
            PartialStep::Scan { axis, .. } => scanned(axis, inputs),
        }
    }

    /// Operations for one element of the result.
    pub(super) fn flops(self) -> u64 {
        match self {
            PartialStep::JoinMoments => 4,
            PartialStep::JoinExtremes | PartialStep::Variance { .. } | PartialStep::Scan { .. } => {
                1
            }
            PartialStep::Deviation { .. } | PartialStep::Norm => 2,
            PartialStep::Index => 0,
        }
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            PartialStep::JoinMoments => "join-moments",
            PartialStep::JoinExtremes => "join-extremes",
            PartialStep::Variance { .. } => "variance",
            PartialStep::Deviation { .. } => "deviation",
            PartialStep::Norm => "norm",
            PartialStep::Index => "index",
            PartialStep::Scan { product: false, .. } => "cumsum",
            PartialStep::Scan { product: true, .. } => "cumprod",
        }
    }
}

/// The block that is scanned, if what comes before it fits.
fn scanned(axis: usize, inputs: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
    let (first, carry) = match inputs {
        [first] => (*first, None),
        [first, carry] => (*first, Some(*carry)),
        _ => return Err(OpError::Arity { expected: 1 }),
    };
    let BlockSpec { dtype, shape } = first;
    let fits = axis < shape.len()
        && Fold::Sum.output(*dtype) == Some(*dtype)
        && carry.is_none_or(|carry| carry.dtype == *dtype && carry.shape == shape.without(&[axis]));
    require(fits, || format!("a scan of {dtype} {shape} along axis {axis} from {carry:?}"))?;
    Ok(first.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(dtype: DType, lengths: &[usize]) -> BlockSpec {
        BlockSpec::new(dtype, Shape::new(lengths).unwrap())
    }

    #[test]
    fn partial_results_have_their_numbers_along_a_first_axis() {
        let (elements, axes) = (spec(DType::Float64, &[4, 5]), [1]);
        let of = |fold: Fold| fold.output_block(elements.dtype, &elements.shape, &axes);
        let moments = of(Fold::Moments { skip_nan: false, central: true }).unwrap();
        assert_eq!(moments, spec(DType::Float64, &[4, 4]));
        assert_eq!(PartialStep::JoinMoments.output(&[&moments, &moments]), Ok(moments.clone()));
        let variance = PartialStep::Variance { ddof: 1 };
        assert_eq!(variance.output(&[&moments]), Ok(spec(DType::Float64, &[4])));
        let extreme = |start: usize, length: usize| {
            of(Fold::Extreme { greatest: true, start: vec![start], lengths: vec![length] })
        };
        let partial = extreme(5, 10).unwrap();
        assert_eq!(partial, spec(DType::Int64, &[2, 4]));
        assert_eq!(PartialStep::Index.output(&[&partial]), Ok(spec(DType::Int64, &[4])));
        assert!(extreme(6, 10).is_err(), "the block leaves the array");
        assert!(extreme(usize::MAX, 10).is_err());
        assert!(PartialStep::JoinMoments.output(&[&partial, &partial]).is_err());
        assert_eq!(PartialStep::Index.output(&[]), Err(OpError::Arity { expected: 1 }));
    }

    #[test]
    fn a_scan_keeps_the_shape_and_starts_from_an_edge() {
        let scan = PartialStep::Scan { axis: 1, product: false };
        let (block, edge) = (spec(DType::Float32, &[4, 5, 6]), spec(DType::Float32, &[4, 6]));
        assert_eq!(scan.output(&[&block]), Ok(block.clone()));
        assert_eq!(scan.output(&[&block, &edge]), Ok(block.clone()));
        assert!(scan.output(&[&block, &block]).is_err());
        assert!(scan.output(&[&spec(DType::Int32, &[4, 5])]).is_err(), "sums are 64 bits wide");
        assert!(scan.output(&[&spec(DType::Int64, &[4])]).is_err());
        assert!(scan.output(&[]).is_err());
    }

    #[test]
    fn sums_of_narrow_integers_are_64_bits_wide() {
        assert_eq!(Fold::Sum.output(DType::Bool), Some(DType::Int64));
        assert_eq!(Fold::Product.output(DType::UInt8), Some(DType::UInt64));
        assert_eq!(Fold::Sum.output(DType::Float32), Some(DType::Float32));
        let extreme = Fold::Extreme { greatest: true, start: vec![], lengths: vec![] };
        assert_eq!(extreme.output(DType::Complex128), None);
    }
}
