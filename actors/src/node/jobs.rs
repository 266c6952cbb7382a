//! The jobs that a node serves: whose each is, and for how long it is held without a word from its session.

use crate::{JobId, MemberId, PlanId};
use std::collections::BTreeMap;
use std::time::Duration;

/// A node that has not ticked for this long was stopped itself, and has heard of nobody.
const STALL_MIN: Duration = Duration::from_secs(1);

/// A job.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) session: MemberId,
    /// When the session was heard of.
    renewed: Duration,
    /// The latest epoch in which a plan has begun: what belongs to an earlier one is out of date.
    pub(crate) epoch: u64,
    /// The last plan that has begun here: pulls for it and earlier ones are never early.
    pub(crate) begun: PlanId,
}

/// All jobs of a node.
#[derive(Debug)]
pub(crate) struct Jobs {
    /// A session that has not been heard of for this long has ended, and all of its job goes.
    lease: Duration,
    ticked: Duration,
    jobs: BTreeMap<JobId, Job>,
}

impl Jobs {
    pub(crate) fn new(lease: Duration) -> Jobs {
        Jobs { lease, ticked: Duration::ZERO, jobs: BTreeMap::new() }
    }

    /// A session begins or renews its lease.
    pub(crate) fn renew(&mut self, now: Duration, session: &MemberId) {
        let begin = || Job { session: session.clone(), renewed: now, epoch: 0, begun: PlanId(0) };
        self.jobs.entry(JobId::of(session)).or_insert_with(begin).renewed = now;
    }

    pub(crate) fn get(&self, job: JobId) -> Option<&Job> {
        self.jobs.get(&job)
    }

    pub(crate) fn get_mut(&mut self, job: JobId) -> Option<&mut Job> {
        self.jobs.get_mut(&job)
    }

    /// Whether a member is the session of a job that has a lease.
    pub(crate) fn is_session_of(&self, job: JobId, member: &MemberId) -> bool {
        self.jobs.get(&job).is_some_and(|job| job.session == *member)
    }

    pub(crate) fn end(&mut self, job: JobId) {
        self.jobs.remove(&job);
    }

    /// The sessions whose leases have run out. To be asked at every tick.
    pub(crate) fn expired(&mut self, now: Duration) -> Vec<MemberId> {
        if now > self.ticked + STALL_MIN {
            self.jobs.values_mut().for_each(|job| job.renewed = now);
        }
        self.ticked = now;
        let expired = self.jobs.values().filter(|job| now >= job.renewed + self.lease);
        expired.map(|job| job.session.clone()).collect()
    }

    /// All jobs and their sessions.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = (JobId, &MemberId)> {
        self.jobs.iter().map(|(&job, state)| (job, &state.session))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// The number of jobs.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.jobs.len()
    }
}
