//! The progress of plans, for a client that requests it.

use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc;

/// What a client has not taken yet; what is told beyond that is lost.
const TOLD_LEN_MAX: usize = 1024;

/// The progress of a plan. It is reported when the plan starts, a few times per second while it runs, and when it is done.
/// A plan that fails reports nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number of the plan, in the order of submission.
    pub plan: u64,
    /// The number of finished tasks.
    pub tasks_done: u64,
    /// The number of all tasks.
    pub tasks: u64,
}

impl Progress {
    /// Whether all tasks are finished.
    pub fn is_done(&self) -> bool {
        self.tasks_done == self.tasks
    }
}

/// Where the progress of a session's plans is told.
#[derive(Debug, Default)]
pub(crate) struct Listener {
    told: Mutex<Option<mpsc::Sender<Progress>>>,
}

impl Listener {
    /// What is told from now on; an earlier listener hears no more.
    pub(crate) fn listen(&self) -> mpsc::Receiver<Progress> {
        let (sender, receiver) = mpsc::channel(TOLD_LEN_MAX);
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        receiver
    }

    /// Tells it, without ever waiting.
    pub(crate) fn tell(&self, progress: Progress) {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &*told {
            // A listener that is behind loses this one, and one that is gone needs it no more.
            let _ = sender.try_send(progress);
        }
    }
}
