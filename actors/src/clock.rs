//! The time as the shells tell it to their machines: since the start of the actor, and at least once a tick.

use crate::link::TICK;
use kameo::Actor;
use kameo::actor::WeakActorRef;
use kameo::error::SendError;
use kameo::message::Message as Handles;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Tells an actor that time has passed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tick;

/// Time since the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Clock {
        Clock { started: Instant::now() }
    }

    pub(crate) fn now(self) -> Duration {
        self.started.elapsed()
    }
}

/// Ticks for an actor until it stops. An actor that is too busy for a tick needs none.
pub(crate) fn tick<A: Actor + Handles<Tick>>(actor: WeakActorRef<A>) {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(TICK).await;
            let Some(actor) = actor.upgrade() else { return };
            match actor.tell(Tick).try_send() {
                Ok(()) | Err(SendError::MailboxFull(_)) => {}
                Err(_) => return,
            }
        }
    });
}

/// The number from which a process numbers its streams: later processes of a member get higher ones.
pub(crate) fn first_stream() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX / 2)
}
