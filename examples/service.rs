//! A service on tokio that answers 5,000 requests at once: each scores a row with a model on the cluster and
//! reads the answer, within a deadline. Some clients go away, and their work is cancelled. The session admits a bounded number of
//! requests, so the memory does not grow with the number of clients.
//!
//! `cargo run --release --example service` ends by itself and prints what it did.

use nums::{DistArray, Error, NodeStatus, Session};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const REQUESTS: usize = 5000;
const FEATURES: usize = 32;
/// A client waits for its answer for so long.
const DEADLINE: Duration = Duration::from_secs(120);
/// One client in so many goes away while its request runs.
const LEAVING: usize = 10;
/// One client in so many allows no time at all.
const HURRIED: usize = 50;

/// What became of a request.
enum Answer {
    Scored(Duration),
    Late,
    Left,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let session = Session::builder().nodes(2).memory("256M").embedded()?;
    // The model is on the cluster once; every request reads it.
    let weights = session.random(1).normal(0.0, 1.0, FEATURES)?.persist();
    weights.eval().await?;

    let begun = Instant::now();
    let mut requests = JoinSet::new();
    for request in 0..REQUESTS {
        requests.spawn(answer(session.clone(), weights.clone(), request));
    }
    let (mut scored, mut late, mut left) = (Vec::new(), 0, 0);
    let mut most_stored = 0;
    while let Some(done) = requests.join_next().await {
        let done = done.map_err(|panic| Error::Internal { reason: panic.to_string() })?;
        match done? {
            Answer::Scored(time) => scored.push(time),
            Answer::Late => late += 1,
            Answer::Left => left += 1,
        }
        if scored.len() % 500 == 1 {
            most_stored = most_stored.max(stored_bytes(&session.status().await?));
        }
    }
    let seconds = begun.elapsed().as_secs_f64();

    scored.sort_unstable();
    let last = scored.len().saturating_sub(1) as f64;
    let share = |share: f64| scored.get((share * last) as usize).copied().unwrap_or_default();
    println!("{REQUESTS} requests at once, in {seconds:.3} s:");
    println!("  answered           {}", scored.len());
    println!("  past the deadline  {late}");
    println!("  cancelled          {left}");
    println!("  time until the answer: median {:.3?}, 99 % {:.3?}", share(0.5), share(0.99));
    println!("  most bytes of blocks on the nodes that were seen: {most_stored}");
    // What was cancelled harms no other request: the same model answers.
    let after = score(&session, &weights, 0)?.item::<f64>().await?;
    println!("  afterwards, request 0 scores {after:.6}");
    Ok(())
}

/// The score of a row. It is lazy, so it is planned when the session admits the request.
fn score(session: &Session, weights: &DistArray, request: usize) -> Result<DistArray, Error> {
    let row = session.arange(0.0, FEATURES as f64, 1.0)?.try_add(request)?.try_rem(7)?;
    Ok(row.try_mul(weights)?.sum().sigmoid())
}

async fn answer(session: Session, weights: DistArray, request: usize) -> Result<Answer, Error> {
    let begun = Instant::now();
    let pending = score(&session, &weights, request)?.item::<f64>();
    if request.is_multiple_of(LEAVING) {
        // A client that goes away drops its future.
        let pending = pending.cancel_on_drop();
        tokio::task::yield_now().await;
        drop(pending);
        return Ok(Answer::Left);
    }
    let limit = if request % HURRIED == 1 { Duration::ZERO } else { DEADLINE };
    match pending.within(limit).await {
        Ok(_) => Ok(Answer::Scored(begun.elapsed())),
        Err(Error::Deadline { .. }) => Ok(Answer::Late),
        Err(error) => Err(error),
    }
}

fn stored_bytes(nodes: &[NodeStatus]) -> u64 {
    nodes.iter().map(|node| node.stored_bytes).sum()
}
