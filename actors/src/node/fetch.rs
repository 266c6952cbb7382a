//! How a node fetches copies: what the window admits is asked for, and asked for again while it does not come.

use super::blocks::Slot;
use super::part::Asked;
use super::state::{Instruction, State};
use crate::block_key::BlockKey;
use crate::part::Origin;
use crate::{Failure, JobId, MemberId, Message, PlanId};
use nums_lshs::{BlockName, NodeId};
use std::collections::BTreeMap;
use std::time::Duration;

/// A copy is asked for again after this long, and the time that its bytes and those asked for before it may take.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// Copies are expected to come at this rate at least.
const BYTES_PER_S_MIN: u64 = 8 << 20;
/// The longest pause between two requests for one copy, unless its bytes take longer.
const ASK_AGAIN_MAX: Duration = Duration::from_secs(5);
/// How often a copy may come damaged before its plan fails.
const DAMAGED_MAX: u32 = 4;
/// How often a block that surely exists is asked for before its plan fails.
const ASKS_MAX: u32 = 8;

/// What is to be said to each holder: blocks that are asked for, and blocks that have come.
type Pulls = BTreeMap<MemberId, (Vec<BlockName>, Vec<BlockName>)>;

impl State {
    /// Asks for what the window admits, and confirms what has come.
    pub(super) fn fetch(&mut self, part_key: (JobId, PlanId), out: &mut Vec<Instruction>) {
        let Some(part) = self.parts.get_mut(&part_key) else { return };
        let mut pulls = Pulls::new();
        while let Some(receive) = part.admit(self.limits.window_blocks_max, &self.blocks) {
            let slot = part.slot(receive.block);
            let Some(state) = self.blocks.get_mut(slot) else { continue };
            state.charged = Some(part_key.1);
            part.asked_bytes += state.bytes;
            let pause = ASK_AGAIN + Duration::from_secs(part.asked_bytes / BYTES_PER_S_MIN);
            let again_at = self.now + pause;
            let asked = Asked { from: receive.from, again_at, pause, asks: 1, damaged: 0 };
            part.asked.insert(slot, asked);
            pulls
                .entry(part.nodes[receive.from.index()].clone())
                .or_default()
                .0
                .push(state.key.block);
        }
        for (from, block) in part.confirms.drain(..) {
            pulls.entry(part.nodes[from.index()].clone()).or_default().1.push(block);
        }
        say(part_key, pulls, out);
    }

    /// Asks again for what should have come.
    pub(super) fn fetch_again(&mut self, out: &mut Vec<Instruction>) {
        let now = self.now;
        let mut lost = Vec::new();
        for (&part_key, part) in &mut self.parts {
            let mut pulls = Pulls::new();
            for (&slot, asked) in part.asked.iter_mut().filter(|(_, asked)| asked.again_at <= now) {
                let Some(state) = self.blocks.get(slot) else { continue };
                let from = &part.nodes[asked.from.index()];
                // A block of another node may not exist yet, and its holder counts how often it sends it. What the
                // session puts is there.
                if *from == part.session && asked.asks == ASKS_MAX {
                    lost.push((part_key, state.key.block, from.clone()));
                }
                asked.asks += 1;
                asked.pause = (asked.pause * 2).min(asked.pause.max(ASK_AGAIN_MAX));
                asked.again_at = now + asked.pause;
                pulls.entry(from.clone()).or_default().0.push(state.key.block);
            }
            say(part_key, pulls, out);
        }
        for (part_key, block, from) in lost {
            let reason = format!("it was requested {ASKS_MAX} times and never arrived");
            self.fail(part_key, Failure::Transfer { block, from, reason }, out);
        }
    }

    /// A copy came damaged: it is asked for again at once.
    pub(super) fn handle_damaged(
        &mut self,
        from: MemberId,
        key: BlockKey,
        reason: String,
        out: &mut Vec<Instruction>,
    ) {
        let (Some(plan), Some(slot)) = (key.plan, self.expected(&key)) else { return };
        let part_key = (key.job, plan);
        let Some(part) = self.parts.get_mut(&part_key) else { return };
        let Some(asked) = part.asked.get_mut(&slot) else { return };
        if part.nodes[asked.from.index()] != from {
            return;
        }
        asked.damaged += 1;
        if asked.damaged > DAMAGED_MAX {
            return self.fail(part_key, Failure::Transfer { block: key.block, from, reason }, out);
        }
        asked.again_at = self.now + asked.pause;
        let message = Message::Pull {
            job: key.job,
            plan: Some(plan),
            blocks: vec![key.block],
            received: Vec::new(),
        };
        out.push(Instruction::Send { to: from, message });
    }

    /// A block that was asked for is here.
    pub(super) fn handle_arrival(&mut self, key: BlockKey, bytes: u64, out: &mut Vec<Instruction>) {
        // Nodes receive blocks for plans only. A block for a cancelled plan has no entry, and a second one is dropped:
        // the first writer wins.
        let (Some(plan), Some(slot)) = (key.plan, self.expected(&key)) else { return };
        let Some(state) = self.blocks.get(slot).filter(|state| !state.present) else { return };
        let part_key = (key.job, plan);
        if state.bytes != bytes {
            let reason = format!("expected a block of {} bytes, got {bytes}", state.bytes);
            return self.fail(part_key, Failure::Malformed { reason }, out);
        }
        let Some(part) = self.parts.get_mut(&part_key) else { return };
        let Some(asked) = part.asked.remove(&slot) else { return };
        part.asked_bytes -= bytes;
        part.measured.bytes_in += bytes;
        let uploaded = part.uploading.remove(&slot);
        if uploaded {
            part.received_live -= 1;
        }
        // A session keeps what it puts until the plan is done.
        if part.nodes[asked.from.index()] != part.session {
            part.confirms.push((asked.from, key.block));
        }
        self.make_present(slot, 0, out);
        if uploaded {
            // Its handle may have gone before it came.
            self.free_if_unused(slot, out);
        }
        self.settle(part_key, out);
    }

    /// Where a block that is on its way will lie. One that a part takes over is known by job and name, unlike a copy,
    /// because it outlives its plan.
    fn expected(&self, key: &BlockKey) -> Option<Slot> {
        let part = self.parts.get(&(key.job, key.plan?))?;
        let copy = self.blocks.find(key);
        copy.or_else(|| {
            let slot = self.blocks.find(&BlockKey { plan: None, ..*key })?;
            part.uploading.contains(&slot).then_some(slot)
        })
    }

    /// A block that a part still waits for from a member.
    pub(super) fn awaited(
        &self,
        part: &super::part::PartState,
        member: &MemberId,
    ) -> Option<BlockName> {
        let comes_from = |from: NodeId| part.nodes[from.index()] == *member;
        let waiting = part.blocks.iter().filter(|block| block.origin != Origin::Source);
        let waiting = waiting.filter(|block| block.from.is_some_and(comes_from));
        let absent = waiting.filter_map(|block| self.blocks.get(block.slot));
        absent.filter(|state| !state.present).map(|state| state.key.block).next()
    }
}

fn say((job, plan): (JobId, PlanId), pulls: Pulls, out: &mut Vec<Instruction>) {
    for (to, (blocks, received)) in pulls {
        let message = Message::Pull { job, plan: Some(plan), blocks, received };
        out.push(Instruction::Send { to, message });
    }
}
