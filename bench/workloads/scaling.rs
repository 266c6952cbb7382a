//! How time and bytes grow with the nodes, and with the blocks.

use crate::{Outcome, uniform};
use nums::{DistArray, Session};
use serde_json::json;
use std::time::Instant;

/// Runs of each case, of which the median counts.
const RUNS: usize = 5;
/// Side of the matrices of the products.
const SIDE: usize = 2048;
/// Elements of the vectors that are cut into more and more blocks.
const ELEMENTS: usize = 1_000_000;

/// Prints a line of JSON for each case. All nodes share the cores of this machine, so more of them cannot be faster:
/// what shows is what they cost.
pub(crate) fn print() -> Outcome<()> {
    for nodes in [1, 2, 4, 8] {
        let session = Session::builder().nodes(nodes).workers(1).embedded()?;
        let (a, b) = (uniform(&session, 1, &[SIDE, SIDE])?, uniform(&session, 2, &[SIDE, SIDE])?);
        let [seconds, tasks, bytes] = measure(&session, || a.dot(&b))?;
        println!(
            "{}",
            json!({"bench": "scaling", "workload": "matmul", "side": SIDE, "nodes": nodes,
                   "seconds": seconds, "tasks": tasks, "bytes_moved": bytes})
        );
    }
    for nodes in [1, 2, 4, 8] {
        for blocks in [10, 100, 1_000, 10_000] {
            let session = Session::builder().nodes(nodes).workers(1).embedded()?;
            let x = uniform(&session, 1, &[ELEMENTS])?.rechunk(&[ELEMENTS / blocks])?;
            x.eval().wait()?;
            let [seconds, tasks, bytes] = measure(&session, || &x + 1.0)?;
            println!(
                "{}",
                json!({"bench": "scaling", "workload": "x + 1", "elements": ELEMENTS, "nodes": nodes,
                       "blocks": blocks, "seconds": seconds, "tasks": tasks,
                       "us_per_task": seconds / tasks * 1e6, "bytes_moved": bytes})
            );
        }
    }
    Ok(())
}

/// The median of the seconds, and the tasks and bytes that nodes counted for one run.
fn measure(session: &Session, build: impl Fn() -> DistArray) -> Outcome<[f64; 3]> {
    build().eval().wait()?;
    let before = counted(session)?;
    let mut seconds = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let started = Instant::now();
        build().eval().wait()?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    let after = counted(session)?;
    seconds.sort_by(f64::total_cmp);
    let [tasks, bytes] = [0, 1].map(|which| (after[which] - before[which]) as f64 / RUNS as f64);
    Ok([seconds[RUNS / 2], tasks, bytes])
}

fn counted(session: &Session) -> Outcome<[u64; 2]> {
    let nodes = session.status().wait()?;
    let sum = |of: fn(&nums::NodeStatus) -> u64| nodes.iter().map(of).sum();
    Ok([sum(|node| node.tasks), sum(|node| node.bytes_in)])
}
