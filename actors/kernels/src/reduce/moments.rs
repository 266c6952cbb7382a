//! Count, mean and sum of squares about the mean, in two passes over each panel: never from a sum of squares.
//!
//! Where squares would leave the range of float64 the elements are divided by a power of two first, which is kept beside
//! the sum; elsewhere it is 1. Such a scale changes no digit.

use super::folding::Folding;
use super::panels::{Planes, Summary, Work, summarise};
use super::walk::{Level, Pass};
use crate::KernelError;
use crate::elementwise::{vectorised, view_mut};
use crate::memory::{filled, with_capacity};

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
/// The greatest magnitude; NaN when there is one.
struct Size;
/// The greatest magnitude of what is not NaN.
struct PresentSize;
/// As [`Sum`], of elements times a factor.
struct ScaledSum;
/// As [`PresentSum`], of elements times a factor.
struct PresentScaledSum;
/// As [`Squares`], of elements times a factor.
struct ScaledSquares;
/// As [`PresentSquares`], of elements times a factor.
struct PresentScaledSquares;

macro_rules! fold_of {
    ($name:ident, $context:ty, ($x:ident, $known:pat) => $lift:expr, $join:expr) => {
        impl Folding for $name {
            type Input = f64;
            type Output = f64;
            type Context = $context;
            const IDENTITY: f64 = 0.0;
            #[inline(always)]
            fn lift($x: f64, $known: $context, _: usize) -> f64 {
                $lift
            }
            #[inline(always)]
            fn join(left: f64, right: f64) -> f64 {
                $join(left, right)
            }
        }
    };
}

#[inline(always)]
fn add(left: f64, right: f64) -> f64 {
    left + right
}

#[inline(always)]
fn greater(left: f64, right: f64) -> f64 {
    if left >= right || left.is_nan() { left } else { right }
}

#[inline(always)]
fn square(x: f64) -> f64 {
    x * x
}

/// Of an element that is missing nothing counts.
#[inline(always)]
fn present(x: f64, value: f64) -> f64 {
    if x.is_nan() { 0.0 } else { value }
}

fold_of!(Sum, (), (x, ()) => x, add);
fold_of!(PresentSum, (), (x, ()) => present(x, x), add);
fold_of!(PresentCount, (), (x, ()) => present(x, 1.0), add);
fold_of!(Squares, f64, (x, mean) => square(x - mean), add);
fold_of!(PresentSquares, f64, (x, mean) => present(x, square(x - mean)), add);
fold_of!(Size, (), (x, ()) => x.abs(), greater);
fold_of!(PresentSize, (), (x, ()) => present(x, x.abs()), greater);
fold_of!(ScaledSum, f64, (x, factor) => x * factor, add);
fold_of!(PresentScaledSum, f64, (x, factor) => present(x, x * factor), add);
fold_of!(ScaledSquares, (f64, f64), (x, (factor, mean)) => square(x * factor - mean), add);
fold_of!(PresentScaledSquares, (f64, f64), (x, (factor, mean)) => {
    present(x, square(x * factor - mean))
}, add);

/// Counts, means, sums of squares about the mean, and their scales.
struct Moments {
    skip_nan: bool,
    central: bool,
}

impl Summary<4> for Moments {
    type Number = f64;
    const BLANK: f64 = 0.0;

    fn panel(
        &self,
        pass: &mut Pass<'_>,
        levels: &[Level],
        first: usize,
        [counts, means, squares, scales]: Planes<'_, f64, 4>,
    ) -> Result<(), KernelError> {
        let nothing = vec![(); counts.len()];
        pass.keep(levels)?;
        if self.skip_nan {
            pass.fold::<PresentCount>(levels, first, &nothing, counts)?;
            pass.again();
        } else {
            let reduced = levels.iter().filter(|level| level.reduced);
            counts.fill(reduced.map(|level| level.len).product::<usize>() as f64);
        }
        match (self.central, self.skip_nan) {
            (false, _) => means.fill(0.0),
            (true, true) => pass.fold::<PresentSum>(levels, first, &nothing, means)?,
            (true, false) => pass.fold::<Sum>(levels, first, &nothing, means)?,
        }
        if self.central {
            pass.again();
        }
        average(means, counts);
        match self.skip_nan {
            true => pass.fold::<PresentSquares>(levels, first, means, squares)?,
            false => pass.fold::<Squares>(levels, first, means, squares)?,
        }
        scales.fill(1.0);
        if squares.iter().zip(&*means).all(|(&square, &mean)| in_range(square, mean)) {
            return Ok(());
        }
        self.rescale(pass, levels, first, [counts, means, squares, scales])
    }

    fn join(&self, out: Planes<'_, f64, 4>, later: [&[f64]; 4]) {
        join(out, later);
    }
}

impl Moments {
    /// Finds the scales of what is out of range, if it is so by its size alone, and computes means and squares with them.
    fn rescale(
        &self,
        pass: &mut Pass<'_>,
        levels: &[Level],
        first: usize,
        [counts, means, squares, scales]: Planes<'_, f64, 4>,
    ) -> Result<(), KernelError> {
        let nothing = vec![(); counts.len()];
        let mut sizes = filled(0.0, counts.len())?;
        pass.again();
        match self.skip_nan {
            true => pass.fold::<PresentSize>(levels, first, &nothing, &mut sizes)?,
            false => pass.fold::<Size>(levels, first, &nothing, &mut sizes)?,
        }
        let sums = squares.iter().zip(&*means);
        for ((scale, &size), (&square, &mean)) in scales.iter_mut().zip(&sizes).zip(sums) {
            if !in_range(square, mean) {
                *scale = scale_of(size);
            }
        }
        if scales.iter().all(|&scale| scale == 1.0) {
            return Ok(());
        }
        // What is in range has the factor 1, and so the same bits once more.
        let mut factors = sizes;
        factors.iter_mut().zip(&*scales).for_each(|(factor, scale)| *factor = 1.0 / scale);
        if self.central {
            pass.again();
            match self.skip_nan {
                true => pass.fold::<PresentScaledSum>(levels, first, &factors, means)?,
                false => pass.fold::<ScaledSum>(levels, first, &factors, means)?,
            }
            average(means, counts);
        }
        let mut known = with_capacity(factors.len())?;
        known.extend(factors.into_iter().zip(means.iter().copied()));
        pass.again();
        match self.skip_nan {
            true => pass.fold::<PresentScaledSquares>(levels, first, &known, squares)?,
            false => pass.fold::<ScaledSquares>(levels, first, &known, squares)?,
        }
        for ((mean, square), scale) in means.iter_mut().zip(squares).zip(scales) {
            *mean *= *scale;
            if *square == 0.0 {
                *scale = 1.0;
            }
        }
        Ok(())
    }
}

/// Makes means of sums. Of no elements the mean is whatever weighs nothing.
fn average(sums: &mut [f64], counts: &[f64]) {
    for (mean, &count) in sums.iter_mut().zip(counts) {
        *mean = if count == 0.0 { 0.0 } else { *mean / count };
    }
}

/// The least and the greatest sum of squares that is taken as it is: far from where squares lose digits, and so far from
/// the greatest float64 that all sums of them are numbers.
const SQUARES: std::ops::RangeInclusive<f64> = power_of_two(-900)..=power_of_two(900);
/// As far from both ends are these: the square of a difference of two means, unless it is 0.
const DIFFERENCES: std::ops::RangeInclusive<f64> = power_of_two(-450)..=power_of_two(450);

/// The power of two, of an exponent of a normal number.
const fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

/// Whether a sum of squares about a mean, or about 0, lost nothing by its range. Differences from a mean of some size are
/// 0, or of a size whose square is a number.
fn in_range(square: f64, mean: f64) -> bool {
    SQUARES.contains(&square) || (square == 0.0 && mean.abs() >= power_of_two(-450))
}

/// The power of two that brings numbers of this size, and differences of them, near to 1; 1 for 0 and what is no number.
fn scale_of(size: f64) -> f64 {
    const GREATEST: f64 = power_of_two(1000);
    const EXPONENT: u64 = 0x7ff << 52;
    match size {
        0.0 => 1.0,
        size if size.is_finite() => {
            f64::from_bits(size.clamp(1.0 / GREATEST, GREATEST).to_bits() & EXPONENT)
        }
        _ => 1.0,
    }
}

/// Computes counts, means, sums of squares and their scales, one behind the other.
pub(super) fn moments(
    work: &Work<'_>,
    skip_nan: bool,
    central: bool,
    out: &mut [u8],
) -> Result<(), KernelError> {
    summarise(&Moments { skip_nan, central }, work, view_mut(out))
}

/// Joins the moments of other elements to `out`. Source: Chan, Golub, LeVeque, 1982, equations 2.1.
pub(super) fn join(
    [counts, means, squares, scales]: Planes<'_, f64, 4>,
    [other_counts, other_means, other_squares, other_scales]: [&[f64]; 4],
) {
    let plain = |(left, right): (&f64, &f64)| {
        let difference = (right - left).abs();
        difference == 0.0 || DIFFERENCES.contains(&difference)
    };
    let ones = |scales: &[f64]| scales.iter().all(|&scale| scale == 1.0);
    if ones(scales) && ones(other_scales) && means.iter().zip(other_means).all(plain) {
        return vectorised(
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
    for at in 0..counts.len() {
        let [mut own, other] = [
            [counts[at], means[at], squares[at], scales[at]],
            [other_counts[at], other_means[at], other_squares[at], other_scales[at]],
        ];
        join_scaled(&mut own, other);
        [counts[at], means[at], squares[at], scales[at]] = own;
    }
}

/// The same of one element with squares of any scale; it gives the same digits.
fn join_scaled(
    [count, mean, square, scale]: &mut [f64; 4],
    [other_count, other_mean, other_square, other_scale]: [f64; 4],
) {
    let both = *count + other_count;
    let share = if both == 0.0 { 0.0 } else { other_count / both };
    // Of halves, which do not overflow. Means of no elements count nothing.
    let apart = if *count * share == 0.0 { 0.0 } else { 0.5 * other_mean - 0.5 * *mean };
    let needed = [(*square, *scale), (other_square, other_scale), (apart, scale_of(apart.abs()))];
    let needed = needed.into_iter().filter(|(number, _)| *number != 0.0);
    let common = needed.map(|(_, scale)| scale).fold(0.0, f64::max);
    let common = if common == 0.0 { 1.0 } else { common };
    let rescaled = |square: f64, scale: f64| square * (scale / common) * (scale / common);
    let difference = other_mean / common - *mean / common;
    *square = rescaled(*square, *scale)
        + rescaled(other_square, other_scale)
        + difference * difference * (*count * share);
    let step = difference * share * common;
    *mean =
        if step.is_finite() { *mean + step } else { *mean * (1.0 - share) + other_mean * share };
    *scale = if *square == 0.0 { 1.0 } else { common };
    *count = both;
}
