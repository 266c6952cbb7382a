//! Tasks that may start: in which order, and how many at once.
//!
//! Tasks start in plan order, earlier plans first. How many are at the workers is bounded by their weight, so that a
//! message to a worker carries one large task or many tiny ones: a message costs more than a tiny task does.

use super::blocks::TaskRef;
use crate::{JobId, PlanId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// The weight of a full message to a worker, in bytes that its tasks touch and flops that they do: some ten
/// microseconds, which is what a message costs.
pub(crate) const BATCH_WEIGHT: u64 = 1 << 16;
/// The weight of tasks that take less time than it takes to wake a worker.
pub(crate) const SMALL_WEIGHT: u64 = BATCH_WEIGHT / 4;
/// Tasks in one message at most: what starting a task costs is not in its bytes and flops.
const BATCH_LEN_MAX: u64 = 128;

/// How much of a message a task fills.
pub(crate) fn weight(bytes: u64, flops: u64) -> u64 {
    bytes.saturating_add(flops).clamp(BATCH_WEIGHT / BATCH_LEN_MAX, BATCH_WEIGHT)
}

/// The tasks that may start.
#[derive(Debug, Default)]
pub(crate) struct Ready {
    /// Plans of different jobs that have the same number take turns by job.
    parts: BTreeMap<(PlanId, JobId), BinaryHeap<Reverse<u32>>>,
}

impl Ready {
    pub(crate) fn insert(&mut self, TaskRef { plan, job, task }: TaskRef) {
        self.parts.entry((plan, job)).or_default().push(Reverse(task));
    }

    /// The first task in plan order of the first part whose first task may start.
    pub(crate) fn pop_if(&mut self, may_start: impl Fn(TaskRef) -> bool) -> Option<TaskRef> {
        let firsts = self.parts.iter().filter_map(|(&(plan, job), tasks)| {
            tasks.peek().map(|&Reverse(task)| TaskRef { plan, job, task })
        });
        let next = firsts.into_iter().find(|&first| may_start(first))?;
        let tasks = self.parts.get_mut(&(next.plan, next.job))?;
        tasks.pop();
        if tasks.is_empty() {
            self.parts.remove(&(next.plan, next.job));
        }
        Some(next)
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Forgets the tasks of a part.
    pub(crate) fn remove_part(&mut self, job: JobId, plan: PlanId) {
        self.parts.remove(&(plan, job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_start_in_the_order_of_their_plans() {
        let task = |plan, task| TaskRef { plan: PlanId(plan), job: JobId(1), task };
        let mut ready = Ready::default();
        [(2, 0), (1, 7), (3, 1), (1, 5)].into_iter().for_each(|(p, t)| ready.insert(task(p, t)));
        ready.remove_part(JobId(1), PlanId(3));
        let order: Vec<_> = std::iter::from_fn(|| ready.pop_if(|task| task.task != 7)).collect();
        assert_eq!(order, [task(1, 5), task(2, 0)]);
        assert_eq!(ready.pop_if(|_| true), Some(task(1, 7)));
        assert!(ready.is_empty());
    }

    #[test]
    fn a_message_carries_one_large_task_or_a_bounded_number_of_tiny_ones() {
        assert_eq!(BATCH_WEIGHT / weight(0, 0), BATCH_LEN_MAX);
        assert_eq!(weight(1 << 20, u64::MAX), BATCH_WEIGHT);
        assert_eq!(weight(3000, 1000), 4000);
    }
}
