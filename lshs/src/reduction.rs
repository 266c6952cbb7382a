//! Reductions by NumPy's names: what each computes of an element first, how elements are folded, and what it makes of
//! the folded result.

use crate::{BinaryOp, Constant, DType, Fold, Instruction, Op, PartialStep, Program};
use crate::{UnaryOp, Value};
use serde::{Deserialize, Serialize};

/// A reduction of an array along axes.
///
/// NaN propagates as in NumPy; the forms whose names begin with `Nan` take it for a missing element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the variants are NumPy's own names")]
pub enum Reduction {
    Sum,
    Prod,
    Min,
    Max,
    Any,
    All,
    CountNonzero,
    ArgMin,
    ArgMax,
    Mean,
    Var {
        /// What is taken off the count before it divides.
        ddof: u32,
    },
    Std {
        /// As of the variance.
        ddof: u32,
    },
    /// The root of the sum of squares.
    Norm,
    NanSum,
    NanProd,
    NanMin,
    NanMax,
    NanMean,
    NanVar {
        /// As of the variance.
        ddof: u32,
    },
    NanStd {
        /// As of the variance.
        ddof: u32,
    },
    NanArgMin,
    NanArgMax,
}

/// What a reduction does with its elements.
pub(crate) struct Recipe {
    /// What is computed of each element before it is folded.
    pub(crate) prepare: Program,
    /// How elements are folded. Of an extreme the positions are those of no block.
    pub(crate) fold: Fold,
    /// What follows on the folded blocks.
    pub(crate) finish: Vec<Op>,
}

impl Reduction {
    /// NumPy's name.
    pub fn name(self) -> &'static str {
        match self {
            Reduction::Sum => "sum",
            Reduction::Prod => "prod",
            Reduction::Min => "min",
            Reduction::Max => "max",
            Reduction::Any => "any",
            Reduction::All => "all",
            Reduction::CountNonzero => "count_nonzero",
            Reduction::ArgMin => "argmin",
            Reduction::ArgMax => "argmax",
            Reduction::Mean => "mean",
            Reduction::Var { .. } => "var",
            Reduction::Std { .. } => "std",
            Reduction::Norm => "norm",
            Reduction::NanSum => "nansum",
            Reduction::NanProd => "nanprod",
            Reduction::NanMin => "nanmin",
            Reduction::NanMax => "nanmax",
            Reduction::NanMean => "nanmean",
            Reduction::NanVar { .. } => "nanvar",
            Reduction::NanStd { .. } => "nanstd",
            Reduction::NanArgMin => "nanargmin",
            Reduction::NanArgMax => "nanargmax",
        }
    }

    /// The dtype of the result for elements of a dtype; `None` where the reduction is not defined. Of complex numbers
    /// moments and positions are not: they follow from those of real and imaginary parts, and from extremes.
    ///
    /// ```
    /// use nums_lshs::{DType, Reduction};
    /// assert_eq!(Reduction::Sum.output(DType::Int32), Some(DType::Int64));
    /// assert_eq!(Reduction::Mean.output(DType::Int32), Some(DType::Float64));
    /// assert_eq!(Reduction::ArgMax.output(DType::Float32), Some(DType::Int64));
    /// ```
    pub fn output(self, dtype: DType) -> Option<DType> {
        let complex = dtype.is_complex();
        let floating = if dtype.is_real_floating() || complex { dtype } else { DType::Float64 };
        Some(match self {
            Reduction::Sum | Reduction::NanSum => Fold::Sum.output(dtype)?,
            Reduction::Prod | Reduction::NanProd => Fold::Product.output(dtype)?,
            Reduction::Min | Reduction::Max | Reduction::NanMin | Reduction::NanMax => dtype,
            Reduction::Any | Reduction::All => DType::Bool,
            Reduction::CountNonzero => DType::Int64,
            Reduction::ArgMin | Reduction::ArgMax | Reduction::NanArgMin | Reduction::NanArgMax => {
                (!complex).then_some(DType::Int64)?
            }
            Reduction::Mean | Reduction::NanMean => floating,
            Reduction::Var { .. }
            | Reduction::Std { .. }
            | Reduction::Norm
            | Reduction::NanVar { .. }
            | Reduction::NanStd { .. } => (!complex).then_some(floating)?,
        })
    }

    /// Whether there is a result for no elements at all; NumPy raises an error where there is none.
    pub fn has_identity(self) -> bool {
        !matches!(
            self,
            Reduction::Min
                | Reduction::Max
                | Reduction::NanMin
                | Reduction::NanMax
                | Reduction::ArgMin
                | Reduction::ArgMax
                | Reduction::NanArgMin
                | Reduction::NanArgMax
        )
    }

    /// What the reduction does with elements of a dtype, `count` of them for each result; `None` where it is not defined.
    pub(crate) fn recipe(self, dtype: DType, count: usize) -> Option<Recipe> {
        let output = self.output(dtype)?;
        let identity = || Program::identity(dtype);
        let recipe = |prepare, fold, finish| Some(Recipe { prepare, fold, finish });
        let plain = |fold| recipe(identity(), fold, Vec::new());
        let truth = |fold| recipe(Program::cast(dtype, DType::Bool), fold, Vec::new());
        let extreme = |prepare, greatest| {
            let fold = Fold::Extreme { greatest, start: Vec::new(), lengths: Vec::new() };
            recipe(prepare, fold, vec![Op::Partial(PartialStep::Index)])
        };
        // Moments are float64, and what they give is cast.
        let of_moments = |skip_nan, central, step: PartialStep| {
            let last = Program::cast(DType::Float64, output);
            let last = (!last.instructions().is_empty()).then_some(Op::Map(last));
            let finish = std::iter::once(Op::Partial(step)).chain(last).collect();
            let fold = Fold::Moments { skip_nan, central };
            recipe(Program::cast(dtype, DType::Float64), fold, finish)
        };
        let variance = |skip_nan, ddof| of_moments(skip_nan, true, PartialStep::Variance { ddof });
        let deviation =
            |skip_nan, ddof| of_moments(skip_nan, true, PartialStep::Deviation { ddof });
        match self {
            Reduction::Sum => plain(Fold::Sum),
            Reduction::Prod => plain(Fold::Product),
            Reduction::Min => plain(Fold::Minimum),
            Reduction::Max => plain(Fold::Maximum),
            Reduction::NanMin => plain(Fold::Fmin),
            Reduction::NanMax => plain(Fold::Fmax),
            Reduction::Any => truth(Fold::Maximum),
            Reduction::All => truth(Fold::Minimum),
            Reduction::CountNonzero => truth(Fold::Sum),
            Reduction::ArgMin => extreme(identity(), false),
            Reduction::ArgMax => extreme(identity(), true),
            Reduction::NanArgMin => extreme(without_nan(dtype, f64::INFINITY), false),
            Reduction::NanArgMax => extreme(without_nan(dtype, f64::NEG_INFINITY), true),
            Reduction::NanSum => recipe(without_nan(dtype, 0.0), Fold::Sum, Vec::new()),
            Reduction::NanProd => recipe(without_nan(dtype, 1.0), Fold::Product, Vec::new()),
            // The mean of what is there is a quotient of two sums, which the builder makes; this is the rest of it.
            Reduction::Mean | Reduction::NanMean => {
                let count = Constant::from_f64(output, count as f64)?;
                let divide = Program::with_constant(BinaryOp::Divide, count);
                recipe(Program::cast(dtype, output), Fold::Sum, vec![Op::Map(divide)])
            }
            Reduction::Var { ddof } => variance(false, ddof),
            Reduction::Std { ddof } => deviation(false, ddof),
            Reduction::NanVar { ddof } => variance(true, ddof),
            Reduction::NanStd { ddof } => deviation(true, ddof),
            Reduction::Norm => of_moments(false, false, PartialStep::Norm),
        }
    }
}

/// The recipes of the sum and of the count of the elements that are not NaN, both of the same float or complex dtype.
pub(crate) fn present(dtype: DType) -> [Recipe; 2] {
    let is_nan = Program::unary(UnaryOp::IsNan, dtype);
    let is_there = Program::unary(UnaryOp::LogicalNot, DType::Bool).after(0, &is_nan);
    let count = Program::cast(DType::Bool, dtype).after(0, &is_there);
    [without_nan(dtype, 0.0), count].map(|prepare| Recipe {
        prepare,
        fold: Fold::Sum,
        finish: Vec::new(),
    })
}

/// The elements with NaN replaced; the elements of a dtype that has no NaN.
fn without_nan(dtype: DType, replacement: f64) -> Program {
    match Constant::from_f64(dtype, replacement)
        .filter(|_| dtype.is_real_floating() || dtype.is_complex())
    {
        None => Program::identity(dtype),
        Some(replacement) => Program::unchecked(
            vec![dtype],
            vec![
                Instruction::Constant(replacement),
                Instruction::Unary(UnaryOp::IsNan, Value(0)),
                Instruction::Select(Value(2), Value(1), Value(0)),
            ],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_fits_its_dtype() {
        use Reduction::*;
        let all = [
            Sum,
            Prod,
            Min,
            Max,
            Any,
            All,
            CountNonzero,
            ArgMin,
            ArgMax,
            Mean,
            Var { ddof: 0 },
            Std { ddof: 1 },
            Norm,
            NanSum,
            NanProd,
            NanMin,
            NanMax,
            NanMean,
            NanVar { ddof: 1 },
            NanStd { ddof: 0 },
            NanArgMin,
            NanArgMax,
        ];
        for dtype in [DType::Bool, DType::Int8, DType::UInt64, DType::Float32, DType::Float64] {
            for reduction in all {
                let name = reduction.name();
                let recipe = reduction.recipe(dtype, 7).unwrap();
                let prepared = recipe.prepare.dtype().expect(name);
                let mut block = recipe.fold.output(prepared).expect(name);
                for op in recipe.finish {
                    block = match op {
                        Op::Map(program) => program.dtype().expect(name),
                        _ => block,
                    };
                }
                assert_eq!(Some(block), reduction.output(dtype), "{name} of {dtype}");
            }
        }
        assert_eq!(Sum.output(DType::Complex64), Some(DType::Complex64));
        assert!(ArgMax.recipe(DType::Complex64, 1).is_none());
        for recipe in present(DType::Float32) {
            assert_eq!(recipe.prepare.dtype(), Some(DType::Float32));
        }
    }
}
