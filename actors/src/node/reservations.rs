//! The memory of a node that plans have reserved. Pure: time is an argument.
//!
//! A plan runs only where its predicted peak has been granted on every node, so that it is refused before it runs
//! rather than in the middle. What a plan leaves behind counts as resident from its end on, and so makes room only
//! when it is released. Requests that do not fit wait in order, when they are patient; a driver is patient at one node
//! at a time and in the order of the nodes, so that two drivers cannot wait for each other in a circle.

use crate::message::{Answer, Shortage};
use crate::{JobId, PlanId};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// How long a request waits for other plans to end.
const PLANS_WAIT_MAX: Duration = Duration::from_secs(30);
/// How long a request waits when what other plans have reserved is not what is in its way: releases may be under way.
const RELEASES_WAIT_MAX: Duration = Duration::from_secs(1);
/// Requests that wait; more are refused.
const WAITING_LEN_MAX: usize = 1024;

type PartKey = (JobId, PlanId);

/// The memory of a node by its use.
#[derive(Debug)]
pub(crate) struct Reservations {
    budget_bytes: u64,
    granted: BTreeMap<PartKey, u64>,
    granted_bytes: u64,
    resident_bytes: u64,
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    key: PartKey,
    need_bytes: u64,
    since: Duration,
    /// Until when plans that run, or requests before it, were in its way.
    plans_until: Duration,
}

impl Reservations {
    pub(crate) fn new(budget_bytes: u64) -> Reservations {
        Reservations {
            budget_bytes,
            granted: BTreeMap::new(),
            granted_bytes: 0,
            resident_bytes: 0,
            waiting: VecDeque::new(),
        }
    }

    pub(crate) fn budget_bytes(&self) -> u64 {
        self.budget_bytes
    }

    /// Answers a request, or keeps a patient one waiting.
    pub(crate) fn ask(
        &mut self,
        now: Duration,
        key: PartKey,
        need_bytes: u64,
        patient: bool,
    ) -> Option<Answer> {
        if self.granted.contains_key(&key) {
            return Some(Answer::Granted);
        }
        if need_bytes > self.budget_bytes {
            return Some(Answer::Refused(self.shortage(need_bytes)));
        }
        if self.waiting.is_empty() && need_bytes <= self.free_bytes() {
            self.grant(key, need_bytes);
            return Some(Answer::Granted);
        }
        if !patient {
            return Some(Answer::Busy(self.shortage(need_bytes)));
        }
        if self.waiting.len() >= WAITING_LEN_MAX {
            return Some(Answer::Refused(self.shortage(need_bytes)));
        }
        self.waiting.push_back(Waiting { key, need_bytes, since: now, plans_until: now });
        None
    }

    /// Whether a plan may begin.
    pub(crate) fn is_granted(&self, key: PartKey) -> bool {
        self.granted.contains_key(&key)
    }

    /// A plan is over, or will not run.
    pub(crate) fn give_back(&mut self, key: PartKey) {
        self.granted_bytes -= self.granted.remove(&key).unwrap_or(0);
        self.waiting.retain(|waiting| waiting.key != key);
    }

    /// A block outlives the plan that made it.
    pub(crate) fn stay(&mut self, bytes: u64) {
        self.resident_bytes += bytes;
    }

    /// A block that had outlived its plan is gone.
    pub(crate) fn leave(&mut self, bytes: u64) {
        self.resident_bytes -= bytes;
    }

    /// The requests that can be answered by now, in order.
    pub(crate) fn answers(&mut self, now: Duration) -> Vec<(PartKey, Answer)> {
        let mut answers = Vec::new();
        let unreserved = self.budget_bytes.saturating_sub(self.resident_bytes);
        while let Some(first) = self.waiting.front_mut() {
            let (key, need_bytes) = (first.key, first.need_bytes);
            let until = if need_bytes <= unreserved {
                first.plans_until = now;
                first.since + PLANS_WAIT_MAX
            } else {
                first.plans_until + RELEASES_WAIT_MAX
            };
            let answer = if need_bytes <= self.free_bytes() {
                self.grant(key, need_bytes);
                Answer::Granted
            } else if now >= until {
                Answer::Refused(self.shortage(need_bytes))
            } else {
                break;
            };
            self.waiting.pop_front();
            self.waiting.front_mut().into_iter().for_each(|next| next.plans_until = now);
            answers.push((key, answer));
        }
        answers
    }

    /// The plans of a job that have or want a reservation.
    pub(crate) fn of_job(&self, job: JobId) -> Vec<PartKey> {
        let waiting = self.waiting.iter().map(|waiting| waiting.key);
        self.granted.keys().copied().chain(waiting).filter(|key| key.0 == job).collect()
    }

    /// The reservations that are held or waited for.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.granted.len() + self.waiting.len()
    }

    /// Bytes that are reserved, and bytes that stay without a plan.
    #[cfg(test)]
    pub(crate) fn committed(&self) -> (u64, u64) {
        (self.granted_bytes, self.resident_bytes)
    }

    fn grant(&mut self, key: PartKey, need_bytes: u64) {
        self.granted.insert(key, need_bytes);
        self.granted_bytes += need_bytes;
    }

    fn free_bytes(&self) -> u64 {
        self.budget_bytes.saturating_sub(self.granted_bytes + self.resident_bytes)
    }

    fn shortage(&self, need_bytes: u64) -> Shortage {
        let (free_bytes, budget_bytes) = (self.free_bytes(), self.budget_bytes);
        Shortage { need_bytes, free_bytes, budget_bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(job: u64, plan: u64) -> PartKey {
        (JobId(job), PlanId(plan))
    }

    const START: Duration = Duration::ZERO;

    #[test]
    fn what_never_fits_is_refused_and_what_does_not_fit_now_waits_in_order() {
        let mut node = Reservations::new(100);
        let all = Shortage { need_bytes: 101, free_bytes: 100, budget_bytes: 100 };
        assert_eq!(node.ask(START, key(1, 1), 101, true), Some(Answer::Refused(all)));
        assert_eq!(node.ask(START, key(1, 1), 60, true), Some(Answer::Granted));
        let rest = Shortage { need_bytes: 60, free_bytes: 40, budget_bytes: 100 };
        assert_eq!(node.ask(START, key(2, 1), 60, false), Some(Answer::Busy(rest)));
        assert_eq!(node.ask(START, key(2, 1), 60, true), None);
        // A small one may not pass one that waits.
        let small = Shortage { need_bytes: 10, ..rest };
        assert_eq!(node.ask(START, key(3, 1), 10, false), Some(Answer::Busy(small)));
        assert_eq!(node.answers(START), []);
        node.give_back(key(1, 1));
        assert_eq!(node.answers(START), [(key(2, 1), Answer::Granted)]);
        node.give_back(key(2, 1));
        assert_eq!((node.len(), node.committed()), (0, (0, 0)));
    }

    #[test]
    fn waiting_ends_and_sooner_when_only_resident_blocks_are_in_the_way() {
        let mut node = Reservations::new(100);
        node.ask(START, key(1, 1), 80, true);
        node.ask(START, key(2, 1), 50, true);
        assert_eq!(node.answers(PLANS_WAIT_MAX - Duration::from_millis(1)), []);
        let shortage = Shortage { need_bytes: 50, free_bytes: 20, budget_bytes: 100 };
        assert_eq!(node.answers(PLANS_WAIT_MAX), [(key(2, 1), Answer::Refused(shortage))]);
        node.give_back(key(1, 1));
        node.stay(80);
        assert_eq!(node.ask(START, key(2, 2), 50, true), None);
        assert_eq!(node.answers(RELEASES_WAIT_MAX), [(key(2, 2), Answer::Refused(shortage))]);
        assert_eq!(node.ask(START, key(2, 3), 50, true), None);
        node.leave(80);
        assert_eq!(node.answers(START), [(key(2, 3), Answer::Granted)]);
    }

    #[test]
    fn what_a_plan_leaves_behind_may_be_released_before_the_next_is_refused() {
        let mut node = Reservations::new(100);
        node.ask(START, key(1, 1), 80, true);
        node.ask(START, key(2, 1), 50, true);
        let done = PLANS_WAIT_MAX / 2;
        assert_eq!(node.answers(done), []);
        node.give_back(key(1, 1));
        node.stay(80);
        assert_eq!(node.answers(done), [], "its releases may be under way");
        node.leave(80);
        assert_eq!(node.answers(done), [(key(2, 1), Answer::Granted)]);
    }

    #[test]
    fn who_waited_behind_another_has_the_time_of_a_release_as_well() {
        let mut node = Reservations::new(100);
        node.stay(80);
        node.ask(START, key(1, 1), 50, true);
        node.ask(START, key(2, 1), 30, true);
        let shortage = Shortage { need_bytes: 50, free_bytes: 20, budget_bytes: 100 };
        assert_eq!(node.answers(RELEASES_WAIT_MAX), [(key(1, 1), Answer::Refused(shortage))]);
        let shortage = Shortage { need_bytes: 30, ..shortage };
        let end = 2 * RELEASES_WAIT_MAX;
        assert_eq!(node.answers(end - Duration::from_millis(1)), []);
        assert_eq!(node.answers(end), [(key(2, 1), Answer::Refused(shortage))]);
    }
}
