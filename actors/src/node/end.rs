//! How the parts and jobs of a node end before they are done: by a failure, by their session, or with a member.

use super::state::{Instruction, State};
use crate::part::Origin;
use crate::{Failure, JobId, MemberId, Message, PlanId};

impl State {
    /// Reports a failure to the session, which cancels the plan everywhere.
    pub(super) fn fail(
        &mut self,
        part_key: (JobId, PlanId),
        failure: Failure,
        out: &mut Vec<Instruction>,
    ) {
        if let Some(part) = self.parts.get(&part_key) {
            let ((job, plan), epoch) = (part_key, part.epoch);
            let message = Message::Failed { job, plan, epoch, failure };
            out.push(Instruction::Send { to: part.session.clone(), message });
        }
        self.cancel(part_key, out);
    }

    /// Forgets a part: what it made or received goes, and its uses of earlier blocks are given back. Results of tasks
    /// that still run are dropped when they come.
    pub(super) fn cancel(&mut self, part_key: (JobId, PlanId), out: &mut Vec<Instruction>) {
        let (job, plan) = part_key;
        self.reservations.give_back(part_key);
        for slot in self.copies.end_plan(job, plan) {
            self.use_once(slot, out);
        }
        let Some(part) = self.parts.remove(&part_key) else { return };
        self.ready.remove_part(job, plan);
        self.early.retain(|key, _| (key.job, key.plan) != (job, Some(plan)));
        for block in &part.blocks {
            let slot = block.slot;
            if block.origin != Origin::Source {
                self.free(slot, out);
            } else {
                self.with(slot, |state| {
                    state.uses -= block.reads_left + block.sends_left;
                    state.waiting.retain(|task| (task.job, task.plan) != part_key);
                    state.parked.retain(|puller| puller.plan != Some(plan));
                });
                self.free_if_unused(slot, out);
            }
        }
    }

    /// Ends the jobs whose sessions have been silent for a lease.
    pub(super) fn end_leases(&mut self, out: &mut Vec<Instruction>) {
        for session in self.jobs.expired(self.now) {
            self.handle_member_lost(&session, out);
            out.push(Instruction::Forget(session));
        }
    }

    /// When a session goes, all of its job goes. When a node goes, the plans that still wait for a copy from it fail:
    /// their session need not see what this node sees.
    pub(super) fn handle_member_lost(&mut self, member: &MemberId, out: &mut Vec<Instruction>) {
        let job = JobId::of(member);
        for slot in self.copies.end_member(member) {
            self.use_once(slot, out);
        }
        let plans: Vec<_> = self.parts.keys().filter(|key| key.0 == job).copied().collect();
        plans.into_iter().rev().for_each(|part_key| self.cancel(part_key, out));
        for part_key in self.reservations.of_job(job) {
            self.cancel(part_key, out);
        }
        for slot in self.blocks.of_job(job) {
            self.free(slot, out);
        }
        self.copies.end_job(job);
        self.jobs.end(job);
        self.forget_early(member);
        self.blocks.forget_puller(member);
        let lost: Vec<_> = self
            .parts
            .iter()
            .filter_map(|(&part_key, part)| Some((part_key, self.awaited(part, member)?)))
            .collect();
        for (part_key, block) in lost.into_iter().rev() {
            let reason = "the member left or was lost".to_owned();
            let failure = Failure::Transfer { block, from: member.clone(), reason };
            self.fail(part_key, failure, out);
        }
    }
}
