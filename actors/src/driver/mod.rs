//! The DriverActor: a shell around the driver's state machine. It lives in the process of its session.

mod arrays;
mod drain;
#[cfg(test)]
pub(crate) mod inventory;
mod journal;
mod members;
mod plans;
mod reservation;
pub(crate) mod state;
mod submit;
#[cfg(test)]
mod tests;

pub use state::DriverConfig;

use crate::block_key::BlockKey;
use crate::clock::{self, Clock, Tick};
use crate::link::{Links, NODE_SILENCE_MAX, Packet};
use crate::progress::Listener;
use crate::request::{Outcome, Reply, Request};
use crate::transport::{Inbound, Transport};
use crate::uploads::Uploads;
use crate::{ClusterError, Member, MemberId, Message};
use kameo::Actor;
use kameo::actor::{ActorRef, Spawn};
use kameo::mailbox;
use kameo::message::{Context, Message as Handles};
use kameo::reply::{DelegatedReply, ReplySender};
use state::{Event, Instruction, RequestId, State};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// Requests and deliveries that wait at a driver.
const MAILBOX_LEN_MAX: usize = 4096;

/// The actor that holds the metadata of a session's arrays.
pub(crate) struct DriverActor {
    state: State,
    transport: Arc<dyn Transport>,
    replies: BTreeMap<RequestId, ReplySender<Outcome>>,
    last_request: u64,
    clock: Clock,
    links: Links,
    uploads: Arc<Uploads>,
    listener: Arc<Listener>,
}

/// Starts a driver for the session that the transport belongs to.
pub(crate) fn start(
    config: DriverConfig,
    transport: Arc<dyn Transport>,
    members: Vec<Member>,
    uploads: Arc<Uploads>,
    listener: Arc<Listener>,
) -> ActorRef<DriverActor> {
    let state = State::new(transport.local().clone(), config, members);
    let start = (state, transport, uploads, listener);
    DriverActor::spawn_with_mailbox(start, mailbox::bounded(MAILBOX_LEN_MAX))
}

impl Actor for DriverActor {
    type Args = (State, Arc<dyn Transport>, Arc<Uploads>, Arc<Listener>);
    type Error = Infallible;

    async fn on_start(
        (state, transport, uploads, listener): Self::Args,
        own: ActorRef<Self>,
    ) -> Result<Self, Infallible> {
        clock::tick(own.downgrade());
        let mut driver = DriverActor {
            state,
            transport,
            replies: BTreeMap::new(),
            last_request: 0,
            clock: Clock::start(),
            links: Links::new(clock::first_stream(), NODE_SILENCE_MAX),
            uploads,
            listener,
        };
        driver.advance(Event::Tick);
        Ok(driver)
    }
}

impl Handles<Request> for DriverActor {
    type Reply = DelegatedReply<Outcome>;

    async fn handle(
        &mut self,
        request: Request,
        context: &mut Context<Self, Self::Reply>,
    ) -> Self::Reply {
        self.last_request += 1;
        let id = RequestId(self.last_request);
        let (delegated, sender) = context.reply_sender();
        if let Some(sender) = sender {
            self.replies.insert(id, sender);
        }
        self.advance(Event::Request { id, request });
        delegated
    }
}

impl Handles<Inbound> for DriverActor {
    type Reply = ();

    async fn handle(&mut self, inbound: Inbound, _: &mut Context<Self, ()>) {
        match inbound {
            Inbound::MemberUp(member) => self.advance(Event::MemberUp(member)),
            Inbound::MemberDown { member, reason } => {
                self.links.forget(self.clock.now(), &member);
                self.advance(Event::MemberDown { member, reason });
            }
            Inbound::Packets { from, packets } => {
                for packet in packets {
                    self.accept(&from, packet);
                }
            }
            // Blocks go to the client's fetches, never through the driver.
            Inbound::Blocks(_) | Inbound::BlockFailed { .. } => {}
        }
    }
}

impl Handles<Tick> for DriverActor {
    type Reply = ();

    async fn handle(&mut self, _: Tick, _: &mut Context<Self, ()>) {
        let due = self.links.tick(self.clock.now());
        due.packets.into_iter().for_each(|(to, packet)| self.send(&to, packet));
        for member in due.silent {
            let reason = format!("it acknowledged no message for {NODE_SILENCE_MAX:?}");
            self.advance(Event::MemberLost { member, reason });
        }
        self.advance(Event::Tick);
    }
}

impl DriverActor {
    fn accept(&mut self, from: &MemberId, packet: Packet) {
        let accepted = self.links.accept(self.clock.now(), from, packet);
        if accepted.anew {
            let reason = "it restarted".to_owned();
            self.advance(Event::MemberLost { member: from.clone(), reason });
        }
        for message in accepted.messages {
            self.advance(Event::Message { from: from.clone(), message });
        }
    }

    fn advance(&mut self, event: Event) {
        let now = self.clock.now();
        let mut instructions = Vec::new();
        self.state.handle(now, event, &mut instructions);
        for instruction in instructions {
            match instruction {
                Instruction::Send { to, message } => {
                    let packet = self.links.post(now, &to, message);
                    self.send(&to, packet);
                }
                Instruction::SendPut { to, key } => self.send_put(now, &to, key),
                Instruction::ForgetPut(array) => self.uploads.remove(array),
                Instruction::Tell(progress) => self.listener.tell(progress),
                Instruction::Reply { id, outcome } => {
                    if let Some(sender) = self.replies.remove(&id) {
                        sender.send(outcome);
                    }
                }
            }
        }
    }

    /// What cannot be sent now is sent again by its link, until it is acknowledged or the member is given up.
    fn send(&self, to: &MemberId, packet: Packet) {
        if let Err(error) = self.transport.send(to, packet) {
            tracing::warn!(%error, "a message could not be sent");
        }
    }

    /// Sends a block of the client. A block that cannot be sent is refused, so that its plan fails.
    fn send_put(&mut self, now: Duration, to: &MemberId, key: BlockKey) {
        let BlockKey { job, plan, block } = key;
        let error = match self.uploads.get(block) {
            Some(found) => match self.transport.send_blocks(to, vec![(key, found)]).pop() {
                Some((_, error)) => error,
                None => return,
            },
            None => ClusterError::UnknownArray(block.array.0),
        };
        let refusal = Message::PullRefused { job, plan, block, reason: error.to_string() };
        let packet = self.links.post(now, to, refusal);
        self.send(to, packet);
    }
}

/// Asks the driver and waits for its reply.
pub(crate) async fn ask(driver: &ActorRef<DriverActor>, request: Request) -> Outcome {
    match driver.ask(request).send().await {
        Ok(reply) => Ok(reply),
        Err(kameo::error::SendError::HandlerError(error)) => Err(error),
        Err(_) => Err(ClusterError::SessionEnded),
    }
}

/// The reply that a request was promised, or an error where the driver broke the promise.
pub(crate) fn unexpected(reply: &Reply) -> ClusterError {
    ClusterError::Join(format!("unexpected reply of the driver: {reply:?}"))
}
