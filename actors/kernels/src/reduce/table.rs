//! Which kernel folds which dtype.

use super::folding::{Folding, join_rows};
use super::panels::{Planes, Summary, Work, summarise};
use super::walk::{Level, Pass};
use crate::block::with_element;
use crate::elementwise::{Bool, ComplexNumber, view_mut};
use crate::{Element, KernelError};
use num_complex::Complex;
use nums_lshs::{DType, Fold};
use std::marker::PhantomData;

/// Folds into the bytes of the result.
pub(super) type FoldKernel = fn(&Work<'_>, &mut [u8]) -> Result<(), KernelError>;

/// An element with kernels of the folds that are defined on it.
trait Folds: Element {
    fn fold(kind: &Fold) -> Option<FoldKernel>;
}

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
    ($float:ident) => {
        impl Folds for $float {
        fn fold(kind: &Fold) -> Option<FoldKernel> {
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
        }
    };
}

macro_rules! integer_folds {
    ($integer:ident, $sum:ident) => {
        impl Folds for $integer {
        fn fold(kind: &Fold) -> Option<FoldKernel> {
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
        }
    };
}

float_folds!(f64);
float_folds!(f32);
integer_folds!(i64, i64);
integer_folds!(i32, i64);
integer_folds!(i16, i64);
integer_folds!(i8, i64);
integer_folds!(u64, u64);
integer_folds!(u32, u64);
integer_folds!(u16, u64);
integer_folds!(u8, u64);

/// Extremes of complex numbers are the first of equal ones, and the first NaN, in NumPy's order.
macro_rules! complex_folds {
    ($float:ident) => {
        impl Folds for Complex<$float> {
            fn fold(kind: &Fold) -> Option<FoldKernel> {
                type Number = Complex<$float>;
                const LEAST: Number = Complex::new($float::NEG_INFINITY, $float::NEG_INFINITY);
                const GREATEST: Number = Complex::new($float::INFINITY, $float::INFINITY);
                const NAN: Number = Complex::new($float::NAN, $float::NAN);
                Some(match kind {
                    Fold::Sum => fold!(Number => Number, Number::ZERO, x => x, (a, b) => a + b),
                    Fold::Product => fold!(Number => Number, Number::ONE, x => x, (a, b) => a * b),
                    Fold::Minimum => fold!(Number => Number, GREATEST, x => x, (a, b) => {
                        if a.is_nan() || b.is_greater(a, true) { a } else { b }
                    }),
                    Fold::Maximum => fold!(Number => Number, LEAST, x => x, (a, b) => {
                        if a.is_nan() || a.is_greater(b, true) { a } else { b }
                    }),
                    Fold::Fmin => fold!(Number => Number, NAN, x => x, (a, b) => {
                        if b.is_nan() || b.is_greater(a, true) { a } else { b }
                    }),
                    Fold::Fmax => fold!(Number => Number, NAN, x => x, (a, b) => {
                        if b.is_nan() || a.is_greater(b, true) { a } else { b }
                    }),
                    Fold::Moments { .. } | Fold::Extreme { .. } => return None,
                })
            }
        }
    };
}

complex_folds!(f32);
complex_folds!(f64);

impl Folds for bool {
    fn fold(kind: &Fold) -> Option<FoldKernel> {
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
}

/// The kernel of a fold of one number.
pub(super) fn fold(kind: &Fold, dtype: DType) -> Option<FoldKernel> {
    with_element!(dtype, T => T::fold(kind))
}
