//! Which kernel folds which dtype: another dtype is a line in each table.

use super::folding::{Folding, join_rows};
use super::panels::{Planes, Summary, Work, summarise};
use super::walk::{Level, Pass};
use crate::KernelError;
use crate::elementwise::{Bool, view_mut};
use nums_lshs::{DType, Fold};
use std::marker::PhantomData;

/// Folds into the bytes of the result.
pub(super) type FoldKernel = fn(&Work<'_>, &mut [u8]) -> Result<(), KernelError>;

/// A fold of one number that needs no context.
struct Plain<F>(PhantomData<F>);

impl<F: Folding<Context = ()> + Sync> Summary<1> for Plain<F> {
    type Number = F::Output;
    const BLANK: F::Output = F::IDENTITY;

    fn panel(
        &self,
        pass: &mut Pass<'_>,
        levels: &[Level],
        first: usize,
        [out]: Planes<'_, F::Output, 1>,
    ) -> Result<(), KernelError> {
        // A slice of the unit type takes no memory.
        let contexts = vec![(); out.len()];
        pass.fold::<F>(levels, first, &contexts, out)
    }

    fn join(&self, [out]: Planes<'_, F::Output, 1>, [later]: [&[F::Output]; 1]) {
        join_rows::<F>(out, later);
    }
}

fn into_bytes<F: Folding<Context = ()> + Sync>(
    work: &Work<'_>,
    out: &mut [u8],
) -> Result<(), KernelError> {
    summarise(&Plain::<F>(PhantomData), work, view_mut(out))
}

/// The kernel of a fold: `fold!(i32 => i64, identity, x => lifted, (a, b) => joined)`.
macro_rules! fold {
    ($input:ty => $output:ty, $identity:expr, $x:ident => $lift:expr, ($a:ident, $b:ident) => $join:expr) => {{
        struct Function;
        impl Folding for Function {
            type Input = $input;
            type Output = $output;
            type Context = ();
            const IDENTITY: $output = $identity;
            #[inline(always)]
            fn lift($x: $input, _: (), _: usize) -> $output {
                $lift
            }
            #[inline(always)]
            fn join($a: $output, $b: $output) -> $output {
                $join
            }
        }
        into_bytes::<Function> as FoldKernel
    }};
}

/// The kernels of a float type; as among elements, the later of equal numbers and the first NaN win, and of `fmin` and
/// `fmax` the first of equal numbers.
macro_rules! float_folds {
    ($name:ident, $float:ident) => {
        fn $name(kind: &Fold) -> Option<FoldKernel> {
            const LEAST: $float = $float::NEG_INFINITY;
            const GREATEST: $float = $float::INFINITY;
            const NAN: $float = $float::NAN;
            Some(match kind {
                Fold::Sum => fold!($float => $float, 0.0, x => x, (a, b) => a + b),
                Fold::Product => fold!($float => $float, 1.0, x => x, (a, b) => a * b),
                Fold::Minimum => fold!($float => $float, GREATEST, x => x, (a, b) => {
                    if a < b || a.is_nan() { a } else { b }
                }),
                Fold::Maximum => fold!($float => $float, LEAST, x => x, (a, b) => {
                    if a > b || a.is_nan() { a } else { b }
                }),
                Fold::Fmin => fold!($float => $float, NAN, x => x, (a, b) => {
                    if a <= b || b.is_nan() { a } else { b }
                }),
                Fold::Fmax => fold!($float => $float, NAN, x => x, (a, b) => {
                    if a >= b || b.is_nan() { a } else { b }
                }),
                Fold::Moments { .. } | Fold::Extreme { .. } => return None,
            })
        }
    };
}

macro_rules! integer_folds {
    ($name:ident, $integer:ident, $sum:ident) => {
        fn $name(kind: &Fold) -> Option<FoldKernel> {
            const LEAST: $integer = $integer::MIN;
            const GREATEST: $integer = $integer::MAX;
            Some(match kind {
                Fold::Sum => {
                    fold!($integer => $sum, 0, x => $sum::from(x), (a, b) => a.wrapping_add(b))
                }
                Fold::Product => {
                    fold!($integer => $sum, 1, x => $sum::from(x), (a, b) => a.wrapping_mul(b))
                }
                Fold::Minimum | Fold::Fmin => {
                    fold!($integer => $integer, GREATEST, x => x, (a, b) => a.min(b))
                }
                Fold::Maximum | Fold::Fmax => {
                    fold!($integer => $integer, LEAST, x => x, (a, b) => a.max(b))
                }
                Fold::Moments { .. } | Fold::Extreme { .. } => return None,
            })
        }
    };
}

float_folds!(float64, f64);
float_folds!(float32, f32);
integer_folds!(int64, i64, i64);
integer_folds!(int32, i32, i64);
integer_folds!(int16, i16, i64);
integer_folds!(int8, i8, i64);
integer_folds!(uint64, u64, u64);
integer_folds!(uint32, u32, u64);
integer_folds!(uint16, u16, u64);
integer_folds!(uint8, u8, u64);

fn boolean(kind: &Fold) -> Option<FoldKernel> {
    const FALSE: Bool = Bool::FALSE;
    const TRUE: Bool = Bool::TRUE;
    Some(match kind {
        Fold::Sum => fold!(Bool => i64, 0, x => i64::from(x.get()), (a, b) => a + b),
        Fold::Product => fold!(Bool => i64, 1, x => i64::from(x.get()), (a, b) => a & b),
        Fold::Minimum | Fold::Fmin => {
            fold!(Bool => Bool, TRUE, x => x, (a, b) => Bool::new(a.get() & b.get()))
        }
        Fold::Maximum | Fold::Fmax => {
            fold!(Bool => Bool, FALSE, x => x, (a, b) => Bool::new(a.get() | b.get()))
        }
        Fold::Moments { .. } | Fold::Extreme { .. } => return None,
    })
}

/// The kernel of a fold of one number.
pub(super) fn fold(kind: &Fold, dtype: DType) -> Option<FoldKernel> {
    match dtype {
        DType::Float64 => float64(kind),
        DType::Float32 => float32(kind),
        DType::Int64 => int64(kind),
        DType::Int32 => int32(kind),
        DType::Int16 => int16(kind),
        DType::Int8 => int8(kind),
        DType::UInt64 => uint64(kind),
        DType::UInt32 => uint32(kind),
        DType::UInt16 => uint16(kind),
        DType::UInt8 => uint8(kind),
        DType::Bool => boolean(kind),
        _ => None,
    }
}
