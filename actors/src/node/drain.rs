//! How a node leaves without harm: it asks every session to hand its blocks on to other nodes, and goes when all have
//! said that nothing needs it any more.

use super::state::{Instruction, State};
use crate::{JobId, MemberId, Message};
use std::collections::BTreeSet;

/// A node that is to leave.
#[derive(Debug, Default)]
pub(crate) struct Drain {
    /// The nodes that asked for it, and wait to hear how it ends.
    askers: BTreeSet<MemberId>,
    /// The jobs that do not need the node any more.
    done: BTreeSet<JobId>,
    /// It is told once that the node may go.
    over: bool,
}

impl State {
    /// Asks the sessions to do without this node, unless they have been asked already.
    pub(super) fn begin_drain(&mut self, asker: Option<MemberId>, out: &mut Vec<Instruction>) {
        let begins = self.drain.is_none();
        self.drain.get_or_insert_default().askers.extend(asker);
        if begins {
            self.say_draining(true, out);
        }
    }

    /// Whether the node may go.
    pub(crate) fn is_drained(&self) -> bool {
        self.drain.as_ref().is_some_and(|drain| drain.over)
    }

    /// Whether the node wants to leave and may not yet.
    #[cfg(test)]
    pub(crate) fn is_draining(&self) -> bool {
        self.drain.as_ref().is_some_and(|drain| !drain.over)
    }

    fn say_draining(&self, draining: bool, out: &mut Vec<Instruction>) {
        for (job, session) in self.jobs.sessions() {
            let message = Message::Draining { job, draining };
            out.push(Instruction::Send { to: session.clone(), message });
        }
    }

    /// A session needs this node no more, or cannot do without: then it stays for all.
    pub(super) fn handle_drained(
        &mut self,
        job: JobId,
        outcome: Result<(), String>,
        out: &mut Vec<Instruction>,
    ) {
        let Some(drain) = self.drain.as_mut().filter(|drain| !drain.over) else { return };
        match outcome {
            Ok(()) => {
                drain.done.insert(job);
            }
            Err(reason) => {
                let askers = std::mem::take(&mut drain.askers);
                self.drain = None;
                self.say_draining(false, out);
                tell(askers, Err(reason), out);
            }
        }
    }

    /// Lets the node go when no session needs it and what it was to send has arrived.
    pub(super) fn end_drain_if_done(&mut self, out: &mut Vec<Instruction>) {
        let Some(drain) = self.drain.as_mut().filter(|drain| !drain.over) else { return };
        let needed = self.jobs.sessions().any(|(job, _)| !drain.done.contains(&job));
        if !needed && self.parts.is_empty() && self.copies.is_empty() {
            drain.over = true;
            tell(std::mem::take(&mut drain.askers), Ok(()), out);
        }
    }
}

fn tell(askers: BTreeSet<MemberId>, outcome: Result<(), String>, out: &mut Vec<Instruction>) {
    for to in askers {
        let message = Message::DrainEnded { outcome: outcome.clone() };
        out.push(Instruction::Send { to, message });
    }
    out.push(Instruction::DrainEnded(outcome));
}
