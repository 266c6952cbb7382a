//! The copies that a node has sent and whose arrival has not been confirmed: until then their blocks stay.

use super::blocks::Slot;
use crate::block_key::BlockKey;
use crate::{JobId, MemberId, PlanId};
use std::collections::BTreeMap;

/// How often a copy is sent before its plan fails.
const SENDS_MAX: u32 = 8;

/// Unconfirmed copies, by what they are and who gets them.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    sent: BTreeMap<(BlockKey, MemberId), Sent>,
}

#[derive(Debug)]
struct Sent {
    slot: Slot,
    sends: u32,
}

impl Copies {
    /// A copy is sent for the first time.
    pub(crate) fn enter(&mut self, key: BlockKey, to: MemberId, slot: Slot) {
        self.sent.insert((key, to), Sent { slot, sends: 1 });
    }

    /// A copy is asked for: where it is when it was sent before and may be sent again, an error when it was sent too
    /// often, and `None` when it is asked for the first time.
    pub(crate) fn again(&mut self, key: BlockKey, to: &MemberId) -> Option<Result<Slot, String>> {
        let sent = self.sent.get_mut(&(key, to.clone()))?;
        if sent.sends == SENDS_MAX {
            return Some(Err(format!("it was sent {SENDS_MAX} times and never arrived")));
        }
        sent.sends += 1;
        Some(Ok(sent.slot))
    }

    /// A copy has arrived.
    pub(crate) fn confirm(&mut self, key: BlockKey, by: &MemberId) -> Option<Slot> {
        self.sent.remove(&(key, by.clone())).map(|sent| sent.slot)
    }

    /// Takes out the copies for a plan.
    pub(crate) fn end_plan(&mut self, job: JobId, plan: PlanId) -> Vec<Slot> {
        self.take(|key, _| key.job == job && key.plan == Some(plan))
    }

    /// Takes out the copies for a job, whose blocks have gone.
    pub(crate) fn end_job(&mut self, job: JobId) {
        self.sent.retain(|(key, _), _| key.job != job);
    }

    /// Takes out the copies for a member.
    pub(crate) fn end_member(&mut self, member: &MemberId) -> Vec<Slot> {
        self.take(|_, to| to == member)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    /// The number of copies.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.sent.len()
    }

    fn take(&mut self, ended: impl Fn(&BlockKey, &MemberId) -> bool) -> Vec<Slot> {
        let ended = self.sent.extract_if(.., |(key, to), _| ended(key, to));
        ended.map(|(_, sent)| sent.slot).collect()
    }
}
