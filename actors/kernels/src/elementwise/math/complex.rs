//! Transcendental functions of complex numbers in float64, with the zeros, infinities, NaN and branch cuts of C99's annex G,
//! as NumPy gives them.
//!
//! num-complex has most of these functions, but by formulas that lose all digits where terms cancel, that overflow early
//! and that do not tell the two sides of a cut apart. The formulas here are of sums without cancellation: W. Kahan, "Branch
//! cuts for complex elementary functions, or much ado about nothing's sign bit", 1987. What cancels all the same, as in a
//! logarithm near 1, is summed with what a float64 leaves out.

mod exponential;
mod hyperbolic;
mod inverse;
mod logarithm;
mod root;

pub(crate) use exponential::{exp, exp2, expm1};
pub(crate) use hyperbolic::{cos, cosh, sin, sinh, tan, tanh};
pub(crate) use inverse::{acos, acosh, asin, asinh, atan, atanh};
pub(crate) use logarithm::{log, log1p, log2, log10};
pub(crate) use root::sqrt;

use num_complex::Complex;

/// The number mirrored in the line on which both parts are the same: with it the circular functions are the hyperbolic
/// ones, since sin(z) = -i sinh(i z) and sinh(conj z) = conj(sinh z).
fn mirrored(z: Complex<f64>) -> Complex<f64> {
    Complex::new(z.im, z.re)
}
