//! What sessions tell of their work: progress, predicted and measured costs, and waiting where one must not.

use ndarray::array;
use nums::linalg::inv;
use nums::{Error, Progress, Session};
use std::sync::mpsc;
use std::time::Duration;

#[test]
fn progress_goes_from_nothing_to_all() {
    let session = Session::embedded(2).unwrap();
    const TOLD_LEN_MAX: usize = 64;
    let (sender, told) = mpsc::sync_channel(TOLD_LEN_MAX);
    session.on_progress(move |progress| {
        // Nobody listens any more when the test has failed.
        let _ = sender.send(progress);
    });
    let x = session.arange(0.0, 1e6, 1.0).unwrap().exp();
    x.eval().wait().unwrap();
    let next = || told.recv_timeout(Duration::from_secs(20)).unwrap();
    let first = next();
    assert_eq!(first, Progress { plan: 1, tasks_done: 0, tasks: first.tasks });
    assert!(first.tasks >= 2, "{first:?}");
    let mut before = first;
    while !before.is_done() {
        let now = next();
        assert!(now.tasks_done >= before.tasks_done, "{before:?}, {now:?}");
        assert_eq!((now.plan, now.tasks), (1, first.tasks));
        before = now;
    }
    // Who listens later takes the place of who listened.
    session.on_progress(|_| {});
    x.sum().eval().wait().unwrap();
    assert_eq!(
        told.recv_timeout(Duration::from_secs(20)),
        Err(mpsc::RecvTimeoutError::Disconnected)
    );
}

/// Each line of the table has every number twice: predicted, and measured.
#[test]
fn predicted_and_measured_costs_stand_side_by_side() {
    let session = Session::builder().nodes(2).block_bytes_min(1 << 12).embedded().unwrap();
    let x = session.random(1).random(&[200, 200]).unwrap();
    let text = x.dot(&x.t()).explain_analyze().wait().unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "plan policy=lshs, predicted / measured");
    for title in ["tasks", "bytes in", "bytes out", "peak bytes", "microseconds"] {
        assert!(lines[1].contains(title), "{text}");
    }
    for (line, name) in lines[2..].iter().zip(["node-0", "node-1"]) {
        let numbers = line.strip_prefix(name).unwrap().replace('/', " ");
        let numbers: Vec<u64> =
            numbers.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let [tasks, tasks_run, bytes_in, came, bytes_out, went, peak, held, time, took] =
            numbers[..]
        else {
            panic!("{line}");
        };
        assert_eq!((tasks, bytes_in, bytes_out), (tasks_run, came, went), "{text}");
        assert!(tasks > 0 && held <= peak && time > 0 && took > 0, "{text}");
    }
    let put = session.from_ndarray(&array![1.0]).unwrap();
    assert!(put.explain_analyze().wait().is_ok());
}

#[test]
fn what_is_only_made_outlives_a_plan_that_fails_or_is_given_up() {
    for nodes in [1, 4] {
        let session = Session::builder()
            .nodes(nodes)
            .block_bytes_min(8)
            .block_bytes_max(512)
            .embedded()
            .unwrap();
        let draw = || session.random(7).normal(0.0, 1.0, &[30, 30]).unwrap();
        let wanted = draw().fetch::<f64>().wait().unwrap();
        let (x, zeros) = (draw(), session.zeros(&[30, 30]).unwrap());
        // Both are named, so the plan of the inverse keeps them, and goes under with them.
        inv(&(&x * &zeros)).unwrap().eval().wait().unwrap_err();
        assert_eq!(x.fetch::<f64>().wait().unwrap(), wanted);
        assert_eq!((&zeros + 1.0).sum().fetch::<f64>().wait().unwrap()[[]], 900.0);
        drop(x);
        let x = draw();
        let y = x.dot(&x).dot(&x);
        let pending = y.eval();
        session.cancel().unwrap();
        // Whoever was faster.
        drop(pending.wait());
        assert_eq!((&x + 0.0).fetch::<f64>().wait().unwrap(), wanted);
        assert_eq!(x.fetch::<f64>().wait().unwrap(), wanted);
        // Nothing of it is left behind.
        drop((x, y, zeros));
        let stored =
            || session.status().wait().unwrap().iter().map(|node| node.stored_bytes).sum::<u64>();
        let begun = std::time::Instant::now();
        while stored() > 0 {
            assert!(begun.elapsed() < Duration::from_secs(60), "{} bytes stay", stored());
        }
    }
}

#[test]
fn waiting_inside_a_runtime_is_refused_and_awaiting_is_not() {
    let session = Session::embedded(1).unwrap();
    let total = session.arange(0, 5, 1).unwrap().sum();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (refused, awaited) = runtime.block_on(async {
        let refused = total.fetch::<i64>().wait();
        (refused, total.fetch::<i64>().await)
    });
    assert_eq!(refused.unwrap_err(), Error::WaitInRuntime);
    assert_eq!(
        Error::WaitInRuntime.to_string(),
        "wait() would block a thread of an async runtime: write `.await` instead, or call wait() inside of \
         tokio::task::spawn_blocking or block_in_place"
    );
    assert_eq!(awaited.unwrap()[[]], 10);
    // Elements are of one type, and sessions do not mix.
    let other = Session::embedded(1).unwrap().arange(0, 5, 1).unwrap();
    let wrong = total.fetch::<f64>().wait().unwrap_err();
    assert_eq!(wrong.to_string(), "the array has dtype int64, not float64");
    let mixed = total.try_add(&other).unwrap_err();
    assert_eq!(mixed.to_string(), "add: the arrays belong to different sessions");
}
