//! Transcendental functions of float64 without branches, so that loops over them become vector code.

/// The natural exponential.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The natural logarithm.
#[inline(always)]
pub(crate) fn log(x: f64) -> f64 {
    libm::log(x)
}

/// The hyperbolic tangent.
#[inline(always)]
pub(crate) fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// 1 / (1 + exp(-x)), from the exponential that does not overflow.
#[inline(always)]
pub(crate) fn sigmoid(x: f64) -> f64 {
    let small = exp(-x.abs());
    (if x < 0.0 { small } else { 1.0 }) / (1.0 + small)
}

/// log(exp(x) + exp(y)), from the exponential that does not overflow.
#[inline(always)]
pub(crate) fn log_add_exp(x: f64, y: f64) -> f64 {
    if x == y {
        // Also two infinities of one sign.
        return x + std::f64::consts::LN_2;
    }
    let difference = (x - y).abs();
    let greater = if x > y { x } else { y };
    if difference.is_nan() { difference } else { greater + libm::log1p(exp(-difference)) }
}
