//! Count, mean and sum of squares about the mean, in two passes over each panel: never from a sum of squares.

use super::folding::Folding;
use super::panels::{Planes, Summary, Work, summarise};
use super::walk::{Level, Pass};
use crate::KernelError;
use crate::elementwise::{vectorised, view_mut};

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

/// Counts, means and sums of squares about the mean.
struct Moments {
    skip_nan: bool,
}

impl Summary<3> for Moments {
    type Number = f64;
    const BLANK: f64 = 0.0;

    fn panel(
        &self,
        pass: &mut Pass<'_>,
        levels: &[Level],
        first: usize,
        [counts, means, squares]: Planes<'_, f64, 3>,
    ) -> Result<(), KernelError> {
        let nothing = vec![(); counts.len()];
        pass.keep(levels)?;
        if self.skip_nan {
            pass.fold::<PresentCount>(levels, first, &nothing, counts)?;
            pass.again();
            pass.fold::<PresentSum>(levels, first, &nothing, means)?;
        } else {
            let reduced = levels.iter().filter(|level| level.reduced);
            counts.fill(reduced.map(|level| level.len).product::<usize>() as f64);
            pass.fold::<Sum>(levels, first, &nothing, means)?;
        }
        for (mean, &count) in means.iter_mut().zip(&*counts) {
            // Of no elements the mean is whatever weighs nothing.
            *mean = if count == 0.0 { 0.0 } else { *mean / count };
        }
        pass.again();
        match self.skip_nan {
            true => pass.fold::<PresentSquares>(levels, first, means, squares),
            false => pass.fold::<Squares>(levels, first, means, squares),
        }
    }

    fn join(&self, out: Planes<'_, f64, 3>, later: [&[f64]; 3]) {
        join(out, later);
    }
}

/// Computes counts, means and sums of squares, one behind the other.
pub(super) fn moments(work: &Work<'_>, skip_nan: bool, out: &mut [u8]) -> Result<(), KernelError> {
    summarise(&Moments { skip_nan }, work, view_mut(out))
}

/// Joins the moments of other elements to `out`. Source: Chan, Golub, LeVeque, 1982, equations 2.1.
pub(super) fn join(
    [counts, means, squares]: Planes<'_, f64, 3>,
    [other_counts, other_means, other_squares]: [&[f64]; 3],
) {
    vectorised(
        #[inline(always)]
        || {
            let others = other_counts.iter().zip(other_means).zip(other_squares);
            let all = counts.iter_mut().zip(means).zip(squares).zip(others);
            for (((count, mean), square), ((&other_count, &other_mean), &other_square)) in all {
                let both = *count + other_count;
                let share = if both == 0.0 { 0.0 } else { other_count / both };
                let difference = other_mean - *mean;
                *square = *square + other_square + difference * difference * (*count * share);
                *mean += difference * share;
                *count = both;
            }
        },
    );
}
