//! Blocks that a program puts while the queue of the driver is full, from a thread that may not block.

use crate::request::Request;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Requests that are posted in order when the driver has room. They are puts alone: the program holds their blocks, and
/// so bounds them.
#[derive(Default)]
pub(super) struct Backlog {
    state: Mutex<State>,
    emptied: Notify,
}

#[derive(Default)]
struct State {
    requests: VecDeque<Request>,
    /// A task posts them, and may have taken the last one out already.
    draining: bool,
}

impl Backlog {
    /// Adds a request; whether the caller has to start the task that posts them.
    pub(super) fn push(&self, request: Request) -> bool {
        let mut state = self.state();
        state.requests.push_back(request);
        !std::mem::replace(&mut state.draining, true)
    }

    /// The next request to post. After the last one, later requests may be posted directly.
    pub(super) fn next(&self) -> Option<Request> {
        let mut state = self.state();
        let next = state.requests.pop_front();
        if next.is_none() {
            state.draining = false;
            self.emptied.notify_waiters();
        }
        next
    }

    /// Whether something is postponed.
    pub(super) fn is_busy(&self) -> bool {
        self.state().draining
    }

    /// Waits until nothing is postponed.
    pub(super) async fn is_empty(&self) {
        loop {
            // Before the look, so that no notice is missed.
            let emptied = self.emptied.notified();
            if !self.is_busy() {
                return;
            }
            emptied.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
