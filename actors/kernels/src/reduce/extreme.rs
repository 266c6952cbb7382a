//! The first extreme element, in two passes over each panel: the most extreme key, then the first element that has it.
//!
//! A key is an int64 that rises with the elements, so that extremes of all dtypes meet alike: of the least element the
//! order of the keys is turned round. NaN has the highest key either way, and both zeros have the same.

use super::folding::Folding;
use super::panels::{Planes, Summary, Work, planes_mut, summarise};
use super::walk::{Level, Pass};
use crate::block::with_element;
use crate::elementwise::{Bool, Lane, view_mut};
use crate::{Element, KernelError};
use num_complex::Complex;
use nums_lshs::{DType, Shape};
use std::cmp::Reverse;
use std::hint::select_unpredictable;
use std::marker::PhantomData;

/// The axes that disappear, where the block starts on them, and how long the array is on them.
pub(super) struct Axes<'a> {
    pub(super) axes: &'a [usize],
    pub(super) start: &'a [usize],
    pub(super) lengths: &'a [usize],
}

/// An element with a key.
trait Keyed: Lane {
    /// Rises with the element; `i64::MAX` is above the keys of all numbers of a float type.
    fn key(self) -> i64;
    fn is_nan(self) -> bool {
        false
    }
}

impl Keyed for f64 {
    #[inline(always)]
    fn key(self) -> i64 {
        // Adding 0 makes one zero of two. Of negative numbers all bits but the sign are turned round.
        let bits = (self + 0.0).to_bits() as i64;
        bits ^ ((bits >> 63) as u64 >> 1) as i64
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        f64::is_nan(self)
    }
}

impl Keyed for f32 {
    #[inline(always)]
    fn key(self) -> i64 {
        f64::from(self).key()
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        f32::is_nan(self)
    }
}

macro_rules! keyed_integers {
    ($($integer:ty),*) => {$(
        impl Keyed for $integer {
            #[inline(always)]
            fn key(self) -> i64 {
                i64::from(self)
            }
        }
    )*};
}

keyed_integers!(i64, i32, i16, i8, u32, u16, u8);

impl Keyed for u64 {
    #[inline(always)]
    fn key(self) -> i64 {
        (self ^ i64::MIN.cast_unsigned()).cast_signed()
    }
}

impl Keyed for Bool {
    #[inline(always)]
    fn key(self) -> i64 {
        i64::from(self.get())
    }
}

#[inline(always)]
fn key<T: Keyed, const GREATEST: bool>(x: T) -> i64 {
    let key = if GREATEST { x.key() } else { !x.key() };
    // A branch would keep the loop from becoming vector code; so for positions.
    select_unpredictable(x.is_nan(), i64::MAX, key)
}

/// The highest key.
struct Highest<T, const GREATEST: bool>(PhantomData<T>);
/// The first position of a key.
struct First<T, const GREATEST: bool>(PhantomData<T>);

impl<T: Keyed, const GREATEST: bool> Folding for Highest<T, GREATEST> {
    type Input = T;
    type Output = i64;
    type Context = ();
    const IDENTITY: i64 = i64::MIN;
    #[inline(always)]
    fn lift(x: T, (): (), _: usize) -> i64 {
        key::<T, GREATEST>(x)
    }
    #[inline(always)]
    fn join(left: i64, right: i64) -> i64 {
        left.max(right)
    }
}

impl<T: Keyed, const GREATEST: bool> Folding for First<T, GREATEST> {
    type Input = T;
    type Output = i64;
    type Context = i64;
    const IDENTITY: i64 = NOWHERE;
    #[inline(always)]
    fn lift(x: T, highest: i64, position: usize) -> i64 {
        select_unpredictable(key::<T, GREATEST>(x) == highest, position as i64, NOWHERE)
    }
    #[inline(always)]
    fn join(left: i64, right: i64) -> i64 {
        left.min(right)
    }
}

/// The position where there is no element: behind all others.
const NOWHERE: i64 = i64::MAX;

/// Computes keys and indices, one behind the other.
pub(super) fn extreme(
    work: &Work<'_>,
    dtype: DType,
    greatest: bool,
    shape: &Shape,
    axes: &Axes<'_>,
    out: &mut [u8],
) -> Result<(), KernelError> {
    let out = view_mut::<i64>(out);
    let [least, most] = with_element!(dtype, T => <T as Searched>::SEARCHES)
        .ok_or_else(|| KernelError::Unsupported { op: "argmin or argmax".into(), dtype })?;
    (if greatest { most } else { least })(work, out)?;
    let [_, indices] = planes_mut::<i64, 2>(out);
    for index in indices.iter_mut().filter(|index| **index != NOWHERE) {
        let at = shape.unravel(*index as usize);
        let along = |position: usize| axes.start[position] + at[axes.axes[position]];
        *index = (0..axes.axes.len())
            .fold(0, |index, position| index * axes.lengths[position] + along(position))
            as i64;
    }
    Ok(())
}

/// Finds keys and positions.
type Searching = fn(&Work<'_>, &mut [i64]) -> Result<(), KernelError>;

/// An element with a search for the first least element and for the first greatest, if 64 bits hold its keys.
trait Searched: Element {
    const SEARCHES: Option<[Searching; 2]>;
}

macro_rules! searched {
    ($($element:ty => $lane:ty),*) => {$(
        impl Searched for $element {
            const SEARCHES: Option<[Searching; 2]> =
                Some([search::<$lane, false>, search::<$lane, true>]);
        }
    )*};
}

searched!(bool => Bool, i8 => i8, i16 => i16, i32 => i32, i64 => i64, u8 => u8, u16 => u16, u32 => u32, u64 => u64);
searched!(f32 => f32, f64 => f64);

impl Searched for Complex<f32> {
    const SEARCHES: Option<[Searching; 2]> = None;
}

impl Searched for Complex<f64> {
    const SEARCHES: Option<[Searching; 2]> = None;
}

fn search<T: Keyed, const GREATEST: bool>(
    work: &Work<'_>,
    out: &mut [i64],
) -> Result<(), KernelError> {
    summarise(&Search::<T, GREATEST>(PhantomData), work, out)
}

/// Keys and positions.
struct Search<T, const GREATEST: bool>(PhantomData<T>);

impl<T: Keyed, const GREATEST: bool> Summary<2> for Search<T, GREATEST> {
    type Number = i64;
    const BLANK: i64 = 0;

    fn panel(
        &self,
        pass: &mut Pass<'_>,
        levels: &[Level],
        first: usize,
        [keys, positions]: Planes<'_, i64, 2>,
    ) -> Result<(), KernelError> {
        let nothing = vec![(); keys.len()];
        pass.keep(levels)?;
        pass.fold::<Highest<T, GREATEST>>(levels, first, &nothing, keys)?;
        pass.again();
        pass.fold::<First<T, GREATEST>>(levels, first, keys, positions)
    }

    fn join(&self, out: Planes<'_, i64, 2>, later: [&[i64]; 2]) {
        join(out, later);
    }
}

/// Joins keys and positions of other elements to `out`: the higher key, and the lower position among equal keys.
pub(super) fn join(
    [keys, positions]: Planes<'_, i64, 2>,
    [other_keys, other_positions]: [&[i64]; 2],
) {
    let others = other_keys.iter().zip(other_positions);
    for ((key, position), (&other_key, &other_position)) in
        keys.iter_mut().zip(positions).zip(others)
    {
        if (other_key, Reverse(other_position)) > (*key, Reverse(*position)) {
            (*key, *position) = (other_key, other_position);
        }
    }
}
