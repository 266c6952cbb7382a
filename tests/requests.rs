//! Requests: many at once, cancellation, deadlines, and waiting in every kind of code.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums::{ClusterError, DistArray, Error, Pending, Session};
use std::time::{Duration, Instant};

fn session() -> Session {
    Session::builder().nodes(2).workers(1).embedded().unwrap()
}

/// An array that takes a while: a sort of a million random numbers.
fn slow(session: &Session) -> DistArray {
    session.random(7).normal(0.0, 1.0, 1 << 20).unwrap().exp()
}

fn multi_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn was_cancelled<T>(outcome: Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Cluster(ClusterError::Cancelled)))
}

#[test]
fn wait_works_where_a_thread_may_block_and_nowhere_else() {
    let session = session();
    let sum = session.ones(10).unwrap().sum();
    let waits = || sum.item::<f64>().wait();
    assert_eq!(waits(), Ok(10.0));
    let runtime = multi_thread();
    let refused = Err(Error::WaitInRuntime);
    assert_eq!(runtime.block_on(async { waits() }), refused);
    let text = Error::WaitInRuntime.to_string();
    assert!(text.contains(".await") && text.contains("spawn_blocking"), "{text}");
    let cloned = sum.clone();
    let spawned = runtime.spawn(async move { cloned.item::<f64>().wait() });
    assert_eq!(runtime.block_on(spawned).unwrap(), refused);
    let cloned = sum.clone();
    let blocking = runtime.spawn_blocking(move || cloned.item::<f64>().wait());
    assert_eq!(runtime.block_on(blocking).unwrap(), Ok(10.0));
    let cloned = sum.clone();
    let in_place =
        runtime.spawn(async move { tokio::task::block_in_place(|| cloned.item::<f64>().wait()) });
    assert_eq!(runtime.block_on(in_place).unwrap(), Ok(10.0));
    let single = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(single.block_on(async { waits() }), refused);
    // A runtime that is only at hand polls nothing.
    let _entered = single.enter();
    assert_eq!(waits(), Ok(10.0));
}

#[test]
fn everything_that_waits_is_pending_and_can_be_awaited() {
    let session = session();
    let x = session.ones((4, 4)).unwrap();
    multi_thread().block_on(async {
        session.set_policy(nums::Policy::RoundRobin).await.unwrap();
        assert!(x.sum().explain().await.unwrap().starts_with("plan policy=round-robin"));
        assert!(x.sum().explain_analyze().await.unwrap().contains("node-0"));
        assert!(x.layout().await.unwrap().contains('0'));
        assert!(x.to_string().starts_with("DistArray"), "printing does not block a runtime");
    });
}

#[test]
fn five_thousand_requests_at_once_are_answered() {
    let session = session();
    let weights = session.arange(0.0, 8.0, 1.0).unwrap();
    weights.eval().wait().unwrap();
    let answers = multi_thread().block_on(async {
        let mut requests = tokio::task::JoinSet::new();
        for request in 0..5000 {
            let (session, weights) = (session.clone(), weights.clone());
            requests.spawn(async move {
                let row = session.full(8, request as f64)?;
                let row = session.array(row.fetch_as::<f64, nums::ndarray::Ix1>().await?)?;
                Ok::<_, Error>((request, row.try_dot(&weights)?.item::<f64>().await?))
            });
        }
        requests.join_all().await
    });
    assert_eq!(answers.len(), 5000);
    for answer in answers {
        let (request, score) = answer.unwrap();
        assert_eq!(score, 28.0 * request as f64);
    }
}

#[test]
fn a_cancelled_request_leaves_inputs_and_other_requests_alone() {
    let session = session();
    let x = slow(&session);
    let y = &x * 2.0;
    // Kept on the way: both sums read it.
    let squares = (&y * &y).persist();
    let cancelled = squares.sort(0).unwrap().sum().item::<f64>();
    cancelled.cancel();
    let outcome = cancelled.wait();
    assert!(outcome.is_ok() || was_cancelled(outcome), "cancelled or done before");
    // Inputs that were lazy, shared and kept are computed when somebody needs them.
    let (sum, least) = (squares.sum().item::<f64>(), y.min().item::<f64>());
    assert!(sum.wait().unwrap() > 0.0 && least.wait().unwrap() > 0.0);
    // Of two requests for one array, one goes away.
    let z = (&x + 1.0).ln();
    let (one, two) = (z.fetch::<f64>(), z.fetch::<f64>());
    one.cancel();
    assert_eq!(two.wait().unwrap().len(), 1 << 20);
    // A request that reads what another one makes.
    let base = x.sqrt();
    let (first, second) = (base.eval(), (&base + 1.0).max().item::<f64>());
    first.cancel();
    assert!(second.wait().unwrap() > 1.0);
    assert!(base.max().item::<f64>().wait().unwrap() > 0.0);
}

#[test]
fn what_is_cancelled_does_not_run_on() {
    let session = session();
    let busy: Vec<Pending<f64>> = (0..20)
        .map(|seed| {
            let x = session.random(seed).normal(0.0, 1.0, 1 << 20).unwrap();
            let deferred = session.defer();
            let pending = x.sort(0).unwrap().sum().item::<f64>();
            drop(deferred);
            pending
        })
        .collect();
    busy.iter().for_each(Pending::cancel);
    let begun = Instant::now();
    let done = busy.into_iter().map(Pending::wait).filter(|outcome| !outcome.is_err()).count();
    assert!(done < 20, "all were done before they were cancelled");
    // What comes next need not wait for them.
    assert_eq!(session.ones(3).unwrap().sum().item::<f64>().wait(), Ok(3.0));
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[test]
fn deadlines_and_drops_cancel() {
    let session = session();
    let x = slow(&session);
    let late = x.sort(0).unwrap().fetch::<f64>().wait_timeout(Duration::from_micros(1));
    assert_eq!(late, Err(Error::Deadline { after: Duration::from_micros(1) }));
    drop((&x + 1.0).sum().item::<f64>().cancel_on_drop());
    // Without that choice, the work goes on.
    let kept = (&x + 2.0).persist();
    drop(kept.eval());
    assert!(kept.min().item::<f64>().wait_timeout(Duration::from_secs(60)).unwrap() > 2.0);
}

#[test]
fn a_cancelled_fit_cancels_its_steps() {
    let session = session();
    let x = session.random(1).normal(0.0, 1.0, (20_000, 20)).unwrap();
    let y = x.column(0).greater(0.0).astype(nums::DType::Float64).unwrap();
    let fit = nums::models::LogisticRegression::new().tolerance(1e-14).fit(&x, &y);
    fit.cancel();
    assert!(matches!(fit.wait(), Ok(_) | Err(Error::Cluster(ClusterError::Cancelled))));
    assert_eq!(x.sum_axis(0).unwrap().to_vec::<f64>().wait().unwrap().len(), 20);
}
