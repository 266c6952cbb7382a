//! What must hold of a run: the right bits or a typed error, the bytes and tasks that were predicted, nodes that leave
//! without harm, and nothing that is left behind.

use super::faults::Faults;
use super::hosts::{Course, Host, NodeHost};
use super::run::{REST_MAX, Script, Shown, World};
use crate::node::state::Held;
use crate::request::{Reply, Request};
use crate::{ClusterError, MemberId};

impl World {
    /// Compares what has come out with what must, bit by bit.
    pub(super) fn check(
        &mut self,
        script: &Script,
        faults: &Faults,
        shown: &mut Shown,
    ) -> Result<(), String> {
        for (array, wait) in &script.waits {
            let outcome =
                self.session(&script.session).map(|session| session.outcomes[wait].clone());
            let blocks = match outcome {
                Some(Ok(Reply::Located(blocks))) => blocks,
                Some(Err(error)) if !faults.are_mild() && is_expected(&error) => {
                    shown.errors += 1;
                    continue;
                }
                other => {
                    return Err(format!("array {} of {} is {other:?}", array.0, script.session));
                }
            };
            if blocks.len() != 8 {
                return Err(format!("{} blocks of array {}", blocks.len(), array.0));
            }
            for crate::Placed { block, node, .. } in blocks {
                if let Some(Host::Session(session)) = self.hosts.get_mut(&script.session) {
                    session.read(block, node, &mut self.network);
                }
                let read = |world: &World| {
                    world.session(&script.session).is_some_and(|own| own.reads.is_empty())
                };
                let came = self.until(REST_MAX, read);
                let Some(Host::Session(session)) = self.hosts.get_mut(&script.session) else {
                    return Err("the session is gone".to_owned());
                };
                // A node that was given up or started again meanwhile has nothing more to read.
                session.reads.clear();
                let lost = faults.partition.is_some() || faults.restart || faults.crash;
                if came.is_err() && !lost {
                    return Err(format!("{block} cannot be read"));
                }
                let Some(found) = session.blocks.remove(&block) else { continue };
                if found.bytes() != script.results[&block].bytes() {
                    return Err(format!("{block} has the wrong bits"));
                }
                shown.results += 1;
            }
        }
        Ok(())
    }

    /// Whether what nodes count is what was predicted, whatever was repeated, lost and sent again. Says how many plans
    /// were done, and how many tasks they had.
    pub(super) fn check_measured(&mut self, session: &MemberId) -> Result<(u64, u64), String> {
        let asked = self.request(session, Request::Plans);
        let reply = self.session(session).and_then(|own| own.outcomes.get(&asked));
        let Some(Ok(Reply::Plans(plans))) = reply else { return Err(format!("{reply:?}")) };
        let mut tasks = 0;
        for (node, predicted, measured) in plans.iter().flat_map(|plan| &plan.nodes) {
            tasks += measured.tasks;
            if !measured.is_as_predicted(predicted) {
                return Err(format!("{node} measures {measured:?} and not {predicted:?}"));
            }
        }
        Ok((plans.len() as u64, tasks))
    }

    /// Whether every node that was to leave has done so or stays, and whoever asked for it has heard how it ended. Of a
    /// process that has begun anew nobody hears here: in earnest its connections close.
    pub(super) fn drains_are_over(&self) -> bool {
        let is_over =
            |asked: &MemberId| self.all_nodes().any(|node| node.id == *asked && node.restarted);
        let mut askers = self.nodes().flat_map(|node| &node.drains);
        let told = askers.all(|(asked, outcome)| !outcome.is_empty() || is_over(asked));
        told && self.nodes().all(|node| !node.state.is_draining())
    }

    /// Whether nodes that were to leave have left where nothing stood in their way, and nothing was computed again.
    pub(super) fn check_drained(
        &mut self,
        faults: &Faults,
        tasks: u64,
        shown: &mut Shown,
    ) -> Result<(), String> {
        let asked: Vec<_> = self.all_nodes().flat_map(|node| &node.drains).collect();
        let drained = |id: &MemberId| {
            self.all_nodes().any(|node| node.id == *id && node.course == Course::Drained)
        };
        for (node, _) in asked {
            match drained(node) {
                true => shown.drained += 1,
                false if faults.are_mild() => return Err(format!("{node} has not left")),
                false => shown.not_drained += 1,
            }
        }
        if !faults.are_mild() {
            return Ok(());
        }
        let run: u64 = self.all_nodes().map(|node| node.state.tasks_run()).sum();
        if run != tasks {
            return Err(format!("{run} tasks were run of plans with {tasks}"));
        }
        let left = self.all_nodes().filter(|node| node.course == Course::Drained);
        match left.map(|node| (&node.id, node.state.stored())).find(|(_, own)| *own != (0, 0)) {
            Some((node, stored)) => Err(format!("{node} has left with {stored:?}")),
            None => Ok(()),
        }
    }

    /// Whether no array that was there has gone with a node that has left.
    pub(super) fn check_handed_on(
        &mut self,
        script: &Script,
        faults: &Faults,
    ) -> Result<(), String> {
        for (array, wait) in &script.waits {
            let was_there =
                self.session(&script.session).is_some_and(|own| own.outcomes[wait].is_ok());
            let again = Request::Wait { arrays: vec![*array], within: None };
            let again = self.request(&script.session, again);
            let outcome = self.session(&script.session).and_then(|own| own.outcomes.get(&again));
            let Some(Err(ClusterError::NodeLost { node, .. })) = outcome else { continue };
            let left = |own: &NodeHost| own.id == *node && own.course == Course::Drained;
            // It may have been lost before, and have left later.
            let lost_before = faults.partition.is_some() || faults.restart;
            if was_there && !lost_before && self.all_nodes().any(left) {
                return Err(format!("array {} has gone with {node}", array.0));
            }
        }
        Ok(())
    }

    /// Whether nothing is left of work that is done and released.
    pub(super) fn check_empty(&mut self) -> Result<(), String> {
        for session in self.sessions() {
            if !session.state.replays() {
                return Err(format!("the journal of {} does not give its facts", session.id));
            }
            if !session.uploads.is_empty() {
                return Err(format!("{} keeps blocks that it has put", session.id));
            }
        }
        for node in self.nodes() {
            let jobs = node.state.held().jobs;
            let here = node.store.iter().flatten().count();
            let (held, stored) = (node.state.held(), node.state.stored());
            if (held, stored, here) != (Held { jobs, ..Held::default() }, (0, 0), 0) {
                return Err(format!("{} leaks {held:?}, {stored:?}, {here} blocks", node.id));
            }
        }
        Ok(())
    }
}

/// Errors that may follow from faults that are not mild.
fn is_expected(error: &ClusterError) -> bool {
    matches!(
        error,
        ClusterError::NodeLost { .. }
            | ClusterError::OutOfMemory { .. }
            | ClusterError::Cancelled
            | ClusterError::Timeout { .. }
            | ClusterError::Task { failure: crate::Failure::Transfer { .. }, .. }
            | ClusterError::Plan(
                nums_lshs::PlanError::NoNodes | nums_lshs::PlanError::OutOfMemory { .. }
            )
    )
}
