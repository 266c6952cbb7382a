//! How a node serves its blocks to others: a pull waits until the block exists.

use super::blocks::{Puller, Slot};
use super::state::{EARLY_PULLS_MAX, Instruction, State};
use crate::wire::BlockKey;
use crate::{MemberId, Message};

impl State {
    pub(super) fn pull(&mut self, member: MemberId, key: BlockKey, out: &mut Vec<Instruction>) {
        let BlockKey { job, plan, block } = key;
        let made = self.blocks.find(&BlockKey { job, plan: None, block });
        let running = plan.and_then(|plan| self.parts.get(&(job, plan)));
        let found = match running {
            // A plan may also pass on a copy that it has received. A pull that overtakes the chunk in which the block
            // is served waits for it, so that it is counted.
            Some(part) if part.nodes.contains(&member) => made
                .or_else(|| self.blocks.find(&key))
                .filter(|slot| part.served.contains_key(slot)),
            Some(_) => None,
            None => made.filter(|_| plan.is_none()),
        };
        let ended = plan.is_some_and(|plan| self.begun.get(&job).is_some_and(|&last| plan <= last));
        let refused = match running {
            Some(part) => !part.nodes.contains(&member),
            None => plan.is_none() || ended || self.early.len() >= EARLY_PULLS_MAX,
        };
        if let Some(slot) = found {
            let puller = Puller { member, plan };
            if self.blocks.get(slot).is_some_and(|state| state.present) {
                self.serve(slot, puller, out);
            } else {
                self.with(slot, |state| state.parked.push(puller));
            }
        } else if refused {
            let story = "it is not on this node".to_owned();
            let message = Message::PullRefused { job, plan, block, story };
            out.push(Instruction::Send { to: member, message });
        } else {
            // The part that makes it has not come yet.
            self.early.entry(key).or_default().push(member);
        }
    }

    /// Sends a block that is here, and counts the use if a plan made it.
    pub(super) fn serve(&mut self, slot: Slot, puller: Puller, out: &mut Vec<Instruction>) {
        let Some(state) = self.blocks.get(slot) else { return };
        let (own, bytes) = (state.key, state.bytes);
        let key = BlockKey { job: own.job, plan: puller.plan, block: own.block };
        out.push(Instruction::SendBlock { to: puller.member, key, slot });
        let Some(plan) = puller.plan else { return };
        let Some(part) = self.parts.get_mut(&(own.job, plan)) else { return };
        let Some(&served) = part.served.get(&slot) else { return };
        let block = &mut part.blocks[served as usize];
        if block.sends_left > 0 {
            block.sends_left -= 1;
            part.sends_left -= 1;
            part.measured.bytes_out += bytes;
            self.use_once(slot, out);
        }
        self.settle((own.job, plan), out);
    }
}
