//! What may fail by its numbers and nobody waits for: where it was begun, until it is known how it ends.
//!
//! Its arrays are held until then and no longer: whoever waits for anything, and each new entry, looks after them.

use crate::{
    exception::{Exception, Kind, Trace},
    waiting::wait_while,
};
use nums::{ClusterError, Error, Failure, Pending};
use nums_numpy::Estimator;
use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

/// Work that may be under way unattended; one more waits until there is room.
const UNDER_WAY_MAX: usize = 64;

/// Two answers to questions about one failure come within this time of each other.
const ANSWERS_WITHIN: Duration = Duration::from_millis(500);

/// Failures that are kept with their places; a script that goes on after so many has been told enough.
const FAILURES_MAX: usize = 256;

thread_local! {
    static WATCHED: RefCell<Watched> = RefCell::default();
}

#[derive(Default)]
struct Watched {
    /// In the order in which it was begun.
    work: Vec<Work>,
    /// Fits whose end nobody has asked for.
    fits: Vec<(Trace, Arc<Estimator>)>,
    /// What went wrong with fits that had to make room for others.
    late: Vec<Exception>,
    /// What was raised before it was known here: answers to two questions may come in either order.
    raised: Vec<Failure>,
}

/// Work that was begun at a place.
struct Work {
    begun: Trace,
    state: State,
}

enum State {
    UnderWay(Pending<()>),
    Failed {
        error: Error,
        /// Whether it was raised, or shown.
        told: bool,
    },
}

/// Watches arrays that were submitted at a place.
pub(crate) fn array(begun: Trace, pending: Pending<()>) -> Result<(), Exception> {
    let state = State::UnderWay(pending);
    WATCHED.with_borrow_mut(|watched| watched.work.push(Work { begun, state }));
    look();
    wait_while(|| WATCHED.with_borrow(|watched| watched.under_way() > UNDER_WAY_MAX))
}

/// Watches a fit that was begun at a place.
pub(crate) fn fit(begun: Trace, estimator: &Arc<Estimator>) -> Result<(), Exception> {
    let oldest = WATCHED.with_borrow_mut(|watched| {
        watched.fits.retain(|(_, own)| own.is_under_way() && !Arc::ptr_eq(own, estimator));
        watched.fits.push((begun, estimator.clone()));
        (watched.fits.len() > UNDER_WAY_MAX).then(|| watched.fits.remove(0))
    });
    if let Some(failed) = oldest.and_then(settle) {
        if failed.kind() == Kind::KeyboardInterrupt {
            return Err(failed);
        }
        WATCHED.with_borrow_mut(|watched| {
            if watched.late.len() < FAILURES_MAX {
                watched.late.push(failed);
            }
        });
    }
    Ok(())
}

/// Waits for a fit, and gives what has gone wrong.
fn settle((begun, estimator): (Trace, Arc<Estimator>)) -> Option<Exception> {
    estimator.settle().err().map(|error| Exception::from(error).raised_at(&begun))
}

/// What comes of something; meanwhile what is watched is looked after.
pub(crate) async fn meanwhile<T>(awaited: impl Future<Output = T>) -> T {
    let mut awaited = pin!(awaited);
    let outcome = poll_fn(|context| {
        WATCHED.with_borrow_mut(|watched| watched.poll(context));
        awaited.as_mut().poll(context)
    });
    let outcome = outcome.await;
    // What failed before it did is known when it is.
    look();
    outcome
}

/// Takes in what is known by now.
fn look() {
    WATCHED.with_borrow_mut(|watched| watched.poll(&mut Context::from_waker(Waker::noop())));
}

/// The place where the work was begun that has failed with an error that is raised; it counts as told.
pub(crate) fn origin(error: &Error) -> Option<Trace> {
    error.failure()?;
    // The answer that tells the place is on its way, and may come a moment later than the one that was waited for.
    let begun = Instant::now();
    let unknown = || {
        WATCHED.with_borrow(|watched| watched.under_way() > 0 && !watched.knows(error.failure()))
    };
    while begun.elapsed() < ANSWERS_WITHIN && unknown() {
        std::thread::sleep(Duration::from_millis(1));
        look();
    }
    WATCHED.with_borrow_mut(|watched| {
        let failure = error.failure()?;
        let begun = watched.work.iter_mut().find_map(|work| match &mut work.state {
            State::Failed { error, told } if error.failure() == Some(failure) => {
                *told = true;
                Some(work.begun.clone())
            }
            _ => None,
        });
        if begun.is_none() && watched.raised.len() < FAILURES_MAX {
            watched.raised.push(failure.clone());
        }
        begun
    })
}

/// What has failed and was not told, in the order in which it was begun; from now on it counts as told.
pub(crate) fn failures() -> Vec<Exception> {
    look();
    WATCHED.with_borrow_mut(|watched| {
        let untold = watched.work.iter_mut().filter_map(|work| match &mut work.state {
            State::Failed { error, told: told @ false } => {
                *told = true;
                let error = nums_numpy::Error::from(error.clone());
                Some(Exception::told(error).raised_at(&work.begun))
            }
            _ => None,
        });
        untold.collect()
    })
}

/// Lets go of all that is watched.
pub(crate) fn forget() {
    drop(WATCHED.take());
}

/// Waits for all that is watched, and gives what has failed and was not told.
pub(crate) fn finish() -> Result<Vec<Exception>, Exception> {
    wait_while(|| WATCHED.with_borrow(|watched| watched.under_way() > 0))?;
    let watched = WATCHED.with_borrow_mut(|watched| {
        (std::mem::take(&mut watched.fits), std::mem::take(&mut watched.late))
    });
    let (fits, late) = watched;
    let failed: Vec<Exception> = fits.into_iter().filter_map(settle).collect();
    Ok(failures().into_iter().chain(late).chain(failed).collect())
}

impl Watched {
    /// Whether it is known which work has failed in this way.
    fn knows(&self, failure: Option<&Failure>) -> bool {
        failure.is_none_or(|failure| {
            self.work.iter().any(|work| match &work.state {
                State::Failed { error, .. } => error.failure() == Some(failure),
                State::UnderWay(_) => false,
            })
        })
    }

    fn under_way(&self) -> usize {
        self.work.iter().filter(|work| matches!(work.state, State::UnderWay(_))).count()
    }

    fn poll(&mut self, context: &mut Context<'_>) {
        let mut failures = self.work.len() - self.under_way();
        let raised = &self.raised;
        self.work.retain_mut(|work| {
            let State::UnderWay(end) = &mut work.state else { return true };
            match Pin::new(end).poll(context) {
                Poll::Pending => true,
                Poll::Ready(Ok(()) | Err(Error::Cluster(ClusterError::Cancelled))) => false,
                Poll::Ready(Err(error)) => {
                    let told = error.failure().is_some_and(|failure| raised.contains(failure));
                    work.state = State::Failed { error, told };
                    failures += 1;
                    failures <= FAILURES_MAX
                }
            }
        });
    }
}
