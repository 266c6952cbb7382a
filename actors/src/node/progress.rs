//! How far parts have come, told to their sessions while they run.

use super::state::{Instruction, State};
use crate::Message;
use std::time::Duration;

/// How often a part that goes on is reported: often enough to watch, and no load for a thousand nodes.
const REPORT_EVERY: Duration = Duration::from_millis(200);

impl State {
    /// Reports the parts that have gone on since they were last reported, or since they began.
    pub(super) fn report_progress(&mut self, out: &mut Vec<Instruction>) {
        for (&(job, plan), part) in &mut self.parts {
            let tasks = part.measured.tasks;
            if tasks == part.reported_tasks || self.now < part.reported_at + REPORT_EVERY {
                continue;
            }
            (part.reported_tasks, part.reported_at) = (tasks, self.now);
            let message = Message::Progress { job, plan, epoch: part.epoch, tasks };
            out.push(Instruction::Send { to: part.session.clone(), message });
        }
    }
}
