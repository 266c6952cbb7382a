//! Blocks that follow from the position of their elements alone.

use super::{BlockSpec, OpError, checked, require, within};
use crate::{Constant, DType, Region, Shape};
use serde::{Deserialize, Serialize};

/// A formula that gives an element from its index in C order, so that every cut of an array gives the same elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Creation {
    /// The same element everywhere.
    Full(Constant),
    /// Evenly spaced numbers with given neighbours: after the first two, `start + index * (next - start)`, which is how
    /// NumPy fills `arange`. Integers wrap.
    Arange {
        /// The first element.
        start: Constant,
        /// The second element, of the same dtype.
        next: Constant,
    },
    /// Evenly spaced numbers from `start` to `stop`, on one axis, computed in float64 as NumPy's `linspace` does;
    /// integers are rounded down.
    Linspace {
        /// The dtype of the elements: float or integer.
        dtype: DType,
        /// The first element, a float64.
        start: Constant,
        /// The end, a float64.
        stop: Constant,
        /// Whether `stop` is the last element.
        endpoint: bool,
    },
    /// Ones on a diagonal of a matrix and zeros elsewhere.
    Eye {
        /// The dtype of the elements.
        dtype: DType,
        /// The column of the one in the first row; below 0 the ones lie below the main diagonal.
        diagonal: i64,
    },
    /// Random elements.
    Random {
        /// What they are drawn from.
        distribution: Distribution,
        /// The first word of the generator's key.
        seed: u64,
        /// The second word: arrays of one seed differ by it.
        stream: u64,
    },
}

/// What random elements are drawn from. The generator is Philox4x64-10, counting in NumPy's order: with stream 0,
/// uniform elements are those of `numpy.random.Generator(numpy.random.Philox(key=seed)).random()`.
///
/// Source: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Distribution {
    /// Uniform on `low..high`, which are of the dtype of the result: float32 or float64.
    Uniform {
        /// The lowest number.
        low: Constant,
        /// The end, which rounding may reach.
        high: Constant,
    },
    /// Normal, by the inverse of its distribution function: one word of the generator an element.
    Normal {
        /// The mean, of the dtype of the result: float32 or float64.
        mean: Constant,
        /// The standard deviation, of the same dtype.
        deviation: Constant,
    },
    /// Integers, each as likely as the other; the bounds are of the dtype of the result: int32 or int64.
    Integers {
        /// The lowest integer.
        lowest: Constant,
        /// The highest integer, not below the lowest.
        highest: Constant,
    },
    /// The integers below the length of the array, one axis, in the order of a [`Permutation`](crate::Permutation);
    /// int64.
    Permutation,
}

/// The block that holds a region of an array of a shape; refuses what leaves it, and what makes no such array.
pub(super) fn block(
    creation: &Creation,
    shape: &Shape,
    region: &Region,
) -> Result<BlockSpec, OpError> {
    require(within(region, shape), || format!("{region:?} leaves {shape}"))?;
    Ok(BlockSpec::new(creation.dtype(shape)?, checked(&region.len)?))
}

impl Creation {
    /// The dtype of the elements; refuses what makes no array of this shape.
    pub(crate) fn dtype(&self, shape: &Shape) -> Result<DType, OpError> {
        let dtype = match *self {
            Creation::Full(value) => pair(value, value)?,
            Creation::Arange { start, next } => {
                let dtype = pair(start, next)?;
                require(is_number(dtype), || format!("arange of {dtype}"))?;
                dtype
            }
            Creation::Linspace { dtype, start, stop, .. } => {
                require(is_number(dtype), || format!("linspace of {dtype}"))?;
                require(shape.len() == 1, || format!("linspace of shape {shape}"))?;
                let ends = pair(start, stop)?;
                require(ends == DType::Float64, || format!("linspace between {ends}"))?;
                dtype
            }
            Creation::Eye { dtype, .. } => {
                require(shape.len() == 2, || format!("eye of shape {shape}"))?;
                dtype
            }
            Creation::Random { distribution, .. } => distribution.dtype(shape)?,
        };
        Ok(dtype)
    }

    /// Operations for each element, by order of magnitude.
    pub(super) fn flops_per_element(&self) -> u64 {
        match self {
            Creation::Random { distribution: Distribution::Permutation, .. } => 100,
            Creation::Random { .. } => 10,
            _ => 1,
        }
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Creation::Full(_) => "full",
            Creation::Arange { .. } => "arange",
            Creation::Linspace { .. } => "linspace",
            Creation::Eye { .. } => "eye",
            Creation::Random { distribution, .. } => match distribution {
                Distribution::Uniform { .. } => "uniform",
                Distribution::Normal { .. } => "normal",
                Distribution::Integers { .. } => "integers",
                Distribution::Permutation => "permutation",
            },
        }
    }
}

impl Distribution {
    fn dtype(self, shape: &Shape) -> Result<DType, OpError> {
        match self {
            Distribution::Uniform { low: first, high: second }
            | Distribution::Normal { mean: first, deviation: second } => {
                let dtype = pair(first, second)?;
                require(dtype.is_real_floating(), || format!("random floats of {dtype}"))?;
                Ok(dtype)
            }
            Distribution::Integers { lowest, highest } => {
                let dtype = pair(lowest, highest)?;
                let known = matches!(dtype, DType::Int32 | DType::Int64);
                require(known, || format!("random integers of {dtype}"))?;
                require(lowest.to_i64() <= highest.to_i64(), || {
                    format!("random integers in {lowest:?}..={highest:?}")
                })?;
                Ok(dtype)
            }
            Distribution::Permutation => {
                require(shape.len() == 1, || format!("a permutation of shape {shape}"))?;
                Ok(DType::Int64)
            }
        }
    }
}

fn is_number(dtype: DType) -> bool {
    dtype.is_integer() || dtype.is_real_floating()
}

/// The dtype of two constants, which is the same and whose bits are elements of it.
fn pair(first: Constant, second: Constant) -> Result<DType, OpError> {
    let well_formed = first.is_well_formed() && second.is_well_formed();
    let same = first.dtype() == second.dtype();
    require(well_formed && same, || format!("{first:?} and {second:?} of one array"))?;
    Ok(first.dtype())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dtypes_follow_from_the_constants_and_bad_ones_are_refused() {
        let line = Shape::new([3]).unwrap();
        let square = Shape::new([3, 3]).unwrap();
        let [one, two] = [1, 2].map(Constant::int32);
        assert_eq!(Creation::Arange { start: one, next: two }.dtype(&line), Ok(DType::Int32));
        let mixed = Creation::Arange { start: one, next: Constant::int64(2) };
        assert!(mixed.dtype(&line).is_err());
        let bool = Constant::boolean(true);
        assert!(Creation::Arange { start: bool, next: bool }.dtype(&line).is_err());
        let eye = Creation::Eye { dtype: DType::Bool, diagonal: 0 };
        assert_eq!(eye.dtype(&square), Ok(DType::Bool));
        assert!(eye.dtype(&line).is_err());
        let random = |distribution| Creation::Random { distribution, seed: 0, stream: 0 };
        let integers = |lowest, highest| random(Distribution::Integers { lowest, highest });
        assert_eq!(integers(one, two).dtype(&square), Ok(DType::Int32));
        assert!(integers(two, one).dtype(&square).is_err());
        assert!(random(Distribution::Permutation).dtype(&square).is_err());
        assert_eq!(random(Distribution::Permutation).dtype(&line), Ok(DType::Int64));
    }
}
