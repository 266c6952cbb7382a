//! Count, mean and sum of squares about the mean, in two passes: never from a sum of squares.

use super::folding::Folding;
use super::walk::Pass;
use crate::KernelError;
use crate::elementwise::view_mut;

/// The sum.
struct Sum;
/// The sum of what is not NaN.
struct PresentSum;
/// The number of elements that are not NaN.
struct PresentCount;
/// The sum of squares about a mean.
struct Squares;
/// The sum of squares about a mean of what is not NaN.
struct PresentSquares;

macro_rules! sum_of {
    ($name:ident, $context:ty, ($x:ident, $mean:pat) => $lift:expr) => {
        impl Folding for $name {
            type Input = f64;
            type Output = f64;
            type Context = $context;
            const IDENTITY: f64 = 0.0;
            #[inline(always)]
            fn lift($x: f64, $mean: $context, _: usize) -> f64 {
                $lift
            }
            #[inline(always)]
            fn join(left: f64, right: f64) -> f64 {
                left + right
            }
        }
    };
}

sum_of!(Sum, (), (x, ()) => x);
sum_of!(PresentSum, (), (x, ()) => if x.is_nan() { 0.0 } else { x });
sum_of!(PresentCount, (), (x, ()) => if x.is_nan() { 0.0 } else { 1.0 });
sum_of!(Squares, f64, (x, mean) => (x - mean) * (x - mean));
sum_of!(PresentSquares, f64, (x, mean) => {
    if x.is_nan() { 0.0 } else { (x - mean) * (x - mean) }
});

/// Computes counts, means and sums of squares, one behind the other.
pub(super) fn moments(
    pass: &mut Pass<'_>,
    skip_nan: bool,
    out: &mut [u8],
) -> Result<(), KernelError> {
    let kept = pass.kept;
    let (counts, rest) = view_mut::<f64>(out).split_at_mut(kept);
    let (means, squares) = rest.split_at_mut(kept);
    let nothing = vec![(); kept];
    if skip_nan {
        pass.fold::<PresentCount>(&nothing, counts)?;
        pass.fold::<PresentSum>(&nothing, means)?;
    } else {
        counts.fill(pass.folded as f64);
        pass.fold::<Sum>(&nothing, means)?;
    }
    for (mean, &count) in means.iter_mut().zip(&*counts) {
        // Of no elements the mean is whatever weighs nothing.
        *mean = if count == 0.0 { 0.0 } else { *mean / count };
    }
    if skip_nan {
        pass.fold::<PresentSquares>(means, squares)
    } else {
        pass.fold::<Squares>(means, squares)
    }
}
