//! How one kernel shares its work among threads without a bit of the result depending on them: it cuts the work into
//! parts by shape alone, and who computes which part does not matter.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Threads that work on the parts of one kernel together.
pub trait Crew: Sync {
    /// Calls `work` once with each number below `parts`, on any threads in any order, and returns when all calls have
    /// returned. A call that panics makes this panic.
    fn run(&self, parts: usize, work: &(dyn Fn(usize) + Sync));
}

/// The calling thread and no other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Crew for Alone {
    fn run(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..parts).for_each(work);
    }
}

/// Elements of a part of a kernel that only moves or makes elements: many more than it costs to hand a part to a thread.
pub(crate) const PART_LEN: usize = 256 * 1024;

/// Calls `work` with pieces of a slice and where each begins; they are cut at multiples of `unit`.
pub(crate) fn run_over<T: Send>(
    crew: &dyn Crew,
    elements: &mut [T],
    unit: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    let len = (PART_LEN / unit.max(1)).max(1) * unit.max(1);
    let parts: Shares<&mut [T]> = elements.chunks_mut(len).collect();
    crew.run(parts.len(), &|part| work(part * len, &mut parts.of(part)));
}

/// Runs parts that can fail.
///
/// # Errors
/// That of the lowest part that failed, whoever was first.
pub(crate) fn try_run<E: Send>(
    crew: &dyn Crew,
    parts: usize,
    work: impl Fn(usize) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let lowest: Mutex<Option<(usize, E)>> = Mutex::new(None);
    crew.run(parts, &|part| {
        if let Err(error) = work(part) {
            let mut lowest = lock(&lowest);
            if lowest.as_ref().is_none_or(|(other, _)| part < *other) {
                *lowest = Some((part, error));
            }
        }
    });
    let lowest = lowest.into_inner().unwrap_or_else(PoisonError::into_inner);
    lowest.map_or(Ok(()), |(_, error)| Err(error))
}

/// What belongs to each part alone: a piece of the result, or memory to work in.
pub(crate) struct Shares<T>(Vec<Mutex<T>>);

impl<T> Shares<T> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The share of a part. Nobody else asks for it, so nobody waits.
    pub(crate) fn of(&self, part: usize) -> MutexGuard<'_, T> {
        lock(&self.0[part])
    }

    /// All of them, in order.
    pub(crate) fn into_all(self) -> impl Iterator<Item = T> {
        self.0.into_iter().map(|share| share.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T> FromIterator<T> for Shares<T> {
    fn from_iter<I: IntoIterator<Item = T>>(shares: I) -> Shares<T> {
        Shares(shares.into_iter().map(Mutex::new).collect())
    }
}

/// A panic elsewhere ends the whole kernel, so what it left behind is never read.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
