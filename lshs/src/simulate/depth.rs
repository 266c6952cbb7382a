//! The depth of a plan over nodes.

use super::SimulationError;
use super::flow::{CopyIndex, Flow, Waiter};
use crate::{Plan, TaskGraph};

impl Plan {
    /// The length of the longest chain of transfers in which each one needs the one before it, directly or through
    /// tasks. A reduction over k nodes has at least ceil(log2 k), and so has a broadcast. O(steps).
    ///
    /// # Errors
    /// When the plan does not fit the graph.
    pub fn depth(&self, graph: &TaskGraph) -> Result<usize, SimulationError> {
        let flow = Flow::new(self, graph)?;
        let mut depths = vec![0_usize; flow.copies.len()];
        let mut missing: Vec<usize> =
            (0..flow.runs.len() as u32).map(|run| flow.reads(run).len()).collect();
        let mut present: Vec<CopyIndex> = (0..flow.sources).collect();
        let unread = |run: &u32| flow.reads(*run).is_empty();
        present
            .extend((0..flow.runs.len() as u32).filter(unread).flat_map(|run| flow.outputs(run)));
        while let Some(copy) = present.pop() {
            for &waiter in flow.waiters(copy) {
                match waiter {
                    Waiter::Transfer(transfer) => {
                        let target = flow.transfers[transfer as usize].target;
                        depths[target as usize] = depths[copy as usize] + 1;
                        present.push(target);
                    }
                    Waiter::Run(run) => {
                        let left = &mut missing[run as usize];
                        *left -= 1;
                        if *left == 0 {
                            let reads = flow.reads(run).iter();
                            let deepest = reads.map(|&read| depths[read as usize]).max();
                            for output in flow.outputs(run) {
                                depths[output as usize] = deepest.unwrap_or(0);
                                present.push(output);
                            }
                        }
                    }
                }
            }
        }
        Ok(depths.into_iter().max().unwrap_or(0))
    }
}
