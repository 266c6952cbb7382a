//! Requests to drain a node, this one or another, and who waits for how they end.

use super::NodeActor;
use super::state::Event;
use crate::{MemberId, Message};
use kameo::message::{Context, Message as Handles};
use std::collections::BTreeMap;
use tokio::sync::oneshot;

/// Where the outcome of a drain goes: an error says why the node stays.
pub(crate) type Answer = oneshot::Sender<Result<(), String>>;

/// Is a node to be drained? Asked by the process of this node.
pub(crate) struct DrainAsked {
    pub(crate) node: MemberId,
    pub(crate) answer: Answer,
}

/// Who waits, by the node that is to leave.
#[derive(Debug, Default)]
pub(crate) struct Waiting(BTreeMap<MemberId, Vec<Answer>>);

impl Waiting {
    pub(crate) fn add(&mut self, node: MemberId, answer: Answer) {
        let answers = self.0.entry(node).or_default();
        answers.retain(|answer| !answer.is_closed());
        answers.push(answer);
    }

    /// Tells those who wait for a node; true when there were any.
    pub(crate) fn tell(&mut self, node: &MemberId, outcome: &Result<(), String>) -> bool {
        let answers = self.0.remove(node);
        let told = answers.is_some();
        for answer in answers.into_iter().flatten() {
            let _ = answer.send(outcome.clone());
        }
        told
    }

    /// A node is gone before it said that it leaves.
    pub(crate) fn lose(&mut self, node: &MemberId, reason: &str) {
        self.tell(node, &Err(format!("the node was lost before it was drained: {reason}")));
    }
}

/// When is this node drained, whoever asks for it?
pub(crate) struct DrainAwaited(pub(crate) Answer);

impl Handles<DrainAwaited> for NodeActor {
    type Reply = ();

    async fn handle(&mut self, DrainAwaited(answer): DrainAwaited, _: &mut Context<Self, ()>) {
        if self.state.is_drained() {
            let _ = answer.send(Ok(()));
        } else {
            self.waiting.add(self.transport.local().clone(), answer);
        }
    }
}

impl Handles<DrainAsked> for NodeActor {
    type Reply = ();

    async fn handle(&mut self, asked: DrainAsked, _: &mut Context<Self, ()>) {
        let DrainAsked { node, answer } = asked;
        if node == *self.transport.local() {
            self.waiting.add(node, answer);
            self.advance(Event::DrainAsked, &mut []);
        } else if self.state.knows_node(&node) {
            self.send(self.clock.now(), &node, Message::Drain);
            self.waiting.add(node, answer);
        } else {
            let _ = answer.send(Err(format!("no node of the cluster has the name {node}")));
        }
    }
}
