//! Axis arguments. Negative axes count from the end.

use crate::Error;

/// The axis, counted from the first.
///
/// # Errors
/// [`Error::AxisOutOfRange`].
pub(crate) fn resolve_axis(axis: isize, ndim: usize) -> Result<usize, Error> {
    let from_start = if axis < 0 { axis.checked_add(ndim as isize) } else { Some(axis) };
    let own = from_start.and_then(|axis| usize::try_from(axis).ok()).filter(|&own| own < ndim);
    own.ok_or(Error::AxisOutOfRange { axis, ndim })
}

/// The axes, counted from the first, in the given order.
///
/// # Errors
/// [`Error::AxisOutOfRange`], and [`Error::RepeatedAxis`] for an axis that is given twice.
pub(crate) fn resolve_axes(axes: &[isize], ndim: usize) -> Result<Vec<usize>, Error> {
    let mut resolved = Vec::with_capacity(axes.len());
    for &axis in axes {
        let own = resolve_axis(axis, ndim)?;
        if resolved.contains(&own) {
            return Err(Error::RepeatedAxis { axis });
        }
        resolved.push(own);
    }
    Ok(resolved)
}
