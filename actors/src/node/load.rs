//! How a part gets into a node: the stretches of its tables.

use super::blocks::TaskRef;
use super::part::{PartBlock, TaskState};
use super::state::{Instruction, State};
use crate::block_key::BlockKey;
use crate::part::{Chunk, Origin};
use crate::{JobId, PlanId};
use std::sync::Arc;

impl State {
    /// Adds a stretch to a part. Everything is checked before it is used as an index: it came from a peer.
    pub(super) fn load(
        &mut self,
        part_key: (JobId, PlanId),
        chunk: Chunk,
        out: &mut Vec<Instruction>,
    ) -> Result<(), String> {
        let (job, plan) = part_key;
        // A chunk behind a cancel belongs to a plan that is gone.
        let Some(part) = self.parts.get_mut(&part_key) else { return Ok(()) };
        let mut parked = Vec::new();
        for entry in &chunk.blocks {
            let Some(unclaimed) = part.sends_unclaimed.checked_sub(entry.sends) else {
                return Err(format!("{} is served more often than its part declares", entry.name));
            };
            let plan_of_copy = (entry.origin == Origin::Received).then_some(plan);
            let key = BlockKey { job, plan: plan_of_copy, block: entry.name };
            let slot = match entry.origin {
                Origin::Source => self.blocks.find(&key).ok_or("is not here"),
                // A temporary that stays on this node is read through the tables only.
                Origin::Made { kept: false } if entry.sends == 0 => {
                    Ok(self.blocks.insert_unnamed(key, entry.bytes, false))
                }
                Origin::Made { kept } => {
                    self.blocks.insert(key, entry.bytes, kept).ok_or("is made twice")
                }
                Origin::Received => {
                    self.blocks.insert(key, entry.bytes, false).ok_or("is received twice")
                }
                Origin::Uploaded => {
                    self.blocks.insert(key, entry.bytes, true).ok_or("is uploaded twice")
                }
            };
            let slot = slot.map_err(|reason| format!("{} {reason}", entry.name))?;
            let state = self.blocks.get_mut(slot).ok_or("a block without a state")?;
            let uses = entry.reads.checked_add(entry.sends);
            state.uses = uses
                .and_then(|uses| state.uses.checked_add(uses))
                .ok_or_else(|| format!("{} has too many uses", entry.name))?;
            let bytes = state.bytes;
            if entry.origin == Origin::Source {
                part.memory.charge(bytes);
            }
            part.sends_unclaimed = unclaimed;
            if entry.origin == Origin::Uploaded {
                let surplus = || format!("{} is uploaded once too often", entry.name);
                part.uploads_unclaimed =
                    part.uploads_unclaimed.checked_sub(1).ok_or_else(surplus)?;
                part.uploading.insert(slot);
            }
            if entry.sends > 0 {
                part.served.insert(slot, part.blocks.len() as u32);
            }
            part.blocks.push(PartBlock {
                slot,
                bytes,
                origin: entry.origin,
                from: None,
                reads_left: entry.reads,
                reads_unclaimed: entry.reads,
                sends_left: entry.sends,
                served_by: entry.served_by,
            });
            let early_key = BlockKey { job, plan: Some(plan), block: entry.name };
            let served = entry.sends > 0;
            if let Some(early) = served.then(|| self.early.remove(&early_key)).flatten() {
                parked.extend(early.members.into_iter().map(|member| (member, early_key)));
            }
        }
        part.ops.extend(chunk.ops.into_iter().map(Arc::new));
        let mut inputs_start = part.inputs.len();
        part.inputs.extend(chunk.inputs);
        for entry in chunk.tasks {
            let misfit = || format!("a task of {plan:?} has an index outside its tables");
            part.tasks_unclaimed = part.tasks_unclaimed.checked_sub(1).ok_or_else(misfit)?;
            let outputs = part.blocks.get(entry.made()).ok_or_else(misfit)?;
            let made = |output: &PartBlock| matches!(output.origin, Origin::Made { .. });
            if outputs.is_empty()
                || !outputs.iter().all(made)
                || entry.op as usize >= part.ops.len()
            {
                return Err(misfit());
            }
            let task = TaskRef { plan, job, task: part.tasks.len() as u32 };
            let mut missing = 0;
            let first = inputs_start;
            inputs_start += entry.inputs as usize;
            for &input in part.inputs.get(first..inputs_start).ok_or_else(misfit)? {
                let block = part.blocks.get_mut(input as usize).ok_or_else(misfit)?;
                block.reads_unclaimed = block.reads_unclaimed.checked_sub(1).ok_or_else(misfit)?;
                let state = self.blocks.get_mut(block.slot).ok_or_else(misfit)?;
                if !state.present {
                    state.waiting.push(task);
                    missing += 1;
                }
            }
            if missing == 0 {
                self.ready.insert(task);
            }
            part.tasks.push(TaskState {
                entry,
                inputs_start: first as u32,
                missing,
                done: false,
                ahead: false,
            });
        }
        for entry in chunk.receives {
            let misfit = || format!("a receive of {plan:?} has an index outside its tables");
            let block = part.blocks.get_mut(entry.block as usize).ok_or_else(misfit)?;
            let again = block.from.replace(entry.from).is_some();
            let fetched = matches!(block.origin, Origin::Received | Origin::Uploaded);
            if again || !fetched || entry.from.index() >= part.nodes.len() {
                return Err(misfit());
            }
            part.receives.push_back(entry);
        }
        for (member, key) in parked {
            self.pull(member, key, out);
        }
        Ok(())
    }
}
