//! Who may say what to a node. What is not permitted is dropped and counted.

use super::state::State;
use crate::{JobId, MemberId, Message};

impl State {
    /// Whether a member may say this. A job is commanded by its own session, while that has a lease; a part is served
    /// by and to the members of its plan; nodes drain each other; the rest is not for nodes.
    pub(super) fn may_say(&self, from: &MemberId, message: &Message) -> bool {
        match message {
            Message::Hello { job } => *job == JobId::of(from),
            Message::Renew { job }
            | Message::Drained { job, .. }
            | Message::Reserve { job, .. }
            | Message::Begin { job, .. }
            | Message::Chunk { job, .. }
            | Message::Cancel { job, .. }
            | Message::Release { job, .. }
            | Message::Pull { job, plan: None, .. } => self.jobs.is_session_of(*job, from),
            // Of a part that is not here, because it has not come or has gone, the members are not known; what waits
            // for a part to come is looked at again then.
            Message::Pull { job, plan: Some(plan), .. }
            | Message::PullRefused { job, plan: Some(plan), .. } => {
                let part = self.parts.get(&(*job, *plan));
                part.is_none_or(|part| part.nodes.contains(from))
            }
            // The command speaks to a node of its machine, and that one to the node that is to leave.
            Message::Drain => self.nodes.contains(from),
            // How a node is may be asked by anyone who is a member; its shell answers.
            Message::StatusRequest => true,
            Message::Welcome { .. }
            | Message::Reserved { .. }
            | Message::Finished { .. }
            | Message::Failed { .. }
            | Message::Progress { .. }
            | Message::PullRefused { plan: None, .. }
            | Message::Status(_)
            | Message::DrainEnded { .. }
            | Message::Draining { .. } => false,
        }
    }
}
