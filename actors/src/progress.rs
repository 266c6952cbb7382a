//! How far plans have come, told to a client that asks for it.

use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc;

/// What a client has not taken yet; what is told beyond that is lost.
const TOLD_LEN_MAX: usize = 1024;

/// How far a plan has come. It is told when the plan begins, a few times a second while nodes run it, and when it is
/// done; of a plan that fails nothing more is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number of the plan, in the order of submission.
    pub plan: u64,
    /// Tasks that are done, as the nodes have told.
    pub tasks_done: u64,
    /// All its tasks.
    pub tasks: u64,
}

impl Progress {
    /// Whether all is done.
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
