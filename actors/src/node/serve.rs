//! How a node serves its blocks to others: a pull waits until the block exists, and a copy that was sent is sent again
//! on request until its arrival is confirmed.

use super::blocks::{Puller, Slot};
use super::state::{Instruction, State};
use crate::block_key::BlockKey;
use crate::{Failure, MemberId, Message};
use std::time::Duration;

/// Names of blocks that are pulled before their plan has come; more are refused.
const EARLY_PULLS_MAX: usize = 1 << 16;
/// How long a pull waits for its plan to come: no session is silent for so long without being given up.
const EARLY_WAIT_MAX: Duration = Duration::from_secs(20);

/// Members that wait for a block of a plan that has not come yet.
#[derive(Debug)]
pub(crate) struct Early {
    since: Duration,
    pub(super) members: Vec<MemberId>,
}

impl State {
    pub(super) fn pull(&mut self, member: MemberId, key: BlockKey, out: &mut Vec<Instruction>) {
        let BlockKey { job, plan, block } = key;
        match self.copies.again(key, &member) {
            Some(Ok(slot)) => {
                return out.push(Instruction::SendBlock { to: member, key, slot });
            }
            Some(Err(reason)) => return self.fail_copy(member, key, reason, out),
            None => {}
        }
        let made = self.blocks.find(&BlockKey { job, plan: None, block });
        let running = plan.and_then(|plan| self.parts.get(&(job, plan)));
        let found = match running {
            // A plan may also pass on a copy that it has received, though another plan has brought the block here for
            // good since. A pull that overtakes the chunk in which the block is served waits for it, so that it is
            // counted.
            Some(part) if part.nodes.contains(&member) => {
                let here = made.into_iter().chain(self.blocks.find(&key));
                here.into_iter().find(|slot| part.served.contains_key(slot))
            }
            Some(_) => None,
            None => made.filter(|_| plan.is_none()),
        };
        let ended =
            plan.is_some_and(|plan| self.jobs.get(job).is_some_and(|job| plan <= job.begun));
        let refused = match running {
            Some(part) => !part.nodes.contains(&member),
            None => plan.is_none() || ended || self.early.len() >= EARLY_PULLS_MAX,
        };
        if let Some(slot) = found {
            let puller = Puller { member, plan };
            if self.blocks.get(slot).is_some_and(|state| state.present) {
                self.serve(slot, puller, out);
            } else {
                self.with(slot, |state| {
                    // Who asks again while it waits is not served twice.
                    if plan.is_none() || !state.parked.contains(&puller) {
                        state.parked.push(puller);
                    }
                });
            }
        } else if refused {
            refuse(member, key, out);
        } else {
            // The part that makes it has not come yet.
            let since = self.now;
            let early =
                self.early.entry(key).or_insert_with(|| Early { since, members: Vec::new() });
            if !early.members.contains(&member) {
                early.members.push(member);
            }
        }
    }

    /// Sends a block that is here, and counts the use if a plan made it.
    pub(super) fn serve(&mut self, slot: Slot, puller: Puller, out: &mut Vec<Instruction>) {
        let Some(state) = self.blocks.get(slot) else { return };
        let (own, bytes) = (state.key, state.bytes);
        let key = BlockKey { job: own.job, plan: puller.plan, block: own.block };
        let Some(plan) = puller.plan else {
            return out.push(Instruction::SendBlock { to: puller.member, key, slot });
        };
        let Some(part) = self.parts.get_mut(&(own.job, plan)) else { return };
        let Some(&served) = part.served.get(&slot) else { return };
        let block = &mut part.blocks[served as usize];
        if block.sends_left == 0 {
            return refuse(puller.member, key, out);
        }
        block.sends_left -= 1;
        part.sends_left -= 1;
        part.measured.bytes_out += bytes;
        self.copies.enter(key, puller.member.clone(), slot);
        out.push(Instruction::SendBlock { to: puller.member, key, slot });
        self.settle((own.job, plan), out);
    }

    /// A copy has arrived: its block may go.
    pub(super) fn confirm(&mut self, by: &MemberId, key: BlockKey, out: &mut Vec<Instruction>) {
        if let Some(slot) = self.copies.confirm(key, by) {
            self.use_once(slot, out);
            if let Some(plan) = key.plan {
                // A part of this node may have waited for the memory.
                self.settle((key.job, plan), out);
            }
        }
    }

    /// A copy could not be sent, or was sent too often. The part of this node may be done already, so the session is
    /// told in any case.
    pub(super) fn fail_copy(
        &mut self,
        to: MemberId,
        key: BlockKey,
        reason: String,
        out: &mut Vec<Instruction>,
    ) {
        let BlockKey { job, plan: Some(plan), block } = key else {
            let BlockKey { job, plan, block } = key;
            let message = Message::PullRefused { job, plan, block, reason };
            return out.push(Instruction::Send { to, message });
        };
        let failure = Failure::Transfer { block, from: to, reason };
        if self.parts.contains_key(&(job, plan)) {
            return self.fail((job, plan), failure, out);
        }
        self.cancel((job, plan), out);
        if let Some(job_state) = self.jobs.get(job) {
            let (to, epoch) = (job_state.session.clone(), job_state.epoch);
            out.push(Instruction::Send {
                to,
                message: Message::Failed { job, plan, epoch, failure },
            });
        }
    }

    /// Refuses pulls whose plan never came.
    pub(super) fn refuse_late(&mut self, out: &mut Vec<Instruction>) {
        let now = self.now;
        for (key, early) in
            self.early.extract_if(.., |_, early| now >= early.since + EARLY_WAIT_MAX)
        {
            early.members.into_iter().for_each(|member| refuse(member, key, out));
        }
    }

    /// Forgets the pulls of a member, and those of its job.
    pub(super) fn forget_early(&mut self, member: &MemberId) {
        let job = crate::JobId::of(member);
        self.early.retain(|key, early| {
            early.members.retain(|puller| puller != member);
            key.job != job && !early.members.is_empty()
        });
    }
}

fn refuse(to: MemberId, key: BlockKey, out: &mut Vec<Instruction>) {
    let BlockKey { job, plan, block } = key;
    let reason = "the node does not have this block".to_owned();
    out.push(Instruction::Send { to, message: Message::PullRefused { job, plan, block, reason } });
}
