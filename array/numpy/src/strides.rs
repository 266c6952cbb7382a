//! Strides as NumPy would have them: what decides whether a reshape is a view or a copy.
//!
//! All strides count elements.

use nums::Index;

/// The strides of an array in C order.
pub(crate) fn contiguous_strides(shape: &[usize]) -> Vec<isize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis] as isize;
    }
    strides
}

/// The strides of the part that `index` names; the index fits an array of these strides.
pub(crate) fn index_strides(strides: &[isize], index: &[Index]) -> Vec<isize> {
    let named = index.iter().filter(|entry| matches!(entry, Index::At(_) | Index::Slice { .. }));
    let unnamed = strides.len().saturating_sub(named.count());
    let (mut left, mut result) = (strides.iter().copied(), Vec::new());
    for entry in index {
        match entry {
            Index::At(_) => drop(left.next()),
            Index::Slice { step, .. } => result.extend(left.next().map(|stride| stride * step)),
            Index::NewAxis => result.push(0),
            Index::Ellipsis => result.extend(left.by_ref().take(unnamed)),
        }
    }
    result.extend(left);
    result
}

/// The strides of `new` over the same memory, or nothing when the elements would have to move.
///
/// Source: `_attempt_nocopy_reshape` of NumPy: axes are split or merged in groups of equal size, and
/// a group of old axes can be merged when each steps over exactly what the next one spans.
pub(crate) fn reshape_strides(
    shape: &[usize],
    strides: &[isize],
    new: &[usize],
) -> Option<Vec<isize>> {
    if shape.contains(&0) {
        return Some(contiguous_strides(new));
    }
    // Axes of length one move nothing, whatever their stride.
    let old: Vec<(usize, isize)> = std::iter::zip(shape, strides)
        .map(|(len, stride)| (*len, *stride))
        .filter(|(len, _)| *len != 1)
        .collect();
    let mut result = vec![1; new.len()];
    let (mut old_end, mut new_end) = (0, 0);
    while old_end < old.len() {
        let (old_start, new_start) = (old_end, new_end);
        let (mut old_size, mut new_size) = (old[old_end].0, *new.get(new_end)?);
        (old_end, new_end) = (old_end + 1, new_end + 1);
        while old_size != new_size {
            if new_size < old_size {
                new_size *= new.get(new_end)?;
                new_end += 1;
            } else {
                old_size *= old.get(old_end)?.0;
                old_end += 1;
            }
        }
        for pair in old[old_start..old_end].windows(2) {
            if pair[0].1 != pair[1].1 * pair[1].0 as isize {
                return None;
            }
        }
        let mut stride = old[old_end - 1].1;
        for axis in (new_start..new_end).rev() {
            result[axis] = stride;
            stride *= new[axis] as isize;
        }
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::{contiguous_strides, index_strides, reshape_strides};
    use nums::Index;

    fn slice(step: isize) -> Index {
        Index::Slice { start: None, stop: None, step }
    }

    #[test]
    fn reshape_is_a_view_exactly_where_numpy_gives_one() {
        // Found with `np.shares_memory(view, view.reshape(new))` on NumPy 2.
        let base = contiguous_strides(&[4, 6]);
        for (shape, strides, new, is_view) in [
            (vec![4, 6], base.clone(), vec![24], true),
            (vec![6, 4], vec![base[1], base[0]], vec![24], false),
            (vec![6, 4], vec![base[1], base[0]], vec![2, 3, 4], true),
            (vec![6, 4], vec![base[1], base[0]], vec![6, 2, 2, 1], true),
            (vec![4, 3], index_strides(&base, &[slice(1), slice(2)]), vec![12], true),
            (vec![4, 3], index_strides(&base, &[Index::Ellipsis, slice(-2)]), vec![12], false),
            (vec![2, 6], index_strides(&base, &[slice(2)]), vec![12], false),
            (vec![2, 6], index_strides(&base, &[slice(2)]), vec![2, 2, 3], true),
            (vec![1, 4, 6], index_strides(&base, &[Index::NewAxis]), vec![24, 1], true),
            (vec![6], index_strides(&base, &[Index::At(1)]), vec![3, 2], true),
            (vec![0, 6], vec![12, 1], vec![3, 0], true),
        ] {
            let found = reshape_strides(&shape, &strides, &new);
            assert_eq!(found.is_some(), is_view, "{shape:?} {strides:?} into {new:?}");
        }
    }
}
