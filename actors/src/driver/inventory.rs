//! All that a driver holds, so that tests can demand that nothing leaks.

use super::DriverActor;
use kameo::message::{Context, Message as Handles};
use tokio::sync::oneshot;

/// What a driver holds at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inventory {
    /// Plans, reservations and requests that are not done.
    pub(crate) open: usize,
    /// Arrays and their blocks.
    pub(crate) arrays: usize,
    /// Requests that wait for a reply.
    pub(crate) replies: usize,
    /// Arrays that the client puts and that are not with the nodes yet.
    pub(crate) uploads: usize,
    /// Messages that are not acknowledged, or wait for earlier ones.
    pub(crate) in_links: usize,
    /// Whether the journal alone gives what the driver knows.
    pub(crate) replays: bool,
}

/// What do you hold?
pub(crate) struct Count(pub(crate) oneshot::Sender<Inventory>);

impl Handles<Count> for DriverActor {
    type Reply = ();

    async fn handle(&mut self, Count(reply): Count, _: &mut Context<Self, ()>) {
        let _ = reply.send(Inventory {
            open: self.state.open(),
            arrays: self.state.arrays(),
            replies: self.replies.len(),
            uploads: self.uploads.len(),
            in_links: self.links.waiting(),
            replays: self.state.replays(),
        });
    }
}
