//! Transcendental functions of float64 that are computed here: without branches, so that loops over them become vector
//! code, or to more places than a library gives.
//!
//! They use no table and no instruction whose result depends on the processor: a fused multiply-add is exact wherever
//! it is computed. The method is argument reduction and a polynomial, with what a float64 leaves out carried beside it:
//! J.-M. Muller, "Elementary Functions", 2016, chapters 2, 3 and 11. docs/accuracy.md says how far each is off.

pub(crate) mod complex;
mod double;
mod exponential;
mod fixed;
mod hyperbolic;
mod log_add_exp;
mod logarithm;
mod power;

pub(crate) use exponential::exp;
pub(crate) use exponential::sigmoid;
pub(crate) use hyperbolic::{acosh, asinh, atanh, cosh, sinh, tanh};
pub(crate) use log_add_exp::log_add_exp;
pub(crate) use logarithm::log;
pub(crate) use power::power;

/// What the float64 nearest to ln 2 leaves out.
const LN_2_REST: f64 = 2.319_046_813_846_299_6e-17;
