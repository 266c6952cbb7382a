//! Which input of a model holds what no model can learn from.

use crate::{DistArray, Error};
use nums_lshs::DType;

/// The input of a model as float64.
///
/// # Errors
/// [`Error::UndefinedFor`] for complex numbers, whose imaginary parts would be lost.
pub(crate) fn float64(op: &'static str, input: &DistArray) -> Result<DistArray, Error> {
    match input.dtype() {
        dtype if dtype.is_complex() => Err(Error::UndefinedFor { op, dtype }),
        _ => input.astype(DType::Float64),
    }
}

/// Looks for NaN, then for infinities, one input after the other; a pass over each. Asked when a sum over the inputs is
/// not finite, or where what is computed of them would hide it.
///
/// # Errors
/// [`Error::ContainsNan`] or [`Error::ContainsInfinity`] with the name of the first input that has some.
pub(crate) async fn refuse_not_finite(inputs: &[(&'static str, &DistArray)]) -> Result<(), Error> {
    for &(input, array) in inputs {
        let (nan, infinite) = (array.isnan().any().fetch::<bool>(), array.isinf().any());
        let infinite = infinite.fetch::<bool>();
        if nan.await?[[]] {
            return Err(Error::ContainsNan { input });
        }
        if infinite.await?[[]] {
            return Err(Error::ContainsInfinity { input, dtype: array.dtype() });
        }
    }
    Ok(())
}

/// Looks for infinities, where NaN stands for a value that is missing; a pass over the input.
///
/// # Errors
/// [`Error::ContainsInfinity`].
pub(crate) async fn refuse_infinite(input: &'static str, array: &DistArray) -> Result<(), Error> {
    match array.isinf().any().fetch::<bool>().await?[[]] {
        true => Err(Error::ContainsInfinity { input, dtype: array.dtype() }),
        false => Ok(()),
    }
}
