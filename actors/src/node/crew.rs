//! The parts of one kernel while several workers take them.
//!
//! The worker that runs the kernel takes parts until none is left, and so does every worker that comes to help. Whoever
//! comes too late finds nothing to do, so an invitation may wait in a queue for as long as it likes.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How many workers have nothing to do and are not invited anywhere.
#[derive(Debug)]
pub(super) struct Idle {
    /// Below 0 for a moment when a task comes to a worker that was just invited.
    count: AtomicIsize,
}

impl Idle {
    /// All of so many workers.
    pub(super) fn new(workers: usize) -> Idle {
        Idle { count: AtomicIsize::new(workers as isize) }
    }

    /// A worker begins with tasks.
    pub(super) fn take_up_work(&self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }

    /// A worker has done its tasks or has helped.
    pub(super) fn lay_down_work(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes idle workers, at most so many, and gives their number: so invitations are never more than workers.
    pub(super) fn take(&self, most: usize) -> usize {
        let most = isize::try_from(most).unwrap_or(isize::MAX);
        let taken = |count: isize| count.clamp(0, most);
        let before = self
            .count
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| Some(count - taken(count)));
        before.map_or(0, |count| taken(count) as usize)
    }
}

/// The work of a kernel and who is at it.
pub(super) struct Shared {
    work: Work,
    parts: usize,
    /// The part that is taken next.
    next: AtomicUsize,
    helpers: Mutex<Helpers>,
    left: Condvar,
}

/// The function that computes a part, which lives on the stack of the worker that runs the kernel.
struct Work(*const (dyn Fn(usize) + Sync));

// SAFETY: the function may be called from any thread, and `Shared` sees to it that it is alive then.
unsafe impl Send for Work {}
// SAFETY: as above.
unsafe impl Sync for Work {}

#[derive(Default)]
struct Helpers {
    inside: usize,
    /// The kernel is done: nobody may come in any more.
    closed: bool,
    panic: Option<Box<dyn Any + Send>>,
}

/// Calls `work` with each number below `parts`, here and on the workers that `invite` sends the work to. Returns when
/// all calls have returned, and panics when one of them has.
pub(super) fn run(parts: usize, work: &(dyn Fn(usize) + Sync), invite: impl FnOnce(&Arc<Shared>)) {
    if parts <= 1 {
        return (0..parts).for_each(work);
    }
    // SAFETY: only the lifetime changes, and `help` alone calls the function through it. A helper is counted inside
    // before it calls, nobody comes in once it is closed, and this function closes it and waits until nobody is inside
    // before it returns or panics.
    let work = unsafe {
        std::mem::transmute::<*const (dyn Fn(usize) + Sync + '_), *const (dyn Fn(usize) + Sync)>(
            work,
        )
    };
    let shared = Arc::new(Shared {
        work: Work(work),
        parts,
        next: AtomicUsize::new(0),
        helpers: Mutex::default(),
        left: Condvar::new(),
    });
    invite(&shared);
    let own = catch_unwind(AssertUnwindSafe(|| shared.take_parts()));
    let mut helpers = shared.helpers();
    helpers.closed = true;
    while helpers.inside > 0 {
        helpers = shared.left.wait(helpers).unwrap_or_else(PoisonError::into_inner);
    }
    if let Some(panic) = own.err().or_else(|| helpers.panic.take()) {
        drop(helpers);
        resume_unwind(panic);
    }
}

impl Shared {
    /// Works on parts until none is left; nothing when the kernel is done.
    pub(super) fn help(&self) {
        {
            let mut helpers = self.helpers();
            if helpers.closed {
                return;
            }
            helpers.inside += 1;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| self.take_parts()));
        let mut helpers = self.helpers();
        helpers.inside -= 1;
        if let Err(panic) = outcome {
            helpers.panic.get_or_insert(panic);
        }
        self.left.notify_all();
    }

    fn take_parts(&self) {
        // SAFETY: the caller is `run`, whose argument this is, or a helper that is counted inside.
        let work = unsafe { &*self.work.0 };
        loop {
            let part = self.next.fetch_add(1, Ordering::Relaxed);
            if part >= self.parts {
                return;
            }
            work(part);
        }
    }

    fn helpers(&self) -> MutexGuard<'_, Helpers> {
        self.helpers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_worked_on_once_whoever_comes() {
        for helpers in [0, 1, 3] {
            let done: Vec<AtomicUsize> = (0..100).map(|_| AtomicUsize::new(0)).collect();
            let work = |part: usize| {
                done[part].fetch_add(1, Ordering::Relaxed);
            };
            std::thread::scope(|scope| {
                run(done.len(), &work, |shared| {
                    for _ in 0..helpers {
                        let shared = shared.clone();
                        scope.spawn(move || shared.help());
                    }
                });
            });
            assert!(
                done.iter().all(|count| count.load(Ordering::Relaxed) == 1),
                "{helpers} helpers"
            );
        }
    }

    #[test]
    fn who_comes_too_late_finds_nothing_to_do() {
        let mut late = None;
        let calls = AtomicUsize::new(0);
        let count = |_| {
            calls.fetch_add(1, Ordering::Relaxed);
        };
        run(5, &count, |shared| late = Some(shared.clone()));
        late.unwrap().help();
        assert_eq!(calls.load(Ordering::Relaxed), 5);
    }

    #[test]
    fn a_panic_of_a_helper_is_a_panic_of_the_kernel() {
        let kernel = std::thread::current().id();
        let started = Mutex::new(false);
        let helping = Condvar::new();
        let panic = catch_unwind(AssertUnwindSafe(|| {
            std::thread::scope(|scope| {
                let work = |_| {
                    if std::thread::current().id() != kernel {
                        *started.lock().unwrap() = true;
                        helping.notify_all();
                        panic!("a helper broke");
                    }
                    // The kernel's own thread leaves a part to the helper.
                    let waiting = started.lock().unwrap();
                    drop(helping.wait_while(waiting, |started| !*started).unwrap());
                };
                run(2, &work, |shared| {
                    let shared = shared.clone();
                    scope.spawn(move || shared.help());
                });
            });
        }));
        assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"a helper broke"));
    }

    #[test]
    fn no_more_workers_are_invited_than_are_idle() {
        let idle = Idle::new(3);
        idle.take_up_work();
        assert_eq!(idle.take(1), 1);
        assert_eq!(idle.take(7), 1);
        idle.take_up_work();
        assert_eq!(idle.take(7), 0);
        (0..4).for_each(|_| idle.lay_down_work());
        assert_eq!(idle.take(7), 3);
    }
}
